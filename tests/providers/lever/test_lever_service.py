"""Lever through the whole service: the traps that lie between a sync, a write and a webhook."""

import base64
import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select, update
from world import Account, Json, World, served

from app.jobs import job_table
from app.sync.tables import resource_state
from sandboxes.lever import COORDINATOR, CREDENTIALS, RECRUITER, State, create_app, seed

SECRET = "a signature token"
HOUR = timedelta(hours=1)
PDF = "data:application/pdf;base64," + base64.b64encode(b"%PDF-1.7").decode()


class Lever:
    """A linked account of a sandbox whose state a test may look at and change."""

    def __init__(self, world: World, state: State, credentials: dict[str, str]) -> None:
        self.world, self.state = world, state
        body = {"integration": "lever", "credentials": credentials}
        answer = world.http.post("/linked-accounts", json=body)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        self.account: Account = world.account(made["account_token"], made["linked_account"])
        self.run()

    def run(self, limit: int = 1000) -> list[str]:
        """Synchronise; gives the paths that were asked for."""
        self.world.stop_waiting()
        self.state.controls.received.clear()
        with self.world.service.engine.begin() as connection:
            mine = job_table.c.key == self.account.id
            connection.execute(update(job_table).where(mine).values(due_at=0, hold_until=0))
        self.world.service.jobs.run_due(limit)
        return [r.path.removeprefix("/v1") for r in self.state.controls.received]

    def status(self, model: str) -> Json:
        rows = self.account.get("/sync-status").json()["results"]
        return next(row for row in rows if row["model_name"] == model)

    def rows(self, table: str) -> list[dict[str, Any]]:
        return [self.state.tables[table].rows[key] for key in self.state.tables[table].ids]

    def row(self, table: str, record: Json) -> dict[str, Any]:
        return dict(self.state.tables[table].rows[record["remote_id"]])

    def write(self, method: str, path: str, body: Any = None, *, ok: bool = True) -> Json:
        answer = self.account.http.request(method, path, json=body)
        assert (answer.status_code < 300) is ok, answer.text
        return dict(answer.json())

    def user(self, remote_id: str) -> str:
        return str(self.account.one("/users", remote_id=remote_id)["id"])

    def deliver(self, event: str, data: Json, *, signed: Json | None = None) -> Json:
        """A webhook; `signed` takes the signature of another."""
        token = {"token": hashlib.sha256(repr((event, data)).encode()).hexdigest(), "triggeredAt": 1}
        message = f"{token['token']}1".encode()
        token["signature"] = hmac.new(SECRET.encode(), message, hashlib.sha256).hexdigest()
        body = {"event": event, "data": data, **(signed or token)}
        url = str(self.account.http.base_url).split("/api/")[0] + self.account.listener
        assert httpx.post(url, content=json.dumps(body)).status_code == 200
        while self.world.service.jobs.run_due():
            pass
        return token


@pytest.fixture
def state(world: World) -> Iterator[State]:
    made = State()
    seed(made)
    with served(create_app(made)) as url:
        world.settings.provider_origins["lever"] = url
        yield made


@pytest.fixture
def lever(world: World, state: State) -> Lever:
    made = Lever(world, state, CREDENTIALS["api_key"])
    receiver = {"event": "any", "is_active": True, "key": SECRET}
    made.account.http.post("/webhook-receivers", json=receiver).raise_for_status()
    return made


def active(lever: Lever) -> Json:
    """An application that is not archived, of a candidate with an e-mail address."""
    reached = {row["id"] for row in lever.rows("contacts") if row["emails"]}
    fit = {r["id"] for r in lever.rows("opportunities") if not r["archived"] and r["contact"] in reached}
    return next(a for a in lever.account.list("/applications") if a["remote_id"] in fit)


def candidate_of(lever: Lever, application: Json) -> Json:
    return dict(lever.account.get(f"/candidates/{application['candidate']}").json())


