"""Deterministic, fictional data for the sandbox."""

from datetime import datetime

from sandboxes.greenhouse.seeding.company import ADMIN, COORDINATOR, RECRUITER, SERVICE, add_company
from sandboxes.greenhouse.seeding.interviews import add_interviews
from sandboxes.greenhouse.seeding.people import add_people
from sandboxes.greenhouse.state import State
from sandboxes.seeding import Seeding
from sandboxes.tokens import Client

__all__ = ["ADMIN", "COORDINATOR", "CREDENTIALS", "RECRUITER", "SERVICE", "seed"]

CREDENTIALS = {
    "v1": {"api_key": "sandbox-harvest-key"},
    "v3": {"client_id": "sandbox-client", "client_secret": "sandbox-client-secret"},
    "v3_partner": {
        "client_id": "sandbox-partner",
        "client_secret": "sandbox-partner-secret",
        "refresh_token": "sandbox-refresh-token",
    },
}


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
    _credentials(state)


def _credentials(state: State) -> None:
    """What `CREDENTIALS` opens; the refresh token works once, as the vendor's do."""
    state.api_key = CREDENTIALS["v1"]["api_key"]
    state.service_user_id = SERVICE
    tokens = state.tokens
    tokens.authorising_user_id = ADMIN
    own, partner = CREDENTIALS["v3"], CREDENTIALS["v3_partner"]
    tokens.clients = {
        own["client_id"]: Client(own["client_id"], own["client_secret"]),
        partner["client_id"]: Client(partner["client_id"], partner["client_secret"], partner=True),
    }
    tokens.hold_refresh(partner["refresh_token"], tokens.clients[partner["client_id"]], ADMIN)
