"""Sync tokens and cursors that end, lists that are refused, events that leave their schedule."""

from typing import Any

import pytest
from small_ashby import SmallAshby, ok, refusal, remote_ids, run, run_in_full
from world import Account, World


def tokens(vendor: SmallAshby, path: str) -> list[Any]:
    return [(body.get("syncToken"), body.get("cursor")) for body in vendor.asked(path)]


def test_only_what_changed_is_asked_for(world: World, vendor: SmallAshby, account: Account) -> None:
    vendor.put("candidate", "c1", name="Zoë Brontë")
    run(world, account)
    ((token, cursor),) = tokens(vendor, "/candidate.list")
    assert token and cursor is None
    assert account.one("/candidates", remote_id="c1")["last_name"] == "Brontë"
    assert vendor.asked("/candidate.listNotes") == [{"limit": 100, "candidateId": "c1"}], "of whom changed"
    vendor.calls.clear()
    run(world, account)
    assert tokens(vendor, "/candidate.list")[0][0] != token, "each pass gives the next one's"
    assert not vendor.asked("/candidate.listNotes")


def test_every_page_of_a_pass_has_the_token_it_began_with(
    world: World, vendor: SmallAshby, account: Account
) -> None:
    for number in range(5):
        vendor.put("candidate", f"new{number}", name="New")
    run(world, account)
    asked = tokens(vendor, "/candidate.list")
    assert [cursor for _, cursor in asked] == [None, "at-2", "at-4"]
    assert len({token for token, _ in asked}) == 1
    assert len(remote_ids(account, "/candidates")) == 7


def test_a_token_is_kept_only_when_the_pass_has_ended(
    world: World, vendor: SmallAshby, account: Account
) -> None:
    for number in range(3):
        vendor.put("candidate", f"new{number}", name="New")
    rows = list(vendor.rows["candidate"].values())

    def broken(body: Any) -> Any:
        if "cursor" in body:
            return 503, "down"
        # a token on a page that is not the last one is no good
        return ok(rows[-3:-1], moreDataAvailable=True, nextCursor="at-2", syncToken="token-999")

    vendor.answers["/candidate.list"] = broken
    run(world, account)
    before = {token for token, _ in tokens(vendor, "/candidate.list")}
    del vendor.answers["/candidate.list"]
    vendor.calls.clear()
    run(world, account)
    assert {token for token, _ in tokens(vendor, "/candidate.list")} == before
    assert {"new0", "new1", "new2"} <= remote_ids(account, "/candidates")


def test_a_token_that_has_ended_leads_to_a_full_pass(
    world: World, vendor: SmallAshby, account: Account
) -> None:
    del vendor.rows["candidate"]["c2"]
    vendor.forgotten = True
    run(world, account)
    (first, _), (second, _) = tokens(vendor, "/candidate.list")
    assert first and second is None
    assert remote_ids(account, "/candidates") == {"c1"}, "a full pass finds what is gone"
    vendor.forgotten = False
    vendor.calls.clear()
    run(world, account)
    assert tokens(vendor, "/candidate.list")[0][0], "with the token of the full pass"


def forgetful(vendor: SmallAshby, code: str) -> Any:
    """The list of candidates of a vendor that refuses a cursor once."""
    left = [refusal(code)]

    def answer(body: Any) -> Any:
        if "cursor" in body and left:
            return left.pop()
        answers, vendor.answers = vendor.answers, {}
        try:
            return vendor._list("candidate", body)
        finally:
            vendor.answers = answers

    return answer


@pytest.mark.parametrize("code", ["next_cursor_expired", "invalid_next_cursor", "cursor_invalid"])
def test_a_cursor_that_has_ended_begins_the_list_again(
    world: World, vendor: SmallAshby, account: Account, code: str
) -> None:
    for number in range(3):
        vendor.put("candidate", f"new{number}", name="New")
    vendor.answers["/candidate.list"] = forgetful(vendor, code)
    run_in_full(world, account)
    cursors = [cursor for _, cursor in tokens(vendor, "/candidate.list")]
    assert cursors == [None, "at-2", None, "at-2", "at-4"]
    assert len(remote_ids(account, "/candidates")) == 5


def test_among_changes_a_cursor_that_has_ended_costs_no_full_pass(
    world: World, vendor: SmallAshby, account: Account
) -> None:
    for number in range(3):
        vendor.put("candidate", f"new{number}", name="New")
    vendor.answers["/candidate.list"] = forgetful(vendor, "next_cursor_expired")
    run(world, account)
    asked = tokens(vendor, "/candidate.list")
    assert [cursor for _, cursor in asked] == [None, "at-2", None, "at-2"]
    assert len({token for token, _ in asked}) == 1 and asked[0][0], "always the changes since the same time"
    assert len(remote_ids(account, "/candidates")) == 5


