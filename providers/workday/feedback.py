"""Interview feedback as it is read: one row for each event and interviewer, one scorecard for all of an
application's.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from providers.kit import Client, Invalid, Kept, Page, Record, Row, Rows, Window
from providers.kit.dates import iso
from providers.workday.addresses import (
    APPLICATION,
    application_by_pair,
    application_of,
    event_of,
    is_about_the_same,
    pair_of,
)
from providers.workday.interviews import FEEDBACK as NAME
from providers.workday.interviews import NAME as INTERVIEWS
from providers.workday.interviews import (
    SEARCHED,
    details_of,
    interviewers_of,
    is_searched_for,
    of_event,
    session_of,
)
from providers.workday.interviews import key as session_key
from providers.workday.lists import Listing, page_of
from providers.workday.rows import first, ident, label, many, moment, text

DETAILS = "Interview_Feedback_Details_Data"
LISTING = Listing("Interview_Feedbacks", "Interview_Feedback")
RECOMMENDATION = {
    "strong hire": "STRONG_YES",
    "hire": "YES",
    "no hire": "NO",
    "strong no hire": "DEFINITELY_NO",
    "undecided": "NO_DECISION",
}
NEVER = datetime.min.replace(tzinfo=UTC)


def key(row: Row) -> str:
    """What the feedback is about, as it came, and whose it is: it has no id of its own."""
    subject = event_of(row) or application_of(row) or "-".join(pair_of(row) or ())
    return f"{subject}-{row[DETAILS][0]['Interviewer_Reference']['ids']['WID']}"


def scorecard_of(row: Row) -> list[str]:
    """The scorecard that a row belongs to; none as long as the application is not known."""
    application, interviewer = application_of(row), ident(first(row, DETAILS), "Interviewer_Reference")
    return [f"{application}-{interviewer}"] if application and interviewer else []


def read(client: Client, window: Window, cursor: Any) -> Page:
    """A page of feedback, with the applications that interviews of the same event are for."""
    rows, following = page_of(client, LISTING, window, cursor or 1)
    return Page([_completed(client, each, window) for row in rows for each in _given(row)], following)


def _given(row: Row) -> Iterator[Row]:
    for data in many(row, "Interview_Feedback_Data"):
        for details in many(data, DETAILS):
            yield {**data, DETAILS: [details]}


def _completed(client: Client, row: Row, window: Window) -> Row:
    """A row with the application it leaves out. An event whose interviews are listed by their application
    is asked for once, and again when a week has passed in vain.
    """
    event = event_of(row)
    if application_of(row):
        return row
    found = application_by_pair(row, window.kept) or _of_sessions(window.kept, event)
    if found or not event:
        return {**row, APPLICATION: found} if found else row
    known = _known(row, window.kept)
    if application_of(known) or not is_searched_for(known, window):
        return row | {name: known[name] for name in (APPLICATION, SEARCHED) if name in known}
    found = _asked(client, event, window.kept)
    return {**row, **({APPLICATION: found} if found else {SEARCHED: iso(window.until)})}


def _asked(client: Client, event: str, kept: Kept) -> Any:
    """The application that all sessions of an event are for; None where they are for several, or the event
    is gone.
    """
    try:
        sessions = of_event(client, event)
    except Invalid:
        return None
    rows = [each if application_of(each) else kept.stored(INTERVIEWS, session_key(each)) for each in sessions]
    found = {application_of(row): first(row, APPLICATION) for row in rows if row and application_of(row)}
    return next(iter(found.values())) if len(found) == 1 else None


def _known(row: Row, kept: Kept) -> Row:
    try:
        return kept.stored(NAME, key(row)) or {}
    except (KeyError, TypeError, IndexError):  # too odd to have a key
        return {}


def _of_sessions(kept: Kept, event: str | None) -> Any:
    """The application that the sessions of an event are known to be for, or None."""
    interviews = kept.find(INTERVIEWS, "about", event) if event else []
    return next((first(each, APPLICATION) for each in interviews if application_of(each)), None)


def scorecard(rows: list[Row], joined: Rows) -> Record:
    """What an interviewer thinks of an application. Feedback on a later event replaces the former."""
    interviews = joined.get(INTERVIEWS, [])
    latest = max(rows, key=lambda row: _time(row, interviews))
    details = first(latest, DETAILS)
    interviewer = ident(details, "Interviewer_Reference")
    held = [
        each
        for each in interviews
        if is_about_the_same(latest, each) and interviewer in interviewers_of(each)
    ]
    return {
        "remote_id": next(iter(scorecard_of(latest)), None),
        "application": application_of(latest),
        "interviewer": interviewer,
        "interview": ident(session_of(held[0]), "Interview_Session_Reference") if len(held) == 1 else None,
        "overall_recommendation": _recommendation(details),
    }


def _time(row: Row, interviews: list[Row]) -> datetime:
    """When the event that feedback is about takes place, as far as known."""
    starts = (
        text(details, "Interview_Start_Time")
        for each in interviews
        if is_about_the_same(row, each)
        for details in details_of(each)
    )
    return max((moment(start) for start in starts if start), default=NEVER)


def _recommendation(details: Any) -> tuple[str, str] | None:
    ratings = (
        label(each, "Interview_Feedback_Rating_Reference")
        for each in many(details, "Interview_Feedback_Details")
    )
    name = next(filter(None, ratings), None)
    return (RECOMMENDATION.get(name.casefold(), name), name) if name else None
