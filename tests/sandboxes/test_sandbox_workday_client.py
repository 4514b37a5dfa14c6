"""zeep, a SOAP client that is not ours, speaks to the sandbox over HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import zeep
from workday_calls import OWN, Tenant
from world import served
from zeep.exceptions import Fault
from zeep.wsse.username import UsernameToken

WSDL = Path(__file__).parent / "fixtures" / "workday" / "recruiting.wsdl"
NAMES = {"header": {"Include_Reference_Descriptors_In_Response": True}}
USER = f"{OWN['username']}@{OWN['tenant']}"


@pytest.fixture
def sandbox() -> Iterator[tuple[Tenant, str]]:
    tenant = Tenant()
    with served(tenant.app) as origin:
        yield tenant, f"{origin}/ccx/service/{OWN['tenant']}/Recruiting/v45.2"


def client(url: str, password: str = OWN["password"]) -> tuple[zeep.Client, Any]:
    """A client with the password, and the service at the sandbox's address."""
    made = zeep.Client(str(WSDL), wsse=UsernameToken(USER, password))
    return made, made.create_service("{urn:com.workday/bsvc/Recruiting}Recruiting", url)


def wid(reference: Any) -> str:
    (found,) = [each["_value_1"] for each in reference["ID"] if each["type"] == "WID"]
    return str(found)


def pages(operation: Any, element: str, **options: Any) -> list[Any]:
    """All rows, as a client reads them: until the last page."""
    found: list[Any] = []
    for page in range(1, 100):
        criteria = {"As_Of_Entry_DateTime": "2026-11-21T10:00:00Z", "Page": page, "Count": 7}
        answer = operation(Response_Filter=criteria, version="v45.2", **options)
        found += answer["Response_Data"][element]
        if answer["Response_Results"]["Page"] >= answer["Response_Results"]["Total_Pages"]:
            return found
    raise AssertionError("pages without end")


def at(value: str) -> datetime:
    return datetime.fromisoformat(value)


def test_candidates_with_their_applications(sandbox):
    tenant, url = sandbox
    _, service = client(url)
    group = {"Include_Reference": True, "Exclude_All_Attachments": True}
    rows = pages(service.Get_Candidates, "Candidate", Response_Group=group, _soapheaders=NAMES)
    held = {row["id"]: row for row in tenant.rows("candidates")}
    assert [wid(row["Candidate_Reference"]) for row in rows] == list(tenant.state.tables["candidates"].ids)
    for row in rows:
        own, data = held[wid(row["Candidate_Reference"])], row["Candidate_Data"]
        name = data["Name_Data"]["Legal_Name"]["Name_Detail_Data"]
        assert (name["First_Name"], name["Last_Name"]) == (own["first_name"], own["last_name"])
        assert row["Candidate_Reference"]["Descriptor"] == f"{own['first_name']} {own['last_name']}"
        contact = data["Contact_Data"]
        assert (contact["Email_Address"], contact["Phone_Number"]) == (own["email"], own["phone_number"])
        assert [each["URL_Address"] for each in contact["Website_Data"]] == own["websites"]
        assert [wid(each) for each in data["Candidate_Tag_Reference"]] == own["tag_ids"]
        assert data["Prospect_Data"]["Prospect"] is own["prospect"]
        compare(tenant, own["id"], data["Job_Application_Data"])


def compare(tenant: Tenant, candidate: str, applications: list[Any]) -> None:
    held = {row["id"]: row for row in tenant.rows("applications", candidate_id=candidate)}
    assert {wid(each["Job_Application_Reference"]) for each in applications} == held.keys()
    for each in applications:
        own = held[wid(each["Job_Application_Reference"])]
        (data,) = each["Job_Applied_To_Data"]
        assert wid(data["Job_Requisition_Reference"]) == own["requisition_id"]
        assert wid(data["Stage_Reference"]) == own["stage_id"]
        assert data["Job_Application_Date"] == at(own["applied_at"])
        assert data["Job_Application_Date"].utcoffset() == timedelta(hours=-8)
        disposition = data["Disposition_Reference"]
        assert (disposition and wid(disposition)) == own["disposition_id"]


