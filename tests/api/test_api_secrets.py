"""No secret is stored in the open, logged or answered, even where a vendor says back what it was sent.

Markers stand for every kind of secret, and travel through the whole API; then everything stored (what is
encrypted apart), everything logged at DEBUG and everything answered is searched for them.
"""

import json
import logging
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import select
from world import Json, World

from app.database import Sealed
from app.tables import metadata
from app.telemetry import logs
from providers import kit

KEY = 'mark-vendor-key/+"1'
OTHER_KEY = "mark-other-key-2"
SIGNING_KEY = "mark-webhook-key-3"
CLIENT_ID, CLIENT_SECRET = "mark-client-id-4", "mark-client-secret-5"
VENDOR_TOKEN = "mark-vendor-token-6"
LINKED = ["v1", "v3"]
CREDENTIALS = {
    "v1": {"api_key": KEY},
    "v3": {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET},
}
MARKERS = [KEY, OTHER_KEY, SIGNING_KEY, CLIENT_SECRET, VENDOR_TOKEN]
# Answered to its owner alone, and the address that vendors are given; both are made by the service.
OPEN_COLUMNS = {("linked_account", "webhook_secret")}


@dataclass
class Parrot:
    """A vendor that says everything back it was sent, with whatever status is wanted."""

    status: int = 200
    healthy: bool = True
    asked: list[str] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(str(request.url))
        if request.url.path == "/token" and self.healthy:
            return httpx.Response(
                200,
                json={
                    "access_token": VENDOR_TOKEN,
                    "token_type": "Bearer",
                    "expires_at": "2099-01-01T00:00:00Z",
                },
            )
        if self.healthy:
            return httpx.Response(200, json=[], headers={"X-Echo": request.headers.get("authorization", "")})
        return httpx.Response(self.status, json=self.said(request), headers=self.echoed(request))

    @staticmethod
    def said(request: httpx.Request) -> Json:
        """The request, in every spelling."""
        sent = f"{request.url} {dict(request.headers)} {request.content.decode(errors='replace')}"
        used = decoded(request)
        return {
            "message": f"refused {used} {quote(used)} {sent}",
            "error": used,
            "errors": [{"message": f"{sent} {[used]}", "field": "x"}],
        }

    @staticmethod
    def echoed(request: httpx.Request) -> dict[str, str]:
        authorization = request.headers.get("authorization", "none")
        return {"X-Echo": authorization, "X-Key": decoded(request), "Set-Cookie": f"key={decoded(request)}"}


def decoded(request: httpx.Request) -> str:
    """The secret that a request is authenticated with."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    return b64decode(value).decode().rstrip(":") if scheme == "Basic" else value


@pytest.fixture
def vendor(world: World, monkeypatch: pytest.MonkeyPatch) -> Parrot:
    parrot = Parrot()
    opened = kit.open_client

    def open_client(*arguments: Any, **options: Any) -> Any:
        transport = httpx.MockTransport(parrot)
        return opened(*arguments, **{**options, "origin": None, "transport": transport, "attempts": 1})

    monkeypatch.setattr("app.accounts.connect.open_client", open_client)
    # Who waits because it has refused something waits no longer, and asks it.
    monkeypatch.setattr(world.service.connector._turns, "_sleep", lambda _seconds: world.stop_waiting())
    return parrot


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    """Everything this process logs, at DEBUG."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    file = tmp_path / "log"
    logs.set_up("DEBUG", file=file)
    yield file
    for handler in root.handlers:
        handler.close()
    root.handlers[:], root.level = before, level
    for noisy in logs.QUIET:
        logging.getLogger(noisy).setLevel(logging.WARNING)


def spellings(secret: str) -> list[str]:
    return [
        secret,
        quote(secret, safe=""),
        json.dumps(secret)[1:-1],
        b64encode(f"{secret}:".encode()).decode(),
    ]


def found_in(text: str, secrets: list[str]) -> list[str]:
    return [secret for secret in secrets if any(spelling in text for spelling in spellings(secret))]


def stored_in_the_open(world: World) -> Iterator[tuple[str, str]]:
    """Every value of every column but the encrypted ones."""
    with world.service.engine.connect() as connection:
        for table in metadata.tables.values():
            columns = [c for c in table.columns if not isinstance(c.type, Sealed)]
            columns = [c for c in columns if (table.name, c.name) not in OPEN_COLUMNS]
            for row in connection.execute(select(*columns)):
                for column, value in zip(columns, row, strict=True):
                    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
                    yield str(column), text


