"""Harvest v1 and the v2 interview writes."""

import pytest

from sandboxes.greenhouse import ADMIN, COORDINATOR, CREDENTIALS, RECRUITER, SERVICE

FORMER = 4_000_001_006
MANAGER = 4_000_001_004


def refused(answer, field=None):
    assert answer.status_code == 422, answer.text
    assert answer.json()["message"] == "Validation error"
    (error,) = answer.json()["errors"]
    assert error.keys() == {"message", "field"}
    if field:
        assert error["field"] == field
    return True


def new_interview(harvest, **changes):
    application = harvest.active()
    body = {
        "application_id": application["id"],
        "interview_id": harvest.step(application["job_id"]),
        "interviewers": [{"user_id": RECRUITER, "response_status": "needs_action"}],
        "start": "2026-12-01T15:00:00Z",
        "end": "2026-12-01T16:00:00Z",
        "external_event_id": "ours-1",
    }
    return {key: value for key, value in (body | changes).items() if value is not ...}


# Credentials and permissions


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic !!"},
        # The key without the colon after it.
        {"Authorization": "Basic c2FuZGJveC1oYXJ2ZXN0LWtleQ=="},
        {"Authorization": "Bearer sandbox-harvest-key"},
    ],
)
def test_a_bad_key_is_401(harvest, headers):
    answer = harvest.send("GET", "/v1/jobs", headers=headers)
    assert answer.status_code == 401
    assert answer.json() == {"message": "Invalid Basic Auth credentials"}


def test_a_key_with_a_password_is_401(harvest):
    answer = harvest.send("GET", "/v1/jobs", auth=(CREDENTIALS["v1"]["api_key"], "x"))
    assert answer.status_code == 401


def test_permissions_are_per_endpoint(harvest):
    harvest.state.permissions["v1"].denied.add("GET: List Scheduled Interviews")
    application = harvest.active()
    answer = harvest.v1("GET", "/v1/scheduled_interviews")
    assert answer.status_code == 403
    assert answer.json() == {"message": "This API Key does not have permission for this endpoint"}
    allowed = harvest.v1("GET", f"/v1/applications/{application['id']}/scheduled_interviews")
    assert allowed.status_code == 200
    assert [row["application_id"] for row in allowed.json()] == [application["id"]] * len(allowed.json())
    assert allowed.json()


def test_only_granted_permissions_are_held(harvest):
    harvest.state.permissions["v1"].granted = {"GET: List Users"}
    assert harvest.v1("GET", "/v1/users").status_code == 200
    assert harvest.v1("GET", "/v1/jobs").status_code == 403


def test_a_get_with_a_body_is_403(harvest):
    assert harvest.v1("GET", "/v1/jobs", {}).status_code == 403


@pytest.mark.parametrize("path", ["/v1/jobs/1", "/v1/nothing", "/v1/candidates/1/activity_feed", "/v1/auth"])
def test_unknown_records_are_404(harvest, path):
    answer = harvest.v1("GET", path)
    assert answer.status_code == 404
    assert answer.json() == {"message": "Resource not found"}


# Pages and filters


def test_links_lead_through_every_page_once(harvest):
    url, seen, pages = "/v1/candidates?per_page=10&updated_after=2020-01-01T00:00:00Z", [], []
    while url:
        answer = harvest.v1("GET", url)
        seen += [row["id"] for row in answer.json()]
        pages.append(answer.links)
        url = answer.links.get("next", {}).get("url")
        assert url is None or url.startswith("https://harvest.greenhouse.io/v1/candidates?page=")
    assert sorted(seen) == [row["id"] for row in harvest.rows("candidates")]
    assert [sorted(links) for links in pages] == [
        ["last", "next"],
        ["last", "next", "prev"],
        ["last", "prev"],
    ]
    assert "page=3" in pages[0]["last"]["url"]
    assert "updated_after=2020" in pages[0]["next"]["url"]


def test_skip_count_drops_last_and_eeoc_has_only_next(harvest):
    assert set(harvest.v1("GET", "/v1/jobs?per_page=2&skip_count=true").links) == {"next"}
    assert set(harvest.v1("GET", "/v1/eeoc?per_page=2&page=2").links) == {"next"}


def test_a_single_page_has_no_link(harvest):
    assert "link" not in harvest.v1("GET", "/v1/jobs").headers


@pytest.mark.parametrize("query", ["per_page=0", "per_page=501", "per_page=x", "page=0"])
def test_page_numbers_are_checked(harvest, query):
    assert refused(harvest.v1("GET", f"/v1/jobs?{query}"))


