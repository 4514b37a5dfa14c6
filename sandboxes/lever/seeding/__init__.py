"""Deterministic, fictional data for the sandbox."""

from datetime import datetime

from sandboxes.lever.gate import ENDPOINTS
from sandboxes.lever.opportunities import CONFIDENTIAL
from sandboxes.lever.seeding.base import Seeding
from sandboxes.lever.seeding.company import ADMIN, COORDINATOR, RECRUITER, add_company
from sandboxes.lever.seeding.interviews import add_interviews
from sandboxes.lever.seeding.people import add_people
from sandboxes.lever.state import State
from sandboxes.tokens import Client

__all__ = ["ADMIN", "COORDINATOR", "CREDENTIALS", "RECRUITER", "seed"]

CREDENTIALS = {
    "api_key": {"api_key": "sandbox-lever-key", "perform_as": ADMIN},
    "oauth": {
        "client_id": "sandbox-lever-client",
        "client_secret": "sandbox-lever-client-secret",
        "refresh_token": "sandbox-lever-refresh-token",
        "perform_as": ADMIN,
    },
}
EVERY_SCOPE = " ".join(sorted({each.permission for each in ENDPOINTS} | {CONFIDENTIAL, "offline_access"}))


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
    state.api_key = CREDENTIALS["api_key"]["api_key"]
    partner, tokens = CREDENTIALS["oauth"], state.tokens
    client = Client(partner["client_id"], partner["client_secret"], partner=True)
    tokens.authorising_user_id = ADMIN
    tokens.clients = {client.client_id: client}
    tokens.hold_refresh(partner["refresh_token"], client, ADMIN, EVERY_SCOPE)
