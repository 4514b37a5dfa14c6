"""Writing interviews: sessions of an application's interview event.

The answer names the event only, so what is new is found by looking at the application's sessions before and
after. A session's details are replaced as a whole: a change sends again what was read.
"""

from typing import Any
from xml.etree.ElementTree import Element

from providers.kit import (
    Action,
    Client,
    Invalid,
    Parameter,
    Reference,
    Row,
    Unavailable,
    Write,
    Written,
)
from providers.workday.acting import as_integration, zulu
from providers.workday.addresses import APPLICATION, EVENT, application_of, event_of
from providers.workday.envelope import reference, tell, wd
from providers.workday.interviews import (
    DETAILS,
    NAME,
    SESSION,
    addressed,
    as_it_is_now,
    details_of,
    key,
    of_application,
)
from providers.workday.rows import WID, first, handles, ident, many, moment, row_of, text

ZONE = "Timezone_Reference"
PLACE = "Interview_Location_Reference"
CHANGEABLE = ("interviewers", "start_at", "end_at", "location", "timezone")


# Writes


def _create(write: Write) -> Written:
    as_integration(write)
    given = write.fields
    application = given["application"]
    event = write.params.get("interview_event")
    before = {key(row) for row in of_application(write.client, application)}
    session = wd(SESSION, _details(write, {}, given))
    whose = reference(EVENT, str(event)) if event else reference(APPLICATION, application)
    named = _put(write.client, whose, session, _zone(write, {}))
    new = [row for row in of_application(write.client, application) if key(row) not in before]
    if not new:
        raise Unavailable("Workday shows no new session of the application.", outcome_unknown=True)
    mine = next((row for row in new if _is_as_asked(row, given)), new[0])
    known = {APPLICATION: _wid(application)} | ({EVENT: _wid(named)} if named else {})
    row = addressed(mine, known)
    return Written(Reference(NAME, key(mine)), row=row)


def _update(write: Write) -> Written:
    as_integration(write)
    session_key, given = str(write.remote_id), write.fields
    if not given:
        return Written(Reference(NAME, session_key))
    known = _known(write)
    row = as_it_is_now(write.client, known)
    changed = [
        _details(write, details, _for_details(row, details, given)) for details in details_of(row) or [{}]
    ]
    session = wd(SESSION, reference("Interview_Session_Reference", session_key), *changed)
    _put(write.client, _whose(row), session, _zone(write, row), text(row, "Overall_Comment"))
    return Written(Reference(NAME, session_key), row=as_it_is_now(write.client, row))


def _delete(write: Write) -> Written:
    as_integration(write)
    session_key = str(write.remote_id)
    known = _known(write)
    gone = wd(SESSION, reference("Interview_Session_Reference", session_key), Delete="true")
    _put(write.client, _whose(known), gone, _zone(write, known))
    return Written(Reference(NAME, session_key), removed=True)


def _known(write: Write) -> Row:
    """The session as it was last read.

    Raises:
        Invalid: nothing of it is kept.
    """
    known = write.stored(NAME, str(write.remote_id))
    if known is None:
        raise Invalid("This interview is not known.")
    return known


# Requests


def _put(
    client: Client, whose: Element, session: Element, zone: Element, comment: str | None = None
) -> str | None:
    """Write a session; those that are not named stay as they are. Gives the event's id, if it is told."""
    data = wd("Interview_Data", whose, session, wd("Overall_Comment", comment) if comment else None, zone)
    return ident(row_of(tell(client, wd("Put_Interview_Request", data))), "Interview_Reference")


def _whose(row: Row) -> Element:
    """Exactly one of what a session may be addressed by: the event, if it is known.

    Raises:
        Invalid: neither event nor application are known.
    """
    event, application = event_of(row), application_of(row)
    if event:
        return reference(EVENT, event)
    if application:
        return reference(APPLICATION, application)
    raise Invalid("Which application this interview is for is not known yet.")


