"""Whose an interview is: asked for once, and in the likely order; what is remembered, and for how long."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from conformance.stand_in import BEGAN, Prepared
from workday_soap import CREDENTIALS, connect, enveloped, fixture, response

from providers.kit import Invalid, Reference, Row, Unavailable, Window, Write
from providers.workday import api, interviews
from providers.workday.rows import NAMESPACE, ident

NAME = "interviews-of-an-event-only"
EVENT = '<wd:Interview_Reference><wd:ID wd:type="WID">E1</wd:ID></wd:Interview_Reference>'
PUT = enveloped(f'<wd:Put_Interview_Response xmlns:wd="{NAMESPACE}">{EVENT}</wd:Put_Interview_Response>')


def reading(data: dict[str, Any], when: datetime = BEGAN, *found_by: str) -> tuple[list[Row], list[str]]:
    """The last rows by their key, and the applications that were asked."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        wanted = ET.fromstring(request.content).find(f".//{{{NAMESPACE}}}Job_Application_Reference")
        if wanted is None:
            return httpx.Response(200, text="\n".join(data["exchange"][0]["answer"]["xml"]))
        asked.append(wanted[0].text or "")
        session = "<wd:Interview_Session_Data><wd:Interview_Session_Reference><wd:ID wd:type='WID'>S1</wd:ID>"
        session += "</wd:Interview_Session_Reference></wd:Interview_Session_Data>"
        row = f"<wd:Interview><wd:Interview_Data>{session}</wd:Interview_Data></wd:Interview>"
        return response("Get_Interviews", *([row] if asked[-1] in found_by else []))

    window, cursor, rows = Window(None, when, kept=Prepared(data)), None, {}
    vendor = connect(answer)
    while True:
        page = interviews.read(vendor, window, cursor)
        rows |= {interviews.key(row): row for row in page.rows}
        cursor = page.next
        if cursor is None:
            return list(rows.values()), asked


def test_applications_are_asked_in_the_likely_order_until_the_session_shows_up() -> None:
    (row,), asked = reading(fixture("lists", NAME), BEGAN, "A-screen")
    assert asked == ["A-itv", "A-screen"], "the interview stage first; the rejected one not at all"
    assert ident(row, "Job_Application_Reference") == "A-screen"


def test_applications_with_interviews_are_asked_last() -> None:
    data = fixture("lists", NAME)
    data["found"]["interviews.about"] = {"A-itv": [{"Job_Application_Reference": {}}]}
    _rows, asked = reading(data, BEGAN, "A-itv")
    assert asked == ["A-screen", "A-gone", "A-itv"], "an application may have several events"


def test_a_search_in_vain_is_repeated_after_a_week_only() -> None:
    data = fixture("lists", NAME)
    (row,), asked = reading(data)
    assert sorted(asked) == ["A-gone", "A-itv", "A-screen"]
    assert ident(row, "Job_Application_Reference") is None
    data["found"]["interviews.unaddressed"]["yes"] = [row]
    data["stored"]["interviews"] = {"S1": row}
    assert reading(data, BEGAN + timedelta(days=1)) == ([row], []), "remembered, and not asked again"
    assert len(reading(data, BEGAN + timedelta(days=8))[1]) == 3


def test_another_session_of_a_known_event_is_not_asked_for() -> None:
    data = fixture("lists", NAME)
    known = fixture("lists", "interviews-whose-application-is-known")["stored"]["interviews"]["S1"]
    data["found"] = {"interviews.about": {"E1": [known]}}
    (row,), asked = reading(data)
    assert (ident(row, "Job_Application_Reference"), asked) == ("A-screen", [])


def test_candidate_and_requisition_lead_to_the_application() -> None:
    data = fixture("lists", NAME)
    lines = "\n".join(data["exchange"][0]["answer"]["xml"])
    pair = "".join(
        f"<wd:{name}><wd:ID wd:type='WID'>{wid}</wd:ID></wd:{name}>"
        for name, wid in (("Candidate_Reference", "CB"), ("Requisition_Reference", "JOB"))
    )
    start, end = lines.index("<wd:Interview_Event_Reference"), lines.index("<wd:Interview_Session_Data")
    criteria = f"<wd:Candidate_Interview_Criteria_Data>{pair}</wd:Candidate_Interview_Criteria_Data>"
    data["exchange"][0]["answer"]["xml"] = [lines[:start], criteria, lines[end:]]
    (row,), asked = reading({**data, "found": {}})
    assert (ident(row, "Job_Application_Reference"), asked) == ("A-gone", [])


