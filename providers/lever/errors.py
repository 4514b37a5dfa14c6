"""What Lever's refusals mean. The status decides: the codes of 401, 403 and 429 are documented nowhere.

https://hire.lever.co/developer/documentation#errors
"""

import httpx

from providers.kit import ProviderError, StaleCursor, Unavailable
from providers.kit.errors import by_status, may_change

AGED = "Invalid offset token"
BODY_LENGTH = 300  # how much of an answer that is no JSON is quoted


def classify(response: httpx.Response) -> ProviderError | None:
    """Sort an answer."""
    status = response.status_code
    if status < 300:
        return None
    said = detail(response)
    if status == 400 and AGED.casefold() in said.casefold():
        return StaleCursor(said, status)
    if status == 408:  # an upload that took too long
        return Unavailable(said, status, outcome_unknown=may_change(response.request))
    return by_status(response, said)


def detail(response: httpx.Response) -> str:
    """Lever's own words: its message, or those of its token endpoint."""
    try:
        body = response.json()
    except ValueError:
        return response.text[:BODY_LENGTH] or f"HTTP {response.status_code}"
    if not isinstance(body, dict):
        return str(body)[:BODY_LENGTH]
    said = body.get("message") or body.get("error_description") or body.get("error") or body.get("code")
    return str(said or f"HTTP {response.status_code}")
