"""Lever's webhooks. The signature covers a token and a time but not the data, so what a delivery says is
only a reason to look, deletions too; and a token that comes again is a repetition.

https://hire.lever.co/developer/documentation#webhooks
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from typing import Any

from providers.kit import Refetch, Row, VendorWebhooks


def _delivery(body: bytes) -> Row:
    """A delivery; an empty one when it is none."""
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def verify(_headers: Mapping[str, str], body: bytes, key: str) -> bool:
    """Whether the signature, which stands in the body, is that of the token and the time beside it."""
    delivery = _delivery(body)
    token, given = delivery.get("token"), delivery.get("signature")
    if not (key and isinstance(token, str) and token and isinstance(given, str)):
        return False
    signed = f"{token}{delivery.get('triggeredAt')}"
    expected = hmac.new(key.encode(), signed.encode(errors="replace"), hashlib.sha256).hexdigest()
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())


def delivery_id(_headers: Mapping[str, str], body: bytes) -> str | None:
    """The token, which is signed."""
    token = _delivery(body).get("token")
    return token if isinstance(token, str) else None


def parse(body: Any) -> list[Refetch]:
    """What is to be read again."""
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, dict):
        return []
    return list(_changes(str(body.get("event")), data))


def _changes(event: str, data: Row) -> Iterator[Refetch]:
    opportunity = data.get("opportunityId") or data.get("candidateId")  # the same in the old model
    contact, interview = data.get("contactId"), data.get("interviewId")
    if event.startswith("contact") and contact:
        yield Refetch("opportunities", str(contact), on="contact")
    elif event.startswith("interview") and opportunity and interview:
        yield Refetch("interviews", f"{opportunity}/{interview}")
    elif opportunity:
        yield Refetch("opportunities", str(opportunity))


WEBHOOKS = VendorWebhooks(verify, delivery_id, parse, removes=("opportunities", "interviews"), signs_id=True)
