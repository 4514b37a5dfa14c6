"""Interviews written over the API, at both generations of Harvest."""

import json
from typing import Any

import pytest
from world import Account, Json, Synced

from sandboxes.greenhouse import ADMIN, COORDINATOR, RECRUITER

START, END = "2031-03-04T10:00:00Z", "2031-03-04T11:00:00Z"
PATHS = {
    "v1": ("/v2/scheduled_interviews", "/v1/scheduled_interviews"),
    "v3": ("/v3/interviews", "/v3/interviews"),
}


def actor(account: Account, vendor_id: int = COORDINATOR) -> str:
    """One of the account's users, by our id."""
    return str(account.one("/users", remote_id=vendor_id)["id"])


def target(account: Account) -> Json:
    """An interview that can be changed: timed, with a panel and an organizer."""
    return next(
        i
        for i in account.list("/interviews")
        if i["status"] == "SCHEDULED" and i["organizer"] and len(i["interviewers"]) > 1 and not i["all_day"]
    )


def body(account: Account, **model: Any) -> Json:
    known = target(account)
    given = {
        "application": known["application"],
        "interviewers": known["interviewers"],
        "start_at": START,
        "end_at": END,
    }
    return {"model": given | model, "remote_user_id": actor(account)}


def create(account: Account, sent: Json, **query: Any) -> Any:
    headers = {"Content-Type": "application/json"}
    return account.http.post("/interviews", content=json.dumps(sent), headers=headers, params=query)


def sent_to_vendor(synced: Synced, method: str) -> Any:
    """The one request of a write."""
    (request,) = [r for r in synced.world.sent(method) if r.path != "/token"]
    return request


def nothing_sent(synced: Synced) -> bool:
    return not [r for r in synced.world.sandbox.controls.received if r.method != "GET" and r.path != "/token"]


def problem(answer: Any, status: int = 400) -> Json:
    assert answer.status_code == status, answer.text
    envelope = answer.json()
    assert envelope["model"] is None
    assert envelope["warnings"] == []
    (found,) = envelope["errors"]
    assert {"problem_type", "title", "detail", "source"} <= set(found)
    assert "Traceback" not in answer.text
    return dict(found)


# Create


@pytest.mark.contract("5.1.1", "5.2", "14.3")
def test_create_in_the_current_stage(synced: Synced, account: Account, style: str) -> None:
    application = account.get(f"/applications/{target(account)['application']}").json()
    answer = create(
        account, body(account, location="Room 5", video_conferencing_url="https://meet.example/1")
    )
    assert answer.status_code == 201, answer.text
    envelope = answer.json()
    assert list(envelope) == ["model", "warnings", "errors"]
    assert (envelope["warnings"], envelope["errors"]) == ([], [])
    made = envelope["model"]
    assert made["application"] == application["id"]
    assert made["job_interview_stage"] == application["current_stage"]
    assert (made["start_at"], made["end_at"], made["location"]) == (START, END, "Room 5")
    assert made["organizer"] == actor(account)
    assert made["status"] == "SCHEDULED"
    assert made["interviewers"] == target(account)["interviewers"]
    assert made["external_event_id"].startswith("omniats-")
    request = sent_to_vendor(synced, "POST")
    assert request.path == PATHS[style][0]
    assert account.get(f"/interviews/{made['id']}").json() == made
    assert made in account.list("/interviews", modified_after=target(account)["modified_at"])
    synced.world.sync(account)
    assert account.get(f"/interviews/{made['id']}").json() == made


def test_create_in_a_stage(synced: Synced, account: Account) -> None:
    application = account.get(f"/applications/{target(account)['application']}").json()
    planned = {i["job_interview_stage"] for i in account.list("/interviews", job_id=application["job"])}
    for stage in planned - {None, application["current_stage"]}:
        answer = create(account, body(account, job_interview_stage=stage))
        if answer.status_code == 201:
            assert answer.json()["model"]["job_interview_stage"] == stage
            return
        assert answer.json()["errors"][0]["problem_type"] == "PROVIDER_ERROR"
    own = application["current_stage"]
    assert (
        create(account, body(account, job_interview_stage=own)).json()["model"]["job_interview_stage"] == own
    )


@pytest.mark.contract("5.1.4")
def test_create_of_a_named_step(synced: Synced, account: Account, style: str) -> None:
    row = synced.world.sandbox.tables["interviews"].rows[int(target(account)["remote_id"])]
    step = row["job_interview_id"]
    answer = create(account, body(account, integration_params={"interview_id": str(step)}))
    assert answer.status_code == 201, answer.text
    key = {"v1": "interview_id", "v3": "job_interview_id"}[style]
    assert sent_to_vendor(synced, "POST").body[key] == step
    wrong = problem(create(account, body(account, integration_params={"interview_id": "x"})))
    assert "interview_id" in wrong["detail"]
    wrong = problem(create(account, body(account, integration_params=[])))
    assert wrong["source"] == {"pointer": "model/integration_params"}


