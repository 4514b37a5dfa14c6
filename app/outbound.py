"""Requests to addresses that others gave us: webhook targets, the URLs of files, vendors' file stores.

Whoever may name an address could make this service speak to machines that only it can reach. So a host's
name is resolved here, every address that is not of the public internet is passed over, and the connection
goes to exactly the address that was looked at: a name that means something else a moment later gains
nothing. Redirects are not followed, proxies are not used, and neither time nor the answer is without end.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

import httpcore
import httpx

Resolve = Callable[[str, int], list[str]]
PIECE = 4096  # bytes written at a time
DOCUMENTATION = IPv6Network("3fff::/20")  # RFC 9637, which `is_global` does not know in every Python


class Refused(httpx.TransportError):
    """An address or an answer that is not dealt with. Its text is for the caller who gave the address."""


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host. How long it may take is said in the system's `resolv.conf`.

    Raises:
        OSError: it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(text: str) -> bool:
    """Whether an address belongs to the public internet, the one inside it too if it has one."""
    address: IPv4Address | IPv6Address = ip_address(text)
    if isinstance(address, IPv6Address):
        if address.is_site_local:
            return False
        inner = address.ipv4_mapped or address.sixtofour
        if inner:
            address = inner
    if address in DOCUMENTATION:
        return False
    # Reserved are the ranges that translate to IPv4 as well (64:ff9b::/96, ::/96).
    return address.is_global and not (address.is_multicast or address.is_reserved)


class Outbound:
    """Opens clients for addresses that callers gave us.

    Args:
        allow_private: whether private and loopback addresses may be reached: for development.
        resolve: gives the addresses of a host.
    """

    def __init__(self, *, allow_private: bool, resolve: Resolve = resolve) -> None:
        self._allow_private = allow_private
        self._resolve = resolve

    def check(self, url: str) -> None:
        """Look at an address before it is kept.

        Raises:
            Refused: it can never be reached, as far as can be told now.
        """
        try:
            parsed = httpx.URL(url)
        except (httpx.InvalidURL, TypeError) as error:
            raise Refused("This is not a URL.") from error
        _check_form(parsed)
        self._addresses(parsed.host, parsed.port or (443 if parsed.scheme == "https" else 80))

    def open(self, *, seconds: float, max_bytes: int, connections: int = 10) -> httpx.Client:
        """A client for such addresses; close it.

        A request raises `Refused` where the address is not dealt with, and so does reading an answer that
        is longer than said or compressed (what it would grow to cannot be known); `httpx.TimeoutException`
        when the time is up.

        Args:
            seconds: the longest that one request may take, from the connection to the answer's end.
            max_bytes: the longest answer.
            connections: how many at the same time.
        """
        return httpx.Client(
            transport=self.transport(seconds=seconds, max_bytes=max_bytes, connections=connections),
            timeout=seconds,
            follow_redirects=False,
            trust_env=False,
            headers={"User-Agent": "omniats", "Accept-Encoding": "identity"},
        )

    def transport(self, *, seconds: float, max_bytes: int, connections: int = 10) -> httpx.BaseTransport:
        """What sends for such a client, for clients that are more than that."""
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        return _Transport(_Backend(self._addresses), _tls(), limits, seconds, max_bytes)

    def _addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a host that may be connected to.

        Raises:
            Refused: there are none.
        """
        try:
            found = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise Refused(f"The host {host} cannot be found.") from error
        allowed = [address for address in found if self._allow_private or is_public(address)]
        if not allowed:
            raise Refused(f"The host {host} is not on the public internet.")
        return allowed


@cache
def _tls() -> ssl.SSLContext:
    """Whom to trust. Made once in a process: it reads every certificate there is."""
    return httpx.create_ssl_context(trust_env=False)


def _check_form(url: httpx.URL) -> None:
    if url.scheme not in ("http", "https") or not url.host:
        raise Refused("An address must begin with https:// or http:// and name a host.")
    if not 0 < (url.port or 443) < 65536:
        raise Refused("An address's port must be between 1 and 65535.")
    if url.userinfo:
        raise Refused("An address must not hold a user name or password.")


_deadline: ContextVar[float] = ContextVar("deadline")  # of the request that this thread is busy with


def _left(timeout: float | None) -> float:
    """How long a wait may take: no longer than the request has left."""
    left = _deadline.get() - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("The time is up.")
    return left if timeout is None else min(left, timeout)


class _Transport(httpx.HTTPTransport):
    """Checks every request's address, and holds it to its time and length."""

    def __init__(
        self,
        backend: httpcore.NetworkBackend,
        tls: ssl.SSLContext,
        limits: httpx.Limits,
        seconds: float,
        max_bytes: int,
    ) -> None:
        super().__init__(verify=tls, trust_env=False)
        self._pool.close()
        # httpx has no parameter for the network backend of its pool.
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls,
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=backend,
        )
        self._seconds = seconds
        self._max_bytes = max_bytes

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        _check_form(request.url)
        deadline = time.monotonic() + self._seconds
        _deadline.set(deadline)
        response = super().handle_request(request)
        assert isinstance(response.stream, httpx.SyncByteStream)
        encoded = response.headers.get("Content-Encoding", "identity") != "identity"
        response.stream = _Body(response.stream, deadline, 0 if encoded else self._max_bytes)
        return response


class _Body(httpx.SyncByteStream):
    """An answer's body, as long as it is allowed to be."""

    def __init__(self, inner: httpx.SyncByteStream, deadline: float, max_bytes: int) -> None:
        self._inner = inner
        self._deadline = deadline
        self._max_bytes = max_bytes

    def __iter__(self) -> Iterator[bytes]:
        length = 0
        parts = iter(self._inner)
        while True:
            _deadline.set(self._deadline)  # another request may have begun since the last part
            part = next(parts, None)
            if part is None:
                return
            length += len(part)
            if length > self._max_bytes:
                raise Refused("The answer is compressed or too long.")
            yield part

    def close(self) -> None:
        self._inner.close()


class _Backend(httpcore.NetworkBackend):
    """Connects to the addresses that were looked at, and to no others."""

    def __init__(self, addresses: Callable[[str, int], list[str]]) -> None:
        self._addresses = addresses
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception | None = None
        for address in self._addresses(host, port):
            try:
                return _Stream(
                    self._inner.connect_tcp(address, port, _left(timeout), local_address, socket_options)
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError("no address")


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait ends when the request's time is up."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), PIECE):  # the inner stream begins to wait anew with every packet
            self._inner.write(buffer[start : start + PIECE], _left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
