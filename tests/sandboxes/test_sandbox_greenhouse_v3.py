"""Harvest v3: tokens, lists and writes."""

import json
from pathlib import Path

import pytest

from sandboxes.greenhouse import ADMIN, COORDINATOR, CREDENTIALS, RECRUITER, SERVICE

FORMER = 4_000_001_006
MANAGER = 4_000_001_004
UNPROCESSABLE = "Unprocessable Content"


def refused(answer, *errors):
    assert answer.status_code == 422, answer.text
    assert answer.json()["message"] == UNPROCESSABLE
    if errors:
        assert answer.json()["errors"] == list(errors)
    return True


def refused_field(answer, field):
    assert refused(answer)
    assert [list(error) for error in answer.json()["errors"]] == [[field]]
    return True


# Tokens


def test_client_credentials(harvest):
    answer = harvest.token()
    assert answer.status_code == 200
    assert answer.json() == {
        "token_type": "Bearer",
        "access_token": answer.json()["access_token"],
        "expires_at": "2026-11-21T11:00:00.000Z",
    }
    assert harvest.v3("GET", "/v3/jobs", token=answer.json()["access_token"]).status_code == 200


def test_a_token_lives_an_hour(harvest):
    token = harvest.token().json()["access_token"]
    harvest.clock.pass_(minutes=59)
    assert harvest.v3("GET", "/v3/jobs", token=token).status_code == 200
    harvest.clock.pass_(minutes=1)
    answer = harvest.v3("GET", "/v3/jobs", token=token)
    assert answer.status_code == 401
    assert answer.json() == {"message": "Unauthorized", "errors": ["Token could not be decoded"]}


@pytest.mark.parametrize("sub", ["1", "nobody", str(FORMER)])
def test_an_unknown_or_deactivated_sub_is_refused(harvest, sub):
    answer = harvest.token(grant_type="client_credentials", sub=sub)
    assert answer.status_code == 400
    assert answer.json().keys() == {"error"}


def test_oauth_errors(harvest):
    url = "https://auth.greenhouse.io/token"
    form = {"grant_type": "client_credentials"}
    answer = harvest.send("POST", url, data=form, auth=("sandbox-client", "wrong"))
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})
    assert harvest.token(grant_type="password").json() == {"error": "unsupported_grant_type"}
    assert harvest.token("v3_partner", **form).json() == {"error": "unauthorized_client"}
    assert harvest.token("v3_partner", grant_type="refresh_token", refresh_token="x").json() == {
        "error": "invalid_grant"
    }


def test_a_refresh_token_works_once(harvest):
    old = CREDENTIALS["v3_partner"]["refresh_token"]
    first = harvest.token("v3_partner", grant_type="refresh_token", refresh_token=old)
    assert first.status_code == 200
    assert harvest.v3("GET", "/v3/jobs", token=first.json()["access_token"]).status_code == 200
    again = harvest.token("v3_partner", grant_type="refresh_token", refresh_token=old)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})
    new = first.json()["refresh_token"]
    assert new != old
    harvest.clock.pass_(hours=24)
    assert harvest.token("v3_partner", grant_type="refresh_token", refresh_token=new).status_code == 400


def test_authorization_code(harvest):
    url = "https://auth.greenhouse.io/authorize?response_type=code&client_id=sandbox-partner"
    answer = harvest.send("GET", f"{url}&redirect_uri=https://app.example/back&scope=x&state=s1")
    assert answer.status_code == 302
    where, _, query = answer.headers["location"].partition("?")
    assert where == "https://app.example/back"
    assert query.endswith("state=s1")
    code = query.removeprefix("code=").partition("&")[0]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": "https://app.example/back"}
    assert harvest.token("v3_partner", **form).json().keys() >= {
        "access_token",
        "refresh_token",
        "expires_at",
    }
    assert harvest.token("v3_partner", **form).status_code == 400


def test_single_token_revokes_the_one_before(harvest):
    harvest.state.tokens.single = True
    first, second = (harvest.token().json()["access_token"] for _ in range(2))
    assert harvest.v3("GET", "/v3/jobs", token=first).status_code == 401
    assert harvest.v3("GET", "/v3/jobs", token=second).status_code == 200


# Permissions


