"""Workers, organizations and locations."""

from xml.etree.ElementTree import Element

from sandboxes.store import Row
from sandboxes.workday.call import Call
from sandboxes.workday.elements import every, flag, make, optional
from sandboxes.workday.listing import Accepts, Listing, whole
from sandboxes.workday.references import keys_of, reference


def own_reference(call: Call, tag: str, table: str, row: Row) -> Element | None:
    """The reference of a row, unless the request says it wants none."""
    wanted = flag(call.request, "Response_Group/Include_Reference", default=True)
    return reference(call.state, tag, table, row["id"]) if wanted else None


def _workers(call: Call) -> Accepts:
    """Inactive ones come unless they are excluded."""
    excluded = flag(call.request, "Request_Criteria/Exclude_Inactive_Workers")
    return lambda row: row["active"] or not excluded


def _worker(call: Call, row: Row) -> Element:
    """The parts the response group asks for."""
    group = "Response_Group/Include_{}_Information".format
    data = make(
        "Worker_Data",
        make("Worker_ID", row["reference_id"]),
        _personal(call, row) if flag(call.request, group("Personal")) else None,
        _employment(row) if flag(call.request, group("Employment")) else None,
    )
    return make("Worker", own_reference(call, "Worker_Reference", "workers", row), data)


def _personal(call: Call, row: Row) -> Element:
    names = make(
        "Name_Detail_Data",
        optional("First_Name", row["first_name"]),
        optional("Last_Name", row["last_name"]),
    )
    return make(
        "Personal_Data",
        make("Name_Data", make("Legal_Name_Data", names)),
        make("Contact_Data", *(_email(call, email) for email in row["emails"])),
    )


def _email(call: Call, email: Row) -> Element:
    usage = reference(call.state, "Type_Reference", "usage_types", email["usage_id"])
    return make(
        "Email_Address_Data",
        make("Email_Address", email["address"]),
        make("Usage_Data", make("Type_Data", usage)),
    )


def _employment(row: Row) -> Element:
    """This service writes booleans out."""
    active = "true" if row["active"] else "false"
    return make("Employment_Data", make("Worker_Status_Data", make("Active", active)))


def _organizations(call: Call) -> Accepts:
    """Of the types asked for, active ones unless all are asked for."""
    types = keys_of(
        call.state,
        every(call.request, "Request_Criteria/Organization_Type_Reference"),
        "organization_types",
    )
    inactive = flag(call.request, "Request_Criteria/Include_Inactive")
    return lambda row: (not types or row["type_id"] in types) and (inactive or not row["inactive"])


def _organization(call: Call, row: Row) -> Element:
    data = make(
        "Organization_Data",
        make("Reference_ID", row["reference_id"]),
        make("Name", row["name"]),
        reference(call.state, "Organization_Type_Reference", "organization_types", row["type_id"]),
        make("Inactive", row["inactive"]),
    )
    return make(
        "Organization", reference(call.state, "Organization_Reference", "organizations", row["id"]), data
    )


def _location(call: Call, row: Row) -> Element:
    data = make(
        "Location_Data",
        make("Location_ID", row["reference_id"]),
        make("Location_Name", row["name"]),
        make("Inactive", row["inactive"]),
    )
    return make("Location", own_reference(call, "Location_Reference", "locations", row), data)


WORKERS = Listing("workers", "Worker_Reference", _workers, _worker)
ORGANIZATIONS = Listing("organizations", "Organization_Reference", _organizations, _organization)
LOCATIONS = Listing("locations", "Location_Reference", whole, _location)
