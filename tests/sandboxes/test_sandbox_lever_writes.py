"""What can be written to a sandbox Lever, by whom, and what it answers."""

from datetime import timedelta

import pytest
from lever_calls import Lever, refused

from sandboxes.lever import ADMIN, COORDINATOR, RECRUITER

START = 1_800_000_000_000
BLANK = {"name": "", "headline": "", "location": "", "emails": [], "phones": [], "links": []}


def interview(**fields):
    return {"subject": "Talk", "interviewers": [{"id": RECRUITER}], "date": START, "duration": 45, **fields}


def panel(**fields):
    return {"timezone": "Europe/Berlin", "interviews": [interview()], **fields}


def made(lever: Lever, **fields):
    """A panel of an active opportunity, with the path below that."""
    below = f"opportunities/{lever.active()['id']}"
    answer = lever.write("POST", f"{below}/panels", panel(**fields))
    assert answer.status_code == 201, answer.text
    return below, answer.json()["data"]


def native(lever: Lever):
    """An interview in a panel of the vendor's own, with the path below its opportunity."""
    key = lever.rows("panels", externallyManaged=False, canceledAt=None)[0]["id"]
    row = lever.rows("interviews", panel=key)[0]
    return f"opportunities/{row['opportunityId']}", row


# In whose name


def test_writes_that_need_a_user_say_so(lever):
    below, created = made(lever)
    one = f"{below}/interviews/{created['interviews'][0]['id']}"
    for method, path, body in (
        ("POST", "opportunities", {"name": "A"}),
        ("POST", f"{below}/panels", panel()),
        ("PUT", f"{below}/panels/{created['id']}", panel()),
        ("DELETE", f"{below}/panels/{created['id']}", None),
        ("POST", f"{below}/interviews", interview(panel=created["id"])),
        ("PUT", one, interview(panel=created["id"])),
        ("DELETE", one, None),
        ("POST", f"{below}/files", None),
    ):
        refused(lever.write(method, path, body, user=None), 400, "Missing required parameter: perform_as")


def test_other_writes_do_not(lever):
    key = lever.active()["id"]
    below = f"opportunities/{key}"
    assert lever.write("PUT", f"{below}/stage", {"stage": "offer"}, user=None).status_code == 200
    assert lever.write("POST", f"{below}/addTags", {"tags": ["x"]}, user=None).status_code == 200
    note = lever.write("POST", f"{below}/notes", {"value": "Hi"}, user=None)
    assert (note.status_code, note.json()["data"]["user"]) == (201, None)
    assert lever.rows("opportunities", id=key)[0]["stageChanges"][-1]["userId"] is None


def test_the_user_is_known_and_active(lever):
    former = next(row["id"] for row in lever.rows("users") if row["deactivatedAt"])
    path = f"opportunities/{lever.active()['id']}/notes"
    refused(lever.write("POST", path, {"value": "Hi"}, user=former), 400, "deactivated")
    refused(lever.write("POST", path, {"value": "Hi"}, user="nobody"), 400, "perform_as")


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"'])
def test_a_body_is_a_json_object(lever, body):
    key = lever.active()["id"]
    answer = lever.send("PUT", f"/v1/opportunities/{key}/stage", content=body, auth=("sandbox-lever-key", ""))
    refused(answer, 400, "JSON")


# Panels and interviews


def test_a_panel_is_made_where_the_opportunity_is(lever):
    below, created = made(lever, note="Bring a pen")
    opportunity = lever.active()
    assert (created["stage"], created["user"]) == (opportunity["stage"], ADMIN)
    assert (created["externallyManaged"], created["note"]) == (True, "Bring a pen")
    assert (created["start"], created["end"]) == (START, START + 45 * 60_000)
    (inside,) = created["interviews"]
    assert inside["interviewers"][0]["responseStatus"] == "needsAction"
    applications = [row["id"] for row in lever.rows("applications", opportunityId=opportunity["id"])]
    assert created["applications"] == applications
    view = lever.data(f"{below}/interviews/{inside['id']}")
    assert (view["timezone"], view["user"], view["panel"]) == ("Europe/Berlin", ADMIN, created["id"])
    assert view["postings"] == [row["posting"] for row in lever.rows("applications", id=applications[0])]


