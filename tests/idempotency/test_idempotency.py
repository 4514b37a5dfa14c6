"""One key, one deed: requests that are sent again, at once, and after a crash."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from serving import process
from sqlalchemy import func, select, update
from world import API, Account, Json, Synced, World

from app.accounts.keys import create_key
from app.idempotency.store import Asked, Claim, StillRunning
from app.idempotency.tables import idempotent_request
from sandboxes import CREDENTIALS
from sandboxes.greenhouse import COORDINATOR

pytestmark = pytest.mark.contract("5.4")

NOTES = "/v1/candidates/{}/activity_feed/notes"


def interview(account: Account, **model: Any) -> Json:
    """A body that schedules an interview."""
    known = next(i for i in account.list("/interviews") if i["status"] == "SCHEDULED" and not i["all_day"])
    given = {"start_at": "2031-03-04T10:00:00Z", "end_at": "2031-03-04T11:00:00Z"}
    panel = {name: known[name] for name in ("application", "interviewers")}
    return {"model": panel | given | model, "remote_user_id": str(COORDINATOR)}


def post(http: httpx.Client, key: str, body: Json, path: str = "/interviews", **query: Any) -> httpx.Response:
    return http.post(path, json=body, headers={"Idempotency-Key": key}, params=query)


def failed(account: Account, key: str, body: Json) -> httpx.Response:
    """The same, where the server closes the connection after a defect."""
    return account.http.post(
        "/interviews", json=body, headers={"Idempotency-Key": key, "Connection": "close"}
    )


def written(synced: Synced) -> list[Any]:
    """What the vendor was asked to change."""
    received = list(synced.world.sandbox.controls.received)
    return [r for r in received if r.method != "GET" and r.path != "/token"]


def replayed(answer: httpx.Response) -> bool:
    return answer.headers.get("idempotent-replayed") == "true"


def kept(world: World, **values: Any) -> int:
    """How many requests are kept; with values, all of them are given these first."""
    with world.service.engine.begin() as connection:
        if values:
            connection.execute(update(idempotent_request).values(**values))
        return connection.scalar(select(func.count()).select_from(idempotent_request)) or 0


def unknown(answer: httpx.Response) -> bool:
    """Whether an answer says, in a write's form, that nobody knows how the write ended."""
    assert answer.status_code == 400, answer.text
    envelope = answer.json()
    assert (envelope["model"], envelope["warnings"]) == (None, [])
    (problem,) = envelope["errors"]
    return bool(problem["title"] == "Outcome Unknown")


# Again


def test_the_same_request_again(synced: Synced, account: Account) -> None:
    body = interview(account)
    first = post(account.http, "k-1", body)
    assert first.status_code == 201, first.text
    assert not replayed(first)
    again = post(account.http, "k-1", body)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["content-type"] == "application/json"
    assert replayed(again)
    assert len(written(synced)) == 1
    assert post(account.http, "k-2", body).json()["model"]["id"] != first.json()["model"]["id"]
    assert len(written(synced)) == 2


def test_another_body(synced: Synced, account: Account) -> None:
    assert post(account.http, "k", interview(account)).status_code == 201
    refused = post(account.http, "k", interview(account, location="Elsewhere"))
    assert refused.status_code == 400
    (text,) = refused.json()["Idempotency-Key"]
    assert "another body" in text
    assert len(written(synced)) == 1


def test_a_refusal_is_an_answer(synced: Synced, account: Account) -> None:
    body = interview(account, application=None)
    first = post(account.http, "k", body)
    assert first.status_code == 400
    assert first.json()["errors"]
    again = post(account.http, "k", body)
    assert (again.status_code, again.json()) == (400, first.json())
    assert replayed(again)


def test_patch_and_delete(synced: Synced, account: Account) -> None:
    made = post(account.http, "made", interview(account)).json()["model"]
    path, headers = f"/interviews/{made['id']}", {"Idempotency-Key": "same-key"}
    change = {"model": {"location": "Room 7"}, "remote_user_id": str(COORDINATOR)}
    moved = [account.http.patch(path, json=change, headers=headers) for _ in range(2)]
    assert [m.status_code for m in moved] == [200, 200]
    assert moved[0].content == moved[1].content
    gone = [
        account.http.delete(path, params={"remote_user_id": COORDINATOR}, headers=headers) for _ in range(2)
    ]
    assert [g.status_code for g in gone] == [200, 200]
    assert gone[0].content == gone[1].content
    assert [replayed(answer) for answer in (*moved, *gone)] == [False, True, False, True]
    assert len(written(synced)) == 3


def test_whose_key_it_is(synced: Synced) -> None:
    """The same key of another account, or under another API key, is another key."""
    one, other = interview(synced.v3), interview(synced.other)
    assert post(synced.v3.http, "k", one).status_code == 201
    assert post(synced.other.http, "k", other).status_code == 201
    with synced.world.service.engine.begin() as connection:
        second = create_key(connection, "second")
    with synced.world.client(Authorization=f"Bearer {second}", X_Account_Token=synced.v3.token) as http:
        assert post(http, "k", one).status_code == 201
    assert post(synced.v3.http, "k", one, is_debug_mode="true").status_code == 201, "another query"
    assert len(written(synced)) == 4


