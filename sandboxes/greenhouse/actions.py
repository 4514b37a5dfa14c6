"""What both generations do to the records; rules broken are raised as `Invalid`."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from sandboxes.greenhouse.errors import Invalid, NotFound
from sandboxes.greenhouse.state import State
from sandboxes.store import Row

CHANGEABLE = ("scheduled", "awaiting_feedback")
RESPONSES = ("needs_action", "declined", "tentative", "accepted")
VISIBILITIES = {
    "admin_only": "admin_only_visible",
    "private": "privately_visible",
    "public": "publicly_visible",
}
VALUE_TYPES = {
    "phone_numbers": ("home", "work", "mobile", "skype", "other"),
    "email_addresses": ("personal", "work", "other"),
    "addresses": ("home", "work", "other"),
    "website_addresses": ("personal", "company", "portfolio", "blog", "other"),
    "social_media_addresses": (),
}


def record(state: State, table: str, key: object) -> Row:
    """A record named in the path; 404 when there is none."""
    row = state.get(table, key)
    if row is None:
        raise NotFound
    return row


def referred(state: State, table: str, key: object, field: str) -> Row:
    """A record named in the body; 422 when there is none."""
    row = state.get(table, key)
    if row is None:
        raise Invalid(field, "does not exist")
    return row


def active_user(state: State, key: object, field: str) -> Row:
    """A user who may act or interview: known and not deactivated."""
    user = referred(state, "users", key, field)
    if user["deactivated"]:
        raise Invalid(field, "is deactivated")
    return user


def one_of(value: object, allowed: Iterable[str], field: str) -> str:
    """A value of a closed list."""
    if value not in (choices := list(allowed)):
        raise Invalid(field, f"Must be one of: {', '.join(choices)}")
    return str(value)


def check_values(body: Row) -> None:
    """Contact lists hold `{value, type}` entries with the vendor's types."""
    for field in VALUE_TYPES.keys() & body.keys():
        if not isinstance(body[field], list):
            raise Invalid(field, "must be a list")
        for entry in body[field]:
            if not isinstance(entry, dict) or not isinstance(entry.get("value"), str):
                raise Invalid(field, "must have a value")
            if VALUE_TYPES[field]:
                one_of(entry.get("type"), VALUE_TYPES[field], field)


# Interviews


def check_interview_target(state: State, application: Row, step_id: object, field: str) -> Row:
    """The step of a new interview: of the application's job, and the application active."""
    step = referred(state, "job_interviews", step_id, field)
    if application["status"] != "in_process":
        raise Invalid("application_id", "application is not active")
    if step["job_id"] != application["job_id"]:
        raise Invalid(field, "does not belong to the job of the application")
    return step


def check_unique_event(state: State, event_id: object, own_id: int | None = None) -> None:
    """`external_event_id` is unique."""
    if not isinstance(event_id, str) or not event_id:
        raise Invalid("external_event_id", "is required")
    if any(row["id"] != own_id for row in state.where("interviews", "external_event_id", event_id)):
        raise Invalid("external_event_id", "has already been taken")


def check_times(starts_at: str, ends_at: str, field: str) -> None:
    """An interview ends after it starts."""
    if ends_at <= starts_at:
        raise Invalid(field, "must be after the start")


def check_changeable(interview: Row) -> None:
    """Interviews can be changed or deleted only before they are complete."""
    if interview["status"] not in CHANGEABLE:
        raise Invalid("status", f"interview is {interview['status']} and cannot be changed")


def panel_entry(user: Row, response_status: object) -> Row:
    """One row of a panel, for a user."""
    status = one_of(response_status, RESPONSES, "interviewers.response_status")
    return {"user_id": user["id"], "email": user["primary_email"], "response_status": status}


def create_interview(state: State, fields: Row, panel: list[Row], organizer_id: int | None) -> Row:
    """A scheduled interview with its panel."""
    interview = state.add(
        "interviews",
        **fields,
        job_id=state.tables["applications"].rows[fields["application_id"]]["job_id"],
        organizer_id=organizer_id,
        scheduled_at=state.now(),
    )
    replace_panel(state, interview["id"], panel)
    state.change("applications", interview["application_id"])
    return interview


