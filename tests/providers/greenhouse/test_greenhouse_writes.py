"""Candidates, applications, notes and attachments are written exactly as documented."""

from typing import Any

import pytest
from harvest import CLIENT, KEY, PARTNER, Harvest, body_of

from providers.kit import Invalid, Reference, Unavailable

PERSON: dict[str, Any] = {
    "first_name": "John",
    "last_name": "Locke",
    "company": "Box",
    "title": None,
    "is_private": True,
    "locations": ["1 Street\nTown"],
    "phone_numbers": [
        {"value": "555", "phone_number_type": "MOBILE"},
        {"value": "556", "phone_number_type": None},
    ],
    "email_addresses": [{"value": "a@b.c", "email_address_type": "PERSONAL"}],
    "urls": [
        {"value": "x.com", "url_type": "PORTFOLIO"},
        {"value": "in/x", "url_type": "SOCIAL_MEDIA"},
        {"value": "y.com", "url_type": "JOB_POSTING"},
    ],
    "tags": ["Python"],
}
PERSON_BODY: dict[str, Any] = {
    "first_name": "John",
    "last_name": "Locke",
    "company": "Box",
    "title": None,
    "is_private": True,
    "addresses": [{"value": "1 Street\nTown", "type": "other"}],
    "phone_numbers": [{"value": "555", "type": "mobile"}, {"value": "556", "type": "other"}],
    "email_addresses": [{"value": "a@b.c", "type": "personal"}],
    "website_addresses": [{"value": "x.com", "type": "portfolio"}, {"value": "y.com", "type": "other"}],
    "social_media_addresses": [{"value": "in/x"}],
    "tags": ["Python"],
}
FILE = {"file_url": "https://files.example.com/a/cv%201.pdf?sig=1", "attachment_type": "RESUME"}


# Candidates


def test_candidate_in_v1_comes_with_an_application() -> None:
    harvest = Harvest(KEY)
    harvest.on("POST", "/v1/candidates", {"id": 5, "applications": [{"id": 6}]}, 201)
    given = PERSON | {"applications": [{"job": "123"}]}
    written, _ = harvest.write("Candidate", "create", given, as_user="7")
    assert written.reference == Reference("candidates", "5")
    assert harvest.also == (Reference("applications", "6"),)
    assert harvest.actor() == "7"
    assert body_of(harvest.written) == PERSON_BODY | {"applications": [{"job_id": 123}]}


def test_candidate_in_v1_without_a_job_is_a_prospect() -> None:
    harvest = Harvest(KEY)
    harvest.on("POST", "/v1/candidates", {"id": 5, "application_ids": [6]}, 201)
    names = {"first_name": "John", "last_name": "Locke"}
    written, _ = harvest.write("Candidate", "create", names, as_user="7")
    assert body_of(harvest.written) == names | {"applications": [{"prospect": "true", "job_ids": []}]}
    assert harvest.also == (Reference("applications", "6"),)  # the answer may hold ids only
    assert written.row == {"id": 5, "application_ids": [6]}


def test_candidate_in_v3_takes_one_application_along() -> None:
    harvest = Harvest(CLIENT)
    harvest.on("POST", "/v3/candidates", {"candidate": {"id": 5}, "application": {"id": 6}}, 201)
    harvest.on("POST", "/v3/applications", {"id": 8}, 201)
    harvest.on("POST", "/v3/attachments", {"id": 9}, 201)
    given = PERSON | {"applications": [{"job": "123"}, {"job": "124"}], "attachments": [FILE]}
    written, warnings = harvest.write("Candidate", "create", given)
    assert (written.reference, written.row) == (Reference("candidates", "5"), {"id": 5})
    assert harvest.also == (
        Reference("applications", "6"),
        Reference("applications", "8"),
        Reference("attachments", "9"),
    )
    bodies = [body_of(r) for r in harvest.requests if r.url.path.startswith("/v3")]
    assert bodies == [
        PERSON_BODY | {"application": {"job_id": 123}},
        {"candidate_id": 5, "job_id": 124},
        {"application_id": 6, "filename": "cv 1.pdf", "url": FILE["file_url"], "type": "resume"},
    ]
    assert warnings == []


