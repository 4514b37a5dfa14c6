"""`Put_Interview`: the sessions of one interview event."""

from collections.abc import Callable, Iterable
from xml.etree.ElementTree import Element

from sandboxes.store import Row
from sandboxes.workday.call import Call
from sandboxes.workday.defaults import DETAILS
from sandboxes.workday.elements import every, first, instant, marked, text
from sandboxes.workday.faults import Invalid
from sandboxes.workday.reads.interviews import applications_meant
from sandboxes.workday.references import full_name, key_of, keys_of, reference
from sandboxes.workday.state import State

NO_SESSION = "You must include at least one interview session."
NOT_IN_PROGRESS = "The Interview Event must be In Progress to create an Interview Team."
NOT_AWAITING = (
    "You aren't authorized to schedule an interview for this {} because the interview event isn't awaiting "
    "your action."
)
SEVERAL = "You must specify the event because there is more than 1 in progress or on record."
OTHER_EVENT = "Enter an Interview Session that belongs to this Interview Event."
HAS_FEEDBACK = (
    "You can't delete interview sessions with one or more interviewers who have submitted feedback."
)
END_FIRST = "Enter an Interview End Time that is later than the Interview Start Time."
OUTLOOK = (
    "You can't enter a location because the Microsoft Outlook Interview Scheduling Integration check box on "
    "the Edit Tenant Setup - Recruiting task is selected."
)
LOCATION_TYPE = (
    "Enter a location that matches a location type selected in the Location Types for Interview Scheduling "
    "prompt on the Edit Tenant Setup - Recruiting task."
)
# What sessions may lose only as long as there is no feedback on it: field, table, name.
ASSESSED = (
    ("competency_ids", "competencies", "competencies"),
    ("questionnaire_ids", "questionnaires", "questionnaires"),
)


def put_interview(call: Call) -> list[Element]:
    """Add, replace and delete sessions of an event; those not named stay.

    Returns:
        The reference of the event. Nothing is said of the sessions.

    Raises:
        Invalid: a rule is broken.
    """
    state = call.state
    data = first(call.request, "Interview_Data")
    sessions = every(data, "Interview_Session_Data")
    if not sessions:
        raise Invalid(NO_SESSION)
    event = _event(state, data)
    for write in [_plan(state, event, each) for each in sessions]:
        write()
    changes: Row = {"timezone_id": key_of(state, data, "Timezone_Reference", "time_zones")}
    if first(data, "Overall_Comment") is not None:
        changes["comment"] = text(data, "Overall_Comment") or None
    state.change("interview_events", event["id"], **changes)
    named = reference(state, "Interview_Reference", "interview_events", event["id"])
    return [] if named is None else [named]


def _event(state: State, data: Element | None) -> Row:
    """The event that is named, or the only one of the application; it must wait for the caller."""
    if first(data, "Interview_Event_Reference") is not None:
        key = key_of(state, data, "Interview_Event_Reference", "interview_events")
        events = [state.tables["interview_events"].rows[key]] if key else []
    else:
        events = [
            event
            for row in applications_meant(state, data)
            for event in state.where("interview_events", "application_id", row["id"])
        ]
    if len(events) > 1:
        raise Invalid(SEVERAL)
    if not events or not events[0]["in_progress"]:
        raise Invalid(NOT_IN_PROGRESS)
    if not events[0]["awaiting"]:
        by_candidate = first(data, "Candidate_Interview_Criteria_Data") is not None
        raise Invalid(
            NOT_AWAITING.format("candidate and job requisition" if by_candidate else "job application")
        )
    return events[0]


def _plan(state: State, event: Row, data: Element) -> Callable[[], object]:
    """Check one session and say what is to be done with it."""
    session = _session(state, event, data)
    if marked(data, "Delete"):
        return _deletion(state, session)
    details = [_details(state, each) for each in every(data, "Interview_Session_Details_Data")]
    if session is None:
        if not details:
            raise Invalid(NO_SESSION)
        return lambda: state.add("interview_sessions", event_id=event["id"], details=details)
    if details:
        _check_kept(state, session, details)
    kept = details or session["details"]
    return lambda: state.change("interview_sessions", session["id"], details=kept)


def _session(state: State, event: Row, data: Element) -> Row | None:
    """The session that is named; None for a new one."""
    if first(data, "Interview_Session_Reference") is None:
        return None
    key = key_of(state, data, "Interview_Session_Reference", "interview_sessions")
    row = state.get("interview_sessions", key)
    if row is None or row["event_id"] != event["id"]:
        raise Invalid(OTHER_EVENT)
    return row


def _deletion(state: State, session: Row | None) -> Callable[[], object]:
    if session is None:
        raise Invalid(OTHER_EVENT)
    if _all(session["details"], "interviewer_ids") & _submitters(state, session):
        raise Invalid(HAS_FEEDBACK)
    return lambda: state.delete("interview_sessions", session["id"])


def _all(details: Iterable[Row], field: str) -> set[str]:
    return {key for each in details for key in each[field]}


def _submitters(state: State, session: Row) -> set[str]:
    """Who has given feedback on the event, for whichever session."""
    return {row["worker_id"] for row in state.where("feedbacks", "event_id", session["event_id"])}


def _check_kept(state: State, session: Row, details: list[Row]) -> None:
    """What there is feedback from, or on, cannot be taken out."""
    before, after = (_all(each, "interviewer_ids") for each in (session["details"], details))
    submitters = _submitters(state, session)
    if missing := (before - after) & submitters:
        workers = state.tables["workers"].rows
        submitted, removed = (
            ", ".join(sorted(full_name(workers[key]) for key in keys))
            for keys in (before & submitters, missing)
        )
        raise Invalid(
            f"You have deleted interviewers that have already submitted their feedback: {submitted}. "
            f"Add these interviewers back to the interview session: {removed}."
        )
    feedback = state.where("feedbacks", "event_id", session["event_id"])
    for field, table, name in ASSESSED:
        removed_keys = _all(session["details"], field) - _all(details, field)
        if assessed := removed_keys & _all((row for row in feedback if row["worker_id"] in before), field):
            names = ", ".join(sorted(state.tables[table].rows[key]["name"] for key in assessed))
            raise Invalid(f"Feedback has already been submitted for the {name} you are removing: {names}")


def _details(state: State, data: Element) -> Row:
    def keys(name: str, table: str) -> list[str]:
        return keys_of(state, every(data, name), table)

    details = DETAILS | {
        "interviewer_ids": keys("Interviewers_Reference", "workers"),
        "start_at": instant(data, "Interview_Start_Time"),
        "end_at": instant(data, "Interview_End_Time"),
        "location_ids": keys("Interview_Location_Reference", "locations"),
        "type_id": key_of(state, data, "Interview_Type_Reference", "interview_types"),
        "competency_ids": keys("Interview_Competencies_Reference", "competencies"),
        "questionnaire_ids": keys("Interview_Questionnaires_Reference", "questionnaires"),
        "comment": text(data, "Comment") or None,
    }
    _check_details(state, details)
    return details


def _check_details(state: State, details: Row) -> None:
    if details["end_at"] <= details["start_at"]:
        raise Invalid(END_FIRST)
    if details["location_ids"] and state.outlook_scheduling:
        raise Invalid(OUTLOOK)
    locations = state.tables["locations"].rows
    if not all(locations[key]["schedulable"] for key in details["location_ids"]):
        raise Invalid(LOCATION_TYPE)
