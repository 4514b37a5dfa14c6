"""The limit of requests: counted once a request, and told in the headers of its answer."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from fastapi import Request

from app.api.errors import throttled
from app.service import Service

Scope = MutableMapping[str, Any]
STANDING = "omniats.standing"


def admit(request: Request, service: Service, subject: str) -> None:
    """Count a request, once, though who makes it may be looked up more than once.

    Args:
        request: the request.
        service: counts.
        subject: who it is counted for: a linked account, or else an API key.

    Raises:
        ApiError: 429, it is too many.
    """
    if STANDING in request.scope:
        return
    standing = request.scope[STANDING] = service.throttle.count(subject)
    if standing is not None and standing.exceeded:
        raise throttled(standing.wait)


class RateHeaders:
    """Tells in every answer how many requests are left."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sending(message: Any) -> None:
            standing = scope.get(STANDING)
            if standing is not None and message["type"] == "http.response.start":
                message["headers"] += [
                    (b"x-ratelimit-limit", b"%d" % standing.limit),
                    (b"x-ratelimit-remaining", b"%d" % max(0, standing.remaining)),
                    (b"x-ratelimit-reset", b"%d" % standing.resets_at),
                ]
            await send(message)

        await self._app(scope, receive, sending)
