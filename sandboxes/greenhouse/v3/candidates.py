"""Writes of candidates, tags, notes and attachments in v3."""

from starlette.responses import Response

from sandboxes.answers import JSONAnswer
from sandboxes.greenhouse import actions
from sandboxes.greenhouse.endpoint import Call, Endpoint
from sandboxes.greenhouse.errors import Invalid
from sandboxes.greenhouse.v3 import bodies
from sandboxes.greenhouse.v3.applications import APPLICATION_IDS
from sandboxes.greenhouse.v3.collections import COLLECTIONS
from sandboxes.store import Row

CANDIDATE = (
    *("first_name", "last_name", "preferred_name", "company", "title", "can_email", "time_zone"),
    *("phone_numbers", "email_addresses", "addresses", "website_addresses", "social_media_addresses"),
)
NOTE_TYPES = (
    *("NOTE", "EMAIL", "ACTIVITY", "INTERVIEW", "FOLLOW_UP", "TAKE_HOME_TEST", "LINKEDIN_NOTE"),
    *("LINKEDIN_INMAIL", "AVAILABILITY_REQUEST", "MIGRATION_ERROR", "TOUCHPOINT", "FORM", "FEEDBACK"),
)


def _candidate_fields(body: Row) -> Row:
    """The body says `is_private`, the record `private`."""
    fields = {key: body[key] for key in CANDIDATE if key in body}
    if "is_private" in body:
        fields["private"] = body["is_private"]
    return fields


def _render(call: Call, name: str, row: Row) -> Row:
    return COLLECTIONS[name].render(call.state, row)


def create(call: Call) -> Response:
    """POST /v3/candidates, with an application when asked."""
    body, state = call.body, call.state
    bodies.allow(body, (*CANDIDATE, "is_private", "tags", "application"))
    nested = body.get("application")
    if nested is not None:
        bodies.allow(nested, APPLICATION_IDS)
        bodies.require(nested, ("job_id",))
        actions.referred(state, "jobs", bodies.integer(nested, "job_id"), "application.job_id")
    candidate = actions.add_candidate(state, **_candidate_fields(body))
    actions.replace_tags(state, candidate["id"], body.get("tags", []))
    application = None
    if nested is not None:
        ids = bodies.integers(nested, APPLICATION_IDS)
        application = actions.create_application(state, candidate["id"], **ids)
    answer = {
        "candidate": _render(call, "candidates", candidate),
        "application": application and _render(call, "applications", application),
    }
    return JSONAnswer(answer, 201)


def update(call: Call) -> Response:
    """PATCH /v3/candidates/{id}: lists replace the whole list."""
    body, state = call.body, call.state
    candidate = actions.record(state, "candidates", call.ids["id"])
    bodies.allow(body, (*CANDIDATE, "is_private", "tags"))
    actions.check_values(body)
    if "tags" in body:
        actions.replace_tags(state, candidate["id"], body["tags"])
    state.change("candidates", candidate["id"], **_candidate_fields(body))
    return JSONAnswer(_render(call, "candidates", candidate))


def delete(call: Call) -> Response:
    """DELETE /v3/candidates/{id}."""
    actions.record(call.state, "candidates", call.ids["id"])
    call.state.delete("candidates", call.ids["id"])
    return Response(status_code=204)


def apply_tag(call: Call) -> Response:
    """POST /v3/applied_candidate_tags."""
    bodies.allow(call.body, ("candidate_id", "candidate_tag_id"))
    bodies.require(call.body, ("candidate_id", "candidate_tag_id"))
    ids = bodies.integers(call.body, ("candidate_id", "candidate_tag_id"))
    actions.referred(call.state, "candidates", ids["candidate_id"], "candidate_id")
    actions.referred(call.state, "candidate_tags", ids["candidate_tag_id"], "candidate_tag_id")
    row = actions.apply_tag(call.state, ids["candidate_id"], ids["candidate_tag_id"])
    return JSONAnswer(_render(call, "applied_candidate_tags", row), 201)


def remove_tag(call: Call) -> Response:
    """DELETE /v3/applied_candidate_tags/{row id}."""
    actions.record(call.state, "applied_candidate_tags", call.ids["id"])
    call.state.delete("applied_candidate_tags", call.ids["id"])
    return Response(status_code=204)


def create_note(call: Call) -> Response:
    """POST /v3/notes: the body's `note_type`/`public` are the record's `type`/`publicly_visible`."""
    body, state = call.body, call.state
    texts = ("subject", "email_from", "email_to", "email_cc")
    ids = ("candidate_id", "application_id", "user_id")
    bodies.allow(body, (*ids, *texts, "body", "note_type", "visibility"))
    bodies.require(body, ("candidate_id", "body", "note_type", "visibility"))
    fields = bodies.integers(body, ids)
    candidate = actions.referred(state, "candidates", fields.pop("candidate_id"), "candidate_id")
    if fields.get("application_id") is not None:
        actions.referred(state, "applications", fields["application_id"], "application_id")
    if fields.setdefault("user_id", call.actor_id) is not None:
        actions.active_user(state, fields["user_id"], "user_id")
    fields |= {key: _joined(body[key]) for key in texts if key in body}
    note = actions.add_note(
        state,
        candidate["id"],
        body=body["body"],
        type=actions.one_of(body["note_type"], NOTE_TYPES, "note_type"),
        visibility=actions.VISIBILITIES[
            actions.one_of(body["visibility"], actions.VISIBILITIES, "visibility")
        ],
        **fields,
    )
    return JSONAnswer(_render(call, "notes", note), 201)


def _joined(value: object) -> object:
    return ", ".join(value) if isinstance(value, list) else value


def create_attachment(call: Call) -> Response:
    """POST /v3/attachments: needs an application."""
    body = call.body
    bodies.allow(body, ("application_id", "filename", "type", "content", "url", "content_type", "visibility"))
    bodies.require(body, ("application_id", "filename", "type"))
    application = call.state.get("applications", bodies.integer(body, "application_id"))
    if application is None:
        raise Invalid("application_id", "does not exist")
    row = actions.add_attachment(call.state, body, application["candidate_id"], application["id"])
    return JSONAnswer(_render(call, "attachments", row), 201)


ENDPOINTS = [
    Endpoint("POST", "/v3/candidates", "harvest:candidates:create", create),
    Endpoint("PATCH", "/v3/candidates/{id:int}", "harvest:candidates:update", update),
    Endpoint("DELETE", "/v3/candidates/{id:int}", "harvest:candidates:destroy", delete),
    Endpoint("POST", "/v3/applied_candidate_tags", "harvest:applied_candidate_tags:create", apply_tag),
    Endpoint(
        "DELETE",
        "/v3/applied_candidate_tags/{id:int}",
        "harvest:applied_candidate_tags:destroy",
        remove_tag,
    ),
    Endpoint("POST", "/v3/notes", "harvest:notes:create", create_note),
    Endpoint("POST", "/v3/attachments", "harvest:attachments:create", create_attachment),
]
