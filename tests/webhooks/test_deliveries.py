"""Events reach subscribers: in the reference's form, signed, at least once, whatever the receiver does."""

import socket
from collections import Counter
from itertools import pairwise

import pytest
from sqlalchemy import select, update
from starlette.responses import Response
from subscriber import Subscribe, Subscriber, accept, let_pass
from world import Account, Json, World

from app.audit.tables import audit_event
from app.common.models import COLLECTIONS, TAG
from app.issues.store import ongoing
from app.records.drafts import draft
from app.records.tables import RECORD_TABLES
from app.webhooks.outbox import DELIVERED, FAILED, PENDING, announce, changing
from app.webhooks.tables import webhook_delivery, webhook_endpoint
from sandboxes import CREDENTIALS

HOURS = 3_600
pytestmark = pytest.mark.usefixtures("private_targets")


def deliver(world: World) -> None:
    world.service.jobs.run_due()


def tell(world: World, account: Account | None, *numbers: int, event: str = "Issue.new") -> None:
    """Announce events, each in a transaction of its own."""
    for number in numbers:
        with world.service.jobs.begin() as connection:
            announce(connection, account and account.id, event, {"number": number})


def everything_due(world: World, rounds: int = 12) -> None:
    """Let time pass until nothing waits any more."""
    for _ in range(rounds):
        deliver(world)
        let_pass(world, 13 * HOURS / rounds)


@pytest.mark.contract("11.4")
def test_a_new_account_comes_with_its_token(
    world: World, subscriber: Subscriber, subscribe: Subscribe
) -> None:
    """The outbox does not hold it; an account that is linked again is not told of."""
    subscribe("LinkedAccount.linked")
    account = world.link("v1", end_user_origin_id="customer 1", sync=False)
    with world.service.reader.connect() as connection:
        waiting = connection.execute(select(webhook_delivery)).all()
    assert account.token not in repr(waiting)
    deliver(world)
    (told,) = subscriber.accepted
    assert told.event == "LinkedAccount.linked"
    assert told.body["data"]["account_token"] == account.token
    assert told.body["data"]["end_user_origin_id"] == "customer 1"
    again = {"integration": "greenhouse", "credentials": CREDENTIALS["greenhouse"]["v1"]}
    world.http.post("/linked-accounts", json=again | {"end_user_origin_id": "customer 1"})
    deliver(world)
    assert len(subscriber.accepted) == 1


@pytest.mark.contract("11.1", "11.2", "11.4")
def test_every_record_of_a_first_synchronisation_is_told_of(
    world: World, subscriber: Subscriber, subscribe: Subscribe
) -> None:
    hook = subscribe("*")
    account = world.link("v3")
    deliver(world)
    told = {(h.event, h.body["data"]["id"]) for h in subscriber.accepted if h.event.endswith(".added")}
    there: set[tuple[str, str]] = set()
    for model in COLLECTIONS:
        if model.name != "JobPosting":  # the reference has no events of job postings
            there |= {(f"{model.name}.added", r["id"]) for r in account.list(f"/{model.path}")}
    assert told == there
    assert len({model for model, _ in there}) == 15
    assert all(h.is_signed_with(hook.key) for h in subscriber.received)
    ids = [h.id for h in subscriber.accepted]
    assert len(set(ids)) == len(ids)
    assert {d["state"] for d in hook.deliveries()} == {"DELIVERED"}


@pytest.mark.contract("11.1", "11.4")
def test_the_envelope(world: World, subscriber: Subscriber, subscribe: Subscribe) -> None:
    account = world.link("v3")
    hook = subscribe("ScheduledInterview.changed")
    interview = account.list("/interviews")[0]
    world.sandbox.change("interviews", int(interview["remote_id"]), location="Attic")
    world.sync(account)
    (received,) = [h for h in subscriber.received if h.body["data"]["id"] == interview["id"]]
    assert received.body == {
        "hook": {"id": hook.id, "event": "ScheduledInterview.changed", "target": subscriber.url},
        "linked_account": {
            "id": account.id,
            "integration": "Greenhouse",
            "integration_slug": "greenhouse",
            "category": "ats",
            "end_user_origin_id": "origin-0",
            "end_user_organization_name": "Acme",
            "end_user_email_address": "people@acme.example",
            "status": "COMPLETE",
            "webhook_listener_url": account.listener,  # in full where OMNIATS_PUBLIC_URL is set
            "is_duplicate": False,
            "account_type": "PRODUCTION",
            "completed_at": account.row["completed_at"],
        },
        "data": account.get(f"/interviews/{interview['id']}").json(),
    }
    assert received.body["data"]["location"] == "Attic"
    assert received.headers["content-type"] == "application/json"
    (logged,) = [d for d in hook.deliveries() if d["record"] == interview["id"]]
    assert logged["id"] == received.id
    assert logged["last_status"] == 200


