"""Accounts that nobody uses, and those whose vendor fails all the time, rest until somebody comes."""

import asyncio

import httpx
import orjson
import pytest
from sqlalchemy import select, update
from world import API, Account, Synced, World

from app.accounts.tables import linked_account
from app.common.times import now
from app.jobs import job_table
from app.sync.tables import resource_state
from sandboxes.greenhouse.webhooks import webhook_headers

DAY = 86_400_000_000


def used(world: World, account: Account, days_ago: float) -> None:
    with world.service.engine.begin() as connection:
        connection.execute(
            update(linked_account)
            .where(linked_account.c.id == account.id)
            .values(used_at=now() - int(days_ago * DAY))
        )


def succeeded(world: World, account: Account, days_ago: float) -> None:
    """When the account was linked and last read."""
    moment = now() - int(days_ago * DAY)
    with world.service.engine.begin() as connection:
        connection.execute(
            update(resource_state).where(resource_state.c.account_id == account.id).values(fresh_as_of=moment)
        )
        connection.execute(
            update(linked_account).where(linked_account.c.id == account.id).values(completed_at=moment)
        )


def run(world: World, account: Account) -> list[str]:
    """The next scheduled synchronisation, now; gives the requests made to the vendor."""
    world.sandbox.controls.received.clear()
    with world.service.engine.begin() as connection:
        connection.execute(
            update(job_table).where(job_table.c.key == account.id).values(due_at=0, hold_until=0)
        )
    world.service.jobs.run_due()
    return [request.path for request in world.sandbox.controls.received]


def due(world: World, account: Account) -> float | None:
    with world.service.reader.connect() as connection:
        return connection.scalar(select(job_table.c.due_at).where(job_table.c.key == account.id))


def status(world: World, account: Account) -> str:
    return str(world.stored(account).status)


def get(world: World, account: Account, path: str) -> httpx.Response:
    """A request that is over, all of it, when this returns."""

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(world.app),
            base_url="http://omniats.test",
            headers=account.http.headers,
        ) as http:
            return await http.get(f"{API}{path}")

    return asyncio.run(ask())


def statuses(answer: httpx.Response) -> set[str]:
    return {row["status"] for row in answer.json()["results"]}


@pytest.mark.contract("6.2", "7.3")
def test_an_account_that_nobody_uses_rests_and_the_next_request_wakes_it(synced: Synced) -> None:
    world, account = synced.world, synced.v1
    used(world, account, 13.9)
    assert run(world, account)
    assert status(world, account) == "COMPLETE"
    used(world, account, 14.1)
    assert run(world, account) == []
    assert (status(world, account), due(world, account)) == ("IDLE", None)
    listed = world.http.get("/linked-accounts", params={"status": "IDLE"}).json()["results"]
    assert [one["id"] for one in listed] == [account.id]
    assert "two weeks" in listed[0]["status_detail"]
    assert status(world, account) == "IDLE", "a request about all accounts is none about this one"
    answer = get(world, account, "/sync-status")
    assert statuses(answer) == {"PAUSED"}
    assert {row["next_sync_start"] for row in answer.json()["results"]} == {None}
    assert (status(world, account), world.stored(account).status_detail) == ("COMPLETE", None)
    assert due(world, account) is not None
    assert run(world, account)
    assert statuses(get(world, account, "/sync-status")) == {"DONE"}


@pytest.mark.contract("7.3")
def test_use_is_noted_once_a_day(synced: Synced) -> None:
    world, account = synced.world, synced.v1
    used(world, account, 1.1)
    before = now()
    get(world, account, "/interviews?page_size=1")
    noted = world.stored(account).used_at
    assert noted >= before
    for _ in range(3):
        get(world, account, "/interviews?page_size=1")
    assert world.stored(account).used_at == noted, "reading writes nothing"
    used(world, account, 0.9)
    stamped = world.stored(account).used_at
    get(world, account, "/interviews?page_size=1")
    assert world.stored(account).used_at == stamped


@pytest.mark.contract("7.3")
def test_a_vendors_webhook_is_a_use(synced: Synced) -> None:
    world, account = synced.world, synced.v1
    account.http.post("/webhook-receivers", json={"event": "ping", "is_active": True, "key": "k"})
    used(world, account, 15)
    assert run(world, account) == []
    raw = orjson.dumps({"action": "ping", "payload": {}})
    url = f"{world.url}{account.listener}"
    assert httpx.post(url, content=raw, headers=webhook_headers(raw, "another")).status_code == 401
    assert status(world, account) == "IDLE", "it was not genuine"
    assert httpx.post(url, content=raw, headers=webhook_headers(raw, "k")).status_code == 200
    assert status(world, account) == "COMPLETE"


@pytest.mark.contract("7.3")
def test_an_account_that_fails_for_two_weeks_rests_until_a_resync(synced: Synced) -> None:
    world, account = synced.world, synced.v1
    world.sandbox.permissions["v1"].granted = set()
    succeeded(world, account, 13.9)
    assert run(world, account)
    assert status(world, account) == "COMPLETE"
    succeeded(world, account, 14.1)
    assert run(world, account)
    assert (status(world, account), due(world, account)) == ("IDLE", None)
    used(world, account, 2)
    assert statuses(get(world, account, "/sync-status")) == {"PAUSED"}
    assert status(world, account) == "IDLE", "that somebody comes does not mend the vendor"
    account.http.post("/sync-status/resync")
    assert status(world, account) == "COMPLETE"
    assert run(world, account), "it tries"
    assert status(world, account) == "IDLE", "in vain"
    world.sandbox.permissions["v1"].granted = None
    account.http.post("/sync-status/resync")
    assert run(world, account)
    assert (status(world, account), statuses(get(world, account, "/sync-status"))) == ("COMPLETE", {"DONE"})