def test_lists_need_a_site_admin(harvest):
    token = harvest.token(grant_type="client_credentials", sub=str(RECRUITER)).json()["access_token"]
    answer = harvest.v3("GET", "/v3/interviews", token=token)
    assert (answer.status_code, answer.json()) == (403, {"message": "Forbidden"})
    token = harvest.token(grant_type="client_credentials", sub=str(ADMIN)).json()["access_token"]
    assert harvest.v3("GET", "/v3/interviews", token=token).status_code == 200


def test_scopes(harvest):
    harvest.state.permissions["v3"].denied.add("harvest:offers:list")
    assert harvest.v3("GET", "/v3/offers").status_code == 403
    assert harvest.v3("GET", "/v3/jobs").status_code == 200


# Lists


@pytest.mark.parametrize("path", ["/v3/interviews/4250001001", "/v3/jobs/1", "/v3/nothing"])
def test_there_is_no_single_record(harvest, path):
    answer = harvest.v3("GET", path)
    assert (answer.status_code, answer.json()) == (404, {"message": "Resource not found"})


def test_the_cursor_leads_through_every_page_by_id_descending(harvest):
    url, seen = "/v3/candidates?per_page=10&updated_at=gte|2020-01-01T00:00:00Z", []
    while url:
        answer = harvest.v3("GET", url)
        seen += [row["id"] for row in answer.json()]
        url = answer.links.get("next", {}).get("url")
        assert url is None or url.startswith("https://harvest.greenhouse.io/v3/candidates?cursor=eyJ")
        assert set(answer.links) <= {"next"}
    assert seen == sorted((row["id"] for row in harvest.rows("candidates")), reverse=True)


def test_the_cursor_carries_the_filters(harvest):
    first = harvest.v3("GET", "/v3/interviews?status=scheduled&per_page=4&fields=id,status")
    second = harvest.v3("GET", first.links["next"]["url"])
    rows = first.json() + second.json()
    assert rows == [
        {"id": row["id"], "status": "scheduled"}
        for row in reversed(harvest.rows("interviews", status="scheduled"))
    ]


def test_a_page_that_ends_exactly_has_no_next(harvest):
    assert "link" not in harvest.v3("GET", "/v3/candidates?per_page=25").headers
    assert "link" not in harvest.v3("GET", "/v3/interviews?per_page=7&status=scheduled").headers


def test_query_errors(harvest):
    cursor = harvest.v3("GET", "/v3/jobs?per_page=2").links["next"]["url"]
    fixed = "When passing a cursor, do not include other query params."
    assert refused(harvest.v3("GET", f"{cursor}&per_page=2"), fixed)
    too_big = {"per_page": "`600` number is greater than: 500"}
    assert refused(harvest.v3("GET", "/v3/jobs?per_page=600"), too_big)
    assert refused_field(harvest.v3("GET", "/v3/jobs?page=2"), "page")
    assert refused_field(harvest.v3("GET", "/v3/jobs?cursor=nonsense"), "cursor")
    assert refused_field(harvest.v3("GET", cursor.replace("jobs", "users")), "cursor")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("updated_at=gte|2026-01-01", "updated_at"),
        ("updated_at=2026-01-01T00:00:00Z", "updated_at"),
        ("updated_at=after|2026-01-01T00:00:00Z", "updated_at"),
        ("updated_at[gte]=2026-01-01T00:00:00Z", "updated_at[gte]"),
        ("starts_at=gte|2026-01-01", "starts_at"),
        ("all_day_start_on=gte|2026-01-01T00:00:00Z", "all_day_start_on"),
        ("status=unheard_of", "status"),
        ("ids=1,x", "ids"),
        ("application_ids=" + ",".join(["1"] * 51), "application_ids"),
        ("fields=id,colour", "fields"),
    ],
)
def test_filters_are_checked(harvest, query, field):
    assert refused_field(harvest.v3("GET", f"/v3/interviews?{query}"), field)


def test_created_and_updated_together_are_refused(harvest):
    moment = "gte|2026-01-01T00:00:00Z"
    assert refused(harvest.v3("GET", f"/v3/jobs?created_at={moment}&updated_at={moment}"))


