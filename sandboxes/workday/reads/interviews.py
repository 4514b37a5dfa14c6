"""Interview events with their sessions, and the feedback on them."""

from xml.etree.ElementTree import Element

from sandboxes.store import Row
from sandboxes.workday.call import Call
from sandboxes.workday.elements import first, make, moment, optional
from sandboxes.workday.listing import Accepts, Listing
from sandboxes.workday.references import key_of, reference, references
from sandboxes.workday.state import State


def applications_meant(state: State, element: Element | None) -> list[Row]:
    """The applications named by themselves, or by candidate and requisition."""
    key = key_of(state, element, "Job_Application_Reference", "applications")
    if key is not None:
        return [state.tables["applications"].rows[key]]
    pair = first(element, "Candidate_Interview_Criteria_Data")
    return applications_of(state, pair)


def applications_of(state: State, pair: Element | None) -> list[Row]:
    """The applications of a candidate for a requisition."""
    candidate = key_of(state, pair, "Candidate_Reference", "candidates")
    requisition = key_of(state, pair, "Requisition_Reference", "requisitions")
    rows = state.where("applications", "candidate_id", candidate)
    return [row for row in rows if row["requisition_id"] == requisition]


def _events(call: Call) -> Accepts:
    """Those of the application named, or all."""
    criteria = first(call.request, "Request_Criteria")
    if criteria is None or not len(criteria):
        return lambda _row: True
    wanted = {row["id"] for row in applications_meant(call.state, criteria)}
    return lambda row: row["application_id"] in wanted


def _with_feedback(call: Call) -> Accepts:
    """Only events somebody has given feedback on."""
    accepts = _events(call)
    return lambda row: accepts(row) and bool(call.state.where("feedbacks", "event_id", row["id"]))


def _address(state: State, event: Row) -> Element | None:
    """Which event a row is: the schema leaves a choice of three."""
    addressed = state.addressing or event["addressed_by"]
    if addressed == "event":
        return reference(state, "Interview_Event_Reference", "interview_events", event["id"])
    if addressed == "application":
        return reference(state, "Job_Application_Reference", "applications", event["application_id"])
    application = state.tables["applications"].rows[event["application_id"]]
    return make(
        "Candidate_Interview_Criteria_Data",
        reference(state, "Candidate_Reference", "candidates", application["candidate_id"]),
        reference(state, "Requisition_Reference", "requisitions", application["requisition_id"]),
    )


def _interview(call: Call, row: Row) -> Element:
    state = call.state
    data = make(
        "Interview_Data",
        _address(state, row),
        *(_session(state, each) for each in state.where("interview_sessions", "event_id", row["id"])),
        optional("Overall_Comment", row["comment"]),
        reference(state, "Timezone_Reference", "time_zones", row["timezone_id"]),
    )
    return make("Interview", data)


def _session(state: State, row: Row) -> Element:
    return make(
        "Interview_Session_Data",
        reference(state, "Interview_Session_Reference", "interview_sessions", row["id"]),
        *(_details(state, details) for details in row["details"]),
    )


def _details(state: State, row: Row) -> Element:
    return make(
        "Interview_Session_Details_Data",
        *references(state, "Interviewers_Reference", "workers", row["interviewer_ids"]),
        moment("Interview_Start_Time", row["start_at"]),
        moment("Interview_End_Time", row["end_at"]),
        *references(state, "Interview_Location_Reference", "locations", row["location_ids"]),
        reference(state, "Interview_Type_Reference", "interview_types", row["type_id"]),
        *references(state, "Interview_Competencies_Reference", "competencies", row["competency_ids"]),
        *references(state, "Interview_Questionnaires_Reference", "questionnaires", row["questionnaire_ids"]),
        optional("Comment", row["comment"]),
    )


def _feedback(call: Call, row: Row) -> Element:
    """The feedback on one event, by interviewer."""
    state = call.state
    given: dict[str, list[Row]] = {}
    for each in state.where("feedbacks", "event_id", row["id"]):
        given.setdefault(each["worker_id"], []).append(each)
    interviewers = (
        make(
            "Interview_Feedback_Details_Data",
            reference(state, "Interviewer_Reference", "workers", worker_id),
            *(_opinion(state, each) for each in feedbacks),
        )
        for worker_id, feedbacks in given.items()
    )
    data = make("Interview_Feedback_Data", _address(state, row), *interviewers)
    return make("Interview_Feedback", data)


def _opinion(state: State, row: Row) -> Element:
    return make(
        "Interview_Feedback_Details",
        reference(state, "Interview_Feedback_Rating_Reference", "ratings", row["rating_id"]),
        optional("Overall_Comment", row["comment"]),
    )


INTERVIEWS = Listing("interview_events", "Interview_Reference", _events, _interview)
FEEDBACKS = Listing("interview_events", "Interview_Event_Reference", _with_feedback, _feedback)
