"""Through the API against the sandbox: what is written shows, and an interview finds its application once."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from conformance.sandboxed import Vendor, sandboxed
from world import Account, World


@pytest.fixture
def vendor(world: World) -> Iterator[Vendor]:
    with sandboxed(world, "workday", "integration_system_user") as made:
        yield made


@pytest.fixture
def account(vendor: Vendor) -> Account:
    linked = vendor.link()
    vendor.run(linked)
    return linked


def done(account: Account, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = account.http.request(method, path, json=body)
    assert answer.status_code in (200, 201), answer.text
    model: dict[str, Any] = answer.json()["model"]
    return model


def stage(account: Account, name: str) -> str:
    found = {row["name"]: row["id"] for row in account.list("/job-interview-stages")}
    return str(found[name])


def test_every_interview_and_scorecard_has_an_application_and_is_asked_for_once(
    vendor: Vendor, account: Account
) -> None:
    read = account.list("/interviews")
    assert {row["status"] for row in read} == {"SCHEDULED", "AWAITING_FEEDBACK", "COMPLETE"}
    assert all(row["application"] for row in [*read, *account.list("/scorecards")])
    before = vendor.requests()
    vendor.run(account)
    assert vendor.requests() - before == 9, "one page of each list, and no question"
    assert account.list("/interviews") == read


def test_an_interview_is_made_moved_and_cancelled(vendor: Vendor, account: Account) -> None:
    waiting = account.list("/applications", current_stage_id=stage(account, "Interview"))
    held = Counter(row["application"] for row in account.list("/interviews"))
    # one whose only event has one session: where there are several events, one must be named
    application = next(r["id"] for r in waiting if held[r["id"]] == 1 and not r["rejected_at"])
    first, second = [row["id"] for row in account.list("/users") if not row["disabled"]][:2]
    places = sorted({row["location"] for row in account.list("/interviews") if row["location"]}, key=len)
    office = places[0]  # not every office is of a kind that interviews may be in
    model = {
        "application": application,
        "interviewers": [first],
        "start_at": "2030-01-01T10:00:00+01:00",
        "end_at": "2030-01-01T11:00:00+01:00",
        "location": office,
        "timezone": "America/Los_Angeles",
    }
    made = done(account, "POST", "/interviews", {"model": model})
    assert (made["start_at"], made["location"], made["timezone"]) == (
        "2030-01-01T09:00:00Z",
        office,
        "America/Los_Angeles",
    )
    change = {"model": {"interviewers": [first, second]}}
    moved = done(account, "PATCH", f"/interviews/{made['id']}", change)
    assert moved["interviewers"] == [first, second]
    assert (moved["start_at"], moved["location"]) == (made["start_at"], office)
    before = vendor.requests()
    again = account.get(f"/interviews/{made['id']}", max_age=0)
    assert (again.status_code, again.json()["interviewers"]) == (200, [first, second])
    assert vendor.requests() == before + 1, "read again, by its application"
    vendor.run(account)
    assert account.get(f"/interviews/{made['id']}").json()["interviewers"] == [first, second]
    done(account, "DELETE", f"/interviews/{made['id']}")
    vendor.run(account)
    assert account.get(f"/interviews/{made['id']}", include_deleted_data=True).json()["remote_was_deleted"]


def test_a_candidate_applies_moves_and_gets_a_file(account: Account) -> None:
    one, other = [row["id"] for row in account.list("/jobs", status="OPEN")][:2]
    person = {"first_name": "A & <B>", "last_name": "Ø", "email_addresses": [{"value": "a@b.example"}]}
    made = done(account, "POST", "/candidates", {"model": {**person, "applications": [{"job": one}]}})
    assert (made["first_name"], len(made["applications"])) == ("A & <B>", 1)
    again = {"model": {"candidate": made["id"], "job": one}}
    refused = account.http.post("/applications", json=again)
    assert refused.status_code == 400
    assert "already applied" in refused.text
    application = done(account, "POST", "/applications", {"model": {"candidate": made["id"], "job": other}})
    screen = {"job_interview_stage": stage(account, "Screen")}
    moved = done(account, "POST", f"/applications/{application['id']}/change-stage", screen)
    assert moved["current_stage"] == screen["job_interview_stage"]
    file = {"file_name": "cv.pdf", "file_url": "data:application/pdf;base64,JVBERi0xLjQ="}
    given = {"model": {"candidate": made["id"], "attachment_type": "RESUME", **file}}
    attached = done(account, "POST", "/attachments", given)
    assert (attached["file_name"], attached["attachment_type"]) == ("cv.pdf", "RESUME")


def test_a_rejection_names_its_step(account: Account) -> None:
    known = next(row for row in account.list("/applications") if not row["rejected_at"])
    url = f"/applications/{known['id']}/reject"
    (problem,) = account.http.post(url, json={}).json()["errors"]
    assert problem["source"]["pointer"] == "integration_params/disposition_step_id"
    wrong = account.http.post(url, json={"integration_params": {"disposition_step_id": "NO_SUCH_STEP"}})
    (problem,) = wrong.json()["errors"]
    assert "NO_SUCH_STEP" in problem["detail"], "it has reached Workday"