def test_a_panel_is_of_active_applications(lever):
    row = next(row for row in lever.rows("applications") if row["archived"])
    answer = lever.write("POST", f"opportunities/{row['opportunityId']}/panels", panel())
    assert answer.json()["data"]["applications"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"interviews": [interview()]},
        panel(timezone="Mars/Olympus"),
        panel(interviews=[]),
        panel(applications=[]),
        panel(applications=["x"]),
        panel(externallyManaged=False),
        panel(color="red"),
        panel(interviews=[interview(interviewers=[])]),
        panel(interviews=[interview(interviewers=[{"id": "x"}])]),
        panel(interviews=[interview(duration=0)]),
        panel(interviews=[interview(duration="45")]),
        panel(interviews=[interview(date=None)]),
        panel(interviews=[interview(date="2026-12-01")]),
        panel(interviews=[interview(location=7)]),
        panel(interviews=[interview(feedbackReminder="hourly")]),
        panel(interviews=[interview(starts=1)]),
    ],
)
def test_panels_have_rules(lever, body):
    count = len(lever.rows("panels"))
    refused(lever.write("POST", f"opportunities/{lever.active()['id']}/panels", body), 400)
    assert len(lever.rows("panels")) == count


def test_an_interview_that_is_put_loses_what_is_left_out(lever):
    entry = interview(note="n", location="Room 7", feedbackReminder="once")
    below, created = made(lever, interviews=[entry])
    path = f"{below}/interviews/{created['interviews'][0]['id']}"
    assert lever.data(path)["location"] == "Room 7"
    body = {"panel": created["id"], "interviewers": [{"id": COORDINATOR}], "date": START + 1, "duration": 30}
    answer = lever.write("PUT", path, body, user=RECRUITER)
    row = answer.json()["data"]
    assert answer.status_code == 200
    cleared = ("subject", "note", "location", "feedbackTemplate")
    assert [row[name] for name in cleared] == [None] * 4
    assert (row["feedbackReminder"], row["duration"], row["user"]) == ("daily", 30, RECRUITER)
    assert [each["id"] for each in row["interviewers"]] == [COORDINATOR]
    assert lever.data(path) == row


@pytest.mark.parametrize("missing", ["panel", "interviewers", "date", "duration"])
def test_an_interview_is_put_whole(lever, missing):
    below, created = made(lever)
    body = interview(panel=created["id"])
    del body[missing]
    path = f"{below}/interviews/{created['interviews'][0]['id']}"
    refused(lever.write("PUT", path, body), 400, f"Missing required parameter: {missing}")


def test_an_interview_stays_in_its_panel(lever):
    below, created = made(lever)
    _, other = made(lever)
    path = f"{below}/interviews/{created['interviews'][0]['id']}"
    refused(lever.write("PUT", path, interview(panel=other["id"])), 400, "panel")
    refused(lever.write("PUT", path, interview(panel="x")), 404)


def test_interviews_are_added_and_the_panel_goes_with_the_last(lever):
    below, created = made(lever)
    added = lever.write("POST", f"{below}/interviews", interview(panel=created["id"], date=START - 1))
    assert added.status_code == 201
    assert lever.data(f"{below}/panels/{created['id']}")["start"] == START - 1
    keys = [row["id"] for row in lever.rows("interviews", panel=created["id"])]
    for key in keys:
        assert lever.get(f"{below}/panels/{created['id']}").status_code == 200
        gone = lever.write("DELETE", f"{below}/interviews/{key}")
        assert (gone.status_code, gone.content) == (204, b"")
    refused(lever.get(f"{below}/panels/{created['id']}"), 404)
    refused(lever.get(f"{below}/interviews/{keys[0]}"), 404)


