"""What Larkspur delivers: which interview was changed or deleted, not what has become of it."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from providers.kit import Refetch, Remove, VendorWebhooks

EVENTS: dict[str, type[Refetch | Remove]] = {"interview.changed": Refetch, "interview.deleted": Remove}


def verify(headers: Mapping[str, str], body: bytes, key: str) -> bool:
    """Whether the signature is that of the bytes as they arrived."""
    expected = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    given = headers.get("larkspur-signature", "")
    return bool(key) and hmac.compare_digest(given.encode(), expected.encode())


def delivery_id(headers: Mapping[str, str], _body: bytes) -> str | None:
    """What a delivery and its repetitions share."""
    return headers.get("larkspur-delivery")


def parse(body: Any) -> list[Refetch | Remove]:
    """What a delivery tells."""
    if not isinstance(body, dict) or body.get("id") is None:
        return []
    told = EVENTS.get(str(body.get("event")))
    return [told("interviews", str(body["id"]))] if told else []


WEBHOOKS = VendorWebhooks(verify, delivery_id, parse, removes=("interviews",))
