"""Who may call, pages, cursors, sync tokens, filters."""

import json

import pytest

from sandboxes.ashby import CREDENTIALS
from sandboxes.ashby.gate import ENDPOINTS

UNKNOWN = "00000000-0000-4000-8000-000000000000"
SYNCED = (
    *("application", "applicationFeedback", "candidate", "candidateTag", "department", "interview"),
    *("interviewPlan", "interviewSchedule", "job", "location", "offer", "user"),
)


def ids(results):
    return [each["id"] for each in results]


def walk(rpc, name, limit=3, **arguments):
    """Every page of a pass: the ids, and the sync token of the last."""
    found, cursor = [], {}
    while True:
        body = rpc.call(name, limit=limit, **arguments, **cursor)
        found += ids(body["results"])
        assert ("nextCursor" in body) is body["moreDataAvailable"] is ("syncToken" not in body)
        if not body["moreDataAvailable"]:
            return found, body["syncToken"]
        assert len(body["results"]) == limit
        cursor = {"cursor": body["nextCursor"]}


# Who may call


def test_no_key_is_401_and_a_wrong_one_403_in_text(rpc):
    assert rpc.answer("user.list", auth=None).status_code == 401
    for auth in (("wrong", ""), (CREDENTIALS["api_key"]["api_key"], "password")):
        answer = rpc.answer("user.list", auth=auth)
        assert answer.status_code == 403
        with pytest.raises(json.JSONDecodeError):
            answer.json()
    rpc.control("settings", {"key_deactivated": True})
    assert rpc.answer("user.list").status_code == 403


def test_a_missing_permission_is_403_with_a_code(rpc):
    rpc.control("permissions", {"denied": ["offersRead"]})
    answer = rpc.answer("offer.list")
    assert (answer.status_code, answer.json()["errorInfo"]["code"]) == (403, "missing_endpoint_permission")
    assert rpc.call("candidate.list")
    assert "offers:read" not in rpc.results("apiKey.info")["scopes"]
    assert "candidates:read" in rpc.results("apiKey.info")["scopes"]


def test_every_endpoint_needs_a_permission_but_the_versions(rpc):
    rpc.control("permissions", {"granted": []})
    for name in ENDPOINTS:
        expected = 200 if name == "version.list" else 403
        assert rpc.answer(name).status_code == expected, name


def test_every_answer_names_its_version_and_its_call(rpc):
    answers = [
        rpc.answer("user.list"),
        rpc.answer("user.list", auth=None),
        rpc.answer("nothing.here"),
        rpc.answer("user.list", {"limit": "x"}),
    ]
    rpc.state.controls.fail("/user.list", status=429, headers={"Retry-After": "7"}, body={"success": False})
    limited = rpc.answer("user.list")
    assert (limited.status_code, limited.headers["retry-after"]) == (429, "7")
    for answer in (*answers, limited):
        assert answer.headers["ashby-version"] == "2026-01-01"
        assert answer.headers["ashby-version-status"] == "Active"
    assert len({answer.headers["x-ashby-request-id"] for answer in answers}) == len(answers)
    refused = answers[-1]
    assert refused.json()["errorInfo"]["requestId"] == refused.headers["x-ashby-request-id"]


def test_only_the_served_version_can_be_asked_for(rpc):
    (version,) = rpc.results("version.list")
    assert rpc.answer("user.list", headers={"Ashby-Version": version["version"]}).status_code == 200
    refused = rpc.answer("user.list", headers={"Ashby-Version": "2025-01-01"})
    assert (refused.status_code, refused.json()["success"]) == (400, False)


