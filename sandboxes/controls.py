"""Faults, latency and the log of received requests: what a test controls in any sandbox."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandboxes.answers import JSONAnswer

PREFIX = "/__sandbox__"


@dataclass
class Fault:
    """An answer given instead of the sandbox's own, to the next `times` matching requests.

    `path` is a glob, `skip` lets that many matches through first, `status=None` only delays, and
    `execute=True` does the work and then loses its answer (a write whose outcome is unknown).
    `containing` is a text the request's body must have, for a vendor whose operations share one path;
    `text` is answered as it stands instead of the JSON `body`.
    """

    path: str = "*"
    method: str | None = None
    containing: str = ""
    times: int = 1
    skip: int = 0
    status: int | None = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    text: str | bytes | None = None
    delay: float = 0
    execute: bool = False

    def matches(self, method: str, path: str, body: bytes) -> bool:
        """Whether this fault is about such a request."""
        aimed = self.method in (None, method) and fnmatchcase(path, self.path)
        return aimed and self.containing.encode() in body

    def answer(self, status: int) -> Response:
        """What the caller gets."""
        if self.text is not None:
            return Response(self.text, status, self.headers)
        return JSONAnswer(self.body, status, self.headers)


@dataclass
class Received:
    """One request as it arrived; `caller` is who the sandbox took it for."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: Any
    caller: str | None = None
    status: int | None = None


@dataclass
class Controls:
    """The switches of one sandbox, used directly from Python or through `/__sandbox__/`."""

    latency: float = 0
    faults: list[Fault] = field(default_factory=list)
    received: deque[Received] = field(default_factory=lambda: deque(maxlen=10_000))

    def fail(self, path: str = "*", **options: Any) -> Fault:
        """Make the next requests to a path answer otherwise; the options are those of `Fault`."""
        fault = Fault(path=path, **options)
        self.faults.append(fault)
        return fault

    def clear(self) -> None:
        """No faults, no latency, an empty log."""
        self.latency = 0
        self.faults.clear()
        self.received.clear()

    def take_fault(self, method: str, path: str, body: bytes) -> Fault | None:
        """The fault this request runs into, counted down."""
        for fault in self.faults:
            if not fault.matches(method, path, body):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            fault.times -= 1
            if fault.times <= 0:
                self.faults.remove(fault)
            return fault
        return None


class Controlled:
    """ASGI middleware that applies the controls to every request of the vendor's API."""

    def __init__(self, app: ASGIApp, controls: Controls) -> None:
        self.app = app
        self.controls = controls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(PREFIX):
            await self.app(scope, receive, send)
            return
        body = await _read(receive)
        received = _received(scope, body)
        self.controls.received.append(received)
        scope["sandbox.received"] = received

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                received.status = message["status"]
            await send(message)

        fault = self.controls.take_fault(scope["method"], scope["path"], body)
        delay = self.controls.latency + (fault.delay if fault else 0)
        if delay:
            await asyncio.sleep(delay)
        if fault is None or fault.status is None:
            await self.app(scope, _replay(body), noted)
            return
        if fault.execute:
            await self.app(scope, _replay(body), _swallow)
        await fault.answer(fault.status)(scope, receive, noted)


def _received(scope: Scope, body: bytes) -> Received:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    if "authorization" in headers:
        headers["authorization"] = headers["authorization"].partition(" ")[0] + " …"
    return Received(scope["method"], scope["path"], scope["query_string"].decode(), headers, _parsed(body))


def _parsed(body: bytes) -> Any:
    if not body:
        return None
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return body.decode(errors="replace")


async def _read(receive: Receive) -> bytes:
    chunks = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(chunks)


def _replay(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _swallow(message: Message) -> None:
    """Drop an answer that is to be lost."""
