"""Interviews as they are read: one row a session, with the application it is for.

Workday lists events, each with its sessions. An event may be listed without its application. Then the
applications are asked for their interviews, the likely ones first, until the session shows up; that never
changes, so the row remembers it. A search in vain is remembered as well, for a week.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element

from providers.kit import Client, Invalid, Kept, NotFound, Page, Record, Row, Rows, Window
from providers.kit.dates import iso
from providers.workday.addresses import (
    APPLICATION,
    EVENT,
    application_by_pair,
    application_of,
    event_of,
    is_about_the_same,
)
from providers.workday.candidacies import Candidacy, candidacies
from providers.workday.envelope import reference, wd
from providers.workday.lists import Listing, page_of
from providers.workday.rows import first, ident, idents, label, many, moment, text, words

NAME = "interviews"
FEEDBACK = "interview_feedbacks"
SESSION = "Interview_Session_Data"
DETAILS = "Interview_Session_Details_Data"
SEARCHED = "searched_at"  # ours: when all applications had been asked in vain
AGAIN = timedelta(days=7)
DISPOSITIONED, MATCHED = 2, 3  # the last ranks of applications to be asked
CANDIDATES, QUESTIONS = 200, 20  # looked at, and asked about, between two checkpoints

LISTING = Listing("Interviews", "Interview")


# Rows


def key(row: Row) -> str:
    """The session's id."""
    return str(row[SESSION][0]["Interview_Session_Reference"]["ids"]["WID"])


def session_of(row: Row) -> Any:
    """The one session of a row."""
    return first(row, SESSION)


def details_of(row: Row) -> list[Any]:
    """The details of a session, of which there is one as a rule."""
    return many(session_of(row), DETAILS)


def sessions(interview: Row) -> Iterator[Row]:
    """A row for each session, with what its event says; an event without sessions gives none."""
    for data in many(interview, "Interview_Data"):
        for session in many(data, SESSION):
            yield {**data, SESSION: [session]}


def of_application(client: Client, application: str) -> list[Row]:
    """All sessions of an application, as they are now."""
    return _asked(client, LISTING.request(criteria=[reference(APPLICATION, application)]))


def of_event(client: Client, event: str) -> list[Row]:
    """All sessions of an event, as they are now."""
    references = wd("Request_References", reference("Interview_Reference", event))
    return _asked(client, LISTING.request(references=references))


def _asked(client: Client, request: Element) -> list[Row]:
    """The sessions of an answer, those that have an id."""
    rows, _pages = LISTING.ask(client, request)
    found = (session for row in rows for session in sessions(row))
    return [each for each in found if ident(session_of(each), "Interview_Session_Reference")]


def as_it_is_now(client: Client, known: Row) -> Row:
    """A session as it is now, with what a row of it knows of whose it is.

    Raises:
        NotFound: there is none any more.
    """
    application, event = application_of(known), event_of(known)
    rows = of_application(client, application) if application else of_event(client, event) if event else []
    for row in rows:
        if key(row) == key(known):
            return addressed(row, known)
    raise NotFound("Workday has no such interview session any more.", 404)


def addressed(row: Row, known: Row) -> Row:
    """A row with what another one knows of whose it is."""
    return {**{name: known[name] for name in (EVENT, APPLICATION) if name in known}, **row}


def refetch(client: Client, known: Row) -> Rows:
    """One session again: Workday shows those of an application or event, and none by its own id."""
    return {NAME: [as_it_is_now(client, known)]}


def unaddressed(row: Row) -> list[str]:
    """An index of the rows whose application is not known."""
    return [] if application_of(row) else ["yes"]


# Reading


def read(client: Client, window: Window, cursor: Any) -> Page:
    """A page of the list; after the last one, applications are asked for the sessions that name none."""
    if isinstance(cursor, list):
        return _search(client, window, *cursor)
    rows, following = page_of(client, LISTING, window, cursor or 1)
    found = [_completed(session, window.kept) for row in rows for session in sessions(row)]
    return Page(found, following or [0, ""])


def _completed(row: Row, kept: Kept) -> Row:
    """A row with what it leaves out, as far as that is known."""
    try:
        known = kept.stored(NAME, key(row)) or {}
    except (KeyError, TypeError, IndexError):  # too odd to have a key: it is kept as it is
        return row
    made = {**row}
    for name in (EVENT, APPLICATION, SEARCHED):
        if name not in made and name in known:
            made[name] = known[name]
    if not application_of(made):
        found = application_by_pair(made, kept) or _application_by_event(made, kept)
        if found:
            made[APPLICATION] = found
            made.pop(SEARCHED, None)
    return made


