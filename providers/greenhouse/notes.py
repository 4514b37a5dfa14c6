"""Writing activities: notes, and e-mails that were sent elsewhere and are logged."""

from collections.abc import Callable
from dataclasses import replace

from providers.greenhouse.acting import acting_v1, acting_v3, author_of, needed, needs_user_v1, number
from providers.greenhouse.acting import made as made_id
from providers.greenhouse.lists import by_ids, by_path, row_of
from providers.kit import Action, Client, Invalid, Reference, Row, Rows, Write, Written

NOTE, EMAIL = "NOTE", "EMAIL"
FIELDS = ("candidate", "user", "activity_type", "subject", "body", "visibility")
REQUIRED = ("candidate", "body")

Fetch = Callable[[Client, str], Rows]


def _kind(write: Write) -> str:
    kind = str(write.fields.get("activity_type") or NOTE)
    if kind == EMAIL and not write.fields.get("subject"):
        raise Invalid("subject: an e-mail needs one.")
    return kind


def _visibility(write: Write) -> str:
    return str(write.fields.get("visibility") or "PUBLIC").lower()


def _address(write: Write, fetch: Fetch, resource: str, key: str, field: str) -> str:
    """The e-mail address of a user or a candidate."""
    row = write.stored(resource, key) or needed(write, fetch, resource, key, field)
    listed = [each.get("value") for each in row.get("email_addresses") or ()]
    address = row.get("primary_email") or row.get("primary_email_address") or next(iter(listed), None)
    if not address:
        raise Invalid(f"{field}: {key} has no e-mail address in Greenhouse.")
    return str(address)


def _create_v1(write: Write) -> Written:
    given, kind = write.fields, _kind(write)
    as_user = acting_v1(write, lambda: given.get("user"))
    candidate, author = str(given["candidate"]), str(given.get("user") or as_user)
    body: Row = {"user_id": number(author, "user"), "body": given["body"]}
    if kind == NOTE:
        array = "notes"
        body["visibility"] = _visibility(write)
        if given.get("subject"):
            write.warn("subject", "Notes have none in Harvest v1.")
    else:
        array = "emails"
        people = by_path("candidates", "/v1/candidates")
        users = by_path("users", "/v1/users")
        body["subject"] = given["subject"]
        body["to"] = _address(write, people, "candidates", candidate, "candidate")
        body["from"] = _address(write, users, "users", author, "user")
        body["cc"] = []
        if given.get("visibility"):
            write.warn("visibility", "E-mails have none in Harvest v1.")
    path = f"/v1/candidates/{number(candidate, 'candidate')}/activity_feed/{array}"
    answer = row_of(write.client.send("POST", path, json=body, as_user=as_user))
    row = {**answer, "candidate_id": number(candidate, "candidate"), "array": array}
    return Written(Reference("activity_feed", made_id(answer)), row=row)


def _create_v3(write: Write) -> Written:
    given, kind = write.fields, _kind(write)
    as_user = acting_v3(write, lambda: given.get("user"))
    candidate, author = str(given["candidate"]), given.get("user") or author_of(write, as_user)
    body: Row = {
        "candidate_id": number(candidate, "candidate"),
        "body": given["body"],
        "note_type": kind,
        "visibility": _visibility(write),
    }
    if author:
        body["user_id"] = number(author, "user")
    if given.get("subject"):
        body["subject"] = given["subject"]
    if kind == EMAIL:
        if not author:
            raise Invalid("user: an e-mail needs somebody who sent it.")
        people = by_ids("candidates", "/v3/candidates")
        users = by_ids("users", "/v3/users", show_service_accounts="true")
        body["email_to"] = _address(write, people, "candidates", candidate, "candidate")
        body["email_from"] = _address(write, users, "users", str(author), "user")
    answer = row_of(write.client.send("POST", "/v3/notes", json=body, as_user=as_user))
    return Written(Reference("notes", made_id(answer)), row=answer)


_CREATE = Action(
    "Activity",
    "create",
    _create_v3,
    fields=FIELDS,
    required=REQUIRED,
    choices={"activity_type": (NOTE, EMAIL)},
)
V1_ACTIONS = (replace(_CREATE, run=_create_v1, needs_user=needs_user_v1, user_field="user"),)
V3_ACTIONS = (_CREATE,)