def replace_panel(state: State, interview_id: int, panel: list[Row]) -> None:
    """Give an interview this whole panel; those who stay keep their row and scorecard."""
    present = {row["user_id"]: row for row in state.where("interviewers", "interview_id", interview_id)}
    staying = {entry["user_id"] for entry in panel}
    for user_id, row in present.items():
        if user_id not in staying:
            state.delete("interviewers", row["id"])
    for entry in panel:
        row = present.get(entry["user_id"], {})
        if not row:
            state.add("interviewers", interview_id=interview_id, scorecard_id=None, **entry)
        elif row["response_status"] != entry["response_status"]:
            state.change("interviewers", row["id"], response_status=entry["response_status"])


# Applications


def check_active(application: Row) -> None:
    """Only active applications can be moved or rejected."""
    if application["status"] != "in_process":
        raise Invalid(None, "application is not active")


def stages_of(state: State, job_id: int) -> list[Row]:
    """The active stages of a job in order."""
    stages = [stage for stage in state.where("job_interview_stages", "job_id", job_id) if stage["active"]]
    return sorted(stages, key=lambda stage: stage["sort_order"])


def check_from_stage(application: Row, from_stage_id: object) -> None:
    """`from_stage_id` must be where the application is now."""
    check_active(application)
    if from_stage_id is None:
        raise Invalid("from_stage_id", "is required")
    if from_stage_id != application["job_interview_stage_id"]:
        raise Invalid("from_stage_id", "is not the current stage of the application")


def next_stage(state: State, application: Row) -> Row:
    """The stage after the current one."""
    stages = stages_of(state, application["job_id"])
    ids = [stage["id"] for stage in stages]
    position = ids.index(application["job_interview_stage_id"]) + 1
    if position == len(stages):
        raise Invalid("from_stage_id", "is the last stage")
    return stages[position]


def stage_of_job(state: State, stage_id: object, job_id: int | None, field: str) -> Row:
    """An active stage that belongs to the job."""
    stage = referred(state, "job_interview_stages", stage_id, field)
    if stage["job_id"] != job_id or not stage["active"]:
        raise Invalid(field, "is not a stage of the job")
    return stage


def move(state: State, application: Row, stage: Row) -> None:
    """Put an application into a stage and record the way it took."""
    now = state.now()
    for row in state.where("application_stages", "application_id", application["id"]):
        if row["current"]:
            state.change("application_stages", row["id"], current=False, exited_at=now)
    enter_stage(state, application["id"], stage, now)
    state.change(
        "applications", application["id"], job_interview_stage_id=stage["id"], job_id=stage["job_id"]
    )
    log(state, application, "Candidate Stage Change", f"Moved into {stage['name']}")


def enter_stage(state: State, application_id: int, stage: Row, entered_at: str) -> Row:
    """The history row of the current stage."""
    return state.add(
        "application_stages",
        application_id=application_id,
        job_id=stage["job_id"],
        job_interview_stage_id=stage["id"],
        stage_name=stage["name"],
        current=True,
        entered_at=entered_at,
        exited_at=None,
    )


def reject(state: State, application: Row, reason_id: int | None) -> None:
    """Reject an application; it keeps its last stage."""
    check_active(application)
    now = state.now()
    state.change(
        "applications", application["id"], status="rejected", rejected_at=now, rejection_reason_id=reason_id
    )
    state.add(
        "rejection_details",
        application_id=application["id"],
        rejection_reason_id=reason_id,
        custom_fields={},
    )
    log(state, application, "Candidate Rejected", "")


def change_rejection_reason(state: State, detail: Row, reason_id: int) -> None:
    """Another reason for a rejection."""
    state.change("rejection_details", detail["id"], rejection_reason_id=reason_id)
    state.change("applications", detail["application_id"], rejection_reason_id=reason_id)


def unreject(state: State, application: Row) -> None:
    """Make a rejected application active again."""
    if application["status"] != "rejected":
        raise Invalid(None, "application is not rejected")
    for detail in state.where("rejection_details", "application_id", application["id"]):
        state.delete("rejection_details", detail["id"])
    state.change(
        "applications", application["id"], status="in_process", rejected_at=None, rejection_reason_id=None
    )


