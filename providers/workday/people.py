"""Writing candidates and applications: one operation of Workday's for both."""

from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree.ElementTree import Element

from providers.kit import (
    INVALID_FIELD_CHOICE,
    Action,
    Client,
    Invalid,
    Parameter,
    ProviderError,
    Reference,
    Row,
    Unavailable,
    Write,
    Written,
)
from providers.workday.acting import as_integration, made, now, params_of, zulu
from providers.workday.candidacies import candidacies
from providers.workday.envelope import reference, tell, wd
from providers.workday.files import attach
from providers.workday.lists import Listing, changed, one
from providers.workday.records import name_of
from providers.workday.rows import first, ident, label, many, row_of, text

NAME = "candidates"
LISTING = Listing(
    "Candidates",
    "Candidate",
    group=("Include_Reference", "Exclude_All_Attachments"),  # else every résumé comes along
    criteria=changed,
    skips=True,
)
FIRST_STAGE = "REVIEW"  # Recruiting_Stage_ID of where applications begin
COUNTRY_CODE = "USA_1"
FIELDS = ("first_name", "last_name", "phone_numbers", "email_addresses", "urls", "tags")
OF_APPLICATION = ("job", "applied_at", "source", "current_stage")


def current(client: Client, key: str) -> Row:
    """A candidate as they are now."""
    return one(client, LISTING, key, "Candidate_Reference")


# What a candidate is made of, in the schema's order


def _name(given: dict[str, Any], known: Any = None) -> Element | None:
    """The name. Of a known candidate it is the one that is shown: the preferred one, if there is one."""
    if not {"first_name", "last_name"} & given.keys():
        return None
    shown = name_of(known)
    details = wd(
        "Name_Detail_Data",
        wd("First_Name", given.get("first_name", text(shown, "First_Name")) or ""),
        wd("Last_Name", given.get("last_name", text(shown, "Last_Name")) or ""),
    )
    preferred = first(known, "Name_Data", "Preferred_Name", "Name_Detail_Data")
    return wd("Name_Data", wd("Preferred_Name" if preferred else "Legal_Name", details))


def _contact(write: Write, given: dict[str, Any], at: str) -> Element | None:
    phone, email = _only(write, given, "phone_numbers", at), _only(write, given, "email_addresses", at)
    parts = [*_phone(params_of(write, given), phone)] if phone else []
    if email:
        parts.append(wd("Email_Address", email["value"]))
    urls = [each["value"] for each in given.get("urls") or () if each.get("url_type") != "SOCIAL_MEDIA"]
    parts += [wd("Website_Data", wd("URL_Address", url)) for url in urls]
    return wd("Contact_Data", *parts) if parts else None


def _phone(params: Row, phone: Row) -> Iterator[Element]:
    device = "Mobile" if phone.get("phone_number_type") == "MOBILE" else "Landline"
    code = params.get("country_phone_code") or COUNTRY_CODE
    yield reference("Phone_Device_Type_Reference", device, "Phone_Device_Type_ID")
    yield reference("Country_Phone_Code_Reference", code, "Country_Phone_Code_ID")
    yield wd("Phone_Number", phone["value"])


def _only(write: Write, given: dict[str, Any], name: str, at: str) -> Row | None:
    """The first of a list: Workday has room for one."""
    values: list[Row] = given.get(name) or []
    if name in given and not values:
        write.warn(f"{at}{name}", "It cannot be emptied at Workday.", INVALID_FIELD_CHOICE)
    if len(values) > 1:
        write.warn(f"{at}{name}", "Workday has room for one: the first was taken over.")
    return values[0] if values else None


def _social(given: dict[str, Any]) -> list[Element]:
    urls = [each["value"] for each in given.get("urls") or () if each.get("url_type") == "SOCIAL_MEDIA"]
    return [wd("Social_Media_Account_Data", wd("Social_Network_Account_URL", url)) for url in urls]


def _tags(write: Write, given: dict[str, Any], at: str) -> Iterator[Element]:
    """The tags that some candidate carries already: only those are known."""
    for name in given.get("tags") or ():
        rows = write.find(NAME, "tag", name)
        tags = (tag for row in rows for tag in many(first(row, "Candidate_Data"), "Candidate_Tag_Reference"))
        wid = next((ident(tag) for tag in tags if label(tag) == name), None)
        if wid:
            yield reference("Candidate_Tag_Reference", wid)
        else:
            write.warn(f"{at}tags", f"No candidate carries the tag {name!r} yet.", INVALID_FIELD_CHOICE)


