"""Webhooks from vendors: verified over the bytes as received, kept, and acknowledged.

What they tell is taken in by a job (`taking.py`): the vendor does not wait, and nothing is lost.
"""

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import Row, select

from app.accounts.clock import next_stamp
from app.accounts.idling import is_news, note_use
from app.accounts.tables import linked_account, webhook_receiver
from app.database import upsert_into
from app.jobs import ask
from app.service import Service
from app.webhooks.tables import vendor_delivery
from app.webhooks.taking import KIND
from providers.kit import VendorWebhooks


class NotGenuine(Exception):
    """Nothing shows that the delivery comes from the vendor."""


def account_by_secret(service: Service, secret: str) -> Row[Any] | None:
    """The linked account a listener URL belongs to."""
    if not secret.isprintable():  # PostgreSQL's text takes no NUL
        return None
    with service.reader.connect() as connection:
        return connection.execute(
            select(linked_account).where(linked_account.c.webhook_secret == secret)
        ).first()


def accept(service: Service, account: Row[Any], headers: Mapping[str, str], raw: bytes) -> None:
    """Keep one delivery until it is taken in; one that has come before is not kept again.

    Args:
        service: the service.
        account: the linked account whose listener URL was called.
        headers: the delivery's headers, names in lower case.
        raw: its body, as received.

    Raises:
        NotGenuine: no active key of the account's webhook receivers verifies it.
        JSONDecodeError: it is genuine, but no JSON.
    """
    webhooks = service.connector.api(account.id).webhooks
    if webhooks is None:
        raise NotGenuine("This vendor sends no webhooks")
    if not any(webhooks.verify(headers, raw, key) for key in _keys(service, account.id)):
        raise NotGenuine("wrong signature, or no active webhook receiver has a key")
    orjson.loads(raw)
    if is_news(account.used_at):
        note_use(service.jobs, account.id)
    with service.jobs.begin() as connection:
        ask(connection, KIND, account.id)  # first: the job is always locked before what it works on
        statement = upsert_into(connection, vendor_delivery).values(
            account_id=account.id,
            stamp=next_stamp(connection, account.id),
            mark=_mark(webhooks, headers, raw),
            content=service.vault.seal(raw.decode()),
            attempts=0,
        )
        connection.execute(statement.on_conflict_do_nothing())


def _mark(webhooks: VendorWebhooks, headers: Mapping[str, str], raw: bytes) -> bytes:
    """What repeated deliveries share. Without an id, the same bytes may well tell of another change.

    With an id that is not signed and another body it is another delivery.
    """
    delivery_id = webhooks.delivery_id(headers, raw)
    body = b"" if delivery_id and webhooks.signs_id else raw
    return hashlib.sha256((delivery_id or str(uuid4())).encode() + b"\0" + body).digest()


def _keys(service: Service, account_id: str) -> list[str]:
    query = select(webhook_receiver.c.key).where(
        webhook_receiver.c.account_id == account_id,
        webhook_receiver.c.is_active,
        webhook_receiver.c.key.is_not(None),
    )
    with service.reader.connect() as connection:
        return list(dict.fromkeys(str(service.vault.open(key)) for key in connection.scalars(query)))