def test_only_posts_of_json_are_calls(rpc):
    assert rpc.answer("nothing.here").status_code == 404
    assert rpc.send("GET", "/user.list", auth=("sandbox-ashby-key", "")).status_code == 404
    wrong = rpc.answer("user.list", json=None, content="{}", headers={"Content-Type": "text/plain"})
    broken = rpc.answer("user.list", json=None, content="{", headers={"Content-Type": "application/json"})
    assert [answer.status_code for answer in (wrong, broken)] == [400, 400]
    assert broken.json()["errorInfo"]["code"] == "invalid_input"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("user.list", {"limit": 0}),
        ("user.list", {"limit": 101}),
        ("user.list", {"limit": "100"}),
        ("user.list", {"includeDeactivated": "true"}),
        ("user.list", {"includeArchived": True}),
        ("job.list", {"status": "Open"}),
        ("job.list", {"status": ["open"]}),
        ("application.list", {"jobId": "7"}),
        ("application.list", {"expand": ["applicationFormSubmissions"]}),
        ("candidate.list", {"createdAfter": "2026-01-01T00:00:00Z"}),
        ("source.list", {"syncToken": "x"}),
        ("jobPosting.list", {"cursor": "x"}),
        ("interviewStage.list", {}),
        ("interviewEvent.list", {}),
        ("candidate.listNotes", {}),
        ("candidate.info", {"candidateId": UNKNOWN}),
        ("application.info", {"id": UNKNOWN}),
        ("user.list", []),
    ],
)
def test_arguments_are_exactly_those_of_the_reference(rpc, name, arguments):
    answer = rpc.answer(name, arguments)
    assert (answer.status_code, answer.json()["errorInfo"]["code"]) == (200, "invalid_input")


@pytest.mark.parametrize(
    ("name", "argument", "code"),
    [
        ("candidate.info", "id", "candidate_not_found"),
        ("job.info", "id", "job_not_found"),
        ("jobPosting.info", "jobPostingId", "job_posting_not_found"),
        ("interviewStage.info", "interviewStageId", "interview_stage_not_found"),
        ("interviewStage.list", "interviewPlanId", "interview_plan_not_found"),
        ("interviewEvent.list", "interviewScheduleId", "interview_schedule_not_found"),
        ("candidate.listNotes", "candidateId", "candidate_not_found"),
    ],
)
def test_unknown_records_are_refused_by_name(rpc, name, argument, code):
    assert rpc.refusal(name, **{argument: UNKNOWN}) == code


def test_errors_are_worded_in_the_ways_that_were_seen(rpc):
    shown = {}
    for style in ("strings", "objects", "absent"):
        rpc.control("settings", {"errors": style})
        shown[style] = rpc.answer("candidate.info", {"id": UNKNOWN}).json().get("errors")
    assert shown["strings"] == ["candidate_not_found"]
    assert (shown["objects"][0]["code"], shown["absent"]) == ("candidate_not_found", None)
    rpc.control("settings", {"invalid_status": 400})
    assert rpc.answer("candidate.info", {}).status_code == 400
    assert rpc.answer("candidate.info", {"id": UNKNOWN}).status_code == 200


def test_successes_may_carry_warnings(rpc):
    assert "warnings" not in rpc.call("user.list")
    rpc.control("settings", {"warnings": ["Deprecated."]})
    assert rpc.call("user.list")["warnings"] == ["Deprecated."]


# Pages and sync


@pytest.mark.parametrize("resource", SYNCED)
def test_pages_give_everything_once_and_the_token_last(rpc, resource):
    found, token = walk(rpc, f"{resource}.list", limit=2)
    assert sorted(found) == sorted(ids(rpc.results(f"{resource}.list")))
    assert len(found) == len(set(found)) > 1
    assert walk(rpc, f"{resource}.list", syncToken=token)[0] == []


def test_notes_and_events_are_paged_within_their_parent(rpc):
    schedule = rpc.rows("interviewEvents")[0]["interviewScheduleId"]
    found, token = walk(rpc, "interviewEvent.list", limit=1, interviewScheduleId=schedule)
    assert len(found) == 3
    other = next(row["id"] for row in rpc.rows("interviewSchedules") if row["id"] != schedule)
    assert rpc.refusal("interviewEvent.list", interviewScheduleId=other, syncToken=token) == (
        "sync_token_invalid"
    )
    note = rpc.row("notes")
    assert walk(rpc, "candidate.listNotes", candidateId=note["candidateId"])[0] == [note["id"]]


def test_a_page_is_100_records_when_nothing_is_asked(rpc):
    rpc.control("reset", {"candidates": 130, "interviews": 3})
    body = rpc.call("candidate.list")
    assert (len(body["results"]), body["moreDataAvailable"]) == (100, True)
    assert len(rpc.call("candidate.list", cursor=body["nextCursor"])["results"]) == 30