def test_a_panel_is_put_whole(lever):
    below, created = made(lever, interviews=[interview(subject="A"), interview(subject="B")])
    kept = created["interviews"][0]["id"]
    entries = [interview(id=kept, subject="A2"), interview(subject="C")]
    path = f"{below}/panels/{created['id']}"
    changed = lever.write("PUT", path, panel(interviews=entries, timezone="UTC")).json()["data"]
    assert {row["subject"] for row in changed["interviews"]} == {"A2", "C"}
    assert kept in {row["id"] for row in changed["interviews"]}
    assert changed["timezone"] == "UTC"
    refused(lever.write("PUT", path, panel(interviews=[interview(id="x")])), 404)
    assert lever.write("DELETE", path).status_code == 204
    assert lever.rows("interviews", panel=created["id"]) == []


def test_native_panels_are_not_written_to(lever):
    below, row = native(lever)
    before = dict(row)
    for method, path, body in (
        ("PUT", f"{below}/interviews/{row['id']}", interview(panel=row["panel"])),
        ("DELETE", f"{below}/interviews/{row['id']}", None),
        ("POST", f"{below}/interviews", interview(panel=row["panel"])),
        ("PUT", f"{below}/panels/{row['panel']}", panel()),
        ("DELETE", f"{below}/panels/{row['panel']}", None),
    ):
        refused(lever.write(method, path, body), 400, "not externally managed")
    assert lever.rows("interviews", id=row["id"]) == [before]


# Stage, archive, tags


def test_moving_answers_without_the_data_of_the_contact(lever):
    one = lever.active()
    name = lever.data(f"opportunities/{one['id']}")["name"]
    answer = lever.write("PUT", f"opportunities/{one['id']}/stage", {"stage": "offer"}, user=RECRUITER)
    row = answer.json()["data"]
    assert answer.status_code == 200
    assert {key: row[key] for key in BLANK} == BLANK
    last = row["stageChanges"][-1]
    assert (row["stage"], last["toStageId"], last["userId"]) == ("offer", "offer", RECRUITER)
    assert last["toStageIndex"] == [each["id"] for each in lever.data("stages")].index("offer")
    assert row["lastAdvancedAt"] == last["updatedAt"]
    assert lever.data(f"opportunities/{one['id']}")["name"] == name != ""


def test_stages_and_reasons_are_known(lever):
    below = f"opportunities/{lever.active()['id']}"
    refused(lever.write("PUT", f"{below}/stage", {"stage": "x"}), 404, "stages x was not found")
    refused(lever.write("PUT", f"{below}/stage", {}), 400, "Missing required parameter: stage")
    refused(lever.write("PUT", f"{below}/archived", {"reason": "x"}), 404, "archive_reasons x")
    refused(lever.write("PUT", f"{below}/archived", {}), 400, "Missing required parameter: reason")
    inactive = lever.rows("archive_reasons", status="inactive")[0]["id"]
    refused(lever.write("PUT", f"{below}/archived", {"reason": inactive}), 400, "reason")


def test_archiving_and_back(lever):
    one = lever.active()
    path = f"opportunities/{one['id']}/archived"
    reason = lever.rows("archive_reasons", text="Withdrew")[0]["id"]
    row = lever.write("PUT", path, {"reason": reason, "cleanInterviews": False}).json()["data"]
    assert (row["archived"]["reason"], row["name"]) == (reason, "")
    (application,) = lever.rows("applications", opportunityId=one["id"])
    assert application["archived"]["reason"] == reason
    assert lever.write("PUT", path, {"reason": None}).json()["data"]["archived"] is None
    assert application["archived"] is None


