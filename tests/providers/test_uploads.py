"""Files that go to a vendor's file store: where they go, with what, and what its refusals mean."""

from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from typing import Any

import httpx
import pytest
from world import World

from app.accounts.tokens import TriedTokens
from providers.kit import (
    BasicKey,
    Client,
    Content,
    CorruptedFile,
    FormWithFile,
    ProviderError,
    Unavailable,
    Unexpected,
    open_client,
)
from providers.kit.files import measured
from providers.registry import PROVIDERS

STORE = "https://files.elsewhere.example/put?signature=s"


class Store:
    """A file store on a host that is none of the vendor's."""

    def __init__(self, status: int = 204) -> None:
        self.status = status
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        return httpx.Response(self.status, text="<Error>AccessDenied</Error>")

    def client(self, origin: str | None = None, **options: Any) -> Client:
        return open_client(
            "https://api.vendor.example",
            ("api.vendor.example",),
            BasicKey("secret-key"),
            lambda _response: None,
            origin=origin,
            transport=httpx.MockTransport(self),
            **options,
        )


def parts(request: httpx.Request) -> list[Message]:
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    found = message_from_bytes(head + request.content).get_payload()
    assert isinstance(found, list)
    return [part for part in found if isinstance(part, Message)]


def form(name: str = "cv.pdf", size: int | None = 5) -> FormWithFile:
    content = Content("application/pdf", size, [b"he", b"llo"])
    return FormWithFile({"key": "k", "policy": "p"}, "file", name, content)


def test_the_fields_come_first_and_the_file_last_and_its_length_is_told() -> None:
    store, body = Store(), form('a"b\r\nX: ü.pdf')
    store.client().deposit(STORE, content=body, headers=body.headers)
    (request,) = store.requests
    assert request.headers["content-length"] == str(len(request.content))
    assert "transfer-encoding" not in request.headers
    key, policy, file = parts(request)
    assert [key.get_param("name", header="content-disposition"), key.get_payload()] == ["key", "k"]
    assert policy.get_payload() == "p"
    assert (file.get_content_type(), file.get_payload()) == ("application/pdf", "hello")
    assert 'filename="a%22b%0D%0AX: ü.pdf"'.encode() in request.content


def test_the_store_never_sees_the_credentials() -> None:
    store, body = Store(), form()
    store.client().deposit(STORE, content=body, headers=body.headers)
    assert str(store.requests[0].url) == STORE
    assert "authorization" not in store.requests[0].headers


def test_an_address_that_is_not_safe_is_refused() -> None:
    store, body = Store(), form()
    with pytest.raises(Unexpected):
        store.client().deposit("http://files.elsewhere.example/put", content=body, headers=body.headers)
    assert not store.requests


def test_a_redirected_vendor_keeps_its_files_too() -> None:
    store, body = Store(), form()
    store.client("http://127.0.0.1:9001").deposit(STORE, content=body, headers=body.headers)
    assert str(store.requests[0].url) == "http://127.0.0.1:9001/put?signature=s"


def test_other_requests_still_keep_to_the_vendors_hosts() -> None:
    store = Store()
    with pytest.raises(Unexpected):
        store.client().query(STORE, json={})
    assert not store.requests


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refusal_says_nothing_of_the_credentials(status: int) -> None:
    body = form()
    with pytest.raises(ProviderError) as refused:
        Store(status).client().deposit(STORE, content=body, headers=body.headers)
    assert type(refused.value).__name__ == ("Invalid" if status == 400 else "Unexpected")


def test_a_store_that_is_down_has_not_written_anything() -> None:
    body = form()
    with pytest.raises(Unavailable) as outage:
        Store(503).client().deposit(STORE, content=body, headers=body.headers)
    assert not outage.value.outcome_unknown


def test_a_file_of_another_length_than_promised_is_not_sent() -> None:
    body = form(size=6)
    with pytest.raises(CorruptedFile):
        b"".join(body)


def test_a_size_that_is_not_known_is_found_out() -> None:
    class Twice:
        times = 0

        def __iter__(self) -> Iterator[bytes]:
            self.times += 1
            return iter([b"ab", b"c"])

    chunks = Twice()
    known = measured(Content("text/plain", None, chunks))
    assert (known.size, chunks.times) == (3, 1)
    assert measured(known) is known


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "10.0.0.1", "::1"])
def test_a_store_inside_this_network_is_never_asked(world: World, address: str) -> None:
    """Whoever could make a vendor name an address would reach what only this machine can."""
    world.settings.provider_origins.clear()
    world.service.outbound._resolve = lambda _host, _port: [address]
    body, provider = form(), PROVIDERS["greenhouse"]
    style = provider.styles[0]
    credentials = {field.name: "x" for field in style.fields}
    tokens = TriedTokens(world.service.engine, world.service.vault, credentials)
    opened = world.service.connector.client(provider, style, credentials, tokens)
    with opened as client, pytest.raises(Unexpected, match="not on the public internet"):
        client.deposit(STORE, content=body, headers=body.headers)


def test_what_stands_in_for_a_vendor_may_be_anywhere() -> None:
    """A redirected origin is the operator's own choice."""
    store, body = Store(), form()
    stranger = httpx.MockTransport(lambda _request: httpx.Response(500))
    store.client("http://127.0.0.1:9001", strangers=stranger).deposit(
        STORE, content=body, headers=body.headers
    )
    assert store.requests
    with pytest.raises(Unavailable):
        store.client(strangers=stranger).deposit(STORE, content=body, headers=body.headers)
    assert len(store.requests) == 1
