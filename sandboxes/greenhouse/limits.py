"""Rate limits and their headers.

V1 counts per 10 s; V3 in a fixed 30 s window; token requests have a 60 s window of their own
(https://harvestdocs.greenhouse.io/docs/api-rate-limiting).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandboxes.answers import JSONAnswer
from sandboxes.controls import PREFIX

GENEROUS = 100_000


@dataclass
class Window:
    """A fixed window of `seconds` that lets `limit` requests through."""

    seconds: int
    limit: int = GENEROUS
    started: int = 0
    used: int = 0

    def spend(self, now: float) -> bool:
        """Count one request; False when the window is full."""
        started = int(now // self.seconds) * self.seconds
        if started != self.started:
            self.started, self.used = started, 0
        if self.used >= self.limit:
            return False
        self.used += 1
        return True

    @property
    def resets(self) -> int:
        """The epoch second the next window starts."""
        return self.started + self.seconds


class Limits:
    """The windows of one account."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.windows = {"v1": Window(10), "v3": Window(30), "token": Window(60)}

    def now(self) -> float:
        """Epoch seconds."""
        return self.clock().timestamp()

    def set(self, window: str, limit: int) -> None:
        """Allow so many requests per window (`v1`, `v3` or `token`), counted from now."""
        self.windows[window].limit = limit
        self.windows[window].used = 0


def window_of(path: str) -> str:
    """Which window a path is counted in."""
    if path in ("/token", "/authorize"):
        return "token"
    return "v3" if path.startswith("/v3/") else "v1"


class RateLimited:
    """ASGI middleware: the headers on every answer, 429 when the window is full."""

    def __init__(self, app: ASGIApp, limits: Callable[[], Limits]) -> None:
        self.app = app
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(PREFIX):
            await self.app(scope, receive, send)
            return
        limits = self.limits()
        name = window_of(scope["path"])
        window = limits.windows[name]
        allowed = window.spend(limits.now())
        headers = _headers(name, window, None if allowed else limits.now())

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        # The body of a 429 is not documented.
        app = self.app if allowed else JSONAnswer({"message": "Too Many Requests"}, 429)
        await app(scope, receive, send_with_headers)


def _headers(name: str, window: Window, refused_at: float | None) -> dict[str, str]:
    headers = {
        "X-RateLimit-Limit": str(window.limit),
        "X-RateLimit-Remaining": str(max(window.limit - window.used, 0)),
    }
    if name != "v1" or refused_at is not None:
        headers["X-RateLimit-Reset"] = str(window.resets)
    if refused_at is not None:
        headers["Retry-After"] = str(max(ceil(window.resets - refused_at), 1))
    return headers