def test_archiving_can_remove_pending_interviews(lever):
    below, created = made(lever)
    reason = lever.rows("archive_reasons", text="Withdrew")[0]["id"]
    lever.write("PUT", f"{below}/archived", {"reason": reason})
    assert lever.rows("interviews", panel=created["id"])
    lever.write("PUT", f"{below}/archived", {"reason": reason, "cleanInterviews": True})
    assert lever.rows("interviews", panel=created["id"]) == []
    assert lever.rows("panels", id=created["id"]) == []


@pytest.mark.parametrize("name", ["tags", "sources", "links"])
def test_lists_are_added_to_and_removed_from(lever, name):
    one = lever.active()
    below = f"opportunities/{one['id']}"
    before = lever.data(below)[name]
    for _ in range(2):
        answer = lever.write("POST", f"{below}/add{name.title()}", {name: ["new", "newer"]})
        assert (answer.status_code, answer.json()["data"]["name"]) == (200, "")
    assert lever.data(below)[name] == [*before, "new", "newer"]
    lever.write("POST", f"{below}/remove{name.title()}", {name: ["new"]})
    assert lever.data(below)[name] == [*before, "newer"]
    refused(lever.write("POST", f"{below}/add{name.title()}", {}), 400, name)


@pytest.mark.parametrize(
    "change",
    [
        lambda lever, one: lever.write("PUT", f"opportunities/{one['id']}/stage", {"stage": "offer"}),
        lambda lever, one: lever.write("POST", f"opportunities/{one['id']}/notes", {"value": "Hi"}),
        lambda lever, one: lever.write("POST", f"opportunities/{one['id']}/panels", panel()),
        lambda lever, one: lever.write("PUT", f"contacts/{one['contact']}", {"name": "A"}),
    ],
)
def test_what_happens_in_an_opportunity_is_found_by_the_time_of_its_update(lever, change):
    one = lever.active()
    since = lever.state.now()
    assert change(lever, one).status_code in (200, 201)
    (row,) = lever.data(f"opportunities?updated_at_start={since}")
    assert row["id"] == one["id"]
    assert row["lastInteractionAt"] >= since


def test_feedback_and_offers_alone_leave_the_opportunity_as_it_was(lever):
    one = lever.active()
    since = lever.state.now()
    lever.state.add("offers", opportunityId=one["id"])
    lever.state.add("feedback", opportunityId=one["id"])
    assert lever.data(f"opportunities?updated_at_start={since}") == []


# Contacts, opportunities, applications


def test_a_contact_keeps_what_is_left_out(lever):
    one = lever.active()
    path = f"contacts/{one['contact']}"
    before = lever.data(path)
    body = {"name": "Ada Quill", "location": "Oslo", "emails": ["ada@example.com"]}
    answer = lever.write("PUT", path, body, user=None)
    assert (answer.status_code, answer.json()["data"]["location"]) == (200, {"name": "Oslo"})
    after = lever.data(path)
    assert (after["name"], after["emails"]) == ("Ada Quill", ["ada@example.com"])
    assert (after["phones"], after["headline"]) == (before["phones"], before["headline"])
    row = lever.data(f"opportunities/{one['id']}")
    assert (row["name"], row["location"], row["emails"]) == ("Ada Quill", "Oslo", ["ada@example.com"])
    refused(lever.write("PUT", path, {"location": {"name": "Oslo"}}), 400, "location")
    refused(lever.write("PUT", path, {"phones": ["1"]}), 400, "phones")
    refused(lever.write("PUT", path, {"emails": "a@example.com"}), 400, "emails")
    refused(lever.write("PUT", path, {"tags": []}), 400, "tags")
    refused(lever.get("contacts/x"), 404, "contacts x was not found")


def test_a_new_person(lever):
    body = {
        "name": "Ada Quill",
        "headline": "Quill Ltd",
        "location": "Oslo",
        "emails": ["ada@example.com"],
        "phones": [{"type": "mobile", "value": "1"}, {"value": "2"}],
        "links": ["https://ada.example"],
        "tags": ["Rust"],
    }
    answer = lever.write("POST", "opportunities", body, user=RECRUITER)
    created = answer.json()
    assert (answer.status_code, created["deduped"]) == (201, False)
    row = created["data"]
    assert {key: row[key] for key in body} == body
    assert (row["stage"], row["origin"], row["owner"]) == ("lead-new", "sourced", RECRUITER)
    assert row["applications"] == []
    assert lever.data(f"contacts/{row['contact']}")["name"] == "Ada Quill"


