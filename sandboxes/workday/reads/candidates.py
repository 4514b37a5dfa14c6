"""Candidates and prospects: which ones are asked for, and the person."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from sandboxes.store import Row
from sandboxes.workday.call import Call
from sandboxes.workday.elements import every, flag, instant, make, optional, text
from sandboxes.workday.listing import Accepts, Listing, logged
from sandboxes.workday.reads.applications import application
from sandboxes.workday.reads.attachments import attachment_data
from sandboxes.workday.reads.company import own_reference
from sandboxes.workday.references import keys_of, reference, references

# Criteria: of the candidate itself, and of which one application must meet each.
TEXTS = (("First_Name", "first_name"), ("Last_Name", "last_name"), ("Candidate_Email_Address", "email"))
OF_APPLICATIONS = (
    ("Job_Requisition_Reference", "requisitions", "requisition_id"),
    ("Recruiting_Stage_Reference", "stages", "stage_id"),
    ("Applicant_Source_Reference", "sources", "source_id"),
)


def _candidates(call: Call) -> Accepts:
    tests = [logged(call), *_texts(call), *_sets(call), *_times(call)]
    return lambda row: all(test(row) for test in tests)


def _named(call: Call, name: str, table: str) -> set[str]:
    return set(keys_of(call.state, every(call.request, f"Request_Criteria/{name}"), table))


def _texts(call: Call) -> list[Accepts]:
    def same(field: str, wanted: str) -> Accepts:
        return lambda row: (row[field] or "").casefold() == wanted.casefold()

    asked = ((field, text(call.request, f"Request_Criteria/{name}")) for name, field in TEXTS)
    return [same(field, wanted) for field, wanted in asked if wanted]


def _sets(call: Call) -> list[Accepts]:
    state = call.state

    def applied(field: str, keys: set[str]) -> Accepts:
        return lambda row: any(
            each[field] in keys for each in state.where("applications", "candidate_id", row["id"])
        )

    tests = [
        applied(field, keys) for name, table, field in OF_APPLICATIONS if (keys := _named(call, name, table))
    ]
    if tags := _named(call, "Candidate_Tag_Reference", "tags"):
        tests.append(lambda row: bool(tags & set(row["tag_ids"])))
    if workers := _named(call, "Worker_Reference", "workers"):
        tests.append(lambda row: row["worker_id"] in workers)
    return tests


def _times(call: Call) -> list[Accepts]:
    state = call.state

    def between(name: str, times: Callable[[Row], list[str]]) -> list[Accepts]:
        start = instant(call.request, f"Request_Criteria/{name}_From")
        end = instant(call.request, f"Request_Criteria/{name}_Through")
        if start is None and end is None:
            return []
        return [lambda row: any((start or at) <= at <= (end or at) for at in times(row))]

    def applied(row: Row) -> list[str]:
        applications = state.where("applications", "candidate_id", row["id"])
        return [each["applied_at"] for each in applications if each["applied_at"]]

    return between("Created", lambda row: [row["created_at"]]) + between("Applied", applied)


def _candidate(call: Call, row: Row) -> Element:
    state = call.state
    papers = not flag(call.request, "Response_Group/Exclude_All_Attachments")
    documents = state.where("attachments", "candidate_id", row["id"]) if papers else []
    data = make(
        "Candidate_Data",
        make("Candidate_ID", row["reference_id"]),
        reference(state, "Worker_Reference", "workers", row["worker_id"]),
        _names(row),
        _contact(call, row),
        *(_account(call, account) for account in row["accounts"]),
        make("Status_Data", make("Do_Not_Hire", row["do_not_hire"]), make("Withdrawn", row["withdrawn"])),
        *(
            application(state, each, papers=papers)
            for each in state.where("applications", "candidate_id", row["id"])
        ),
        make("Prospect_Data", make("Prospect", row["prospect"]), make("Confidential", row["confidential"])),
        *references(state, "Candidate_Tag_Reference", "tags", row["tag_ids"]),
        *(attachment_data(state, document) for document in documents),
    )
    return make("Candidate", own_reference(call, "Candidate_Reference", "candidates", row), data)


def _names(row: Row) -> Element:
    def detail(tag: str, names: Row) -> Element:
        first = optional("First_Name", names["first_name"])
        return make(tag, make("Name_Detail_Data", first, optional("Last_Name", names["last_name"])))

    preferred = row["preferred_name"]
    return make(
        "Name_Data",
        detail("Legal_Name", row),
        detail("Preferred_Name", preferred) if preferred else None,
    )


def _contact(call: Call, row: Row) -> Element:
    state = call.state
    country = reference(state, "Country_Reference", "countries", row["country_id"])
    region = reference(state, "Country_Region_Reference", "regions", row["region_id"])
    city = optional("City", row["city"])
    placed = any(part is not None for part in (country, city, region))
    return make(
        "Contact_Data",
        reference(state, "Phone_Device_Type_Reference", "phone_device_types", row["phone_device_type_id"]),
        reference(state, "Country_Phone_Code_Reference", "phone_codes", row["phone_code_id"]),
        optional("Phone_Number", row["phone_number"]),
        optional("Email_Address", row["email"]),
        *(make("Website_Data", make("URL_Address", url)) for url in row["websites"]),
        make("Location_Data", country, city, region) if placed else None,
    )


def _account(call: Call, account: Row) -> Element:
    return make(
        "Social_Media_Account_Data",
        reference(call.state, "Social_Network_Type_Reference", "social_networks", account["network_id"]),
        make("Social_Network_Account_URL", account["url"]),
    )


CANDIDATES = Listing("candidates", "Candidate_Reference", _candidates, _candidate)
