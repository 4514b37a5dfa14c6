"""What Harvest's refusals mean."""

from typing import Any

import httpx

from providers.kit import Duplicate, ProviderError, StaleCursor
from providers.kit.errors import by_status

TAKEN = "has already been taken"  # how Harvest words that a unique value is in use
BODY_LENGTH = 300  # how much of an answer that is no JSON is quoted


def classify(response: httpx.Response) -> ProviderError | None:
    """Sort an answer of either generation.

    A page link that is refused has aged: its cursor carries the whole query, so nothing else can be wrong.
    """
    status = response.status_code
    request = response.request
    if status in (400, 404, 422) and request.method == "GET" and "cursor" in request.url.params:
        return StaleCursor(detail(response), status)
    if status < 300:
        return None
    said = detail(response)
    return Duplicate(said, status) if status == 422 and TAKEN in said else by_status(response, said)


def detail(response: httpx.Response) -> str:
    """The vendor's own words: the message and whatever errors are listed under it."""
    try:
        body = response.json()
    except ValueError:
        return response.text[:BODY_LENGTH] or f"HTTP {response.status_code}"
    if not isinstance(body, dict):
        return str(body or f"HTTP {response.status_code}")[:BODY_LENGTH]
    message = body.get("message") or body.get("error_description") or body.get("error")
    errors = body.get("errors")
    found = [_sentence(error) for error in errors] if isinstance(errors, list) else []
    return (
        ": ".join(filter(None, (message and str(message), "; ".join(found))))
        or f"HTTP {response.status_code}"
    )


def _sentence(error: Any) -> str:
    """One listed error: a string, `{"message", "field"}` (v1) or an object of one key (v3)."""
    if not isinstance(error, dict):
        return str(error)
    if "message" in error:
        return " ".join(filter(None, (error.get("field"), error["message"])))
    return "; ".join(f"{field} {message}" for field, message in error.items())