def test_linking_again(world: World) -> None:
    body = {
        "integration": "greenhouse",
        "credentials": CREDENTIALS["greenhouse"]["v3"],
        "end_user_origin_id": "origin",
    }
    first = post(world.http, "k", body, "/linked-accounts")
    again = post(world.http, "k", body, "/linked-accounts")
    assert first.json()["account_token"].startswith("omn_acct")
    assert again.content == first.content
    with world.service.reader.connect() as connection:
        stored = connection.scalar(select(idempotent_request.c.answer))
    assert first.json()["account_token"].encode() not in bytes(stored), "answers are encrypted"


def test_passthrough_again(synced: Synced) -> None:
    candidate = synced.v1.list("/candidates")[0]["remote_id"]
    note = json.dumps({"user_id": COORDINATOR, "body": "Hello", "visibility": "public"})
    body = {
        "method": "POST",
        "path": NOTES.format(candidate),
        "data": note,
        "request_format": "JSON",
        "headers": {"On-Behalf-Of": str(COORDINATOR)},
    }
    answers = [post(synced.v1.http, "k", body, "/passthrough") for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert answers[0].json()["status"] in (200, 201)
    assert len(written(synced)) == 1


def test_every_change_takes_a_key(synced: Synced) -> None:
    """Whatever a caller can change goes through the one place that knows keys: it refuses a bad one."""
    paths = synced.world.app.document["paths"]
    changing = [
        (method.upper(), path.removeprefix(API).replace("{", "").replace("}", ""))
        for path, methods in paths.items()
        for method in methods
        if path.startswith(API) and method in ("post", "put", "patch", "delete")
    ]
    assert len(changing) >= 7
    for method, path in changing:
        answer = synced.v3.http.request(method, path, json={}, headers={"Idempotency-Key": "no key"})
        assert (answer.status_code, list(answer.json())) == (400, ["Idempotency-Key"]), (method, path)


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "é".encode(), "a\tb"])
def test_keys_that_are_none(synced: Synced, key: Any) -> None:
    answer = synced.v3.http.post("/interviews", json={"model": {}}, headers={"Idempotency-Key": key})
    assert answer.status_code == 400
    assert list(answer.json()) == ["Idempotency-Key"]
    assert kept(synced.world) == 0


def test_strangers_leave_nothing_behind(synced: Synced) -> None:
    with synced.world.client(Authorization="Bearer nobody", X_Account_Token=synced.v3.token) as http:
        assert post(http, "k", {"model": {}}).status_code == 401
    answer = synced.v3.http.post("/interviews", content=b"{", headers={"Idempotency-Key": "k"})
    assert answer.status_code == 400
    assert kept(synced.world) == 0


def test_keys_end(synced: Synced, account: Account) -> None:
    assert post(account.http, "k", interview(account)).status_code == 201
    assert kept(synced.world, expires_at=0) == 1
    assert post(account.http, "k", interview(account, location="Elsewhere")).status_code == 201
    assert kept(synced.world, expires_at=0) == 1
    assert post(account.http, "another", interview(account)).status_code == 201
    assert kept(synced.world) == 1, "what has expired is removed"


def test_an_answer_too_large_to_keep(synced: Synced, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.idempotency.store.MAX_ANSWER", 10)
    body = interview(synced.v3)
    assert post(synced.v3.http, "k", body).status_code == 201
    again = post(synced.v3.http, "k", body)
    assert again.status_code == 400
    assert "is not kept" in again.json()["Idempotency-Key"][0]
    assert len(written(synced)) == 1


# What failed


@pytest.mark.contract("4.3")
def test_what_was_not_done_may_be_tried_again(synced: Synced, account: Account) -> None:
    body, controls = interview(account), synced.world.sandbox.controls
    controls.fail("*interviews*", method="POST", status=429, headers={"Retry-After": "7"})
    limited = post(account.http, "k", body)
    assert (limited.status_code, limited.headers["retry-after"]) == (429, "7")
    assert kept(synced.world) == 0
    synced.world.stop_waiting()
    made = post(account.http, "k", body)
    assert (made.status_code, replayed(made)) == (201, False)


@pytest.mark.contract("4.3")
def test_what_may_have_been_done_is_not_done_again(synced: Synced, account: Account) -> None:
    body, controls = interview(account), synced.world.sandbox.controls
    controls.fail("*interviews*", method="POST", status=502, execute=True)
    first = post(account.http, "k", body)
    assert unknown(first)
    again = post(account.http, "k", body)
    assert unknown(again)
    assert replayed(again)
    assert len(written(synced)) == 1


def test_a_defect_before_the_vendor_was_asked(synced: Synced, monkeypatch: pytest.MonkeyPatch) -> None:
    body = interview(synced.v3)
    with monkeypatch.context() as broken:
        broken.setattr("app.writes.perform.Performance.run", lambda _: 1 / 0)
        assert failed(synced.v3, "k", body).status_code == 500
    assert post(synced.v3.http, "k", body).status_code == 201


def test_a_defect_after_the_vendor_was_asked(synced: Synced, monkeypatch: pytest.MonkeyPatch) -> None:
    body = interview(synced.v3)
    with monkeypatch.context() as broken:
        broken.setattr("app.writes.perform.envelope", lambda *_, **__: 1 / 0)
        assert failed(synced.v3, "k", body).status_code == 500
    assert unknown(post(synced.v3.http, "k", body))
    assert len(written(synced)) == 1


# At once


def test_at_once(synced: Synced, account: Account) -> None:
    body = interview(account)
    synced.world.sandbox.controls.latency = 0.05
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: post(account.http, "k", body), range(12)))
    counted = Counter(a.status_code for a in answers)
    assert set(counted) <= {201, 409}
    assert counted[409]
    assert {a.headers["retry-after"] for a in answers if a.status_code == 409} == {"1"}
    assert len({a.content for a in answers if a.status_code == 201}) == 1
    assert len(written(synced)) == 1
    assert replayed(post(account.http, "k", body))


