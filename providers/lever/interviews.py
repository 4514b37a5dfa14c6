"""Interviews as common records. Lever has no status of theirs: it follows from the time and the feedback."""

from datetime import UTC, datetime, timedelta
from typing import Any

from providers.kit import Record, Row, Rows
from providers.lever import translations as words
from providers.lever.records import at

SCHEDULED = "SCHEDULED"


def is_ahead(row: Row) -> bool:
    """Whether an interview takes place and has not ended yet."""
    end = _end(row)
    return end is not None and row.get("canceledAt") is None and end > datetime.now(UTC)


def interview(row: Row, joined: Rows) -> Record:
    """An interview. A cancelled one stays in the list, with all it had."""
    end = _end(row)
    return {
        "remote_id": row["id"],
        "application": row["opportunityId"],
        "job_interview_stage": row.get("stage"),
        "organizer": row.get("user"),
        "interviewers": [who.get("id") for who in row.get("interviewers") or ()],
        "location": row.get("location"),
        "start_at": at(row.get("date")),
        "end_at": end,
        "remote_created_at": at(row.get("createdAt")),
        "status": _status(row),
        "name": row.get("subject"),
        "timezone": row.get("timezone"),
        "cancelled_at": at(row.get("canceledAt")),
        "interviewer_responses": _responses(joined),
        "remote_was_deleted": row.get("canceledAt") is not None,
    }


def expires(record: Record) -> datetime | None:
    """When a status changes though nothing happens."""
    end: datetime | None = record["end_at"]
    return end if record["status"] == SCHEDULED else None


def _end(row: Row) -> datetime | None:
    """`date` is in milliseconds, `duration` in minutes."""
    start, minutes = at(row.get("date")), row.get("duration")
    if start is None or not isinstance(minutes, (int, float)):
        return None
    return datetime.fromisoformat(start) + timedelta(minutes=minutes)


def _status(row: Row) -> str | None:
    if row.get("canceledAt") is not None:
        return None
    if is_ahead(row):
        return SCHEDULED
    return "COMPLETE" if row.get("feedbackForms") else "AWAITING_FEEDBACK"


def _responses(joined: Rows) -> list[Record]:
    """What the invited answered, which only panels show, and the form each has filled in."""
    forms: dict[Any, Any] = {form.get("user"): form["id"] for form in joined.get("feedback", ())}
    return [
        {
            "user": who.get("id"),
            "email": who.get("email"),
            "response_status": words.RESPONSE_STATUS.get(
                who.get("responseStatus"), who.get("responseStatus")
            ),
            "scorecard": forms.get(who.get("id")),
        }
        for entry in joined.get("panels", ())
        for who in entry.get("interviewers") or ()
    ]
