"""What Larkspur's refusals mean."""

from typing import Any

import httpx

from providers.kit import CredentialsRefused, ProviderError
from providers.kit.errors import by_status

KEY_EXPIRED = "key_expired"


def classify(response: httpx.Response) -> ProviderError | None:
    """Sort an answer by its status, but for a key that has expired, which is answered with 400."""
    told = _told(response)
    detail = str(told.get("message") or f"HTTP {response.status_code}")
    if response.status_code == 400 and told.get("code") == KEY_EXPIRED:
        return CredentialsRefused(detail, 400, field="api_key")
    return by_status(response, detail)


def _told(response: httpx.Response) -> dict[str, Any]:
    """The error of an answer; empty when it has none, or is not Larkspur's at all."""
    try:
        body = response.json()
    except ValueError:
        return {}
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else {}
