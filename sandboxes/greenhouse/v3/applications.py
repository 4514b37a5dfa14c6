"""Writes of applications in v3; the actions answer 204 without a body."""

from starlette.responses import Response

from sandboxes.answers import JSONAnswer
from sandboxes.greenhouse import actions
from sandboxes.greenhouse.endpoint import Call, Endpoint
from sandboxes.greenhouse.errors import NotFound
from sandboxes.greenhouse.v3 import bodies
from sandboxes.greenhouse.v3.collections import COLLECTIONS

APPLICATION_IDS = (
    *("job_id", "source_id", "recruiter_id", "coordinator_id"),
    *("referrer_id", "initial_stage_id"),
)
NO_CONTENT = 204


def create(call: Call) -> Response:
    """POST /v3/applications."""
    bodies.allow(call.body, (*APPLICATION_IDS, "candidate_id"))
    bodies.require(call.body, ("candidate_id", "job_id"))
    ids = bodies.integers(call.body, (*APPLICATION_IDS, "candidate_id"))
    actions.referred(call.state, "candidates", ids["candidate_id"], "candidate_id")
    application = actions.create_application(call.state, **ids)
    return JSONAnswer(COLLECTIONS["applications"].render(call.state, application), 201)


def move(call: Call) -> Response:
    """POST …/move: to a stage, to another job, or (neither given) to the next stage."""
    state = call.state
    application = actions.record(state, "applications", call.ids["id"])
    keys = ("from_stage_id", "to_stage_id", "to_job_id")
    bodies.allow(call.body, keys)
    ids = bodies.integers(call.body, keys)
    actions.check_from_stage(application, ids.get("from_stage_id"))
    job_id = ids.get("to_job_id") or application["job_id"]
    actions.referred(state, "jobs", job_id, "to_job_id")
    if ids.get("to_stage_id") is not None:
        stage = actions.stage_of_job(state, ids["to_stage_id"], job_id, "to_stage_id")
    elif job_id != application["job_id"]:
        stage = actions.stages_of(state, job_id)[0]
    else:
        stage = actions.next_stage(state, application)
    actions.move(state, application, stage)
    return Response(status_code=NO_CONTENT)


def reject(call: Call) -> Response:
    """POST …/reject: v3 requires a reason."""
    application = actions.record(call.state, "applications", call.ids["id"])
    bodies.allow(call.body, ("rejection_reason_id", "notes", "rejection_email"))
    bodies.require(call.body, ("rejection_reason_id",))
    reason_id = bodies.integer(call.body, "rejection_reason_id")
    actions.referred(call.state, "rejection_reasons", reason_id, "rejection_reason_id")
    actions.reject(call.state, application, reason_id)
    return Response(status_code=NO_CONTENT)


def change_reason(call: Call) -> Response:
    """PATCH /v3/rejection_details/{id}."""
    detail = actions.record(call.state, "rejection_details", call.ids["id"])
    bodies.allow(call.body, ("rejection_reason_id",))
    bodies.require(call.body, ("rejection_reason_id",))
    reason = actions.referred(
        call.state,
        "rejection_reasons",
        bodies.integer(call.body, "rejection_reason_id"),
        "rejection_reason_id",
    )
    actions.change_rejection_reason(call.state, detail, reason["id"])
    return JSONAnswer(COLLECTIONS["rejection_details"].render(call.state, detail))


def unreject(call: Call) -> Response:
    """POST …/unreject."""
    actions.unreject(call.state, actions.record(call.state, "applications", call.ids["id"]))
    return Response(status_code=NO_CONTENT)


def hire(call: Call) -> Response:
    """POST …/hire."""
    actions.hire(call.state, actions.record(call.state, "applications", call.ids["id"]))
    return Response(status_code=NO_CONTENT)


def delete(call: Call) -> Response:
    """DELETE /v3/applications/{id}."""
    if call.state.get("applications", call.ids["id"]) is None:
        raise NotFound
    call.state.delete("applications", call.ids["id"])
    return Response(status_code=NO_CONTENT)


ENDPOINTS = [
    Endpoint("POST", "/v3/applications", "harvest:applications:create", create),
    Endpoint("POST", "/v3/applications/{id:int}/move", "harvest:applications:move", move),
    Endpoint("POST", "/v3/applications/{id:int}/reject", "harvest:applications:reject", reject),
    Endpoint("POST", "/v3/applications/{id:int}/unreject", "harvest:applications:unreject", unreject),
    Endpoint("POST", "/v3/applications/{id:int}/hire", "harvest:applications:hire", hire),
    Endpoint("DELETE", "/v3/applications/{id:int}", "harvest:applications:destroy", delete),
    Endpoint("PATCH", "/v3/rejection_details/{id:int}", "harvest:rejection_details:update", change_reason),
]
