"""Candidates, applications, attachments and activities written over the API, at both generations."""

from typing import Any

import pytest
from world import Account, Synced
from writing import PERSON, active_application, found, job_with_stage, made, post, refused, sent, user

from sandboxes.greenhouse import RECRUITER

FILE_URL = "https://files.example.com/amara.pdf"

# Candidates


@pytest.mark.contract("5.1.1", "5.2", "14.3")
def test_a_candidate(synced: Synced, account: Account) -> None:
    given = PERSON | {
        "company": "Nordlicht AB",
        "title": "Engineer",
        "can_email": True,
        "locations": ["Gothenburg"],
        "phone_numbers": [{"value": "+46 31 1", "phone_number_type": "MOBILE"}],
        "email_addresses": [{"value": "amara@nordlicht.example", "email_address_type": "WORK"}],
        "urls": [{"value": "https://amara.example", "url_type": "PORTFOLIO"}],
        "tags": ["Swedish"],
    }
    new = made(post(account, "/candidates", given))
    for name in ("first_name", "last_name", "company", "title", "can_email", "locations", "tags"):
        assert new[name] == given[name], name
    assert new["email_addresses"][0]["value"] == "amara@nordlicht.example"
    assert new["email_addresses"][0]["email_address_type"] == "WORK"
    assert int(new["remote_id"]) in synced.world.sandbox.tables["candidates"].rows
    assert account.get(f"/candidates/{new['id']}").json() == new
    assert account.one("/candidates", email_addresses="amara@nordlicht.example") == new
    synced.world.sync(account)
    assert account.get(f"/candidates/{new['id']}").json() == new


@pytest.mark.contract("5.1.1", "14.3")
def test_a_change_of_a_candidate(synced: Synced, account: Account) -> None:
    known = account.list("/candidates")[0]
    body = {"model": {"title": "Astronaut", "tags": []}, "remote_user_id": user(account)}
    answer = account.http.patch(f"/candidates/{known['id']}", json=body)
    assert answer.status_code == 200, answer.text
    changed = answer.json()["model"]
    assert (changed["title"], changed["tags"]) == ("Astronaut", [])
    for name in ("first_name", "last_name", "email_addresses", "applications"):
        left = [e["value"] for e in known[name]] if name == "email_addresses" else known[name]
        right = [e["value"] for e in changed[name]] if name == "email_addresses" else changed[name]
        assert left == right, name
    assert set(sent(synced)[-1].body) == {"title", "tags"}
    assert account.http.patch("/candidates/unknown", json=body).status_code == 404
    foreign = synced.other.list("/candidates")[0]["id"]
    assert account.http.patch(f"/candidates/{foreign}", json=body).status_code == 404


@pytest.mark.contract("5.1.3")
def test_a_candidate_with_applications_and_files(synced: Synced, account: Account, style: str) -> None:
    job, _ = job_with_stage(account)
    other = next(j["id"] for j in account.list("/jobs", status="OPEN") if j["id"] != job)
    file = {"file_url": FILE_URL, "file_name": "amara.pdf", "attachment_type": "RESUME"}
    given = PERSON | {"applications": [{"job": job}, {"job": other}], "attachments": [file]}
    new = made(post(account, "/candidates", given))
    applications = account.list("/applications", candidate_id=new["id"])
    assert {a["job"] for a in applications} == {job, other}
    assert set(new["applications"]) == {a["id"] for a in applications}
    attachment = account.one("/attachments", candidate_id=new["id"])
    assert (attachment["file_name"], attachment["attachment_type"]) == ("amara.pdf", "RESUME")
    assert new["attachments"] == [attachment["id"]]
    assert len(sent(synced)) == {"v1": 2, "v3": 3}[style]
    before = {a["id"] for a in applications}
    synced.world.sync(account)
    assert {a["id"] for a in account.list("/applications", candidate_id=new["id"])} == before