@pytest.mark.contract("11.4")
def test_a_removed_record_is_told_of_as_last_seen(
    world: World, subscriber: Subscriber, subscribe: Subscribe
) -> None:
    account = world.link("v3")
    subscribe("ScheduledInterview.removed", "Candidate.*")
    interview = next(i for i in account.list("/interviews") if i["status"] == "SCHEDULED")
    answer = account.http.delete(f"/interviews/{interview['id']}")
    assert answer.status_code == 200, answer.text
    deliver(world)
    removed = [h.body for h in subscriber.received if h.event == "ScheduledInterview.removed"]
    assert [body["data"]["id"] for body in removed] == [interview["id"]]
    seen = removed[0]["data"]
    assert seen == interview | {"remote_was_deleted": True, "modified_at": seen["modified_at"]}


def test_what_has_been_erased_meanwhile_never_leaves(
    world: World, subscriber: Subscriber, subscribe: Subscribe
) -> None:
    subscriber.answer = lambda *_: 500
    world.link("v3", sync=False)
    subscribe("Candidate.added")
    deliver(world)
    assert any(h.body["data"]["first_name"] for h in subscriber.received)
    with world.service.engine.begin() as connection:
        erased = {"body": b'{"first_name": null}', "missing": None}
        connection.execute(RECORD_TABLES["Candidate"].update().values(erased))
    subscriber.answer = accept
    everything_due(world)
    assert {h.body["data"]["first_name"] for h in subscriber.accepted} == {None}


@pytest.mark.contract("11.3")
def test_a_receiver_that_fails_for_a_while_gets_everything_once(
    world: World, subscriber: Subscriber, subscribe: Subscribe
) -> None:
    account = world.link(sync=False)
    hook = subscribe("Issue.*")
    subscriber.answer = lambda number, _: 500 if number < 60 else 200
    tell(world, account, *range(40))
    everything_due(world)
    numbers = Counter(h.body["data"]["number"] for h in subscriber.accepted)
    assert numbers == Counter(range(40))
    tried = Counter(h.id for h in subscriber.received)
    assert len(tried) == 40
    assert sum(tried.values()) == 100
    assert all(h.is_signed_with(hook.key) for h in subscriber.received)
    bodies = {(h.id, h.raw) for h in subscriber.received}
    assert len(bodies) == 40, "a delivery id stands for one body"


@pytest.mark.contract("11.3")
@pytest.mark.parametrize("status", [500, 503, 429, 404, 400, 302])
def test_attempts_go_on_for_a_day_with_growing_gaps(
    world: World, subscriber: Subscriber, subscribe: Subscribe, status: int
) -> None:
    subscriber.answer = lambda *_: status
    hook = subscribe("Issue.new")
    tell(world, None, 1)
    gaps = []
    deliver(world)
    while (delivery := hook.deliveries()[0])["state"] == "PENDING":
        waits = next_wait(world)
        gaps.append(waits)
        let_pass(world, waits + 1)
        with world.service.engine.begin() as connection:  # the endpoint itself is well
            connection.execute(update(webhook_endpoint).values(failing_since=None, failures=0))
        deliver(world)
    assert delivery["state"] == "FAILED"
    assert delivery["attempts"] == len(subscriber.received) == len(gaps) + 1
    assert delivery["last_status"] == status
    assert delivery["last_error"] == f"HTTP {status}"
    assert sum(gaps) >= 24 * HOURS
    assert all(after > before for before, after in pairwise(gaps))
    assert len({h.id for h in subscriber.received}) == 1


def next_wait(world: World) -> float:
    """Seconds between the last attempt of the one delivery and its next."""
    with world.service.reader.connect() as connection:
        row = connection.execute(select(webhook_delivery)).one()
    return float(row.next_attempt_at - row.last_attempt_at) / 1_000_000