def test_after_is_inclusive_and_before_exclusive(harvest):
    moment = harvest.rows("candidates")[0]["updated_at"]
    after = {row["id"] for row in harvest.v1("GET", f"/v1/candidates?updated_after={moment}").json()}
    before = {row["id"] for row in harvest.v1("GET", f"/v1/candidates?updated_before={moment}").json()}
    first = harvest.rows("candidates")[0]["id"]
    assert first in after
    assert first not in before
    assert len(after) + len(before) == 25
    assert before


def test_applications_know_no_updated_after(harvest):
    everything = len(harvest.rows("applications"))
    assert len(harvest.v1("GET", "/v1/applications?updated_after=2099-01-01").json()) == everything
    assert harvest.v1("GET", "/v1/applications?last_activity_after=2099-01-01").json() == []


def test_status_filters(harvest):
    rejected = harvest.v1("GET", "/v1/applications?status=rejected").json()
    assert {row["status"] for row in rejected} == {"rejected"}
    active = harvest.v1("GET", "/v1/applications?status=active").json()
    assert {row["status"] for row in active} == {"active"}
    # An unknown status finds nothing, and is no error.
    unknown = harvest.v1("GET", "/v1/applications?status=in_process")
    assert (unknown.status_code, unknown.json()) == (200, [])


def test_default_reasons_are_hidden_unless_asked_for(harvest):
    assert len(harvest.v1("GET", "/v1/rejection_reasons").json()) == 3
    assert len(harvest.v1("GET", "/v1/rejection_reasons?include_defaults=true").json()) == 6


def test_what_v1_does_not_list(harvest):
    users = {row["id"] for row in harvest.v1("GET", "/v1/users").json()}
    assert ADMIN in users
    assert SERVICE not in users
    assert harvest.v1("GET", f"/v1/users/{SERVICE}").status_code == 404
    interviews = harvest.v1("GET", "/v1/scheduled_interviews").json()
    assert len(interviews) == 12 < len(harvest.rows("interviews"))
    assert "to_be_scheduled" not in {row["status"] for row in interviews}
    scorecards = harvest.v1("GET", "/v1/scorecards").json()
    assert (
        len(scorecards)
        == len(harvest.rows("scorecards", status="complete"))
        < len(harvest.rows("scorecards"))
    )


def test_interviews_of_every_kind_are_seeded(harvest):
    rows = harvest.v1("GET", "/v1/scheduled_interviews").json()
    assert any("date" in row["start"] for row in rows)
    assert any(row["organizer"] is None for row in rows)
    assert any(each["id"] is None and each["email"] for row in rows for each in row["interviewers"])
    assert any(row["status"] == "under_review" for row in rows)
    assert any(row["start"].get("date_time", "") > "2026-11-21" for row in rows)


def test_embedded_children(harvest):
    stages = harvest.v1("GET", "/v1/job_stages").json()
    names = {step["name"] for stage in stages for step in stage["interviews"]}
    assert "Technical Interview" in names
    assert "Whiteboard Session" not in names
    rows = harvest.v1("GET", "/v1/candidates").json()
    assert all([each["id"] for each in row["applications"]] == row["application_ids"] for row in rows)
    assert harvest.v1("GET", f"/v1/candidates/{rows[0]['id']}").json()["attachments"]
    assert [None] in [row["departments"] for row in harvest.v1("GET", "/v1/jobs").json()]


def test_attachment_addresses_change_with_each_read(harvest):
    path = f"/v1/candidates/{harvest.rows('candidates')[0]['id']}"
    urls = {harvest.v1("GET", path).json()["attachments"][0]["url"] for _ in range(2)}
    assert len(urls) == 2


# Interviews


def test_create_interview(harvest):
    answer = harvest.v1("POST", "/v2/scheduled_interviews", new_interview(harvest), user=COORDINATOR)
    assert answer.status_code == 201, answer.text
    row = answer.json()
    assert row["start"] == {"date_time": "2026-12-01T15:00:00.000Z"}
    assert row["status"] == "scheduled"
    assert row["organizer"]["id"] == COORDINATOR
    assert [each["id"] for each in row["interviewers"]] == [RECRUITER]
    assert harvest.v1("GET", f"/v1/scheduled_interviews/{row['id']}").json() == row


