"""How much a request may bring along, and how long that may take."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.exceptions import HTTPException

Scope = MutableMapping[str, Any]
SLOWEST = 120.0  # seconds until a body must have arrived whole


class BoundedBody:
    """Ends a request whose body is too large, or too slow, when that is known and not at its end.

    Args:
        app: answers the request.
        largest: bytes of a body.
    """

    def __init__(self, app: Callable[..., Awaitable[None]], largest: int) -> None:
        self._app = app
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await self._app(scope, _Receiving(scope, receive, self._largest), send)


class _Receiving:
    """What reads the body of one request."""

    def __init__(self, scope: Scope, receive: Any, largest: int) -> None:
        self._receive = receive
        self._largest = largest
        self._size = 0
        self._announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        self._deadline: float | None = None
        self._whole = False

    async def __call__(self) -> Any:
        """The next message.

        Raises:
            HTTPException: 413, the body is too large; 408, it has not arrived in time.
        """
        if self._whole:
            return await self._receive()
        if self._announced.isdigit() and int(self._announced) > self._largest:
            raise self._too_large()
        message = await self._in_time()
        self._size += len(message.get("body", b""))
        if self._size > self._largest:
            raise self._too_large()
        self._whole = not message.get("more_body", False)
        return message

    async def _in_time(self) -> Any:
        self._deadline = self._deadline or asyncio.get_running_loop().time() + SLOWEST
        try:
            async with asyncio.timeout_at(self._deadline):
                return await self._receive()
        except TimeoutError as error:
            raise HTTPException(408, f"The body did not arrive within {SLOWEST:.0f} seconds.") from error

    def _too_large(self) -> HTTPException:
        return HTTPException(
            413,
            f"The body is larger than {self._largest:,} bytes. Send large files by their address, or have "
            "OMNIATS_MAX_BODY_SIZE raised.",
        )
