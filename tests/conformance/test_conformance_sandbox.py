"""Every provider against its vendor's sandbox: linked, read, killed, read on, and nothing given away."""

import logging
from collections.abc import Iterator
from html import unescape
from typing import Any

import httpx
import pytest
from killing import end_lease, kill_when
from sqlalchemy import func, select
from world import Account, World

from app.common.models import COLLECTIONS
from app.common.times import now
from app.jobs import job_table
from app.records.tables import vendor_row
from conformance.sandboxed import APIS, STYLES, Vendor, everything, everything_stored, sandboxed
from providers.kit.client import VendorTransport
from providers.registry import PROVIDERS
from sandboxes import CREDENTIALS, SANDBOXES

LONG = 2.0  # seconds that a run takes at least, so that it can be killed
KILLS = (0.3, 0.7)  # the shares of a run's requests after which its worker is killed


@pytest.fixture(params=STYLES, ids="-".join)
def vendor(request: pytest.FixtureRequest, world: World, no_pauses: None) -> Iterator[Vendor]:
    with sandboxed(world, *request.param) as made:
        yield made


each_api = pytest.mark.parametrize("vendor", APIS, ids="-".join, indirect=True)


@pytest.mark.parametrize("slug", PROVIDERS)
def test_every_provider_has_a_sandbox(slug: str) -> None:
    """Without one, the tests below do not exist for it: see sandboxes/README.md."""
    assert slug in SANDBOXES, f"write sandboxes/{slug.replace('-', '_')}/ and add it to sandboxes/registry.py"
    opened = {
        style and style.api.name for style in map(PROVIDERS[slug].style_for, CREDENTIALS[slug].values())
    }
    assert opened == {api.name for api in PROVIDERS[slug].apis}, "it needs credentials for every API"


def test_every_model_is_read_and_done(vendor: Vendor) -> None:
    account = vendor.link()
    vendor.run(account)
    rows = account.get("/sync-status").json()["results"]
    assert {row["model_name"]: row["status"] for row in rows} == {
        mapping.model: "DONE"
        for mapping in vendor.api(account).mappings
        if any(model.name == mapping.model for model in COLLECTIONS)
    }
    found = everything(account)
    assert not [row["model_name"] for row in rows if not found[row["model_name"]]], "the sandbox has some"


def test_a_run_that_is_cut_off_goes_on_and_loses_nothing(vendor: Vendor) -> None:
    account = vendor.link()
    for skip in (2, 7, 12):
        vendor.fail(path="*", skip=skip, times=4, status=503, body={})
        vendor.run(account)
        vendor.mend()
    vendor.run(account)
    read = everything(account)
    assert {len(ids) - len(set(ids)) for ids in read.values()} == {0}
    account.http.post("/sync-status/resync")
    vendor.run(account)
    assert everything(account) == read


def test_credentials_that_are_refused_link_nothing(vendor: Vendor) -> None:
    secret = next(f.name for f in secrets_of(vendor))
    body = {"integration": vendor.slug, "credentials": {**vendor.credentials, secret: "wrong-secret"}}
    answer = vendor.world.http.post("/linked-accounts", json=body)
    assert answer.status_code == 400
    (problem,) = answer.json()["errors"]
    assert problem["problem_type"] == "PROVIDER_ERROR"
    assert "wrong-secret" not in answer.text


def secrets_of(vendor: Vendor) -> list[Any]:
    style = PROVIDERS[vendor.slug].style_for(vendor.credentials)
    assert style is not None
    return [f for f in style.fields if f.secret and f.name in vendor.credentials]


@each_api
def test_a_killed_worker_loses_nothing_and_doubles_nothing(vendor: Vendor) -> None:
    world, undisturbed = vendor.world, vendor.link()
    before = vendor.requests()
    vendor.run(undisturbed)
    needed = vendor.requests() - before
    account = vendor.link()
    vendor.slow_down(LONG / needed)
    for share in KILLS:
        wanted = vendor.requests() + max(1, int(needed * share / len(KILLS)))
        kill_when(world, lambda wanted=wanted: vendor.requests() >= wanted)
        end_lease(world, account)
    vendor.slow_down(0)
    vendor.run(account)
    assert everything(account) == everything(undisturbed)
    assert rows_of(world, account) == rows_of(world, undisturbed)