def test_too_many_changes_are_not_asked_for_twice(world: World, vendor: SmallAshby, account: Account) -> None:
    for number in range(3):
        vendor.put("candidate", f"new{number}", name="New")
    vendor.answers["/candidate.list"] = forgetful(vendor, "incremental_sync_too_large")
    run(world, account)
    first, second, *others = tokens(vendor, "/candidate.list")
    assert first[0] and second[0]
    assert others == [(None, None), (None, "at-2"), (None, "at-4")]


def test_a_refused_list_leaves_the_others_alone(world: World, vendor: SmallAshby, account: Account) -> None:
    vendor.answers["/offer.list"] = lambda _: refusal("missing_endpoint_permission", 403)
    vendor.put("candidate", "c3", name="New")
    run(world, account)
    status = {row["model_name"]: row["status"] for row in account.get("/sync-status").json()["results"]}
    assert (status["Offer"], status["Candidate"], status["ScheduledInterview"]) == (
        "DISABLED",
        "DONE",
        "DONE",
    )
    assert "c3" in remote_ids(account, "/candidates")
    assert world.stored(account).status == "COMPLETE"


def test_a_key_that_was_deactivated_must_be_linked_again(
    world: World, vendor: SmallAshby, account: Account
) -> None:
    vendor.answers["/department.list"] = lambda _: (403, "This API key has been deactivated.")
    run(world, account)
    assert world.stored(account).status == "RELINK_NEEDED"


def test_refusals_with_a_good_status_lose_nothing(world: World, vendor: SmallAshby, account: Account) -> None:
    vendor.answers["/candidate.list"] = lambda _: refusal("invalid_input")
    run_in_full(world, account)
    assert remote_ids(account, "/candidates") == {"c1", "c2"}
    status = {row["model_name"]: row["status"] for row in account.get("/sync-status").json()["results"]}
    assert status["Candidate"] == "FAILED"


def test_an_event_that_leaves_its_schedule_was_cancelled(
    world: World, vendor: SmallAshby, account: Account
) -> None:
    assert remote_ids(account, "/interviews") == {"e1", "e2"}
    events = vendor.rows["interviewSchedule"]["x1"]["interviewEvents"]
    vendor.put("interviewSchedule", "x1", interviewEvents=events[1:])
    run(world, account)
    assert remote_ids(account, "/interviews") == {"e2"}
    gone = account.one("/interviews", remote_id="e1", include_deleted_data=True)
    assert gone["remote_was_deleted"] is True


def test_a_cancelled_schedule_stays(world: World, vendor: SmallAshby, account: Account) -> None:
    vendor.put("interviewSchedule", "x1", status="Cancelled")
    run_in_full(world, account)
    statuses = [(row["status"], row["remote_was_deleted"]) for row in account.list("/interviews")]
    assert statuses == [("Cancelled", False)] * 2


def test_a_schedule_that_vanishes_from_the_full_list_is_gone(
    world: World, vendor: SmallAshby, account: Account
) -> None:
    del vendor.rows["interviewSchedule"]["x1"]
    run(world, account)
    assert remote_ids(account, "/interviews") == {"e1", "e2"}, "no list of changes tells of it"
    run_in_full(world, account)
    assert remote_ids(account, "/interviews") == set()


def test_a_stage_that_jobs_share_is_none_of_theirs(
    world: World, vendor: SmallAshby, account: Account
) -> None:
    job = account.one("/jobs")["id"]
    assert {row["job"] for row in account.list("/job-interview-stages")} == {job}
    vendor.put("job", "j2", title="Designer", status="Draft", interviewPlanIds=["p1"])
    run(world, account)
    assert {row["job"] for row in account.list("/job-interview-stages")} == {None}
    vendor.put("job", "j2", interviewPlanIds=[])
    run(world, account)
    assert {row["job"] for row in account.list("/job-interview-stages")} == {job}


def test_a_stage_of_a_plan_that_is_not_listed_is_known_by_its_applications(
    world: World, vendor: SmallAshby, account: Account
) -> None:
    stage = {"id": "d1", "title": "Draft stage", "interviewPlanId": "draft", "orderInInterviewPlan": 3}
    vendor.put("application", "a2", currentInterviewStage=stage)
    run(world, account)
    found = account.one("/job-interview-stages", remote_id="d1")
    assert (found["name"], found["stage_order"], found["job"]) == ("Draft stage", 3, None)
    assert account.one("/applications", remote_id="a2")["current_stage"] == found["id"]


def test_a_posting_that_is_listed_no_more_was_unpublished(
    world: World, vendor: SmallAshby, account: Account
) -> None:
    vendor.put("jobPosting", "g1", title="Engineer", jobId="j1", externalLink="https://jobs.example.com/g1")
    run(world, account)
    assert account.one("/job-postings")["status"] == "PUBLISHED"
    assert account.one("/jobs")["job_posting_urls"][0]["value"] == "https://jobs.example.com/g1"
    del vendor.rows["jobPosting"]["g1"]
    run(world, account)
    assert account.one("/job-postings", include_deleted_data=True)["remote_was_deleted"] is True
    assert account.one("/jobs")["job_posting_urls"] == []


