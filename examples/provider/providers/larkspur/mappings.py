"""Larkspur's rows as common records."""

from datetime import datetime, timedelta

from providers.kit import Record, Row, Rows
from providers.kit.enums import translate

ROLE = {"owner": "SUPER_ADMIN", "recruiter": "TEAM_MEMBER", "interviewer": "INTERVIEWER"}
STATE = {"draft": "DRAFT", "open": "OPEN", "closed": "CLOSED"}
ANSWER = {"yes": "ACCEPTED", "no": "DECLINED", "maybe": "TENTATIVE"}


def user(row: Row, _joined: Rows) -> Record:
    """A user."""
    return {
        "remote_id": row["id"],
        "first_name": row.get("given_name"),
        "last_name": row.get("family_name"),
        "email": row.get("email"),
        "disabled": None if row.get("active") is None else not row["active"],
        "access_role": translate(row.get("role"), ROLE),
        "remote_created_at": row.get("created"),
    }


def job(row: Row, _joined: Rows) -> Record:
    """A job."""
    return {
        "remote_id": row["id"],
        "name": row.get("title"),
        "status": translate(row.get("state"), STATE),
        "remote_created_at": row.get("created"),
        "remote_updated_at": row.get("changed"),
    }


def stages(row: Row, _joined: Rows) -> list[Record]:
    """The stages a job has: Larkspur lists them with the job."""
    return [
        {
            "remote_id": stage["id"],
            "name": stage.get("name"),
            "job": row["id"],
            "stage_order": stage.get("position"),
        }
        for stage in row.get("stages") or ()
    ]


def candidate(row: Row, _joined: Rows) -> Record:
    """A candidate."""
    return {
        "remote_id": row["id"],
        "first_name": row.get("given_name"),
        "last_name": row.get("family_name"),
        "email_addresses": [{"value": address} for address in row.get("emails") or ()],
        "remote_created_at": row.get("created"),
        "remote_updated_at": row.get("changed"),
    }


def application(row: Row, _joined: Rows) -> Record:
    """An application."""
    return {
        "remote_id": row["id"],
        "candidate": row.get("candidate_id"),
        "job": row.get("job_id"),
        "current_stage": row.get("stage_id"),
        "applied_at": row.get("applied"),
        "rejected_at": row.get("rejected"),
    }


def interview(row: Row, joined: Rows) -> Record:
    """An interview. Larkspur has no status: one that was held is complete, any other is scheduled."""
    users = {user["id"]: user for user in joined.get("users", ())}
    panel = row.get("panel") or ()
    return {
        "remote_id": row["id"],
        "application": row.get("application_id"),
        "job_interview_stage": row.get("stage_id"),
        "organizer": row.get("organizer_id"),
        "interviewers": [member["user_id"] for member in panel],
        "location": row.get("place"),
        "start_at": row.get("starts"),
        "end_at": _end(row),
        "remote_created_at": row.get("created"),
        "remote_updated_at": row.get("changed"),
        "status": "COMPLETE" if row.get("held") else "SCHEDULED",
        "name": row.get("title"),
        "interviewer_responses": [_response(member, users) for member in panel],
    }


def _response(member: Row, users: dict[str, Row]) -> Record:
    return {
        "user": member["user_id"],
        "email": users.get(member["user_id"], {}).get("email"),
        "response_status": translate(member.get("answer"), ANSWER) or "NEEDS_ACTION",
    }


def _end(row: Row) -> datetime | None:
    """The vendor says how long it takes, not when it ends."""
    if not row.get("starts") or row.get("minutes") is None:
        return None
    return datetime.fromisoformat(row["starts"]) + timedelta(minutes=row["minutes"])
