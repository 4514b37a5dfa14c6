"""One budget a linked account, for every process and everything that is sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from world import Account, Synced

from app.accounts.clock import AccountGone
from app.budgets import turns
from app.budgets.ledger import Ledger
from app.budgets.rules import Budget
from app.budgets.transport import Budgeted
from app.budgets.turns import Customer, Turns
from app.jobs import job_table
from app.jobs.clock import Now
from app.service import Service
from providers.kit import Limit, RateLimited
from providers.kit.client import SIGNED

SLOW = Limit(name="slow", requests=6, seconds=60, burst=1)  # one each ten seconds
ALONE = Limit(name="alone", concurrent=1)


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited; nobody does."""
    waits: list[float] = []
    monkeypatch.setattr(Turns.__init__, "__defaults__", (waits.append,))
    return waits


@pytest.fixture
def processes(synced: Synced, slept: list[float]) -> Iterator[tuple[Service, Service]]:
    """Two services that share a database, as two processes do, and keep within limits."""
    settings = synced.world.settings.model_copy(update={"vendor_rate_share": 1.0})
    made = Service(settings), Service(settings)
    yield made
    for service in made:
        service.jobs.dispatch.close()
        service.engine.dispose()


def customer(account: Account, *limits: Limit, background: bool = False) -> Customer:
    return Customer(account.id, "greenhouse", limits, 60.0, background)


def request(path: str = "/") -> httpx.Request:
    return httpx.Request("GET", f"https://vendor.example{path}")


def budget_of(synced: Synced, account: Account) -> tuple[Budget, float]:
    with Ledger(synced.world.service.engine).changing(account.id) as (budget, now):
        return budget, now


def passed(account: Account) -> httpx.Response:
    return account.http.post("/passthrough", json={"method": "GET", "path": "/v3/users?per_page=1"})


def test_what_one_process_sends_another_has_not_left(
    synced: Synced, processes: tuple[Service, Service], slept: list[float]
) -> None:
    one, other = (Turns(Ledger(service.engine), 1.0) for service in processes)
    for turns_of_a_process in (one, other):
        turns_of_a_process.take(customer(synced.v3, SLOW), request())
    (wait,) = slept
    assert 9 < wait <= 10
    one.take(customer(synced.v1, SLOW), request())
    assert len(slept) == 1, "another account has a budget of its own"


def test_a_refusal_of_one_process_is_obeyed_by_all(
    synced: Synced, processes: tuple[Service, Service]
) -> None:
    """A synchronisation is refused: writes, passthrough and fresh records leave the vendor alone too."""
    world, account = synced.world, synced.v3
    interview, candidate = account.list("/interviews")[0], account.list("/candidates")[0]
    world.sandbox.controls.fail("/v3/*", times=1, status=429, headers={"Retry-After": "600"})
    account.http.post("/sync-status/resync")
    processes[0].jobs.run_due()
    world.sandbox.controls.received.clear()
    answers = [
        passed(account),
        account.http.patch(f"/interviews/{interview['id']}", json={"model": {"location": "Room 1"}}),
    ]
    for answer in answers:
        assert answer.status_code == 429, answer.text
        assert 590 <= int(answer.headers["Retry-After"]) <= 600
    fresh = account.get(f"/candidates/{candidate['id']}", max_age="0")
    assert (fresh.status_code, fresh.json()["id"]) == (200, candidate["id"])
    assert not world.sandbox.controls.received
    assert passed(synced.other).status_code == 200, "others are served"


@pytest.mark.parametrize("path", ["/passthrough", "write"])
def test_a_refusal_that_a_caller_meets_stops_the_synchronisation(
    synced: Synced, processes: tuple[Service, Service], path: str
) -> None:
    world, account = synced.world, synced.v3
    interview = account.list("/interviews")[0]
    world.sandbox.controls.fail("/v3/*", times=1, status=429, headers={"Retry-After": "600"})
    if path == "write":
        account.http.patch(f"/interviews/{interview['id']}", json={"model": {"location": "Room 1"}})
    else:
        assert passed(account).json()["status"] == 429
    account.http.post("/sync-status/resync")
    world.sandbox.controls.received.clear()
    processes[0].jobs.run_due()
    assert not world.sandbox.controls.received
    with world.service.reader.connect() as connection:
        query = select(job_table.c.hold_until - Now()).where(
            job_table.c.kind == "sync", job_table.c.key == account.id
        )
        assert 590 < (connection.scalar(query) or 0) <= 600
    world.stop_waiting()
    assert passed(account).json()["status"] == 200