@pytest.mark.parametrize("user", [None, 1, FORMER])
def test_writes_need_an_active_user_to_act_for(harvest, user):
    answer = harvest.v1("POST", "/v2/scheduled_interviews", new_interview(harvest), user=user)
    assert refused(answer, "On-Behalf-Of")


@pytest.mark.parametrize(
    "field", ["application_id", "interview_id", "interviewers", "start", "end", "external_event_id"]
)
def test_create_interview_requires(harvest, field):
    answer = harvest.v1("POST", "/v2/scheduled_interviews", new_interview(harvest, **{field: ...}))
    assert refused(answer, field)
    assert len(harvest.rows("interviews")) == 15


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("start", {"date_time": "2026-12-01T15:00:00Z"}, "start"),
        ("start", "2026-12-01", "start"),
        ("end", "2026-12-01T14:00:00Z", "end"),
        ("external_event_id", "event-1", "external_event_id"),
        ("interviewers", [{"user_id": RECRUITER}], "interviewers.response_status"),
        ("interviewers", [{"response_status": "accepted"}], "interviewers"),
        ("interviewers", [{"user_id": FORMER, "response_status": "accepted"}], "interviewers.user_id"),
        ("interviewers", [{"email": "x@y.z", "response_status": "accepted"}], "interviewers.email"),
        (
            "interviewers",
            [{"user_id": RECRUITER, "response_status": "maybe"}],
            "interviewers.response_status",
        ),
        ("interviewers", "all", "interviewers"),
    ],
)
def test_create_interview_refuses(harvest, field, value, named):
    answer = harvest.v1("POST", "/v2/scheduled_interviews", new_interview(harvest, **{field: value}))
    assert refused(answer, named)


def test_interviewers_by_email_and_employee_id(harvest):
    panel = [
        {"email": "lukas.brandstaetter@fairhaven.example", "response_status": "accepted"},
        {"employee_id": "E-4", "response_status": "needs_action"},
    ]
    answer = harvest.v1("POST", "/v2/scheduled_interviews", new_interview(harvest, interviewers=panel))
    assert [each["id"] for each in answer.json()["interviewers"]] == [RECRUITER, MANAGER]


def test_the_step_belongs_to_the_job_and_the_application_is_active(harvest):
    application = harvest.active()
    other = next(job for job in harvest.rows("jobs") if job["id"] != application["job_id"])
    body = new_interview(harvest, interview_id=harvest.step(other["id"]))
    assert refused(harvest.v1("POST", "/v2/scheduled_interviews", body), "interview_id")
    rejected = harvest.rows("applications", status="rejected")[0]
    body = new_interview(
        harvest, application_id=rejected["id"], interview_id=harvest.step(rejected["job_id"])
    )
    assert refused(harvest.v1("POST", "/v2/scheduled_interviews", body), "application_id")


def test_update_interview_replaces_the_panel_and_the_organizer(harvest):
    created = harvest.v1("POST", "/v2/scheduled_interviews", new_interview(harvest)).json()
    path = f"/v2/scheduled_interviews/{created['id']}"
    body = {"interviewers": [{"user_id": MANAGER, "response_status": "tentative"}], "location": "Room 2"}
    row = harvest.v1("PATCH", path, body, user=COORDINATOR).json()
    assert [(each["id"], each["response_status"]) for each in row["interviewers"]] == [(MANAGER, "tentative")]
    assert (row["organizer"]["id"], row["location"]) == (COORDINATOR, "Room 2")
    assert row["start"] == created["start"]
    assert row["updated_at"] > created["updated_at"]
    # Its own event id is no clash.
    assert harvest.v1("PATCH", path, {"external_event_id": "ours-1"}).status_code == 200
    assert refused(harvest.v1("PATCH", path, {"external_event_id": "event-2"}), "external_event_id")


def test_a_complete_or_foreign_interview_cannot_be_changed(harvest):
    complete = harvest.rows("interviews", status="complete")[0]["id"]
    foreign = harvest.rows("interviews", actionable=False)[0]["id"]
    for key in (complete, foreign):
        assert refused(harvest.v1("PATCH", f"/v2/scheduled_interviews/{key}", {"location": "x"}))
        assert refused(harvest.v1("DELETE", f"/v1/scheduled_interviews/{key}"))
    assert len(harvest.rows("interviews")) == 15


def test_delete_interview(harvest):
    key = harvest.rows("interviews", status="scheduled")[0]["id"]
    answer = harvest.v1("DELETE", f"/v1/scheduled_interviews/{key}")
    assert (answer.status_code, answer.json()) == (200, {"message": f"Interview {key} has been deleted."})
    assert harvest.v1("GET", f"/v1/scheduled_interviews/{key}").status_code == 404
    assert harvest.rows("interviewers", interview_id=key) == []