def test_what_comes_after_the_candidate_may_fail() -> None:
    harvest = Harvest(KEY)
    harvest.on("POST", "/v1/candidates", {"id": 5}, 201)
    harvest.on("POST", "/v1/candidates/5/attachments", {"message": "too large"}, 422)
    given = {"first_name": "J", "last_name": "L", "attachments": [FILE]}
    written, _ = harvest.write("Candidate", "create", given, as_user="7")
    assert written.reference.id == "5"
    assert harvest.failures == [("attachments/0", "too large")]


def test_candidate_taken_for_later() -> None:
    harvest = Harvest(CLIENT)
    harvest.on("POST", "/v3/candidates", {"message": "Candidate is being created"}, 201)
    with pytest.raises(Unavailable, match="being created") as raised:
        harvest.write("Candidate", "create", {"first_name": "J", "last_name": "L"})
    assert raised.value.outcome_unknown


@pytest.mark.parametrize(("credentials", "path"), [(KEY, "/v1/candidates/5"), (CLIENT, "/v3/candidates/5")])
def test_change_of_a_candidate_sends_what_was_given(credentials: Any, path: str) -> None:
    harvest = Harvest(credentials)
    harvest.on("PATCH", path, {"id": 5})
    written, _ = harvest.write("Candidate", "update", {"tags": [], "urls": []}, remote_id="5", as_user="7")
    assert written.reference == Reference("candidates", "5")
    assert harvest.actor() == "7"
    assert body_of(harvest.written) == {"tags": [], "website_addresses": [], "social_media_addresses": []}


# Applications


def test_application_in_v1() -> None:
    harvest = Harvest(KEY)
    harvest.on("GET", "/v1/sources", [{"id": 1, "name": "Other"}, {"id": 2, "name": "Jobs page"}])
    harvest.on("POST", "/v1/candidates/5/applications", {"id": 6}, 201)
    given = {
        "candidate": "5",
        "job": "123",
        "source": "Jobs page",
        "credited_to": "9",
        "current_stage": "72200",
    }
    written, warnings = harvest.write("Application", "create", given, as_user="7")
    assert (written.reference, warnings) == (Reference("applications", "6"), [])
    assert body_of(harvest.written) == {
        "job_id": 123,
        "initial_stage_id": 72200,
        "source_id": 2,
        "referrer": {"type": "id", "value": 9},
    }


def test_application_in_v3() -> None:
    harvest = Harvest(CLIENT)
    harvest.on("POST", "/v3/applications", {"id": 6}, 201)
    given = {"candidate": "5", "job": "123", "source": "Jobs page", "credited_to": "9"}
    found: Any = {
        ("sources", "name", "Jobs page"): [{"id": 2, "name": "Jobs page"}],
        ("referrers", "user_id", "9"): [{"id": 31, "user_id": 9}],
    }
    harvest.write("Application", "create", given, found=found)
    assert body_of(harvest.written) == {
        "candidate_id": 5,
        "job_id": 123,
        "source_id": 2,
        "referrer_id": 31,
    }


def test_source_and_referrer_greenhouse_does_not_know() -> None:
    harvest = Harvest(CLIENT)
    harvest.on("GET", "/v3/sources", [])
    harvest.on("GET", "/v3/referrers", {"message": "Forbidden"}, 403)
    harvest.on("POST", "/v3/applications", {"id": 6}, 201)
    given = {"candidate": "5", "job": "123", "source": "Nowhere", "credited_to": "9"}
    _, warnings = harvest.write("Application", "create", given)
    assert [name for name, _ in warnings] == ["source", "credited_to"]
    assert body_of(harvest.written) == {"candidate_id": 5, "job_id": 123}


ROW_V1 = {"id": 6, "status": "active", "jobs": [{"id": 123}], "current_stage": {"id": 10}}
ROW_V3 = {"id": 6, "status": "in_process", "job_id": 123, "job_interview_stage_id": 10}