class Walk:
    """Calls the whole API with secrets, and remembers every answer."""

    def __init__(self, world: World, vendor: Parrot) -> None:
        self.world = world
        self.vendor = vendor
        self.answers: list[tuple[str, httpx.Response]] = []
        self.own = [world.key]  # secrets the service itself has made

    def call(self, http: httpx.Client, method: str, path: str, body: Json | None = None) -> httpx.Response:
        answer = http.request(method, path, json=body)
        self.answers.append((f"{method} {path}", answer))
        return answer

    def link(self, style: str, credentials: dict[str, str]) -> httpx.Response:
        return self.call(
            self.world.http,
            "POST",
            "/linked-accounts",
            {
                "integration": "greenhouse",
                "credentials": credentials,
                "end_user_origin_id": f"origin {style}",
                "end_user_organization_name": "Acme",
                "end_user_email_address": "people@acme.example",
            },
        )

    def fails(self, status: int, http: httpx.Client, style: str) -> None:
        """Everything that reaches the vendor, while it refuses everything."""
        self.vendor.healthy, self.vendor.status = False, status
        self.link(style, CREDENTIALS[style])
        self.link("stranger", {"api_key": OTHER_KEY})
        self.page(style)
        for body in (
            {"method": "GET", "path": f"/{style}/users?api_key={quote(KEY)}"},
            {"method": "POST", "path": f"/{style}/users", "data": "{}", "request_format": "JSON"},
        ):
            self.call(http, "POST", "/passthrough", body)
            self.call(http, "POST", "/async-passthrough", body)
        for path in ("/candidates?is_debug_mode=true", "/candidates?run_async=true"):
            self.call(
                http, "POST", path, {"model": {"first_name": "A", "last_name": "B"}, "remote_user_id": "1"}
            )
        self.call(http, "POST", "/sync-status/resync")
        self.world.service.jobs.run_due()

    def page(self, style: str) -> None:
        """The link page, with credentials that the vendor refuses."""
        made = self.call(
            self.world.http,
            "POST",
            "/link-token",
            {
                "end_user_origin_id": "page",
                "end_user_organization_name": "Acme",
                "end_user_email_address": "people@acme.example",
                "categories": ["ats"],
                "integration": "greenhouse",
            },
        )
        token = made.json()["link_token"]
        self.own.append(token)
        form = {"link_token": token, "integration": "greenhouse"}
        form |= {f"field-{name}": value for name, value in CREDENTIALS[style].items()}
        for number in range(3):
            url = f"{self.world.url}/link/credentials"
            answer = self.world.http.post(url, data={**form, "style": str(number)})
            self.answers.append(("form", answer))

    def webhooks(self, http: httpx.Client, listener: str) -> None:
        key = {"event": "candidate_hired", "is_active": True, "key": SIGNING_KEY}
        self.call(http, "POST", "/webhook-receivers", key)
        self.call(http, "GET", "/webhook-receivers")
        headers = {"Signature": f"sha256 {SIGNING_KEY}"}
        self.world.http.post(f"{self.world.url}{listener}?key={SIGNING_KEY}", content=b"{", headers=headers)

    def look(self, http: httpx.Client) -> None:
        """Everything that tells what has happened."""
        for path in ("/issues", "/sync-status", "/account-details", "/vendor-calls", "/audit-trail"):
            self.call(http, "GET", f"{path}?page_size=100")
        self.call(self.world.http, "GET", "/linked-accounts")


@pytest.mark.parametrize("style", LINKED)
def test_no_secret_is_left_anywhere(world: World, vendor: Parrot, log_file: Path, style: str) -> None:
    walk = Walk(world, vendor)
    world.http.post("/webhooks", json={"target": "https://127.0.0.1/x", "events": ["*"]})
    linked = walk.link(style, CREDENTIALS[style])
    assert linked.status_code == 201, linked.text
    walk.own.append(linked.json()["account_token"])
    account = world.account(linked.json()["account_token"], linked.json()["linked_account"])
    walk.webhooks(account.http, account.listener)
    for status in (200, 400, 401, 403, 404, 409, 422, 429, 500, 503):
        walk.fails(status, account.http, style)
    walk.look(account.http)
    vendor.healthy = True
    walk.call(account.http, "POST", "/passthrough", {"method": "GET", "path": "/x"})
    walk.call(account.http, "POST", "/account-token/regenerate")
    logging.getLogger("test").debug("the last line")

    secrets = [*MARKERS, *walk.own]
    assert len(vendor.asked) > 50, "it was asked"
    written = log_file.read_text()
    assert "the last line" in written
    assert "/passthrough" in written
    assert found_in(written, secrets) == []
    stored = list(stored_in_the_open(world))
    assert {"issue.error_details", "vendor_call.path", "audit_event.description"} <= {
        name for name, _ in stored
    }
    assert [(name, found) for name, text in stored if (found := found_in(text, secrets))] == []
    given = {"POST /linked-accounts", "POST /link-token", "POST /account-token/regenerate", "form"}
    for name, answer in walk.answers:
        shown = answer.text + str(answer.headers)
        assert found_in(shown, MARKERS if name in given else secrets) == [], name
