"""What is gone, or is another than was asked for: it stops no list, and is not taken for what was meant."""

from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from conformance.stand_in import BEGAN, Prepared
from workday_soap import connect, enveloped, fixture, response

from providers.kit import NotFound, Row, Window
from providers.workday import api, feedback, interviews
from providers.workday.rows import NAMESPACE, ident

UNKNOWN = (
    "<e:Fault><faultcode>SOAP-ENV:Client.validationError</faultcode>"
    "<faultstring>Validation error</faultstring>"
    f'<detail><wd:Validation_Fault xmlns:wd="{NAMESPACE}"><wd:Validation_Error><wd:Message>'
    "Invalid ID value.  'A' is not a valid ID value for type = 'WID'</wd:Message></wd:Validation_Error>"
    "</wd:Validation_Fault></detail></e:Fault>"
)


def wid(name: str, value: str) -> str:
    return f'<wd:{name}><wd:ID wd:type="WID">{value}</wd:ID></wd:{name}>'


def session(key: str, about: str) -> str:
    named = key and wid("Interview_Session_Reference", key)
    made = f"{about}<wd:Interview_Session_Data>{named}</wd:Interview_Session_Data>"
    return f"<wd:Interview><wd:Interview_Data>{made}</wd:Interview_Data></wd:Interview>"


def test_an_application_that_is_gone_does_not_stop_the_search() -> None:
    """Candidates are merged and purged at Workday; we learn of it once a day."""
    data = fixture("lists", "interviews-of-an-event-only")

    def answer(request: httpx.Request) -> httpx.Response:
        wanted = ET.fromstring(request.content).findtext(f".//{{{NAMESPACE}}}Job_Application_Reference/*")
        if wanted is None:
            return httpx.Response(200, text="\n".join(data["exchange"][0]["answer"]["xml"]))
        if wanted == "A-itv":
            return enveloped(UNKNOWN, 500)
        return response("Get_Interviews", session("", ""), session("S1", ""))

    window, cursor, rows = Window(None, BEGAN, kept=Prepared(data)), None, []
    while not rows or cursor:
        page = interviews.read(connect(answer), window, cursor)
        rows, cursor = page.rows or rows, page.next
    assert [ident(row, "Job_Application_Reference") for row in rows] == ["A-screen"]


def given_feedback(*answers: httpx.Response, stored: dict[str, Row]) -> Row:
    """Feedback on an event, whose interviews are known by their applications."""
    details = wid("Interviewer_Reference", "W1")
    details = f"<wd:Interview_Feedback_Details_Data>{details}</wd:Interview_Feedback_Details_Data>"
    row = f"{wid('Interview_Event_Reference', 'E1')}{details}"
    row = f"<wd:Interview_Feedback_Data>{row}</wd:Interview_Feedback_Data>"
    row = f"<wd:Interview_Feedback>{row}</wd:Interview_Feedback>"
    left = [response("Get_Interview_Feedbacks", row), *answers]
    kept = Prepared({"stored": {"interviews": stored}, "found": {}})
    page = feedback.read(connect(lambda _: left.pop(0)), Window(None, BEGAN, kept=kept), None)
    return page.rows[0]


def of(application: str) -> Row:
    return {"Job_Application_Reference": {"descriptor": None, "ids": {"WID": application}}}


def test_feedback_on_an_event_that_is_gone_is_read_all_the_same() -> None:
    assert ident(given_feedback(enveloped(UNKNOWN, 500), stored={}), "Job_Application_Reference") is None


def test_the_sessions_of_one_event_tell_whose_feedback_it_is() -> None:
    asked = response("Get_Interviews", session("S1", ""), session("S2", ""))
    row = given_feedback(asked, stored={"S2": of("A1")})
    assert ident(row, "Job_Application_Reference") == "A1"
    asked = response("Get_Interviews", session("S1", wid("Job_Application_Reference", "A1")))
    assert ident(given_feedback(asked, stored={}), "Job_Application_Reference") == "A1", (
        "in the answer itself"
    )


def test_sessions_of_several_applications_tell_nothing_of_feedback() -> None:
    asked = response("Get_Interviews", session("S1", ""), session("S2", ""))
    row = given_feedback(asked, stored={"S1": of("A1"), "S2": of("A2")})
    assert ident(row, "Job_Application_Reference") is None


@pytest.mark.parametrize("name", ["requisitions", "attachments"])
def test_another_row_is_not_taken_for_the_one_asked_for(name: str) -> None:
    exchange: Any = fixture("lists", f"{name}-pages")["exchange"]
    resource = api.API.resource(name)
    assert resource.fetch
    vendor = connect(lambda _: httpx.Response(200, text="\n".join(exchange[0]["answer"]["xml"])))
    with pytest.raises(NotFound):
        resource.fetch(vendor, "0123")


def test_an_organization_that_is_no_longer_in_use_is_no_department() -> None:
    """It is in no list, but is shown to whoever asks for it."""
    row = {
        "Organization_Reference": {"descriptor": None, "ids": {"WID": "O1"}},
        "Organization_Data": [{"Name": "Sales", "Inactive": "1"}],
    }
    mapping = next(m for m in api.MAPPINGS if m.model == "Department")
    assert mapping.map(row, {}) is None
    row["Organization_Data"][0]["Inactive"] = "0"  # type: ignore[index]
    assert mapping.map(row, {}) == {"remote_id": "O1", "name": "Sales"}