def bare(value: Any) -> Any:
    """Without the stamps of small objects."""
    stamps = ("created_at", "modified_at")
    if not isinstance(value, list):
        return value
    return [
        {k: v for k, v in item.items() if k not in stamps} if isinstance(item, dict) else item
        for item in value
    ]


def soon(minutes: int = 0) -> str:
    return (datetime.now(UTC).replace(second=0, microsecond=0) + 24 * HOUR + minutes * HOUR / 60).isoformat()


# ---- reading


def test_a_person_with_many_opportunities_is_one_candidate(lever: Lever) -> None:
    contacts = Counter(row["contact"] for row in lever.rows("opportunities"))
    assert max(contacts.values()) > 1
    people = {row["remote_id"]: row for row in lever.account.list("/candidates")}
    assert {key: len(row["applications"]) for key, row in people.items()} == contacts


def test_an_unchanged_account_is_not_crawled(lever: Lever) -> None:
    """One opportunity changes, and only its lists are asked for."""
    lever.run()
    application = active(lever)
    key = application["remote_id"]
    lever.state.change("opportunities", key, tags=["relocates"])
    nested = {path for path in lever.run() if path.startswith("/opportunities/") and path.count("/") == 3}
    lists = ("interviews", "feedback", "offers", "notes", "files", "resumes")
    changed = {f"/opportunities/{key}/{name}" for name in lists}
    assert changed <= nested
    recently = {row["id"] for row in lever.rows("opportunities") if row["updatedAt"] is not None}
    others = {path.split("/")[2] for path in nested} - {key}
    assert not others - recently, "those that changed within the overlap, at most"
    assert "relocates" in candidate_of(lever, application)["tags"]


def test_the_daily_pass_reads_lists_but_does_not_crawl(lever: Lever) -> None:
    lever.run()
    day = 86_400_000_000
    with lever.world.service.engine.begin() as connection:
        connection.execute(
            update(resource_state).values(
                full_pass_at=resource_state.c.full_pass_at - day,
                fresh_as_of=resource_state.c.pass_started_at,
            )
        )
    asked = lever.run()
    assert "/opportunities" in asked
    assert not [path for path in asked if path.endswith(("/offers", "/notes", "/panels"))]