def test_a_known_address_joins_the_contact_whose_data_win(lever):
    one = lever.active()
    known = lever.rows("contacts", id=one["contact"])[0]
    body = {"name": "Somebody Else", "emails": [known["emails"][0].upper()]}
    created = lever.write("POST", "opportunities", body).json()
    assert created["deduped"] is True
    assert (created["data"]["contact"], created["data"]["name"]) == (known["id"], known["name"])
    assert created["data"]["id"] != one["id"]


def test_an_application_is_an_opportunity_for_a_posting(lever):
    one = lever.active()
    posting = lever.rows("postings", state="internal")[0]
    body = {
        "contact": one["contact"],
        "postings": [posting["id"]],
        "stage": "applicant-new",
        "tags": ["Rust"],
    }
    row = lever.write("POST", "opportunities", body).json()["data"]
    assert (row["contact"], row["stage"]) == (one["contact"], "applicant-new")
    assert row["tags"] == ["Rust", "Data Analyst", "Engineering", "Data", "Berlin", "Full-time"]
    (application,) = lever.data(f"opportunities/{row['id']}?expand=applications")["applications"]
    assert (application["posting"], application["user"]) == (posting["id"], ADMIN)
    both = [each["id"] for each in lever.rows("postings")[:2]]
    refused(lever.write("POST", "opportunities", {**body, "postings": both}), 400, "one posting")
    for field, value in (("contact", "x"), ("postings", ["x"]), ("stage", "x"), ("owner", "x")):
        refused(lever.write("POST", "opportunities", {**body, field: value}), 404, "x was not found")
    refused(lever.write("POST", "opportunities", {**body, "origin": "moon"}), 400, "origin")
    refused(lever.write("POST", "opportunities", {**body, "colour": "red"}), 400, "colour")


def test_a_resume_comes_with_a_new_opportunity(lever):
    answer = lever.send(
        "POST",
        f"/v1/opportunities?perform_as={ADMIN}",
        data={"name": "Ada Quill", "emails[]": ["ada@example.com", "quill@example.com"]},
        files={"resumeFile": ("cv.pdf", b"resume")},
        auth=("sandbox-lever-key", ""),
    )
    row = answer.json()["data"]
    assert row["emails"] == ["ada@example.com", "quill@example.com"]
    (resume,) = lever.data(f"opportunities/{row['id']}/resumes")
    assert (resume["file"]["name"], resume["file"]["ext"]) == ("cv.pdf", "pdf")
    path = f"opportunities/{row['id']}/resumes/{resume['id']}/download"
    assert lever.get(path).content == b"resume"


def form(lever, posting, **changed):
    """What the form of a posting asks for, filled in."""
    questions = [
        {"id": each["id"], "fields": [{"id": field["id"], "value": "Yes"} for field in each["fields"]]}
        for each in lever.data(f"postings/{posting['id']}/apply")["customQuestions"]
    ]
    person = [{"name": "fullName", "value": "Ada Quill"}, {"name": "email", "value": "ada@example.com"}]
    return {"personalInformation": person, "customQuestions": questions, **changed}


def test_applying_through_a_posting(lever):
    posting = lever.rows("postings", text="Backend Engineer (m/w/d)")[0]
    path = f"postings/{posting['id']}/apply"
    answer = lever.write("POST", path, form(lever, posting), user=None)
    assert (answer.status_code, answer.json()["data"].keys()) == (201, {"applicationId"})
    key = answer.json()["data"]["applicationId"]
    (row,) = lever.data("opportunities?email=ada@example.com&expand=applications")
    assert (row["name"], row["stage"], row["origin"]) == ("Ada Quill", "applicant-new", "applied")
    (application,) = row["applications"]
    assert (application["id"], application["type"], application["posting"]) == (key, "posting", posting["id"])
    assert application["customQuestions"][0]["fields"][0]["value"] == "Yes"


