"""Requests to the vendor that a job sends: a receipt at once, the answer later, nothing sent twice."""

import json
import os
import subprocess
import sys
import time
from typing import Any

import pytest
from sqlalchemy import select, update
from world import Account, Json, Synced

from app.jobs import job_table
from app.outbound import Outbound
from app.passthrough.receipts import KIND
from app.passthrough.tables import async_passthrough
from app.webhooks.tables import webhook_delivery
from sandboxes.greenhouse import COORDINATOR

pytestmark = pytest.mark.contract("9.9")

WORKER = """
import sys
from pathlib import Path
from app.service import Service
from app.settings import Settings
directory, url, origin, receipt = sys.argv[1:]
settings = Settings(data_dir=Path(directory), database_url=url, provider_origins={"greenhouse": origin})
Service(settings).jobs.runs.run("passthrough", receipt)
"""


def send(account: Account, status: int = 200, **request: Any) -> str:
    """Have a request sent later; gives the receipt."""
    body = {"method": "GET", "path": "/v1/users?per_page=2"} | request
    answer = account.http.post("/async-passthrough", json=body)
    assert answer.status_code == status, answer.text
    return str(answer.json().get("async_passthrough_receipt_id"))


def note(account: Account) -> Json:
    """A request that changes something."""
    candidate = account.list("/candidates")[0]["remote_id"]
    return {
        "method": "POST",
        "path": f"/v1/candidates/{candidate}/activity_feed/notes",
        "data": json.dumps({"user_id": COORDINATOR, "body": "Hello", "visibility": "public"}),
        "request_format": "JSON",
        "headers": {"On-Behalf-Of": str(COORDINATOR)},
    }


