"""Job requisitions and their postings."""

from xml.etree.ElementTree import Element

from sandboxes.store import Row
from sandboxes.workday.call import Call
from sandboxes.workday.elements import every, flag, make, optional
from sandboxes.workday.listing import Accepts, Listing, logged
from sandboxes.workday.reads.company import own_reference
from sandboxes.workday.references import keys_of, reference, references

# Criteria that name records: the table, and the field of a requisition that must be one of them.
NAMED = (
    ("Job_Requisition_Status_Reference", "requisition_statuses", "status_id"),
    ("Supervisory_Organization_Reference", "organizations", "organization_id"),
    ("Primary_Location_Reference", "locations", "location_id"),
)


def _requisitions(call: Call) -> Accepts:
    changed = logged(call)
    wanted = [
        (field, keys)
        for name, table, field in NAMED
        if (keys := keys_of(call.state, every(call.request, f"Request_Criteria/{name}"), table))
    ]
    additional = set(
        keys_of(
            call.state, every(call.request, "Request_Criteria/Additional_Locations_Reference"), "locations"
        )
    )
    return lambda row: (
        changed(row)
        and all(row[field] in keys for field, keys in wanted)
        and (not additional or bool(additional & set(row["additional_location_ids"])))
    )


def _requisition(call: Call, row: Row) -> Element:
    """Only the parts the response group asks for."""
    state = call.state
    asked = "Response_Group/Include_{}".format
    data = make(
        "Job_Requisition_Data",
        reference(state, "Job_Requisition_Status_Reference", "requisition_statuses", row["status_id"]),
        _detail(row) if flag(call.request, asked("Job_Requisition_Definition_Data")) else None,
        _restrictions(call, row) if flag(call.request, asked("Job_Requisition_Restrictions_Data")) else None,
        reference(state, "Supervisory_Organization_Reference", "organizations", row["organization_id"])
        if flag(call.request, asked("Organizations"))
        else None,
        *(_role(call, role) for role in row["roles"] if flag(call.request, asked("Roles"))),
    )
    return make(
        "Job_Requisition", own_reference(call, "Job_Requisition_Reference", "requisitions", row), data
    )


def _detail(row: Row) -> Element:
    return make(
        "Job_Requisition_Detail_Data",
        make("Job_Posting_Title", row["title"]),
        optional("Job_Description", row["description"]),
        make("Confidential_Job_Requisition", row["confidential"]),
    )


def _restrictions(call: Call, row: Row) -> Element:
    return make(
        "Hiring_Requirement_Data",
        reference(call.state, "Primary_Location_Reference", "locations", row["location_id"]),
        *references(
            call.state, "Additional_Locations_Reference", "locations", row["additional_location_ids"]
        ),
    )


def _role(call: Call, role: Row) -> Element:
    """A role without anybody in it is shown too."""
    return make(
        "Role_Assignment_Data",
        reference(call.state, "Role_Reference", "roles", role["role_id"]),
        *(
            make("Role_Assignee", worker)
            for worker in references(call.state, "Worker_Reference", "workers", role["worker_ids"])
        ),
    )


def _postings(call: Call) -> Accepts:
    def keys(name: str, table: str) -> list[str]:
        return keys_of(call.state, every(call.request, f"Request_Criteria/{name}"), table)

    requisitions = keys("Job_Requisition_Reference", "requisitions")
    sites = keys("Job_Posting_Site_Reference", "posting_sites")
    active = flag(call.request, "Request_Criteria/Show_Only_Active_Job_Postings")
    external = flag(call.request, "Request_Criteria/Show_Only_External_Job_Postings")
    today = call.state.time().date().isoformat()
    return lambda row: (
        (not requisitions or row["requisition_id"] in requisitions)
        and (not sites or row["site_id"] in sites)
        and (not active or not row["end_date"] or row["end_date"] >= today)
        and (not external or bool(row["external_apply_url"]))
    )


def _posting(call: Call, row: Row) -> Element:
    state = call.state
    requisition = state.get("requisitions", row["requisition_id"])
    data = make(
        "Job_Posting_Data",
        make("Job_Posting_ID", row["reference_id"]),
        make("Job_Posting_Title", row["title"]),
        optional("Job_Posting_Description", row["description"]),
        reference(state, "Job_Posting_Site_Reference", "posting_sites", row["site_id"]),
        optional("External_Job_Path", row["external_path"]),
        optional("External_Apply_URL", row["external_apply_url"]),
        reference(state, "Job_Requisition_Reference", "requisitions", row["requisition_id"]),
        optional("Job_Requisition_ID", requisition["reference_id"] if requisition else None),
        optional("Job_Posting_Start_Date", row["start_date"]),
        optional("Job_Posting_End_Date", row["end_date"]),
        make("Primary_Posting", row["primary"]),
    )
    return make("Job_Posting", own_reference(call, "Job_Posting_Reference", "postings", row), data)


REQUISITIONS = Listing("requisitions", "Job_Requisition_Reference", _requisitions, _requisition)
POSTINGS = Listing("postings", "Job_Posting_Reference", _postings, _posting)