@pytest.mark.contract("5.3.2", "5.3.3")
def test_all_that_is_missing_is_named_at_once(synced: Synced, account: Account) -> None:
    answer = create(account, {"model": {"interviewers": []}, "remote_user_id": actor(account)})
    errors = answer.json()["errors"]
    assert {e["problem_type"] for e in errors} == {"MISSING_REQUIRED_FIELD"}
    assert {e["source"]["pointer"] for e in errors} == {
        "model/application",
        "model/start_at",
        "model/end_at",
        "model/interviewers",
    }
    assert answer.status_code == 400
    assert nothing_sent(synced)


@pytest.mark.contract("3.5.3", "5.3.1", "5.3.3")
@pytest.mark.parametrize(
    ("field", "value", "problem_type"),
    [
        ("start_at", "tomorrow", "INCORRECT_FIELD_TYPE"),
        ("start_at", 5, "INCORRECT_FIELD_TYPE"),
        ("end_at", "0001-01-01T00:00:00+14:00", "INCORRECT_FIELD_TYPE"),
        ("location", ["x"], "INCORRECT_FIELD_TYPE"),
        ("application", {"id": "x"}, "INCORRECT_FIELD_TYPE"),
        ("application", "x", "INVALID_FIELD_CHOICE"),
        ("application", "\0", "INVALID_FIELD_CHOICE"),
        ("interviewers", "x", "INCORRECT_FIELD_TYPE"),
        ("interviewers", ["x"], "INVALID_FIELD_CHOICE"),
        ("interviewer_responses", [1], "INCORRECT_FIELD_TYPE"),
    ],
)
def test_wrong_values(synced: Synced, account: Account, field: str, value: Any, problem_type: str) -> None:
    found = problem(create(account, body(account, **{field: value})))
    assert (found["problem_type"], found["source"]) == (problem_type, {"pointer": f"model/{field}"})
    assert nothing_sent(synced)


@pytest.mark.contract("5.1.2")
def test_ids_of_another_account(synced: Synced, account: Account) -> None:
    foreign = target(synced.other)
    before = len(synced.world.sandbox.tables["interviews"])
    found = problem(create(account, body(account, application=foreign["application"])))
    assert (found["problem_type"], found["source"]) == (
        "INVALID_FIELD_CHOICE",
        {"pointer": "model/application"},
    )
    found = problem(create(account, body(account, interviewers=foreign["interviewers"][:1])))
    assert found["source"] == {"pointer": "model/interviewers"}
    stranger = body(account) | {"remote_user_id": actor(synced.other)}
    assert create(account, stranger).status_code == 400
    assert len(synced.world.sandbox.tables["interviews"]) == before


@pytest.mark.contract("5.3.1", "5.3.4")
def test_unknown_and_unsupported_fields_are_warnings(synced: Synced, account: Account) -> None:
    envelope = create(account, body(account, mood="good", timezone="Europe/Paris", cancelled_at=START)).json()
    assert envelope["errors"] == []
    assert {(w["problem_type"], w["source"]["pointer"]) for w in envelope["warnings"]} == {
        ("UNRECOGNIZED_FIELD", "model/mood"),
        ("UNSUPPORTED_FIELD", "model/timezone"),
        ("UNRECOGNIZED_FIELD", "model/cancelled_at"),
    }
    assert account.get(f"/interviews/{envelope['model']['id']}").status_code == 200


@pytest.mark.contract("5.1.5")
def test_debug_mode(synced: Synced, account: Account, style: str) -> None:
    logs = create(account, body(account), is_debug_mode="true").json()["logs"]
    (write,) = [
        log["log_summary"]
        for log in logs
        if log["log_summary"]["method"] == "POST" and not log["log_summary"]["url"].endswith("/token")
    ]
    assert write["status_code"] == 201
    assert write["url"] == "https://harvest.greenhouse.io" + PATHS[style][0]
    assert all({"log_id", "dashboard_view", "log_summary"} == set(log) for log in logs)
    assert "logs" not in create(account, body(account), is_debug_mode="false").json()
    assert create(account, body(account), is_debug_mode="perhaps").status_code == 400


# Who acts


