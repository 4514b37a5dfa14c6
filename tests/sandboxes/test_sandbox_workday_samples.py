"""The records of the vendor's samples, put into the sandbox, come out as the samples are written."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring, parse

import pytest
from workday_calls import DESCRIPTOR, GROUPS, NS, TYPE, Tenant, el, ref, rows

FIXTURES = Path(__file__).parent / "fixtures" / "workday"
TIMES = ("Job_Application_Date", "Status_Timestamp", "Interview_Start_Time", "Interview_End_Time")
# The tables of plain lists, by the element that refers to them.
LISTS = {
    "Country_Reference": "countries",
    "Social_Network_Type_Reference": "social_networks",
    "Phone_Device_Type_Reference": "phone_device_types",
    "Country_Phone_Code_Reference": "phone_codes",
    "Stage_Reference": "stages",
    "Workflow_Step_Reference": "workflow_steps",
    "Disposition_Reference": "dispositions",
    "Source_Reference": "sources",
    "Gender_Reference": "genders",
    "Ethnicity_Reference": "ethnicities",
    "Candidate_Tag_Reference": "tags",
    "Job_Requisition_Status_Reference": "requisition_statuses",
    "Primary_Location_Reference": "locations",
    "Additional_Locations_Reference": "locations",
    "Interview_Location_Reference": "locations",
    "Supervisory_Organization_Reference": "organizations",
    "Role_Reference": "roles",
    "Timezone_Reference": "time_zones",
}


class Sample:
    """A sample file, and what a test needs to read from it."""

    def __init__(self, name: str) -> None:
        self.row = parse(FIXTURES / name).getroot()

    def text(self, path: str) -> str | None:
        return self.row.findtext(f".//{self._route(path)}", None, NS)

    def keys(self, path: str) -> list[str]:
        found = self.row.findall(f".//{self._route(path)}", NS)
        return [each.text or "" for one in found for each in one if each.get(TYPE) == "WID"]

    def key(self, path: str) -> str | None:
        return next(iter(self.keys(path)), None)

    def human(self, path: str) -> str:
        found = self.row.find(f".//{self._route(path)}", NS)
        assert found is not None
        return next(each.text or "" for each in found if each.get(TYPE) != "WID")

    @staticmethod
    def _route(path: str) -> str:
        return "/".join(f"wd:{name}" for name in path.split("/"))


def put(tenant: Tenant, table: str, key: str | None, **fields: Any) -> None:
    """A record under the id of a sample, once."""
    if key and not tenant.state.get(table, key):
        answer = tenant.control("POST", f"records/{table}", {"id": key, **fields})
        assert answer.status_code == 201, answer.text


def put_lists(tenant: Tenant, sample: Sample) -> None:
    """Whatever a sample refers to that is but a name, and the workers."""
    for element in sample.row.iter():
        name = element.tag.rpartition("}")[2]
        descriptor = element.get(DESCRIPTOR, "")
        ids = {each.get(TYPE): each.text for each in element}
        human = next((value for kind, value in ids.items() if kind != "WID"), None)
        if name in LISTS:
            put(tenant, LISTS[name], ids["WID"], reference_id=human, name=descriptor)
        elif name in ("Interviewers_Reference", "Worker_Reference"):
            first, _, last = descriptor.partition(" ")
            contingent = "Contingent_Worker_ID" in ids
            put(
                tenant, "workers", ids["WID"], reference_id=human, first_name=first, last_name=last,
                contingent=contingent,
            )  # fmt: skip


def put_application(tenant: Tenant, sample: Sample, **fields: Any) -> None:
    """The application of a sample, with the requisition and the candidate its Descriptor is made of."""
    found = sample.row.find(".//wd:Job_Application_Reference", NS)
    assert found is not None
    first, _, requisition = found.get(DESCRIPTOR, "").rpartition(" - ")
    key = sample.key("Job_Requisition_Reference") or "0" * 32
    put(tenant, "requisitions", key, reference_id=requisition, title=fields.pop("title", ""))
    candidate = sample.key("Candidate_Reference") or "1" * 32
    put(tenant, "candidates", candidate, first_name=first, last_name="")
    put(
        tenant, "applications", sample.key("Job_Application_Reference"),
        reference_id=sample.human("Job_Application_Reference"), candidate_id=candidate,
        requisition_id=key, **fields,
    )  # fmt: skip


def plain(element: Element) -> Any:
    """An element to compare: ids in no order, times as instants."""
    name = element.tag.rpartition("}")[2]
    text = (element.text or "").strip()
    if name in TIMES:
        text = datetime.fromisoformat(text).astimezone(UTC).isoformat()
    children = [plain(child) for child in element]
    if children and all(child[0] == "ID" for child in children):
        children.sort(key=str)
    return name, dict(element.attrib), text, children


def utc(value: str | None) -> str | None:
    """As the sandbox keeps times."""
    if value is None:
        return None
    return datetime.fromisoformat(value).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


@pytest.mark.parametrize(
    "name", ["candidate.xml", "candidate_dispositioned.xml", "candidate_preferred_name.xml"]
)
def test_a_candidate(tenant: Tenant, name: str) -> None:
    sample = Sample(name)
    put_lists(tenant, sample)
    key = sample.key("Candidate_Reference")
    preferred = sample.text("Preferred_Name/Name_Detail_Data/First_Name")
    put(
        tenant, "candidates", key,
        reference_id=sample.text("Candidate_ID"),
        first_name=sample.text("Legal_Name/Name_Detail_Data/First_Name"),
        last_name=sample.text("Legal_Name/Name_Detail_Data/Last_Name"),
        preferred_name=preferred and {
            "first_name": preferred, "last_name": sample.text("Preferred_Name/Name_Detail_Data/Last_Name")
        },
        email=sample.text("Email_Address"),
        phone_number=sample.text("Phone_Number"),
        phone_device_type_id=sample.key("Phone_Device_Type_Reference"),
        phone_code_id=sample.key("Country_Phone_Code_Reference"),
        websites=[url] if (url := sample.text("URL_Address")) else [],
        country_id=sample.key("Country_Reference"),
        city=sample.text("City"),
        accounts=[
            {"network_id": network, "url": sample.text("Social_Network_Account_URL")}
            for network in sample.keys("Social_Network_Type_Reference")
        ],
        tag_ids=sample.keys("Candidate_Tag_Reference"),
    )  # fmt: skip
    personal = sample.text("Hispanic_or_Latino") and {
        "gender_id": sample.key("Gender_Reference"),
        "ethnicity_ids": sample.keys("Ethnicity_Reference"),
        "hispanic": False,
    }
    requisition = sample.row.find(".//wd:Job_Requisition_Reference", NS)
    assert requisition is not None
    put_application(
        tenant, sample, title=requisition.get(DESCRIPTOR, "").partition(" ")[2],
        applied_at=utc(sample.text("Job_Application_Date")), status_at=utc(sample.text("Status_Timestamp")),
        stage_id=sample.key("Stage_Reference"), workflow_step_id=sample.key("Workflow_Step_Reference"),
        disposition_id=sample.key("Disposition_Reference"), source_id=sample.key("Source_Reference"),
        personal=personal or None,
    )  # fmt: skip
    asked = el("Request_References", ref("Candidate_Reference", str(key)))
    (row,) = rows(tenant.ask("Get_Candidates", asked))
    assert plain(row) == plain(sample.row)


@pytest.mark.parametrize("name", ["requisition.xml", "requisition_filled.xml"])
def test_a_requisition(tenant: Tenant, name: str) -> None:
    sample = Sample(name)
    put_lists(tenant, sample)
    key = sample.key("Job_Requisition_Reference")
    roles = [
        {
            "role_id": role.findtext("wd:Role_Reference/wd:ID", None, NS),
            "worker_ids": [
                worker.findtext("wd:ID", None, NS)
                for worker in role.findall("wd:Role_Assignee/wd:Worker_Reference", NS)
            ],
        }
        for role in sample.row.iter(f"{{{NS['wd']}}}Role_Assignment_Data")
    ]
    put(
        tenant, "requisitions", key,
        reference_id=sample.human("Job_Requisition_Reference"),
        title=sample.text("Job_Posting_Title"),
        description=sample.text("Job_Description"),
        status_id=sample.key("Job_Requisition_Status_Reference"),
        organization_id=sample.key("Supervisory_Organization_Reference"),
        location_id=sample.key("Primary_Location_Reference"),
        additional_location_ids=sample.keys("Additional_Locations_Reference"),
        roles=roles,
    )  # fmt: skip
    asked = el("Request_References", ref("Job_Requisition_Reference", str(key)))
    (row,) = rows(tenant.ask("Get_Job_Requisitions", asked, GROUPS["Get_Job_Requisitions"]))
    assert plain(row) == plain(sample.row)


@pytest.mark.parametrize("name", ["interview.xml", "interview_two_sessions.xml"])
def test_an_interview(tenant: Tenant, name: str) -> None:
    sample = Sample(name)
    put_lists(tenant, sample)
    put_application(tenant, sample)
    event = tenant.state.add(
        "interview_events",
        application_id=sample.key("Job_Application_Reference"),
        comment=sample.text("Overall_Comment"),
        timezone_id=sample.key("Timezone_Reference"),
    )
    for session in sample.row.iter(f"{{{NS['wd']}}}Interview_Session_Data"):
        part = Sample.__new__(Sample)
        part.row = session
        details = {
            "interviewer_ids": part.keys("Interviewers_Reference"),
            "start_at": utc(part.text("Interview_Start_Time")),
            "end_at": utc(part.text("Interview_End_Time")),
            "location_ids": part.keys("Interview_Location_Reference"),
            "type_id": None, "competency_ids": [], "questionnaire_ids": [], "comment": None,
        }  # fmt: skip
        key = part.key("Interview_Session_Reference")
        put(tenant, "interview_sessions", key, event_id=event["id"], details=[details])
    asked = el("Request_References", ref("Interview_Reference", event["id"]))
    (row,) = rows(tenant.ask("Get_Interviews", asked))
    assert plain(row) == plain(sample.row)


def test_a_fault(tenant: Tenant) -> None:
    sample = parse(FIXTURES / "fault_authentication.xml").getroot()
    answer = tenant.request("Get_Workers", password="wrong")
    assert (answer.status_code, plain(fromstring(answer.content))) == (500, plain(sample))
