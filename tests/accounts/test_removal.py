"""Deleting a linked account: nothing of it is left, and nobody waits for it."""

import logging
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from filling import fill, subscribe
from merge import Merge
from sqlalchemy import func, select
from world import Account, Synced, World

from app.accounts import keys, removal
from app.accounts.tables import linked_account
from app.audit.tables import audit_event
from app.audit.trail import SYSTEM
from app.common.models import COLLECTIONS
from app.issues import store as issues
from app.jobs import Job, Later, ask, job_table
from app.tables import metadata
from app.webhooks.tables import webhook_delivery
from providers.kit import Client

TELLING = {"audit_event", "webhook_delivery"}  # that it was deleted, and when, is to be known


def everything(world: World, *, but: set[str] = frozenset()) -> dict[str, str]:
    """All the database holds, by table."""
    with world.service.reader.connect() as connection:
        return {
            name: repr([tuple(row) for row in connection.execute(select(table))])
            for name, table in metadata.tables.items()
            if name not in but
        }


def holding(world: World, text: str, *, but: set[str] = frozenset()) -> set[str]:
    return {name for name, content in everything(world, but=but).items() if text in content}


def delete(account: Account) -> None:
    answer = account.http.post("/delete-account")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.fixture
def marked(synced: Synced) -> Synced:
    """An account with a mark in whatever may be stored of it."""
    world, account = synced.world, synced.v1
    subscribe(world)
    for record in world.sandbox.tables["candidates"].rows.values():
        record["first_name"] = "Marked"
    account.http.post("/webhook-receivers", json={"event": "x", "is_active": True, "key": "k"})
    headers = {"Idempotency-Key": "once"}
    account.http.post("/webhook-receivers", json={"event": "y", "is_active": True}, headers=headers)
    with world.service.jobs.begin() as connection:
        issues.report(connection, account.id, "mapping:Offer", "Unexpected data", "Marked")
    world.sync(account)
    assert len(holding(world, account.id)) > 20
    assert {"ats_candidate", "vendor_row", "issue", "webhook_delivery"} <= holding(world, "Marked")
    return synced


@pytest.mark.contract("5.6")
def test_nothing_is_left(marked: Synced) -> None:
    world, account = marked.world, marked.v1
    others = {m.path: marked.v3.list(m.path) for m in COLLECTIONS}
    delete(account)
    world.service.jobs.run_due()
    assert holding(world, account.id, but=TELLING) == set()
    assert holding(world, "Marked") == set()
    assert holding(world, "origin-0", but=TELLING) == set()
    assert {m.path: marked.v3.list(m.path) for m in COLLECTIONS} == others
    assert marked.v3.get("/account-details").status_code == 200


@pytest.mark.contract("5.6")
def test_it_is_over_before_anything_is_purged(marked: Synced) -> None:
    world, account = marked.world, marked.v1
    sealed = world.stored(account)
    delete(account)
    for path in ("/interviews", "/account-details", "/sync-status"):
        assert account.get(path).status_code == 401
    assert account.http.post("/delete-account").status_code == 401
    ids = [a["id"] for a in world.http.get("/linked-accounts").json()["results"]]
    assert account.id not in ids
    assert len(ids) == 2
    assert world.http.get("/linked-accounts", params={"id": account.id}).json()["results"] == []
    assert account.id not in world.http.get("/issues").text
    assert world.http.post(f"{world.url}{account.listener}", content=b"{}").status_code == 404
    row = world.stored(account)
    for name in ("credentials", "credentials_fingerprint", "token_sealed"):
        assert row._mapping[name] == b"" != sealed._mapping[name]
    assert holding(world, repr(bytes(sealed.credentials))) == set()
    with world.service.reader.connect() as connection:
        keys = connection.execute(select(job_table.c.kind).where(job_table.c.key == account.id))
        assert [key.kind for key in keys] == [removal.KIND]


@pytest.mark.contract("11.4", "13")
def test_it_is_told_and_written_down(marked: Synced) -> None:
    world, account = marked.world, marked.v1
    details = account.get("/account-details").json()
    delete(account)
    world.service.jobs.run_due()
    with world.service.reader.connect() as connection:
        (delivery,) = connection.execute(
            select(webhook_delivery).where(webhook_delivery.c.event == "LinkedAccount.deleted")
        )
        (event,) = connection.execute(
            select(audit_event).where(audit_event.c.event_type == "DELETED_LINKED_ACCOUNT")
        )
    assert orjson.loads(delivery.data) == details
    assert orjson.loads(delivery.account)["id"] == account.id
    assert (event.role, account.id in event.description) == ("API", True)
    assert "Acme" not in event.description


@pytest.mark.contract("5.6")
def test_the_end_user_can_be_linked_again_at_once(synced: Synced) -> None:
    world, account = synced.world, synced.v1
    delete(account)
    again = world.link("v1", sync=False, end_user_origin_id=account.row["end_user_origin_id"])
    assert again.id != account.id
    world.service.jobs.run_due()
    assert again.list("/interviews")
    assert holding(world, account.id, but=TELLING) == set()