def test_throttled_accounts_hold_no_thread(
    synced: Synced, processes: tuple[Service, Service], slept: list[float]
) -> None:
    world = synced.world
    throttled, served = (synced.v1, synced.v3), synced.other
    with world.service.engine.begin() as connection:
        for account in (*throttled, served):
            connection.execute(
                update(job_table)
                .where(job_table.c.key == account.id, job_table.c.kind == "sync")
                .values(due_at=0)
            )
    for account in throttled:
        with Ledger(world.service.engine).changing(account.id) as (budget, now):
            budget.held_until = now + 600
    before = last_read(served)
    processes[0].jobs.run_due()
    assert slept == [], "their runs were put back at once"
    assert last_read(served) > before
    assert passed(served).json()["status"] == 200


def last_read(account: Account) -> str:
    rows = account.get("/sync-status").json()["results"]
    return max(str(row["last_sync_finished"]) for row in rows)


def test_answers_tell_what_is_granted_and_when_the_next_window_begins(
    synced: Synced, processes: tuple[Service, Service], slept: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    limits, ahead = synced.world.sandbox.limits, datetime.now(UTC) + timedelta(minutes=10)
    monkeypatch.setattr(limits, "clock", lambda: ahead)  # however slow the machine, one window
    with processes[0].connector.account(synced.v3.id) as account:
        account.client.get("/v3/users", {"per_page": 1})  # with which it has a token
        limits.set("v3", 3)
        _, before = budget_of(synced, synced.v3)
        for _ in range(3):
            answer = account.client.get("/v3/users", {"per_page": 1})
    budget, after = budget_of(synced, synced.v3)
    assert [spent.granted for spent in budget.spent.values()] == [3]
    answered = parsedate_to_datetime(answer.headers["Date"]).timestamp()
    wait = int(answer.headers["X-RateLimit-Reset"]) - answered
    assert before + wait <= budget.held_until <= after + wait
    slept.clear()
    with processes[1].connector.account(synced.v3.id) as account, pytest.raises(RateLimited):
        account.client.get("/v3/users", {"per_page": 1})
    assert slept == []


class Vendor(httpx.BaseTransport):
    """Answers, or fails."""

    def __init__(self, status: int = 200, error: Exception | None = None, **headers: str) -> None:
        self.status, self.error, self.headers, self.asked = status, error, headers, 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if self.error:
            raise self.error
        return httpx.Response(self.status, headers=self.headers, stream=httpx.ByteStream(b"{}"))


@contextmanager
def client(synced: Synced, who: Customer, vendor: Vendor) -> Iterator[httpx.Client]:
    transport = Budgeted(vendor, Turns(Ledger(synced.world.service.engine), 1.0), who)
    with httpx.Client(transport=transport, base_url="https://vendor.example") as made:
        yield made


def under_way(synced: Synced, account: Account) -> int:
    return len(budget_of(synced, account)[0].of(ALONE).under_way)


def test_a_request_is_under_way_until_its_answer_has_been_read(synced: Synced) -> None:
    who = customer(synced.v3, ALONE)
    with client(synced, who, Vendor()) as http:
        with http.stream("GET", "/"):
            assert under_way(synced, synced.v3) == 1
        assert under_way(synced, synced.v3) == 0


def test_a_request_that_fails_has_ended(synced: Synced) -> None:
    vendor = Vendor(error=httpx.ReadTimeout("slow"))
    with client(synced, customer(synced.v3, ALONE), vendor) as http, pytest.raises(httpx.ReadTimeout):
        http.get("/")
    assert under_way(synced, synced.v3) == 0


def test_who_finds_no_room_looks_again_and_gives_up_in_the_end(synced: Synced, slept: list[float]) -> None:
    vendor = Vendor()
    with Ledger(synced.world.service.engine).changing(synced.v3.id) as (budget, now):
        budget.of(ALONE).under_way = {"another": now + 600}
    who = customer(synced.v3, ALONE, background=True)
    with client(synced, who, vendor) as http, pytest.raises(RateLimited) as raised:
        http.get("/")
    assert (vendor.asked, raised.value.retry_after) == (0, 1.0)
    assert sum(slept) == pytest.approx(turns.PATIENCE, abs=0.2)


def test_the_same_request_is_sent_when_the_other_has_ended(
    synced: Synced, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(synced.world.service.engine)
    with ledger.changing(synced.v3.id) as (budget, now):
        budget.of(ALONE).under_way = {"another": now + 600}

    def end(_seconds: float) -> None:
        with ledger.changing(synced.v3.id) as (budget, _now):
            budget.give_back("another")

    monkeypatch.setattr(Turns.__init__, "__defaults__", (end,))
    with client(synced, customer(synced.v3, ALONE), Vendor()) as http:
        assert http.get("/").status_code == 200


def test_what_goes_to_a_file_store_takes_nothing(synced: Synced) -> None:
    with Ledger(synced.world.service.engine).changing(synced.v3.id) as (budget, now):
        budget.held_until = now + 600
    with client(synced, customer(synced.v3, SLOW), Vendor(429)) as http:
        assert http.get("/", extensions={SIGNED: True}).status_code == 429
    assert budget_of(synced, synced.v3)[0].spent == {}


def test_a_budget_that_cannot_be_written_does_not_hide_what_the_vendor_has_done(
    synced: Synced, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with client(synced, customer(synced.v3, ALONE), Vendor()) as http:
        with http.stream("GET", "/") as answer:
            gone = OperationalError("select", {}, Exception("gone"))
            monkeypatch.setattr(Ledger, "changing", lambda *_: (_ for _ in ()).throw(gone))
        assert answer.status_code == 200
    assert "not kept: OperationalError" in caplog.text


def test_few_threads_wait_for_one_account(synced: Synced, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are needed for all the others."""
    made = Turns(Ledger(synced.world.service.engine), 1.0)
    made._waiting[synced.v3.id] = turns.CROWD
    with pytest.raises(RateLimited):
        made.take(customer(synced.v3, SLOW), request())
    assert made.take(customer(synced.v1, SLOW), request())


def test_a_deleted_account_has_no_budget(synced: Synced) -> None:
    gone = replace(customer(synced.v3, SLOW), account_id="nobody")
    with pytest.raises(AccountGone):
        Turns(Ledger(synced.world.service.engine), 1.0).take(gone, request())


def test_waiting_is_counted(synced: Synced, slept: list[float]) -> None:
    def counted() -> float:
        return (
            REGISTRY.get_sample_value("omniats_vendor_wait_seconds_total", {"integration": "greenhouse"}) or 0
        )

    before, made = counted(), Turns(Ledger(synced.world.service.engine), 1.0)
    for _ in range(2):
        made.take(customer(synced.v3, SLOW), request())
    assert counted() - before == pytest.approx(sum(slept))
    assert made._waiting == {}


def test_synchronisations_and_deliveries_leave_the_reserve_to_callers(
    synced: Synced, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, account, seen = synced.world, synced.v3, []
    take = Turns.take

    def watched(self: Turns, who: Customer, sent: httpx.Request) -> Any:
        seen.append((who.background, sent.url.path))
        return take(self, who, sent)

    monkeypatch.setattr(Turns, "take", watched)
    world.sync(account)
    assert {background for background, _ in seen} == {True}
    seen.clear()
    assert passed(account).status_code == 200
    assert {background for background, _ in seen} == {False}


def test_a_refusal_is_obeyed_where_no_limit_is_declared_and_none_kept(
    synced: Synced, slept: list[float]
) -> None:
    vendor, engine = Vendor(429, **{"Retry-After": "600"}), synced.world.service.engine
    for share in (1.0, 0.0):
        synced.world.stop_waiting()
        asked, limits = vendor.asked, (SLOW,) if share == 0.0 else ()
        transport = Budgeted(vendor, Turns(Ledger(engine), share), customer(synced.v3, *limits))
        with httpx.Client(transport=transport, base_url="https://vendor.example") as http:
            assert http.get("/").status_code == 429
            with pytest.raises(RateLimited):
                http.get("/")
        assert vendor.asked == asked + 1
    assert slept == []