def test_interviews(sandbox):
    tenant, url = sandbox
    _, service = client(url)
    rows = [each for row in pages(service.Get_Interviews, "Interview") for each in row["Interview_Data"]]
    assert len(rows) == len(tenant.rows("interview_events"))
    choice = ("Interview_Event_Reference", "Job_Application_Reference", "Candidate_Interview_Criteria_Data")
    assert all(sum(row[name] is not None for name in choice) == 1 for row in rows)
    found = {
        wid(session["Interview_Session_Reference"]): [
            (
                [wid(worker) for worker in part["Interviewers_Reference"]],
                part["Interview_Start_Time"],
                part["Interview_End_Time"],
                part["Comment"],
            )
            for part in session["Interview_Session_Details_Data"]
        ]
        for row in rows
        for session in row["Interview_Session_Data"]
    }
    assert found == {
        row["id"]: [
            (part["interviewer_ids"], at(part["start_at"]), at(part["end_at"]), part["comment"])
            for part in row["details"]
        ]
        for row in tenant.rows("interview_sessions")
    }


def test_organizations_without_names_of_references(sandbox):
    tenant, url = sandbox
    made, service = client(url)
    kind = made.get_type("{urn:com.workday/bsvc}ID")("SUPERVISORY", type="Organization_Type_ID")
    criteria = {"Organization_Type_Reference": [{"ID": [kind]}], "Include_Inactive": True}
    answer = service.Get_Organizations(Request_Criteria=criteria)
    assert answer["Response_Results"]["Total_Results"] == Decimal(4)
    rows = answer["Response_Data"]["Organization"]
    assert {row["Organization_Data"]["Name"]: row["Organization_Data"]["Inactive"] for row in rows} == {
        row["name"]: row["inactive"]
        for row in tenant.rows("organizations")
        if row["reference_id"].startswith("SUP_")
    }
    assert {row["Organization_Reference"]["Descriptor"] for row in rows} == {None}


def test_an_interview_is_put(sandbox):
    tenant, url = sandbox
    made, service = client(url)
    event = tenant.row("interview_events", in_progress=True)
    before = {row["id"] for row in tenant.rows("interview_sessions")}
    worker = tenant.row("workers", contingent=True)
    start = datetime(2026, 12, 1, 9, tzinfo=UTC)

    def reference(value: str, kind: str = "WID") -> dict[str, Any]:
        return {"ID": [made.get_type("{urn:com.workday/bsvc}ID")(value, type=kind)]}

    details = {
        "Interviewers_Reference": [reference(worker["reference_id"], "Contingent_Worker_ID")],
        "Interview_Start_Time": start,
        "Interview_End_Time": start + timedelta(minutes=45),
        "Comment": "<bitte> & danke",
    }
    interview = {
        "Interview_Event_Reference": reference(event["id"]),
        "Interview_Session_Data": [{"Interview_Session_Details_Data": [details]}],
        "Timezone_Reference": reference("UTC", "Time_Zone_ID"),
    }
    answer = service.Put_Interview(Interview_Data=interview)
    assert wid(answer["Interview_Reference"]) == event["id"]
    (new,) = [row for row in tenant.rows("interview_sessions") if row["id"] not in before]
    (part,) = new["details"]
    assert (part["interviewer_ids"], part["start_at"], part["comment"]) == (
        [worker["id"]],
        "2026-12-01T09:00:00.000Z",
        "<bitte> & danke",
    )
    interview["Interview_Session_Data"] = []
    with pytest.raises(Fault, match="You must include at least one interview session") as refused:
        service.Put_Interview(Interview_Data=interview)
    assert refused.value.code == "SOAP-ENV:Client.validationError"


def test_a_wrong_password(sandbox):
    _, service = client(sandbox[1], "wrong")
    with pytest.raises(Fault, match="invalid username or password") as refused:
        service.Get_Organizations()
    assert refused.value.code == "SOAP-ENV:Client.authenticationError"