def test_a_form_is_filled_in_as_it_asks(lever):
    posting = lever.rows("postings", text="Backend Engineer (m/w/d)")[0]
    path = f"postings/{posting['id']}/apply"
    name = {"name": "fullName", "value": "Ada"}
    for body, word in (
        (form(lever, posting, personalInformation=[name]), "email"),
        (form(lever, posting, personalInformation=[name, {"name": "shoe", "value": "9"}]), "shoe"),
        (form(lever, posting, customQuestions=[]), "Warum wir?"),
        (form(lever, posting, customQuestions=[{"id": "x", "fields": [{"id": "y"}]}]), "customQuestions"),
    ):
        refused(lever.write("POST", path, body, user=None), 400, word)
    closed = lever.rows("postings", state="closed")[0]
    refused(lever.write("POST", f"postings/{closed['id']}/apply", form(lever, closed), user=None), 400)


# Notes and files


def test_notes_of_the_api_can_be_deleted(lever):
    one = lever.active()
    below = f"opportunities/{one['id']}/notes"
    body = {"value": "Hm <3", "secret": True, "createdAt": 5, "notifyFollowers": False}
    answer = lever.write("POST", below, body, user=RECRUITER)
    note = answer.json()["data"]
    assert (answer.status_code, note["noteId"], note["secret"]) == (201, note["id"], True)
    assert (note["user"], note["createdAt"]) == (RECRUITER, 5)
    assert note["fields"][0]["value"] == "Hm <3"
    assert note["id"] in [row["id"] for row in lever.data(below)]
    assert lever.write("DELETE", f"{below}/{note['id']}").status_code == 204
    assert note["id"] not in [row["id"] for row in lever.data(below)]
    other = lever.rows("notes", throughApi=False)[0]
    refused(
        lever.write("DELETE", f"opportunities/{other['opportunityId']}/notes/{other['id']}"),
        400,
        "through the API",
    )
    refused(lever.write("POST", below, {}), 400, "value")
    refused(lever.write("POST", below, {"value": "x", "secret": "yes"}), 400, "secret")


def upload(lever, name="file", content=b"hello"):
    return lever.send(
        "POST",
        f"/v1/opportunities/{lever.active()['id']}/files?perform_as={ADMIN}",
        files={name: ("Zeugnis Ŷ.pdf", content)},
        auth=("sandbox-lever-key", ""),
    )


def test_a_file_is_uploaded(lever):
    answer = upload(lever)
    row = answer.json()["data"]
    assert (answer.status_code, row["name"], row["ext"], row["size"]) == (201, "Zeugnis Ŷ.pdf", ".pdf", 5)
    below = f"opportunities/{lever.active()['id']}/files"
    assert row in lever.data(below)
    assert lever.get(f"{below}/{row['id']}/download").content == b"hello"
    refused(upload(lever, name="document"), 400, "Missing required parameter: file")
    refused(upload(lever, content=b"x" * (30 * 1024 * 1024 + 1)), 400, "30 MB")


def test_every_change_has_a_later_time(lever):
    one = lever.active()
    times = []
    for stage in ("offer", "lead-new", "offer"):
        row = lever.write("PUT", f"opportunities/{one['id']}/stage", {"stage": stage}).json()["data"]
        times.append(row["updatedAt"])
    assert times == sorted(set(times))
    lever.clock.pass_(hours=1)
    row = lever.write("PUT", f"opportunities/{one['id']}/stage", {"stage": "offer"}).json()["data"]
    assert row["updatedAt"] - times[-1] > timedelta(minutes=59) / timedelta(milliseconds=1)