def test_a_token_brings_what_changed_since_its_pass_began(rpc):
    first, second, third = (row["id"] for row in rpc.rows("candidates")[:3])
    page = rpc.call("candidate.list", limit=20)
    rpc.results("candidate.update", candidateId=first, name="Changed During The Pass")
    token = rpc.call("candidate.list", limit=20, cursor=page["nextCursor"])["syncToken"]
    for key in (second, third):
        rpc.results("candidate.update", candidateId=key, name="Changed Afterwards")
    new = rpc.results("candidate.create", name="New Person")["id"]
    page = rpc.call("candidate.list", limit=3, syncToken=token)
    rest = rpc.call("candidate.list", limit=3, syncToken=token, cursor=page["nextCursor"])
    assert [*ids(page["results"]), *ids(rest["results"])] == [first, second, third, new]
    assert rpc.results("candidate.list", syncToken=rest["syncToken"]) == []


@pytest.mark.parametrize(
    ("table", "write", "resource"),
    [
        ("interviewEvents", lambda row: {"location": "Fjord"}, "interviewSchedule"),
        ("applicationFeedback", lambda row: {"submittedValues": {}}, "applicationFeedback"),
        ("applicationFeedback", lambda row: {"submittedValues": {}}, "interviewSchedule"),
        ("offers", lambda row: {"decidedAt": None}, "offer"),
        ("files", lambda row: {"name": "other.pdf"}, "candidate"),
        ("interviewStages", lambda row: {"title": "Other"}, None),
    ],
)
def test_what_is_nested_counts_as_a_change(rpc, table, write, resource):
    tokens = {name: rpc.call(f"{name}.list")["syncToken"] for name in SYNCED}
    row = rpc.rows(table)[0]
    rpc.state.change(table, row["id"], **write(row))
    changed = {name for name in SYNCED if rpc.results(f"{name}.list", syncToken=tokens[name])}
    assert resource in changed if resource else not changed


def test_deleted_records_are_not_reported(rpc):
    key = rpc.row("offers")["id"]
    token = rpc.call("offer.list")["syncToken"]
    rpc.state.delete("offers", key)
    assert rpc.results("offer.list", syncToken=token) == []
    assert key not in ids(rpc.results("offer.list"))


def test_cursors_and_tokens_are_good_for_one_list_and_its_arguments(rpc):
    page = rpc.call("application.list", limit=2)
    token = rpc.call("application.list")["syncToken"]
    assert rpc.refusal("candidate.list", cursor=page["nextCursor"]) == "invalid_next_cursor"
    assert rpc.refusal("application.list", cursor=page["nextCursor"], status="Active") == (
        "invalid_next_cursor"
    )
    assert rpc.refusal("application.list", cursor="made-up") == "invalid_next_cursor"
    assert rpc.refusal("candidate.list", syncToken=token) == "sync_token_invalid"
    assert rpc.refusal("application.list", syncToken=token, status="Active") == "sync_token_invalid"
    assert rpc.call("application.list", cursor=page["nextCursor"], limit=5)["results"]


@pytest.mark.parametrize("code", ["next_cursor_expired", "invalid_next_cursor", "cursor_invalid"])
def test_cursors_can_be_refused(rpc, code):
    cursor = rpc.call("user.list", limit=2)["nextCursor"]
    rpc.control("cursors/refuse", {"code": code})
    assert rpc.refusal("user.list", limit=2, cursor=cursor) == code
    assert rpc.call("user.list", limit=2)["nextCursor"]


@pytest.mark.parametrize("code", ["sync_token_expired", "sync_token_invalid", "incremental_sync_too_large"])
def test_sync_tokens_can_be_refused(rpc, code):
    token = rpc.call("user.list")["syncToken"]
    rpc.control("sync_tokens/refuse", {"code": code})
    assert rpc.refusal("user.list", syncToken=token) == code
    assert rpc.refusal("user.list", syncToken="made-up") == "sync_token_invalid"


