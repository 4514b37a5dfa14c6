"""`Move_Candidate`: to another workflow step, or to a disposition."""

from typing import Any
from xml.etree.ElementTree import Element

from sandboxes.store import Row
from sandboxes.workday.call import Call
from sandboxes.workday.elements import first, text
from sandboxes.workday.faults import Invalid
from sandboxes.workday.reads.interviews import applications_of
from sandboxes.workday.references import event_reference, find, key_of
from sandboxes.workday.state import State
from sandboxes.workday.writes.process import enter

NOT_IN_PROGRESS = "The Business Process must be in progress to move candidate to the next stage."
NOT_ONE = (
    "The provided Candidate and Requisition does not have precisely one Job Application Event in progress."
)
WRONG_STEP = "The next step, parallel step, or disposition chosen is invalid for the job application process."
NO_PARALLEL = "You don't have permission to add a parallel stage."


def move_candidate(call: Call) -> list[Element]:
    """Move an application that is in progress.

    Raises:
        Invalid: a rule is broken.
    """
    state = call.state
    application = _application(state, first(call.request, "Move_Candidate_Data"))
    if application["disposition_id"] is not None:
        raise Invalid(NOT_IN_PROGRESS)
    target = _target(state, first(call.request, "Dynamic_Business_Process_Parameters"), application)
    enter(state, application, status_at=state.now(), **target)
    return [event_reference("Event_Reference", application["event_id"])]


def _application(state: State, data: Element | None) -> Row:
    key = key_of(state, data, "Job_Application_Reference", "applications")
    if key is not None:
        return state.tables["applications"].rows[key]
    if pair := applications_of(state, first(data, "Candidate_Criteria_Data")):
        running = [row for row in pair if row["disposition_id"] is None]
        if len(running) == 1:
            return running[0]
    for row in state.where("applications", "event_id", text(data, "Event_Reference/ID")):
        return row
    raise Invalid(NOT_ONE)


def _target(state: State, parameters: Element | None, application: Row) -> dict[str, Any]:
    """The fields of an application after the move: a step leads to a stage or to a disposition."""
    if first(parameters, "Start_Parallel_Stage_Reference") is not None:
        raise Invalid(NO_PARALLEL)
    next_step = first(parameters, "Next_Step_Reference")
    if next_step is not None:
        step = find(state, next_step, ("workflow_steps",))
        if step and step["stage_id"] and step["id"] != application["workflow_step_id"]:
            return {"stage_id": step["stage_id"], "workflow_step_id": step["id"]}
    disposition = first(parameters, "Disposition_Step_Reference")
    if disposition is not None:
        step = find(state, disposition, ("workflow_steps",))
        if step and step["disposition_id"]:
            return {"disposition_id": step["disposition_id"]}
    raise Invalid(WRONG_STEP)
