"""Addresses that callers gave us: the public internet alone, what was looked at alone, never without end."""

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from world import served

from app.outbound import Outbound, Refused, is_public

PUBLIC = "93.184.215.14"


class Resolver:
    """Answers with one list of addresses after another, the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class Target:
    """A server on the loopback interface that writes down what reaches it."""

    def __init__(self) -> None:
        self.received: list[Request] = []
        paths = {"/": self._echo, "/away": self._redirect, "/long": self._long, "/zipped": self._zipped}
        self.app = Starlette(routes=[Route(path, answer) for path, answer in paths.items()])

    def _echo(self, request: Request) -> Response:
        self.received.append(request)
        return JSONResponse({"host": request.headers["host"]})

    def _redirect(self, request: Request) -> Response:
        return RedirectResponse("http://127.0.0.1:1/secret")

    def _long(self, request: Request) -> Response:
        return Response(b"x" * 2_000)

    def _zipped(self, request: Request) -> Response:
        return Response(gzip.compress(b"x" * 100_000), headers={"Content-Encoding": "gzip"})


@pytest.fixture(scope="module")
def served_target() -> Iterator[tuple[Target, int]]:
    target = Target()
    with served(target.app) as url:
        yield target, httpx.URL(url).port or 0


@pytest.fixture
def target(served_target: tuple[Target, int]) -> Target:
    served_target[0].received.clear()
    return served_target[0]


@pytest.fixture
def port(served_target: tuple[Target, int]) -> int:
    return served_target[1]


def opened(outbound: Outbound, seconds: float = 10, max_bytes: int = 1_000) -> httpx.Client:
    return outbound.open(seconds=seconds, max_bytes=max_bytes)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "::",
        "::1",
        "fe80::1%1",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::1",
        "2002:a9fe:a9fe::1",
        "2001:0:1::1",
        "2001:db8::1",
        "3fff::1",
        "3fff:fff:ffff::1",
    ],
)
def test_no_address_but_of_the_public_internet(address: str) -> None:
    assert not is_public(address)
    outbound = Outbound(allow_private=False, resolve=Resolver([address]))
    with pytest.raises(Refused, match="not on the public internet"):
        outbound.check("https://hooks.example/")
    with opened(outbound) as client, pytest.raises(Refused, match="not on the public internet"):
        client.get("https://hooks.example/")


@pytest.mark.parametrize(
    "address", [PUBLIC, "3fff:1000::1", "2606:2800:21f:cb07::1", f"::ffff:{PUBLIC}", "2002:5db8:d70e::1"]
)
def test_public_addresses(address: str) -> None:
    assert is_public(address)
    Outbound(allow_private=False, resolve=Resolver([address])).check("https://hooks.example/x?y=z")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f.1", "localhost", "[::1]", "[::ffff:7f00:1]"]
)
def test_every_spelling_of_this_machine(target: Target, port: int, host: str) -> None:
    outbound = Outbound(allow_private=False)
    with pytest.raises(Refused):
        outbound.check(f"http://{host}:{port}/")
    with opened(outbound) as client, pytest.raises(Refused):
        client.get(f"http://{host}:{port}/")
    assert target.received == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks",
        "//hooks.example",
        "ftp://hooks.example/",
        "file:///etc/passwd",
        "http://",
        "http://[::1",
        "http://hooks.example:99999/",
        "https://user:secret@hooks.example/",
    ],
)
def test_addresses_that_are_none(url: str) -> None:
    outbound = Outbound(allow_private=True, resolve=Resolver([PUBLIC]))
    with pytest.raises(Refused):
        outbound.check(url)
    with opened(outbound) as client, pytest.raises((httpx.TransportError, httpx.InvalidURL)):
        client.get(url)


def test_a_name_nobody_knows() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror("unknown")

    with pytest.raises(Refused, match="cannot be found"):
        Outbound(allow_private=True, resolve=unknown).check("https://hooks.example/")


def test_a_name_that_means_something_else_later_reaches_nothing(target: Target, port: int) -> None:
    resolver = Resolver([PUBLIC], ["127.0.0.1"])
    outbound = Outbound(allow_private=False, resolve=resolver)
    outbound.check(f"http://hooks.example:{port}/")
    with opened(outbound) as client, pytest.raises(Refused):
        client.get(f"http://hooks.example:{port}/")
    assert resolver.asked == ["hooks.example"] * 2
    assert target.received == []


def test_a_private_address_beside_a_public_one_is_passed_over(target: Target, port: int) -> None:
    resolver = Resolver(["127.0.0.1", PUBLIC])
    tried: list[str] = []

    def refuse(address: tuple[str, int], *_rest: Any, **_more: Any) -> socket.socket:
        tried.append(address[0])
        raise ConnectionRefusedError

    outbound = Outbound(allow_private=False, resolve=resolver)
    with pytest.MonkeyPatch.context() as patched, opened(outbound) as client:
        patched.setattr(socket, "create_connection", refuse)
        with pytest.raises(httpx.ConnectError):
            client.get(f"http://hooks.example:{port}/")
    assert tried == [PUBLIC]


def test_the_connection_goes_to_the_address_that_was_looked_at(target: Target, port: int) -> None:
    resolver = Resolver(["127.0.0.1"])
    outbound = Outbound(allow_private=True, resolve=resolver)
    with opened(outbound) as client:
        for _ in range(2):
            assert client.get(f"http://hooks.example:{port}/").json() == {"host": f"hooks.example:{port}"}
    assert resolver.asked == ["hooks.example"], "once, for the connection that served both"
    assert len(target.received) == 2


def test_the_next_address_is_tried_when_one_does_not_answer(target: Target, port: int) -> None:
    outbound = Outbound(allow_private=True, resolve=Resolver(["127.0.0.2", "127.0.0.1"]))
    with opened(outbound) as client:
        assert client.get(f"http://hooks.example:{port}/").status_code == 200


def test_no_redirect_is_followed(target: Target, port: int) -> None:
    with opened(Outbound(allow_private=True)) as client:
        assert client.get(f"http://127.0.0.1:{port}/away").status_code == 307


def test_a_redirect_that_is_followed_is_looked_at_too(port: int) -> None:
    resolver = Resolver(["127.0.0.1"], [])
    with opened(Outbound(allow_private=True, resolve=resolver)) as client, pytest.raises(Refused):
        client.get(f"http://hooks.example:{port}/away", follow_redirects=True)
    assert resolver.asked == ["hooks.example", "127.0.0.1"]


def test_no_proxy_is_used(monkeypatch: pytest.MonkeyPatch, target: Target, port: int) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with opened(Outbound(allow_private=True)) as client:
        assert client.get(f"http://127.0.0.1:{port}/").status_code == 200


@pytest.mark.parametrize("path", ["/long", "/zipped"])
def test_an_answer_has_an_end(target: Target, port: int, path: str) -> None:
    with opened(Outbound(allow_private=True)) as client:
        with pytest.raises(Refused, match="compressed or too long"):
            client.get(f"http://127.0.0.1:{port}{path}")
        with client.stream("GET", f"http://127.0.0.1:{port}{path}") as answer:
            assert answer.status_code == 200, "what was said before the body is known all the same"


@contextmanager
def dripping(say: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that says little for as long as somebody listens."""
    stop = threading.Event()

    def serve() -> None:
        with suppress(OSError), listener.accept()[0] as connection:
            connection.recv(65536)
            while not stop.wait(0.02):
                say(connection)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        stop.set()
        thread.join(10)


def test_headers_that_come_by_drops_are_not_waited_for() -> None:
    with (
        dripping(lambda connection: connection.sendall(b"H")) as port,
        opened(Outbound(allow_private=True), seconds=0.3) as client,
        pytest.raises(httpx.TimeoutException),
    ):
        client.get(f"http://127.0.0.1:{port}/")


def test_a_body_that_comes_by_drops_is_not_waited_for() -> None:
    head = [b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"]

    def say(connection: socket.socket) -> None:
        connection.sendall(head.pop() if head else b"x")

    with (
        dripping(say) as port,
        opened(Outbound(allow_private=True), seconds=0.3, max_bytes=10**6) as client,
        pytest.raises(httpx.TimeoutException),
    ):
        client.get(f"http://127.0.0.1:{port}/")
