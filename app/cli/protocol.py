"""HTTP as it comes from the network. The parser underneath takes in heads of any size, however slow."""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST = 65_536  # bytes of a request's line and headers, beyond what comes with the first packet
SLOWEST = 30.0  # seconds until they must have arrived whole, also after the connection was opened


class BoundedHead(HttpToolsProtocol):
    """A connection that ends when the head of a request is too large, or does not come."""

    _size: int | None = None  # of the head that has begun and not ended
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's
        """Somebody has connected."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more."""
        self._wait_no_longer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """A packet has come."""
        if self._size is not None:
            self._size += len(data)
            if self._size > LARGEST:
                self.send_400_response("The request's headers are too large.")
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        """A request begins."""
        self._size = 0
        self._wait()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Its head is whole."""
        self._size = None
        self._wait_no_longer()
        super().on_headers_complete()

    def _wait(self) -> None:
        self._wait_no_longer()
        self._late = self.loop.call_later(SLOWEST, self.transport.close)

    def _wait_no_longer(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
