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
from app.api.reference.document import document
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
