"""Noting that an account is used, when its first request of a day has been answered."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.concurrency import run_in_threadpool

from app.accounts.idling import note_use
from app.jobs import Jobs

CAME = "omniats.came"


class NotedUse:
    """Notes the use of the account that a request leaves in its scope.

    Args:
        app: answers the request.
        jobs: the job engine, which is asked to synchronise an account that rested.
    """

    def __init__(self, app: Callable[..., Awaitable[None]], jobs: Jobs) -> None:
        self._app = app
        self._jobs = jobs

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Pass a request on."""
        await self._app(scope, receive, send)
        account_id = scope.get(CAME)
        if account_id is not None:
            await run_in_threadpool(note_use, self._jobs, account_id)
