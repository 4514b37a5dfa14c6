"""The payload of a webhook about a record.

Deleted records have short payloads of their own; application events resemble the v1 record.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from sandboxes.greenhouse.state import State
from sandboxes.greenhouse.v1 import render
from sandboxes.store import Row

_PICKED = {
    "interview_deleted": ("interview", "interviews", ("id",)),
    "job_deleted": ("job", "jobs", ("id", "name")),
    "department_deleted": ("department", "departments", ("id", "name", "parent_id", "external_id")),
    "office_deleted": ("office", "offices", ("id", "name", "location", "parent_id", "external_id")),
    "job_interview_stage_deleted": (
        "job_interview_stage",
        "job_interview_stages",
        ("id", "job_id", "created_at", "updated_at", "name", "active"),
    ),
}
_APPLICATION_EVENTS = (
    *("new_candidate_application", "new_prospect_application", "application_updated"),
    *("candidate_stage_change", "reject_candidate", "unreject_candidate"),
    *("hire_candidate", "unhire_candidate"),
)


def payload_of(state: State, action: str, key: int) -> Any:
    """What the vendor would send about this record; take it before deleting the record."""
    if action in _PICKED:
        name, table, fields = _PICKED[action]
        row = state.tables[table].rows[key]
        return {name: {field: row[field] for field in fields}}
    if action in _APPLICATION_EVENTS:
        return {"application": _application(state, key)}
    return _BUILDERS[action](state, key)


def _application(state: State, key: int) -> Row:
    row = state.tables["applications"].rows[key]
    application = render.application(state, row)
    candidate = render.candidate(state, state.tables["candidates"].rows[row["candidate_id"]])
    jobs = state.tables["jobs"].rows
    application |= {"candidate": candidate, "custom_fields": row["custom_fields"]}
    application["jobs"] = [render.job(state, jobs[job["id"]]) for job in application["jobs"]]
    if application["current_stage"]:
        application["current_stage"]["interviews"] = _slots(state, row)
    return application


def _slots(state: State, application: Row) -> list[Row]:
    """The interviews of the current stage, unscheduled ones too."""
    steps = state.tables["job_interviews"].rows
    return [
        {
            "id": row["id"],
            "name": steps[row["job_interview_id"]]["name"],
            "status": row["status"],
            "interview_kit": steps[row["job_interview_id"]]["interview_kit"],
            "interviewers": [
                {"id": each["user_id"], "display_name": each["email"], "status": each["response_status"]}
                for each in state.where("interviewers", "interview_id", row["id"])
            ],
        }
        for row in state.where("interviews", "application_id", application["id"])
        if steps[row["job_interview_id"]]["job_interview_stage_id"] == application["job_interview_stage_id"]
    ]


def _delete_application(state: State, key: int) -> Row:
    row = state.tables["applications"].rows[key]
    fields = ("id", "candidate_id", "job_id", "created_at", "source_id", "rejected_at", "referrer_id")
    return {
        "application": {field: row[field] for field in fields}
        | {
            "candidate_rejection_reason_id": row["rejection_reason_id"],
            "rejection_note_id": None,
            "prospect": row["prospect"],
            "rejected_by_user_id": None,
        }
    }


def _person(state: State, key: int) -> Row:
    row = state.tables["candidates"].rows[key]
    fields = ("id", "first_name", "last_name", "company", "title", "created_at", "can_email")
    return {field: row[field] for field in fields} | {
        "headline": None,
        "is_private": row["private"],
        "recruiter_user_id": row["recruiter_id"],
        "coordinator_user_id": row["coordinator_id"],
    }


def _delete_candidate(state: State, key: int) -> Row:
    """The record is called `person`, not `candidate`."""
    deleted = [row["id"] for row in state.where("applications", "candidate_id", key)]
    return {"person": _person(state, key) | {"deleted_application_ids": deleted}}


def _candidate(state: State, key: int) -> Row:
    return {"candidate": render.candidate(state, state.tables["candidates"].rows[key])}


def _offer(state: State, key: int) -> Row:
    """Fields directly under the payload, the start date American."""
    row = state.tables["offers"].rows[key]
    start = date.fromisoformat(row["starts_on"]).strftime("%m/%d/%Y") if row["starts_on"] else None
    fields = ("id", "application_id", "job_id", "version", "sent_on", "resolved_at", "custom_fields")
    extra = {"user_id": None, "start_date": start, "notes": None, "offer_status": row["status"]}
    return {field: row[field] for field in fields} | extra


def _scorecard(state: State, key: int) -> Row:
    row = state.tables["scorecards"].rows[key]
    application = state.tables["applications"].rows[row["application_id"]]
    fields = ("id", "interviewed_at", "created_at", "updated_at")
    extra = {"candidate_id": application["candidate_id"], "scorecard_status": row["status"]}
    return {"scorecard": {field: row[field] for field in fields} | extra}


def _job(state: State, key: int) -> Row:
    return {"job": render.job(state, state.tables["jobs"].rows[key])}


def _job_post(state: State, key: int) -> Row:
    post = render.job_post(state, state.tables["job_posts"].rows[key])
    return {"job_post": post | {"location": post["location"]["name"]}}


_BUILDERS: dict[str, Callable[[State, int], Any]] = {
    "delete_application": _delete_application,
    "delete_candidate": _delete_candidate,
    "update_candidate": _candidate,
    "candidate_anonymized": _candidate,
    "scorecard_deleted": _scorecard,
    **dict.fromkeys(("offer_created", "offer_approved", "offer_updated", "offer_deleted"), _offer),
    **dict.fromkeys(("job_created", "job_updated", "job_approved"), _job),
    **dict.fromkeys(("job_post_created", "job_post_updated", "job_post_deleted"), _job_post),
}
EVENTS = (*_PICKED, *_APPLICATION_EVENTS, *_BUILDERS)
