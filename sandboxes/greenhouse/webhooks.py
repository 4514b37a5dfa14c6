"""Webhooks as Greenhouse sends them (https://developers.greenhouse.io/webhooks.html)."""

import hashlib
import hmac
import json
from typing import Any
from uuid import uuid4

# The body is sent with Unicode and HTML escaped; the signature is over these bytes.
HTML: dict[str, str | int | None] = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def webhook_body(action: str, payload: Any) -> bytes:
    """The bytes of a delivery."""
    text = json.dumps({"action": action, "payload": payload}, ensure_ascii=True, separators=(",", ":"))
    return text.translate(str.maketrans(HTML)).encode("ascii")


def webhook_headers(body: bytes, secret: str, event_id: str | None = None) -> dict[str, str]:
    """Signature and id of a delivery."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "Signature": f"sha256 {digest}",
        "Greenhouse-Event-ID": event_id or str(uuid4()),
    }
