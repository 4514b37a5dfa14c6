"""Interviews are written, by the vendor's rules."""

import json
import re
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from workday_calls import NS, Tenant, el, ref, rows, wid
from workday_rules import FIXTURES, NEXT, move, pattern, refused

from sandboxes.workday.schema import schema
from sandboxes.workday.writes import interviews


class Event:
    """An interview event in progress, with one session, two interviewers and no feedback."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.application = tenant.state.add(
            "applications",
            candidate_id=tenant.row("candidates")["id"],
            requisition_id=tenant.rows("requisitions")[-1]["id"],
            stage_id=tenant.known("stages", "INTERVIEW"),
        )
        self.row = tenant.state.add("interview_events", application_id=self.application["id"])
        self.workers = [row["id"] for row in tenant.rows("workers")][:3]
        self.put(el("Interview_Session_Data", self.details(self.workers[:2])))
        (self.session,) = self.sessions()

    def sessions(self) -> list[dict[str, Any]]:
        return self.tenant.rows("interview_sessions", event_id=self.row["id"])

    def details(
        self, workers: list[str], *more: str, start: str = "09:00:00Z", end: str = "10:00:00Z"
    ) -> str:
        return el(
            "Interview_Session_Details_Data",
            *(ref("Interviewers_Reference", worker) for worker in workers),
            el("Interview_Start_Time", f"2026-12-01T{start}"),
            el("Interview_End_Time", f"2026-12-01T{end}"),
            *more,
        )

    def named(self, *content: str, session: str | None = None) -> str:
        """The session, or another one."""
        return el(
            "Interview_Session_Data",
            ref("Interview_Session_Reference", session or self.session["id"]),
            *content,
        )

    def data(self, *sessions: str, event: str | None = None) -> str:
        zone = ref("Timezone_Reference", "Europe/Zurich", "Time_Zone_ID")
        return el(
            "Interview_Data", event or ref("Interview_Event_Reference", self.row["id"]), *sessions, zone
        )

    def put(self, *sessions: str, event: str | None = None) -> Element:
        return self.tenant.ask("Put_Interview", self.data(*sessions, event=event))

    def refused(self, *sessions: str, event: str | None = None) -> str:
        return refused(self.tenant, "Put_Interview", self.data(*sessions, event=event))

    def addressed(self) -> tuple[str, str]:
        """By its application, and by candidate and requisition."""
        pair = el(
            "Candidate_Interview_Criteria_Data",
            ref("Candidate_Reference", self.application["candidate_id"]),
            ref("Requisition_Reference", self.application["requisition_id"]),
        )
        return ref("Job_Application_Reference", self.application["id"]), pair


@pytest.fixture
def event(tenant: Tenant) -> Event:
    return Event(tenant)


def test_the_answer_names_the_event_alone(event):
    response = event.put(el("Interview_Session_Data", event.details(event.workers)))
    assert [wid(each) for each in response] == [event.row["id"]]
    assert len(event.sessions()) == 2
    response.attrib.clear()
    schema(FIXTURES / "response_types.json").check(response, "Put_Interview_ResponseType")


def test_a_session_is_new_without_a_reference(event):
    more = (
        ref("Interview_Location_Reference", "LOCATION-ZRH", "Location_ID"),
        ref("Interview_Type_Reference", "PHONE", "Interview_Type_ID"),
        el("Comment", "Ring &amp; wait"),
    )
    for addressed in event.addressed():
        details = event.details(event.workers[2:], *more, start="11:00:00+02:00", end="11:30:00+02:00")
        event.put(el("Interview_Session_Data", details), event=addressed)
    _, second, third = event.sessions()
    assert second["details"] == third["details"]
    (made,) = third["details"]
    assert (made["start_at"], made["end_at"]) == ("2026-12-01T09:00:00.000Z", "2026-12-01T09:30:00.000Z")
    assert made["location_ids"] == [event.tenant.known("locations", "LOCATION-ZRH")]
    assert (made["interviewer_ids"], made["comment"]) == (event.workers[2:], "Ring & wait")
    assert made["type_id"] == event.tenant.known("interview_types", "PHONE")
    assert event.row["timezone_id"] == event.tenant.known("time_zones", "Europe/Zurich")


def test_a_named_session_is_replaced_whole_and_others_stay(event):
    comment = el("Comment", "keep me?")
    event.put(event.named(event.details(event.workers[:2], comment)))
    event.put(el("Interview_Session_Data", event.details(event.workers, comment)))
    _, other = event.sessions()
    before = json.dumps(other)
    event.put(event.named(event.details(event.workers[1:2], start="15:00:00Z", end="16:00:00Z")))
    (details,) = event.session["details"]
    assert (details["interviewer_ids"], details["comment"]) == (event.workers[1:2], None)
    assert details["start_at"] == "2026-12-01T15:00:00.000Z"
    assert json.dumps(other) == before


DELETE = ' wd:Delete="true"'


def test_a_session_is_deleted(event):
    event.put(event.named().replace("Session_Data>", f"Session_Data{DELETE}>", 1))
    assert event.sessions() == []
    found = rows(
        event.tenant.ask(
            "Get_Interviews", el("Request_References", ref("Interview_Reference", event.row["id"]))
        )
    )
    assert found[0].find("wd:Interview_Data/wd:Interview_Session_Data", NS) is None
    unnamed = el("Interview_Session_Data").replace("Data>", f"Data{DELETE}>", 1)
    assert event.refused(unnamed) == interviews.OTHER_EVENT


def test_sessions_are_of_the_event(event):
    other = event.tenant.row("interview_sessions")
    details = event.details(event.workers)
    assert event.refused(event.named(details, session=other["id"])) == interviews.OTHER_EVENT
    assert event.refused(event.named(details, session=event.row["id"])) == interviews.OTHER_EVENT
    assert "Invalid ID value." in event.refused(event.named(details, session="0" * 32))


def test_at_least_one_session(event):
    assert event.refused() == interviews.NO_SESSION
    assert event.refused(el("Interview_Session_Data")) == interviews.NO_SESSION


def test_the_event_must_be_in_progress(event):
    session = el("Interview_Session_Data", event.details(event.workers))
    event.tenant.ask("Move_Candidate", *move(NEXT, "WORKFLOW_STEP-3-5", event.application["id"]))
    for addressed in (None, *event.addressed()):
        assert event.refused(session, event=addressed) == interviews.NOT_IN_PROGRESS
    elsewhere = event.tenant.row("applications", stage_id=event.tenant.known("stages", "REVIEW"))
    application = ref("Job_Application_Reference", elsewhere["id"])
    assert event.refused(session, event=application) == interviews.NOT_IN_PROGRESS
    event.tenant.ask("Move_Candidate", *move(NEXT, "WORKFLOW_STEP-3-4", event.application["id"]))
    for addressed in event.addressed():
        assert event.refused(session, event=addressed) == interviews.SEVERAL


def test_the_event_must_await_the_caller(event):
    session = el("Interview_Session_Data", event.details(event.workers))
    event.tenant.control("PATCH", f"records/interview_events/{event.row['id']}", {"awaiting": False})
    application, pair = event.addressed()
    assert event.refused(session, event=application) == interviews.NOT_AWAITING.format("job application")
    assert event.refused(session, event=pair) == interviews.NOT_AWAITING.format(
        "candidate and job requisition"
    )


@pytest.mark.parametrize("end", ["09:00:00Z", "10:30:00+02:00"])
def test_an_interview_ends_after_its_start(event, end):
    details = event.details(event.workers, start="09:00:00Z", end=end)
    assert event.refused(el("Interview_Session_Data", details)) == interviews.END_FIRST


def test_locations(event):
    def session(place: str) -> str:
        location = ref("Interview_Location_Reference", place, "Location_ID")
        return el("Interview_Session_Data", event.details(event.workers, location))

    assert event.refused(session("LOCATION-WHS")) == interviews.LOCATION_TYPE
    event.put(session("LOCATION-SFO"))
    event.tenant.control("POST", "settings", {"outlook_scheduling": True})
    assert event.refused(session("LOCATION-SFO")) == interviews.OUTLOOK
    event.put(el("Interview_Session_Data", event.details(event.workers)))


def test_what_has_feedback_stays(event):
    first, second, third = event.workers
    competency, questionnaire = (
        event.tenant.row(table)["id"] for table in ("competencies", "questionnaires")
    )
    topics = (
        ref("Interview_Competencies_Reference", competency),
        ref("Interview_Questionnaires_Reference", questionnaire),
    )
    event.put(event.named(event.details([first, second], *topics)))
    event.tenant.state.add(
        "feedbacks",
        event_id=event.row["id"],
        worker_id=first,
        competency_ids=[competency],
        questionnaire_ids=[questionnaire],
    )
    assert (
        event.refused(event.named().replace("Session_Data>", f"Session_Data{DELETE}>", 1))
        == interviews.HAS_FEEDBACK
    )
    removed = event.refused(event.named(event.details([second, third], *topics)))
    assert pattern("You have deleted interviewers").fullmatch(removed)
    for kept, what in zip(topics[::-1], ("competencies", "questionnaires"), strict=True):
        message = event.refused(event.named(event.details([first, second], kept)))
        assert pattern(f"Feedback has already been submitted for the {what}").fullmatch(message)
    event.put(event.named(event.details([first, third], *topics)))
    assert event.session["details"][0]["interviewer_ids"] == [first, third]


def test_nothing_is_written_when_one_session_is_refused(event):
    before = json.dumps(event.sessions())
    good = el("Interview_Session_Data", event.details(event.workers))
    bad = el("Interview_Session_Data", event.details(event.workers, start="11:00:00Z"))
    assert event.refused(good, bad) == interviews.END_FIRST
    assert json.dumps(event.sessions()) == before


def test_the_time_zone_and_interviewers_are_required(event):
    data = event.data(el("Interview_Session_Data", event.details(event.workers)))
    for gone in ("Timezone_Reference", "Interviewers_Reference", "Interview_End_Time"):
        without = re.sub(f"<wd:{gone}>.*?</wd:{gone}>", "", data)
        assert event.tenant.refused("Put_Interview", without).code == "SOAP-ENV:Client"


def test_writes_need_permission(event):
    event.tenant.control("POST", "permissions", {"denied": ["Put_Interview"]})
    fault = event.tenant.refused("Put_Interview", event.data())
    assert (fault.code, fault.detail) == (
        "SOAP-ENV:Server.processingError",
        "The task submitted is not authorized.",
    )