@pytest.mark.contract("5.1.3", "5.3.1", "5.3.4")
def test_what_is_wrong_inside_is_named_by_its_place(synced: Synced, account: Account) -> None:
    job, _ = job_with_stage(account)
    foreign = synced.other.list("/jobs")[0]["id"]
    given: dict[str, Any] = {
        "last_name": "L",
        "applications": [{"job": job}, {"job": foreign, "mood": "good"}, {}, {"job": job, "candidate": "x"}],
        "attachments": [{"attachment_type": "POEM", "file_url": FILE_URL}],
        "phone_numbers": [{"phone_number_type": "MOBILE"}],
        "email_addresses": [{"value": "a@b.c", "email_address_type": "SECRET", "colour": "red"}],
    }
    answer = post(account, "/candidates", given)
    assert refused(answer) == {
        ("MISSING_REQUIRED_FIELD", "model/first_name"),
        ("INVALID_FIELD_CHOICE", "model/applications/1/job"),
        ("MISSING_REQUIRED_FIELD", "model/applications/2/job"),
        ("INVALID_FIELD_CHOICE", "model/attachments/0/attachment_type"),
        ("MISSING_REQUIRED_FIELD", "model/phone_numbers/0/value"),
        ("INVALID_FIELD_CHOICE", "model/email_addresses/0/email_address_type"),
    }
    assert sent(synced) == []
    given |= {"first_name": "F", "applications": [{"job": job, "mood": "good", "rejected_at": None}]}
    given["applications"][0]["offers"] = ["x"]
    given |= {"attachments": [], "phone_numbers": []}
    given["email_addresses"] = [{"value": "a@b.c", "colour": "red", "created_at": "2020-01-01T00:00:00Z"}]
    answer = post(account, "/candidates", given)
    assert found(answer.json()["warnings"]) == {
        ("UNRECOGNIZED_FIELD", "model/applications/0/mood"),
        ("UNSUPPORTED_FIELD", "model/applications/0/rejected_at"),
        ("UNSUPPORTED_FIELD", "model/applications/0/offers"),
        ("UNRECOGNIZED_FIELD", "model/email_addresses/0/colour"),
    }
    assert made(answer, warnings=True)["applications"]


@pytest.mark.contract("5.1.3", "5.3.2")
@pytest.mark.parametrize("given", [["id"], "id", [None], {"job": "x"}])
def test_existing_applications_cannot_come_with_a_new_candidate(
    synced: Synced, account: Account, given: Any
) -> None:
    known = account.list("/applications")[0]["id"]
    value = [known] if given == ["id"] else known if given == "id" else given
    answer = post(account, "/candidates", PERSON | {"applications": value})
    assert refused(answer) == {("INCORRECT_FIELD_TYPE", "model/applications")}
    assert sent(synced) == []


@pytest.mark.contract("5.3.2")
def test_a_file_that_fails_after_the_candidate_was_made(synced: Synced, account: Account, style: str) -> None:
    job, _ = job_with_stage(account)
    path = {"v1": "/v1/candidates/*/attachments", "v3": "/v3/attachments"}[style]
    refusal = {"message": "Too large"}
    synced.world.sandbox.controls.fail(path, method="POST", status=422, body=refusal)
    files = [{"file_url": FILE_URL, "file_name": name} for name in ("a.pdf", "b.pdf")]
    answer = post(account, "/candidates", PERSON | {"applications": [{"job": job}], "attachments": files})
    new = made(answer, warnings=True)
    (warning,) = answer.json()["warnings"]
    assert warning["source"] == {"pointer": "model/attachments/0"}
    assert (warning["title"], warning["raw_error"]) == ("Partly Written", "Too large")
    assert "do not send it again" in warning["detail"]
    assert account.one("/attachments", candidate_id=new["id"])["file_name"] == "b.pdf"


@pytest.mark.contract("5.3.2", "4.3")
def test_a_file_whose_outcome_is_unknown(synced: Synced, account: Account, style: str) -> None:
    job, _ = job_with_stage(account)
    path = {"v1": "/v1/candidates/*/attachments", "v3": "/v3/attachments"}[style]
    synced.world.sandbox.controls.fail(path, method="POST", status=502, execute=True)
    file = {"file_url": FILE_URL, "file_name": "a.pdf"}
    answer = post(account, "/candidates", PERSON | {"applications": [{"job": job}], "attachments": [file]})
    made(answer, warnings=True)
    (warning,) = answer.json()["warnings"]
    assert (warning["title"], warning["source"]["pointer"]) == ("Outcome Unknown", "model/attachments/0")
    assert len([r for r in sent(synced) if r.path.endswith("attachments")]) == 1


# Applications


