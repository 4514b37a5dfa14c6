"""No route lets one account's token reach what belongs to another."""

import re
from collections.abc import Collection, Iterator
from typing import Any

import httpx
import pytest
from fastapi.routing import iter_route_contexts
from filling import ENDPOINT, fill, subscribe
from sqlalchemy import select
from world import API, Account, Json, Synced

from app.accounts.keys import TEST, create_key
from app.common.models import COLLECTIONS
from app.console import deeds, entrance, rooms
from app.issues import store as issues
from app.tables import metadata
from app.webhooks.outbox import announce

LISTENER = "/api/integrations/webhook-listener/{secret}"
ASSETS = "/docs/assets"
OPEN = {"/healthz", "/readyz", "/docs", "/docs/start.js", "/openapi.json", "/metrics"}
# The page for browsers, apart from the API: who uses it knows a link token, and that is all it opens.
LINK_PAGE = {
    *("/link", "/link/{name}", "/link/callback", "/link/credentials", "/link/authorize", "/link/state"),
    *("/link/initialize.js", "/initialize.js"),
}
# The operators' pages see every account; tests/console/test_entrance.py shows each of them to strangers.
CONSOLE = {
    r.path for r in iter_route_contexts([*entrance.router.routes, *deeds.router.routes, *rooms.router.routes])
}
# Routes of the API key alone: what they answer depends on no account.
KEY_ONLY = {
    ("POST", f"{API}/linked-accounts"),
    ("GET", f"{API}/linked-accounts"),
    ("GET", f"{API}/integrations"),
    ("POST", f"{API}/generate-key"),
    ("POST", f"{API}/regenerate-key"),
    ("GET", f"{API}/audit-trail"),
    ("GET", f"{API}/issues"),
    *((method, f"{API}/issues/{{id}}") for method in ("GET", "PATCH")),
    ("POST", f"{API}/link-token"),
    ("POST", "/api/integrations/create-link-token"),
    ("POST", f"{API}/webhooks"),
    ("GET", f"{API}/webhooks"),
    ("POST", f"{API}/webhooks/signature-key/regenerate"),
    *((method, f"{API}/webhooks/{{id}}") for method in ("GET", "PATCH", "DELETE")),
    ("POST", f"{API}/webhooks/{{id}}/test"),
    ("GET", f"{API}/webhooks/{{id}}/deliveries"),
    ("POST", f"{API}/webhooks/{{id}}/deliveries/{{delivery_id}}/replay"),
    ("POST", f"{API}/webhooks/{{id}}/replay"),
}
LAST = ("account-token/regenerate", "delete-account")  # these end the token that the walk presents


def routes(synced: Synced) -> Iterator[tuple[str, str]]:
    """Every route of the running application, as its API description knows them."""
    for path, methods in synced.world.app.document["paths"].items():
        for method in methods:
            yield method.upper(), path


def foreign_ids(account: Account) -> list[str]:
    found = [account.id]
    for model in COLLECTIONS:
        found += [r["id"] for r in account.list(model.path, include_deleted_data="true")]
    return found


def sample(synced: Synced, account: Account) -> dict[str, str]:
    """One id of each collection, and of whatever else an account or its owner has, by the table it is in."""
    subscribe(synced.world)
    with synced.world.service.jobs.begin() as connection:
        issues.report(connection, account.id, "test", "Something is wrong", "with an account")
        announce(connection, account.id, "LinkedAccount.synced", {})
    fill(synced.world, account)
    ids = {model.path: account.list(model.path)[0]["id"] for model in COLLECTIONS}
    with synced.world.service.reader.connect() as connection:
        for table in metadata.tables.values():
            if {"id", "account_id"} <= set(table.c.keys()) and not table.name.startswith("ats_"):
                of_account = select(table.c.id).where(table.c.account_id == account.id)
                ids[table.name] = str(connection.scalar(of_account.limit(1)))
    return ids | {"linked_account": account.id, "webhook_endpoint": ENDPOINT}


def body_for(ids: dict[str, str]) -> Json:
    """A body that fits every write and names records that are another account's."""
    return {
        "model": {
            "application": ids["applications"],
            "job_interview_stage": ids["job-interview-stages"],
            "interviewers": [ids["users"]],
            "organizer": ids["users"],
            "start_at": "2031-01-01T10:00:00Z",
            "end_at": "2031-01-01T11:00:00Z",
            "location": "elsewhere",
        },
        "remote_user_id": None,
        "event": "interview_deleted",
        "is_active": True,
        "method": "GET",
        "path": "/v1/users",
    }


