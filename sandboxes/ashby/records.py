"""Records named in arguments."""

from typing import NoReturn

from sandboxes.ashby.errors import Refused
from sandboxes.ashby.state import State
from sandboxes.store import Row

# Table: the word in its `<thing>_not_found` code.
THINGS = {
    "applications": "application",
    "archiveReasons": "archive_reason",
    "candidates": "candidate",
    "candidateTags": "candidate_tag",
    "communicationTemplates": "communication_template",
    "departments": "department",
    "files": "file",
    "interviewEvents": "interview_event",
    "interviewPlans": "interview_plan",
    "interviewSchedules": "interview_schedule",
    "interviewStages": "interview_stage",
    "interviews": "interview",
    "jobPostings": "job_posting",
    "jobs": "job",
    "locations": "location",
    "offers": "offer",
    "sources": "source",
    "uploads": "file",
    "users": "user",
    "webhooks": "webhook",
}


def known(state: State, table: str, key: str) -> Row:
    """The record with an id, unless the API key may not know of it."""
    row = state.get(table, key)
    if row is None or not state.visible(table, row):
        not_found(table)
    return row


def not_found(table: str) -> NoReturn:
    """Refuse an id."""
    thing = THINGS[table]
    words = thing.replace("_", " ")
    message = f"{words.capitalize()} not found - are you lacking permissions to edit {words}s?"
    raise Refused(f"{thing}_not_found", message)