def _application_by_event(row: Row, kept: Kept) -> Any:
    """The application that another session of the event is for, or None."""
    event = event_of(row)
    others = kept.find(NAME, "about", event) if event else []
    return next((first(other, APPLICATION) for other in others if application_of(other)), None)


def _search(client: Client, window: Window, rank: int, after: str) -> Page:
    """Ask some applications for their sessions. `rank` and `after` say how far the search is."""
    open_rows = {
        key(row): row for row in window.kept.find(NAME, "unaddressed", "yes") if is_searched_for(row, window)
    }
    if not open_rows:
        return Page([])
    found: list[Row] = []
    questions = 0
    people = window.kept.after("candidates", after, CANDIDATES)
    for candidate, row in people:
        for each in (one for one in candidacies(row) if _rank(one, window.kept) == rank):
            questions += 1
            matches = _held_by(client, each) & open_rows.keys()
            found += [_matched(open_rows.pop(match), each) for match in sorted(matches)]
        if not open_rows:
            return Page(found)
        if questions >= QUESTIONS:
            return Page(found, [rank, candidate])
    if people:
        return Page(found, [rank, people[-1][0]])
    if rank < MATCHED:
        return Page(found, [rank + 1, ""])
    return Page([*found, *({**row, SEARCHED: iso(window.until)} for row in open_rows.values())])


def _held_by(client: Client, candidacy: Candidacy) -> set[str]:
    """The sessions of an application. One that Workday has no more (merged, purged) has none: it is kept
    here until the next full pass.
    """
    try:
        return {key(session) for session in of_application(client, candidacy.wid)}
    except Invalid:
        return set()


def _rank(candidacy: Candidacy, kept: Kept) -> int:
    """When an application's turn comes: those at the interview stage first, dispositioned ones late, and
    last those that have interviews already, for an application may have several events.
    """
    if kept.find(NAME, "about", candidacy.wid):
        return MATCHED
    if candidacy.is_dispositioned:
        return DISPOSITIONED
    return 0 if any("interview" in each for each in words(candidacy.details, "Stage_Reference")) else 1


def _matched(row: Row, candidacy: Candidacy) -> Row:
    made = {**row, APPLICATION: candidacy.reference}
    made.pop(SEARCHED, None)
    return made


def is_searched_for(row: Row, window: Window) -> bool:
    """Whether it is time to ask for an application that a row leaves out."""
    searched = text(row, SEARCHED)
    return searched is None or moment(searched) + AGAIN <= window.until


# Records


def interview(row: Row, joined: Rows) -> Record:
    """A session. Workday says nothing of its status: it follows from its end and the feedback."""
    details = details_of(row)
    starts = [moment(t) for each in details if (t := text(each, "Interview_Start_Time"))]
    ends = [moment(t) for each in details if (t := text(each, "Interview_End_Time"))]
    interviewers = interviewers_of(row)
    end = max(ends, default=None)
    names = [label(place) for each in details for place in many(each, "Interview_Location_Reference")]
    return {
        "remote_id": ident(session_of(row), "Interview_Session_Reference"),
        "application": application_of(row),
        "interviewers": interviewers,
        "location": ", ".join(dict.fromkeys(filter(None, names))) or None,
        "start_at": min(starts, default=None),
        "end_at": end,
        "status": _status(end, interviewers, _givers(row, joined.get(FEEDBACK, ()))),
        "name": next(filter(None, (label(each, "Interview_Type_Reference") for each in details)), None),
        "timezone": ident(row, "Timezone_Reference", kind="Time_Zone_ID"),
    }


def interviewers_of(row: Row) -> list[str]:
    """Who interviews in a session."""
    return list(
        dict.fromkeys(who for each in details_of(row) for who in idents(each, "Interviewers_Reference"))
    )


def _givers(row: Row, feedback: Any) -> set[str | None]:
    """Who has given feedback on the event, whichever session it was for."""
    return {
        ident(first(each, "Interview_Feedback_Details_Data"), "Interviewer_Reference")
        for each in feedback
        if is_about_the_same(row, each)
    }


def _status(end: datetime | None, interviewers: list[str], givers: set[str | None]) -> str | None:
    if end is None:
        return None
    if end > datetime.now(UTC):
        return "SCHEDULED"
    complete = bool(interviewers) and givers.issuperset(interviewers)
    return "COMPLETE" if complete else "AWAITING_FEEDBACK"


def ends(record: Record) -> datetime | None:
    """When the status of an interview changes by itself."""
    end: datetime | None = record["end_at"] if record["status"] == "SCHEDULED" else None
    return end