def test_at_once_in_two_processes(synced: Synced) -> None:
    account, body = synced.v3, interview(synced.v3)
    with (
        process(synced.world) as one,
        process(synced.world) as two,
        one.client(account) as left,
        two.client(account) as right,
        ThreadPoolExecutor(8) as pool,
    ):
        for client in (left, right):
            assert client.get("/interviews").status_code == 200
        synced.world.sandbox.controls.latency = 0.05
        answers = list(pool.map(lambda http: post(http, "k", body), [left, right] * 4))
        again = [post(http, "k", body) for http in (left, right)]
    assert {a.status_code for a in answers} == {201, 409}
    assert len(written(synced)) == 1
    assert [replayed(a) for a in again] == [True, True]
    assert again[0].content == again[1].content


# After a crash


def crash_when(synced: Synced, seen: Callable[[], bool], send: Callable[[httpx.Client], object]) -> None:
    """Send a request to a process that is killed once the vendor has seen something."""
    with process(synced.world) as server, server.client(synced.v3) as http:

        def ask() -> None:
            with pytest.raises(httpx.TransportError):
                send(http)

        asking = threading.Thread(target=ask)
        asking.start()
        until = time.monotonic() + 60
        while not seen() and time.monotonic() < until:
            time.sleep(0.01)
        assert seen()
        server.kill()
        asking.join()


def test_killed_after_the_vendor_answered(synced: Synced) -> None:
    account, body, controls = synced.v3, interview(synced.v3), synced.world.sandbox.controls
    known = len(synced.world.sandbox.tables["interviews"].rows)
    controls.fail("/v3/interview*", method="GET", status=None, delay=20, times=99)  # the read-back

    def answered() -> bool:
        return any(r.status for r in written(synced)) and controls.received[-1].method == "GET"

    crash_when(synced, answered, lambda http: post(http, "k", body))
    controls.clear()
    assert len(synced.world.sandbox.tables["interviews"].rows) == known + 1

    assert post(account.http, "k", body).status_code == 409, "nobody knows yet that it is dead"
    kept(synced.world, lease_until=0)  # what 30 seconds would do
    assert unknown(post(account.http, "k", body))
    assert unknown(post(account.http, "k", body))
    assert post(account.http, "k", interview(account, location="x")).status_code == 400
    assert len(synced.world.sandbox.tables["interviews"].rows) == known + 1
    assert written(synced) == []


def test_killed_before_the_vendor_was_asked_for_a_change(synced: Synced) -> None:
    world, controls = synced.world, synced.world.sandbox.controls
    body = {
        "integration": "greenhouse",
        "credentials": CREDENTIALS["greenhouse"]["v1"],
        "end_user_origin_id": "somebody new",
    }
    controls.fail("/v1/*", method="GET", status=None, delay=20, times=99)  # the credentials are tried
    crash_when(
        synced, lambda: bool(controls.received), lambda http: post(http, "k", body, "/linked-accounts")
    )
    controls.clear()
    http = synced.v3.http
    assert post(http, "k", body, "/linked-accounts").status_code == 409
    kept(world, lease_until=0)
    linked = post(http, "k", body, "/linked-accounts")
    assert (linked.status_code, replayed(linked)) == (201, False)
    assert replayed(post(http, "k", body, "/linked-accounts"))


def test_taken_for_dead(world: World) -> None:
    """A process that was frozen and wakes up finds that another one has taken its request over."""
    once = world.service.idempotency
    asked = Asked(b"s" * 32, b"b" * 32, None)
    frozen = once.claim(asked)
    assert isinstance(frozen, Claim)
    with pytest.raises(StillRunning):
        once.claim(asked)
    kept(world, lease_until=0)
    once.renew(frozen)
    with pytest.raises(StillRunning):
        once.claim(asked)
    kept(world, lease_until=0)
    assert isinstance(once.claim(asked), Claim)
    with once.running(frozen), pytest.raises(StillRunning):
        once.note_sent()
    once.abandon(frozen)
    assert kept(world) == 1, "the other's claim stands"
