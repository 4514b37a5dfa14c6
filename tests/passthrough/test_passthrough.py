"""Raw requests to the vendor, with its authentication and to its hosts alone."""

import base64
import gzip
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from world import Account, Json, Synced

from providers.kit import client as kit


class Vendor:
    """Stands in for the network: answers what a test says, and keeps what was asked."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.answer: Any = httpx.Response(200, json={})

    def handle(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        answer: httpx.Response = self.answer
        return answer


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendor]:
    """Everything a Harvest v1 account sends arrives here; nothing is redirected."""
    made = Vendor()
    transport = httpx.MockTransport(made.handle)
    opened = kit.open_client

    def open_client(*arguments: Any, **options: Any) -> Any:
        return opened(*arguments, **{**options, "origin": None, "transport": transport})

    monkeypatch.setattr("app.accounts.connect.open_client", open_client)
    yield made


def send(account: Account, status: int = 200, **request: Any) -> Json:
    answer = account.http.post("/passthrough", json={"method": "GET", "path": "/v1/users"} | request)
    assert answer.status_code == status, answer.text
    body: Json = answer.json()
    return body


@pytest.mark.contract("9.1", "9.3")
def test_get(synced: Synced, account: Account, style: str) -> None:
    shown = send(account, path=f"/{style}/users?per_page=2")
    assert set(shown) == {
        "method",
        "path",
        "status",
        "response",
        "response_headers",
        "response_type",
        "headers",
    }
    assert (shown["method"], shown["path"], shown["status"]) == ("GET", f"/{style}/users?per_page=2", 200)
    assert shown["response_type"] == "JSON"
    assert len(shown["response"]) == 2
    assert synced.world.sent("GET", "/users")[-1].query == "per_page=2"


@pytest.mark.contract("9.2")
def test_post(synced: Synced) -> None:
    data = json.dumps({"user_id": 1, "body": "Hello", "visibility": "public"})
    candidate = synced.v1.list("/candidates")[0]["remote_id"]
    shown = send(
        synced.v1,
        method="POST",
        path=f"/v1/candidates/{candidate}/activity_feed/notes",
        data=data,
        request_format="JSON",
        headers={"On-Behalf-Of": synced.v1.list("/users")[0]["remote_id"]},
    )
    (sent,) = synced.world.sent("POST", "/notes")
    assert sent.body == json.loads(data)
    assert sent.headers["content-type"] == "application/json"
    assert shown["status"] in (200, 201, 422)


@pytest.mark.contract("9.3")
@pytest.mark.parametrize(
    ("content", "headers", "response", "kind"),
    [
        (b'{"a": [1, null]}', {"content-type": "application/json"}, {"a": [1, None]}, "JSON"),
        (b"<a>\xc3\xa9</a>", {"content-type": "application/xml"}, "<a>é</a>", "JSON"),
        (b"<a>\xe9</a>", {"content-type": "application/xml; charset=latin-1"}, "<a>é</a>", "JSON"),
        (b"plain", {}, "plain", "JSON"),
        (b"x", {"content-type": "text/plain; charset=nobody"}, "x", "JSON"),
        (b"", {}, None, "JSON"),
    ],
)
def test_text_answers(
    synced: Synced, vendor: Vendor, content: bytes, headers: dict[str, str], response: Any, kind: str
) -> None:
    vendor.answer = httpx.Response(200, content=content, headers=headers)
    shown = send(synced.v1)
    assert (shown["response"], shown["response_type"]) == (response, kind)


@pytest.mark.contract("9.3")
def test_a_binary_answer(synced: Synced, vendor: Vendor) -> None:
    content = b"%PDF-\xff\xfe\x00\x80"
    vendor.answer = httpx.Response(200, content=content)
    shown = send(synced.v1)
    assert shown["response_type"] == "BASE64_GZIP"
    assert gzip.decompress(base64.b64decode(shown["response"])) == content


@pytest.mark.contract("9.4")
def test_normalized(synced: Synced, vendor: Vendor) -> None:
    vendor.answer = httpx.Response(200, json={"a": [1, 2.5, True, None, "x"], "b": {}})
    shown = send(synced.v1, normalize_response=True)["response"]
    kinds = [(v["type"], v["value"]) for v in shown["value"]["a"]["value"]]
    assert kinds == [("number", 1), ("number", 2.5), ("boolean", True), ("null", None), ("string", "x")]
    assert shown["value"]["b"] == {"type": "object", "value": {}}
    assert shown["type"] == "object"


@pytest.mark.contract("9.3", "9.6")
@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 422, 429, 500, 503])
def test_what_the_vendor_refuses_is_an_answer(synced: Synced, vendor: Vendor, status: int) -> None:
    vendor.answer = httpx.Response(status, json={"message": "No"}, headers={"location": "https://evil.test/"})
    shown = send(synced.v1)
    assert (shown["status"], shown["response"]) == (status, {"message": "No"})
    assert len(vendor.requests) == 1
    assert synced.world.stored(synced.v1).status == "COMPLETE"


@pytest.mark.contract("9.2")
def test_formats(synced: Synced, vendor: Vendor) -> None:
    send(synced.v1, method="POST", data="<a/>", request_format="XML")
    assert vendor.requests[-1].headers["content-type"] == "application/xml"
    assert vendor.requests[-1].content == b"<a/>"
    send(
        synced.v1,
        method="POST",
        data="a=1",
        request_format="JSON",
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert vendor.requests[-1].headers.get_list("content-type") == ["application/x-www-form-urlencoded"]
    part = {"name": "file", "file_name": "a.txt", "content_type": "text/plain"}
    packed = base64.b64encode(gzip.compress(b"zipped")).decode()
    send(
        synced.v1,
        method="POST",
        request_format="MULTIPART",
        multipart_form_data=[
            part | {"data": "raw"},
            part | {"data": base64.b64encode(b"based").decode(), "encoding": "BASE64"},
            part | {"data": packed, "encoding": "GZIP_BASE64"},
        ],
    )
    sent = vendor.requests[-1]
    assert sent.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert [text in sent.content for text in (b"\r\nraw\r\n", b"\r\nbased\r\n", b"\r\nzipped\r\n")] == [
        True
    ] * 3


BOMB = base64.b64encode(gzip.compress(bytes(51_000_000), 1)).decode()
HALF_A_BOMB = base64.b64encode(gzip.compress(bytes(26_000_000), 1)).decode()


@pytest.mark.parametrize(
    "request_body",
    [
        {"data": "{}"},
        {"data": "{}", "request_format": "MULTIPART"},
        {"request_format": "MULTIPART"},
        {"multipart_form_data": []},
        {"multipart_form_data": [], "request_format": "JSON"},
        {"headers": {"X": "a\r\nY: b"}},
        {"headers": {"X Y": "a"}},
        {"headers": {"X": "é"}},
        {"path": "https://[", "method": "GET"},
        {"path": "/\0"},
        {
            "request_format": "MULTIPART",
            "multipart_form_data": [{"name": "x", "data": "%", "encoding": "BASE64"}],
        },
        {
            "request_format": "MULTIPART",
            "multipart_form_data": [{"name": "x", "data": "eA==", "encoding": "GZIP_BASE64"}],
        },
        {
            "request_format": "MULTIPART",
            "multipart_form_data": [{"name": "x", "data": BOMB, "encoding": "GZIP_BASE64"}],
        },
        {
            "request_format": "MULTIPART",
            "multipart_form_data": [{"name": "x", "data": HALF_A_BOMB, "encoding": "GZIP_BASE64"}] * 2,
        },
        {"data": "x", "request_format": "TEXT"},
    ],
)
def test_what_cannot_be_sent(synced: Synced, vendor: Vendor, request_body: Json) -> None:
    assert all(isinstance(texts, list) for texts in send(synced.v1, 400, **request_body).values())
    assert not vendor.requests


@pytest.mark.parametrize(
    "request_body",
    [
        {"path": "https://evil.test/v1/users"},
        {"path": "http://harvest.greenhouse.io/v1/users"},
        {"path": "https://harvest.greenhouse.io.evil.test/"},
        {"path": "https://harvest.greenhouse.io@evil.test/"},
        {"path": "https://evil.test#@harvest.greenhouse.io/"},
        {"path": "HTTPS://EVIL.TEST/"},
        {"path": "ftp://harvest.greenhouse.io/"},
        {"path": "https://127.0.0.1/"},
        {"path": "https://169.254.169.254/latest/meta-data"},
        {"path": "/x", "base_url_override": "https://evil.test"},
        {"path": "/x", "base_url_override": "http://localhost:8000"},
        {"path": "/x", "base_url_override": "https://harvest.greenhouse.io@evil.test"},
        {"path": ".evil.test/x", "base_url_override": "https://user:word@evil.test/"},
    ],
)
@pytest.mark.contract("9.6")
def test_no_host_but_the_vendors(synced: Synced, vendor: Vendor, request_body: Json) -> None:
    answer = synced.v1.http.post("/passthrough", json={"method": "GET"} | request_body)
    assert answer.status_code == 400, answer.text
    assert not vendor.requests


@pytest.mark.parametrize(
    ("request_body", "url"),
    [
        ({"path": "//evil.test/x"}, "https://harvest.greenhouse.io/evil.test/x"),
        ({"path": "@evil.test/x"}, "https://harvest.greenhouse.io/@evil.test/x"),
        ({"path": ".evil.test/x"}, "https://harvest.greenhouse.io/.evil.test/x"),
        ({"path": "https://harvest.greenhouse.io/v1/jobs?x=1"}, "https://harvest.greenhouse.io/v1/jobs?x=1"),
        (
            {"path": "/v1/jobs", "base_url_override": "https://harvest.greenhouse.io/"},
            "https://harvest.greenhouse.io/v1/jobs",
        ),
    ],
)
@pytest.mark.contract("9.6", "9.1")
def test_paths_stay_with_the_vendor(synced: Synced, vendor: Vendor, request_body: Json, url: str) -> None:
    send(synced.v1, **request_body)
    assert [str(request.url) for request in vendor.requests] == [url]


@pytest.mark.contract("9.6")
def test_a_backslash_ends_no_host(synced: Synced, vendor: Vendor) -> None:
    send(synced.v1, path="https://evil.test\\@harvest.greenhouse.io/")
    assert [request.url.host for request in vendor.requests] == ["harvest.greenhouse.io"]


@pytest.mark.contract("9.2", "9.3", "9.7")
def test_credentials_stay_apart(synced: Synced, vendor: Vendor) -> None:
    vendor.answer = httpx.Response(200, json={}, headers={"Set-Cookie": "session=secret", "X-Kept": "1"})
    mine = {
        "Authorization": "Bearer mine",
        "authorization": "x",
        "Cookie": "a=b",
        "Host": "evil.test",
        "X-Own": "1",
    }
    shown = send(synced.v1, headers=mine, path="https://someone:word@harvest.greenhouse.io/v1/users")
    (request,) = vendor.requests
    assert request.headers.get_list("authorization") == [
        "Basic " + base64.b64encode(b"sandbox-harvest-key:").decode()
    ]
    assert request.headers["host"] == "harvest.greenhouse.io"
    assert "cookie" not in request.headers
    assert "x-account-token" not in request.headers
    assert request.headers["x-own"] == "1"
    text = json.dumps(shown).lower()
    for secret in ("authorization", "basic", "session=secret", "sandbox-harvest-key", synced.v1.token):
        assert secret not in text
    assert shown["response_headers"]["x-kept"] == "1"


@pytest.mark.contract("9.5", "4.3")
def test_a_request_that_may_have_arrived(synced: Synced, vendor: Vendor) -> None:
    """Clients repeat a 408 by themselves: it is not the answer where the vendor would do it twice."""
    for fault in (httpx.ReadTimeout("too slow"), httpx.RemoteProtocolError("broken off")):
        vendor.answer = fault
        for method in ("POST", "PATCH"):
            said = send(synced.v1, 400, method=method)["detail"]
            assert "may have carried it out" in said
            assert "async-passthrough" in said
        for method in ("PUT", "DELETE", "HEAD", "OPTIONS"):
            answer = synced.v1.http.post("/passthrough", json={"method": method, "path": "/v1/users"})
            assert answer.status_code == (408 if isinstance(fault, httpx.ReadTimeout) else answer.status_code)
            assert answer.status_code in (408, 503)
    sent = len(vendor.requests)
    body = {"method": "POST", "path": "/v1/users"}
    for _ in range(3):
        answer = synced.v1.http.post("/passthrough", json=body, headers={"Idempotency-Key": "k"})
        assert answer.status_code == 408
    assert len(vendor.requests) == sent + 1


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.contract("9.1")
def test_every_method(synced: Synced, vendor: Vendor, method: str) -> None:
    vendor.answer = httpx.Response(200, content=b"" if method == "HEAD" else b"{}")
    shown = send(synced.v1, method=method)
    assert (shown["method"], shown["status"]) == (method, 200)
    assert [request.method for request in vendor.requests] == [method]


@pytest.mark.contract("9.3")
@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "application/octet-stream"])
def test_a_file_is_a_file(synced: Synced, vendor: Vendor, kind: str) -> None:
    """Whatever its bytes look like: a caller must not have to guess."""
    vendor.answer = httpx.Response(200, content=b"%PDF all ASCII", headers={"content-type": kind})
    shown = send(synced.v1)
    assert shown["response_type"] == "BASE64_GZIP"
    assert gzip.decompress(base64.b64decode(shown["response"])) == b"%PDF all ASCII"


def test_an_answer_too_large(synced: Synced, vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.passthrough.send.MAX_ANSWER", 1000)
    vendor.answer = httpx.Response(201, json={"a": "x" * 1001})
    (said,) = send(synced.v1, 400, method="POST")["path"]
    assert "answered 201" in said
    bomb = gzip.compress(bytes(5_000_000))
    vendor.answer = httpx.Response(200, content=bomb, headers={"content-encoding": "gzip"})
    assert "too large" in send(synced.v1, 400)["path"][0]
    vendor.answer = httpx.Response(
        200, content=gzip.compress(b'{"a": 1}'), headers={"content-encoding": "gzip"}
    )
    assert send(synced.v1)["response"] == {"a": 1}


@pytest.mark.contract("9.2")
def test_a_boundary_of_ours(synced: Synced, vendor: Vendor) -> None:
    send(
        synced.v1,
        method="POST",
        request_format="MULTIPART",
        headers={"Content-Type": "multipart/form-data"},
        multipart_form_data=[{"name": "x", "data": "y"}],
    )
    assert "boundary=" in vendor.requests[-1].headers["content-type"]
    assert b'name="x"' in vendor.requests[-1].content


@pytest.mark.contract("9.6")
def test_redirects_are_not_followed(synced: Synced, vendor: Vendor) -> None:
    vendor.answer = httpx.Response(302, headers={"location": "http://169.254.169.254/"})
    shown = send(synced.v1)
    assert (shown["status"], shown["response"]) == (302, None)
    assert len(vendor.requests) == 1


@pytest.mark.contract("9.5")
def test_no_answer(synced: Synced, vendor: Vendor) -> None:
    vendor.answer = httpx.ReadTimeout("too slow")
    assert "async-passthrough" in send(synced.v1, 408)["detail"]
    vendor.answer = httpx.ConnectError("nobody there")
    assert "cannot be reached" in send(synced.v1, 503)["detail"]
    assert len(vendor.requests) == 2


def test_an_account_to_be_linked_again(synced: Synced) -> None:
    sandbox = synced.world.sandbox
    sandbox.api_key = "another"
    synced.world.sync(synced.v1)
    asked = len(sandbox.controls.received)
    assert "Link the account again" in send(synced.v1, 400)["detail"]
    assert len(sandbox.controls.received) == asked