def test_date_operators(harvest):
    moments = sorted(row["updated_at"] for row in harvest.rows("interviews"))
    low, high = moments[3], moments[9]

    def found(query):
        return sorted(row["updated_at"] for row in harvest.v3("GET", f"/v3/interviews?{query}").json())

    assert found(f"updated_at=gte|{low}|lt|{high}") == [each for each in moments if low <= each < high]
    assert found(f"updated_at=gt|{low}|lte|{high}") == [each for each in moments if low < each <= high]


def test_id_filters(harvest):
    first, second = harvest.rows("interviews")[:2]
    rows = harvest.v3("GET", f"/v3/interviews?ids={first['id']},{second['id']}").json()
    assert [row["id"] for row in rows] == [second["id"], first["id"]]
    panel = harvest.v3("GET", f"/v3/interviewers?interview_ids={first['id']}").json()
    assert {row["interview_id"] for row in panel} == {first["id"]}
    assert len(panel) == 2


def test_unscheduled_slots_are_listed(harvest):
    (row,) = harvest.v3("GET", "/v3/interviews?status=to_be_scheduled").json()
    assert (row["starts_at"], row["ends_at"], row["all_day_start_on"]) == (None, None, None)


def test_starts_at_skips_all_day_interviews(harvest):
    rows = harvest.v3("GET", "/v3/interviews?starts_at=gte|2000-01-01T00:00:00Z").json()
    assert rows
    assert all(row["starts_at"] for row in rows)
    days = harvest.v3("GET", "/v3/interviews?all_day_start_on=gte|2026-01-01").json()
    assert [row["all_day_start_on"] for row in days] == ["2026-11-28"]


def test_status_says_active_where_the_record_says_in_process(harvest):
    rows = harvest.v3("GET", "/v3/applications?status=active").json()
    assert {row["status"] for row in rows} == {"in_process"}
    assert refused_field(harvest.v3("GET", "/v3/applications?status=in_process"), "status")


def test_only_live_applications_have_a_stage(harvest):
    for row in harvest.v3("GET", "/v3/applications").json():
        live = row["status"] == "in_process" and not row["prospect"]
        assert (row["job_interview_stage_id"] is not None) is live
        assert (row["stage_id"] is not None) is live
        assert row["stage_id"] != row["job_interview_stage_id"] or not live
    application = harvest.active()
    current = f"/v3/application_stages?application_ids={application['id']}&current=true"
    (stage,) = harvest.v3("GET", current).json()
    assert stage["job_interview_stage_id"] == application["job_interview_stage_id"]


def test_prospects_keep_their_jobs_apart(harvest):
    rows = harvest.v3("GET", "/v3/applications?prospect=true").json()
    assert {row["job_id"] for row in rows} == {None}
    assert any(row["prospective_job_ids"] for row in rows)


def test_what_is_hidden_by_default(harvest):
    users = {row["id"] for row in harvest.v3("GET", "/v3/users").json()}
    everybody = {row["id"] for row in harvest.v3("GET", "/v3/users?show_service_accounts=true").json()}
    assert everybody - users == {SERVICE}
    posts = harvest.v3("GET", "/v3/job_posts").json()
    deleted = harvest.v3("GET", "/v3/job_posts?active=false").json()
    assert ({row["active"] for row in posts}, {row["active"] for row in deleted}) == ({True}, {False})
    assert len(harvest.v3("GET", "/v3/rejection_reasons").json()) == 3
    assert len(harvest.v3("GET", "/v3/rejection_reasons?include_defaults=true").json()) == 6
    steps = harvest.v3("GET", "/v3/job_interviews").json()
    assert {row["active"] for row in steps} == {True, False}


def test_current_only_leaves_out_superseded_offers(harvest):
    everything = harvest.v3("GET", "/v3/offers").json()
    current = harvest.v3("GET", "/v3/offers?current_only=true").json()
    superseded = [row for row in everything if row not in current]
    assert {row["status"] for row in superseded} == {"Deprecated"}
    assert len({row["application_id"] for row in current}) == len(current)


def test_internal_posts_return_the_internal_text(harvest):
    (row,) = harvest.v3("GET", "/v3/job_posts?internal=true").json()
    assert row["content"] == "<p>Bewirb dich intern.</p>"


def test_drafts_of_scorecards_are_listed(harvest):
    rows = harvest.v3("GET", "/v3/scorecards?status=draft").json()
    assert rows
    assert {(row["candidate_rating"], row["submitted_at"]) for row in rows} == {(None, None)}


