"""Deterministic, fictional data for the sandbox."""

from datetime import datetime

from sandboxes.ashby.seeding.company import add_company
from sandboxes.ashby.seeding.interviews import add_interviews
from sandboxes.ashby.seeding.people import add_people
from sandboxes.ashby.state import State
from sandboxes.seeding import Seeding

CREDENTIALS = {"api_key": {"api_key": "sandbox-ashby-key"}}


def seed(
    state: State,
    *,
    candidates: int = 25,
    interviews: int = 15,
    seed: int = 1,
    now: datetime | None = None,
) -> None:
    """Empty the account and fill it; the same arguments give the same records, dated around `now`."""
    state.reset()
    seeding = Seeding(state, now or state.clock(), seed)
    add_company(seeding)
    add_people(seeding, candidates)
    add_interviews(seeding, interviews)
    state.api_key = CREDENTIALS["api_key"]["api_key"]
    state.key_user_id = seeding.ids("users")[0]
    definitions = state.tables["interviews"].rows.values()
    state.default_interview_id = next(row["id"] for row in definitions if row["title"] == "Interview")