def rows_of(world: World, account: Account) -> dict[str, int]:
    """How many rows are kept, by resource."""
    query = select(vendor_row.c.resource, func.count()).where(vendor_row.c.account_id == account.id)
    with world.service.reader.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(query.group_by(vendor_row.c.resource))}


@each_api
def test_a_limit_is_waited_for(vendor: Vendor) -> None:
    account = vendor.link()
    vendor.fail(path="*", times=1, status=429, headers={"Retry-After": "600"}, body={"message": "Slow down."})
    vendor.run(account)
    with vendor.world.service.reader.connect() as connection:
        held = connection.scalar(select(job_table.c.hold_until).where(job_table.c.key == account.id))
    assert 500 < held - now() / 1_000_000 <= 600
    asked = vendor.requests()
    vendor.world.service.jobs.run_due()
    assert vendor.requests() == asked, "nothing is asked until then"


def test_no_secret_is_stored_in_clear_or_logged(
    vendor: Vendor, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    sent = spied_on(monkeypatch, [vendor.credentials[f.name] for f in secrets_of(vendor)])
    account = vendor.link()
    vendor.fail(path="*", skip=3, times=4, status=500, body={"message": str(vendor.credentials)})
    vendor.run(account)
    vendor.mend()
    vendor.run(account)
    for method in ("GET", "POST"):
        request = {"method": method, "path": "/nothing-here", "data": "{}"}
        shown = account.http.post("/passthrough", json=request).text
        assert not [word for word in sent if word in shown], "the caller sees no credentials"
    shown = said_back(vendor, account, monkeypatch)
    kept = unescape(everything_stored(vendor.world) + caplog.text + shown)
    for f in secrets_of(vendor):
        assert vendor.credentials[f.name] not in kept
    assert sent, "requests are authenticated"
    assert not [word for word in sent if word in kept], "neither headers nor tokens"


def spied_on(monkeypatch: pytest.MonkeyPatch, secrets: list[str]) -> set[str]:
    """What authenticates the requests: the last word of `Authorization`, and secrets in their bodies."""
    words: set[str] = set()
    send = VendorTransport.handle_request

    def handle(self: VendorTransport, request: httpx.Request) -> httpx.Response:
        words.update(request.headers.get("Authorization", "").split()[-1:])
        body = unescape(request.read().decode(errors="replace"))
        words.update(secret for secret in secrets if secret in body)
        return send(self, request)

    monkeypatch.setattr(VendorTransport, "handle_request", handle)
    return words


def said_back(vendor: Vendor, account: Account, monkeypatch: pytest.MonkeyPatch) -> str:
    """Have the vendor answer each request with all of it, in whatever way; gives what callers are shown."""
    shown, statuses = [], [200, 400, 406, 500, 403, 401]

    def handle(_self: VendorTransport, request: httpx.Request) -> httpx.Response:
        said = f"{request.url} {dict(request.headers)} {request.read().decode(errors='replace')}"
        told = {"message": said, "error": said, "errors": [{"message": said}], "code": said}
        headers = {"X-Said": " ".join(said.split())}
        if statuses[0] == 406:
            return httpx.Response(406, json=told, headers=headers)
        return httpx.Response(statuses[0], text=said, headers=headers | {"Content-Type": "text/xml"})

    relayed = {"method": "POST", "path": "/said", "data": "<a/>", "request_format": "XML"}
    person = {"model": {"first_name": "Ann", "last_name": "Lee"}, "remote_user_id": "1"}
    linked = {"integration": vendor.slug, "credentials": vendor.credentials}
    with monkeypatch.context() as patched:
        patched.setattr(VendorTransport, "handle_request", handle)
        while statuses:
            shown.append(account.http.post("/passthrough", json=relayed).text)
            shown.append(account.http.post("/candidates?is_debug_mode=true", json=person).text)
            shown.append(vendor.world.http.post("/linked-accounts", json=linked).text)
            vendor.run(account)
            statuses.pop(0)
    told_of = ("/issues", "/sync-status", "/vendor-calls", "/account-details")
    return "\n".join([*shown, *(account.get(path).text for path in told_of)])
