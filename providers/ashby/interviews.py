"""Writing interviews: the events of schedules.

See https://developers.ashbyhq.com/reference/interviewschedulecreate, .../interviewscheduleupdate and
.../interviewschedulecancel.
"""

from datetime import datetime
from typing import Any

from providers.ashby.calls import one_of
from providers.ashby.records import interviewers
from providers.ashby.resources import schedule_key, schedule_of
from providers.ashby.sending import as_the_key, made, sent
from providers.kit import (
    Action,
    Invalid,
    NotFound,
    Parameter,
    PermissionMissing,
    Reference,
    Row,
    Unavailable,
    Write,
    Written,
)
from providers.kit.dates import iso

RESOURCE = "interviewSchedule"
CANCELLED = "Cancelled"
DEFINITION = Parameter(
    name="interview_id",
    type="string",
    description="The id of the interview definition, where the organization's default is not meant.",
)


def create(write: Write) -> Written:
    """Schedule one interview. It is in the application's current stage: Ashby takes no other."""
    given = write.fields
    event: dict[str, Any] = {
        "startTime": iso(given["start_at"]),
        "endTime": iso(given["end_at"]),
        "interviewers": _panel(write, given["interviewers"], {}),
    }
    body = {"applicationId": given["application"], "interviewEvents": [event | _definition(write, {})]}
    row = {"applicationId": given["application"], **sent(write, "/interviewSchedule.create", body)}
    made(row)
    events = row.get("interviewEvents") or ()
    if not events:
        raise Unavailable("Ashby names no event in its answer.", outcome_unknown=True)
    return Written(Reference(RESOURCE, schedule_key(row)), row=row, remote_id=events[0]["id"])


def update(write: Write) -> Written:
    """Change what was given; Ashby wants all of an event, so the rest is sent as it is now."""
    kept, given = _kept(write), write.fields
    reference = Reference(RESOURCE, schedule_key(kept))
    wanted = {name: value for name, value in given.items() if value is not None}
    if not wanted and DEFINITION.name not in write.params:
        return Written(reference)
    schedule, event = _now(write, kept)
    if event is None:
        raise NotFound("Ashby no longer has this interview in its schedule.")
    present = {who["id"]: who for who in event.get("interviewers") or ()}
    users = wanted.get("interviewers", interviewers(event))
    body = {
        "interviewEventId": event["id"],
        "startTime": _time(wanted.get("start_at"), event.get("startTime")),
        "endTime": _time(wanted.get("end_at"), event.get("endTime")),
        "interviewers": _panel(write, users, present),
    }
    change = {"interviewScheduleId": schedule["id"], "interviewEvent": body | _definition(write, event)}
    return Written(reference, row=_whole(sent(write, "/interviewSchedule.update", change)))


def delete(write: Write) -> Written:
    """Cancel an event, and with the last one its schedule: what is left counts Ashby, not what is kept.

    Feedback is never deleted with it: Ashby refuses to cancel what feedback was given on.
    """
    kept = _kept(write)
    reference = Reference(RESOURCE, schedule_key(kept))
    try:
        schedule, event = _now(write, kept)
    except NotFound:
        return Written(reference, removed=True)
    if event is None or schedule.get("status") == CANCELLED:
        return Written(reference, row=schedule)
    if len(schedule["interviewEvents"]) > 1:
        path, body = (
            "/interviewSchedule.update",
            {
                "interviewScheduleId": schedule["id"],
                "interviewEventIdToCancel": event["id"],
            },
        )
    else:
        path, body = "/interviewSchedule.cancel", {"id": schedule["id"], "allowReschedule": False}
    return Written(reference, row=_whole(sent(write, path, body)))


def _kept(write: Write) -> Row:
    """The schedule an event is in, as it was last read: it names the application, by which it is found."""
    for row in write.find(RESOURCE, "event", write.remote_id):
        return row
    raise NotFound("The schedule of this interview is not known.")


def _now(write: Write, kept: Row) -> tuple[Row, Row | None]:
    """The schedule as Ashby has it, and the event in it."""
    schedule = schedule_of(write.client, kept["applicationId"], kept["id"])
    events = schedule.get("interviewEvents") or ()
    return schedule, next((event for event in events if event["id"] == write.remote_id), None)


def _time(given: datetime | None, now: str | None) -> str | None:
    """A time as Ashby wants it: the one given, or the present one, which may not be known yet."""
    moment = given or (datetime.fromisoformat(now) if now else None)
    return iso(moment) if moment else None


def _whole(row: Row) -> Row | None:
    """An answer that can be kept when the schedule cannot be read back at once."""
    return row if row.get("id") and row.get("applicationId") else None


def _definition(write: Write, event: Row) -> dict[str, Any]:
    """The interview definition: named outright, or as it is now."""
    named = write.params.get(DEFINITION.name) or event.get("interviewId")
    return {"interviewId": named} if named else {}


def _panel(write: Write, users: list[str], present: dict[str, Row]) -> list[dict[str, Any]]:
    """Interviewers go by e-mail. Of those who are on the panel already it is kept whether they must write
    feedback.
    """
    entries: list[dict[str, Any]] = []
    for user in dict.fromkeys(users):
        known = present.get(user, {})
        entry: dict[str, Any] = {"email": known.get("email") or _email(write, user)}
        if "isFeedbackRequired" in known:
            entry["feedbackRequired"] = known["isFeedbackRequired"]
        entries.append(entry)
    return entries


def _email(write: Write, user: str) -> str:
    row = write.stored("user", user) or _user(write, user)
    if not row.get("email"):
        raise Invalid(f"interviewers: user {user} has no e-mail address in Ashby.")
    return str(row["email"])


def _user(write: Write, user: str) -> Row:
    try:
        return one_of(write.client, "/user.list", user, includeDeactivated=True)
    except (NotFound, PermissionMissing) as error:
        raise Invalid(f"interviewers: Ashby does not show user {user}.") from error


MODEL = "ScheduledInterview"
CHANGEABLE = ("interviewers", "start_at", "end_at")
ACTIONS = (
    Action(
        MODEL,
        "create",
        as_the_key(create),
        fields=("application", *CHANGEABLE),
        required=("application", *CHANGEABLE),
        parameters=(DEFINITION,),
    ),
    Action(MODEL, "update", as_the_key(update), fields=CHANGEABLE, parameters=(DEFINITION,)),
    Action(MODEL, "delete", as_the_key(delete)),
)
