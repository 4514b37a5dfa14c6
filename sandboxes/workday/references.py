"""References: how a record is named in an answer, and which one a request means."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from sandboxes.store import Row
from sandboxes.workday.defaults import LISTS
from sandboxes.workday.elements import first, local, make, qualified
from sandboxes.workday.faults import Invalid
from sandboxes.workday.schema import Mention
from sandboxes.workday.state import State

WID = "WID"
# The tables an object of each type of the schema can be in.
TABLES: dict[str, tuple[str, ...]] = {
    "Applicant_SourceObjectType": ("sources",),
    "Armed_Forces_StatusObjectType": ("veteran_statuses",),
    "CandidateObjectType": ("candidates",),
    "Candidate_AttachmentObjectType": ("attachments",),
    "Candidate_TagObjectType": ("tags",),
    "CompetencyObjectType": ("competencies",),
    "CountryObjectType": ("countries",),
    "Country_Phone_CodeObjectType": ("phone_codes",),
    "Country_RegionObjectType": ("regions",),
    "Document_Category__All_ObjectType": ("document_categories",),
    "EthnicityObjectType": ("ethnicities",),
    "GenderObjectType": ("genders",),
    "Interview_TypeObjectType": ("interview_types",),
    "Job_ApplicationObjectType": ("applications",),
    "Job_PostingObjectType": ("postings",),
    "Job_Posting_SiteObjectType": ("posting_sites",),
    "Job_RequisitionObjectType": ("requisitions",),
    "Job_Requisition_EnabledObjectType": ("requisitions",),
    "Job_Requisition_StatusObjectType": ("requisition_statuses",),
    "LocationObjectType": ("locations",),
    "Mime_TypeObjectType": ("mime_types",),
    "OrganizationObjectType": ("organizations",),
    "Organization_TypeObjectType": ("organization_types",),
    "Phone_Device_TypeObjectType": ("phone_device_types",),
    "QuestionnaireObjectType": ("questionnaires",),
    "Recruiting_DispositionObjectType": ("dispositions",),
    "Recruiting_Stage__Workday_Owned_ObjectType": ("stages",),
    "Self-Identification_of_Disability_StatusObjectType": ("disability_statuses",),
    "Social_Network_TypeObjectType": ("social_networks",),
    "Supervisory_OrganizationObjectType": ("organizations",),
    "Time_ZoneObjectType": ("time_zones",),
    "Unique_IdentifierObjectType": ("interview_events", "interview_sessions"),
    "WorkerObjectType": ("workers",),
    "Workflow_StepObjectType": ("workflow_steps",),
}


def full_name(row: Row) -> str:
    """First and last name of a person."""
    return " ".join(part for part in (row["first_name"], row["last_name"]) if part)


def _application(state: State, row: Row) -> str:
    candidate, requisition = (
        state.get(table, row[key])
        for table, key in (("candidates", "candidate_id"), ("requisitions", "requisition_id"))
    )
    first_name = candidate["first_name"] if candidate else ""
    return f"{first_name or ''} - {requisition['reference_id'] if requisition else ''}"


@dataclass(frozen=True)
class Naming:
    """The type of a record's second id (None: it has only a WID) and its Descriptor."""

    id_type: str | None
    describe: Callable[[State, Row], str] = lambda _, row: str(row["name"])


NAMINGS: dict[str, Naming] = {
    **{table: Naming(id_type) for table, id_type in LISTS.items()},
    "workers": Naming("Employee_ID", lambda _, row: full_name(row)),
    "organizations": Naming("Organization_Reference_ID"),
    "locations": Naming("Location_ID"),
    "requisitions": Naming("Job_Requisition_ID", lambda _, row: f"{row['reference_id']} {row['title']}"),
    "postings": Naming("Job_Posting_ID", lambda _, row: str(row["title"])),
    "candidates": Naming("Candidate_ID", lambda _, row: full_name(row)),
    "applications": Naming("Job_Application_ID", _application),
    "interview_events": Naming(None, lambda *_: "Interview"),
    "interview_sessions": Naming(None, lambda *_: "Interview session"),
    "attachments": Naming("File_ID", lambda _, row: str(row["filename"])),
}


def _id_type(table: str, row: Row) -> str | None:
    return "Contingent_Worker_ID" if row.get("contingent") else NAMINGS[table].id_type


def _id(kind: str, value: str) -> Element:
    element = make("ID", value)
    element.set(qualified("type"), kind)
    return element


def event_reference(tag: str, wid: str) -> Element:
    """The event of an application; nothing but its WID is known."""
    return make(tag, _id(WID, wid))


def reference(state: State, tag: str, table: str, key: str | None) -> Element | None:
    """A reference to a record, or nothing for None; a record that is gone keeps its WID."""
    if key is None:
        return None
    row = state.get(table, key)
    if row is None:
        return make(tag, _id(WID, key))
    id_type = _id_type(table, row)
    second = _id(id_type, row["reference_id"]) if id_type and row["reference_id"] else None
    # The order of the ids is not promised: other tables have it the other way round.
    ids = (second, _id(WID, key)) if table in ("workers", "stages") else (_id(WID, key), second)
    element = make(tag, *ids)
    element.set(qualified("Descriptor"), NAMINGS[table].describe(state, row))
    return element


def references(state: State, tag: str, table: str, keys: Iterable[str]) -> list[Element]:
    """References to several records."""
    return [element for key in keys if (element := reference(state, tag, table, key)) is not None]


def find(state: State, element: Element, tables: Iterable[str]) -> Row | None:
    """The record a reference means, by any of its ids."""
    for identifier in element:
        kind, value = identifier.get(qualified("type")), (identifier.text or "").strip()
        for table in tables:
            for row in _candidates(state, table, kind, value):
                return row
    return None


def _candidates(state: State, table: str, kind: str | None, value: str) -> list[Row]:
    if kind == WID:
        row = state.get(table, value)
        return [row] if row else []
    if NAMINGS[table].id_type is None:
        return []
    return [row for row in state.where(table, "reference_id", value) if _id_type(table, row) == kind]


def key_of(state: State, element: Element | None, path: str, table: str) -> str | None:
    """The WID of the record referred to at a path; None when there is no reference."""
    found = first(element, path)
    row = None if found is None else find(state, found, (table,))
    return None if row is None else str(row["id"])


def keys_of(state: State, elements: Iterable[Element], table: str) -> list[str]:
    """The WIDs of the records referred to; what does not exist is left out."""
    return [row["id"] for element in elements if (row := find(state, element, (table,))) is not None]


def check(state: State, mentions: Iterable[Mention]) -> None:
    """See that every reference of a request means something.

    Args:
        state: the tenant.
        mentions: the references, without those that may be to nothing.

    Raises:
        Invalid: there is no such object.
    """
    for mention in mentions:
        if find(state, mention.element, TABLES[mention.kind]) is None and not _moved(state, mention):
            identifier = mention.element[0]
            kind, value = identifier.get(qualified("type")), identifier.text
            raise Invalid(
                f"Invalid ID value.  '{value}' is not a valid ID value for type = '{kind}'", mention.xpath
            )


def _moved(state: State, mention: Mention) -> bool:
    """The event of an application is in no table."""
    is_event = local(mention.element.tag) == "Event_Reference"
    return is_event and any(state.where("applications", "event_id", each.text) for each in mention.element)