def test_the_address_of_a_file_is_asked_for_when_somebody_wants_it(
    vendor: SmallAshby, account: Account
) -> None:
    known = account.one("/attachments", remote_id="f1")
    assert (known["file_url"], known["attachment_type"]) == (None, "RESUME")
    assert not vendor.asked("/file.info")
    vendor.answers["/file.info"] = lambda body: ok({"url": f"https://files.example.com/{body['fileHandle']}"})
    vendor.put(
        "candidate", "c1", fileHandles=[{"id": "f1", "name": "cv.pdf", "handle": "other"}]
    )  # handles are made anew
    fresh = account.get(f"/attachments/{known['id']}", max_age=0).json()
    assert fresh["file_url"] == "https://files.example.com/other"
    assert fresh["modified_at"] == known["modified_at"], "another address is no change"


def test_notes_are_not_read_again_for_handles_that_are_made_anew(
    world: World, vendor: SmallAshby, account: Account
) -> None:
    """Else each daily full pass asks for the notes on every candidate who has a file."""
    file = {"id": "f1", "name": "cv.pdf", "handle": "another"}
    vendor.put("candidate", "c1", fileHandles=[file], resumeFileHandle=file)
    run(world, account)
    assert vendor.asked("/candidate.list") and not vendor.asked("/candidate.listNotes")
    vendor.put("candidate", "c1", fileHandles=[file, file | {"id": "f9"}])
    run(world, account)
    assert len(vendor.asked("/candidate.listNotes")) == 1
    assert len(account.list("/attachments")) == 3


def test_a_question_that_adverts_share_lives_as_long_as_one_asks_it(
    world: World, vendor: SmallAshby, account: Account
) -> None:
    options = [{"label": "Now", "value": "now"}]
    shared = {"field": {"id": "q1", "title": "When?", "type": "ValueSelect", "selectableValues": options}}
    own = {"field": {"id": "q2", "title": "Why?", "type": "String"}}
    forms = {"g1": [shared, own], "g2": [shared]}
    for key, entries in forms.items():
        form = {"sections": [{"fields": entries}]}
        vendor.put("jobPosting", key, title=key, jobId="j1", applicationFormDefinition=form)
    run(world, account)
    path = f"/jobs/{account.one('/jobs')['id']}/screening-questions"
    (before,) = [row for row in account.list(path, expand="options") if row["remote_id"] == "q1"]
    assert remote_ids(account, path) == {"q1", "q2"}
    del vendor.rows["jobPosting"]["g1"]
    run(world, account)
    assert account.list(path, expand="options") == [before], "as it was"
    assert [option["label"] for option in before["options"]] == ["Now"]
    del vendor.rows["jobPosting"]["g2"]
    run(world, account)
    assert account.list(path) == []


def test_an_empty_value_is_none_and_costs_no_record(
    world: World, vendor: SmallAshby, account: Account
) -> None:
    vendor.put("offer", "o1", offerStatus="", decidedAt="", latestVersion={"createdAt": "", "startDate": ""})
    run(world, account)
    (offer,) = account.list("/offers")
    assert (offer["status"], offer["closed_at"], offer["remote_created_at"]) == (None, None, None)
    assert account.get("/issues").json()["results"] == []


def test_one_interview_is_read_again_by_its_application(vendor: SmallAshby, account: Account) -> None:
    known = account.one("/interviews", remote_id="e1")
    events = vendor.rows["interviewSchedule"]["x1"]["interviewEvents"]
    events[0]["location"] = "Attic"
    fresh = account.get(f"/interviews/{known['id']}", max_age=0).json()
    assert fresh["location"] == "Attic"
    assert [call.path for call in vendor.calls] == ["/interviewSchedule.list"]
    assert vendor.calls[0].body == {"limit": 100, "applicationId": "a1"}


def test_definitions_of_interviews_are_never_taken_for_interviews(
    world: World, vendor: SmallAshby, account: Account
) -> None:
    run_in_full(world, account)
    assert "/interview.list" not in {call.path for call in vendor.calls}


def test_every_request_says_the_version(world: World, vendor: SmallAshby, account: Account) -> None:
    run_in_full(world, account)
    assert {call.headers.get("ashby-version") for call in vendor.calls} == {"2026-01-01"}
    vendor.calls.clear()
    body = {"method": "POST", "path": "/user.list", "data": "{}", "request_format": "JSON"}
    assert account.http.post("/passthrough", json=body).json()["status"] == 200
    account.http.post("/passthrough", json=body | {"headers": {"Ashby-Version": "2027-01-01"}})
    assert [call.headers["ashby-version"] for call in vendor.calls] == ["2026-01-01", "2027-01-01"]
