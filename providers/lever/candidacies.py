"""Writing candidates and applications: both are made by making an opportunity.

https://hire.lever.co/developer/documentation#create-an-opportunity. What Lever answers to a change of an
opportunity has no name, no addresses and no numbers: it is never stored, everything is read again.
"""

from typing import Any

from providers.kit import Action, Invalid, ProviderError, Reference, Row, Write, Written
from providers.lever.acting import acting_user, known_user, made, needs_user, opportunities_of
from providers.lever.attachments import attach
from providers.lever.lists import json_of, one, row_of
from providers.lever.records import names

PERSON = ("first_name", "last_name", "locations", "phone_numbers", "email_addresses", "urls", "tags")
GIVEN = ("job", "current_stage")  # what a new application takes over


# ---- bodies


def contact_body(write: Write, given: dict[str, Any], at: str = "") -> Row:
    """A person's data. Lever keeps no types of addresses, and one place of many."""
    body: Row = {}
    if "locations" in given:
        places = given["locations"] or []
        body["location"] = places[0] if places else ""
        if len(places) > 1:
            write.warn(f"{at}locations", "Lever keeps one location: the first was taken.")
    if "email_addresses" in given:
        body["emails"] = [each["value"] for each in given["email_addresses"] or ()]
    if "phone_numbers" in given:
        body["phones"] = [_phone(each) for each in given["phone_numbers"] or ()]
    return body


def _phone(number: Row) -> Row:
    kind = number.get("phone_number_type")
    return {"value": number["value"], **({"type": kind.lower()} if kind else {})}


def full_name(given: dict[str, Any]) -> str:
    """Both names as the one that Lever keeps."""
    return " ".join(name for name in (given.get("first_name"), given.get("last_name")) if name)


def _links(given: dict[str, Any]) -> list[str]:
    return [each["value"] for each in given.get("urls") or ()]


def _person_body(write: Write, given: dict[str, Any], at: str) -> Row:
    name = full_name(given)
    if not name:
        raise Invalid(f"{at}first_name: a candidate needs a name.")
    body = {"name": name, **contact_body(write, given, at)}
    if given.get("urls"):
        body["links"] = _links(given)
    if given.get("tags"):
        body["tags"] = list(given["tags"])
    return body


def _candidacy_body(given: dict[str, Any]) -> Row:
    """Lever takes one posting at a time."""
    body: Row = {"postings": [given["job"]]} if given.get("job") else {}
    return body | ({"stage": given["current_stage"]} if given.get("current_stage") else {})


# ---- making


def _post(write: Write, body: Row, user: str, at: str = "") -> Row:
    """Make an opportunity; it is noted among what has been made."""
    response = write.client.send("POST", "/opportunities", json=body, params={"perform_as": user})
    answer = row_of(response)
    write.also.append(Reference("opportunities", made(answer)))
    if "name" in body and json_of(response).get("deduped"):
        detail = "Lever knows this address: the opportunity joined that contact, whose data stay."
        write.warn(f"{at}email_addresses", detail)
    return answer


def create_candidate(write: Write) -> Written:
    """Make a contact by its first opportunity; further applications and files follow."""
    given, user = write.fields, acting_user(write)
    applications = given.get("applications") or []
    first = _candidacy_body(applications[0]) if applications else {}
    answer = _post(write, _person_body(write, given, "") | first, user)
    for place, each in enumerate(applications[1:], start=1):
        try:
            _post(write, {"contact": answer.get("contact"), **_candidacy_body(each)}, user)
        except ProviderError as error:
            write.failed(f"applications/{place}", error)
    _attach_all(write, made(answer), given, user)
    return Written(write.also.pop(0), remote_id=str(answer["contact"]))


def create_application(write: Write) -> Written:
    """Make an opportunity of a contact, or of a new one."""
    candidate, user = write.fields["candidate"], acting_user(write)
    at = "candidate/"
    known = {} if isinstance(candidate, dict) else {"contact": candidate}
    person = known or _person_body(write, candidate, at)
    answer = _post(write, person | _candidacy_body(write.fields), user, at)
    if not known:
        _attach_all(write, made(answer), candidate, user, at)
    return Written(write.also.pop(0))