def test_an_incremental_pass_may_have_too_many_pages(rpc):
    token = rpc.call("user.list")["syncToken"]
    for row in rpc.rows("users"):
        rpc.state.change("users", row["id"], isEnabled=True)
    rpc.control("settings", {"incremental_pages": 2})
    page = rpc.call("user.list", limit=2, syncToken=token)
    assert rpc.refusal("user.list", limit=2, syncToken=token, cursor=page["nextCursor"]) == (
        "incremental_sync_too_large"
    )
    assert len(walk(rpc, "user.list", limit=2)[0]) == len(rpc.rows("users", isEnabled=True)) == 7


@pytest.mark.parametrize("name", ["archiveReason.list", "source.list", "jobPosting.list"])
def test_some_lists_come_whole(rpc, name):
    body = rpc.call(name, limit=1)
    assert len(body["results"]) == 3
    assert body.get("moreDataAvailable", False) is False
    assert not {"nextCursor", "syncToken"} & set(body)
    assert ("moreDataAvailable" in body) is (name != "jobPosting.list")


# Filters


@pytest.mark.parametrize(
    "name",
    ["archiveReason.list", "source.list", "candidateTag.list", "department.list", "interviewPlan.list"],
)
def test_archived_records_are_hidden(rpc, name):
    assert not any(each["isArchived"] for each in rpc.results(name))
    shown = rpc.results(name, includeArchived=True)
    assert len([each for each in shown if each["isArchived"]]) == 1


def test_locations_interviews_and_users_are_hidden_too(rpc):
    places = rpc.results("location.list", includeArchived=True)
    assert {each["type"] for each in places} == {"Location"}
    assert any(each["isArchived"] for each in places)
    assert None in [each["address"] for each in places]
    hierarchy = rpc.results("location.list", includeLocationHierarchy=True)
    assert "LocationHierarchy" in {each["type"] for each in hierarchy}
    assert len(rpc.results("interview.list")) == 3
    everything = rpc.results("interview.list", includeArchived=True, includeNonSharedInterviews=True)
    assert len(everything) == 5
    assert all(each["isEnabled"] for each in rpc.results("user.list"))
    assert not all(each["isEnabled"] for each in rpc.results("user.list", includeDeactivated=True))


def test_jobs_by_status(rpc):
    assert "Draft" not in {each["status"] for each in rpc.results("job.list")}
    assert {each["status"] for each in rpc.results("job.list", status=["Draft"])} == {"Draft"}
    everything = rpc.results("job.list", status=["Draft", "Open", "Closed", "Archived"])
    assert len(everything) == len(rpc.rows("jobs"))


def test_applications_by_status_and_job(rpc):
    for status in ("Lead", "Active", "Hired", "Archived"):
        found = rpc.results("application.list", status=status)
        assert {each["status"] for each in found} == {status}
        assert {"archivedAt" in each for each in found} == {status == "Archived"}
    job = rpc.row("applications")["jobId"]
    assert {each["job"]["id"] for each in rpc.results("application.list", jobId=job)} == {job}
    assert rpc.results("application.list", expand=["openings"])[0]["openings"] == []


def test_created_after_is_in_epoch_milliseconds(rpc):
    at = int(rpc.clock.moment.timestamp() * 1000)
    rpc.clock.pass_(minutes=1)
    new = rpc.results("candidate.create", name="Late Comer")["id"]
    assert ids(rpc.results("candidate.list", createdAfter=at)) == [new]


def test_postings_are_the_published_ones(rpc):
    published = rpc.results("jobPosting.list")
    assert {each["isListed"] for each in published} == {True, False}
    assert None in [each["externalLink"] for each in published]
    assert not any("status" in each for each in published)
    everything = rpc.results("jobPosting.list", includeUnpublishedJobPostings=True)
    assert {each["status"] for each in everything} == {"Published", "Draft"}
    job = rpc.row("jobPostings", status="Draft")["jobId"]
    assert rpc.results("job.info", id=job)["jobPostingIds"] == []
    assert len(rpc.results("job.info", id=job, includeUnpublishedJobPostingsIds=True)["jobPostingIds"]) == 1


