"""Writing candidates, with the applications and files they come with."""

from typing import Any

from providers.greenhouse import applications
from providers.greenhouse.acting import acting_v1, acting_v3, made, number
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


def _create_v1(write: Write) -> Written:
    """V1 knows no candidate without an application: one without a job is a prospect's."""
    given = write.fields
    as_user = acting_v1(write)
    wanted: list[dict[str, Any]] = given.get("applications") or [{}]
    nested = [applications.body_v1(write, each) for each in wanted]
    body = {**candidate_body(given), "applications": nested}
    answer = row_of(write.client.send("POST", "/v1/candidates", json=body, as_user=as_user))
    key = made(answer)
    for file in given.get("attachments") or ():
        try:
            attach_v1(write, key, file, as_user)
        except ProviderError as error:
            write.warn("attachments", error.detail)
    ids = answer.get("application_ids") or [each["id"] for each in answer.get("applications") or ()]
    also = tuple(Reference("applications", str(each)) for each in ids)
    return Written(Reference("candidates", key), row=answer, also=also)


def _create_v3(write: Write) -> Written:
    """V3 takes one application along; further ones follow."""
    given = write.fields
    as_user = acting_v3(write)
    nested = [applications.body_v3(write, each) for each in given.get("applications") or ()]
    body = candidate_body(given) | ({"application": nested[0]} if nested else {})
    answer = row_of(write.client.send("POST", "/v3/candidates", json=body, as_user=as_user))
    candidate = answer.get("candidate") or answer
    key = made(candidate)
    application = (answer.get("application") or {}).get("id")
    also = [] if application is None else [Reference("applications", str(application))]
    for each in nested[1:]:
        try:
            posted = applications.post_v3(write, number(key, "candidate"), each, as_user)
            also.append(posted.reference)
        except ProviderError as error:
            write.warn("applications", error.detail)
    for file in given.get("attachments") or ():
        try:
            also.append(attach_v3(write, key, file, as_user, application).reference)
        except ProviderError as error:
            write.warn("attachments", error.detail)
    return Written(Reference("candidates", key), row=candidate, also=tuple(also))


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


def _actions(create: Any, update: Any) -> tuple[Action, ...]:
    nested = ("applications", "attachments")
    required = ("first_name", "last_name")
    return (
        Action("Candidate", "create", create, fields=(*FIELDS, *nested), required=required),
        Action("Candidate", "update", update, fields=FIELDS),
    )


V1_ACTIONS = _actions(_create_v1, _update_v1)
V3_ACTIONS = _actions(_create_v3, _update_v3)
