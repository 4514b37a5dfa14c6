"""Writing candidates, with the applications and files they come with."""

from dataclasses import replace
from typing import Any

from providers.greenhouse import applications
from providers.greenhouse.acting import acting_v1, acting_v3, made, needs_user_v1, number
from providers.greenhouse.attachments import attach_v1, attach_v3
from providers.greenhouse.lists import row_of
from providers.kit import Action, ProviderError, Reference, Row, Write, Written

PLAIN = ("first_name", "last_name", "company", "title", "is_private", "can_email")
TYPED = {"phone_numbers": "phone_number_type", "email_addresses": "email_address_type"}
WEBSITE_TYPES = ("PERSONAL", "COMPANY", "PORTFOLIO", "BLOG")
FIELDS = (*PLAIN, "locations", *TYPED, "urls", "tags")


def candidate_body(given: dict[str, Any]) -> Row:
    """The fields given, in Harvest's words. A list replaces the whole list, and an empty one clears it."""
    body: Row = {name: given[name] for name in PLAIN if name in given}
    for name, kind in TYPED.items():
        if name in given:
            body[name] = [
                {"value": each["value"], "type": (each.get(kind) or "OTHER").lower()}
                for each in given[name] or ()
            ]
    if "locations" in given:
        body["addresses"] = [{"value": value, "type": "other"} for value in given["locations"] or ()]
    if "urls" in given:
        body |= _urls(given["urls"] or ())
    if "tags" in given:
        body["tags"] = list(given["tags"] or ())
    return body


def _urls(urls: Any) -> Row:
    """Profiles of social media are a list of their own."""
    websites, profiles = [], []
    for each in urls:
        kind = each.get("url_type")
        if kind == "SOCIAL_MEDIA":
            profiles.append({"value": each["value"]})
        else:
            known = kind if kind in WEBSITE_TYPES else "OTHER"
            websites.append({"value": each["value"], "type": known.lower()})
    return {"website_addresses": websites, "social_media_addresses": profiles}


def create_v1(write: Write, given: dict[str, Any], nested: list[Row], at: str = "") -> Row:
    """V1 knows no candidate without an application: one without a job is a prospect's.

    Args:
        write: on whose behalf; what is made is noted there.
        given: the candidate's fields.
        nested: the bodies of the applications that come along.
        at: where the fields stand in the write, for what the caller is told.

    Returns:
        The vendor's answer: a candidate, maybe with ids only.
    """
    as_user = acting_v1(write)
    body = {**candidate_body(given), "applications": nested or [applications.PROSPECT_V1]}
    answer = row_of(write.client.send("POST", "/v1/candidates", json=body, as_user=as_user))
    key = made(answer)
    write.also.append(Reference("candidates", key))
    write.also += [Reference("applications", each) for each in applications_of(answer)]
    for place, file in enumerate(given.get("attachments") or ()):
        try:
            attach_v1(write, key, file, as_user, f"{at}attachments/{place}/")
        except ProviderError as error:
            write.failed(f"{at}attachments/{place}", error)
    return answer


def applications_of(answer: Row) -> list[str]:
    """The ids of the applications a new v1 candidate came with."""
    ids = answer.get("application_ids") or [each["id"] for each in answer.get("applications") or ()]
    return [str(each) for each in ids]


def create_v3(write: Write, given: dict[str, Any], nested: list[Row], at: str = "") -> Row:
    """V3 takes one application along; further ones, and the files, follow. Arguments as those of v1.

    Returns:
        The vendor's answer: `candidate`, and `application` or null.
    """
    as_user = acting_v3(write)
    body = candidate_body(given) | ({"application": nested[0]} if nested else {})
    answer = row_of(write.client.send("POST", "/v3/candidates", json=body, as_user=as_user))
    key = made(answer.get("candidate") or answer)
    write.also.append(Reference("candidates", key))
    application = (answer.get("application") or {}).get("id")
    if application is not None:
        write.also.append(Reference("applications", str(application)))
    for place, each in enumerate(nested[1:], start=1):
        try:
            posted = applications.post_v3(write, number(key, "candidate"), each, as_user)
            write.also.append(posted.reference)
        except ProviderError as error:
            write.failed(f"{at}applications/{place}", error)
    for place, file in enumerate(given.get("attachments") or ()):
        try:
            attached = attach_v3(write, key, file, as_user, application)
            write.also.append(attached.reference)
        except ProviderError as error:
            write.failed(f"{at}attachments/{place}", error)
    return answer


def _create_v1(write: Write) -> Written:
    nested = [
        applications.body_v1(write, each, f"applications/{place}/")
        for place, each in enumerate(write.fields.get("applications") or ())
    ]
    return _written(write, create_v1(write, write.fields, nested))


def _create_v3(write: Write) -> Written:
    nested = [
        applications.body_v3(write, each, f"applications/{place}/")
        for place, each in enumerate(write.fields.get("applications") or ())
    ]
    answer = create_v3(write, write.fields, nested)
    return _written(write, answer.get("candidate") or answer)


def _written(write: Write, row: Row) -> Written:
    """The candidate is what was asked for, everything else came along."""
    return Written(write.also.pop(0), row=row)


def _update_v1(write: Write) -> Written:
    return _update(write, f"/v1/candidates/{write.remote_id}", acting_v1(write))


def _update_v3(write: Write) -> Written:
    return _update(write, f"/v3/candidates/{write.remote_id}", acting_v3(write))


def _update(write: Write, path: str, as_user: str | None) -> Written:
    body = candidate_body(write.fields)
    reference = Reference("candidates", str(write.remote_id))
    if not body:
        return Written(reference)
    answer = row_of(write.client.send("PATCH", path, json=body, as_user=as_user))
    return Written(reference, row=answer if "id" in answer else None)


def _actions(create: Action, update: Action) -> tuple[Action, ...]:
    nested = ("applications", "attachments")
    return (
        replace(create, fields=(*FIELDS, *nested), required=("first_name", "last_name"), nested=nested),
        replace(update, fields=FIELDS),
    )


V1_ACTIONS = _actions(
    Action("Candidate", "create", _create_v1, needs_user=needs_user_v1),
    Action("Candidate", "update", _update_v1, needs_user=needs_user_v1),
)
V3_ACTIONS = _actions(Action("Candidate", "create", _create_v3), Action("Candidate", "update", _update_v3))
