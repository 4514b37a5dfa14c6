"""`Put_Candidate`: a candidate or prospect, with applications."""

from xml.etree.ElementTree import Element

from sandboxes.store import Row
from sandboxes.workday.call import Call
from sandboxes.workday.elements import every, first, flag, make, marked, text
from sandboxes.workday.faults import Invalid
from sandboxes.workday.references import find, key_of, keys_of, reference
from sandboxes.workday.state import State
from sandboxes.workday.writes.applications import plan

ADD_ONLY = "The Web Service is set to Add Only, but the Candidate already exists."
MERGED = "You cannot reference a candidate who is currently merged."
ID_TAKEN = "A Candidate with that ID already exists."
NO_NAME = "Candidate name is required when adding a candidate."
NO_CONTACT = "Candidate phone number or email address is required when adding a candidate."
NO_PURPOSE = "Job Application Data or Prospect Data is required when adding a candidate."
LINKED = (
    "Cannot update a candidate's name, contact, social media information if the candidate is linked to a "
    "worker."
)
INACTIVE_TAG = "Enter existing or active candidate tags."

CONTACT_TEXTS = (("Phone_Number", "phone_number"), ("Email_Address", "email"))
CONTACT_REFERENCES = (
    ("Phone_Device_Type_Reference", "phone_device_types", "phone_device_type_id"),
    ("Country_Phone_Code_Reference", "phone_codes", "phone_code_id"),
)


def put_candidate(call: Call) -> list[Element]:
    """Add a candidate, or change the parts of one that are sent.

    Raises:
        Invalid: a rule is broken.
    """
    state = call.state
    data = first(call.request, "Candidate_Data")
    row = _existing(call, data)
    if row is None:
        _check_new(data)
    fields = _fields(state, data, row or {})
    applications = [plan(state, row, each) for each in every(data, "Job_Application_Data")]
    candidate = (
        state.add("candidates", **fields) if row is None else state.change("candidates", row["id"], **fields)
    )
    for apply in applications:
        apply(candidate)
    return _response(state, candidate)


def _existing(call: Call, data: Element | None) -> Row | None:
    """The candidate the request is about; None for a new one."""
    state = call.state
    named = first(call.request, "Candidate_Reference")
    row = None if named is None else find(state, named, ("candidates",))
    same_id = state.where("candidates", "reference_id", text(data, "Candidate_ID"))
    if marked(call.request, "Add_Only") and (row or same_id):
        raise Invalid(ADD_ONLY)
    if row and row["merged"]:
        raise Invalid(MERGED)
    if same_id and same_id[0] is not row:
        raise Invalid(ID_TAKEN)
    if row and row["worker_id"] and _personal(data):
        raise Invalid(LINKED)
    return row


def _personal(data: Element | None) -> bool:
    names = ("Name_Data", "Contact_Data", "Social_Media_Account_Data")
    return any(first(data, name) is not None for name in names)


def _check_new(data: Element | None) -> None:
    names = ("First_Name", "Last_Name")
    if not any(text(data, f"Name_Data/Legal_Name/Name_Detail_Data/{name}") for name in names):
        raise Invalid(NO_NAME)
    if not any(text(data, f"Contact_Data/{name}") for name, _ in CONTACT_TEXTS):
        raise Invalid(NO_CONTACT)
    if first(data, "Job_Application_Data") is None and first(data, "Prospect_Data") is None:
        raise Invalid(NO_PURPOSE)


def _fields(state: State, data: Element | None, row: Row) -> Row:
    """What the request says of the candidate; what it does not mention stays."""
    fields: Row = _names(data)
    if candidate_id := text(data, "Candidate_ID"):
        fields["reference_id"] = candidate_id
    contact = first(data, "Contact_Data")
    if contact is not None:
        fields |= _contact(state, contact)
    for name, field in (("Status_Data/Do_Not_Hire", "do_not_hire"), ("Status_Data/Withdrawn", "withdrawn")):
        if first(data, name) is not None:
            fields[field] = flag(data, name)
    for name, field in (("Prospect", "prospect"), ("Confidential", "confidential")):
        if first(data, f"Prospect_Data/{name}") is not None:
            fields[field] = flag(data, f"Prospect_Data/{name}")
    if accounts := every(data, "Social_Media_Account_Data"):
        fields["accounts"] = _accounts(state, accounts, row.get("accounts", []))
    if tags := every(data, "Candidate_Tag_Reference"):
        fields["tag_ids"] = _tags(state, tags)
    return fields


def _names(data: Element | None) -> Row:
    legal = first(data, "Name_Data/Legal_Name/Name_Detail_Data")
    fields = _name(legal)
    if flag(data, "Name_Data/Preferred_Name/Delete_Preferred_Name_Data"):
        fields["preferred_name"] = None
    elif (preferred := first(data, "Name_Data/Preferred_Name/Name_Detail_Data")) is not None:
        fields["preferred_name"] = {"first_name": None, "last_name": None} | _name(preferred)
    return fields


def _name(detail: Element | None) -> Row:
    names = (("First_Name", "first_name"), ("Last_Name", "last_name"))
    return {field: text(detail, name) for name, field in names if first(detail, name) is not None}


def _contact(state: State, contact: Element) -> Row:
    """Websites are replaced as a set, and so is the place."""
    fields: Row = {
        field: text(contact, name) or None
        for name, field in CONTACT_TEXTS
        if first(contact, name) is not None
    }
    for name, table, field in CONTACT_REFERENCES:
        if first(contact, name) is not None:
            fields[field] = key_of(state, contact, name, table)
    if websites := every(contact, "Website_Data"):
        fields["websites"] = [url for each in websites if (url := text(each, "URL_Address"))]
    if (place := first(contact, "Location_Data")) is not None:
        fields["country_id"] = key_of(state, place, "Country_Reference", "countries")
        fields["region_id"] = key_of(state, place, "Country_Region_Reference", "regions")
        fields["city"] = text(place, "City")
    return fields


def _accounts(state: State, accounts: list[Element], before: list[Row]) -> list[Row]:
    """One account of each network; those of other networks stay."""
    held = {account["network_id"]: account for account in before}
    for each in accounts:
        network = key_of(state, each, "Social_Network_Type_Reference", "social_networks")
        held[network] = {"network_id": network, "url": text(each, "Social_Network_Account_URL")}
    return list(held.values())


def _tags(state: State, tags: list[Element]) -> list[str]:
    keys = keys_of(state, tags, "tags")
    if any(state.tables["tags"].rows[key]["inactive"] for key in keys):
        raise Invalid(INACTIVE_TAG)
    return keys


def _response(state: State, candidate: Row) -> list[Element]:
    """The candidate, and all of its applications, whichever were written."""
    applications = [
        make(
            "Candidate_Job_Application_Data",
            reference(state, "Job_Application_Reference", "applications", row["id"]),
            reference(state, "Job_Requisition_Reference", "requisitions", row["requisition_id"]),
        )
        for row in state.where("applications", "candidate_id", candidate["id"])
    ]
    named = reference(state, "Candidate_Reference", "candidates", candidate["id"])
    return [*([] if named is None else [named]), *applications]
