"""Writes: what they take, what they refuse, what they leave behind."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sandbox_calls import NOW
from sandbox_shapes import differences

from sandboxes.instants import timestamp

UNKNOWN = "00000000-0000-4000-8000-000000000000"
FIXTURES = Path(__file__).parent / "fixtures" / "ashby"


def sample(name):
    return json.loads((FIXTURES / f"{name}.json").read_text())["sample"]["results"]


def at(hours):
    return timestamp(NOW + timedelta(days=3, hours=hours))


def event(*emails, hours=1, **more):
    panel = [{"email": email} for email in emails or ("kenta.yamamoto@fairhaven.example",)]
    return {"startTime": at(0), "endTime": at(hours), "interviewers": panel, **more}


@pytest.fixture
def application(rpc):
    return rpc.row("applications", status="Active")


@pytest.fixture
def schedule(rpc, application):
    """A schedule of two events made by this key."""
    return rpc.results(
        "interviewSchedule.create", applicationId=application["id"], interviewEvents=[event(), event()]
    )


def update(rpc, schedule, **arguments):
    return rpc.results("interviewSchedule.update", interviewScheduleId=schedule["id"], **arguments)


def refused(rpc, schedule, **arguments):
    return rpc.refusal("interviewSchedule.update", interviewScheduleId=schedule["id"], **arguments)


# Interviews


def test_a_schedule_is_created_in_the_current_stage_by_nobody(rpc, application):
    both = event("kenta.yamamoto@fairhaven.example", "saoirse.delaney@fairhaven.example")
    both["interviewers"][1]["feedbackRequired"] = False
    made = rpc.results("interviewSchedule.create", applicationId=application["id"], interviewEvents=[both])
    assert made["interviewStageId"] == application["interviewStageId"]
    assert (made["status"], "scheduledBy" in made) == ("Scheduled", False)
    (shown,) = made["interviewEvents"]
    assert [each["firstName"] for each in shown["interviewers"]] == ["健太", "Saoirse"]
    assert [each["isFeedbackRequired"] for each in shown["interviewers"]] == [True, False]
    assert (shown["startTime"], shown["endTime"]) == (at(0), at(1))
    assert shown["interview"]["title"] == "Interview", "the default one"
    assert not {"location", "meetingLink", "interviewerCalendarEventId"} & set(shown)
    found = rpc.results("interviewSchedule.list", applicationId=application["id"])
    assert made["id"] in [each["id"] for each in found]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"endTime": at(-1)}, "invalid_input"),
        ({"endTime": at(0)}, "invalid_input"),
        ({"startTime": "2026-11-24T10:00:00+01:00"}, "invalid_input"),
        ({"startTime": "2026-11-24"}, "invalid_input"),
        ({"location": "Fjord"}, "invalid_input"),
        ({"interviewEventId": UNKNOWN}, "invalid_input"),
        ({"interviewers": [{"userId": UNKNOWN}]}, "invalid_input"),
        ({"interviewers": [{"email": "nobody@fairhaven.example"}]}, "user_not_found"),
        ({"interviewers": [{"email": "miles.underhill@fairhaven.example"}]}, "user_not_found"),
        ({"interviewId": UNKNOWN}, "interview_not_found"),
    ],
)
def test_an_event_that_breaks_a_rule_creates_nothing(rpc, application, changes, code):
    before = len(rpc.rows("interviewSchedules"))
    broken = [event(), event() | changes]
    assert rpc.refusal(
        "interviewSchedule.create", applicationId=application["id"], interviewEvents=broken
    ) == (code)
    assert len(rpc.rows("interviewSchedules")) == before


def test_a_schedule_needs_an_application_and_an_event(rpc, application):
    create = "interviewSchedule.create"
    assert rpc.refusal(create, applicationId=UNKNOWN, interviewEvents=[event()]) == "application_not_found"
    assert rpc.refusal(create, applicationId=application["id"], interviewEvents=[]) == "invalid_input"


def test_an_update_keeps_the_event_and_replaces_it_whole(rpc, schedule):
    first, second = schedule["interviewEvents"]
    phone = rpc.row("interviews", title="Technical Phone Interview")["id"]
    changed = event("saoirse.delaney@fairhaven.example", hours=2, interviewEventId=first["id"])
    shown = update(rpc, schedule, interviewEvent=changed | {"interviewId": phone})
    found = {each["id"]: each for each in shown["interviewEvents"]}
    assert set(found) == {first["id"], second["id"]}
    assert (found[first["id"]]["endTime"], found[first["id"]]["interviewId"]) == (at(2), phone)
    assert [each["firstName"] for each in found[first["id"]]["interviewers"]] == ["Saoirse"]
    assert found[second["id"]] == second
    shown = update(rpc, schedule, interviewEvent=changed)
    assert found[first["id"]]["interviewId"] not in [each["interviewId"] for each in shown["interviewEvents"]]


@pytest.mark.parametrize("missing", ["startTime", "endTime", "interviewers"])
def test_an_update_takes_the_event_whole_only(rpc, schedule, missing):
    part = event(interviewEventId=schedule["interviewEvents"][0]["id"])
    del part[missing]
    assert refused(rpc, schedule, interviewEvent=part) == "invalid_input"


def test_an_event_without_an_id_is_added(rpc, schedule):
    assert len(update(rpc, schedule, interviewEvent=event())["interviewEvents"]) == 3


def test_only_schedules_of_this_key_are_updated(rpc):
    foreign = next(
        row["interviewScheduleId"]
        for row in rpc.rows("interviewEvents")
        if not rpc.state.get("interviewSchedules", row["interviewScheduleId"])["madeByKey"]
    )
    key = rpc.row("interviewEvents", interviewScheduleId=foreign)["id"]
    for arguments in ({"interviewEvent": event(interviewEventId=key)}, {"interviewEventIdToCancel": key}):
        assert refused(rpc, {"id": foreign}, **arguments) == "interview_schedule_not_found"
    assert refused(rpc, {"id": UNKNOWN}, interviewEvent=event()) == "interview_schedule_not_found"


def test_an_update_names_an_event_of_its_schedule(rpc, schedule):
    other = rpc.rows("interviewEvents")[0]["id"]
    assert refused(rpc, schedule, interviewEvent=event(interviewEventId=other)) == "interview_event_not_found"
    assert refused(rpc, schedule, interviewEventIdToCancel=other) == "interview_event_not_found"
    assert refused(rpc, schedule) == "invalid_input"


def test_one_of_several_events_is_cancelled_and_gone(rpc, schedule):
    first, second = schedule["interviewEvents"]
    shown = update(rpc, schedule, interviewEventIdToCancel=first["id"])
    assert [each["id"] for each in shown["interviewEvents"]] == [second["id"]]
    assert shown["status"] == "Scheduled"


def feedback(rpc, schedule):
    key = schedule["interviewEvents"][0]["id"]
    user = rpc.row("users")["id"]
    rpc.state.add(
        "applicationFeedback",
        applicationId=schedule["applicationId"],
        interviewEventId=key,
        submittedById=user,
    )
    return key


def test_feedback_is_deleted_only_when_it_is_asked_for(rpc, schedule):
    key = feedback(rpc, schedule)
    assert refused(rpc, schedule, interviewEventIdToCancel=key) == "interview_event_has_feedback"
    assert refused(rpc, schedule, interviewEventIdToCancel=key, allowFeedbackDeletion=False) == (
        "interview_event_has_feedback"
    )
    assert rpc.refusal("interviewSchedule.cancel", id=schedule["id"]) == "interview_event_has_feedback"
    shown = update(rpc, schedule, interviewEventIdToCancel=[key], allowFeedbackDeletion=True)
    assert len(shown["interviewEvents"]) == 1
    assert rpc.rows("applicationFeedback", interviewEventId=key) == []


def test_feedback_shows_on_its_event(rpc, schedule):
    key = feedback(rpc, schedule)
    shown = rpc.results("interviewEvent.list", interviewScheduleId=schedule["id"])
    assert {each["id"]: each["hasSubmittedFeedback"] for each in shown}[key] is True
    assert [each["hasSubmittedFeedback"] for each in shown].count(True) == 1


def test_a_cancelled_schedule_stays_with_its_events(rpc, schedule):
    shown = rpc.results("interviewSchedule.cancel", id=schedule["id"], allowReschedule=False)
    assert (shown["status"], len(shown["interviewEvents"])) == ("Cancelled", 2)
    assert rpc.refusal("interviewSchedule.cancel", id=UNKNOWN) == "interview_schedule_not_found"


# Applications


def stage(rpc, application, kind):
    plan = rpc.state.get("interviewStages", application["interviewStageId"])["interviewPlanId"]
    return rpc.row("interviewStages", interviewPlanId=plan, type=kind)["id"]


@pytest.fixture
def person(rpc):
    return rpc.results("candidate.create", name="Ada Example", email="ada@example.com")


def test_an_application_is_answered_in_short(rpc, person):
    job = rpc.row("jobs", status="Open")
    source = rpc.row("sources")["id"]
    made = rpc.results("application.create", candidateId=person["id"], jobId=job["id"], sourceId=source)
    assert differences(sample("application_create"), [made]) == []
    assert set(made["job"]) == {"id", "title"}
    assert (set(made["currentInterviewStage"]), set(made["candidate"])) == ({"id"}, {"id", "name"})
    assert (made["source"], made["status"]) == (None, "Lead")
    whole = rpc.results("application.info", applicationId=made["id"])
    assert (whole["source"]["id"], whole["currentInterviewStage"]["type"]) == (source, "Lead")
    assert whole["candidate"]["primaryEmailAddress"]["value"] == "ada@example.com"
    assert rpc.results("candidate.info", id=person["id"])["applicationIds"] == [made["id"]]


def test_an_application_may_begin_in_another_stage(rpc, person):
    job = rpc.row("jobs", status="Open")
    ids = {"candidateId": person["id"], "jobId": job["id"]}
    screen = rpc.results("application.create", **ids, interviewStageId="FirstPreInterviewScreen")
    shown = rpc.results("application.info", applicationId=screen["id"])
    assert (shown["currentInterviewStage"]["type"], shown["status"]) == ("PreInterviewScreen", "Active")
    onsite = rpc.row("interviewStages", interviewPlanId=job["defaultInterviewPlanId"], title="Onsite")["id"]
    made = rpc.results("application.create", **ids, interviewStageId=onsite, createdAt="2026-01-02T03:04:05Z")
    assert made["currentInterviewStage"]["id"] == onsite
    assert made["createdAt"] == made["applicationHistory"][0]["enteredStageAt"] == "2026-01-02T03:04:05.000Z"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"candidateId": UNKNOWN}, "candidate_not_found"),
        ({"jobId": UNKNOWN}, "job_not_found"),
        ({"interviewPlanId": UNKNOWN}, "interview_plan_not_found"),
        ({"interviewStageId": UNKNOWN}, "interview_stage_not_found"),
        ({"interviewStageId": "FirstStage"}, "invalid_input"),
        ({"sourceId": UNKNOWN}, "source_not_found"),
        ({"creditedToUserId": UNKNOWN}, "user_not_found"),
        ({"status": "Active"}, "invalid_input"),
    ],
)
def test_an_application_refers_to_what_there_is(rpc, person, changes, code):
    job = rpc.row("jobs", status="Open")["id"]
    assert rpc.refusal("application.create", **{"candidateId": person["id"], "jobId": job} | changes) == code


def test_a_job_without_a_plan_takes_no_application(rpc, person):
    draft = rpc.row("jobs", status="Draft")["id"]
    refusal = rpc.refusal("application.create", candidateId=person["id"], jobId=draft)
    assert refusal == "interview_plan_not_found"


def test_a_stage_change_stays_in_the_plan(rpc, application):
    offer = stage(rpc, application, "Offer")
    moved = rpc.results("application.changeStage", applicationId=application["id"], interviewStageId=offer)
    expected = sample("application_changeStage")
    expected["currentInterviewStage"]["interviewStageGroupId"] = None
    optional = frozenset({"primaryEmailAddress", "primaryPhoneNumber", "brandId"})
    lines = differences(expected, [moved], optional=optional)
    assert [line for line in lines if "brandId" not in line and "appliedVia" not in line] == []
    assert moved["currentInterviewStage"]["id"] == offer
    entries = rpc.results("application.info", applicationId=application["id"])["applicationHistory"]
    assert ["leftStageAt" in entry for entry in entries] == [True] * (len(entries) - 1) + [False]
    plan = moved["currentInterviewStage"]["interviewPlanId"]
    foreign = next(row["id"] for row in rpc.rows("interviewStages") if row["interviewPlanId"] != plan)
    assert rpc.refusal(
        "application.changeStage", applicationId=application["id"], interviewStageId=foreign
    ) == ("interview_stage_not_found")


def test_archiving_takes_a_reason_and_nothing_else_does(rpc, application):
    change, key = "application.changeStage", application["id"]
    archived, offer = stage(rpc, application, "Archived"), stage(rpc, application, "Offer")
    reason = rpc.row("archiveReasons")["id"]
    assert rpc.refusal(change, applicationId=key, interviewStageId=archived) == "invalid_input"
    for bad, stage_id in ((reason, offer), (UNKNOWN, archived)):
        code = rpc.refusal(change, applicationId=key, interviewStageId=stage_id, archiveReasonId=bad)
        assert code == ("archive_reason_not_found" if bad == UNKNOWN else "invalid_input")
    done = rpc.results(change, applicationId=key, interviewStageId=archived, archiveReasonId=reason)
    assert (done["status"], done["archiveReason"]["id"]) == ("Archived", reason)
    assert done["archivedAt"]
    back = rpc.results(change, applicationId=key, interviewStageId=offer)
    assert (back["status"], back["archiveReason"], "archivedAt" in back) == ("Active", None, False)


def test_an_archive_email_names_a_template(rpc, application):
    arguments = {
        "applicationId": application["id"],
        "interviewStageId": stage(rpc, application, "Archived"),
        "archiveReasonId": rpc.row("archiveReasons")["id"],
    }
    unknown = {"communicationTemplateId": UNKNOWN}
    assert rpc.refusal("application.changeStage", **arguments, archiveEmail=unknown) == (
        "communication_template_not_found"
    )
    known = {"communicationTemplateId": rpc.row("communicationTemplates")["id"]}
    assert rpc.results("application.changeStage", **arguments, archiveEmail=known)["status"] == "Archived"


def test_source_and_credit_are_changed(rpc, application):
    source, user = rpc.rows("sources")[2]["id"], rpc.rows("users")[3]["id"]
    key = application["id"]
    shown = rpc.results("application.changeSource", applicationId=key, sourceId=source)
    assert shown["source"]["title"] == "Referral"
    shown = rpc.results("application.update", applicationId=key, creditedToUserId=user)
    assert (shown["creditedToUser"]["id"], shown["source"]["id"]) == (user, source)
    assert rpc.refusal("application.changeSource", applicationId=key, sourceId=UNKNOWN) == "source_not_found"
    assert rpc.answer("application.change_source", {}).status_code == 404


def test_deleting_needs_its_own_permission(rpc, application):
    rpc.control("permissions", {"denied": ["candidatesDelete"]})
    assert rpc.answer("application.delete", {"applicationId": application["id"]}).status_code == 403
    rpc.control("permissions", {})
    rpc.results("application.delete", applicationId=application["id"])
    assert rpc.refusal("application.info", applicationId=application["id"]) == "application_not_found"
    person = rpc.results("candidate.info", id=application["candidateId"])
    assert application["id"] not in person["applicationIds"]


# Candidates


def test_a_candidate_with_a_name_only(rpc):
    made = rpc.results("candidate.create", name="Ada")
    assert differences(sample("candidate_create"), [made]) == []
    assert set(made) == set(sample("candidate_create"))


def test_a_candidate_with_everything(rpc):
    made = rpc.results(
        "candidate.create",
        name="Ada Example",
        email="ada@example.com",
        alternateEmailAddresses=["ada@work.example"],
        phoneNumber="+15550100",
        linkedInUrl="https://linkedin.com/in/ada",
        githubUrl="https://github.com/ada",
        website="https://ada.example",
        sourceId=rpc.row("sources")["id"],
        creditedToUserId=rpc.row("users")["id"],
        location={"city": "London", "country": "United Kingdom"},
        createdAt="2026-01-02T03:04:05Z",
    )
    assert [(each["value"], each["isPrimary"]) for each in made["emailAddresses"]] == [
        ("ada@example.com", True),
        ("ada@work.example", False),
    ]
    assert made["primaryPhoneNumber"]["value"] == "+15550100"
    assert [each["type"] for each in made["socialLinks"]] == ["LinkedIn", "GitHub", "Website"]
    assert made["location"]["locationSummary"] == "London, United Kingdom"
    assert made["createdAt"] == "2026-01-02T03:04:05.000Z"
    again = rpc.results("candidate.create", name="Ada Example", email="ada@example.com")
    assert again["id"] != made["id"], "nobody looks for duplicates"


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"email": "ada"},
        {"website": "ada.example"},
        {"linkedInUrl": "https://linked in.com/ada"},
        {"websiteUrl": "https://ada.example"},
        {"company": "Example"},
        {"tags": ["a"]},
        {"phoneNumber": None},
        {"location": "London"},
    ],
)
def test_a_candidate_takes_what_is_documented(rpc, changes):
    assert rpc.refusal("candidate.create", **{"name": "Ada"} | changes) == "invalid_input"


def test_an_update_changes_only_what_is_given(rpc):
    before = rpc.results("candidate.list")[0]
    key = before["id"]
    after = rpc.results("candidate.update", candidateId=key, phoneNumber="+15550199")
    assert after["primaryPhoneNumber"]["value"] == "+15550199"
    moved = {"phoneNumbers", "primaryPhoneNumber", "updatedAt", "resumeFileHandle", "fileHandles"}
    assert {name for name in before if before[name] != after[name]} == moved
    after = rpc.results("candidate.update", candidateId=key, websiteUrl="https://new.example")
    kinds = [link["type"] for link in after["socialLinks"]]
    assert kinds.count("Website") == 1
    assert "LinkedIn" in kinds
    after = rpc.results("candidate.update", candidateId=key, email="new@example.com")
    assert after["primaryEmailAddress"]["value"] == "new@example.com"
    after = rpc.results("candidate.update", candidateId=key, alternateEmail="more@example.com")
    assert {"new@example.com", "more@example.com"} <= {each["value"] for each in after["emailAddresses"]}
    links = [{"type": "GitHub", "url": "https://github.com/x"}]
    assert rpc.results("candidate.update", candidateId=key, socialLinks=links)["socialLinks"] == links
    assert rpc.refusal("candidate.update", candidateId=key, website="https://x.example") == "invalid_input"
    assert rpc.refusal("candidate.update", candidateId=UNKNOWN, name="X") == "candidate_not_found"


def test_tags_are_made_first_and_put_on_once(rpc, person):
    tag = rpc.results("candidateTag.create", title="Neu")
    for _ in range(2):
        shown = rpc.results("candidate.addTag", candidateId=person["id"], tagId=tag["id"])
    assert shown["tags"] == [tag]
    assert rpc.refusal("candidate.addTag", candidateId=person["id"], tagId=UNKNOWN) == (
        "candidate_tag_not_found"
    )
    assert rpc.results("candidate.removeTag", candidateId=person["id"], tagId=tag["id"])["tags"] == []


def test_notes_are_written_by_the_user_of_the_key(rpc, person):
    plain = rpc.results("candidate.createNote", candidateId=person["id"], note="Hallo")
    assert differences(sample("candidate_createNote"), [plain]) == []
    assert set(plain) == set(sample("candidate_createNote"))
    assert plain["author"]["id"] == rpc.state.key_user_id
    note = {"type": "text/html", "value": "<p>Hallo</p>"}
    html = rpc.results("candidate.createNote", candidateId=person["id"], note=note, isPrivate=True)
    assert (html["isPrivate"], html["content"]) == (True, "<p>Hallo</p>")
    assert len(rpc.results("candidate.listNotes", candidateId=person["id"])) == 2
    bad = {"type": "text/markdown", "value": "x"}
    assert rpc.refusal("candidate.createNote", candidateId=person["id"], note=bad) == "invalid_input"


# Files

CONTENT = b"%PDF-1.4 ada"


def handle(rpc, context="CandidateResume", content=CONTENT):
    return rpc.results(
        "file.createFileUploadHandle",
        fileUploadContext=context,
        filename="cv é.pdf",
        contentType="application/pdf",
        contentLength=len(content),
    )


def store(rpc, made, content=CONTENT, fields=None, **options):
    files = {"file": ("cv.pdf", content, "application/pdf")}
    data = made["fields"] if fields is None else fields
    return rpc.send("POST", made["url"], data=data, files=files, **options)


@pytest.mark.parametrize(
    ("name", "argument", "context"),
    [
        ("candidate.uploadResume", "resumeHandle", "CandidateResume"),
        ("candidate.uploadFile", "fileHandle", "CandidateFiles"),
    ],
)
def test_a_file_goes_to_the_storage_and_then_to_the_candidate(rpc, person, name, argument, context):
    made = handle(rpc, context)
    assert rpc.refusal(name, candidateId=person["id"], **{argument: made["handle"]}) == "file_not_found"
    assert store(rpc, made).status_code == 204
    shown = rpc.results(name, candidateId=person["id"], **{argument: made["handle"]})
    kept = shown["fileHandles"][-1]
    assert kept["name"] == "cv é.pdf"
    resume = shown.get("resumeFileHandle", {}).get("id")
    assert resume == (kept["id"] if context == "CandidateResume" else None)
    answer = rpc.send("GET", rpc.results("file.info", fileHandle=kept["handle"])["url"])
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert rpc.refusal(name, candidateId=person["id"], **{argument: made["handle"]}) == "file_not_found"


def test_a_handle_is_good_for_its_context(rpc, person):
    made = handle(rpc, "CandidateFiles")
    store(rpc, made)
    assert rpc.refusal("candidate.uploadResume", candidateId=person["id"], resumeHandle=made["handle"]) == (
        "invalid_input"
    )


def test_the_storage_takes_what_was_announced_and_no_authorization(rpc):
    made = handle(rpc)
    refusals = [
        store(rpc, made, auth=("sandbox-ashby-key", "")),
        store(rpc, made, content=CONTENT + b"more"),
        store(rpc, made, fields={}),
        store(rpc, made, fields={**made["fields"], "x-amz-signature": "00"}),
        store(rpc, made, fields={**made["fields"], "Content-Type": "text/plain"}),
    ]
    assert [answer.status_code for answer in refusals] == [400, 400, 403, 403, 403]
    file_first = [("file", ("cv.pdf", CONTENT, "application/pdf"))]
    file_first += [(name, (None, value)) for name, value in made["fields"].items()]
    assert rpc.send("POST", made["url"], files=file_first).status_code == 403
    rpc.clock.pass_(minutes=10)
    assert store(rpc, made).status_code == 403


def test_files_may_come_in_the_request_itself(rpc, person):
    key = person["id"]
    for name, part in (("candidate.uploadResume", "resume"), ("candidate.uploadFile", "file")):
        answer = rpc.answer(name, json=None, data={"candidateId": key}, files={part: ("a.pdf", CONTENT)})
        shown = answer.json()["results"]
    assert [each["name"] for each in shown["fileHandles"]] == ["a.pdf", "a.pdf"]
    assert shown["resumeFileHandle"]["id"] != shown["fileHandles"][-1]["id"]
    assert rpc.refusal("candidate.uploadFile", candidateId=key) == "invalid_input"
    assert rpc.refusal("candidate.uploadFile", candidateId=key, file="text") == "invalid_input"


def test_handles_change_and_addresses_expire(rpc):
    owner = next(each for each in rpc.results("candidate.list") if each["fileHandles"])
    again = rpc.results("candidate.info", id=owner["id"])
    first, second = owner["fileHandles"][0], again["fileHandles"][0]
    assert (first["id"], first["handle"] == second["handle"]) == (second["id"], False)
    url = rpc.results("file.info", fileHandle=first["handle"])["url"]
    assert rpc.send("GET", url).content.startswith(b"%PDF")
    assert rpc.send("GET", url, auth=("sandbox-ashby-key", "")).status_code == 400
    assert rpc.send("GET", url[:-1] + ("0" if url[-1] != "0" else "1")).status_code == 403
    rpc.clock.pass_(minutes=10)
    assert rpc.send("GET", url).status_code == 403
    for bad in ("x", "eyJ", first["id"]):
        assert rpc.refusal("file.info", fileHandle=bad) == "file_not_found"