def fetch(account: Account, receipt: str) -> Any:
    answer = account.get(f"/async-passthrough/{receipt}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def run(synced: Synced, receipt: str) -> bool:
    return synced.world.service.jobs.runs.run(KIND, receipt)


def end_waiting(synced: Synced, receipt: str) -> float:
    """What time would do: nobody holds the job, and it is due. Gives the seconds it was to wait."""
    synced.world.stop_waiting()
    of_receipt = (job_table.c.kind == KIND) & (job_table.c.key == receipt)
    with synced.world.service.engine.begin() as connection:
        row = connection.execute(select(job_table.c.hold_until).where(of_receipt)).one()
        connection.execute(update(job_table).where(of_receipt).values(hold_until=0, due_at=0, lease_until=0))
    return float(row[0]) - time.time()


def stored(synced: Synced, receipt: str) -> Any:
    with synced.world.service.reader.connect() as connection:
        query = select(async_passthrough).where(async_passthrough.c.id == receipt)
        return connection.execute(query).first()


def test_the_same_answer_later(synced: Synced, account: Account, style: str) -> None:
    request = {"method": "GET", "path": f"/{style}/users?per_page=2"}
    receipt = send(account, **request)
    assert synced.world.sent("GET", "/users") == []
    waiting = fetch(account, receipt)
    assert isinstance(waiting, str)
    assert run(synced, receipt)
    later, now = fetch(account, receipt), account.http.post("/passthrough", json=request).json()
    for shown in (later, now):
        shown["response_headers"] = sorted(shown["response_headers"])
    assert later == now
    assert len(later["response"]) == 2
    assert len([r for r in synced.world.sent("GET", "/users") if r.status == 200]) == 2


def test_what_is_kept_is_encrypted(synced: Synced) -> None:
    receipt = send(synced.v1, **note(synced.v1))
    row = stored(synced, receipt)
    assert b"Hello" not in row.request
    run(synced, receipt)
    row = stored(synced, receipt)
    assert row.request is None
    assert b"Hello" not in row.answer
    assert fetch(synced.v1, receipt)["response"]["body"] == "Hello"


def test_whose_receipt_it_is(synced: Synced) -> None:
    receipt = send(synced.v1)
    for run_before in (False, True):
        if run_before:
            run(synced, receipt)
        assert synced.other.get(f"/async-passthrough/{receipt}").status_code == 404
    for unknown in ("nobody", "00000000-0000-0000-0000-000000000000", "%00"):
        assert synced.v1.get(f"/async-passthrough/{unknown}").status_code == 404
    assert fetch(synced.v1, receipt.upper())


def test_an_answer_is_kept_for_a_day(synced: Synced) -> None:
    receipt = send(synced.v1)
    run(synced, receipt)
    assert not run(synced, receipt), "it is not due"
    with synced.world.service.reader.connect() as connection:
        due = connection.scalar(select(job_table.c.due_at).where(job_table.c.key == receipt))
    assert 86_000 < due - time.time() < 87_000
    end_waiting(synced, receipt)
    assert run(synced, receipt)
    assert synced.v1.get(f"/async-passthrough/{receipt}").status_code == 404
    with synced.world.service.reader.connect() as connection:
        assert connection.execute(select(job_table).where(job_table.c.key == receipt)).first() is None
    assert len(synced.world.sent("GET", "/users")) == 1


@pytest.mark.parametrize(
    ("request_body", "status", "response"),
    [
        ({"path": "https://evil.test/"}, 400, {"path": ["evil.test is not one of the vendor's hosts."]}),
        ({"data": "x"}, 400, {"request_format": ["This field is required with `data`: JSON or XML."]}),
    ],
)
def test_what_cannot_be_sent(synced: Synced, request_body: Json, status: int, response: Json) -> None:
    receipt = send(synced.v1, **request_body)
    run(synced, receipt)
    shown = fetch(synced.v1, receipt)
    assert (shown["status"], shown["response"]) == (status, response)
    assert (shown["headers"], shown["response_headers"], shown["response_type"]) == ({}, {}, "JSON")
    assert synced.world.sent("GET") == []


def test_what_the_vendor_refuses_is_an_answer(synced: Synced) -> None:
    synced.world.sandbox.controls.fail("/v1/users", status=429, body={"message": "Wait"})
    receipt = send(synced.v1)
    run(synced, receipt)
    shown = fetch(synced.v1, receipt)
    assert (shown["status"], shown["response"]) == (429, {"message": "Wait"})
    assert len(synced.world.sent("GET", "/users")) == 1


def test_an_account_to_be_linked_again(synced: Synced) -> None:
    synced.world.sandbox.api_key = "another"
    synced.world.sync(synced.v1)
    receipt = send(synced.v1)
    run(synced, receipt)
    assert "Link the account again" in fetch(synced.v1, receipt)["response"]["detail"]


def test_a_request_too_large(synced: Synced, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.passthrough.receipts.MAX_REQUEST", 1000)
    answer = synced.v1.http.post(
        "/async-passthrough",
        json={"method": "POST", "path": "/v1/x", "data": "x" * 1001, "request_format": "JSON"},
    )
    assert (answer.status_code, list(answer.json())) == (400, ["data"])
    assert send(synced.v1)


def test_a_deleted_account(synced: Synced) -> None:
    receipt = send(synced.v1, **note(synced.v1))
    assert synced.v1.http.post("/delete-account").status_code == 200
    assert run(synced, receipt)
    assert synced.world.sent("POST", "/notes") == []
    synced.world.service.jobs.runs.run("purge", synced.v1.id)
    assert stored(synced, receipt) is None
    end_waiting(synced, receipt)
    run(synced, receipt)
    with synced.world.service.reader.connect() as connection:
        assert connection.execute(select(job_table).where(job_table.c.key == receipt)).first() is None


def killed(synced: Synced, receipt: str) -> None:
    """A worker that is killed while the vendor answers."""
    settings = synced.world.settings
    arguments = [str(settings.data_dir), settings.resolved_database_url, *settings.provider_origins.values()]
    before = len(synced.world.sandbox.controls.received)
    synced.world.sandbox.controls.fail("/v1/*", status=500, execute=True, delay=20)
    worker = subprocess.Popen([sys.executable, "-c", WORKER, *arguments, receipt], env=dict(os.environ))
    until = time.monotonic() + 60
    while len(synced.world.sandbox.controls.received) == before and time.monotonic() < until:
        time.sleep(0.01)
    worker.kill()
    worker.wait()
    assert len(synced.world.sandbox.controls.received) == before + 1
    synced.world.sandbox.controls.faults.clear()
    assert not run(synced, receipt), "the dead one's lease"
    end_waiting(synced, receipt)
    assert run(synced, receipt)


def test_a_killed_change_is_not_repeated(synced: Synced) -> None:
    receipt = send(synced.v1, **note(synced.v1))
    killed(synced, receipt)
    assert len(synced.world.sent("POST", "/notes")) == 1
    shown = fetch(synced.v1, receipt)
    assert shown["status"] == 408
    assert "may have carried it out" in shown["response"]["detail"]


def test_a_killed_reading_is_repeated(synced: Synced) -> None:
    receipt = send(synced.v1)
    killed(synced, receipt)
    assert len(synced.world.sent("GET", "/users")) == 2
    assert fetch(synced.v1, receipt)["status"] == 200


@pytest.mark.contract("5.4")
def test_one_key_one_receipt(synced: Synced) -> None:
    body, headers = {"method": "GET", "path": "/v1/users"}, {"Idempotency-Key": "k"}
    first, again = (synced.v1.http.post("/async-passthrough", json=body, headers=headers) for _ in "ab")
    assert first.json() == again.json()


@pytest.mark.contract("11.4")
def test_subscribers_are_told(synced: Synced) -> None:
    synced.world.service.outbound = Outbound(allow_private=False, resolve=lambda *_: ["93.184.215.14"])
    events = ["AsyncPassthrough.resolved"]
    target = {"target": "https://subscriber.example/", "events": events}
    assert synced.world.http.post("/webhooks", json=target).status_code == 201
    receipt = send(synced.v1)
    run(synced, receipt)
    with synced.world.service.reader.connect() as connection:
        (row,) = connection.execute(select(webhook_delivery)).all()
    assert (row.event, row.account_id) == ("AsyncPassthrough.resolved", synced.v1.id)
    told = json.loads(row.data)
    assert told["async_passthrough_receipt_id"] == receipt
    assert told["response"] == fetch(synced.v1, receipt)
