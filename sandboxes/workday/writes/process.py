"""The process of an application: its steps, and the interview event that is open at the interview step."""

from typing import Any

from sandboxes.store import Row
from sandboxes.workday.state import State

INTERVIEW = "INTERVIEW"


def step_of(state: State, stage_id: str) -> Row | None:
    """The workflow step that leads to a stage."""
    steps = state.tables["workflow_steps"].rows.values()
    return next((row for row in steps if row["stage_id"] == stage_id), None)


def enter(state: State, application: Row, **fields: Any) -> None:
    """Change where an application is; its interview events begin and end with the interview step."""
    row = state.change("applications", application["id"], **fields)
    stage = state.get("stages", row["stage_id"])
    at_interview = stage is not None and stage["reference_id"] == INTERVIEW
    interviewing = at_interview and row["disposition_id"] is None
    open_events = [
        event
        for event in state.where("interview_events", "application_id", row["id"])
        if event["in_progress"]
    ]
    if interviewing and not open_events:
        state.add("interview_events", application_id=row["id"], timezone_id=_utc(state))
    for event in open_events:
        if not interviewing:
            state.change("interview_events", event["id"], in_progress=False)


def _utc(state: State) -> str | None:
    zones = state.where("time_zones", "reference_id", "UTC")
    return str(zones[0]["id"]) if zones else None
