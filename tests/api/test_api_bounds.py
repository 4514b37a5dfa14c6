"""How large, how slow and how deep a request may be."""

import asyncio
import socket
from typing import Any

import httpx
import pytest
from starlette.exceptions import HTTPException
from world import API, World

from app.api import bounds
from app.api.bounds import BoundedBody

LIMIT = 1000
Messages = list[dict[str, Any]]


def parts(*sizes: int) -> Messages:
    last = len(sizes) - 1
    return [
        {"type": "http.request", "body": b"x" * size, "more_body": place < last}
        for place, size in enumerate(sizes)
    ]


def read(messages: Messages, **headers: str) -> tuple[int, int]:
    """How a body ends that arrives like this: the status, and how many bytes were taken in."""
    taken = 0

    async def receive() -> Any:
        if not messages:
            await asyncio.Event().wait()
        return messages.pop(0)

    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        nonlocal taken
        more = True
        while more:
            message = await receive()
            taken += len(message["body"])
            more = message["more_body"]

    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    try:
        asyncio.run(BoundedBody(app, LIMIT)({"type": "http", "headers": named}, receive, None))
    except HTTPException as refused:
        return refused.status_code, taken
    return 200, taken


def test_as_large_as_allowed() -> None:
    assert read(parts(400, 600), content_length="1000") == (200, 1000)
    assert read(parts(0)) == (200, 0)


def test_what_is_announced_as_too_large_is_not_read() -> None:
    assert read(parts(500, 501), content_length="1001") == (413, 0)


@pytest.mark.parametrize("announced", ["1000", "-5", "x"])
def test_what_turns_out_too_large_ends_there(announced: str) -> None:
    messages = parts(600, 401, 9_000)
    assert read(messages, content_length=announced) == (413, 600)
    assert len(messages) == 1, "the rest was never taken in"


def test_a_body_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "SLOWEST", 0.01)
    assert read(parts(1, 1)[:1]) == (408, 1)


def test_whoever_listens_on_after_the_body_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """That is how an application learns that the caller has gone."""
    monkeypatch.setattr(bounds, "SLOWEST", -1.0)
    heard: list[str] = []
    gone = [{"type": "http.disconnect"}]

    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        receive._whole = True
        heard.append((await receive())["type"])

    async def receive() -> Any:
        await asyncio.sleep(0)
        return gone.pop()

    asyncio.run(BoundedBody(app, LIMIT)({"type": "http", "headers": []}, receive, None))
    assert heard == ["http.disconnect"]


@pytest.mark.parametrize("path", ["/candidates", "/passthrough", "/linked-accounts", "/issues/x"])
def test_the_api_says_so(world: World, path: str) -> None:
    account = world.link(sync=False)
    method = "PATCH" if "issues" in path else "POST"
    large = b'{"x": "' + b"x" * world.settings.max_body_size + b'"}'
    answer = account.http.request(method, path, content=large, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert "larger than 40,000,000 bytes" in answer.json()["detail"]


def test_a_stranger_is_turned_away_before_the_body(world: World) -> None:
    """Nothing of it is taken in, let alone kept."""
    url = httpx.URL(world.url)
    head = f"POST {API}/candidates HTTP/1.1\r\nHost: {url.host}\r\nContent-Length: 30000000\r\n\r\n"
    with socket.create_connection((url.host, url.port or 80), timeout=30) as connection:
        connection.sendall(head.encode())
        assert connection.recv(12) == b"HTTP/1.1 401"


@pytest.mark.parametrize("depth", [101, 900, 100_000])
def test_nothing_nested_without_end(world: World, depth: int) -> None:
    account = world.link(sync=False)
    body = b'{"model": {"x": ' + b"[" * (depth - 2) + b"]" * (depth - 2) + b"}}"
    for path in ("/candidates?run_async=true", "/passthrough", "/link-token"):
        answer = account.http.post(path, content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400, answer.text
        said = answer.json()["non_field_errors"][0]
        assert "nested more than 100 deep" in said or "not JSON" in said


def test_as_deep_as_allowed(world: World) -> None:
    account = world.link(sync=False)
    body = b'{"model": {"remote_user_id": ' + b"[" * 97 + b"]" * 97 + b"}}"
    answer = account.http.post("/candidates", content=body, headers={"Content-Type": "application/json"})
    assert "deep" not in answer.text
    assert answer.status_code < 500


@pytest.mark.parametrize("part", [b"{}", b"[]", b"0", b'""'])
def test_nothing_of_parts_without_end(world: World, part: bytes) -> None:
    account = world.link(sync=False)
    for body in (b'{"model": {"email_addresses": [%s]}}', b'{"model": {"x": [[%s]]}}'):
        content = body % b", ".join([part] * 10_000)
        answer = account.http.post(
            "/candidates", content=content, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 400
        assert "holds more than 10,000 values" in answer.json()["non_field_errors"][0]
