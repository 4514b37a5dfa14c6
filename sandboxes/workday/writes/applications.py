"""The applications inside `Put_Candidate`."""

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from sandboxes.instants import timestamp
from sandboxes.store import Row
from sandboxes.workday.elements import every, first, flag, instant
from sandboxes.workday.faults import Invalid
from sandboxes.workday.references import NAMINGS, full_name, key_of, keys_of
from sandboxes.workday.state import State
from sandboxes.workday.writes.process import enter, step_of

NO_CANDIDATE = "Enter a Candidate Reference to update this job application."
OTHER_CANDIDATE = (
    "You can’t update this job application because the Candidate Reference and the candidate on the job "
    "application don’t match."
)
OTHER_REQUISITION = "You can’t change the Job Requisition for this job application."
IN_FUTURE = "Recruiting status moment cannot be greater than current date time."
DISPOSITION_STEP = "Use the Disposition Reference to submit a Job Application in a disposition status."

# Element, table, field.
REFERENCES = (
    ("Stage_Reference", "stages", "stage_id"),
    ("Workflow_Step_Reference", "workflow_steps", "workflow_step_id"),
    ("Disposition_Reference", "dispositions", "disposition_id"),
    ("Source_Reference", "sources", "source_id"),
    ("Referred_By_Worker_Reference", "workers", "referrer_id"),
)
TIMES = (("Job_Application_Date", "applied_at"), ("Status_Timestamp", "status_at"))


def plan(state: State, candidate: Row | None, data: Element) -> Callable[[Row], None]:
    """Check an application and say what is to be done with it.

    Args:
        state: the tenant.
        candidate: whose it is, None for one that is only now added.
        data: the `Job_Application_Data`.

    Returns:
        What writes it down, given the candidate.

    Raises:
        Invalid: a rule is broken.
    """
    applied = first(data, "Job_Applied_To_Data")
    row = _existing(state, candidate, data)
    requisition_id = key_of(state, applied, "Job_Requisition_Reference", "requisitions")
    if row and row["requisition_id"] != requisition_id:
        raise Invalid(OTHER_REQUISITION)
    if candidate and not row:
        _check_first(state, candidate, requisition_id)
    fields = _fields(state, applied)

    def write(owner: Row) -> None:
        now = state.now()
        application = row or state.add(
            "applications",
            candidate_id=owner["id"],
            requisition_id=requisition_id,
            applied_at=now,
            status_at=now,
        )
        enter(state, application, **fields)

    return write


def _existing(state: State, candidate: Row | None, data: Element) -> Row | None:
    key = key_of(state, data, "Job_Application_Reference", "applications")
    if key is None:
        return None
    row = state.tables["applications"].rows[key]
    if candidate is None:
        raise Invalid(NO_CANDIDATE)
    if row["candidate_id"] != candidate["id"]:
        raise Invalid(OTHER_CANDIDATE)
    return row


def _check_first(state: State, candidate: Row, requisition_id: str | None) -> None:
    """Nobody applies twice for the same requisition."""
    for row in state.where("applications", "candidate_id", candidate["id"]):
        requisition = state.get("requisitions", row["requisition_id"])
        if requisition and requisition["id"] == requisition_id:
            job = NAMINGS["requisitions"].describe(state, requisition)
            raise Invalid(f"{full_name(candidate)} has already applied to {job}")


def _fields(state: State, applied: Element | None) -> dict[str, Any]:
    fields: dict[str, Any] = {
        field: key_of(state, applied, name, table)
        for name, table, field in REFERENCES
        if first(applied, name) is not None
    }
    fields |= {field: instant(applied, name) for name, field in TIMES if first(applied, name) is not None}
    if fields.get("status_at", "") > timestamp(state.time()):
        raise Invalid(IN_FUTURE)
    fields["workflow_step_id"] = _step(state, fields)
    if (personal := first(applied, "Personal_Information_Data")) is not None:
        fields["personal"] = _personal(state, personal)
    return fields


def _step(state: State, fields: dict[str, Any]) -> str | None:
    """The step that is sent, when it is one of the stage; else the one of the stage."""
    key, stage_id = fields.get("workflow_step_id"), fields["stage_id"]
    if key is None:
        step = step_of(state, stage_id)
        return str(step["id"]) if step else None
    row = state.tables["workflow_steps"].rows[key]
    if row["disposition_id"] is not None:
        raise Invalid(DISPOSITION_STEP)
    if row["stage_id"] != stage_id:
        stage = state.tables["stages"].rows[stage_id]["name"]
        raise Invalid(
            f"The entered Workflow Step {row['name']} is not valid for the {stage} Stage. "
            "Please enter a valid Workflow Step"
        )
    return str(key)


def _personal(state: State, personal: Element) -> Row:
    hispanic = first(personal, "Hispanic_or_Latino")
    return {
        "gender_id": key_of(state, personal, "Gender_Reference", "genders"),
        "ethnicity_ids": keys_of(state, every(personal, "Ethnicity_Reference"), "ethnicities"),
        "veteran_ids": keys_of(state, every(personal, "Veterans_Status_Reference"), "veteran_statuses"),
        "hispanic": None if hispanic is None else flag(personal, "Hispanic_or_Latino"),
        "disability_id": key_of(state, personal, "Disability_Status_Reference", "disability_statuses"),
    }
