"""The headers of every answer: which version served it, and which call it was."""

from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandboxes.ashby.handles import STORAGE
from sandboxes.controls import PREFIX

# https://developers.ashbyhq.com/docs/api-versions: the only version, and its status.
VERSION, STATUS = "2026-01-01", "Active"
REQUEST_ID = "ashby.request_id"


class Identified:
    """ASGI middleware: `Ashby-Version`, `Ashby-Version-Status` and `x-ashby-request-id`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith((PREFIX, STORAGE)):
            await self.app(scope, receive, send)
            return
        scope[REQUEST_ID] = uuid4().hex[:26].upper()
        headers = {
            "Ashby-Version": VERSION,
            "Ashby-Version-Status": STATUS,
            "x-ashby-request-id": scope[REQUEST_ID],
        }

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        await self.app(scope, receive, send_with_headers)