def test_candidates_by_email_and_tag(harvest):
    row = harvest.rows("candidates")[3]
    found = harvest.v3("GET", f"/v3/candidates?email={row['email_addresses'][0]['value'].upper()}").json()
    assert [each["id"] for each in found] == [row["id"]]
    tagged = harvest.v3("GET", "/v3/candidates?tag=Référence").json()
    assert tagged
    assert all("Référence" in each["tags"] for each in tagged)


def test_both_generations_show_the_same_records(harvest):
    v1 = {row["id"]: row for row in harvest.v1("GET", "/v1/candidates").json()}
    v3 = {row["id"]: row for row in harvest.v3("GET", "/v3/candidates").json()}
    assert v1.keys() == v3.keys()
    assert all(v1[key]["tags"] == v3[key]["tags"] for key in v1)


# Interviews


def new_interview(harvest, **changes):
    application = harvest.active()
    body = {
        "application_id": application["id"],
        "job_interview_id": harvest.step(application["job_id"]),
        "interviewers": [{"user_id": RECRUITER, "response_status": "needs_action"}],
        "starts_at": "2026-12-01T15:00:00Z",
        "ends_at": "2026-12-01T16:00:00Z",
        "external_event_id": "ours-1",
    }
    return {key: value for key, value in (body | changes).items() if value is not ...}


def test_create_interview_answers_the_flat_record(harvest):
    token = harvest.token(grant_type="client_credentials", sub=str(COORDINATOR)).json()["access_token"]
    answer = harvest.v3("POST", "/v3/interviews", new_interview(harvest), token=token)
    assert answer.status_code == 201, answer.text
    row = answer.json()
    assert "interviewers" not in row
    assert (row["organizer_id"], row["status"]) == (COORDINATOR, "scheduled")
    assert row["starts_at"] == "2026-12-01T15:00:00.000Z"
    assert harvest.v3("GET", f"/v3/interviews?ids={row['id']}").json() == [row]
    (seat,) = harvest.v3("GET", f"/v3/interviewers?interview_ids={row['id']}").json()
    assert (seat["user_id"], seat["response_status"]) == (RECRUITER, "needs_action")


@pytest.mark.parametrize(
    "field",
    ["application_id", "job_interview_id", "interviewers", "starts_at", "ends_at", "external_event_id"],
)
def test_create_interview_requires(harvest, field):
    answer = harvest.v3("POST", "/v3/interviews", new_interview(harvest, **{field: ...}))
    assert refused_field(answer, field)


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("application_id", "4110001001", "application_id"),
        ("starts_at", "2026-12-01T15:00:00+01:00", "starts_at"),
        ("ends_at", "2026-12-01T14:00:00Z", "ends_at"),
        ("external_event_id", "event-1", "external_event_id"),
        ("interviewers", [{"email": "a@b.c", "response_status": "accepted"}], "user_id"),
        ("interviewers", [{"user_id": str(RECRUITER), "response_status": "accepted"}], "user_id"),
        ("interviewers", [], "interviewers"),
        ("colour", "red", "colour"),
    ],
)
def test_create_interview_refuses(harvest, field, value, named):
    answer = harvest.v3("POST", "/v3/interviews", new_interview(harvest, **{field: value}))
    assert refused_field(answer, named)
    assert len(harvest.rows("interviews")) == 15


def test_strings_are_no_ids(harvest):
    answer = harvest.v3("POST", "/v3/interviews", new_interview(harvest, application_id="41"))
    assert refused(answer, {"application_id": "`41` is not an integer"})


def test_a_changed_panel_leaves_the_interview_as_it_was(harvest):
    row = harvest.v3("POST", "/v3/interviews", new_interview(harvest)).json()
    since = harvest.state.now()
    path = f"/v3/interviews/{row['id']}"
    panel = [{"user_id": MANAGER, "response_status": "accepted"}]
    changed = harvest.v3("PATCH", path, {"interviewers": panel})
    assert (changed.status_code, changed.json()) == (200, row)
    assert harvest.v3("GET", f"/v3/interviews?updated_at=gte|{since}").json() == []
    (seat,) = harvest.v3("GET", f"/v3/interviewers?updated_at=gte|{since}").json()
    assert (seat["interview_id"], seat["user_id"]) == (row["id"], MANAGER)
    moved = harvest.v3("PATCH", path, {"starts_at": "2026-12-01T15:30:00Z"}).json()
    assert moved["updated_at"] > row["updated_at"]
    assert moved["starts_at"] == "2026-12-01T15:30:00.000Z"