@pytest.mark.contract("5.1.2")
def test_an_application_of_a_known_candidate(synced: Synced, account: Account) -> None:
    job, stage = job_with_stage(account)
    candidate = account.list("/candidates")[0]
    new = made(
        post(account, "/applications", {"candidate": candidate["id"], "job": job, "current_stage": stage})
    )
    assert (new["candidate"], new["job"], new["current_stage"]) == (candidate["id"], job, stage)
    assert new["id"] in account.get(f"/candidates/{candidate['id']}").json()["applications"]
    assert account.get(f"/applications/{new['id']}").json() == new


@pytest.mark.contract("5.1.3")
def test_an_application_of_a_new_candidate(synced: Synced, account: Account, style: str) -> None:
    """One request makes both: nothing is left half done."""
    job, _ = job_with_stage(account)
    candidate = PERSON | {
        "email_addresses": [{"value": "amara@nordlicht.example", "email_address_type": "PERSONAL"}],
        "phone_numbers": [{"value": "1", "phone_number_type": "WORK"}],
        "urls": [{"value": "https://amara.example", "url_type": "SOCIAL_MEDIA"}],
        "tags": ["Swedish"],
        "attachments": [{"file_url": FILE_URL, "attachment_type": "COVER_LETTER"}],
    }
    new = made(post(account, "/applications", {"candidate": candidate, "job": job, "source": None}))
    assert new["job"] == job
    person = account.get(f"/candidates/{new['candidate']}").json()
    assert (person["first_name"], person["tags"]) == (PERSON["first_name"], ["Swedish"])
    assert person["applications"] == [new["id"]]
    file = account.one("/attachments", candidate_id=person["id"])
    assert (file["file_name"], file["attachment_type"]) == ("amara.pdf", "COVER_LETTER")
    paths = [r.path for r in sent(synced)]
    assert paths[0] == f"/{style}/candidates"
    assert len(paths) == 2


@pytest.mark.contract("5.1.3", "5.3.4")
def test_the_candidate_of_an_application_by_its_place(synced: Synced, account: Account) -> None:
    job, _ = job_with_stage(account)
    candidate = {"first_name": "", "mood": "good", "last_interaction_at": "2026-01-01T00:00:00Z"}
    answer = post(account, "/applications", {"candidate": candidate | {"title": ["x"]}, "job": job})
    assert refused(answer) == {
        ("MISSING_REQUIRED_FIELD", "model/candidate/first_name"),
        ("MISSING_REQUIRED_FIELD", "model/candidate/last_name"),
        ("INCORRECT_FIELD_TYPE", "model/candidate/title"),
    }
    nested = candidate | PERSON | {"applications": [{"job": job}]}
    answer = post(account, "/applications", {"candidate": nested, "job": job, "source": "No Such Source"})
    assert found(answer.json()["warnings"]) == {
        ("UNRECOGNIZED_FIELD", "model/candidate/mood"),
        ("UNSUPPORTED_FIELD", "model/candidate/last_interaction_at"),
        ("UNSUPPORTED_FIELD", "model/candidate/applications"),
        ("INVALID_FIELD_CHOICE", "model/source"),
    }
    made(answer, warnings=True)


@pytest.mark.contract("5.3.2")
def test_an_application_that_fails_after_its_candidate_was_made(synced: Synced) -> None:
    """V3 may answer without an application: what is there is named, and nobody is told to repeat it."""
    account = synced.v3
    job, _ = job_with_stage(account)
    before = len(synced.world.sandbox.tables["candidates"])
    known = account.list("/candidates")[0]["remote_id"]
    synced.world.sandbox.controls.fail(
        "/v3/candidates",
        method="POST",
        status=201,
        body={"candidate": {"id": int(known)}, "application": None},
    )
    answer = post(account, "/applications", {"candidate": PERSON, "job": job})
    assert answer.status_code == 201
    envelope = answer.json()
    assert (envelope["model"], envelope["warnings"]) == (None, [])
    (error,) = envelope["errors"]
    assert (error["title"], error["source"]) == ("Partly Written", {"pointer": "model"})
    assert account.one("/candidates", remote_id=known)["id"] in error["detail"]
    assert "Do not send the same again" in error["detail"]
    assert len(synced.world.sandbox.tables["candidates"]) == before


