"""Writes against a small Ashby: what is stored afterwards is what Ashby has, and what failed is told."""

from typing import Any

import pytest
from small_ashby import SmallAshby, event, ok, refusal, remote_ids, run
from world import Account, World

TIMES = {"start_at": "2026-12-02T15:00:00Z", "end_at": "2026-12-02T16:00:00Z"}


def id_of(account: Account, path: str, remote_id: str) -> str:
    return str(account.one(path, remote_id=remote_id)["id"])


def created(account: Account, path: str, model: Any, status: int = 201) -> Any:
    answer = account.http.post(path, json={"model": model})
    assert answer.status_code == status, answer.text
    return answer.json()


def schedule(vendor: SmallAshby, body: Any) -> Any:
    """What Ashby does with a new schedule."""
    (wanted,) = body["interviewEvents"]
    made = event("e9", "x9", startTime=wanted["startTime"], endTime=wanted["endTime"])
    made["interviewers"] = [{"id": "u1", "email": each["email"]} for each in wanted["interviewers"]]
    application = vendor.rows["application"][body["applicationId"]]
    stage = application["currentInterviewStage"]["id"]
    common = {"applicationId": body["applicationId"], "interviewStageId": stage, "status": "Scheduled"}
    return ok(vendor.put("interviewSchedule", "x9", **common, interviewEvents=[made]))


def test_an_interview_is_the_event_of_the_schedule_that_is_made(vendor: SmallAshby, account: Account) -> None:
    vendor.answers["/interviewSchedule.create"] = lambda body: schedule(vendor, body)
    user, application = id_of(account, "/users", "u1"), id_of(account, "/applications", "a2")
    answer = created(account, "/interviews", {"application": application, "interviewers": [user], **TIMES})
    made = answer["model"]
    assert (made["remote_id"], made["status"]) == ("e9", "SCHEDULED")
    assert (made["application"], made["interviewers"]) == (application, [user])
    assert made["job_interview_stage"] == id_of(account, "/job-interview-stages", "s1")
    assert answer["warnings"] == []


def test_fields_ashby_does_not_take_are_told(vendor: SmallAshby, account: Account) -> None:
    vendor.answers["/interviewSchedule.create"] = lambda body: schedule(vendor, body)
    model = {"application": id_of(account, "/applications", "a2"), **TIMES, "location": "Attic"}
    body = {
        "model": model | {"interviewers": [id_of(account, "/users", "u1")]},
        "remote_user_id": id_of(account, "/users", "u1"),
    }
    answer = account.http.post("/interviews", json=body).json()
    fields = {warning["source"]["pointer"] for warning in answer["warnings"]}
    assert {field.removeprefix("/") for field in fields} == {"model/location", "remote_user_id"}


def test_a_change_keeps_what_is_not_given(vendor: SmallAshby, account: Account) -> None:
    event_now = vendor.rows["interviewSchedule"]["x1"]["interviewEvents"][0]
    event_now["interviewers"] = [{"id": "u1", "email": "ada@example.com", "isFeedbackRequired": False}]
    event_now["endTime"] = "2026-12-01T17:30:00.000Z"  # changed at Ashby since it was read

    def update(body: Any) -> Any:
        wanted = body["interviewEvent"]
        event_now.update(startTime=wanted["startTime"], endTime=wanted["endTime"])
        return ok(vendor.rows["interviewSchedule"]["x1"])

    vendor.answers["/interviewSchedule.update"] = update
    key = id_of(account, "/interviews", "e1")
    body = {"model": {"start_at": "2026-12-01T14:00:00Z"}}
    answer = account.http.patch(f"/interviews/{key}", json=body)
    assert answer.status_code == 200, answer.text
    (sent,) = vendor.asked("/interviewSchedule.update")
    assert sent["interviewEvent"] == {
        "interviewEventId": "e1",
        "startTime": "2026-12-01T14:00:00.000Z",
        "endTime": "2026-12-01T17:30:00.000Z",
        "interviewers": [{"email": "ada@example.com", "feedbackRequired": False}],
        "interviewId": "definition",
    }
    assert answer.json()["model"]["end_at"] == "2026-12-01T17:30:00Z"