def test_move_in_v1() -> None:
    for job, path, body in (
        (123, "move", {"from_stage_id": 10, "to_stage_id": 11}),
        (124, "transfer_to_job", {"new_job_id": 124, "new_stage_id": 11}),
    ):
        harvest = Harvest(KEY)
        harvest.on("GET", "/v1/applications/6", ROW_V1)
        harvest.on("POST", f"/v1/applications/6/{path}", ROW_V1)
        harvest.write(
            "Application",
            "change_stage",
            {"current_stage": "11"},
            remote_id="6",
            as_user="7",
            stored={("job_stages", "11"): {"id": 11, "job_id": job}},
        )
        assert harvest.sent == [("GET", "/v1/applications/6"), ("POST", f"/v1/applications/6/{path}")]
        assert body_of(harvest.written) == body


def test_move_in_v3() -> None:
    for job, more in ((123, {}), (124, {"to_job_id": 124})):
        harvest = Harvest(CLIENT)
        harvest.on("GET", "/v3/applications", [ROW_V3])
        harvest.on("GET", "/v3/job_interview_stages", [{"id": 11, "job_id": job}])
        harvest.on("POST", "/v3/applications/6/move", None, 204)
        written, _ = harvest.write(
            "Application", "change_stage", {"current_stage": "11"}, remote_id="6", as_user="7"
        )
        assert written.reference == Reference("applications", "6")
        assert body_of(harvest.written) == {"from_stage_id": 10, "to_stage_id": 11, **more}
        assert harvest.actor() == "7"


def test_current_stage_is_looked_up_where_the_application_does_not_name_it() -> None:
    harvest = Harvest(CLIENT)
    row = {k: v for k, v in ROW_V3.items() if k != "job_interview_stage_id"}
    harvest.on("GET", "/v3/applications", [row])
    harvest.on("GET", "/v3/application_stages", [{"id": 1, "job_interview_stage_id": 10}])
    harvest.on("POST", "/v3/applications/6/move", None, 204)
    stored = {("job_interview_stages", "11"): {"id": 11, "job_id": 123}}
    harvest.write("Application", "change_stage", {"current_stage": "11"}, remote_id="6", stored=stored)
    assert body_of(harvest.written)["from_stage_id"] == 10


@pytest.mark.parametrize("changes", [{"status": "rejected"}, {"current_stage": None}], ids=str)
def test_applications_that_cannot_be_moved(changes: dict[str, Any]) -> None:
    harvest = Harvest(KEY)
    harvest.on("GET", "/v1/applications/6", ROW_V1 | changes)
    with pytest.raises(Invalid, match="moved"):
        harvest.write("Application", "change_stage", {"current_stage": "11"}, remote_id="6", as_user="7")
    assert harvest.sent == [("GET", "/v1/applications/6")]


def test_rejection_in_v1() -> None:
    for status, method in (("active", "POST"), ("rejected", "PATCH")):
        harvest = Harvest(KEY)
        harvest.on("GET", "/v1/applications/6", ROW_V1 | {"status": status})
        harvest.on(method, "/v1/applications/6/reject", ROW_V1)
        harvest.write("Application", "reject", {"reject_reason": "8"}, remote_id="6", as_user="7")
        assert body_of(harvest.written) == {"rejection_reason_id": 8}
        assert harvest.actor() == "7"


def test_rejection_in_v3() -> None:
    harvest = Harvest(CLIENT)
    harvest.on("GET", "/v3/applications", [ROW_V3])
    harvest.on("POST", "/v3/applications/6/reject", None, 204)
    harvest.write("Application", "reject", {"reject_reason": "8"}, remote_id="6")
    assert body_of(harvest.written) == {"rejection_reason_id": 8}
    action = harvest.api.action("Application", "reject")
    assert action is not None
    assert action.required == ("reject_reason",)


