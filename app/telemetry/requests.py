"""Every request: its id, its line in the log, its time in the metrics, and the answer to a defect."""

import logging
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from uuid import uuid4

from fastapi import Request

from app.api.errors import defect
from app.telemetry import tracing
from app.telemetry.context import about
from app.telemetry.metrics import REQUESTS
from providers.kit.concealing import concealing

access = logging.getLogger("app.access")
log = logging.getLogger(__name__)

HEADER = "X-Request-ID"
UNKNOWN = "unknown"  # the route of a request that no route takes: its path may be anything
_NAME = HEADER.lower().encode()
_SAFE = re.compile(r"[A-Za-z0-9._:-]{1,100}")
Scope = MutableMapping[str, Any]
App = Callable[[Scope, Any, Any], Awaitable[None]]


class Observed:
    """Watches each request from the first byte to the last.

    Args:
        app: answers the request.
        prefix: what the paths of the API begin with; its routes are declared without.
    """

    def __init__(self, app: App, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seen = _Seen(request_id(scope), send)
        with (
            about(request_id=seen.request_id),
            concealing(),
            tracing.span(scope["method"], "SERVER", Request(scope).headers) as told,
        ):
            try:
                await self._answer(scope, receive, seen)
            finally:
                seen.note_down(scope["method"], self._route(scope), told)

    async def _answer(self, scope: Scope, receive: Any, seen: "_Seen") -> None:
        """Answer a request; what nobody expected is logged here, where it is known which one it was."""
        try:
            await self._app(scope, receive, seen.send)
        except Exception as error:
            log.error("%s %s failed", scope["method"], self._route(scope), exc_info=error)  # noqa: TRY400 - not traced twice
            if seen.status is None:
                await defect()(scope, receive, seen.send)

    def _route(self, scope: Scope) -> str:
        """The template of the path: it has no values, and there are only so many of it."""
        template = getattr(scope.get("route"), "path", None)
        if template is None:
            return UNKNOWN
        return f"{self._prefix}{template}" if scope["path"].startswith(f"{self._prefix}/") else template


class _Seen:
    """What is seen of one request."""

    def __init__(self, request_id: str, send: Any) -> None:
        self.request_id = request_id
        self.status: int | None = None
        self._send = send
        self._began = time.perf_counter()

    async def send(self, message: Any) -> None:
        """Pass a part of the answer on; the first tells the request's id."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message.get("headers", []), (_NAME, self.request_id.encode())]
        await self._send(message)

    def note_down(self, method: str, route: str, told: tracing.Describe) -> None:
        """The request is over."""
        seconds = time.perf_counter() - self._began
        REQUESTS.labels(method, route, self.status or "none").observe(seconds)
        names = {"method": method, "route": route, "status": self.status}
        access.info(
            "%s %s %s", method, route, self.status, extra={**names, "duration_ms": round(seconds * 1000, 1)}
        )
        attributes = {
            "http.request.method": method,
            "http.route": route,
            "http.response.status_code": self.status,
        }
        told(f"{method} {route}", failed=(self.status or 500) >= 500, attributes=attributes)


def request_id(scope: Scope) -> str:
    """The id that a request came with, if it is one that may stand in a log, or a new one."""
    given = Request(scope).headers.get(HEADER, "")
    return given if _SAFE.fullmatch(given) else uuid4().hex