def test_by_the_sdk(synced: Synced) -> None:
    client = Merge(
        base_url=f"{synced.world.url}/api", api_key=synced.world.key, account_token=synced.v3.token
    )
    assert client.ats.delete_account.delete() is None
    assert synced.v3.get("/interviews").status_code == 401


def while_the_vendor_answers(monkeypatch: pytest.MonkeyPatch, deed: Callable[[], None]) -> None:
    """Do something when the vendor's first answer has come and nothing is made of it yet."""
    once, original = [deed], Client.get

    def get(*arguments: Any, **named: Any) -> Any:
        answer = original(*arguments, **named)
        if once:
            once.pop()()
        return answer

    monkeypatch.setattr(Client, "get", get)


def test_a_running_synchronisation_is_lost_and_writes_nothing_more(
    synced: Synced, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world, account = synced.world, synced.v1
    account.http.post("/sync-status/resync")
    while_the_vendor_answers(monkeypatch, lambda: delete(account))
    with caplog.at_level(logging.INFO, "app.jobs"):
        assert world.service.jobs.run_due() == 2, "the synchronisation, and the purge"
    assert [(r.getMessage(), r.kind) for r in caplog.records if r.name == "app.jobs.runs"] == [  # type: ignore[attr-defined]
        ("run lost", "sync")
    ]
    assert holding(world, account.id, but=TELLING) == set()


def test_a_synchronisation_asked_for_in_the_last_moment_leaves_nothing(synced: Synced) -> None:
    world, account = synced.world, synced.v1
    delete(account)
    with world.service.jobs.begin() as connection:
        ask(connection, "sync", account.id)
    world.service.jobs.run_due()
    assert holding(world, account.id, but=TELLING) == set()


def test_requests_under_way_end_as_if_the_account_had_never_been(
    synced: Synced, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Authenticated before the account was deleted, stored after."""
    world, account = synced.world, synced.v1
    original = keys.caller_of_account

    def identify(*arguments: Any) -> Any:
        found = original(*arguments)
        monkeypatch.setattr("app.api.callers.caller_of_account", original)
        delete(account)
        return found

    monkeypatch.setattr("app.api.callers.caller_of_account", identify)
    answer = account.get("/available-actions")
    assert (answer.status_code, answer.json()) == (401, {"detail": "Invalid token."})
    world.service.jobs.run_due()
    assert holding(world, account.id, but=TELLING) == set()


def test_a_purge_is_done_some_rows_at_a_time_and_goes_on_where_it_was(
    synced: Synced, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, account = synced.world, synced.v1
    delete(account)
    monkeypatch.setattr(removal, "BATCH", 3)
    left = rows_of(world, account)
    turns = 5

    def turn(job: Job) -> None:
        nonlocal turns, left
        before, left = left, rows_of(world, account)
        assert 0 <= before - left <= 3, "never more than a batch in one transaction"
        turns -= 1
        if turns == 0:
            raise Later(0)

    monkeypatch.setattr(world.service.jobs.runs, "turn", turn)
    world.service.jobs.run_due()
    assert holding(world, account.id, but=TELLING) == set()
    assert turns < 0, "it was interrupted, and went on"


def rows_of(world: World, account: Account) -> int:
    """How many rows there are of an account."""
    with world.service.reader.connect() as connection:
        return sum(
            connection.scalar(select(func.count()).select_from(t).where(t.c.account_id == account.id)) or 0
            for t in metadata.tables.values()
            if "account_id" in t.c
        )


def test_two_who_delete_delete_once(synced: Synced) -> None:
    world, account = synced.world, synced.v1
    for _ in range(2):
        with world.service.jobs.begin() as connection:
            removal.end(connection, account.id, SYSTEM, world.url)
    world.service.jobs.run_due()
    events = world.http.get("/audit-trail", params={"event_type": "DELETED_LINKED_ACCOUNT"}).json()["results"]
    assert len(events) == 1
    assert holding(world, account.id, but=TELLING) == set()


def test_every_table_that_names_an_account_is_purged() -> None:
    """A new table whose rows belong to accounts says so by a column of this name."""
    refer = {
        t.name
        for t in metadata.tables.values()
        if {f.column.table for f in t.foreign_keys} & {linked_account}
    }
    assert refer == {t.name for t in metadata.tables.values() if "account_id" in t.c}


@pytest.mark.contract("5.6")
def test_nothing_is_left_in_any_table_that_there_is_or_will_be(marked: Synced) -> None:
    world, account = marked.world, marked.v1
    tables = fill(world, account)
    assert "vendor_call" in tables
    assert tables <= holding(world, account.id)
    delete(account)
    world.service.jobs.run_due()
    assert holding(world, account.id, but=TELLING) == set()
    assert holding(world, "Marked") == set()
