"""What interviews and feedback are about: an event, an application, or a candidate and a requisition.

The schema makes it a choice, and any of the three (or several) may come. Everything else needs the
application, so it is found once and written into the row: as the reference that the row might have had.
"""

from typing import Any

from providers.kit import Kept, Row
from providers.workday.candidacies import candidacies
from providers.workday.rows import first, ident

EVENT = "Interview_Event_Reference"
APPLICATION = "Job_Application_Reference"
PAIR = "Candidate_Interview_Criteria_Data"
CHOICE = (EVENT, APPLICATION, PAIR)  # in the schema's order


def event_of(row: Row) -> str | None:
    """The event's id, if it is known."""
    return ident(row, EVENT)


def application_of(row: Row) -> str | None:
    """The application's id, if it is known."""
    return ident(row, APPLICATION)


def pair_of(row: Row) -> tuple[str, str] | None:
    """The ids of candidate and requisition, if they are given."""
    pair = first(row, PAIR)
    candidate, job = ident(pair, "Candidate_Reference"), ident(pair, "Requisition_Reference")
    return (candidate, job) if candidate and job else None


def about(row: Row) -> list[str]:
    """An index: what is known of what a row is about. Ids are unique across types."""
    return [each for each in (application_of(row), event_of(row)) if each]


def is_about_the_same(row: Row, other: Row) -> bool:
    """Whether two rows are about one event; where one is known by its application only, that decides."""
    events = event_of(row), event_of(other)
    if all(events):
        return events[0] == events[1]
    return application_of(row) is not None and application_of(row) == application_of(other)


def application_by_pair(row: Row, kept: Kept) -> Any:
    """The reference of the application that a candidate has for a requisition, or None."""
    pair = pair_of(row)
    candidate = kept.stored("candidates", pair[0]) if pair else None
    for each in candidacies(candidate) if candidate else ():
        if pair and each.job == pair[1]:
            return each.reference
    return None
