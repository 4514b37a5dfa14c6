"""`interviewSchedule.create`, `.update` and `.cancel`."""

from typing import Any

from sandboxes.ashby import render
from sandboxes.ashby.arguments import Shape, boolean, either, email, instant, list_of, open_object, uuid
from sandboxes.ashby.endpoint import Call, endpoint, found
from sandboxes.ashby.errors import Refused, invalid
from sandboxes.ashby.records import known, not_found
from sandboxes.ashby.state import State
from sandboxes.store import Row

WRITE = "interviewsWrite"
INTERVIEWER = Shape({"email": email}, {"feedbackRequired": boolean})
TIMES = {"startTime": instant, "endTime": instant, "interviewers": list_of(INTERVIEWER)}
OPTIONAL = {"interviewId": uuid, "extraData": open_object}
EVENT = Shape(TIMES, OPTIONAL)
CHANGED_EVENT = Shape(TIMES, {**OPTIONAL, "interviewEventId": uuid})


def create(call: Call) -> Row:
    """A schedule in the application's current stage, made by this API key and scheduled by nobody."""
    state = call.state
    application = known(state, "applications", call.arguments["applicationId"])
    events = [event_fields(state, given) for given in call.arguments["interviewEvents"]]
    row = state.add(
        "interviewSchedules",
        applicationId=application["id"],
        interviewStageId=application["interviewStageId"],
        madeByKey=True,
    )
    for fields in events:
        state.add("interviewEvents", interviewScheduleId=row["id"], **fields)
    return found(render.schedule(call, row))


def event_fields(state: State, given: Row) -> Row:
    """The fields of an event, all of them: without an `interviewId` it is the default interview."""
    if given["endTime"] <= given["startTime"]:
        invalid("endTime must be after startTime")
    interview = known(state, "interviews", given.get("interviewId", state.default_interview_id))
    return {
        "startTime": given["startTime"],
        "endTime": given["endTime"],
        "interviewId": interview["id"],
        "interviewers": [_interviewer(state, each) for each in given["interviewers"]],
        **({"extraData": given["extraData"]} if "extraData" in given else {}),
    }


def _interviewer(state: State, given: Row) -> Row:
    """An interviewer goes by e-mail address, and must be an enabled user."""
    enabled = [row for row in state.where("users", "email", given["email"]) if row["isEnabled"]]
    if not enabled:
        not_found("users")
    return {"userId": enabled[0]["id"], "isFeedbackRequired": given.get("feedbackRequired", True)}


def update(call: Call) -> Row:
    """Add, change or cancel events of a schedule this API key has made."""
    state = call.state
    schedule = known(state, "interviewSchedules", call.arguments["interviewScheduleId"])
    if not schedule["madeByKey"]:
        not_found("interviewSchedules")
    given, cancelled = call.get("interviewEvent"), call.get("interviewEventIdToCancel")
    if given is None and cancelled is None:
        invalid("interviewEvent or interviewEventIdToCancel is required")
    leaving = [event_of(state, schedule, key) for key in listed(cancelled)]
    changes = [_change(state, schedule, event) for event in listed(given)]
    spare_feedback(state, leaving, allowed=call.get("allowFeedbackDeletion", False))
    for row in leaving:
        state.delete("interviewEvents", row["id"])
    for key, fields in changes:
        if key:
            state.change("interviewEvents", key, **fields)
        else:
            state.add("interviewEvents", interviewScheduleId=schedule["id"], **fields)
    return found(render.schedule(call, schedule))


def listed(value: Any) -> list[Any]:
    """One thing or a list of them, as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _change(state: State, schedule: Row, given: Row) -> tuple[str | None, Row]:
    """The event to change (None: a new one) and its new fields."""
    key = given.get("interviewEventId")
    if key:
        event_of(state, schedule, key)
    return key, event_fields(state, given)


def event_of(state: State, schedule: Row, key: str) -> Row:
    """An event of this schedule."""
    row = known(state, "interviewEvents", key)
    if row["interviewScheduleId"] != schedule["id"]:
        not_found("interviewEvents")
    return row


def spare_feedback(state: State, events: list[Row], *, allowed: bool) -> None:
    """Cancelling an event deletes its feedback, so that must be asked for."""
    for row in events:
        if not allowed and state.where("applicationFeedback", "interviewEventId", row["id"]):
            message = "An interview event with submitted feedback cannot be cancelled."
            raise Refused("interview_event_has_feedback", message)


def cancel(call: Call) -> Row:
    """Cancel a schedule: it and its events stay."""
    state = call.state
    schedule = known(state, "interviewSchedules", call.arguments["id"])
    events = state.where("interviewEvents", "interviewScheduleId", schedule["id"])
    spare_feedback(state, events, allowed=False)
    state.change("interviewSchedules", schedule["id"], status="Cancelled")
    return found(render.schedule(call, schedule))


ENDPOINTS = (
    endpoint(
        "interviewSchedule.create",
        WRITE,
        create,
        {"applicationId": uuid, "interviewEvents": list_of(EVENT, least=1)},
    ),
    endpoint(
        "interviewSchedule.update",
        WRITE,
        update,
        {"interviewScheduleId": uuid},
        {
            "interviewEvent": either(CHANGED_EVENT, list_of(CHANGED_EVENT, least=1)),
            "interviewEventIdToCancel": either(uuid, list_of(uuid, least=1)),
            "allowFeedbackDeletion": boolean,
        },
    ),
    endpoint("interviewSchedule.cancel", WRITE, cancel, {"id": uuid}, {"allowReschedule": boolean}),
)