@pytest.fixture
def owned(synced: Synced) -> list[str]:
    return foreign_ids(synced.other)


def test_every_route(synced: Synced) -> None:
    before = everything(synced.other)
    assert walk(synced, synced.v1.http, synced.other, skipped=KEY_ONLY) > 300
    changing = [r for r in synced.world.sandbox.controls.received if r.method not in ("GET", "HEAD")]
    assert not [r for r in changing if r.path != "/token"]
    assert everything(synced.other) == before


def everything(account: Account) -> Json:
    return {model.path: account.list(model.path, include_deleted_data="true") for model in COLLECTIONS}


def leaked(text: str, owned: list[str]) -> list[str]:
    return [one for one in owned if one in text]


def test_every_route_needs_a_key(synced: Synced) -> None:
    with synced.world.client() as http:
        for method, path in routes(synced):
            if path in OPEN or path == LISTENER:
                continue
            url = synced.world.url + re.sub(r"\{[^}]*\}", "x", path)
            assert http.request(method, url, content=b"{").status_code == 401, (method, path)


def test_lists_with_everything_shown(synced: Synced, account: Account, owned: list[str]) -> None:
    everything: dict[str, Any] = {
        "include_deleted_data": "true",
        "include_shell_data": "true",
        "include_remote_data": "true",
    }
    for model in COLLECTIONS:
        expand = ",".join(f.name for f in model.rendered if f.expandable)
        for record in account.list(model.path, **everything, expand=expand):
            assert not leaked(str(record), owned)


def test_the_walk_sees_every_route(synced: Synced) -> None:
    """Routes left out of the description are left out of the walk: here is said how each is kept apart."""
    found = [
        (method, route.path, getattr(route, "include_in_schema", False))  # what is mounted has no such word
        for route in iter_route_contexts(synced.world.app.app.routes)
        for method in getattr(route, "methods", None) or [""]
    ]
    assert {(method, path) for method, path, shown in found if shown} == set(routes(synced))
    others = {path for _, path, shown in found if not shown}
    assert others == {*LINK_PAGE, *CONSOLE, "/docs", "/docs/start.js", "/openapi.json", ASSETS}


def walk(
    synced: Synced, http: httpx.Client, owner: Account, skipped: Collection[tuple[str, str]] = ()
) -> int:
    """Call every route with another's ids; gives how many calls were made, none of which told anything."""
    owned, ids, walked = foreign_ids(owner), sample(synced, owner), 0
    for method, path in sorted(routes(synced), key=lambda route: route[1].endswith(LAST)):
        if path in OPEN or path == LISTENER or (method, path) in skipped:
            continue
        assert path.startswith((API, "/api/integrations/")), f"{path}: say here how it is kept apart"
        for wanted in sorted(set(ids.values())) if "{" in path else [""]:
            url = synced.world.url + re.sub(r"\{[^}]*\}", wanted, path)
            body = body_for(ids) if method in ("POST", "PATCH", "PUT") else None
            answer = http.request(method, url, json=body)
            walked += 1
            assert answer.status_code < 500, (method, url, answer.text)
            assert not (wanted and answer.is_success), (method, url, answer.text)
            assert not (answer.is_success and leaked(answer.text, owned)), (method, url)
    return walked


def test_nor_the_other_way_round(synced: Synced) -> None:
    """The stranger among the walk's accounts is the caller, and the account it walked with the other."""
    before = everything(synced.v3)
    assert walk(synced, synced.other.http, synced.v3, skipped=KEY_ONLY) > 300
    assert everything(synced.v3) == before


def test_a_test_key_reaches_nothing_of_production(synced: Synced) -> None:
    """Not even with the account's own token, which it should never have."""
    with synced.world.service.engine.begin() as connection:
        key = create_key(connection, "only tests", TEST)
    before = everything(synced.v3)
    with synced.world.client(Authorization=f"Bearer {key}", X_Account_Token=synced.v3.token) as http:
        assert http.get("/candidates").status_code == 401
        assert http.get("/linked-accounts").json()["results"] == []
        assert walk(synced, http, synced.v3) > 300
    assert everything(synced.v3) == before
