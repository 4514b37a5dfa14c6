"""Webhooks as their owner makes, changes and removes them."""

from collections import Counter
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from subscriber import Subscribe, Subscriber
from world import Account, Json, World

from app.accounts.keys import TEST, create_key
from app.accounts.tables import linked_account
from app.audit.tables import audit_event
from app.outbound import Outbound
from app.webhooks.events import EVENTS
from app.webhooks.outbox import announce
from app.webhooks.tables import webhook_signature
from sandboxes import CREDENTIALS

BODY = {"target": "https://hooks.example/", "events": ["Candidate.*"]}


def public(_host: str, _port: int) -> list[str]:
    return ["93.184.215.14"]


@pytest.fixture
def resolved(world: World) -> World:
    """A world in which every host is on the public internet."""
    world.service.outbound = Outbound(allow_private=False, resolve=public)
    return world


def audited(world: World) -> list[str]:
    with world.service.reader.connect() as connection:
        query = select(audit_event.c.event_type, audit_event.c.user_name).order_by(audit_event.c.created_at)
        return [row.event_type for row in connection.execute(query) if row.user_name]


@pytest.mark.contract("POST /webhooks", "GET /webhooks", "GET /webhooks/{id}", "PATCH /webhooks/{id}")
@pytest.mark.contract("DELETE /webhooks/{id}")
def test_a_webhook_is_made_changed_and_removed(resolved: World) -> None:
    http = resolved.http
    answer = http.post("/webhooks", json=BODY)
    assert answer.status_code == 201
    made = answer.json()
    assert made.pop("signature_key").startswith("whsec_")
    expected = BODY | {"linked_accounts": None, "is_active": True, "disabled_reason": None}
    assert made == expected | {n: made[n] for n in ("id", "failing_since", "created_at", "modified_at")}
    assert http.get(f"/webhooks/{made['id']}").json() == made
    assert http.get("/webhooks").json() == {"next": None, "previous": None, "results": [made]}
    changed = http.patch(f"/webhooks/{made['id']}", json={"is_active": False}).json()
    assert changed == made | {"is_active": False, "modified_at": changed["modified_at"]}
    changed = http.patch(f"/webhooks/{made['id']}", json={"target": "http://other.example/", "events": ["*"]})
    assert (changed.json()["target"], changed.json()["events"]) == ("http://other.example/", ["*"])
    assert http.patch(f"/webhooks/{made['id']}", json={"is_active": True}).json()["is_active"]
    assert http.delete(f"/webhooks/{made['id']}").status_code == 204
    assert http.get(f"/webhooks/{made['id']}").status_code == 404
    assert http.get("/webhooks").json()["results"] == []
    assert audited(resolved) == [
        "CREATED_DESTINATION",
        "DISABLED_MERGE_WEBHOOK",
        "MERGE_WEBHOOK_TARGET_CHANGED",
        "CHANGED_DESTINATION",
        "ENABLED_MERGE_WEBHOOK",
        "DELETED_DESTINATION",
    ]


def test_what_is_said_again_is_no_change(resolved: World) -> None:
    made = resolved.http.post("/webhooks", json=BODY).json()
    again = {name: made[name] for name in ("target", "events", "linked_accounts", "is_active")}
    assert resolved.http.patch(f"/webhooks/{made['id']}", json=again).status_code == 200
    assert audited(resolved) == ["CREATED_DESTINATION"]


