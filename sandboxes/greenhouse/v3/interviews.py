"""Writes of interviews in v3."""

from starlette.responses import Response

from sandboxes.answers import JSONAnswer
from sandboxes.greenhouse import actions
from sandboxes.greenhouse.endpoint import Call, Endpoint
from sandboxes.greenhouse.errors import Invalid
from sandboxes.greenhouse.v3 import bodies
from sandboxes.greenhouse.v3.collections import COLLECTIONS
from sandboxes.store import Row

CHANGES = ("interviewers", "starts_at", "ends_at", "external_event_id", "location", "video_conferencing_url")
REQUIRED = (
    *("application_id", "job_interview_id", "interviewers"),
    *("starts_at", "ends_at", "external_event_id"),
)


def _panel(call: Call) -> list[Row]:
    """Interviewers by `user_id` only."""
    panel = []
    for entry in bodies.objects(call.body, "interviewers"):
        bodies.require(entry, ("user_id", "response_status"))
        user_id = bodies.integer(entry, "user_id")
        user = actions.active_user(call.state, user_id, "interviewers.user_id")
        panel.append(actions.panel_entry(user, entry["response_status"]))
    if not panel:
        raise Invalid("interviewers", "is required")
    return panel


def create(call: Call) -> Response:
    """POST /v3/interviews: the flat record, without its panel."""
    body, state = call.body, call.state
    bodies.allow(body, (*CHANGES, *REQUIRED))
    bodies.require(body, REQUIRED)
    ids = bodies.integers(body, ("application_id", "job_interview_id"))
    application = actions.referred(state, "applications", ids["application_id"], "application_id")
    actions.check_interview_target(state, application, ids["job_interview_id"], "job_interview_id")
    actions.check_unique_event(state, body["external_event_id"])
    fields = ids | {key: body[key] for key in CHANGES[3:] if key in body}
    fields |= {key: bodies.moment(body, key) for key in ("starts_at", "ends_at")}
    actions.check_times(fields["starts_at"], fields["ends_at"], "ends_at")
    interview = actions.create_interview(state, fields, _panel(call), call.actor_id)
    return JSONAnswer(COLLECTIONS["interviews"].render(state, interview), 201)


def update(call: Call) -> Response:
    """PATCH /v3/interviews/{id}: `interviewers` replaces the whole panel, not touching the interview."""
    body, state = call.body, call.state
    interview = actions.record(state, "interviews", call.ids["id"])
    bodies.allow(body, CHANGES)
    actions.check_changeable(interview)
    if "external_event_id" in body:
        actions.check_unique_event(state, body["external_event_id"], interview["id"])
    changes = {key: body[key] for key in CHANGES[3:] if key in body}
    changes |= {key: bodies.moment(body, key) for key in ("starts_at", "ends_at") if key in body}
    times = {**interview, **changes}
    if "starts_at" in changes or "ends_at" in changes:
        actions.check_times(times["starts_at"] or "", times["ends_at"] or "", "ends_at")
        changes |= {"all_day_start_on": None, "all_day_end_on": None}
    panel = _panel(call) if "interviewers" in body else None
    if changes:
        interview = state.change("interviews", interview["id"], **changes)
    if panel is not None:
        actions.replace_panel(state, interview["id"], panel)
    return JSONAnswer(COLLECTIONS["interviews"].render(state, interview))


def delete(call: Call) -> Response:
    """DELETE /v3/interviews/{id}."""
    interview = actions.record(call.state, "interviews", call.ids["id"])
    actions.check_changeable(interview)
    call.state.delete("interviews", interview["id"])
    return Response(status_code=204)


ENDPOINTS = [
    Endpoint("POST", "/v3/interviews", "harvest:interviews:create", create),
    Endpoint("PATCH", "/v3/interviews/{id:int}", "harvest:interviews:update", update),
    Endpoint("DELETE", "/v3/interviews/{id:int}", "harvest:interviews:destroy", delete),
]