def _attach_all(write: Write, opportunity: str, given: dict[str, Any], user: str, at: str = "") -> None:
    for place, file in enumerate(given.get("attachments") or ()):
        try:
            write.also.append(attach(write, opportunity, file, user, f"{at}attachments/{place}/").reference)
        except ProviderError as error:
            write.failed(f"{at}attachments/{place}", error)


# ---- changing a contact


def update_candidate(write: Write) -> Written:
    """Change a contact, and the tags and links of its opportunities."""
    contact, given = str(write.remote_id), write.fields
    rows = opportunities_of(write, contact)
    body = contact_body(write, given)
    if "first_name" in given or "last_name" in given:
        body["name"] = _changed_name(write, contact)
    if body:
        write.client.send("PUT", f"/contacts/{contact}", json=body)
    for field, change in (("tags", _change_tags), ("urls", _change_links)):
        if field in given:
            try:
                change(write, rows)
            except ProviderError as error:
                if not write.client.has_written:
                    raise
                write.failed(field, error)
    changed, *others = (Reference("opportunities", str(row["id"])) for row in rows)
    write.also += others
    return Written(changed)


def _changed_name(write: Write, contact: str) -> str:
    """Lever keeps one name: what was not given of it is as it is now."""
    given = write.fields
    if not {"first_name", "last_name"} <= given.keys():
        given = {**names(one(write.client, f"/contacts/{contact}").get("name")), **given}
    name = full_name(given)
    if not name:
        raise Invalid("first_name: a candidate needs a name.")
    return name


def _change_tags(write: Write, rows: list[Row]) -> None:
    """A candidate's tags are those of all opportunities: new ones go to the newest."""
    wanted = write.fields["tags"] or []
    present = {tag for row in rows for tag in row.get("tags") or ()}
    _change(write, rows[0], "addTags", "tags", [tag for tag in wanted if tag not in present])
    for row in rows:
        surplus = [tag for tag in row.get("tags") or () if tag not in wanted]
        _change(write, row, "removeTags", "tags", surplus)


def _change_links(write: Write, rows: list[Row]) -> None:
    """Links are a contact's, and reached through any of its opportunities."""
    wanted, present = _links(write.fields), rows[0].get("links") or []
    _change(write, rows[0], "addLinks", "links", [link for link in wanted if link not in present])
    _change(write, rows[0], "removeLinks", "links", [link for link in present if link not in wanted])


def _change(write: Write, row: Row, verb: str, name: str, values: list[str]) -> None:
    if values:
        user = {"perform_as": known_user(write)}
        write.client.send("POST", f"/opportunities/{row['id']}/{verb}", json={name: values}, params=user)


# ---- moving an application


def change_stage(write: Write) -> Written:
    """Move an opportunity to another stage."""
    return _put(write, "stage", {"stage": write.fields["current_stage"]})


def reject(write: Write) -> Written:
    """Archive an opportunity with a reason. Its interviews stay."""
    return _put(write, "archived", {"reason": write.fields["reject_reason"], "cleanInterviews": False})


def _put(write: Write, part: str, body: Row) -> Written:
    key = str(write.remote_id)
    user = {"perform_as": known_user(write)}
    write.client.send("PUT", f"/opportunities/{key}/{part}", json=body, params=user)
    return Written(Reference("opportunities", key))


ACTIONS = (
    Action(
        "Candidate",
        "create",
        create_candidate,
        fields=(*PERSON, "applications", "attachments"),
        required=("first_name",),
        nested=("applications", "attachments"),
        needs_user=needs_user,
    ),
    Action("Candidate", "update", update_candidate, fields=PERSON),
    Action(
        "Application",
        "create",
        create_application,
        fields=("candidate", *GIVEN),
        required=("candidate", "job"),
        nested=("candidate",),
        needs_user=needs_user,
    ),
    Action(
        "Application", "change_stage", change_stage, fields=("current_stage",), required=("current_stage",)
    ),
    Action("Application", "reject", reject, fields=("reject_reason",), required=("reject_reason",)),
)