@pytest.mark.contract("5.1.1")
def test_the_acting_user_by_either_id(synced: Synced, account: Account) -> None:
    for given in (str(RECRUITER), actor(account, RECRUITER), actor(account, RECRUITER).upper()):
        answer = create(account, body(account) | {"remote_user_id": given})
        assert answer.status_code == 201, answer.text
        assert answer.json()["model"]["organizer"] == actor(account, RECRUITER)
        request = [r for r in synced.world.sent("POST") if r.path != "/token"][-1]
        assert str(RECRUITER) in request.caller


def test_nobody_acts(synced: Synced) -> None:
    found = problem(create(synced.v1, body(synced.v1) | {"remote_user_id": None}))
    assert "remote_user_id" in found["detail"]
    assert nothing_sent(synced)
    answer = create(synced.v3, body(synced.v3) | {"remote_user_id": None})
    assert answer.status_code == 201, answer.text


def test_an_acting_user_the_vendor_refuses(synced: Synced, account: Account) -> None:
    for nobody in ("12345", "x"):
        found = problem(create(account, body(account) | {"remote_user_id": nobody}))
        assert found["problem_type"] == "PROVIDER_ERROR"
        assert found["raw_error"]
    assert synced.world.stored(account).status == "COMPLETE"
    assert create(account, body(account)).status_code == 201


# Change


@pytest.mark.contract("PATCH /interviews/{id}")
def test_patch_of_the_time_keeps_everything_else(synced: Synced, account: Account, style: str) -> None:
    known = target(account)
    answer = account.http.patch(
        f"/interviews/{known['id']}",
        json={"model": {"start_at": START, "end_at": END}, "remote_user_id": actor(account)},
    )
    assert answer.status_code == 200, answer.text
    moved = answer.json()["model"]
    assert (moved["start_at"], moved["end_at"]) == (START, END)
    for name in ("interviewers", "interviewer_responses", "location", "external_event_id", "application"):
        assert moved[name] == known[name]
    request = sent_to_vendor(synced, "PATCH")
    assert request.path == f"{PATHS[style][0]}/{known['remote_id']}"
    assert set(request.body) == {"v1": {"start", "end"}, "v3": {"starts_at", "ends_at"}}[style]
    assert moved["modified_at"] > known["modified_at"]
    assert moved["created_at"] == known["created_at"]
    assert account.get(f"/interviews/{known['id']}").json() == moved


@pytest.mark.contract("PATCH /interviews/{id}")
def test_patch_of_the_panel(synced: Synced, account: Account) -> None:
    known = target(account)
    kept, admin = known["interviewers"][0], actor(account, ADMIN)
    answers = {r["user"]: r["response_status"] for r in known["interviewer_responses"]}
    envelope = account.http.patch(
        f"/interviews/{known['id']}",
        json={
            "model": {
                "interviewers": [kept, admin],
                "interviewer_responses": [{"user": admin, "response_status": "ACCEPTED"}],
            },
            "remote_user_id": actor(account),
        },
    ).json()
    assert envelope["errors"] == []
    assert set(envelope["model"]["interviewers"]) == {kept, admin}
    now = {r["user"]: r["response_status"] for r in envelope["model"]["interviewer_responses"]}
    assert now == {kept: answers[kept], admin: "ACCEPTED"}
    assert (envelope["model"]["start_at"], envelope["model"]["location"]) == (
        known["start_at"],
        known["location"],
    )
    found = problem(account.http.patch(f"/interviews/{known['id']}", json={"model": {"interviewers": []}}))
    assert "interviewers" in found["detail"]


def test_patch_of_nothing_sends_nothing(synced: Synced, account: Account) -> None:
    known = target(account)
    answer = account.http.patch(f"/interviews/{known['id']}", json={"model": {}})
    assert (answer.status_code, answer.json()["model"]) == (200, known)
    assert nothing_sent(synced)


def test_patch_clears_with_null(synced: Synced, account: Account) -> None:
    known = target(account)
    sent = {"model": {"location": None}, "remote_user_id": actor(account)}
    changed = account.http.patch(f"/interviews/{known['id']}", json=sent).json()["model"]
    assert changed["location"] is None
    assert changed["video_conferencing_url"] == known["video_conferencing_url"]


# Cancel