@pytest.mark.contract("11.2", "POST /webhooks/signature-key/regenerate")
def test_the_signature_key_is_shown_once_and_kept_encrypted(resolved: World) -> None:
    first, second = (resolved.http.post("/webhooks", json=BODY).json() for _ in range(2))
    assert first["signature_key"]
    assert second["signature_key"] is None
    renewed = resolved.http.post("/webhooks/signature-key/regenerate").json()["signature_key"]
    assert renewed not in (None, first["signature_key"])
    assert audited(resolved)[-1] == "REGENERATED_WEBHOOK_SIGNATURE"
    with resolved.service.reader.connect() as connection:
        (kept,) = connection.scalars(select(webhook_signature.c.key))
    assert renewed.encode() not in kept
    assert renewed not in resolved.http.get("/webhooks").text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("target", "ftp://hooks.example/"),
        ("target", "https://user:secret@hooks.example/"),
        ("target", "hooks"),
        ("target", "https://hooks.example/ space"),
        ("target", None),
        ("events", []),
        ("events", ["Candidate.created"]),
        ("events", ["JobPosting.added"]),
        ("events", ["candidate.*"]),
        ("linked_accounts", ["11111111-1111-4111-8111-111111111111"]),
        ("linked_accounts", ["\0"]),
        ("is_active", "perhaps"),
    ],
)
def test_what_cannot_be(resolved: World, field: str, value: Any) -> None:
    answer = resolved.http.post("/webhooks", json=BODY | {field: value})
    assert answer.status_code == 400
    assert [name.partition(".")[0] for name in answer.json()] == [field]
    made = resolved.http.post("/webhooks", json=BODY).json()
    changed = resolved.http.patch(f"/webhooks/{made['id']}", json={field: value})
    assert changed.status_code == 400
    made.pop("signature_key")
    assert resolved.http.get(f"/webhooks/{made['id']}").json() == made


def test_a_private_target_is_refused(world: World) -> None:
    for target in ("http://127.0.0.1:8000/", "http://169.254.169.254/latest/meta-data", "http://[::1]/"):
        answer = world.http.post("/webhooks", json=BODY | {"target": target})
        assert answer.status_code == 400
        assert "not on the public internet" in answer.json()["target"][0]


def test_a_target_that_turns_private_later_is_refused_when_it_is_called(
    world: World, subscriber: Subscriber
) -> None:
    addresses = [["93.184.215.14"], ["127.0.0.1"]]

    def rebinding(_host: str, _port: int) -> list[str]:
        return addresses.pop(0) if len(addresses) > 1 else addresses[0]

    rebound = Outbound(allow_private=False, resolve=rebinding)
    world.service.outbound = rebound
    world.service.deliverer._outbound = rebound
    port = httpx.URL(subscriber.url).port
    target = f"http://hooks.example:{port}/"
    made = world.http.post("/webhooks", json={"target": target, "events": ["*"]}).json()
    with world.service.jobs.begin() as connection:
        announce(connection, None, "Issue.new", {})
    world.service.jobs.run_due()
    tried = world.http.post(f"/webhooks/{made['id']}/test").json()
    assert tried == {"status": None, "error": "The host hooks.example is not on the public internet."}
    (delivery,) = world.http.get(f"/webhooks/{made['id']}/deliveries").json()["results"]
    assert (delivery["attempts"], delivery["last_error"]) == (1, tried["error"])
    assert subscriber.received == []


@pytest.mark.usefixtures("private_targets")
@pytest.mark.contract("11.3", "POST /webhooks/{id}/test")
def test_a_test_message(world: World, subscriber: Subscriber, subscribe: Subscribe) -> None:
    hook = subscribe("*")
    assert world.http.post(f"/webhooks/{hook.id}/test").json() == {"status": 200, "error": None}
    (received,) = subscriber.received
    assert received.body == {"response": "Success! This URL will be notified."}
    assert received.is_signed_with(hook.key)
    subscriber.answer = lambda *_: 418
    assert world.http.post(f"/webhooks/{hook.id}/test").json() == {"status": 418, "error": "HTTP 418"}
    assert hook.deliveries() == []


@pytest.mark.usefixtures("private_targets")
@pytest.mark.contract("11.2")
def test_a_new_key_signs_what_is_sent_from_now_on(
    world: World, subscriber: Subscriber, subscribe: Subscribe
) -> None:
    hook = subscribe("Issue.new")
    tell(world, None, "Issue.new")
    key = world.http.post("/webhooks/signature-key/regenerate").json()["signature_key"]
    world.service.jobs.run_due()
    (received,) = subscriber.received
    assert received.is_signed_with(key)
    assert hook.key != key


