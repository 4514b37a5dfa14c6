"""A server that takes connections and answers nothing, as one that hangs does."""

import contextlib
import socket
from collections.abc import Iterator
from contextlib import contextmanager


class Silent:
    """The server.

    Attributes:
        address: its `host:port`.
    """

    def __init__(self, listening: socket.socket) -> None:
        self.address = "{}:{}".format(*listening.getsockname())
        self._listening = listening

    def connections(self) -> int:
        """How many there were since the last look."""
        count = 0
        with contextlib.suppress(BlockingIOError):
            while True:
                self._listening.accept()[0].close()
                count += 1
        return count


@contextmanager
def silent() -> Iterator[Silent]:
    """Listen on a free port until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield Silent(listening)
