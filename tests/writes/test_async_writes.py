"""Writes with `run_async`: answered at once, carried out by a job, and never sent to the vendor twice."""

import os
import signal
import subprocess
import sys
from typing import Any

import orjson
import pytest
from sqlalchemy import select, update
from world import Account, Json, Synced
from writing import PERSON, active_application, job_with_stage, made, post, refused, sent, user

from app.common.times import now
from app.jobs import job_table
from app.webhooks.tables import webhook_delivery
from app.writes.deferred import EVENT, KIND, PATIENCE, RETENTION
from app.writes.perform import Performance
from app.writes.tables import async_write

WORKER = """
import os, signal, sys
from pathlib import Path
from app.service import Service
from app.settings import Settings
from app.sync.mapping import Intake

def killed(*arguments, **named):
    os.kill(os.getpid(), signal.SIGKILL)

directory, url, origin = sys.argv[1:]
Intake.take_fetched = killed  # the vendor has answered, and nothing is stored yet
settings = Settings(data_dir=Path(directory), database_url=url, provider_origins={"greenhouse": origin})
Service(settings).jobs.run_due()
"""


def defer(account: Account, path: str = "/candidates", model: Json = PERSON, **query: Any) -> Json:
    """A create that is to be carried out later."""
    answer = post(account, path, model, run_async="true", **query)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def look(account: Account, task: str) -> Json:
    answer = account.get(f"/async-tasks/{task}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def run(synced: Synced) -> None:
    """Whatever is due, or held."""
    synced.world.stop_waiting()
    service = synced.world.service
    with service.engine.begin() as connection:
        waiting = update(job_table).where(job_table.c.kind == KIND, job_table.c.due_at.is_not(None))
        connection.execute(waiting.values(due_at=0, hold_until=0, lease_until=0, rung_until=0))
    service.jobs.run_due()


def row(synced: Synced, task: str) -> Any:
    with synced.world.service.reader.connect() as connection:
        return connection.execute(select(async_write).where(async_write.c.id == task)).first()


def people(synced: Synced) -> int:
    return len(synced.world.sandbox.tables["candidates"])


@pytest.fixture
def told(synced: Synced) -> Any:
    """What subscribers are to be told of finished writes."""

    def nowhere(_host: str, _port: int) -> list[str]:
        raise OSError("no such host")

    outbound = synced.world.service.outbound
    outbound._resolve = lambda host, port: ["93.184.215.14"]
    body = {"target": "https://subscriber.example/hook", "events": [EVENT]}
    assert synced.world.http.post("/webhooks", json=body).status_code == 201
    outbound._resolve = nowhere  # nothing leaves this machine

    def told() -> list[Json]:
        query = select(webhook_delivery.c.data).where(webhook_delivery.c.event == EVENT)
        with synced.world.service.reader.connect() as connection:
            return [orjson.loads(data) for data in connection.scalars(query)]

    return told


@pytest.mark.contract("5.1.6", "GET /async-tasks/{task_id}", "11.4")
def test_a_write_is_answered_and_then_carried_out(synced: Synced, account: Account, told: Any) -> None:
    job, _ = job_with_stage(account)
    answer = defer(
        account, model=PERSON | {"applications": [{"job": job}], "mood": "good"}, is_debug_mode="true"
    )
    assert [w["problem_type"] for w in answer["warnings"]] == ["UNRECOGNIZED_FIELD"]
    sent_model = answer["model"]
    assert (sent_model["id"], sent_model["remote_id"]) == (None, None)
    assert (sent_model["first_name"], sent_model["applications"]) == (PERSON["first_name"], [{"job": job}])
    assert set(sent_model) == set(account.list("/candidates")[0])
    assert sent(synced) == []
    task = answer["task_id"]
    assert look(account, task) == {"id": task, "status": "QUEUED", "result": None}
    run(synced)
    done = look(account, task)
    assert (done["status"], done["result"]["status_code"]) == ("COMPLETED", 201)
    envelope = done["result"]["response"]
    assert envelope["model"] == account.get(f"/candidates/{envelope['model']['id']}").json()
    assert envelope["model"]["last_name"] == PERSON["last_name"]
    assert (envelope["errors"], len(envelope["warnings"])) == ([], 1)
    assert envelope["logs"]
    assert len(sent(synced)) == 1
    assert told() == [{"task_id": task, **envelope}]
    run(synced)
    assert len(sent(synced)) == 1
    assert len(told()) == 1


@pytest.mark.contract("5.1.6")
def test_other_writes_too(synced: Synced, account: Account) -> None:
    known = active_application(synced, account)
    acts, later = {"remote_user_id": user(account)}, {"run_async": "true"}
    stages = account.list("/job-interview-stages", job_id=known["job"])
    target = next(s["id"] for s in stages if s["id"] != known["current_stage"])
    url = f"/applications/{known['id']}/change-stage"
    answer = account.http.post(url, json={"job_interview_stage": target} | acts, params=later)
    assert (answer.status_code, answer.json()["model"]) == (200, known)
    person = account.http.patch(
        f"/candidates/{known['candidate']}", json={"model": {"title": "Pilot"}} | acts, params=later
    )
    assert person.json()["model"]["id"] == known["candidate"]
    interview = next(i for i in account.list("/interviews") if i["status"] == "SCHEDULED" and i["organizer"])
    gone = account.http.delete(f"/interviews/{interview['id']}", params=later | acts)
    assert gone.json()["model"] == interview
    assert sent(synced) == []
    run(synced)
    for each in (answer, person, gone):
        assert look(account, each.json()["task_id"])["status"] == "COMPLETED"
    assert account.get(f"/applications/{known['id']}").json()["current_stage"] == target
    assert account.get(f"/candidates/{known['candidate']}").json()["title"] == "Pilot"
    assert account.get(f"/interviews/{interview['id']}").json()["remote_was_deleted"]


@pytest.mark.contract("5.1.6", "5.3.2")
def test_what_is_wrong_is_said_at_once(synced: Synced, account: Account) -> None:
    answer = post(account, "/candidates", {"first_name": "A"}, run_async="true")
    assert refused(answer) == {("MISSING_REQUIRED_FIELD", "model/last_name")}
    assert "task_id" not in answer.json()
    assert post(account, "/candidates", PERSON, run_async="perhaps").status_code == 400
    run(synced)
    assert sent(synced) == []


@pytest.mark.contract("5.1.6")
def test_what_the_vendor_refuses_is_the_outcome(
    synced: Synced, account: Account, told: Any, style: str
) -> None:
    controls = synced.world.sandbox.controls
    controls.fail(f"/{style}/candidates", method="POST", status=422, body={"message": "No."})
    task = defer(account)["task_id"]
    run(synced)
    done = look(account, task)
    assert (done["status"], done["result"]["status_code"]) == ("FAILURE", 400)
    (error,) = done["result"]["response"]["errors"]
    assert (error["problem_type"], error["raw_error"]) == ("PROVIDER_ERROR", "No.")
    assert [each["errors"] for each in told()] == [[error]]


@pytest.mark.contract("5.1.6", "4.3")
def test_too_many_requests_are_waited_for(synced: Synced, account: Account, style: str) -> None:
    controls, before = synced.world.sandbox.controls, people(synced)
    controls.fail(f"/{style}/candidates", method="POST", status=429, headers={"Retry-After": "40"}, times=1)
    first, second = defer(account)["task_id"], defer(account)["task_id"]
    synced.world.service.jobs.run_due()
    assert [look(account, task)["status"] for task in (first, second)] == ["QUEUED", "QUEUED"]
    synced.world.service.jobs.run_due()
    assert people(synced) == before, "held for as long as the vendor asks"
    with synced.world.service.engine.begin() as connection:
        old = update(async_write).where(async_write.c.id == second)
        connection.execute(old.values(created_at=now() - PATIENCE - 1))
    run(synced)
    assert look(account, first)["status"] == "COMPLETED"
    assert people(synced) == before + 2
    controls.fail(f"/{style}/candidates", method="POST", status=429, times=1)
    third = defer(account)["task_id"]
    with synced.world.service.engine.begin() as connection:
        old = update(async_write).where(async_write.c.id == third)
        connection.execute(old.values(created_at=now() - PATIENCE - 1))
    run(synced)
    assert look(account, third)["result"]["status_code"] == 429


@pytest.mark.contract("5.1.6", "4.3")
def test_a_worker_killed_after_the_vendor_has_acted(synced: Synced, account: Account, told: Any) -> None:
    before, world = people(synced), synced.world
    task = defer(account)["task_id"]
    origin = world.settings.provider_origins["greenhouse"]
    arguments = [str(world.settings.data_dir), world.settings.resolved_database_url, origin]
    worker = subprocess.run([sys.executable, "-c", WORKER, *arguments], env=dict(os.environ), check=False)
    assert worker.returncode == -signal.SIGKILL
    assert people(synced) == before + 1
    assert look(account, task) == {"id": task, "status": "IN_PROGRESS", "result": None}
    run(synced)
    done = look(account, task)
    assert (done["status"], done["result"]["status_code"]) == ("FAILURE", 400)
    (error,) = done["result"]["response"]["errors"]
    assert error["title"] == "Outcome Unknown"
    assert "may have carried it out" in error["detail"]
    assert len(sent(synced)) == 1
    assert people(synced) == before + 1
    assert [each["task_id"] for each in told()] == [task]


@pytest.mark.contract("5.1.6")
def test_a_worker_that_wakes_up_after_another_has_taken_over(
    synced: Synced, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, before = Performance._read_back, account.list("/candidates")
    monkeypatch.setattr(
        Performance, "_read_back", lambda *given: (slept.append(1), run(synced), known(*given))[2]
    )
    slept: list[int] = []
    task = defer(account)["task_id"]
    synced.world.service.jobs.run_due()
    assert slept
    done = look(account, task)
    assert done["result"]["response"]["errors"][0]["title"] == "Outcome Unknown"
    assert len(sent(synced)) == 1
    assert account.list("/candidates") == before, "the late one stores nothing"


@pytest.mark.contract("5.1.6")
def test_what_is_kept_is_encrypted_and_goes(synced: Synced, account: Account) -> None:
    task = defer(account)["task_id"]
    asked = row(synced, task)
    assert PERSON["last_name"].encode() not in asked.request
    run(synced)
    done = row(synced, task)
    assert done.request is None
    assert PERSON["last_name"].encode() not in done.answer
    run(synced)
    assert look(account, task)["status"] == "COMPLETED", "not before its time"
    with synced.world.service.engine.begin() as connection:
        old = now() - int(RETENTION * 1_000_000)
        connection.execute(update(async_write).where(async_write.c.id == task).values(finished_at=old))
    run(synced)
    assert account.get(f"/async-tasks/{task}").status_code == 404
    with synced.world.service.reader.connect() as connection:
        left = select(job_table.c.key).where(job_table.c.kind == KIND)
        assert connection.execute(left).first() is None


@pytest.mark.contract("5.1.6", "5.6")
def test_answers_about_somebody_ignored_go_at_once(synced: Synced, account: Account, told: Any) -> None:
    task, other = defer(account)["task_id"], defer(account)["task_id"]
    run(synced)
    wanted = look(account, task)["result"]["response"]["model"]["id"]
    assert account.http.post(f"/candidates/ignore/{wanted}", json={"reason": "GDPR"}).status_code == 200
    assert account.get(f"/async-tasks/{task}").status_code == 404
    assert look(account, other)["status"] == "COMPLETED"
    assert [each["task_id"] for each in told()] == [other]


@pytest.mark.contract("5.1.6")
def test_tasks_of_others_are_unknown(synced: Synced, account: Account) -> None:
    task = defer(account)["task_id"]
    assert synced.other.get(f"/async-tasks/{task}").status_code == 404
    assert account.get("/async-tasks/x").status_code == 404
    assert made(post(account, "/candidates", PERSON, run_async="false"))["id"]
