"""Heads of requests end: in size and in time."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from app.cli import protocol
from app.cli.serving import background, listen

LENGTH = b"Content-Length: 200000\r\n"


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Says how long the body was."""
    if scope["type"] == "lifespan":
        return
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message["body"]), message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"6")]})
    await send({"type": "http.response.body", "body": f"{size:06}".encode()})


@pytest.fixture
def port() -> Iterator[int]:
    listening = listen("127.0.0.1", 0)
    with background(app, listening, access_log=False):
        yield int(listening.getsockname()[1])


def said(port: int, *pieces: bytes) -> bytes:
    """What is answered until the server has nothing more to say."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        heard = b""
        try:
            for piece in pieces:
                connection.sendall(piece)
            while part := connection.recv(65_536):
                heard += part
        except ConnectionError:  # it has closed with bytes of ours unread
            pass
    return heard


@pytest.mark.parametrize(
    "pieces",
    [
        [b"GET / HTTP/1.1\r\n", *(b"A%d: b\r\n" % n for n in range(400_000))],
        [b"GET / HTTP/1.1\r\nA: ", *[b"a" * 100_000] * 50],
        [b"GET /", *[b"a" * 100_000] * 50],
    ],
    ids=["many headers", "a large one", "a long path"],
)
def test_a_head_without_end_is_refused(port: int, pieces: list[bytes]) -> None:
    assert b" 200 " not in said(port, b"".join(pieces) + b"\r\n\r\n")


def test_what_is_large_is_the_body(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nA: " + b"a" * 30_000 + b"\r\nConnection: close\r\n" + LENGTH + b"\r\n"
    assert said(port, head, b"x" * 200_000).endswith(b"200000")


@pytest.mark.parametrize("part", [b"", b"GET / HTTP/1.1\r\nHost:"], ids=["nothing", "a part"])
def test_a_head_that_does_not_come_is_not_waited_for(
    port: int, part: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "SLOWEST", 0.5)
    assert said(port, part) == b""


def test_nor_is_the_next_one(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx")
        answer = b""
        while not answer.endswith(b"000001"):
            answer += connection.recv(65_536)
        monkeypatch.setattr(protocol, "SLOWEST", 0.1)
        connection.sendall(b"GET / HTTP/1.1\r\nHost:")
        assert connection.recv(65_536) == b""


def test_the_server_does_not_name_itself(port: int) -> None:
    answer = said(port, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert b" 200 " in answer
    assert b"server:" not in answer.lower()