@pytest.mark.contract("5.1.1", "5.1.2")
def test_a_change_of_stage(synced: Synced, account: Account) -> None:
    known = active_application(synced, account)
    stages = account.list("/job-interview-stages", job_id=known["job"])
    target = next(s["id"] for s in stages if s["id"] != known["current_stage"])
    url, acts = f"/applications/{known['id']}/change-stage", {"remote_user_id": user(account)}
    answer = account.http.post(url, json={"job_interview_stage": target} | acts)
    assert answer.status_code == 200, answer.text
    moved = answer.json()["model"]
    assert (moved["id"], moved["current_stage"]) == (known["id"], target)
    assert account.get(f"/applications/{known['id']}").json() == moved

    same = account.http.post(url, json={"job_interview_stage": target} | acts)
    assert refused(same) == {("INVALID_FIELD_CHOICE", "job_interview_stage")}
    assert len(sent(synced)) == 1
    foreign = synced.other.list("/job-interview-stages")[0]["id"]
    unknown = account.http.post(url, json={"job_interview_stage": foreign} | acts)
    assert refused(unknown) == {("INVALID_FIELD_CHOICE", "job_interview_stage")}
    nothing = account.http.post(url, json=acts)
    assert refused(nothing) == {("MISSING_REQUIRED_FIELD", "job_interview_stage")}
    gone = f"/applications/{synced.other.list('/applications')[0]['id']}/change-stage"
    assert account.http.post(gone, json={"job_interview_stage": target} | acts).status_code == 404
    assert len(sent(synced)) == 1


