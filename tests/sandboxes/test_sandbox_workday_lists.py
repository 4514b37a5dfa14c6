"""What the lists of the sandbox hold, next to the schema and the samples of the vendor."""

from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from workday_calls import NS, Tenant, el

from sandboxes.workday.schema import schema

FIXTURES = Path(__file__).parent / "fixtures" / "workday"
TRUE = "true"


def group(*names: str) -> str:
    return el("Response_Group", *(el(name, TRUE) for name in names))


GROUPS = {
    "Get_Candidates": "",
    "Get_Job_Requisitions": group(
        "Include_Reference",
        "Include_Job_Requisition_Definition_Data",
        "Include_Job_Requisition_Restrictions_Data",
        "Include_Organizations",
        "Include_Roles",
    ),
    "Get_Job_Postings": group("Include_Reference"),
    "Get_Interviews": "",
    "Get_Interview_Feedbacks": "",
    "Get_Candidate_Attachments": "",
    "Get_Organizations": "",
    "Get_Workers": group(
        "Include_Reference", "Include_Personal_Information", "Include_Employment_Information"
    ),
    "Get_Locations": "",
}


def rows(response: Element) -> list[Element]:
    data = response.find("wd:Response_Data", NS)
    return [] if data is None else list(data)


@pytest.mark.parametrize(
    "operation", [name for name in GROUPS if name not in ("Get_Workers", "Get_Locations")]
)
def test_an_answer_follows_the_schema(tenant: Tenant, operation: str) -> None:
    response = tenant.ask(operation, GROUPS[operation])
    assert rows(response)
    response.attrib.clear()
    schema(FIXTURES / "response_types.json").check(response, f"{operation}_ResponseType")