def test_an_interview_without_times_can_be_given_others_to_hold_it(
    vendor: SmallAshby, account: Account
) -> None:
    event_now = vendor.rows["interviewSchedule"]["x1"]["interviewEvents"][0]
    event_now["startTime"] = None
    vendor.answers["/interviewSchedule.update"] = lambda _: ok(vendor.rows["interviewSchedule"]["x1"])
    body = {"model": {"interviewers": [id_of(account, "/users", "u1")]}}
    answer = account.http.patch(f"/interviews/{id_of(account, '/interviews', 'e1')}", json=body)
    assert answer.status_code == 200, answer.text
    (sent,) = vendor.asked("/interviewSchedule.update")
    assert sent["interviewEvent"]["startTime"] is None
    assert sent["interviewEvent"]["endTime"] == event_now["endTime"]


def test_pages_go_by_their_site_whatever_the_country(vendor: SmallAshby, account: Account) -> None:
    vendor.answers["/candidate.update"] = lambda _: ok(vendor.rows["candidate"]["c1"])
    urls = ["https://de.linkedin.com/in/z", "https://github.com/z", "https://linkedin.com.example"]
    body = {"model": {"urls": [{"value": url} for url in urls]}}
    answer = account.http.patch(f"/candidates/{id_of(account, '/candidates', 'c1')}", json=body)
    assert answer.json()["warnings"] == []
    (sent,) = vendor.asked("/candidate.update")
    assert [sent[name] for name in ("linkedInUrl", "githubUrl", "websiteUrl")] == urls


def test_an_interview_of_somebody_else_is_not_changed_and_the_caller_told(
    vendor: SmallAshby, account: Account
) -> None:
    vendor.answers["/interviewSchedule.update"] = lambda _: refusal("interview_schedule_not_found")
    before = account.one("/interviews", remote_id="e1")
    answer = account.http.patch(f"/interviews/{before['id']}", json={"model": TIMES})
    assert answer.status_code == 400
    assert "interview_schedule_not_found" in answer.json()["errors"][0]["detail"]
    assert account.one("/interviews", remote_id="e1") == before


def cancelling(vendor: SmallAshby) -> None:
    row = vendor.rows["interviewSchedule"]["x1"]

    def update(body: Any) -> Any:
        left = [each for each in row["interviewEvents"] if each["id"] != body["interviewEventIdToCancel"]]
        return ok(vendor.put("interviewSchedule", "x1", interviewEvents=left))

    vendor.answers["/interviewSchedule.update"] = update
    vendor.answers["/interviewSchedule.cancel"] = lambda _: ok(
        vendor.put("interviewSchedule", "x1", status="Cancelled")
    )