def test_a_status_changes_at_the_end() -> None:
    mapping = next(m for m in api.MAPPINGS if m.model == "ScheduledInterview")
    assert mapping.expires
    to_come = interviews.interview(fixture("records", "interview_to_come")["row"], {})
    assert mapping.expires(to_come) == to_come["end_at"]
    assert mapping.expires(interviews.interview(fixture("records", "interview")["row"], {})) is None


# Writing


def changing(row: Row, given: dict[str, Any]) -> Write:
    return Write(
        client=connect(lambda _: pytest.fail("asked")),
        as_user=None,
        remote_id=interviews.key(row),
        fields=given,
        params={},
        credentials=CREDENTIALS,
        stored=lambda _resource, _key: row,
        find=lambda _resource, _on, _value: [],
    )


def updated(row: Row, given: dict[str, Any], wire: str) -> list[tuple[str, str, list[str]]]:
    """Start, end and interviewers of each of the details that are sent."""
    sent: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if b"Put_Interview_Request" not in request.content:
            return response("Get_Interviews", wire)
        sent.append(request.content)
        return PUT

    action = api.API.action("ScheduledInterview", "update")
    assert action
    written = action.run(replace(changing(row, given), client=connect(answer)))
    assert written.reference == Reference("interviews", "S5")
    (content,) = sent
    return [
        (
            each.findtext(f"{{{NAMESPACE}}}Interview_Start_Time", ""),
            each.findtext(f"{{{NAMESPACE}}}Interview_End_Time", ""),
            [who[0].text or "" for who in each.findall(f"{{{NAMESPACE}}}Interviewers_Reference")],
        )
        for each in ET.fromstring(content).iter(f"{{{NAMESPACE}}}Interview_Session_Details_Data")
    ]


def details(start: str, end: str, who: str) -> str:
    interviewer = f'<wd:Interviewers_Reference><wd:ID wd:type="WID">{who}</wd:ID></wd:Interviewers_Reference>'
    times = f"<wd:Interview_Start_Time>{start}</wd:Interview_Start_Time>"
    times += f"<wd:Interview_End_Time>{end}</wd:Interview_End_Time>"
    return f"<wd:Interview_Session_Details_Data>{interviewer}{times}</wd:Interview_Session_Details_Data>"


def test_of_two_details_the_first_starts_the_session_and_the_last_ends_it() -> None:
    row = fixture("records", "interview_two_details")["row"]
    reference = (
        '<wd:Interview_Session_Reference><wd:ID wd:type="WID">S5</wd:ID></wd:Interview_Session_Reference>'
    )
    parts = details("2025-06-02T08:00:00+02:00", "2025-06-02T09:00:00+02:00", "W1")
    parts += details("2025-06-01T22:30:00-07:00", "2025-06-01T23:30:00-07:00", "W2")
    session = f"<wd:Interview_Session_Data>{reference}{parts}</wd:Interview_Session_Data>"
    wire = f"<wd:Interview><wd:Interview_Data>{session}</wd:Interview_Data></wd:Interview>"
    given = {"end_at": datetime.fromisoformat("2025-06-02T08:00:00Z")}
    assert updated(row, given, wire) == [
        ("2025-06-02T06:00:00.000Z", "2025-06-02T08:00:00.000Z", ["W1"]),
        ("2025-06-02T05:30:00.000Z", "2025-06-02T06:30:00.000Z", ["W2"]),
    ]


def test_nothing_is_asked_when_nothing_changes_and_no_interviewer_is_refused() -> None:
    row = fixture("records", "interview")["row"]
    action = api.API.action("ScheduledInterview", "update")
    assert action
    assert action.run(changing(row, {})).row is None
    unknown = {key: value for key, value in row.items() if key != "Job_Application_Reference"}
    delete = api.API.action("ScheduledInterview", "delete")
    assert delete
    with pytest.raises(Invalid, match="not known"):
        delete.run(changing(unknown, {}))


def test_a_new_interview_that_does_not_show_up_may_be_there() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if b"Put_Interview_Request" not in request.content:
            return response("Get_Interviews")
        return PUT

    given = {
        "application": "A",
        "interviewers": ["W1"],
        "start_at": BEGAN,
        "end_at": BEGAN + timedelta(hours=1),
    }
    create = api.API.action("ScheduledInterview", "create")
    assert create
    row = fixture("records", "interview")["row"]
    with pytest.raises(Unavailable) as failure:
        create.run(replace(changing(row, given), client=connect(answer)))
    assert failure.value.outcome_unknown
