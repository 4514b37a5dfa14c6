"""Writes of candidates, their feed, attachments and tags in v1."""

from starlette.responses import Response

from sandboxes.answers import JSONAnswer
from sandboxes.greenhouse import actions
from sandboxes.greenhouse.endpoint import Call, Endpoint
from sandboxes.greenhouse.errors import Invalid
from sandboxes.greenhouse.v1 import applications, bodies, render
from sandboxes.store import Row

PLAIN = (
    *("first_name", "last_name", "company", "title", "can_email"),
    *("phone_numbers", "email_addresses", "addresses", "website_addresses", "social_media_addresses"),
)
ATTACHMENT_TYPES = ("resume", "cover_letter", "admin_only")


def _fields(call: Call) -> Row:
    fields = {key: call.body[key] for key in PLAIN if key in call.body}
    if "is_private" in call.body:
        fields["private"] = call.body["is_private"]
    for key in ("recruiter", "coordinator"):
        if call.body.get(key):
            user_id = bodies.integer(call.body[key], "id")
            fields[f"{key}_id"] = actions.active_user(call.state, user_id, key)["id"]
    return fields


def create(call: Call) -> Response:
    """POST /v1/candidates with at least one application."""
    body, state = call.body, call.state
    bodies.require(body, ("first_name", "last_name", "applications"))
    wanted = bodies.objects(body, "applications")
    for entry in wanted:
        if not bodies.truthy(entry.get("prospect")):
            actions.referred(state, "jobs", bodies.integer(entry, "job_id"), "applications.job_id")
    candidate = actions.add_candidate(state, **_fields(call))
    actions.replace_tags(state, candidate["id"], body.get("tags", []))
    created = [applications.added(state, candidate["id"], entry) for entry in wanted]
    if state.truncated_writes:
        ids = [application["id"] for application in created]
        return JSONAnswer({"id": candidate["id"], "application_ids": ids}, 201)
    return JSONAnswer(render.candidate(state, candidate), 201)


def _candidate(call: Call) -> Row:
    return actions.record(call.state, "candidates", call.ids["id"])


def update(call: Call) -> Response:
    """PATCH /v1/candidates/{id}: lists replace the whole list."""
    candidate = _candidate(call)
    fields = _fields(call)
    actions.check_values(fields)
    if "tags" in call.body:
        actions.replace_tags(call.state, candidate["id"], call.body["tags"])
    call.state.change("candidates", candidate["id"], **fields)
    return JSONAnswer(render.candidate(call.state, candidate))


def delete(call: Call) -> Response:
    """DELETE /v1/candidates/{id}."""
    candidate = _candidate(call)
    call.state.delete("candidates", candidate["id"])
    return JSONAnswer({"message": f"Candidate {candidate['id']} has been deleted."})


def add_note(call: Call) -> Response:
    """POST …/activity_feed/notes."""
    candidate = _candidate(call)
    bodies.require(call.body, ("user_id", "body", "visibility"))
    word = actions.one_of(call.body["visibility"], actions.VISIBILITIES, "visibility")
    author = actions.active_user(call.state, bodies.integer(call.body, "user_id"), "user_id")
    note = actions.add_note(
        call.state,
        candidate["id"],
        body=call.body["body"],
        user_id=author["id"],
        visibility=actions.VISIBILITIES[word],
    )
    return JSONAnswer(render.note(call.state, note), 201)


def add_email(call: Call) -> Response:
    """POST …/activity_feed/emails: logs an e-mail, does not send it."""
    candidate = _candidate(call)
    bodies.require(call.body, ("user_id", "to", "from", "subject", "body"))
    author = actions.active_user(call.state, bodies.integer(call.body, "user_id"), "user_id")
    copied = call.body.get("cc")
    email = actions.add_note(
        call.state,
        candidate["id"],
        type="EMAIL",
        user_id=author["id"],
        subject=call.body["subject"],
        body=call.body["body"],
        email_to=call.body["to"],
        email_from=call.body["from"],
        email_cc=", ".join(copied) if isinstance(copied, list) else copied,
    )
    return JSONAnswer(render.email(call.state, email), 201)


def attach(call: Call) -> Response:
    """POST /v1/candidates/{id}/attachments."""
    candidate = _candidate(call)
    bodies.require(call.body, ("filename", "type"))
    actions.one_of(call.body["type"], ATTACHMENT_TYPES, "type")
    applications.check_content_type(call.body)
    row = actions.add_attachment(call.state, call.body, candidate["id"], None)
    return JSONAnswer(render.attachment(call.state, row), 201)


def put_tag(call: Call) -> Response:
    """PUT /v1/candidates/{id}/tags/{tag_id}."""
    candidate = _candidate(call)
    tag = actions.record(call.state, "candidate_tags", call.ids["tag_id"])
    actions.apply_tag(call.state, candidate["id"], tag["id"])
    return JSONAnswer(render.tag(call.state, tag))


def delete_tag(call: Call) -> Response:
    """DELETE /v1/candidates/{id}/tags/{tag_id}."""
    candidate = _candidate(call)
    for row in call.state.where("applied_candidate_tags", "candidate_id", candidate["id"]):
        if row["candidate_tag_id"] == call.ids["tag_id"]:
            call.state.delete("applied_candidate_tags", row["id"])
            return JSONAnswer({"message": f"Tag {call.ids['tag_id']} has been removed."})
    raise Invalid("tag_id", "is not applied to the candidate")


_ONE = "/v1/candidates/{id:int}"
ENDPOINTS = [
    Endpoint("POST", "/v1/candidates", "POST: Add Candidate", create),
    Endpoint("PATCH", _ONE, "PATCH: Edit Candidate", update),
    Endpoint("DELETE", _ONE, "DELETE: Delete Candidate", delete),
    Endpoint("POST", f"{_ONE}/activity_feed/notes", "POST: Add Note", add_note),
    Endpoint("POST", f"{_ONE}/activity_feed/emails", "POST: Add E-mail", add_email),
    Endpoint("POST", f"{_ONE}/attachments", "POST: Add Attachment", attach),
    Endpoint("PUT", f"{_ONE}/tags/{{tag_id:int}}", "PUT: Add a Candidate Tag", put_tag),
    Endpoint("DELETE", f"{_ONE}/tags/{{tag_id:int}}", "DELETE: Remove Tag from Candidate", delete_tag),
]