def application_data(write: Write, given: dict[str, Any], at: str = "") -> Element:
    """A new application."""
    if not given.get("job"):
        raise Invalid(f"{at}job: Workday needs the job of an application.")
    stage = given.get("current_stage")
    return wd(
        "Job_Application_Data",
        wd(
            "Job_Applied_To_Data",
            reference("Job_Requisition_Reference", given["job"]),
            wd("Job_Application_Date", zulu(given.get("applied_at") or now())),
            reference("Stage_Reference", stage)
            if stage
            else reference("Stage_Reference", FIRST_STAGE, "Recruiting_Stage_ID"),
            _source(write, given, at),
        ),
    )


def _source(write: Write, given: dict[str, Any], at: str) -> Element | None:
    """The source of that name, as some application has it: only those are known."""
    name = given.get("source")
    for row in write.find(NAME, "source", name) if name else ():
        for each in candidacies(row):
            wid = ident(each.details, "Source_Reference")
            if wid and label(each.details, "Source_Reference") == name:
                return reference("Source_Reference", wid)
    if name:
        detail = f"No application has the source {name!r} yet."
        write.warn(f"{at}source", detail, INVALID_FIELD_CHOICE)
    return None


# Writes


def _add(write: Write, given: dict[str, Any], applications: Iterable[Element], at: str = "") -> Row:
    """Make a candidate, a prospect if there is no application, and the files; gives the answer as a row."""
    as_integration(write)
    wanted = list(applications)
    prospect = None if wanted else wd("Prospect_Data", wd("Prospect", "true"))
    data = wd(
        "Candidate_Data",
        _name(given),
        _contact(write, given, at),
        *_social(given),
        *wanted,
        prospect,
        *_tags(write, given, at),
    )
    answer = tell(write.client, wd("Put_Candidate_Request", data, Add_Only="true"))
    candidate = made(answer, "Candidate_Reference")
    write.also.append(Reference(NAME, candidate))
    for place, file in enumerate(given.get("attachments") or ()):
        try:
            write.also.append(attach(write, candidate, file, f"{at}attachments/{place}/").reference)
        except ProviderError as error:
            write.failed(f"{at}attachments/{place}", error)
    return row_of(answer)


def _create(write: Write) -> Written:
    applications = [
        application_data(write, each, f"applications/{place}/")
        for place, each in enumerate(write.fields.get("applications") or ())
    ]
    _add(write, write.fields, applications)
    return Written(write.also.pop(0))


def _update(write: Write) -> Written:
    """Change what was given. The web pages are replaced as a whole, and so are the tags."""
    as_integration(write)
    key, given = str(write.remote_id), write.fields
    known = None
    if {"first_name", "last_name"} & given.keys():
        known = first(current(write.client, key), "Candidate_Data")
    parts = [_name(given, known), _contact(write, given, ""), *_social(given), *_tags(write, given, "")]
    for name in ("urls", "tags"):
        if name in given and not given[name]:
            write.warn(name, "It cannot be emptied at Workday.", INVALID_FIELD_CHOICE)
    if any(part is not None for part in parts):
        whose = reference("Candidate_Reference", key)
        tell(write.client, wd("Put_Candidate_Request", whose, wd("Candidate_Data", *parts)))
    return Written(Reference(NAME, key))


def _apply(write: Write) -> Written:
    """A new application of a candidate, who may be new as well."""
    given = write.fields
    candidate, application = given["candidate"], application_data(write, given)
    if isinstance(candidate, dict):
        answer = _add(write, candidate, [application], "candidate/")
        return Written(write.also.pop(0), remote_id=_application_for(answer, given["job"]))
    as_integration(write)
    whose = reference("Candidate_Reference", candidate)
    request = wd("Put_Candidate_Request", whose, wd("Candidate_Data", application))
    answer = row_of(tell(write.client, request))
    return Written(Reference(NAME, candidate), remote_id=_application_for(answer, given["job"]))


def _application_for(answer: Row, job: str) -> str:
    """The id of the application that is for a requisition.

    Raises:
        Unavailable: the answer names none, though the write has been carried out.
    """
    for each in many(answer, "Candidate_Job_Application_Data"):
        wid = ident(each, "Job_Application_Reference")
        if wid and ident(each, "Job_Requisition_Reference") == job:
            return wid
    raise Unavailable("Workday names no application in its answer.", outcome_unknown=True)


CODE = Parameter(
    name="country_phone_code",
    type="string",
    description="The Country_Phone_Code_ID of the telephone number, such as DEU_49; USA_1 unless given.",
)
NESTED = ("applications", "attachments")
ACTIONS = (
    Action(
        "Candidate",
        "create",
        _create,
        fields=(*FIELDS, *NESTED),
        required=("first_name", "last_name"),
        nested=NESTED,
        parameters=(CODE,),
    ),
    Action("Candidate", "update", _update, fields=FIELDS, parameters=(CODE,)),
    Action(
        "Application",
        "create",
        _apply,
        fields=("candidate", *OF_APPLICATION),
        required=("candidate", "job"),
        nested=("candidate",),
    ),
)
