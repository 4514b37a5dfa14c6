"""Deterministic, fictional data for the sandbox."""

from datetime import datetime

from sandboxes.workday.seeding.base import TenantSeeding
from sandboxes.workday.seeding.company import add_company
from sandboxes.workday.seeding.interviews import add_interviews
from sandboxes.workday.seeding.lists import add_lists
from sandboxes.workday.seeding.people import add_people
from sandboxes.workday.state import State

__all__ = ["CREDENTIALS", "seed"]

# A password that has to be escaped.
CREDENTIALS = {
    "integration_system_user": {
        "host": "wd2-impl-services1.workday.com",
        "tenant": "fairhaven",
        "username": "ISU_ATS",
        "password": "sandbox-isu-p&ss<word>",
    }
}


def seed(
    state: State,
    *,
    candidates: int = 25,
    interviews: int = 15,
    seed: int = 1,
    now: datetime | None = None,
) -> None:
    """Empty the tenant and fill it; the same arguments give the same records, dated around `now`.

    `interviews` counts sessions; how many events they belong to follows from the candidates.
    """
    state.reset()
    own = CREDENTIALS["integration_system_user"]
    state.tenant, state.username, state.password = own["tenant"], own["username"], own["password"]
    seeding = TenantSeeding(state, now or state.clock(), seed)
    add_lists(seeding)
    add_company(seeding)
    add_people(seeding, candidates)
    add_interviews(seeding, interviews)