def test_the_old_post_of_interviews_is_gone(harvest):
    assert harvest.v1("POST", "/v1/scheduled_interviews", new_interview(harvest)).status_code == 404


# Candidates and applications


def test_create_candidate_with_an_application(harvest):
    job = harvest.rows("jobs")[0]["id"]
    body = {
        "first_name": "Ōsaka",
        "last_name": "Ünal",
        "email_addresses": [{"value": "o@example.com", "type": "personal"}],
        "tags": ["Python", "brand new"],
        "applications": [{"job_id": job}, {"prospect": "true", "job_ids": []}],
    }
    answer = harvest.v1("POST", "/v1/candidates", body)
    assert answer.status_code == 201, answer.text
    row = answer.json()
    assert row["tags"] == ["Python", "brand new"]
    assert [each["prospect"] for each in row["applications"]] == [False, True]
    assert [each["jobs"] for each in row["applications"]] == [[{"id": job, "name": "Backend Engineer"}], []]
    assert row["applications"][0]["current_stage"]["name"] == "Application Review"


def test_create_candidate_refuses(harvest):
    body = {"first_name": "A", "last_name": "B", "applications": [{"job_id": harvest.rows("jobs")[0]["id"]}]}
    for field in body:
        assert refused(harvest.v1("POST", "/v1/candidates", {**body, field: None}), field)
    wrong = {**body, "phone_numbers": [{"value": "1", "type": "carrier pigeon"}]}
    assert refused(harvest.v1("POST", "/v1/candidates", wrong), "phone_numbers")
    assert len(harvest.rows("candidates")) == 25


def test_truncated_writes_answer_only_ids(harvest):
    harvest.state.truncated_writes = True
    body = {"first_name": "A", "last_name": "B", "applications": [{"job_id": harvest.rows("jobs")[0]["id"]}]}
    answer = harvest.v1("POST", "/v1/candidates", body).json()
    assert answer.keys() == {"id", "application_ids"}


def test_patch_candidate_replaces_lists(harvest):
    row = harvest.rows("candidates")[3]
    body = {"tags": ["Python"], "email_addresses": [], "is_private": True, "company": "Umbrella"}
    answer = harvest.v1("PATCH", f"/v1/candidates/{row['id']}", body).json()
    assert (answer["tags"], answer["email_addresses"], answer["is_private"]) == (["Python"], [], True)
    assert answer["phone_numbers"] == row["phone_numbers"] != []


def test_stage_moves(harvest):
    application = harvest.active()
    path = f"/v1/applications/{application['id']}"
    stages = [row["id"] for row in harvest.rows("job_interview_stages", job_id=application["job_id"])]
    assert application["job_interview_stage_id"] == stages[0]
    moved = harvest.v1("POST", f"{path}/move", {"from_stage_id": stages[0], "to_stage_id": stages[2]})
    assert moved.json()["current_stage"]["id"] == stages[2]
    assert refused(harvest.v1("POST", f"{path}/advance", {"from_stage_id": stages[0]}), "from_stage_id")
    advanced = harvest.v1("POST", f"{path}/advance", {"from_stage_id": stages[2]})
    assert advanced.json()["current_stage"]["id"] == stages[3]
    other = harvest.rows("jobs")[2]["id"]
    transferred = harvest.v1("POST", f"{path}/transfer_to_job", {"new_job_id": other}).json()
    assert transferred["jobs"][0]["id"] == other


def test_reject_change_reason_unreject(harvest):
    application = harvest.active()
    path = f"/v1/applications/{application['id']}"
    reasons = [row["id"] for row in harvest.rows("rejection_reasons")]
    stage = application["job_interview_stage_id"]
    rejected = harvest.v1("POST", f"{path}/reject", {}).json()
    assert (rejected["status"], rejected["rejection_reason"]) == ("rejected", None)
    assert rejected["rejected_at"]
    # A rejected application keeps its stage.
    assert rejected["current_stage"]["id"] == stage
    changed = harvest.v1("PATCH", f"{path}/reject", {"rejection_reason_id": reasons[1]}).json()
    assert changed["rejection_reason"]["id"] == reasons[1]
    assert refused(harvest.v1("POST", f"{path}/reject", {}))
    restored = harvest.v1("POST", f"{path}/unreject", {}).json()
    assert (restored["status"], restored["rejected_at"]) == ("active", None)
    assert refused(harvest.v1("POST", f"{path}/unreject", {}))