@pytest.mark.contract("DELETE /interviews/{id}")
def test_delete(synced: Synced, account: Account, style: str) -> None:
    known = target(account)
    url = f"/interviews/{known['id']}"
    answer = account.http.delete(url, params={"remote_user_id": actor(account)})
    assert answer.status_code == 200, answer.text
    gone = answer.json()["model"]
    assert gone == known | {"remote_was_deleted": True, "modified_at": gone["modified_at"]}
    assert sent_to_vendor(synced, "DELETE").path == f"{PATHS[style][1]}/{known['remote_id']}"
    assert account.get(url).json() == gone
    assert known["id"] not in [i["id"] for i in account.list("/interviews")]
    synced.world.sync(account)
    assert account.get(url).json() == gone
    again = problem(account.http.delete(url, params={"remote_user_id": actor(account)}))
    assert again["problem_type"] == "PROVIDER_ERROR"


# What the vendor may answer


@pytest.mark.contract("5.3.2", "5.3.5")
def test_a_refusal_of_the_vendor(synced: Synced, account: Account) -> None:
    before = account.list("/interviews")
    found = problem(create(account, body(account, end_at="2031-03-04T09:00:00Z")))
    assert found["problem_type"] == "PROVIDER_ERROR"
    assert found["raw_error"]
    assert found["raw_error"] in found["detail"]
    assert account.list("/interviews") == before


@pytest.mark.contract("4.3")
@pytest.mark.parametrize("executed", [True, False])
def test_an_unknown_outcome_is_not_to_be_repeated(
    synced: Synced, account: Account, style: str, executed: bool
) -> None:
    """The SDK repeats a 5xx by itself, a POST too."""
    synced.world.sandbox.controls.fail(PATHS[style][0], method="POST", status=500, execute=executed, times=9)
    found = problem(create(account, body(account)))
    assert (found["problem_type"], found["title"]) == ("PROVIDER_ERROR", "Outcome Unknown")
    assert len([r for r in synced.world.sent("POST") if r.path != "/token"]) == 1
    synced.world.sandbox.controls.clear()
    synced.world.sync(account)
    assert len(account.list("/interviews", modified_after=target(account)["created_at"])) >= int(executed)


@pytest.mark.contract("4.2")
def test_too_many_requests(synced: Synced, account: Account, style: str) -> None:
    synced.world.sandbox.controls.fail(
        PATHS[style][0],
        method="POST",
        status=429,
        headers={"Retry-After": "7"},
        body={"message": "Slow down"},
    )
    answer = create(account, body(account))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert answer.json() == {"detail": "Request was throttled. Expected available in 7 seconds."}
    assert create(account, body(account)).status_code == 429
    assert len([r for r in synced.world.sent("POST") if r.path != "/token"]) == 1, "it is left alone"
    synced.world.stop_waiting()
    assert create(account, body(account)).status_code == 201


def test_a_missing_permission(synced: Synced, account: Account, style: str) -> None:
    right = {"v1": "POST: Create Scheduled Interview", "v3": "harvest:interviews:create"}[style]
    synced.world.sandbox.permissions[style].denied = {right}
    found = problem(create(account, body(account)))
    assert found["problem_type"] == "MISSING_PERMISSION"
    assert synced.world.stored(account).status == "COMPLETE"


@pytest.mark.contract("5.3.6", "6.2")
def test_dead_credentials(synced: Synced, account: Account, style: str) -> None:
    sandbox = synced.world.sandbox
    sandbox.api_key = "another"
    sandbox.tokens.clients.clear()
    sandbox.tokens.expire_all()
    sent = body(account)
    assert problem(create(account, sent))["problem_type"] == "RELINK_NEEDED"
    assert synced.world.stored(account).status == "RELINK_NEEDED"
    asked = len(sandbox.controls.received)
    assert problem(create(account, sent))["problem_type"] == "RELINK_NEEDED"
    assert len(sandbox.controls.received) == asked
    assert account.list("/interviews"), "what was read stays readable"


def test_a_write_that_cannot_be_read_back(synced: Synced, account: Account, style: str) -> None:
    """Some answer is always stored: the vendor's own answer to the write."""
    synced.world.sandbox.controls.fail(f"{PATHS[style][1]}*", method="GET", status=404, times=9)
    envelope = create(
        account, body(account, job_interview_stage=target(account)["job_interview_stage"])
    ).json()
    assert envelope["errors"] == []
    assert envelope["model"]["start_at"] == START


@pytest.mark.contract("4.3")
def test_a_failure_of_ours_after_the_write(
    synced: Synced, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The vendor has acted, so this is no 500: the SDK would write again."""

    def broken(*_arguments: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr("app.sync.mapping.Intake.take_fetched", broken)
    answer = create(account, body(account))
    assert answer.status_code == 201
    envelope = answer.json()
    assert (envelope["model"], envelope["errors"]) == (None, [])
    (warning,) = envelope["warnings"]
    assert "Do not repeat" in warning["detail"]
    assert "disk full" not in answer.text
