"""Writing interviews. Each lies in a panel, which is made with it; panels made by people cannot be changed.

https://hire.lever.co/developer/documentation#panels and #interviews
"""

from datetime import UTC, datetime, timedelta
from math import ceil

from providers.kit import Action, Invalid, Parameter, Reference, Row, Write, Written
from providers.lever.acting import acting_user, made, needs_user, tell_ignored
from providers.lever.lists import millis, row_of
from providers.lever.records import key_of
from providers.lever.resources import interview_path, read_interview

MINUTE = timedelta(minutes=1)
KEPT = ("subject", "note", "date", "duration", "location", "feedbackTemplate", "feedbackReminder", "panel")
NEEDED = ("start_at", "end_at", "interviewers")
CHANGEABLE = ("organizer", *NEEDED, "location", "name", "video_conferencing_url")
PARAMETERS = (
    Parameter("note", "string", "What the interviewers are told."),
    Parameter("timezone", "string", "The time zone of the panel, where the interview names none."),
    Parameter("panel", "string", "The id of a panel made through the API, to add the interview to."),
)


def create(write: Write) -> Written:
    """Make an interview, in a panel of its own unless one is named."""
    given, opportunity = write.fields, str(write.fields["application"])
    user = acting_user(write, given.get("organizer"))
    note = write.params.get("note")
    interview = _changed(write, {"note": note} if note else {})
    panel = write.params.get("panel")
    if panel:
        path, body = "interviews", {**interview, "panel": str(panel)}
    else:
        timezone = given.get("timezone") or write.params.get("timezone") or "UTC"
        path, body = "panels", {"timezone": timezone, "interviews": [interview]}
    tell_ignored(write, "organizer", user)
    answer = row_of(
        write.client.send(
            "POST", f"/opportunities/{opportunity}/{path}", json=body, params={"perform_as": user}
        )
    )
    key = made(answer if panel else next(iter(answer.get("interviews") or ()), {}))
    return Written(Reference("interviews", f"{opportunity}/{key}"), remote_id=key)


def update(write: Write) -> Written:
    """Change what was given. Lever clears what a `PUT` leaves out, so the rest is sent as it is now."""
    key = _key(write)
    if not write.fields.keys() - {"organizer"}:
        tell_ignored(write, "organizer", None)
        return Written(Reference("interviews", key))
    now = read_interview(write.client, key)
    user = acting_user(write, write.fields.get("organizer"), now.get("user"))
    tell_ignored(write, "organizer", user)
    kept = {name: now.get(name) for name in KEPT} | {"interviewers": now.get("interviewers") or []}
    body = _changed(write, kept)
    response = write.client.send("PUT", interview_path(key), json=body, params={"perform_as": user})
    row = {**row_of(response), "opportunityId": now["opportunityId"]}
    return Written(Reference("interviews", key), row=row)


def delete(write: Write) -> Written:
    """Take an interview back. Its panel goes with the last one, and stays while there are others."""
    key = _key(write)
    kept = write.stored("interviews", key) or {}
    user = acting_user(write, kept.get("user"))
    write.client.send("DELETE", interview_path(key), params={"perform_as": user})
    return Written(Reference("interviews", key), removed=True)


def _key(write: Write) -> str:
    """An interview is found within its opportunity only."""
    for row in write.find("interviews", "interview", write.remote_id):
        return key_of(row)
    raise Invalid(f"The opportunity of interview {write.remote_id} is not known.")


def _changed(write: Write, body: Row) -> Row:
    """The body of an interview: as it is, with what was given."""
    given = write.fields
    for name in NEEDED:
        if name in given and not given[name]:
            raise Invalid(f"{name}: Lever needs it.")
    users = given.get("interviewers") or [who["id"] for who in body.get("interviewers") or ()]
    templates = {who["id"]: who.get("feedbackTemplate") for who in body.get("interviewers") or ()}
    changed = {**body, "interviewers": [_invited(user, templates.get(user)) for user in users]}
    if "name" in given:
        changed["subject"] = given["name"]
    if "location" in given:
        changed["location"] = given["location"]
    return {**changed, **_times(write, body), **_video(write, changed)}


def _invited(user: str, template: str | None) -> Row:
    return {"id": user, "feedbackTemplate": template} if template else {"id": user}


def _times(write: Write, body: Row) -> Row:
    """When, and for how many minutes: who moves one end only leaves the other where it is."""
    start, end = write.fields.get("start_at"), write.fields.get("end_at")
    if start is None and end is None:
        return {}
    if start is None or end is None:
        if body.get("date") is None or body.get("duration") is None:
            raise Invalid("start_at and end_at: the interview has no times yet, so it needs both.")
        begun = datetime.fromtimestamp(body["date"] / 1000, UTC)
        start, end = start or begun, end or begun + body["duration"] * MINUTE
    if end <= start:
        raise Invalid("end_at: an interview ends after it has begun.")
    return {"date": millis(start), "duration": ceil((end - start) / MINUTE)}


def _video(write: Write, body: Row) -> Row:
    """Lever has no place for the address of a video call: it is the location, or stands in the note."""
    address = write.fields.get("video_conferencing_url")
    if not address:
        return {}
    place = "note" if body.get("location") else "location"
    write.warn("video_conferencing_url", f"Lever has no such field: it was put into the {place}.")
    if place == "location":
        return {"location": address}
    note = body.get("note") or ""
    return {} if address in note else {"note": f"{note}\n{address}".strip()}


MODEL = "ScheduledInterview"
ACTIONS = (
    Action(
        MODEL,
        "create",
        create,
        fields=("application", "timezone", *CHANGEABLE),
        required=("application", *NEEDED),
        parameters=PARAMETERS,
        needs_user=needs_user,
        user_field="organizer",
    ),
    Action(MODEL, "update", update, fields=CHANGEABLE),
    Action(MODEL, "delete", delete),
)