def test_other_reason_of_a_rejection_in_v3() -> None:
    harvest = Harvest(CLIENT)
    harvest.on("GET", "/v3/applications", [ROW_V3 | {"status": "rejected"}])
    harvest.on("GET", "/v3/rejection_details", [{"id": 77, "application_id": 6}])
    harvest.on("PATCH", "/v3/rejection_details/77", {"id": 77})
    harvest.write("Application", "reject", {"reject_reason": "8"}, remote_id="6")
    assert (harvest.written.method, body_of(harvest.written)) == ("PATCH", {"rejection_reason_id": 8})


# Notes and e-mails

USERS: Any = {
    ("users", "9"): {"id": 9, "primary_email_address": "u@x.io"},
    ("candidates", "5"): {"id": 5, "email_addresses": [{"value": "c@x.io"}]},
}


def test_note_in_v1() -> None:
    harvest = Harvest(KEY)
    path = "/v1/candidates/5/activity_feed/notes"
    harvest.on("POST", path, {"id": 1, "body": "Hi"}, 201)
    given = {"candidate": "5", "user": "9", "activity_type": "NOTE", "body": "Hi", "visibility": "ADMIN_ONLY"}
    written, _ = harvest.write("Activity", "create", given)
    assert body_of(harvest.written) == {"user_id": 9, "body": "Hi", "visibility": "admin_only"}
    assert harvest.actor() == "9"
    assert written.reference == Reference("activity_feed", "1")
    assert written.row == {"id": 1, "body": "Hi", "candidate_id": 5, "array": "notes"}
    harvest.write("Activity", "create", given, as_user="7")
    assert harvest.requests[-1].headers["On-Behalf-Of"] == "7"
    assert body_of(harvest.requests[-1])["user_id"] == 9
    _, warnings = harvest.write(
        "Activity", "create", {"candidate": "5", "body": "Hi", "subject": "S"}, as_user="7"
    )
    assert body_of(harvest.requests[-1]) == {"user_id": 7, "body": "Hi", "visibility": "public"}
    assert [name for name, _ in warnings] == ["subject"]


def test_email_in_v1() -> None:
    harvest = Harvest(KEY)
    path = "/v1/candidates/5/activity_feed/emails"
    harvest.on("POST", path, {"id": 1}, 201)
    given = {"candidate": "5", "user": "9", "activity_type": "EMAIL", "subject": "S", "body": "B"}
    harvest.write("Activity", "create", given, stored=USERS)
    assert body_of(harvest.written) == {
        "user_id": 9,
        "to": "c@x.io",
        "from": "u@x.io",
        "cc": [],
        "subject": "S",
        "body": "B",
    }


def test_note_in_v3() -> None:
    harvest = Harvest(CLIENT)
    harvest.on("POST", "/v3/notes", {"id": 1, "type": "NOTE"}, 201)
    written, _ = harvest.write("Activity", "create", {"candidate": "5", "body": "Hi"})
    assert body_of(harvest.written) == {
        "candidate_id": 5,
        "body": "Hi",
        "note_type": "NOTE",
        "visibility": "public",
    }
    assert (harvest.actor(), written.reference) == ("account", Reference("notes", "1"))


def test_author_of_a_note_in_v3() -> None:
    for credentials, as_user, actor, author in (
        (CLIENT, None, "9", 9),
        (CLIENT, "7", "7", 9),
        (PARTNER, None, "account", 9),
    ):
        harvest = Harvest(credentials)
        harvest.on("POST", "/v3/notes", {"id": 1}, 201)
        given = {"candidate": "5", "body": "Hi", "user": "9", "subject": "S"}
        harvest.write("Activity", "create", given, as_user=as_user)
        assert (harvest.actor(), body_of(harvest.written)["user_id"]) == (actor, author)


def test_email_in_v3() -> None:
    harvest = Harvest(CLIENT)
    harvest.on("GET", "/v3/candidates", [{"id": 5, "email_addresses": [{"value": "c@x.io"}]}])
    harvest.on("GET", "/v3/users", [{"id": 9, "primary_email": "u@x.io"}])
    harvest.on("POST", "/v3/notes", {"id": 1}, 201)
    given = {"candidate": "5", "user": "9", "activity_type": "EMAIL", "subject": "S", "body": "B"}
    harvest.write("Activity", "create", given)
    body = body_of(harvest.written)
    assert (body["note_type"], body["email_to"], body["email_from"]) == ("EMAIL", "c@x.io", "u@x.io")


