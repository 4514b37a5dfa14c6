"""What a change of an interview sends again as it was read, and what the answers may leave out."""

from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import httpx
from conformance.stand_in import BEGAN
from workday_soap import CREDENTIALS, connect, enveloped, response

from providers.kit import Row, Write, Written
from providers.workday import api
from providers.workday.interviews import sessions
from providers.workday.rows import NAMESPACE, row_of

SILENT = enveloped(f'<wd:Put_Interview_Response xmlns:wd="{NAMESPACE}"/>')


def reference(name: str, kind: str, value: str) -> str:
    return f'<wd:{name}><wd:ID wd:type="{kind}">{value}</wd:ID></wd:{name}>'


def interview(session: str = "S1") -> str:
    details = (
        reference("Interviewers_Reference", "WID", "W1")
        + reference("Interviewers_Reference", "Contingent_Worker_ID", "C-7")
        + "<wd:Interview_Start_Time>2031-03-09T02:45:00.000-07:00</wd:Interview_Start_Time>"
        + "<wd:Interview_End_Time>2031-03-09T03:45:00.000-07:00</wd:Interview_End_Time>"
        + reference("Interview_Location_Reference", "Location_ID", "ZRH")
        + reference("Interview_Type_Reference", "Interview_Type_ID", "PHONE")
    )
    held = reference("Interview_Session_Reference", "WID", session)
    held += f"<wd:Interview_Session_Details_Data>{details}</wd:Interview_Session_Details_Data>"
    data = reference("Job_Application_Reference", "WID", "A")
    data += f"<wd:Interview_Session_Data>{held}</wd:Interview_Session_Data>"
    data += reference("Timezone_Reference", "Time_Zone_ID", "America/Los_Angeles")
    return f"<wd:Interview><wd:Interview_Data>{data}</wd:Interview_Data></wd:Interview>"


def known() -> Row:
    (row,) = sessions(row_of(ET.fromstring(f'<x xmlns:wd="{NAMESPACE}">{interview()}</x>')[0]))
    return row


def done(verb: str, given: dict[str, Any], *lists: list[str]) -> tuple[Written, list[tuple[str, str]]]:
    """What a write did, and all references it sent: by name and id."""
    sent: list[tuple[str, str]] = []
    left = list(lists)

    def answer(request: httpx.Request) -> httpx.Response:
        if b"Put_Interview_Request" not in request.content:
            return response("Get_Interviews", *left.pop(0))
        for each in ET.fromstring(request.content).iter():
            if each.tag.endswith("_Reference"):
                kind = each[0].get(f"{{{NAMESPACE}}}type", "")
                sent.append((each.tag.rpartition("}")[2], f"{kind} {each[0].text}"))
        return SILENT

    action = api.API.action("ScheduledInterview", verb)
    assert action
    write = Write(
        client=connect(answer),
        as_user=None,
        remote_id="S1",
        fields=given,
        params={},
        credentials=CREDENTIALS,
        stored=lambda _resource, _key: known(),
        find=lambda _resource, _on, _value: [],
    )
    return action.run(write), sent


def test_what_has_no_wid_is_sent_again_by_the_id_it_has() -> None:
    now = [interview()]
    _written, sent = done("update", {"end_at": BEGAN}, now, now)
    assert sent == [
        ("Job_Application_Reference", "WID A"),
        ("Interview_Session_Reference", "WID S1"),
        ("Interviewers_Reference", "WID W1"),
        ("Interviewers_Reference", "Contingent_Worker_ID C-7"),
        ("Interview_Location_Reference", "Location_ID ZRH"),
        ("Interview_Type_Reference", "Interview_Type_ID PHONE"),
        ("Timezone_Reference", "Time_Zone_ID America/Los_Angeles"),
    ]


def test_a_deletion_needs_no_event_in_the_answer() -> None:
    written, sent = done("delete", {})
    assert written.removed
    assert [name for name, _ in sent] == [
        "Job_Application_Reference",
        "Interview_Session_Reference",
        "Timezone_Reference",
    ]


def test_a_new_session_is_found_though_the_answer_names_no_event() -> None:
    given = {
        "application": "A",
        "interviewers": ["W1"],
        "start_at": BEGAN,
        "end_at": BEGAN + timedelta(hours=1),
    }
    written, _sent = done("create", given, [interview()], [interview(), interview("S2")])
    assert written.reference.id == "S2"
