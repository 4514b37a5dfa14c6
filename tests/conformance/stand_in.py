"""A stand-in for a vendor that answers one prepared request after the other, and no other."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qsl

import httpx

from conformance.cases import Case
from providers.kit import Client, Row, TokenGrant, open_client

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


class Prepared:
    """The rows a case says are kept: `stored` by resource and key, `found` by resource.index and value."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._stored = data.get("stored", {})
        self._found = data.get("found", {})

    def stored(self, resource: str, key: str) -> Row | None:
        return self._stored.get(resource, {}).get(key)

    def find(self, resource: str, on: str, value: Any) -> list[Row]:
        return self._found.get(f"{resource}.{on}", {}).get(str(value), [])

    def after(self, resource: str, key: str, limit: int) -> list[tuple[str, Row]]:
        return sorted(pair for pair in self._stored.get(resource, {}).items() if pair[0] > key)[:limit]


class StandIn:
    """Plays the exchanges of a case: each `{"request": {...}, "answer": {...}}`, in their order.

    Args:
        case: the case.
        answer: answers instead of the exchanges, whatever is asked.
    """

    def __init__(self, case: Case, answer: Callable[[httpx.Request], httpx.Response] | None = None) -> None:
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
            transport=httpx.MockTransport(answer or self._answer),
        )

    def assert_all_was_asked(self) -> None:
        assert not self._left, f"not asked: {[step['request'] for step in self._left]}"

    def _answer(self, request: httpx.Request) -> httpx.Response:
        assert self._left, f"nothing prepared for {request.method} {request.url} {request.content!r}"
        step = self._left.pop(0)
        _compare(step["request"], request)
        return answer_of(step["answer"])


def answer_of(answer: dict[str, Any]) -> httpx.Response:
    """The prepared answer: `json`, `xml` (its lines) or `text`, `status` (200) and `headers`."""
    content, kind = _content(answer)
    headers = httpx.Headers(answer.get("headers", {}))
    if kind:
        headers.setdefault("Content-Type", kind)
    return httpx.Response(answer.get("status", 200), content=content, headers=headers)


def _content(answer: dict[str, Any]) -> tuple[bytes, str | None]:
    if "json" in answer:
        return json.dumps(answer["json"]).encode(), "application/json"
    if "xml" in answer:
        return "\n".join(answer["xml"]).encode(), "text/xml; charset=utf-8"
    return answer.get("text", "").encode(), None


def _compare(wanted: dict[str, Any], request: httpx.Request) -> None:
    assert (request.method, request.url.path) == (wanted["method"], wanted["path"])
    assert request.url.host == wanted.get("host", request.url.host)
    query = sorted([k, v] for k, v in parse_qsl(request.url.query.decode(), keep_blank_values=True))
    assert query == sorted([k, str(v)] for k, v in _pairs(wanted.get("query", {})))
    if "json" in wanted:
        assert json.loads(request.content) == wanted["json"]
    elif "xml" in wanted:
        assert _canonical(_named_alike(request.read(), wanted["xml"])) == _canonical(wanted["xml"])
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


def _named_alike(sent: bytes, wanted: list[str]) -> list[str]:
    """The element of a document that has the name of the wanted one: fixtures leave out what is around."""
    name = ET.fromstring("\n".join(wanted)).tag
    found = list(ET.fromstring(sent).iter(name))
    assert len(found) == 1, f"{len(found)} of {name} in {sent.decode()}"
    return [ET.tostring(found[0], encoding="unicode")]


def _canonical(xml: list[str]) -> str:
    """XML as it is compared: the same whatever its prefixes and the white space between elements are."""
    return ET.canonicalize("\n".join(xml), strip_text=True, rewrite_prefixes=True)


def _pairs(query: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in query.items():
        for one in value if isinstance(value, list) else [value]:
            yield name, one


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


BEGAN = datetime(2026, 11, 21, 10, tzinfo=UTC)
SINCE = BEGAN - timedelta(days=1)