def test_a_posting_has_its_description_and_form(rpc):
    posting = rpc.results("jobPosting.info", jobPostingId=rpc.row("jobPostings")["id"])
    assert posting["descriptionHtml"].startswith("<p>")
    (section,) = posting["applicationFormDefinition"]["sections"]
    kinds = {field["field"]["type"] for field in section["fields"]}
    assert {"String", "LongText", "Number", "Boolean", "Date", "File", "ValueSelect"} <= kinds
    choice = next(field for field in section["fields"] if field["field"]["path"] == "notice")
    assert choice["field"]["selectableValues"][1] == {"label": "3 months", "value": "3_months"}


def test_the_form_of_an_application_comes_when_asked(rpc):
    row = next(row for row in rpc.rows("applications") if row["submittedValues"])
    assert "applicationFormSubmissions" not in rpc.results("application.info", applicationId=row["id"])
    shown = rpc.results("application.info", applicationId=row["id"], expand=["applicationFormSubmissions"])
    assert shown["applicationFormSubmissions"][0]["submittedValues"]["why_us"] == "Because."


def test_schedules_of_every_kind_are_there(rpc):
    schedules = rpc.results("interviewSchedule.list")
    assert {len(each["interviewEvents"]) for each in schedules} >= {0, 1, 2, 3}
    cancelled = [each for each in schedules if each["status"] == "Cancelled"]
    assert cancelled and cancelled[0]["interviewEvents"]
    assert {row["madeByKey"] for row in rpc.rows("interviewSchedules")} == {True, False}
    one = schedules[0]
    assert rpc.results("interviewSchedule.list", applicationId=one["applicationId"])
    assert rpc.results("interviewSchedule.list", interviewStageId=one["interviewStageId"])
    assert rpc.results("interviewSchedule.list", interviewStageId=UNKNOWN) == []
    event = rpc.results("interviewEvent.list", interviewScheduleId=one["id"])[0]
    assert "interview" not in event
    assert rpc.results("interviewEvent.list", interviewScheduleId=one["id"], expand=["interview"])[0][
        "interview"
    ]


def test_sourced_only_candidates_have_no_applications(rpc):
    assert [] in [each["applicationIds"] for each in rpc.results("candidate.list")]


def test_confidential_jobs_and_all_of_theirs_may_be_missing_silently(rpc):
    lists = ("job", "application", "candidate", "interviewSchedule", "offer")
    before = {name: ids(rpc.results(f"{name}.list")) for name in lists}
    job = rpc.row("jobs", confidential=True)["id"]
    hidden = {row["id"] for row in rpc.rows("applications", jobId=job)}
    rpc.control("settings", {"sees_confidential": False})
    after = {name: ids(rpc.results(f"{name}.list")) for name in lists}
    assert set(before["job"]) - set(after["job"]) == {job}
    assert set(before["application"]) - set(after["application"]) == hidden != set()
    assert set(after["candidate"]) < set(before["candidate"])
    shown = [each["applicationIds"] for each in rpc.results("candidate.list")]
    assert [] in shown, "those without any application"
    assert not {key for keys in shown for key in keys} & hidden
    assert rpc.refusal("job.info", id=job) == "job_not_found"


def test_private_notes_may_be_hidden(rpc):
    private = rpc.row("notes", isPrivate=True)
    assert rpc.results("candidate.listNotes", candidateId=private["candidateId"])
    rpc.control("settings", {"sees_private": False})
    assert rpc.results("candidate.listNotes", candidateId=private["candidateId"]) == []


def test_search_finds_by_address_and_name(rpc):
    person = next(row for row in rpc.rows("candidates") if row["emailAddresses"])
    address = person["emailAddresses"][0]["value"]
    assert ids(rpc.results("candidate.search", email=address.upper())) == [person["id"]]
    assert ids(rpc.results("candidate.search", email=address, name="nobody")) == []
    assert person["id"] in ids(rpc.results("candidate.search", name=person["name"][:4].lower()))
    body = rpc.call("candidate.search", email=address)
    assert set(body) == {"success", "results"}


def test_the_seed_is_deterministic_and_sized(rpc):
    before = rpc.results("application.list")
    rpc.control("reset", {"candidates": 25, "interviews": 15})
    assert rpc.results("application.list") == before
    rpc.control("reset", {"candidates": 2, "interviews": 0})
    assert len(rpc.results("candidate.list")) == 2
    assert rpc.results("interviewSchedule.list") == []