@pytest.mark.contract("11.3")
def test_a_busy_receiver_is_left_alone_as_long_as_it_asks(
    world: World, subscriber: Subscriber, subscribe: Subscribe
) -> None:
    subscriber.answer = lambda *_: Response(status_code=429, headers={"Retry-After": "40"})
    subscribe("Issue.new")
    tell(world, None, 1)
    deliver(world)
    assert next_wait(world) == 40
    let_pass(world, 30)
    tell(world, None, 2)
    deliver(world)
    assert len(subscriber.received) == 1, "the other event waits too"
    subscriber.answer = accept
    let_pass(world, 11)
    deliver(world)
    assert sorted(h.body["data"]["number"] for h in subscriber.accepted) == [1, 2]


def test_one_event_that_is_never_accepted_does_not_keep_the_others(
    world: World, subscriber: Subscriber, subscribe: Subscribe
) -> None:
    hook = subscribe("Issue.new")
    tell(world, None, 0)
    poison = hook.deliveries()[0]["id"]
    subscriber.answer = lambda _, delivery_id: 500 if delivery_id == poison else 200
    deliver(world)
    tell(world, None, *range(1, 50))
    everything_due(world)
    assert sorted(h.body["data"]["number"] for h in subscriber.accepted) == list(range(1, 50))
    assert sum(h.id == poison for h in subscriber.received) > 3
    assert hook.get()["is_active"]
    assert [d["id"] for d in hook.deliveries(state=PENDING)] == [poison]


def test_nobody_listens(world: World, subscribe: Subscribe, unused_port: int) -> None:
    hook = subscribe("Issue.new", target=f"http://127.0.0.1:{unused_port}/")
    tell(world, None, 1)
    deliver(world)
    (delivery,) = hook.deliveries()
    assert (delivery["state"], delivery["attempts"]) == (PENDING, 1)
    assert (delivery["last_status"], delivery["last_error"]) == (None, "No connection.")


@pytest.fixture
def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def test_an_endpoint_that_takes_nothing_for_a_day_is_disabled_and_loses_nothing(
    world: World, subscriber: Subscriber, subscribe: Subscribe
) -> None:
    subscriber.answer = lambda *_: 500
    hook = subscribe("Issue.muted")
    tell(world, None, 1, event="Issue.muted")
    everything_due(world)
    assert hook.get()["is_active"]
    assert hook.get()["failing_since"]
    everything_due(world)
    everything_due(world)
    disabled = hook.get()
    assert not disabled["is_active"]
    assert "HTTP 500" in disabled["disabled_reason"]
    assert issues(world) == {f"webhook:{hook.id}": "Webhook disabled"}
    assert "DISABLED_MERGE_WEBHOOK" in audited(world)

    tell(world, None, 2, event="Issue.muted")
    attempts = len(subscriber.received)
    everything_due(world)
    assert len(subscriber.received) == attempts, "it is left alone"

    subscriber.answer = accept
    assert hook.change(is_active=True)["disabled_reason"] is None
    everything_due(world)
    assert sorted(h.body["data"]["number"] for h in subscriber.accepted) == [1, 2]
    assert issues(world) == {}
    assert "ENABLED_MERGE_WEBHOOK" in audited(world)


def issues(world: World) -> dict[str, str]:
    """The open issues that belong to no account."""
    with world.service.reader.connect() as connection:
        return ongoing(connection, None)


def audited(world: World) -> set[str]:
    with world.service.reader.connect() as connection:
        return set(connection.scalars(select(audit_event.c.event_type)))


@pytest.mark.contract("POST /webhooks/{id}/replay", "POST /webhooks/{id}/deliveries/{delivery_id}/replay")
def test_what_was_given_up_is_replayed(world: World, subscriber: Subscriber, subscribe: Subscribe) -> None:
    hook = subscribe("Issue.new")
    tell(world, None, 1, 2, 3)
    deliver(world)
    first, second, third = (d["id"] for d in reversed(hook.deliveries()))
    with world.service.engine.begin() as connection:
        given_up = webhook_delivery.c.id.in_([first, second])
        connection.execute(update(webhook_delivery).where(given_up).values(state=FAILED, attempts=18))
    subscriber.received.clear()

    answer = world.http.post(f"/webhooks/{hook.id}/deliveries/{third}/replay")
    assert answer.json() == {"deliveries": 1}
    deliver(world)
    assert [h.id for h in subscriber.accepted] == [third]

    happened = hook.deliveries()[-1]["created_at"]
    ranges: list[tuple[Json, set[str]]] = [
        ({"start": "2100-01-01T00:00:00Z"}, set()),
        ({"start": "2020-01-01T00:00:00Z", "end": happened}, set()),
        ({"start": happened, "end": "2100-01-01T00:00:00+02:00"}, {first, second}),
        ({"start": happened, "states": [DELIVERED]}, {first, second, third}),
    ]
    for body, expected in ranges:
        subscriber.received.clear()
        answer = world.http.post(f"/webhooks/{hook.id}/replay", json=body)
        assert answer.json() == {"deliveries": len(expected)}
        deliver(world)
        assert {h.id for h in subscriber.accepted} == expected
    assert {d["state"] for d in hook.deliveries()} == {DELIVERED}