@pytest.mark.contract("5.1.2")
def test_a_move_back_that_only_the_vendor_knows_to_be_one(synced: Synced, account: Account) -> None:
    """What is stored may be old: the application has left the stage it is to be moved to."""
    known = active_application(synced, account)
    row = synced.world.sandbox.tables["applications"].rows[int(known["remote_id"])]
    stages = account.list("/job-interview-stages", job_id=known["job"])
    away = next(int(s["remote_id"]) for s in stages if s["id"] != known["current_stage"])
    synced.world.sandbox.change("applications", row["id"], job_interview_stage_id=away)
    body = {"job_interview_stage": known["current_stage"], "remote_user_id": user(account)}
    answer = account.http.post(f"/applications/{known['id']}/change-stage", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["model"]["current_stage"] == known["current_stage"]
    assert sent(synced)[-1].body["from_stage_id"] == away


@pytest.mark.contract("14.3", "POST /applications/{id}/reject")
def test_a_rejection(synced: Synced, account: Account, style: str) -> None:
    known = active_application(synced, account)
    reasons = account.list("/reject-reasons")
    url, acts = f"/applications/{known['id']}/reject", {"remote_user_id": user(account)}
    if style == "v3":
        assert refused(account.http.post(url, json=acts)) == {("MISSING_REQUIRED_FIELD", "reject_reason")}
    answer = account.http.post(url, json={"reject_reason": reasons[0]["id"]} | acts)
    assert answer.status_code == 200, answer.text
    rejected = answer.json()["model"]
    assert rejected["reject_reason"] == reasons[0]["id"]
    assert rejected["rejected_at"]
    other = account.http.post(url, json={"reject_reason": reasons[1]["id"]} | acts)
    assert other.json()["model"]["reject_reason"] == reasons[1]["id"]
    wrong = account.http.post(url, json={"reject_reason": known["id"]} | acts)
    assert refused(wrong) == {("INVALID_FIELD_CHOICE", "reject_reason")}


# Activities


@pytest.mark.contract("14.3")
def test_a_note(synced: Synced, account: Account, style: str) -> None:
    candidate = account.list("/candidates")[0]["id"]
    given = {"candidate": candidate, "activity_type": "NOTE", "body": "Called.", "visibility": "PRIVATE"}
    answer = post(account, "/activities", given | {"subject": "Call"})
    new = made(answer, warnings=style == "v1")
    assert (new["candidate"], new["body"], new["visibility"]) == (candidate, "Called.", "PRIVATE")
    assert new["activity_type"] == "NOTE"
    assert new["user"] == user(account)
    assert account.get(f"/activities/{new['id']}").json() == new
    other = post(account, "/activities", given | {"activity_type": "OTHER"})
    assert refused(other) == {("INVALID_FIELD_CHOICE", "model/activity_type")}


@pytest.mark.contract("14.3")
def test_a_logged_email(synced: Synced, account: Account) -> None:
    candidate = next(c for c in account.list("/candidates") if c["email_addresses"])
    given = {"candidate": candidate["id"], "activity_type": "EMAIL", "subject": "Hello", "body": "Hi"}
    new = made(post(account, "/activities", given))
    assert (new["activity_type"], new["subject"]) == ("EMAIL", "Hello")
    assert refused(post(account, "/activities", given | {"subject": None}))


# Who acts, and what kind of body


@pytest.mark.contract("5.1.1", "5.3.3")
def test_nobody_acts(synced: Synced) -> None:
    body = {"model": PERSON}
    answer = synced.v1.http.post("/candidates", json=body)
    assert refused(answer) == {("MISSING_REQUIRED_FIELD", "remote_user_id")}
    candidate = synced.v1.list("/candidates")[0]["id"]
    note = {"candidate": candidate, "body": "x", "user": user(synced.v1)}
    assert made(synced.v1.http.post("/activities", json={"model": note}))["user"] == note["user"]
    assert made(synced.v3.http.post("/candidates", json=body))


@pytest.mark.contract("5.1.1")
def test_a_user_by_either_id(synced: Synced, account: Account) -> None:
    for given in (str(RECRUITER), user(account, RECRUITER)):
        answer = account.http.post("/candidates", json={"model": PERSON, "remote_user_id": given})
        assert made(answer)
        assert str(RECRUITER) in sent(synced)[-1].caller


@pytest.mark.contract("5.3.3")
@pytest.mark.parametrize("given", ["ü", "a\nb", "\0", "x" * 201])
def test_a_user_that_is_none(synced: Synced, account: Account, given: str) -> None:
    answer = account.http.post("/candidates", json={"model": PERSON, "remote_user_id": given})
    assert refused(answer) == {("INVALID_FIELD_CHOICE", "remote_user_id")}
    assert sent(synced) == []


@pytest.mark.contract("5.3.3")
def test_values_of_another_type_that_are_understood(synced: Synced, account: Account) -> None:
    given = PERSON | {"company": 3, "can_email": "true", "tags": "Swedish"}
    answer = post(account, "/candidates", given)
    assert found(answer.json()["warnings"]) == {
        ("INCORRECT_FIELD_TYPE", "model/company"),
        ("INCORRECT_FIELD_TYPE", "model/can_email"),
        ("INCORRECT_FIELD_TYPE", "model/tags"),
    }
    new = made(answer, warnings=True)
    assert (new["company"], new["can_email"], new["tags"]) == ("3", True, ["Swedish"])


@pytest.mark.contract("5.1.4", "5.3.4")
def test_inputs_beside_the_fields(synced: Synced, account: Account) -> None:
    beside = {
        "integration_params": {"colour": "red"},
        "linked_account_params": {"x": 1},
        "remote_template_id": "7",
    }
    answer = post(account, "/candidates", PERSON | beside)
    assert found(answer.json()["warnings"]) == {
        ("UNSUPPORTED_FIELD", "model/integration_params/colour"),
        ("UNSUPPORTED_FIELD", "model/linked_account_params"),
        ("UNSUPPORTED_FIELD", "model/remote_template_id"),
    }


@pytest.mark.contract("4.2")
@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_that_does_not_say_it_is_json(account: Account, kind: str | None) -> None:
    headers = {"Content-Type": kind} if kind else {}
    answer = account.http.post("/candidates", content=b'{"model": {}}', headers=headers)
    assert answer.status_code == 400
    assert "Content-Type: application/json" in answer.json()["non_field_errors"][0]


@pytest.mark.contract("5.3.3")
def test_a_duplicate(synced: Synced, account: Account) -> None:
    known = next(i for i in account.list("/interviews") if i["external_event_id"] and i["application"])
    application = active_application(synced, account)
    given = {
        "application": application["id"],
        "interviewers": known["interviewers"] or [user(account)],
        "start_at": "2031-03-04T10:00:00Z",
        "end_at": "2031-03-04T11:00:00Z",
        "external_event_id": known["external_event_id"],
    }
    assert ("DUPLICATE_MODEL_EXISTS", None) in refused(post(account, "/interviews", given))


@pytest.mark.contract("4.1", "4.3")
def test_an_answer_that_cannot_be_understood_is_not_to_be_repeated(
    synced: Synced, account: Account, style: str
) -> None:
    """The vendor has acted, so this is no 500: the SDK would write again."""
    controls = synced.world.sandbox.controls
    for body in ([1], {"id": None}, None):
        controls.fail(f"/{style}/candidates", method="POST", status=201, body=body)
        answer = post(account, "/candidates", PERSON)
        assert refused(answer) == {("PROVIDER_ERROR", None)}
        assert answer.json()["errors"][0]["title"] == "Outcome Unknown"