def test_delete_interview_only_before_it_is_complete(harvest):
    complete = harvest.rows("interviews", status="complete")[0]["id"]
    assert refused(harvest.v3("DELETE", f"/v3/interviews/{complete}"))
    key = harvest.rows("interviews", status="scheduled")[0]["id"]
    answer = harvest.v3("DELETE", f"/v3/interviews/{key}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert harvest.v3("GET", f"/v3/interviews?ids={key}").json() == []
    assert harvest.v3("DELETE", f"/v3/interviews/{key}").status_code == 404


# Applications


def test_application_actions_answer_204(harvest):
    application = harvest.active()
    path = f"/v3/applications/{application['id']}"
    stages = [row["id"] for row in harvest.rows("job_interview_stages", job_id=application["job_id"])]
    reason = harvest.rows("rejection_reasons")[0]["id"]

    def now():
        return harvest.v3("GET", f"/v3/applications?ids={application['id']}").json()[0]

    moved = harvest.v3("POST", f"{path}/move", {"from_stage_id": stages[0], "to_stage_id": stages[2]})
    assert (moved.status_code, moved.content) == (204, b"")
    assert now()["job_interview_stage_id"] == stages[2]
    assert refused_field(harvest.v3("POST", f"{path}/move", {"from_stage_id": stages[0]}), "from_stage_id")
    assert harvest.v3("POST", f"{path}/move", {"from_stage_id": stages[2]}).status_code == 204
    assert now()["job_interview_stage_id"] == stages[3]
    assert refused_field(harvest.v3("POST", f"{path}/reject", {}), "rejection_reason_id")
    assert harvest.v3("POST", f"{path}/reject", {"rejection_reason_id": reason}).status_code == 204
    assert (now()["status"], now()["rejection_reason_id"]) == ("rejected", reason)
    (detail,) = harvest.v3("GET", f"/v3/rejection_details?application_ids={application['id']}").json()
    other = harvest.rows("rejection_reasons")[1]["id"]
    body = {"rejection_reason_id": other}
    assert harvest.v3("PATCH", f"/v3/rejection_details/{detail['id']}", body).status_code == 200
    assert now()["rejection_reason_id"] == other
    assert harvest.v3("POST", f"{path}/unreject").status_code == 204
    assert now()["status"] == "in_process"
    assert harvest.v3("POST", f"{path}/hire").status_code == 204
    assert refused(harvest.v3("POST", f"{path}/move", {"from_stage_id": stages[3]}))


def test_move_to_another_job(harvest):
    application = harvest.active()
    job = harvest.rows("jobs")[2]["id"]
    body = {"from_stage_id": application["job_interview_stage_id"], "to_job_id": job}
    assert harvest.v3("POST", f"/v3/applications/{application['id']}/move", body).status_code == 204
    (row,) = harvest.v3("GET", f"/v3/applications?ids={application['id']}").json()
    assert (row["job_id"], row["stage_name"]) == (job, "Application Review")


def test_create_and_delete_application(harvest):
    body = {
        "candidate_id": harvest.rows("candidates")[0]["id"],
        "job_id": harvest.rows("jobs")[2]["id"],
        "source_id": harvest.rows("sources")[0]["id"],
    }
    answer = harvest.v3("POST", "/v3/applications", body)
    assert answer.status_code == 201
    row = answer.json()
    assert (row["status"], row["stage_name"]) == ("in_process", "Application Review")
    assert refused_field(harvest.v3("POST", "/v3/applications", body | {"source_id": 1}), "source_id")
    assert harvest.v3("DELETE", f"/v3/applications/{row['id']}").status_code == 204
    assert harvest.v3("GET", f"/v3/applications?ids={row['id']}").json() == []


# Candidates, notes, attachments, tags


def test_applications_may_start_in_a_later_stage_of_their_job(harvest):
    job, other = (row["id"] for row in harvest.rows("jobs")[:2])
    stage, foreign = (harvest.rows("job_interview_stages", job_id=key)[2]["id"] for key in (job, other))
    candidate = harvest.rows("candidates")[0]["id"]
    body = {"candidate_id": candidate, "job_id": job, "initial_stage_id": stage}
    assert harvest.v3("POST", "/v3/applications", body).json()["job_interview_stage_id"] == stage
    path = f"/v1/candidates/{candidate}/applications"
    assert harvest.v1("POST", path, body).json()["current_stage"]["id"] == stage
    body["initial_stage_id"] = foreign
    assert refused_field(harvest.v3("POST", "/v3/applications", body), "initial_stage_id")
    assert harvest.v1("POST", path, body).status_code == 422


def test_create_candidate(harvest):
    body = {"first_name": "Å", "last_name": "Ø", "is_private": True}
    answer = harvest.v3("POST", "/v3/candidates", body)
    assert answer.status_code == 201
    assert answer.json()["application"] is None
    assert answer.json()["candidate"]["private"] is True
    body["application"] = {"job_id": harvest.rows("jobs")[0]["id"]}
    both = harvest.v3("POST", "/v3/candidates", body).json()
    assert both["application"]["candidate_id"] == both["candidate"]["id"]
    assert refused_field(harvest.v3("POST", "/v3/candidates", {"first_name": "x"}), "last_name")


def test_patch_candidate_says_is_private(harvest):
    path = f"/v3/candidates/{harvest.rows('candidates')[0]['id']}"
    assert refused_field(harvest.v3("PATCH", path, {"private": True}), "private")
    answer = harvest.v3("PATCH", path, {"is_private": True, "tags": ["Python"]})
    assert (answer.status_code, answer.json()["private"]) == (200, True)
    assert answer.json()["tags"] == ["Python"]
    assert harvest.v3("DELETE", path).status_code == 204


def test_notes(harvest):
    candidate = harvest.rows("candidates")[0]["id"]
    body = {"candidate_id": candidate, "body": "Hej", "note_type": "NOTE", "visibility": "public"}
    answer = harvest.v3("POST", "/v3/notes", body)
    assert answer.status_code == 201
    assert (answer.json()["type"], answer.json()["visibility"]) == ("NOTE", "publicly_visible")
    for field in body:
        assert refused_field(harvest.v3("POST", "/v3/notes", body | {field: None}), field)
    wrong = body | {"visibility": "publicly_visible"}
    assert refused_field(harvest.v3("POST", "/v3/notes", wrong), "visibility")
    mail = body | {"note_type": "EMAIL", "subject": "S", "email_to": "a@b.c", "email_from": "d@e.f"}
    assert harvest.v3("POST", "/v3/notes", mail).json()["email_to"] == "a@b.c"
    listed = harvest.v3("GET", f"/v3/notes?candidate_ids={candidate}").json()
    assert answer.json() in listed


def test_attachments_need_an_application(harvest):
    application = harvest.active()
    body = {"filename": "cv.pdf", "type": "resume", "url": "https://example.com/cv.pdf"}
    assert refused_field(harvest.v3("POST", "/v3/attachments", body), "application_id")
    answer = harvest.v3("POST", "/v3/attachments", body | {"application_id": application["id"]})
    assert answer.status_code == 201
    assert answer.json()["candidate_id"] == application["candidate_id"]


def test_tags_are_rows(harvest):
    candidate, tag = (harvest.rows(table)[0]["id"] for table in ("candidates", "candidate_tags"))
    answer = harvest.v3(
        "POST", "/v3/applied_candidate_tags", {"candidate_id": candidate, "candidate_tag_id": tag}
    )
    assert answer.status_code == 201
    row = answer.json()["id"]
    assert harvest.v3("DELETE", f"/v3/applied_candidate_tags/{row}").status_code == 204
    assert harvest.v3("GET", f"/v3/applied_candidate_tags?candidate_ids={candidate}").json() == []


def test_error_texts_are_the_documented_ones(harvest):
    fixture = Path(__file__).parent / "fixtures" / "greenhouse" / "errors_v3.json"
    errors = json.loads(fixture.read_text())["sample"]
    cursor = harvest.v3("GET", "/v3/jobs?per_page=2").links["next"]["url"]
    assert harvest.v3("GET", f"{cursor}&status=open").json() == errors["cursor_422"]
    assert harvest.v3("GET", "/v3/jobs?per_page=600").json() == errors["per_page_422"]
    assert harvest.v3("GET", "/v3/jobs/1").json() == errors["not_found_404"]