def test_old_deliveries_are_removed(world: World, subscriber: Subscriber, subscribe: Subscribe) -> None:
    hook = subscribe("Issue.new")
    tell(world, None, 1)
    deliver(world)
    let_pass(world, world.settings.webhook_retention - HOURS)
    deliver(world)
    assert len(hook.deliveries()) == 1
    let_pass(world, 2 * HOURS + 24 * HOURS)
    deliver(world)
    assert hook.deliveries() == []


def test_a_record_that_is_no_longer_there_is_given_up_at_once(
    world: World, subscriber: Subscriber, subscribe: Subscribe
) -> None:
    world.link("v3", sync=False)
    hook = subscribe("Department.added", is_active=True)
    subscriber.answer = lambda *_: 500
    deliver(world)
    with world.service.engine.begin() as connection:
        connection.execute(RECORD_TABLES["Department"].delete())
    subscriber.received.clear()
    everything_due(world, rounds=2)
    assert subscriber.received == []
    assert {(d["state"], d["last_error"]) for d in hook.deliveries()} == {
        (FAILED, "What it is about is no longer there.")
    }


@pytest.mark.contract("11.4")
def test_the_end_of_an_account_is_told_of_after_it_is_gone(
    world: World, subscriber: Subscriber, subscribe: Subscribe
) -> None:
    hook = subscribe("*")
    subscriber.answer = lambda *_: 500
    account = world.link("v3", sync=False)
    tell(world, account, 1)
    put(world, account, {"remote_id": 1, "name": "of an account that ends"})
    assert account.http.post("/delete-account").status_code == 200
    subscriber.answer = accept
    let_pass(world, HOURS)
    run_only(world, hook.id)
    everything_due(world)
    (told,) = subscriber.accepted
    assert told.event == "LinkedAccount.deleted"
    assert told.body["linked_account"]["id"] == account.id
    assert told.body["linked_account"]["end_user_organization_name"] == "Acme"
    deliver(world)
    assert [d["linked_account"] for d in hook.deliveries()] == [account.id], "the others went with it"


def put(world: World, account: Account, *tags: Json, without: str = "") -> None:
    """Store tags, and remove one before, in one transaction."""
    with world.service.jobs.begin() as connection, changing(connection, account.id) as store:
        store.remove(TAG, [without])
        store.put([draft(account.id, TAG, tag) for tag in tags])


def run_only(world: World, endpoint_id: str) -> None:
    """Deliver before anything else runs, such as the removal of a deleted account's rows."""
    assert world.service.jobs.runs.run("deliver", endpoint_id)


def test_what_a_transaction_undoes_is_told_of_as_it_is_at_its_end(
    world: World, subscriber: Subscriber, subscribe: Subscribe
) -> None:
    hook = subscribe("Tag.*")
    account = world.link(sync=False)
    put(world, account, {"remote_id": 1, "name": "a"})
    (tag,) = account.list("/tags")
    put(world, account, {"remote_id": 1, "name": "b"}, without=tag["id"])
    with world.service.jobs.begin() as connection, changing(connection, account.id) as store:
        for name in ("c", "d"):
            store.put([draft(account.id, TAG, {"remote_id": 1, "name": name})])
        store.remove(TAG, [tag["id"]])
    assert [d["event"] for d in reversed(hook.deliveries())] == ["Tag.added", "Tag.changed", "Tag.removed"]


def test_a_change_that_is_rolled_back_is_not_told_of(
    world: World, subscriber: Subscriber, subscribe: Subscribe
) -> None:
    account = world.link(sync=False)
    hook = subscribe("*")
    with pytest.raises(ZeroDivisionError), world.service.jobs.begin() as connection:
        announce(connection, account.id, "Issue.new", {})
        raise ZeroDivisionError
    assert hook.deliveries() == []
