"""The list and retrieve endpoints of v1, with their filters."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from sandboxes.greenhouse.errors import Invalid
from sandboxes.greenhouse.state import State
from sandboxes.greenhouse.v1 import render
from sandboxes.instants import lenient_instant
from sandboxes.store import Row

Check = Callable[[Row], bool]
Filter = Callable[[State, str], Check]


@dataclass(frozen=True)
class Resource:
    """One collection. `listed` hides rows from the list, `numbered` is false for the `next`-only paging."""

    path: str
    table: str
    name: str
    render: Callable[[State, Row], Row]
    filters: Mapping[str, Filter] = field(default_factory=dict)
    listed: Check | None = None
    retrieve: str | None = None
    numbered: bool = True


def _after(column: str, _state: State, value: str) -> Check:
    """From this moment on, inclusive."""
    bound = _moment(value)
    return lambda row: row[column] is not None and row[column] >= bound[: len(row[column])]


def _before(column: str, _state: State, value: str) -> Check:
    """Before this moment, exclusive."""
    bound = _moment(value)
    return lambda row: row[column] is not None and row[column] < bound[: len(row[column])]


def _moment(value: str) -> str:
    parsed = lenient_instant(value)
    if parsed is None:
        raise Invalid("date", f"{value} is not an ISO-8601 timestamp")
    return parsed


def dates(**columns: str) -> dict[str, Filter]:
    """`created="created_at"` gives `created_after` and `created_before`."""
    filters: dict[str, Filter] = {}
    for name, column in columns.items():
        filters[f"{name}_after"] = partial(_after, column)
        filters[f"{name}_before"] = partial(_before, column)
    return filters


def equal(column: str) -> Filter:
    """The value as text; an unknown one simply finds nothing."""
    return lambda _state, value: lambda row: str(row[column]) == value


def flag(column: str) -> Filter:
    """`true` or anything else for false."""
    return lambda _state, value: lambda row: bool(row[column]) is (value == "true")


def _status(_state: State, value: str) -> Check:
    return lambda row: render.APPLICATION_STATUS.get(row["status"], row["status"]) == value


def _offer_status(_state: State, value: str) -> Check:
    return lambda row: render.OFFER_STATUS.get(row["status"], row["status"].lower()) == value


def _candidate_ids(_state: State, value: str) -> Check:
    wanted = set(value.split(","))
    return lambda row: str(row["id"]) in wanted


def _candidate_email(_state: State, value: str) -> Check:
    return lambda row: any(entry["value"].casefold() == value.casefold() for entry in row["email_addresses"])


def _candidate_job(state: State, value: str) -> Check:
    def check(row: Row) -> bool:
        applications = state.where("applications", "candidate_id", row["id"])
        return any(str(application["job_id"]) == value for application in applications)

    return check


def _include_defaults(_state: State, value: str) -> Check:
    return lambda row: value == "true" or not row["default"]


def scheduled(row: Row) -> bool:
    """V1 knows only interviews that have a time."""
    return row["starts_at"] is not None or row["all_day_start_on"] is not None


BOTH = dates(created="created_at", updated="updated_at")

RESOURCES = (
    Resource(
        "candidates",
        "candidates",
        "Candidates",
        render.candidate,
        BOTH | {"email": _candidate_email, "candidate_ids": _candidate_ids, "job_id": _candidate_job},
        retrieve="Candidate",
    ),
    Resource(
        "applications",
        "applications",
        "Applications",
        render.application,
        dates(created="created_at")
        | {
            "last_activity_after": partial(_after, "last_activity_at"),
            "status": _status,
            "job_id": equal("job_id"),
        },
        retrieve="Application",
    ),
    Resource(
        "jobs",
        "jobs",
        "Jobs",
        render.job,
        BOTH
        | dates(opened="opened_at", closed="closed_at")
        | {
            "status": equal("status"),
            "requisition_id": equal("requisition_id"),
            "department_id": equal("department_id"),
            "confidential": flag("confidential"),
        },
        retrieve="Job",
    ),
    Resource(
        "job_posts",
        "job_posts",
        "Job Posts",
        render.job_post,
        BOTH | {"live": flag("live"), "active": flag("active")},
        retrieve="Job Post",
    ),
    Resource(
        "job_stages", "job_interview_stages", "Job Stages", render.job_stage, BOTH, retrieve="Job Stage"
    ),
    Resource(
        "scheduled_interviews",
        "interviews",
        "Scheduled Interviews",
        render.interview,
        BOTH
        | dates(starts="starts_at", ends="ends_at")
        | {"external_event_id": equal("external_event_id"), "actionable": flag("actionable")},
        listed=scheduled,
        retrieve="Scheduled Interview",
    ),
    Resource(
        "scorecards",
        "scorecards",
        "Scorecards",
        render.scorecard,
        BOTH,
        listed=lambda row: row["status"] == "complete",
        retrieve="Scorecard",
    ),
    Resource(
        "offers",
        "offers",
        "Offers",
        render.offer,
        BOTH | dates(resolved="resolved_at", starts="starts_on", sent="sent_on") | {"status": _offer_status},
        retrieve="Offer",
    ),
    Resource(
        "users",
        "users",
        "Users",
        render.user,
        BOTH | {"email": equal("primary_email"), "employee_id": equal("employee_id")},
        listed=lambda row: not row["service_account"],
        retrieve="User",
    ),
    Resource("departments", "departments", "Departments", render.department, retrieve="Department"),
    Resource("offices", "offices", "Offices", render.office, retrieve="Office"),
    Resource("tags/candidate", "candidate_tags", "Candidate Tags", render.tag),
    Resource("sources", "sources", "Sources", render.source),
    Resource("eeoc", "eeoc", "EEOC", render.eeoc, dates(submitted="submitted_at"), numbered=False),
    Resource(
        "rejection_reasons",
        "rejection_reasons",
        "Rejection Reasons",
        render.rejection_reason,
        {"include_defaults": _include_defaults},
    ),
)