def test_a_crawl_of_all_makes_no_list_wait(lever: Lever, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is broken off and goes on where it was, once the lists have been read again."""
    monkeypatch.setattr("app.sync.passes.PARENTS", 10)
    monkeypatch.setattr("app.sync.run.UNBROKEN", 0)
    told: list[str] = []
    monkeypatch.setattr("app.sync.run.tell_completed", lambda *_, **__: told.append("completed"))
    lever.account.http.post("/sync-status/resync").raise_for_status()
    asked: list[list[str]] = []
    fresh = [lever.status("Candidate")["data_fresh_as_of"]]
    while not asked or lever.status("ScheduledInterview")["status"] == "SYNCING":
        asked.append(lever.run(limit=1))
        due = datetime.fromisoformat(str(lever.status("ScheduledInterview")["next_sync_start"]))
        over = lever.status("ScheduledInterview")["status"] == "DONE"
        assert over is (due - datetime.now(UTC) > timedelta(minutes=5)), "it goes on at once"
        assert told == ["completed"] * over
        fresh.append(lever.status("Candidate")["data_fresh_as_of"])
    assert fresh == sorted(set(fresh)), "nobody waits for the crawl to know of a candidate"
    assert len(asked) > 2
    assert all("/opportunities" in paths for paths in asked)
    crawled = Counter(p for paths in asked for p in paths if p.endswith("/notes"))
    assert len(crawled) == len(lever.rows("opportunities"))
    assert set(crawled.values()) == {1}, "nothing is read twice"
    lever.run()
    assert {row["status"] for row in lever.account.get("/sync-status").json()["results"]} == {"DONE"}


def test_what_is_declared_no_longer_is_not_gone_on_with(lever: Lever) -> None:
    """An upgrade may leave the state of a list behind, in the middle of a pass that nobody ends."""
    with lever.world.service.engine.begin() as connection:
        row = connection.execute(select(resource_state)).mappings().first()
        former = {**dict(row or {}), "resource": "former", "checkpoint": "{}"}
        connection.execute(insert(resource_state).values(**former))
    lever.run(limit=1)
    due = datetime.fromisoformat(str(lever.status("Candidate")["next_sync_start"]))
    assert due - datetime.now(UTC) > timedelta(minutes=5)


def test_the_first_crawl_is_not_broken_off(
    world: World, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody waits for it, and for being told that it is over."""
    monkeypatch.setattr("app.sync.run.UNBROKEN", 0)
    Lever(world, state, CREDENTIALS["api_key"])
    assert [r.path for r in state.controls.received].count("/v1/opportunities") == 1


def test_a_rejection_shows_once_the_reasons_are_known(world: World, state: State) -> None:
    """Whoever was hired is archived as well: without the reasons nobody is said to be rejected."""
    state.controls.fail("/v1/archive_reasons", status=403, times=1, body={"code": "x", "message": "no"})
    lever = Lever(world, state, CREDENTIALS["api_key"])
    assert not [a for a in lever.account.list("/applications") if a["rejected_at"]]
    hired = {row["id"] for row in lever.rows("archive_reasons") if row["type"] == "hired"}
    archived = {
        row["id"]: row["archived"]["reason"] for row in lever.rows("opportunities") if row["archived"]
    }
    lever.run()
    rejected = {a["remote_id"] for a in lever.account.list("/applications") if a["rejected_at"]}
    assert rejected == {key for key, reason in archived.items() if reason not in hired}
    assert rejected < archived.keys(), "some were hired"


def test_what_lever_lists_as_deleted_is_deleted_here(lever: Lever) -> None:
    interview = an_interview(lever)
    application = lever.account.get(f"/applications/{interview['application']}").json()
    lever.state.delete("opportunities", application["remote_id"])
    assert "/opportunities/deleted" in lever.run()
    for path, known in (("/applications", application), ("/interviews", interview)):
        params = {"remote_id": known["remote_id"], "include_deleted_data": "true"}
        assert lever.account.one(path, **params)["remote_was_deleted"] is True


def test_a_refused_refresh_token_needs_linking_again(world: World, state: State) -> None:
    lever = Lever(world, state, CREDENTIALS["oauth"])
    assert lever.account.list("/interviews")
    state.tokens.expire_all()
    body = {"error": "invalid_grant", "error_description": "dead"}
    state.controls.fail("/oauth/token", method="POST", status=403, body=body)
    lever.run()
    details = lever.account.get("/account-details").json()
    assert details["status"] == "RELINK_NEEDED"


def test_each_refresh_uses_the_token_of_the_one_before(world: World, state: State) -> None:
    lever = Lever(world, state, CREDENTIALS["oauth"])
    for _ in range(2):
        state.tokens.expire_all()
        assert "/opportunities" in lever.run()


# ---- writing


def test_an_interview_is_made_moved_and_taken_back(lever: Lever) -> None:
    application = active(lever)
    given = {
        "application": application["id"],
        "interviewers": [lever.user(COORDINATOR)],
        "organizer": lever.user(RECRUITER),
        "start_at": soon(),
        "end_at": soon(45),
        "name": "Technical interview",
        "location": "Room Tegel",
        "timezone": "Europe/Berlin",
    }
    params = {"integration_params": {"note": "Bring the plan"}}
    made = lever.write("POST", "/interviews", {"model": {**given, **params}})["model"]
    assert (made["status"], made["name"], made["timezone"]) == (
        "SCHEDULED",
        "Technical interview",
        "Europe/Berlin",
    )
    assert made["organizer"] == given["organizer"]
    assert made["application"] == application["id"]
    assert [answer["response_status"] for answer in made["interviewer_responses"]] == ["NEEDS_ACTION"]
    row = lever.row("interviews", made)
    assert (row["note"], row["duration"]) == ("Bring the plan", 45)

    moved = lever.write("PATCH", f"/interviews/{made['id']}", {"model": {"end_at": soon(90)}})["model"]
    kept = ("name", "location", "interviewers", "start_at", "timezone", "organizer")
    assert {name: moved[name] for name in kept} == {name: made[name] for name in kept}
    row = lever.row("interviews", made)
    assert (row["note"], row["duration"]) == ("Bring the plan", 90), "Lever clears what is left out"

    gone = lever.write("DELETE", f"/interviews/{made['id']}")["model"]
    assert gone["remote_was_deleted"] is True
    assert made["remote_id"] not in lever.state.tables["interviews"].rows


def test_a_moved_application_leaves_its_candidate_whole(lever: Lever) -> None:
    application = active(lever)
    before = candidate_of(lever, application)
    assert before["email_addresses"]
    stages = lever.account.list("/job-interview-stages")
    other = next(s["id"] for s in stages if s["id"] != application["current_stage"])
    path = f"/applications/{application['id']}"
    moved = lever.write("POST", f"{path}/change-stage", {"job_interview_stage": other})["model"]
    assert moved["current_stage"] == other
    lever.state.controls.fail(
        f"/v1/opportunities/{application['remote_id']}",
        method="GET",
        status=403,
        times=1,
        body={"message": "no"},
    )  # it cannot be read back, and the answer to the move is blanked
    lever.write("POST", f"{path}/change-stage", {"job_interview_stage": application["current_stage"]})
    assert bare(candidate_of(lever, application)["email_addresses"]) == bare(before["email_addresses"])
    used = {row["id"] for row in lever.rows("archive_reasons") if row["status"] == "active"}
    reason = next(r["id"] for r in lever.account.list("/reject-reasons") if r["remote_id"] in used)
    rejected = lever.write("POST", f"{path}/reject", {"reject_reason": reason})["model"]
    assert rejected["reject_reason"] == reason
    assert rejected["rejected_at"]
    after = candidate_of(lever, application)
    named = ("first_name", "last_name", "email_addresses", "phone_numbers", "urls", "locations")
    assert {name: bare(after[name]) for name in named} == {name: bare(before[name]) for name in named}


def test_a_candidate_is_made_and_changed_on_every_opportunity(lever: Lever) -> None:
    jobs = lever.account.list("/jobs", status="OPEN")
    model = {
        "first_name": "Ines",
        "last_name": "Moreau",
        "email_addresses": [{"value": "ines.moreau@new.example", "email_address_type": "WORK"}],
        "tags": ["relocates"],
        "applications": [{"job": jobs[0]["id"]}, {"job": jobs[1]["id"]}],
        "attachments": [{"file_url": PDF, "file_name": "cv.pdf"}],
    }
    answer = lever.write("POST", "/candidates", {"model": model})
    made = answer["model"]
    assert len(made["applications"]) == 2
    assert len(made["attachments"]) == 1
    path = f"/candidates/{made['id']}"
    changed = lever.write("PATCH", path, {"model": {"last_name": "Weber", "tags": ["Berlin"]}})["model"]
    assert (changed["first_name"], changed["last_name"]) == ("Ines", "Weber")
    assert "Berlin" in changed["tags"]
    assert "relocates" not in changed["tags"]
    assert lever.row("contacts", made)["name"] == "Ines Weber"
    lever.run()
    assert candidate_of(lever, {"candidate": made["id"]})["last_name"] == "Weber"


def test_a_known_address_joins_the_contact_that_has_it(lever: Lever) -> None:
    known = candidate_of(lever, active(lever))
    model = {"first_name": "Somebody", "last_name": "Else", "email_addresses": known["email_addresses"]}
    answer = lever.write("POST", "/candidates", {"model": model})
    assert answer["model"]["id"] == known["id"]
    assert answer["model"]["last_name"] == known["last_name"], "Lever's data stay"
    assert [w["source"]["pointer"] for w in answer["warnings"]] == ["model/email_addresses"]


def test_a_note_and_a_file_show_at_once(lever: Lever) -> None:
    candidate = candidate_of(lever, active(lever))
    given = {"candidate": candidate["id"], "body": "Called", "visibility": "PRIVATE"}
    note = lever.write("POST", "/activities", {"model": given, "remote_user_id": RECRUITER})["model"]
    assert (note["body"], note["visibility"]) == ("Called", "PRIVATE")
    assert note["user"] == lever.user(RECRUITER)
    given = {"candidate": candidate["id"], "file_url": PDF, "file_name": "plan.pdf"}
    file = lever.write("POST", "/attachments", {"model": given})["model"]
    assert (file["file_name"], file["candidate"]) == ("plan.pdf", candidate["id"])
    lever.run()
    assert file["id"] in {row["id"] for row in lever.account.list("/attachments")}


def test_nobody_to_act_for_is_refused_before_anything_is_sent(world: World, state: State) -> None:
    lever = Lever(world, state, {"api_key": CREDENTIALS["api_key"]["api_key"]})
    application = active(lever)
    model = {"application": application["id"], "start_at": soon(), "end_at": soon(30)}
    model["interviewers"] = [lever.user(COORDINATOR)]
    state.controls.received.clear()
    refused = lever.write("POST", "/interviews", {"model": model}, ok=False)
    assert refused["errors"][0]["source"]["pointer"] == "remote_user_id"
    assert not state.controls.received
    made = lever.write("POST", "/interviews", {"model": {**model, "organizer": lever.user(RECRUITER)}})
    assert made["model"]["organizer"] == lever.user(RECRUITER)


# ---- webhooks


def an_interview(lever: Lever) -> Json:
    return next(i for i in lever.account.list("/interviews") if i["status"] == "SCHEDULED")


def told(lever: Lever, record: Json) -> Json:
    return {
        "interviewId": record["remote_id"],
        "opportunityId": lever.row("interviews", record)["opportunityId"],
    }


def shown(lever: Lever, record: Json) -> Json:
    params = {"remote_id": record["remote_id"], "include_deleted_data": "true"}
    return lever.account.one("/interviews", **params)


def test_a_changed_interview_shows_when_lever_tells_of_it(lever: Lever) -> None:
    known = an_interview(lever)
    lever.state.change("interviews", known["remote_id"], location="Attic")
    lever.deliver("interviewUpdated", told(lever, known))
    assert shown(lever, known)["location"] == "Attic"


def test_a_deleted_interview_is_looked_for_first(lever: Lever) -> None:
    known = an_interview(lever)
    data = told(lever, known)
    lever.deliver("interviewDeleted", data)
    assert shown(lever, known)["remote_was_deleted"] is False, "it is still there, whatever was told"
    lever.state.delete("interviews", known["remote_id"])
    lever.deliver("interviewDeleted", {**data, "again": True})
    assert shown(lever, known)["remote_was_deleted"] is True


def test_a_signature_is_good_for_one_delivery(lever: Lever) -> None:
    """It does not cover the data: with others beside it, it must tell nothing."""
    known = an_interview(lever)
    token = lever.deliver("candidateHired", {"opportunityId": told(lever, known)["opportunityId"]})
    lever.state.change("interviews", known["remote_id"], location="Attic")
    lever.deliver("interviewUpdated", told(lever, known), signed=token)
    assert shown(lever, known)["location"] != "Attic"


def test_a_changed_contact_shows_on_all_its_applications(lever: Lever) -> None:
    known = candidate_of(lever, active(lever))
    lever.state.change("contacts", known["remote_id"], name="Ines Moreau")
    lever.deliver("contactUpdated", {"contactId": known["remote_id"]})
    assert candidate_of(lever, {"candidate": known["id"]})["last_name"] == "Moreau"