def test_one_of_two_events_is_cancelled_and_the_other_stays(vendor: SmallAshby, account: Account) -> None:
    cancelling(vendor)
    answer = account.http.delete(f"/interviews/{id_of(account, '/interviews', 'e1')}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["model"]["remote_was_deleted"] is True
    assert not vendor.asked("/interviewSchedule.cancel")
    assert remote_ids(account, "/interviews") == {"e2"}


def test_what_is_left_is_counted_at_ashby(vendor: SmallAshby, account: Account) -> None:
    """Two events are kept here, and one of them has gone meanwhile."""
    cancelling(vendor)
    row = vendor.rows["interviewSchedule"]["x1"]
    row["interviewEvents"] = row["interviewEvents"][:1]
    answer = account.http.delete(f"/interviews/{id_of(account, '/interviews', 'e1')}")
    assert answer.status_code == 200, answer.text
    assert vendor.asked("/interviewSchedule.cancel") == [{"id": "x1", "allowReschedule": False}]
    assert not vendor.asked("/interviewSchedule.update")
    assert answer.json()["model"]["status"] == "Cancelled"
    assert account.list("/interviews", remote_id="e2") == []


def test_an_event_with_feedback_is_not_cancelled(vendor: SmallAshby, account: Account) -> None:
    cancelling(vendor)
    vendor.answers["/interviewSchedule.update"] = lambda _: refusal("invalid_input")
    answer = account.http.delete(f"/interviews/{id_of(account, '/interviews', 'e1')}")
    assert answer.status_code == 400
    assert "allowFeedbackDeletion" not in str([call.body for call in vendor.calls])
    assert remote_ids(account, "/interviews") == {"e1", "e2"}


TRUNCATED = {"id": "a9", "candidate": {"id": "c1", "name": "Cy 1"}, "status": "Lead", "source": None}


def test_the_answer_to_a_new_application_is_never_kept(
    world: World, vendor: SmallAshby, account: Account
) -> None:
    """Ashby answers without the stage's plan, the source, the form: it is read again, now or by the sync."""
    vendor.answers["/application.create"] = lambda _: ok(TRUNCATED)
    model = {"candidate": id_of(account, "/candidates", "c1"), "job": id_of(account, "/jobs", "j1")}
    answer = created(account, "/applications", model)
    assert vendor.asked("/application.info") == [
        {"applicationId": "a9", "expand": ["applicationFormSubmissions"]}
    ]
    assert answer["model"] is None, "it cannot be read yet"
    assert "next synchronisation" in answer["warnings"][0]["detail"]
    assert account.list("/applications", remote_id="a9") == []
    vendor.put("application", "a9", candidate={"id": "c1"}, job={"id": "j1"}, source={"title": "Referral"})
    run(world, account)
    assert account.one("/applications", remote_id="a9")["source"] == "Referral"


def test_an_application_is_read_back_whole(vendor: SmallAshby, account: Account) -> None:
    def create(body: Any) -> Any:
        source = {"id": "q1", "title": "Referral"}
        vendor.put("application", "a9", candidate={"id": "c1"}, job={"id": "j1"}, source=source)
        return ok(TRUNCATED)

    vendor.answers["/application.create"] = create
    vendor.put("source", "q1", title="Referral")
    model = {"candidate": id_of(account, "/candidates", "c1"), "job": id_of(account, "/jobs", "j1")}
    made = created(account, "/applications", model | {"source": "Referral"})["model"]
    assert (made["source"], made["job"]) == ("Referral", model["job"])
    assert vendor.asked("/application.create") == [
        {"candidateId": "c1", "jobId": "j1", "sourceId": "q1"},
    ]


def test_a_rejected_application_stands_in_the_archive(vendor: SmallAshby, account: Account) -> None:
    def change(body: Any) -> Any:
        reason = {"id": body["archiveReasonId"], "text": "No"}
        stage = {"id": body["interviewStageId"], "type": "Archived", "interviewPlanId": "p1"}
        archived = {"status": "Archived", "archivedAt": "2026-12-01T10:00:00.000Z"}
        return ok(
            vendor.put("application", "a1", **archived, archiveReason=reason, currentInterviewStage=stage)
        )

    vendor.answers["/application.changeStage"] = change
    reason = id_of(account, "/reject-reasons", "r1")
    key = id_of(account, "/applications", "a1")
    answer = account.http.post(f"/applications/{key}/reject", json={"reject_reason": reason})
    assert answer.status_code == 200, answer.text
    made = answer.json()["model"]
    assert (made["rejected_at"], made["reject_reason"]) == ("2026-12-01T10:00:00Z", reason)
    assert made["current_stage"] == id_of(account, "/job-interview-stages", "s2")


def test_a_tag_that_fails_does_not_hide_the_candidate_that_was_made(
    vendor: SmallAshby, account: Account
) -> None:
    vendor.answers["/candidate.create"] = lambda body: ok(vendor.put("candidate", "c9", name=body["name"]))
    vendor.answers["/candidateTag.create"] = lambda _: refusal("missing_endpoint_permission", 403)
    answer = created(account, "/candidates", {"first_name": "Ana", "tags": ["New"]})
    assert answer["model"]["remote_id"] == "c9"
    (warning,) = answer["warnings"]
    assert warning["source"]["pointer"].endswith("model/tags")


def test_a_candidate_ashby_has_is_not_made_twice(vendor: SmallAshby, account: Account) -> None:
    known = {"id": "c1", "emailAddresses": [{"value": "CY@example.com"}]}
    vendor.answers["/candidate.search"] = lambda _: ok([known])
    model = {"first_name": "Cy", "email_addresses": [{"value": "cy@example.com"}]}
    answer = created(account, "/candidates", model, status=400)
    assert answer["errors"][0]["problem_type"] == "DUPLICATE_MODEL_EXISTS"
    assert not vendor.asked("/candidate.create")


@pytest.fixture
def store(vendor: SmallAshby) -> SmallAshby:
    """A vendor that takes files, on a host of their own."""
    place = {"handle": "h9", "url": "https://files.elsewhere.example/put", "fields": {"key": "k"}}
    vendor.answers["/file.createFileUploadHandle"] = lambda _: ok(place)
    vendor.answers["/put"] = lambda _: (204, "")
    vendor.answers["/file.info"] = lambda body: ok({"url": f"https://files.example.com/{body['fileHandle']}"})

    def upload(body: Any) -> Any:
        files = [*vendor.rows["candidate"][body["candidateId"]]["fileHandles"]]
        files.append({"id": "f9", "name": "letter.txt", "handle": "new"})
        return ok(vendor.put("candidate", body["candidateId"], fileHandles=files))

    vendor.answers["/candidate.uploadFile"] = upload
    return vendor


LETTER = {"file_name": "letter.txt", "file_url": "data:text/plain;base64,aGVsbG8="}


def test_a_file_goes_to_its_store_without_the_key(store: SmallAshby, account: Account) -> None:
    made = created(account, "/attachments", LETTER | {"candidate": id_of(account, "/candidates", "c1")})
    model = made["model"]
    assert (model["remote_id"], model["attachment_type"]) == ("f9", "OTHER")
    assert model["file_url"] == "https://files.example.com/new"
    (put,) = [call for call in store.calls if call.path == "/put"]
    assert "authorization" not in put.headers
    assert b"hello" in put.body and put.body.index(b'name="key"') < put.body.index(b'name="file"')
    (wanted,) = store.asked("/file.createFileUploadHandle")
    assert (wanted["contentLength"], wanted["contentType"]) == (5, "text/plain")
    assert store.asked("/candidate.uploadFile") == [{"candidateId": "c1", "fileHandle": "h9"}]


@pytest.mark.parametrize("status", [403, 503])
def test_a_store_that_refuses_a_file_does_not_end_the_account(
    world: World, store: SmallAshby, account: Account, status: int
) -> None:
    store.answers["/put"] = lambda _: (status, "<Error>AccessDenied</Error>")
    body = LETTER | {"candidate": id_of(account, "/candidates", "c1")}
    answer = account.http.post("/attachments", json={"model": body})
    assert answer.status_code == (400 if status == 403 else 503)
    (problem,) = answer.json()["errors"]
    assert problem["problem_type"] == "PROVIDER_ERROR", "the key may do this"
    assert problem["title"] != "Outcome Unknown", "nothing was written"
    assert not store.asked("/candidate.uploadFile")
    assert world.stored(account).status == "COMPLETE"


def test_a_note_is_kept_as_it_was_answered(vendor: SmallAshby, account: Account) -> None:
    note = {"id": "n9", "content": "Hi", "isPrivate": True, "author": {"id": "u1"}}
    vendor.answers["/candidate.createNote"] = lambda _: ok(note)
    model = {"candidate": id_of(account, "/candidates", "c1"), "body": "Hi", "visibility": "ADMIN_ONLY"}
    made = created(account, "/activities", model)["model"]
    assert (made["remote_id"], made["visibility"]) == ("n9", "PRIVATE")
    assert (made["candidate"], made["user"]) == (model["candidate"], id_of(account, "/users", "u1"))
