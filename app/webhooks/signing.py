"""Signatures of what is sent to subscribers: the reference's, and a timestamped one beside it."""

import base64
import hashlib
import hmac
import secrets
from datetime import UTC, datetime
from typing import cast

from sqlalchemy import Connection, select
from standardwebhooks import Webhook

from app.accounts.vault import Vault
from app.audit.trail import Actor, record
from app.database import upsert_into
from app.webhooks.tables import webhook_signature

ONLY = 1  # the id of the organization's one key


def signature_key(connection: Connection, vault: Vault) -> str | None:
    """The organization's key; None before there is one."""
    sealed = connection.scalar(select(webhook_signature.c.key))
    return None if sealed is None else cast(str, vault.open(sealed))


def renew_signature_key(connection: Connection, vault: Vault, actor: Actor) -> str:
    """Put a new key in the place of the organization's, with which everything is signed from now on.

    Returns:
        The key, which is shown this once.
    """
    key = _fresh_key()
    statement = upsert_into(connection, webhook_signature).values(id=ONLY, key=vault.seal(key))
    connection.execute(
        statement.on_conflict_do_update(index_elements=["id"], set_={"key": statement.excluded.key})
    )
    record(connection, actor, "REGENERATED_WEBHOOK_SIGNATURE", "Regenerated the webhook signature key.")
    return key


def first_signature_key(connection: Connection, vault: Vault) -> str | None:
    """Make the organization's key where there is none.

    Returns:
        The key, which is shown this once; None when there was one.
    """
    key = _fresh_key()
    statement = upsert_into(connection, webhook_signature).values(id=ONLY, key=vault.seal(key))
    made = statement.on_conflict_do_nothing(index_elements=["id"]).returning(webhook_signature.c.id)
    return key if connection.scalar(made) else None


def signed_headers(key: str, delivery_id: str, body: bytes) -> dict[str, str]:
    """The headers that tell a subscriber who sends a body, and when.

    Args:
        key: the organization's key.
        delivery_id: the same for every attempt.
        body: exactly the bytes that are sent.
    """
    sent_at = datetime.now(UTC)
    # The whole text is the key of the one, what its base64 stands for that of the other.
    plain = base64.urlsafe_b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest())
    return {
        "X-Merge-Webhook-Signature": plain.decode(),
        "webhook-id": delivery_id,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": Webhook(key).sign(delivery_id, sent_at, body.decode()),
    }


def _fresh_key() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