def test_add_application_with_referrer(harvest):
    candidate = harvest.rows("candidates")[0]["id"]
    body = {
        "job_id": harvest.rows("jobs")[1]["id"],
        "referrer": {"type": "id", "value": MANAGER},
        "recruiter_id": RECRUITER,
    }
    row = harvest.v1("POST", f"/v1/candidates/{candidate}/applications", body).json()
    assert (row["credited_to"]["id"], row["recruiter"]["id"]) == (MANAGER, RECRUITER)


def test_notes_and_emails_show_in_the_feed(harvest):
    path = f"/v1/candidates/{harvest.rows('candidates')[1]['id']}/activity_feed"
    note = {"user_id": RECRUITER, "body": "Guten Tag", "visibility": "private"}
    created = harvest.v1("POST", f"{path}/notes", note).json()
    assert (created["visibility"], created["user"]["id"]) == ("private", RECRUITER)
    mail = {
        "user_id": RECRUITER,
        "to": "a@b.c",
        "from": "d@e.f",
        "cc": ["g@h.i"],
        "subject": "S",
        "body": "B",
    }
    sent = harvest.v1("POST", f"{path}/emails", mail).json()
    feed = harvest.v1("GET", path).json()
    assert created in feed["notes"]
    assert sent in feed["emails"]
    assert sent["cc"] == "g@h.i"
    for field in note:
        assert refused(harvest.v1("POST", f"{path}/notes", {**note, field: None}), field)
    assert refused(harvest.v1("POST", f"{path}/notes", {**note, "visibility": "secret"}), "visibility")


def test_attachments(harvest):
    candidate = harvest.rows("candidates")[0]["id"]
    path = f"/v1/candidates/{candidate}/attachments"
    body = {"filename": "cv.pdf", "type": "resume", "content": "Zm9v"}
    assert refused(harvest.v1("POST", path, body), "content_type")
    answer = harvest.v1("POST", path, body | {"content_type": "application/pdf"})
    assert answer.status_code == 201
    resumes = harvest.rows("attachments", candidate_id=candidate, type="resume")
    assert [row["filename"] for row in resumes] == ["cv.pdf"]
    assert refused(harvest.v1("POST", path, {"filename": "x", "type": "offer_packet", "url": "https://x"}))
    application = harvest.rows("applications", candidate_id=candidate)[0]["id"]
    other = {"filename": "x", "type": "offer_packet", "url": "https://x"}
    assert harvest.v1("POST", f"/v1/applications/{application}/attachments", other).status_code == 201


def test_tags(harvest):
    candidate = harvest.rows("candidates")[0]["id"]
    tag = harvest.rows("candidate_tags")[0]["id"]
    path = f"/v1/candidates/{candidate}/tags/{tag}"
    assert harvest.v1("PUT", path).status_code == 200
    assert [row["id"] for row in harvest.v1("GET", f"/v1/candidates/{candidate}/tags").json()] == [tag]
    assert harvest.v1("DELETE", path).status_code == 200
    assert harvest.v1("GET", f"/v1/candidates/{candidate}/tags").json() == []


def test_deletes_take_everything_below(harvest):
    candidate = harvest.active()["candidate_id"]
    applications = [row["id"] for row in harvest.rows("applications", candidate_id=candidate)]
    assert harvest.v1("DELETE", f"/v1/candidates/{candidate}").status_code == 200
    assert harvest.v1("GET", f"/v1/candidates/{candidate}").status_code == 404
    assert all(not harvest.rows("interviews", application_id=key) for key in applications)
    other = harvest.active()["id"]
    assert harvest.v1("DELETE", f"/v1/applications/{other}").status_code == 200
    assert harvest.v1("GET", f"/v1/applications/{other}").status_code == 404


def test_a_changed_application_moves_its_candidate(harvest):
    application = harvest.active()
    since = harvest.state.now()
    assert harvest.v1("GET", f"/v1/candidates?updated_after={since}").json() == []
    harvest.state.change("applications", application["id"], needs_decision=True)
    found = harvest.v1("GET", f"/v1/candidates?updated_after={since}").json()
    assert [row["id"] for row in found] == [application["candidate_id"]]
    active = harvest.v1("GET", f"/v1/applications?last_activity_after={since}").json()
    assert [row["id"] for row in active] == [application["id"]]