def tell(world: World, account: Account | None, event: str) -> None:
    with world.service.jobs.begin() as connection:
        announce(connection, account and account.id, event, {"said": event})


@pytest.mark.usefixtures("private_targets")
@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["*"], set(EVENTS)),
        (["Issue.*"], {"Issue.new", "Issue.reopened", "Issue.resolved", "Issue.muted"}),
        (["Candidate.synced"], {"Candidate.synced"}),
        (
            ["LinkedAccount.*", "Candidate.synced"],
            {"Candidate.synced"} | {e for e in EVENTS if "Linked" in e},
        ),
    ],
)
def test_each_webhook_is_told_of_what_it_asked_for(
    world: World, subscriber: Subscriber, subscribe: Subscribe, patterns: list[str], expected: set[str]
) -> None:
    account = world.link(sync=False)
    subscribe(*patterns)
    for event in EVENTS:
        tell(world, account, event)
    world.service.jobs.run_due()
    told = [h for h in subscriber.received if h.body["data"].get("said") == h.event]
    assert {h.event for h in told} == expected
    assert len(told) == len(expected)


@pytest.mark.usefixtures("private_targets")
def test_a_webhook_of_some_accounts_is_told_of_no_other(
    world: World, subscriber: Subscriber, subscribe: Subscribe
) -> None:
    mine, other = world.link(sync=False), world.link(sync=False)
    subscribe("*", linked_accounts=[mine.id])
    for account in (other, mine, None):
        tell(world, account, "Issue.new")
    world.sync(mine)
    world.sync(other)
    world.service.jobs.run_due()
    assert len(subscriber.received) > 100
    assert {h.body["linked_account"]["id"] for h in subscriber.received} == {mine.id}


@pytest.mark.usefixtures("private_targets")
@pytest.mark.contract("1.4")
def test_a_webhook_of_a_test_key_is_told_of_test_accounts_only(
    world: World, subscriber: Subscriber, subscribe: Subscribe
) -> None:
    with world.service.engine.begin() as connection:
        key = create_key(connection, "test", TEST)
    production = subscribe("*")
    body = {"target": subscriber.url, "events": ["*"]}
    with world.client(Authorization=f"Bearer {key}") as tester:
        mine = tester.post("/webhooks", json=body).json()["id"]
        world.link(sync=False)
        tester.post("/linked-accounts", json=link_body())
        for account_id in (None, *linked(world)):
            with world.service.jobs.begin() as connection:
                announce(connection, account_id, "Issue.new", {})
        assert [hook["id"] for hook in tester.get("/webhooks").json()["results"]] == [mine]
        assert tester.get(f"/webhooks/{production.id}").status_code == 404
        assert tester.delete(f"/webhooks/{production.id}").status_code == 404
        assert tester.get(f"/webhooks/{production.id}/deliveries").status_code == 404
        assert tester.post("/webhooks", json=body | {"linked_accounts": linked(world)}).status_code == 400
        assert tester.post("/webhooks/signature-key/regenerate").status_code == 403
    world.service.jobs.run_due()
    told: dict[str, list[str | None]] = {hook: [] for hook in (mine, production.id)}
    for received in subscriber.received:
        if received.event == "Issue.new":
            account = received.body["linked_account"]
            told[received.body["hook"]["id"]].append(account and account["account_type"])
    assert told[mine] == ["TEST"]
    assert Counter(told[production.id]) == Counter([None, "TEST", "PRODUCTION"])


def link_body() -> Json:
    return {
        "integration": "greenhouse",
        "credentials": CREDENTIALS["greenhouse"]["v3"],
        "end_user_origin_id": "tested",
        "end_user_organization_name": "Acme",
        "end_user_email_address": "people@acme.example",
    }


def linked(world: World) -> list[str]:
    """The ids of all linked accounts."""
    with world.service.reader.connect() as connection:
        return list(connection.scalars(select(linked_account.c.id)))


