"""Writing interviews, the one thing Larkspur lets others write."""

from typing import Any

from providers.kit import Action, Invalid, Reference, Write, Written
from providers.kit.dates import iso
from providers.larkspur.lists import json_of

PATH = "/interviews"
FIELDS = ("start_at", "end_at", "interviewers", "location", "name")


def create(write: Write) -> Written:
    """Record an interview."""
    body = {"application_id": write.fields["application"], **_body(write)}
    made = json_of(write.client.send("POST", PATH, json=body))
    return Written(Reference("interviews", made["id"]), row=made)


def update(write: Write) -> Written:
    """Change what was given: a new beginning or end needs the other one, for Larkspur counts minutes."""
    changed = json_of(write.client.send("PATCH", f"{PATH}/{write.remote_id}", json=_body(write)))
    return Written(Reference("interviews", changed["id"]), row=changed)


def delete(write: Write) -> Written:
    """Take an interview back."""
    write.client.send("DELETE", f"{PATH}/{write.remote_id}")
    return Written(Reference("interviews", str(write.remote_id)), removed=True)


def _body(write: Write) -> dict[str, Any]:
    given = write.fields
    body: dict[str, Any] = {}
    if "start_at" in given or "end_at" in given:
        body |= _times(given)
    if "interviewers" in given:
        body["panel"] = given["interviewers"]
    names = {"location": "place", "name": "title"}
    return body | {theirs: given[ours] for ours, theirs in names.items() if ours in given}


def _times(given: dict[str, Any]) -> dict[str, Any]:
    start, end = given.get("start_at"), given.get("end_at")
    if start is None or end is None or end <= start:
        raise Invalid("Larkspur needs both start_at and end_at, in this order.")
    return {"starts": iso(start), "minutes": round((end - start).total_seconds() / 60)}


ACTIONS = (
    Action(
        "ScheduledInterview",
        "create",
        create,
        fields=("application", *FIELDS),
        required=("application", "start_at", "end_at", "interviewers"),
    ),
    Action("ScheduledInterview", "update", update, fields=FIELDS),
    Action("ScheduledInterview", "delete", delete),
)