@pytest.mark.parametrize("given", [{"activity_type": "EMAIL"}, {"candidate": "x"}], ids=str)
def test_activities_that_cannot_be_sent(given: dict[str, Any]) -> None:
    harvest = Harvest(KEY)
    with pytest.raises(Invalid):
        harvest.write("Activity", "create", {"candidate": "5", "body": "B", **given}, as_user="7")
    assert harvest.sent == []


# Attachments


@pytest.mark.parametrize(
    ("kind", "sent", "warned"),
    [
        ("RESUME", "resume", []),
        ("COVER_LETTER", "cover_letter", []),
        ("OTHER", "admin_only", []),
        (None, "admin_only", []),
        ("OFFER_LETTER", "admin_only", ["attachment_type"]),
    ],
)
def test_attachment_in_v1(kind: str | None, sent: str, warned: list[str]) -> None:
    harvest = Harvest(KEY)
    answer = {
        "filename": "cv 1.pdf",
        "type": sent,
        "url": "https://s3",
        "created_at": "2026-01-01T00:00:00.000Z",
    }
    harvest.on("POST", "/v1/candidates/5/attachments", answer, 201)
    given = {"candidate": "5", **FILE, "attachment_type": kind}
    written, warnings = harvest.write("Attachment", "create", given, as_user="7")
    assert body_of(harvest.written) == {"filename": "cv 1.pdf", "type": sent, "url": FILE["file_url"]}
    assert written.reference == Reference("candidates", "5")
    assert written.remote_id == f"5:{sent}:cv 1.pdf:2026-01-01T00:00:00.000Z"
    assert [name for name, _ in warnings] == warned


def test_attachment_in_v3_goes_to_the_newest_active_application() -> None:
    harvest = Harvest(CLIENT)
    rows = [
        {"id": 3, "created_at": "2026-01-01T00:00:00.000Z"},
        {"id": 2, "created_at": "2026-02-01T00:00:00.000Z"},
    ]
    harvest.on("GET", "/v3/applications", rows)
    harvest.on("POST", "/v3/attachments", {"id": 9}, 201)
    given = {"candidate": "5", "file_name": "letter.pdf", **FILE}
    written, _ = harvest.write("Attachment", "create", given)
    asked = next(r for r in harvest.requests if r.method == "GET")
    assert dict(asked.url.params) == {"per_page": "500", "candidate_ids": "5", "status": "active"}
    assert body_of(harvest.written) == {
        "application_id": 2,
        "filename": "letter.pdf",
        "url": FILE["file_url"],
        "type": "resume",
    }
    assert written.reference == Reference("attachments", "9")


def test_attachment_in_v3_without_an_active_application() -> None:
    harvest = Harvest(CLIENT)
    harvest.on("GET", "/v3/applications", [])
    with pytest.raises(Invalid, match="active"):
        harvest.write("Attachment", "create", {"candidate": "5", **FILE})


def test_every_write_of_v1_needs_somebody() -> None:
    harvest = Harvest(KEY)
    harvest.on("GET", "/v1/applications/6", ROW_V1)
    stored = {("job_stages", "11"): {"id": 11, "job_id": 123}}
    for model, verb, given in (
        ("Candidate", "create", {"first_name": "J", "last_name": "L"}),
        ("Candidate", "update", {"tags": []}),
        ("Application", "create", {"candidate": "5", "job": "1"}),
        ("Application", "change_stage", {"current_stage": "11"}),
        ("Application", "reject", {}),
        ("Activity", "create", {"candidate": "5", "body": "B"}),
        ("Attachment", "create", {"candidate": "5", **FILE}),
    ):
        with pytest.raises(Invalid, match="remote_user_id"):
            harvest.write(model, verb, given, remote_id="6", stored=stored)
    assert {method for method, _ in harvest.sent} == {"GET"}