@pytest.mark.usefixtures("private_targets")
def test_a_webhook_that_is_switched_off_is_told_of_nothing_meanwhile(
    world: World, subscriber: Subscriber, subscribe: Subscribe
) -> None:
    hook = subscribe("*", is_active=False)
    tell(world, None, "Issue.new")
    assert hook.deliveries() == []
    hook.change(is_active=True)
    tell(world, None, "Issue.muted")
    hook.change(is_active=False)
    world.service.jobs.run_due()
    assert subscriber.received == []
    assert [d["state"] for d in hook.deliveries()] == ["PENDING"]
    hook.change(is_active=True)
    world.service.jobs.run_due()
    assert [h.event for h in subscriber.received] == ["Issue.muted"]


@pytest.mark.usefixtures("private_targets")
def test_a_removed_webhook_leaves_nothing_and_is_told_of_nothing(
    world: World, subscriber: Subscriber, subscribe: Subscribe
) -> None:
    hook, other = subscribe("*"), subscribe("*")
    tell(world, None, "Issue.new")
    assert world.http.delete(f"/webhooks/{hook.id}").status_code == 204
    world.service.jobs.run_due()
    assert {h.body["hook"]["id"] for h in subscriber.received} == {other.id}
    assert world.http.get(f"/webhooks/{hook.id}/deliveries").status_code == 404


@pytest.mark.usefixtures("private_targets")
def test_one_webhook_does_not_reach_the_deliveries_of_another(world: World, subscribe: Subscribe) -> None:
    hook, other = subscribe("*"), subscribe("Issue.resolved")
    tell(world, None, "Issue.new")
    (delivery,) = hook.deliveries()
    assert other.deliveries() == []
    answer = world.http.post(f"/webhooks/{other.id}/deliveries/{delivery['id']}/replay")
    assert answer.status_code == 404


@pytest.mark.usefixtures("private_targets")
@pytest.mark.contract("GET /webhooks/{id}/deliveries")
def test_the_log_is_paged_and_filtered(world: World, subscribe: Subscribe) -> None:
    hook = subscribe("Issue.*")
    for _ in range(7):
        tell(world, None, "Issue.new")
    every = hook.deliveries()
    assert len(every) == 7
    assert every == sorted(every, key=lambda d: (d["created_at"], d["id"]), reverse=True)
    assert hook.deliveries(page_size=3) == every
    assert hook.deliveries(state="PENDING", page_size=2) == every
    assert hook.deliveries(state="FAILED") == []
    path = f"/webhooks/{hook.id}/deliveries"
    assert world.http.get(path, params={"state": "LOST"}).status_code == 400
    assert world.http.get(path, params={"cursor": "odd"}).status_code == 404
    first: Json = world.http.get(path, params={"page_size": 3}).json()
    second: Json = world.http.get(path, params={"page_size": 3, "cursor": first["next"]}).json()
    back = world.http.get(path, params={"page_size": 3, "cursor": second["previous"]}).json()
    assert back["results"] == first["results"]


@pytest.mark.parametrize("id", ["11111111-1111-4111-8111-111111111111", "odd", "%00"])
def test_unknown_ones(world: World, id: str) -> None:
    http = world.http
    for answer in (
        http.get(f"/webhooks/{id}"),
        http.patch(f"/webhooks/{id}", json={"is_active": True}),
        http.delete(f"/webhooks/{id}"),
        http.post(f"/webhooks/{id}/test"),
        http.get(f"/webhooks/{id}/deliveries"),
        http.post(f"/webhooks/{id}/replay", json={"start": "2026-01-01T00:00:00Z"}),
        http.post(f"/webhooks/{id}/deliveries/{id}/replay"),
    ):
        assert answer.status_code == 404, answer.request.url


def test_there_is_an_end_to_webhooks(resolved: World) -> None:
    answers = [resolved.http.post("/webhooks", json=BODY).status_code for _ in range(51)]
    assert answers == [201] * 50 + [400]
