"""Writes of interviews: POST and PATCH on /v2, DELETE on /v1."""

from starlette.responses import Response

from sandboxes.answers import JSONAnswer
from sandboxes.greenhouse import actions
from sandboxes.greenhouse.endpoint import Call, Endpoint
from sandboxes.greenhouse.errors import Invalid
from sandboxes.greenhouse.v1 import bodies, render
from sandboxes.store import Row

REQUIRED = ("application_id", "interview_id", "interviewers", "start", "end", "external_event_id")
PLAIN = ("external_event_id", "location", "video_conferencing_url")
TIMES = {"start": "starts_at", "end": "ends_at"}


def _panel(call: Call) -> list[Row]:
    """Each interviewer needs one user key and a response status."""
    panel = []
    for entry in bodies.objects(call.body, "interviewers"):
        user = _interviewer(call, entry)
        if "response_status" not in entry:
            raise Invalid("interviewers.response_status", "is required")
        panel.append(actions.panel_entry(user, entry["response_status"]))
    if not panel:
        raise Invalid("interviewers", "is required")
    return panel


def _interviewer(call: Call, entry: Row) -> Row:
    if entry.get("user_id") is not None:
        user_id = bodies.integer(entry, "user_id")
        return actions.active_user(call.state, user_id, "interviewers.user_id")
    for key, column in (("email", "primary_email"), ("employee_id", "employee_id")):
        if entry.get(key):
            users = call.state.where("users", column, entry[key])
            return actions.active_user(call.state, users[0]["id"] if users else None, f"interviewers.{key}")
    raise Invalid("interviewers", "Must include one of: user_id, email, employee_id")


def create(call: Call) -> Response:
    """POST /v2/scheduled_interviews: the acting user becomes the organizer."""
    body, state = call.body, call.state
    bodies.require(body, REQUIRED)
    application = actions.referred(
        state, "applications", bodies.integer(body, "application_id"), "application_id"
    )
    step_id = bodies.integer(body, "interview_id")
    actions.check_interview_target(state, application, step_id, "interview_id")
    actions.check_unique_event(state, body["external_event_id"])
    fields = {key: body[key] for key in PLAIN if key in body}
    fields |= {column: bodies.moment(body, key) for key, column in TIMES.items()}
    actions.check_times(fields["starts_at"], fields["ends_at"], "end")
    fields |= {"application_id": application["id"], "job_interview_id": step_id}
    interview = actions.create_interview(state, fields, _panel(call), call.actor_id)
    return JSONAnswer(render.interview(state, interview), 201)


def _own(call: Call) -> Row:
    """An interview Harvest may change: made through Harvest and not complete."""
    interview = actions.record(call.state, "interviews", call.ids["id"])
    if not interview["actionable"]:
        raise Invalid("id", "interview was not created through the Harvest API")
    actions.check_changeable(interview)
    return interview


def update(call: Call) -> Response:
    """PATCH /v2/scheduled_interviews/{id}: `interviewers` replaces the whole panel."""
    body, state = call.body, call.state
    interview = _own(call)
    if "external_event_id" in body:
        actions.check_unique_event(state, body["external_event_id"], interview["id"])
    changes = {key: body[key] for key in PLAIN if key in body}
    changes |= {column: bodies.moment(body, key) for key, column in TIMES.items() if key in body}
    if changes.keys() & set(TIMES.values()):
        times = interview | changes
        actions.check_times(times["starts_at"] or "", times["ends_at"] or "", "end")
        changes |= {"all_day_start_on": None, "all_day_end_on": None}
    panel = _panel(call) if "interviewers" in body else None
    state.change("interviews", interview["id"], organizer_id=call.actor_id, **changes)
    if panel is not None:
        actions.replace_panel(state, interview["id"], panel)
    return JSONAnswer(render.interview(state, interview))


def delete(call: Call) -> Response:
    """DELETE /v1/scheduled_interviews/{id}."""
    interview = _own(call)
    call.state.delete("interviews", interview["id"])
    return JSONAnswer({"message": f"Interview {interview['id']} has been deleted."})


ENDPOINTS = [
    Endpoint("POST", "/v2/scheduled_interviews", "POST: Create Scheduled Interview", create),
    Endpoint("PATCH", "/v2/scheduled_interviews/{id:int}", "PATCH: Update Scheduled Interview", update),
    Endpoint("DELETE", "/v1/scheduled_interviews/{id:int}", "DELETE: Delete Scheduled Interview", delete),
]