def _zone(write: Write, row: Row) -> Element:
    """The time zone, which Workday needs: as asked, else as read, else UTC."""
    asked = write.fields.get("timezone") or write.params.get("timezone")
    known = [] if asked else _again(row, ZONE)
    return known[0] if known else reference(ZONE, asked or "UTC", "Time_Zone_ID")


def _details(write: Write, known: Any, given: dict[str, Any]) -> Element:
    """The details of a session: what is given, and what was read for the rest."""
    interviewers = _given_or_again(known, "Interviewers_Reference", given.get("interviewers"))
    if not interviewers:
        raise Invalid("interviewers: Workday needs at least one.")
    places, comment = _places(write, known, given)
    return wd(
        DETAILS,
        *interviewers,
        wd("Interview_Start_Time", zulu(given.get("start_at") or text(known, "Interview_Start_Time") or "")),
        wd("Interview_End_Time", zulu(given.get("end_at") or text(known, "Interview_End_Time") or "")),
        *_given_or_again(known, PLACE, places),
        *_again(known, "Interview_Type_Reference"),
        *_again(known, "Interview_Competencies_Reference"),
        *_again(known, "Interview_Questionnaires_Reference"),
        wd("Comment", comment) if comment else None,
    )


def _again(known: Any, name: str) -> list[Element]:
    return [reference(name, *each) for each in handles(known, name)]


def _given_or_again(known: Any, name: str, given: list[str] | None) -> list[Element]:
    """The references that are given, or those that were read if none are."""
    return _again(known, name) if given is None else [reference(name, each) for each in dict.fromkeys(given)]


def _places(write: Write, known: Any, given: dict[str, Any]) -> tuple[list[str] | None, str | None]:
    """The offices (None: as they are), and the comment: a place that is no office has room only there."""
    comment = text(known, "Comment")
    if "location" not in given:
        return None, comment
    wanted = given["location"]
    if not wanted:
        return [], comment
    for names in ([wanted], wanted.split(", ")):
        offices = [next(iter(write.find("locations", "name", name)), None) for name in names]
        if all(offices):
            return [wid for office in offices if (wid := ident(office, "Location_Reference"))], comment
    write.warn("location", "Workday knows no office of this name: it was put into the comment.")
    return [], wanted


def _for_details(row: Row, details: Any, given: dict[str, Any]) -> dict[str, Any]:
    """What of a change concerns one of a session's details: the first of them starts it, the last ends it."""
    others = details_of(row)
    if len(others) < 2:
        return given
    starts = min(moment(text(each, "Interview_Start_Time") or "") for each in others)
    ends = max(moment(text(each, "Interview_End_Time") or "") for each in others)
    left = dict(given)
    if moment(text(details, "Interview_Start_Time") or "") != starts:
        left.pop("start_at", None)
    if moment(text(details, "Interview_End_Time") or "") != ends:
        left.pop("end_at", None)
    return left


# Sessions


def _wid(ident: str) -> Row:
    return {"descriptor": None, "ids": {WID: ident}}


def _is_as_asked(row: Row, given: dict[str, Any]) -> bool:
    """Whether a new session is the one that was asked for, should somebody else have made one just now."""
    details = first(row, SESSION, DETAILS)
    start = text(details, "Interview_Start_Time")
    same = {ident(each) for each in many(details, "Interviewers_Reference")} == set(given["interviewers"])
    return same and start is not None and moment(start) == given["start_at"]


PARAMETERS = (
    Parameter(
        name="timezone",
        type="string",
        description="The Time_Zone_ID of the interview, such as America/Los_Angeles; UTC unless given.",
    ),
    Parameter(
        name="interview_event",
        type="string",
        description="The WID of the interview event, where the application has more than one.",
    ),
)
ACTIONS = (
    Action(
        "ScheduledInterview",
        "create",
        _create,
        fields=("application", *CHANGEABLE),
        required=("application", "start_at", "end_at", "interviewers"),
        parameters=PARAMETERS,
    ),
    Action("ScheduledInterview", "update", _update, fields=CHANGEABLE),
    Action("ScheduledInterview", "delete", _delete),
)