def hire(state: State, application: Row) -> None:
    """Mark an application as hired."""
    check_active(application)
    state.change("applications", application["id"], status="hired")


def create_application(state: State, candidate_id: int, job_id: int, **fields: Any) -> Row:
    """An active application in the given or the first stage of the job."""
    job = referred(state, "jobs", job_id, "job_id")
    stage_id = fields.pop("initial_stage_id", None)
    for field, table in (
        ("source_id", "sources"),
        ("referrer_id", "referrers"),
        ("recruiter_id", "users"),
        ("coordinator_id", "users"),
    ):
        if fields.get(field) is not None:
            referred(state, table, fields[field], field)
    stage = (
        stages_of(state, job_id)[0]
        if stage_id is None
        else stage_of_job(state, stage_id, job["id"], "initial_stage_id")
    )
    application = state.add(
        "applications", candidate_id=candidate_id, job_id=job_id, job_interview_stage_id=stage["id"], **fields
    )
    enter_stage(state, application["id"], stage, application["created_at"])
    return application


# Candidates


def add_candidate(state: State, **fields: Any) -> Row:
    """A new candidate; the names are required."""
    for field in ("first_name", "last_name"):
        if not isinstance(fields.get(field), str) or not fields[field]:
            raise Invalid(field, "is required")
    check_values(fields)
    return state.add("candidates", **fields)


def tags_of(state: State, candidate_id: int) -> list[str]:
    """The names of a candidate's tags."""
    return [
        state.tables["candidate_tags"].rows[row["candidate_tag_id"]]["name"]
        for row in state.where("applied_candidate_tags", "candidate_id", candidate_id)
    ]


def replace_tags(state: State, candidate_id: int, names: list[str]) -> None:
    """Give a candidate exactly these tags; unknown names become new tags."""
    for row in state.where("applied_candidate_tags", "candidate_id", candidate_id):
        state.delete("applied_candidate_tags", row["id"])
    for name in names:
        known = state.where("candidate_tags", "name", name)
        tag = known[0] if known else state.add("candidate_tags", name=name)
        apply_tag(state, candidate_id, tag["id"])


def apply_tag(state: State, candidate_id: int, tag_id: int) -> Row:
    """Tag a candidate; a second time changes nothing."""
    for row in state.where("applied_candidate_tags", "candidate_id", candidate_id):
        if row["candidate_tag_id"] == tag_id:
            return row
    return state.add("applied_candidate_tags", candidate_id=candidate_id, candidate_tag_id=tag_id)


# Notes and attachments


def add_note(state: State, candidate_id: int, **fields: Any) -> Row:
    """A note, a logged e-mail or an activity: one table, one id space."""
    return state.add("notes", candidate_id=candidate_id, **fields)


def log(state: State, application: Row, subject: str, body: str) -> Row:
    """The entry the vendor writes into the activity feed by itself."""
    return add_note(
        state,
        application["candidate_id"],
        application_id=application["id"],
        type="ACTIVITY",
        subject=subject,
        body=body,
    )


def add_attachment(state: State, body: Row, candidate_id: int, application_id: int | None) -> Row:
    """An attachment from `content` or `url`; a new resume replaces the old one."""
    for field in ("filename", "type"):
        if not body.get(field):
            raise Invalid(field, "is required")
    if not body.get("content") and not body.get("url"):
        raise Invalid("content", "content or url is required")
    if body["type"] == "resume":
        for row in state.where("attachments", "candidate_id", candidate_id):
            if row["type"] == "resume":
                state.delete("attachments", row["id"])
    return state.add(
        "attachments",
        candidate_id=candidate_id,
        application_id=application_id,
        type=body["type"],
        filename=body["filename"],
        received=body.get("content") or body.get("url"),
    )


def signed_url(state: State, attachment: Row) -> str:
    """A signed S3 address that expires after 7 days and is another one on each read."""
    signature = f"{attachment['id']:x}{state.next_read():016x}"
    path = f"{attachment['id']}/{quote(attachment['filename'])}"
    return f"https://prod-heroku.s3.amazonaws.com/{path}?X-Amz-Expires=604800&X-Amz-Signature={signature}"
