"""What Ashby's refusals mean: most come with HTTP 200, and a wrong key like a missing permission with 403.

See https://developers.ashbyhq.com/docs/responses and .../docs/pagination-and-incremental-sync.
"""

from typing import Any

import httpx

from providers.kit import (
    CredentialsRefused,
    Invalid,
    NotFound,
    PermissionMissing,
    ProviderError,
    StaleCursor,
    StaleToken,
    Unexpected,
)
from providers.kit.errors import by_status

KINDS: dict[str, type[ProviderError]] = {
    "missing_endpoint_permission": PermissionMissing,
    **dict.fromkeys(("next_cursor_expired", "invalid_next_cursor", "cursor_invalid"), StaleCursor),
    **dict.fromkeys(("sync_token_expired", "sync_token_invalid", "incremental_sync_too_large"), StaleToken),
}
BODY_LENGTH = 300  # how much of an answer that is no JSON is quoted


def classify(response: httpx.Response) -> ProviderError | None:
    """Sort an answer by its code, then by its status."""
    status, envelope = response.status_code, _envelope(response)
    if status < 300 and (envelope is None or envelope.get("success") is not False):
        return None
    said = detail(response)
    kind = _kind(_code(envelope)) if status < 429 else None
    if kind:
        return kind(said, status)
    if status < 300:
        return Invalid(said, status)
    if status == 403:  # in plain words for a wrong key, an envelope for a good one that may not do this
        return CredentialsRefused(said, status) if envelope is None else PermissionMissing(said, status)
    if status == 404:  # what is missing has a code: this is a call that Ashby does not know
        return Unexpected(said, status)
    return by_status(response, said)


def detail(response: httpx.Response) -> str:
    """The vendor's own words."""
    envelope = _envelope(response)
    if envelope is None:
        return response.text[:BODY_LENGTH] or f"HTTP {response.status_code}"
    info = envelope.get("errorInfo")
    told = [info] if isinstance(info, dict) else _errors(envelope)
    return "; ".join(_sentence(error) for error in told) or f"HTTP {response.status_code}"


def _kind(code: str | None) -> type[ProviderError] | None:
    if code is None:
        return None
    return KINDS.get(code) or (NotFound if code.endswith("_not_found") else None)


def _envelope(response: httpx.Response) -> dict[str, Any] | None:
    """The body, if it is Ashby's own form of an answer."""
    try:
        body = response.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) and body.keys() & {"success", "errors", "errorInfo"} else None


def _code(envelope: dict[str, Any] | None) -> str | None:
    """`errorInfo.code`, which is newer and may be missing, else the first of `errors`, which may be too."""
    if envelope is None:
        return None
    info = envelope.get("errorInfo")
    if isinstance(info, dict) and info.get("code"):
        return str(info["code"])
    first = next(iter(_errors(envelope)), None)
    code = first.get("code") if isinstance(first, dict) else first
    return None if code is None else str(code)


def _errors(envelope: dict[str, Any]) -> list[Any]:
    errors = envelope.get("errors")
    return errors if isinstance(errors, list) else []


def _sentence(error: Any) -> str:
    """One error: a code, or `{"code", "message", "parameter"}`."""
    if not isinstance(error, dict):
        return str(error)
    parts = (error.get("code"), error.get("parameter"), error.get("message"))
    return ": ".join(str(part) for part in parts if part)
