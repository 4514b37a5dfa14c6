"""Rows of Workday as common records."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from providers.kit import Record, Row, Rows
from providers.workday.rows import first, flag, ident, idents, label, many, text, words

JOB_STATUS = {
    "open": "OPEN",
    "filled": "CLOSED",
    "closed": "CLOSED",
    "frozen": "PENDING",
    "draft": "DRAFT",
}
ATTACHMENT_TYPE = {"resume": "RESUME", "cover": "COVER_LETTER", "offer": "OFFER_LETTER"}


def candidate(row: Row, _joined: Rows) -> Record:
    """A candidate; one who is only a prospect has no applications."""
    data = first(row, "Candidate_Data")
    contact = first(data, "Contact_Data")
    name = name_of(data)
    email = text(contact, "Email_Address")
    return {
        "remote_id": ident(row, "Candidate_Reference"),
        "first_name": text(name, "First_Name"),
        "last_name": text(name, "Last_Name"),
        "is_private": flag(data, "Prospect_Data", "Confidential"),
        "locations": _places(first(contact, "Location_Data")),
        "phone_numbers": _phones(contact),
        "email_addresses": [{"value": email}] if email else [],
        "urls": [*_urls(contact, "Website_Data"), *_urls(data, "Social_Media_Account_Data")],
        "tags": [name for tag in many(data, "Candidate_Tag_Reference") if (name := label(tag))],
    }


def name_of(data: Any) -> Any:
    """The name somebody goes by: the preferred one where there is one."""
    names = first(data, "Name_Data")
    preferred = first(names, "Preferred_Name", "Name_Detail_Data")
    return preferred or first(names, "Legal_Name", "Name_Detail_Data")


def _phones(contact: Any) -> list[Row]:
    number = text(contact, "Phone_Number")
    if not number:
        return []
    mobile = ident(contact, "Phone_Device_Type_Reference", kind="Phone_Device_Type_ID") == "Mobile"
    return [{"value": number, **({"phone_number_type": "MOBILE"} if mobile else {})}]


def _urls(data: Any, name: str) -> list[Row]:
    social = name == "Social_Media_Account_Data"
    member = "Social_Network_Account_URL" if social else "URL_Address"
    kind = {"url_type": "SOCIAL_MEDIA"} if social else {}
    found = (text(each, member) for each in many(data, name))
    return [{"value": url, **kind} for url in found if url]


def _places(location: Any) -> list[str]:
    parts = (
        text(location, "City"),
        label(location, "Country_Region_Reference"),
        label(location, "Country_Reference"),
    )
    place = ", ".join(part for part in parts if part)
    return [place] if place else []


def tags(row: Row, _joined: Rows) -> Iterator[Record]:
    """The tags that a candidate carries: Workday has no list of them."""
    for tag in many(first(row, "Candidate_Data"), "Candidate_Tag_Reference"):
        if ident(tag):
            yield {"remote_id": ident(tag), "name": label(tag)}


def job(row: Row, _joined: Rows) -> Record:
    """A requisition with its team."""
    data = first(row, "Job_Requisition_Data")
    details = first(data, "Job_Requisition_Detail_Data")
    places = first(data, "Hiring_Requirement_Data")
    offices = [
        *idents(places, "Primary_Location_Reference"),
        *idents(places, "Additional_Locations_Reference"),
    ]
    return {
        "remote_id": ident(row, "Job_Requisition_Reference"),
        "name": text(details, "Job_Posting_Title"),
        "description": text(details, "Job_Description"),
        "code": ident(row, "Job_Requisition_Reference", kind="Job_Requisition_ID"),
        "status": _job_status(data),
        "type": "REQUISITION",
        "confidential": flag(details, "Confidential_Job_Requisition"),
        "departments": idents(data, "Supervisory_Organization_Reference"),
        "offices": list(dict.fromkeys(offices)),
        "hiring_managers": _team(data, "hiring", "manager"),
        "recruiters": _team(data, "recruiter"),
    }


def _job_status(data: Any) -> tuple[str, str] | None:
    name = label(data, "Job_Requisition_Status_Reference")
    if name is None:
        return None
    known = (JOB_STATUS.get(each) for each in words(data, "Job_Requisition_Status_Reference"))
    return next(filter(None, known), name), name


def _team(data: Any, *named: str) -> list[str]:
    """Who has a role whose name holds all of these words: tenants name their roles themselves."""
    workers: list[str] = []
    for assignment in many(data, "Role_Assignment_Data"):
        roles = words(assignment, "Role_Reference")
        if any(all(part in role for part in named) for role in roles):
            for assignee in many(assignment, "Role_Assignee"):
                workers += idents(assignee, "Worker_Reference")
    return list(dict.fromkeys(workers))


def job_posting(row: Row, _joined: Rows) -> Record:
    """An advert. Its status is by its dates, which are looked at each time the list is read."""
    data = first(row, "Job_Posting_Data")
    address = text(data, "External_Apply_URL")
    return {
        "remote_id": ident(row, "Job_Posting_Reference"),
        "title": text(data, "Job_Posting_Title"),
        "content": text(data, "Job_Posting_Description"),
        "job": ident(data, "Job_Requisition_Reference"),
        "job_posting_urls": [{"value": address, "url_type": "JOB_POSTING"}] if address else [],
        "status": _posting_status(data, datetime.now(UTC).date().isoformat()),
    }


def _posting_status(data: Any, today: str) -> str:
    start, end = text(data, "Job_Posting_Start_Date"), text(data, "Job_Posting_End_Date")
    if end and end[:10] < today:
        return "CLOSED"
    return "PENDING" if start and start[:10] > today else "PUBLISHED"


def user(row: Row, _joined: Rows) -> Record:
    """A worker, employee or contingent."""
    data = first(row, "Worker_Data")
    name = first(data, "Personal_Data", "Name_Data", "Legal_Name_Data", "Name_Detail_Data")
    active = flag(data, "Employment_Data", "Worker_Status_Data", "Active")
    return {
        "remote_id": ident(row, "Worker_Reference"),
        "first_name": text(name, "First_Name"),
        "last_name": text(name, "Last_Name"),
        "email": _work_email(first(data, "Personal_Data", "Contact_Data")),
        "disabled": None if active is None else not active,
    }


def _work_email(contact: Any) -> str | None:
    addresses = [each for each in many(contact, "Email_Address_Data") if text(each, "Email_Address")]
    work = [each for each in addresses if _is_for_work(each)]
    return text(next(iter([*work, *addresses]), None), "Email_Address")


def _is_for_work(address: Any) -> bool:
    return any(
        ident(kind, "Type_Reference", kind="Communication_Usage_Type_ID") == "WORK"
        for usage in many(address, "Usage_Data")
        for kind in many(usage, "Type_Data")
    )


def department(row: Row, _joined: Rows) -> Record | None:
    """A supervisory organization. One that is not in use is in no list, but answers to its id."""
    if flag(row, "Organization_Data", "Inactive"):
        return None
    wid = ident(row, "Organization_Reference")
    return {"remote_id": wid, "name": text(row, "Organization_Data", "Name")}


def office(row: Row, _joined: Rows) -> Record:
    """A location, also one that is no longer in use."""
    wid = ident(row, "Location_Reference")
    return {"remote_id": wid, "name": text(row, "Location_Data", "Location_Name")}


def attachment(row: Row, _joined: Rows) -> Record:
    """A file. Workday has no address for it: the content comes within the list, and is not kept."""
    data = first(row, "Candidate_Attachment_Data")
    return {
        "remote_id": ident(data, "Candidate_Attachment_Reference"),
        "candidate": ident(row, "Candidate_Reference"),
        "file_name": text(data, "Attachment_Data", "Filename"),
        "attachment_type": attachment_type(row),
    }


def attachment_type(row: Row) -> str:
    """What a file is, by the words of its category, which are the tenant's own."""
    category = words(row, "Candidate_Attachment_Data", "Document_Category_Reference")
    known = (kind for word, kind in ATTACHMENT_TYPE.items() if any(word in each for each in category))
    return next(known, "OTHER")
