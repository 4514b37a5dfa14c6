"""Workday's XML as rows of JSON: one rule for all of it, and how to look into such a row.

An element becomes an object of its children by their names without the namespace, or its text. What the
schema lets repeat is a list always: a single element looks the same in XML as the first of many. A reference
becomes `{"descriptor", "ids": {type: id}}`, for the order of its ids is not promised.
"""

from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element

from providers.kit import Row

NAMESPACE = "urn:com.workday/bsvc"
WID = "WID"  # the type of id that every reference has, and that is never assigned anew
NOT_KEPT = "File_Content"  # megabytes in base64 that no record shows

# The elements that may repeat in what is read: Recruiting v45.2, and of workers the e-mail addresses.
REPEATED = frozenset(
    (
        "Additional_Job_Posting_Location_Reference",
        "Additional_Job_Profiles_Reference",
        "Additional_Locations_Reference",
        "Candidate_Attachment_Data",
        "Candidate_Tag_Reference",
        "Competency_Assessment_Data",
        "Custom_Organization_Assignment_Reference",
        "Document_Field_Result_Data",
        "Email_Address_Data",
        "Ethnicity_Reference",
        "Integration_Field_Override_Data",
        "Interview_Competencies_Reference",
        "Interview_Data",
        "Interview_Feedback_Data",
        "Interview_Feedback_Details",
        "Interview_Feedback_Details_Data",
        "Interview_Location_Reference",
        "Interview_Questionnaire_Data",
        "Interview_Questionnaires_Reference",
        "Interview_Session_Data",
        "Interview_Session_Details_Data",
        "Interviewers_Reference",
        "Job_Application_Data",
        "Job_Applied_To_Data",
        "Job_Family_Group_Reference",
        "Job_Family_Reference",
        "Leadership_Reference",
        "Organization_Assignments_Data",
        "Organization_Data",
        "Position_Data",
        "Referral_Job_Area_Reference",
        "Referral_Job_Reference",
        "Replacement_for_Worker_Reference",
        "Requisition_Compensation_Data",
        "Resume_Attachment_Data",
        "Resume_Attachments",
        "Role_Assignee",
        "Role_Assignee_Reference",
        "Role_Assignment_Data",
        "Similar_Jobs_Reference",
        "Social_Media_Account_Data",
        "Student_Award_Source_Reference",
        "Type_Data",
        "Union_Reference",
        "Usage_Data",
        "Veterans_Preference_Attachment_Data",
        "Veterans_Status_Reference",
        "Website_Data",
    )
)


# From XML


def row_of(element: Element) -> Row:
    """An element as a row; what has no children is an empty one."""
    made: Row = {}
    for child in element:
        name = local(child.tag)
        if name == NOT_KEPT:
            continue
        if name in made or name in REPEATED:
            made[name] = [*many(made, name), _value(child, name)]
        else:
            made[name] = _value(child, name)
    return made


def _value(element: Element, name: str) -> Any:
    if name.endswith("_Reference"):
        return _reference(element)
    return row_of(element) if len(element) else (element.text or "")


def _reference(element: Element) -> Row:
    ids = {
        each.get(f"{{{NAMESPACE}}}type", ""): (each.text or "").strip()
        for each in element
        if local(each.tag) == "ID"
    }
    return {"descriptor": element.get(f"{{{NAMESPACE}}}Descriptor"), "ids": ids}


def local(tag: str) -> str:
    """A name without its namespace."""
    return tag.rpartition("}")[2]


# Looking into rows. An empty element has become an empty text, whatever it might hold.


def many(row: Any, name: str) -> list[Any]:
    """What an object has under a name: nothing, the one or all of them."""
    value = row.get(name) if isinstance(row, dict) else None
    return value if isinstance(value, list) else [] if value is None else [value]


def first(row: Any, *path: str) -> Any:
    """What is at the end of a path, the first of each where there are several; None when there is nothing."""
    for name in path:
        row = next(iter(many(row, name)), None)
    return row


def text(row: Any, *path: str) -> str | None:
    """The text at the end of a path; None when there is none."""
    value = first(row, *path)
    return value if isinstance(value, str) and value else None


def flag(row: Any, *path: str) -> bool | None:
    """A boolean, which Workday writes as `1`/`0` or `true`/`false`; None when it is absent."""
    value = text(row, *path)
    return None if value is None else value.strip().lower() in ("1", "true")


def ident(row: Any, *path: str, kind: str = WID) -> str | None:
    """The id of a type that the reference at the end of a path has."""
    return text(first(row, *path), "ids", kind)


def idents(row: Any, name: str) -> list[str]:
    """The WIDs of all references of a name, each once."""
    return list(dict.fromkeys(wid for each in many(row, name) if (wid := text(each, "ids", WID))))


def handles(row: Any, name: str) -> list[tuple[str, str]]:
    """The id and its type by which each reference of a name is sent again: its WID, if it has one."""
    ids = [first(each, "ids") for each in many(row, name)]
    preferred = (sorted(each.items(), key=lambda one: one[0] != WID) for each in ids if each)
    return list(dict.fromkeys((ident, kind) for (kind, ident), *_others in preferred))


def label(row: Any, *path: str) -> str | None:
    """What the reference at the end of a path is called: its descriptor, else an id that people gave it."""
    found = first(row, *path)
    ids = first(found, "ids")
    named = [value for kind, value in ids.items() if kind != WID] if isinstance(ids, dict) else []
    return text(found, "descriptor") or next(iter(named), None)


def words(row: Any, *path: str) -> list[str]:
    """All that a reference is called, its WID left out, in small letters: for tables of known words."""
    found = first(row, *path)
    ids = first(found, "ids")
    named = [value for kind, value in ids.items() if kind != WID] if isinstance(ids, dict) else []
    return [str(each).casefold() for each in (*named, text(found, "descriptor")) if each]


def moment(value: str) -> datetime:
    """A date-time. The schema asks for an offset; one without is taken as UTC.

    Raises:
        ValueError: it is none.
    """
    parsed = datetime.fromisoformat(value)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
