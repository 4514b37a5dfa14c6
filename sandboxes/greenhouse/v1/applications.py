"""Writes of applications in v1."""

from starlette.responses import Response

from sandboxes.answers import JSONAnswer
from sandboxes.greenhouse import actions
from sandboxes.greenhouse.endpoint import Call, Endpoint
from sandboxes.greenhouse.errors import Invalid
from sandboxes.greenhouse.state import State
from sandboxes.greenhouse.v1 import bodies, render
from sandboxes.store import Row

IDS = ("source_id", "recruiter_id", "coordinator_id", "initial_stage_id")


def added(state: State, candidate_id: int, body: Row, field: str = "job_id") -> Row:
    """An application for a job, or a prospect when the body says so."""
    ids = {key: bodies.integer(body, key) for key in IDS if key in body}
    if bodies.truthy(body.get("prospect")):
        ids.pop("initial_stage_id", None)
        job_ids = [bodies.integer({field: job_id}, field) for job_id in body.get("job_ids") or []]
        for job_id in job_ids:
            actions.referred(state, "jobs", job_id, field)
        return state.add(
            "applications", candidate_id=candidate_id, prospect=True, prospective_job_ids=job_ids, **ids
        )
    bodies.require(body, ("job_id",))
    job_id = bodies.integer(body, "job_id")
    job = actions.referred(state, "jobs", job_id, field)
    referrer_id = _referrer(state, body["referrer"]) if body.get("referrer") else None
    return actions.create_application(state, candidate_id, job["id"], referrer_id=referrer_id, **ids)


def _referrer(state: State, referrer: Row) -> int:
    """`{"type": "id", "value": <user id>}`: whom the application is credited to."""
    actions.one_of(referrer.get("type"), ("id", "email", "outside"), "referrer.type")
    if referrer["type"] == "outside":
        return int(state.add("referrers", name=referrer["value"], user_id=None)["id"])
    user_id = referrer["value"]
    if referrer["type"] == "email":
        users = state.where("users", "primary_email", user_id)
        user_id = users[0]["id"] if users else None
    user = actions.active_user(state, bodies.integer({"value": user_id}, "value"), "referrer.value")
    known = state.where("referrers", "user_id", user["id"])
    name = f"{user['first_name']} {user['last_name']}"
    row = known[0] if known else state.add("referrers", name=name, user_id=user["id"])
    return int(row["id"])


def _application(call: Call) -> Row:
    return actions.record(call.state, "applications", call.ids["id"])


def _rendered(call: Call, row: Row) -> Response:
    return JSONAnswer(render.application(call.state, row))


def create(call: Call) -> Response:
    """POST /v1/candidates/{id}/applications."""
    candidate = actions.record(call.state, "candidates", call.ids["id"])
    application = added(call.state, candidate["id"], call.body)
    if call.state.truncated_writes:
        return JSONAnswer({"id": application["id"]}, 201)
    return JSONAnswer(render.application(call.state, application), 201)


def move(call: Call) -> Response:
    """POST …/move within the job."""
    application = _application(call)
    actions.check_from_stage(application, bodies.integer(call.body, "from_stage_id"))
    stage_id = bodies.integer(call.body, "to_stage_id")
    stage = actions.stage_of_job(call.state, stage_id, application["job_id"], "to_stage_id")
    actions.move(call.state, application, stage)
    return _rendered(call, application)


def advance(call: Call) -> Response:
    """POST …/advance to the next stage."""
    application = _application(call)
    actions.check_from_stage(application, bodies.integer(call.body, "from_stage_id"))
    actions.move(call.state, application, actions.next_stage(call.state, application))
    return _rendered(call, application)


def transfer(call: Call) -> Response:
    """POST …/transfer_to_job."""
    application = _application(call)
    actions.check_active(application)
    job_id = bodies.integer(call.body, "new_job_id")
    job = actions.referred(call.state, "jobs", job_id, "new_job_id")
    stage_id = bodies.integer(call.body, "new_stage_id")
    stage = (
        actions.stages_of(call.state, job["id"])[0]
        if stage_id is None
        else actions.stage_of_job(call.state, stage_id, job["id"], "new_stage_id")
    )
    actions.move(call.state, application, stage)
    return _rendered(call, application)


def _reason_id(call: Call) -> int | None:
    reason_id = bodies.integer(call.body, "rejection_reason_id")
    if reason_id is not None:
        actions.referred(call.state, "rejection_reasons", reason_id, "rejection_reason_id")
    return reason_id


def reject(call: Call) -> Response:
    """POST …/reject; the reason is optional in v1."""
    application = _application(call)
    actions.reject(call.state, application, _reason_id(call))
    return _rendered(call, application)


def change_reason(call: Call) -> Response:
    """PATCH …/reject."""
    application = _application(call)
    details = call.state.where("rejection_details", "application_id", application["id"])
    reason_id = _reason_id(call)
    if not details or reason_id is None:
        raise Invalid("rejection_reason_id", "is required for a rejected application")
    actions.change_rejection_reason(call.state, details[-1], reason_id)
    return _rendered(call, application)


def unreject(call: Call) -> Response:
    """POST …/unreject."""
    application = _application(call)
    actions.unreject(call.state, application)
    return _rendered(call, application)


def attach(call: Call) -> Response:
    """POST /v1/applications/{id}/attachments."""
    application = _application(call)
    check_content_type(call.body)
    row = actions.add_attachment(call.state, call.body, application["candidate_id"], application["id"])
    return JSONAnswer(render.attachment(call.state, row), 201)


def check_content_type(body: Row) -> None:
    """`content` needs a `content_type`."""
    if body.get("content"):
        bodies.require(body, ("content_type",))


def delete(call: Call) -> Response:
    """DELETE /v1/applications/{id}."""
    application = _application(call)
    call.state.delete("applications", application["id"])
    return JSONAnswer({"message": f"Application {application['id']} has been deleted."})


_ONE = "/v1/applications/{id:int}"
ENDPOINTS = [
    Endpoint("POST", "/v1/candidates/{id:int}/applications", "POST: Add Application to Candidate", create),
    Endpoint("POST", f"{_ONE}/move", "POST: Move Application (same job)", move),
    Endpoint("POST", f"{_ONE}/advance", "POST: Advance Application", advance),
    Endpoint("POST", f"{_ONE}/transfer_to_job", "POST: Move Application (different job)", transfer),
    Endpoint("POST", f"{_ONE}/reject", "POST: Reject Application", reject),
    Endpoint("PATCH", f"{_ONE}/reject", "PATCH: Update Rejection Reason", change_reason),
    Endpoint("POST", f"{_ONE}/unreject", "POST: Unreject Application", unreject),
    Endpoint("POST", f"{_ONE}/attachments", "POST: Add Attachment to Application", attach),
    Endpoint("DELETE", _ONE, "DELETE: Delete Application", delete),
]
