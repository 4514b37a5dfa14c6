"""Listening on a port and serving an application there."""

import errno
import signal
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import uvicorn

from app.cli.problems import Refused
from app.cli.protocol import BoundedHead

ASGIApp = Callable[[Any, Any, Any], Awaitable[None]]
TRIES = 50  # how many ports `listen_nearby` looks at
BACKLOG = 2048
DRAIN = 10  # seconds that requests get to end when a server stops


def listen(host: str, port: int, remedy: str = "choose another with --port") -> socket.socket:
    """Take a port; 0 takes any that is free.

    Args:
        host: the address.
        port: the port.
        remedy: what to do when it is taken.

    Raises:
        Refused: the port is taken, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except (OSError, OverflowError) as error:
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        reason = f"the port is taken; {remedy}" if taken else str(error)
        raise Refused(f"cannot listen on {host}:{port}: {reason}") from error


def listen_nearby(host: str, port: int) -> socket.socket:
    """Take a port, or the next one that is free.

    Raises:
        Refused: none of the next ones is free either.
    """
    for candidate in range(port, min(port + TRIES, 65535)):
        try:
            return listen(host, candidate)
        except Refused as refusal:
            cause = refusal.__cause__
            if not (isinstance(cause, OSError) and cause.errno == errno.EADDRINUSE):
                raise
    raise Refused(f"no port from {port} on is free")


def url_of(listening: socket.socket) -> str:
    """The origin under which a listening socket is reached from this machine."""
    host, port = listening.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared with, not bound to
        host = "127.0.0.1" if host == "0.0.0.0" else "::1"  # noqa: S104 - compared with
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _nothing() -> None:
    pass


class Server(uvicorn.Server):
    """Uvicorn that tells when it answers requests, and when it is about to stop.

    Args:
        app: what to serve.
        ready: called once when the application has started.
        leave: called once when SIGTERM has come and requests are still accepted.
        linger: seconds for which they are.
        access_log: whether the server logs requests; omniats does so itself, a sandbox does not.
    """

    def __init__(
        self,
        app: ASGIApp,
        ready: Callable[[], None],
        leave: Callable[[], None] = _nothing,
        linger: float = 0,
        *,
        access_log: bool = False,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=BoundedHead,
                log_config=None,
                timeout_graceful_shutdown=DRAIN,
                access_log=access_log,
                server_header=False,
            )
        )
        self._ready = ready
        self._leave = leave
        self._linger = linger
        self._leaving = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop; at the first SIGTERM only after the time a proxy needs to send its requests elsewhere."""
        if sig == signal.SIGTERM and self._linger and not self._leaving:
            self._leaving = True
            self._leave()
            stopping = threading.Timer(self._linger, super().handle_exit, (sig, frame))
            stopping.daemon = True
            stopping.start()
        else:
            super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application, then tell."""
        await super().startup(sockets)
        if self.started:
            self._ready()


def serve(
    app: ASGIApp,
    listening: socket.socket,
    ready: Callable[[], None],
    leave: Callable[[], None] = _nothing,
    linger: float = 0,
) -> None:
    """Serve until SIGINT or SIGTERM. The arguments are those of `Server`."""
    Server(app, ready, leave, linger).run(sockets=[listening])


@contextmanager
def background(app: ASGIApp, listening: socket.socket, *, access_log: bool = True) -> Iterator[str]:
    """Serve in a thread.

    Returns:
        A context manager that gives the origin once requests are answered, and stops the server at its end.

    Raises:
        Refused: the application does not start.
    """
    settled = threading.Event()
    server = Server(app, settled.set, access_log=access_log)

    def run() -> None:
        try:
            server.run(sockets=[listening])
        finally:
            settled.set()

    thread = threading.Thread(target=run, name=f"server {url_of(listening)}", daemon=True)
    thread.start()
    settled.wait()
    if not server.started:
        raise Refused(f"the server at {url_of(listening)} did not start; the log says why")
    origin = url_of(listening)
    try:
        yield origin
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def shown_at(address: str, app: ASGIApp) -> Iterator[str]:
    """Serve what a process shows of itself, where it is told to.

    Args:
        address: `host:port`, or nothing; port 0 takes any that is free.
        app: what to serve.

    Returns:
        A context manager that gives the origin, or nothing.

    Raises:
        Refused: the address is not of that form or not this machine's, or the port is taken.
    """
    if not address:
        yield ""
        return
    host, _, port = address.rpartition(":")
    if not (host and port.isdecimal()):
        raise Refused(f"OMNIATS_METRICS_ADDRESS must be host:port, not {address}")
    listening = listen(host.strip("[]"), int(port), remedy="choose another with OMNIATS_METRICS_ADDRESS")
    with background(app, listening, access_log=False) as origin:
        yield origin
