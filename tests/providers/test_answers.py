"""Answers of vendors have an end: in bytes, packed or not, in time and in depth."""

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import httpx
import pytest

from providers.kit import BasicKey, Client, Unavailable, Unexpected, open_client
from providers.kit import answers as kit_answers
from providers.kit.auth import TokenAuth, TokenGrant

URL = "https://api.vendor.example"


def client(answer: Callable[[httpx.Request], httpx.Response], auth: httpx.Auth | None = None) -> Client:
    return open_client(
        URL,
        ("api.vendor.example",),
        auth or BasicKey("k"),
        lambda _: None,
        transport=httpx.MockTransport(answer),
        attempts=1,
    )


def answering(content: Any, **headers: str) -> Client:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client(lambda _: httpx.Response(200, headers=named, stream=Parts(content)))


class Parts(httpx.SyncByteStream):
    """A body that arrives in parts, as from a network."""

    def __init__(self, content: Any) -> None:
        self.content = [content] if isinstance(content, bytes) else content
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        yield from self.content

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit_answers, "LARGEST", 1000)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "packed",
    [
        ([b"x" * 600, b"x" * 401], {}),
        (gzip.compress(b"x" * 1001), {"Content_Encoding": "gzip"}),
        (gzip.compress(b"x" * 1001), {"Content_Encoding": "X-GZip"}),
        ([bytes([b]) for b in gzip.compress(b"x" * 1001)], {"Content_Encoding": "gzip"}),
    ],
)
def test_too_large(packed: tuple[Any, dict[str, str]]) -> None:
    with pytest.raises(Unexpected, match="answered 200 with more than 1,000 bytes") as refused:
        answering(packed[0], **packed[1]).get("/x")
    assert "x" * 20 not in refused.value.detail


@pytest.mark.usefixtures("small")
def test_as_large_as_allowed() -> None:
    assert len(answering(b"x" * 1000).get("/x").content) == 1000
    packed = gzip.compress(b"x" * 1000)
    assert answering(packed, Content_Encoding="gzip").get("/x").content == b"x" * 1000


def test_a_bomb_is_never_unpacked_whole() -> None:
    """What is handed on was measured before: nobody holds more than the limit."""
    unpacked: list[int] = []
    real = zlib.decompressobj

    class Watched:
        def __init__(self, *options: Any) -> None:
            self.inner = real(*options)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.inner, name)

        def decompress(self, *options: Any) -> bytes:
            out = self.inner.decompress(*options)
            unpacked.append(len(out))
            return out

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(zlib, "decompressobj", Watched)
        with pytest.raises(Unexpected, match="too large"):
            asked = answering(gzip.compress(bytes(50_000_000)), Content_Encoding="gzip")
            asked.relay("GET", "/x", limit=2_000_000)
    assert max(unpacked) <= kit_answers.PIECE
    assert sum(unpacked) <= 2_000_000 + kit_answers.PIECE


@pytest.mark.parametrize("encoding", ["deflate", "br", "zstd", "gzip, br"])
def test_only_what_can_be_measured_is_accepted(encoding: str) -> None:
    asked: list[httpx.Request] = []
    body = Parts(zlib.compress(b"{}"))

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, headers={"Content-Encoding": encoding}, stream=body)

    with pytest.raises(Unexpected, match="not asked for"):
        client(answer).get("/x")
    assert asked[0].headers["accept-encoding"] == "gzip"
    assert body.closed


def test_an_encoding_nobody_knows_is_ignored() -> None:
    assert answering(b"{}", Content_Encoding="utf-8").get("/x").json() == {}


def test_no_gzip_for_all_it_says() -> None:
    with pytest.raises(Unexpected, match="could not be decoded"):
        answering(b"plain", Content_Encoding="gzip").get("/x")


@pytest.mark.usefixtures("small")
def test_the_answer_of_a_token_endpoint_too() -> None:
    class Store:
        def current(self, subject: str) -> None:
            return None

        def minting(self, subject: str) -> Any:
            return nullcontext({})

    def parse(response: httpx.Response) -> TokenGrant:
        raise AssertionError(len(response.content))

    auth = TokenAuth(Store(), lambda *_: httpx.Request("POST", f"{URL}/token"), parse)  # type: ignore[arg-type]
    with pytest.raises(Unexpected, match="more than 1,000 bytes"):
        client(lambda _: httpx.Response(200, stream=Parts(b"x" * 1001)), auth).get("/x")


def test_a_byte_now_and_then_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter(float(n * 500) for n in range(100))
    monkeypatch.setattr(kit_answers.time, "monotonic", lambda: next(times))
    with pytest.raises(Unavailable) as outage:
        answering([b"x"] * 50).get("/x")
    assert outage.value.timed_out


@pytest.mark.parametrize("nested", ["[" * 200_000, '{"a":' * 200_000])
def test_json_without_a_ground(nested: str) -> None:
    with pytest.raises(ValueError, match=r"nested too deeply|Expecting"):
        answering(nested.encode()).get("/x").json()
    assert answering(json.dumps({"a": [1]}).encode()).get("/x").json() == {"a": [1]}
