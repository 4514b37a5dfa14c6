"""A stand-in for a vendor that answers one prepared request after the other, and no other."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qsl

import httpx

from conformance.cases import Case
from providers.kit import Client, TokenGrant, open_client

TOKEN = "the-access-token"


class Tokens:
    """A token store that always has a good token: how tokens are got is tested by each provider."""

    def current(self, _subject: str) -> str | None:
        return TOKEN

    @contextmanager
    def minting(self, _subject: str) -> Iterator[dict[str, str]]:
        yield {}

    def keep(self, _subject: str, _grant: TokenGrant) -> None: ...

    def drop(self, _subject: str, _access_token: str) -> None: ...


class StandIn:
    """Plays the exchanges of a case: each `{"request": {...}, "answer": {...}}`, in their order."""

    def __init__(self, case: Case) -> None:
        self._left = list(case.data["exchange"])
        style = case.style
        self.credentials: dict[str, str] = case.data.get("credentials") or {
            f.name: f"the-{f.name}" for f in style.fields if f.required
        }
        self.client: Client = open_client(
            style.api.base_url_for(self.credentials),
            style.api.hosts,
            style.auth(self.credentials, Tokens()),
            style.api.classify,
            transport=httpx.MockTransport(self._answer),
        )

    def assert_all_was_asked(self) -> None:
        assert not self._left, f"not asked: {[step['request'] for step in self._left]}"

    def _answer(self, request: httpx.Request) -> httpx.Response:
        assert self._left, f"nothing prepared for {request.method} {request.url} {request.content!r}"
        step = self._left.pop(0)
        _compare(step["request"], request)
        return answer_of(step["answer"])


def answer_of(answer: dict[str, Any]) -> httpx.Response:
    """The prepared answer: `json` or `text`, `status` (200) and `headers`."""
    content = answer["text"].encode() if "text" in answer else json.dumps(answer.get("json")).encode()
    if "text" not in answer and "json" not in answer:
        content = b""
    headers = dict(answer.get("headers", {}))
    if "json" in answer:
        headers.setdefault("Content-Type", "application/json")
    return httpx.Response(answer.get("status", 200), content=content, headers=headers)


def _compare(wanted: dict[str, Any], request: httpx.Request) -> None:
    assert (request.method, request.url.path) == (wanted["method"], wanted["path"])
    assert request.url.host == wanted.get("host", request.url.host)
    query = sorted([k, v] for k, v in parse_qsl(request.url.query.decode(), keep_blank_values=True))
    assert query == sorted([k, str(v)] for k, v in _pairs(wanted.get("query", {})))
    if "json" in wanted:
        assert json.loads(request.content) == wanted["json"]
    elif "text" in wanted:
        assert request.read().decode() == wanted["text"]
    elif "parts" in wanted:
        assert _parts(request) == wanted["parts"]
    elif "form" in wanted:
        assert dict(parse_qsl(request.content.decode())) == wanted["form"]
    else:
        assert not request.read()
    for name, value in wanted.get("headers", {}).items():
        assert request.headers.get(name) == value


def _parts(request: httpx.Request) -> list[list[str | None]]:
    """Name, file name and content of each part of a multipart body, in their order."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = message_from_bytes(head + request.read())
    return [
        [
            str(part.get_param("name", header="content-disposition")),
            part.get_filename(),
            str(part.get_payload()),
        ]
        for part in message.walk()
        if not part.is_multipart()
    ]


def _pairs(query: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in query.items():
        for one in value if isinstance(value, list) else [value]:
            yield name, one


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


BEGAN = datetime(2026, 11, 21, 10, tzinfo=UTC)
SINCE = BEGAN - timedelta(days=1)
