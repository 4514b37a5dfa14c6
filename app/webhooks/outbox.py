"""The outbox: what subscribers are to be told, written in the transaction in which it happens.

Of a record only its id is kept. Its body is read when the event is sent, so that nothing is stored twice
and what has been erased meanwhile never leaves.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import Connection, Row, delete, select

from app.accounts.clock import next_stamp
from app.accounts.directory import linked_accounts
from app.accounts.keys import PRODUCTION
from app.accounts.shown import details
from app.accounts.tables import linked_account
from app.bulk import insert_rows
from app.common.models import MODELS
from app.common.times import now
from app.database import batches
from app.jobs import ask_last
from app.records.store import Changes, RecordStore
from app.scopes.store import restrictions_of
from app.webhooks.events import ACCOUNT_DELETED, ADDED, CHANGED, RECORD_MODELS, REMOVED, wanted
from app.webhooks.tables import webhook_delivery, webhook_endpoint

KIND = "deliver"
ACTIVE, INACTIVE, DISABLED = "ACTIVE", "INACTIVE", "DISABLED"  # of an endpoint
PENDING, DELIVERED, FAILED = "PENDING", "DELIVERED", "FAILED"  # of a delivery


@contextmanager
def changing(connection: Connection, account_id: str) -> Iterator[RecordStore]:
    """The store of an account's records for one transaction, whose changes subscribers are told of.

    Raises:
        AccountGone: the account is no longer there.
    """
    store = RecordStore(connection, account_id, next_stamp(connection, account_id))
    yield store
    _announce_changes(connection, account_id, store.changes)


def announce(connection: Connection, account_id: str | None, event: str, data: object) -> None:
    """Tell subscribers of an event that is not about a record.

    Args:
        connection: the transaction in which it happens.
        account_id: the linked account; None when it is about none. `LinkedAccount.deleted` is announced
            before the account's row is deleted.
        event: one of `EVENTS`.
        data: the event's `data`, anything JSON can hold.
    """
    row: dict[str, Any] = {"event": event, "data": orjson.dumps(data), "account_id": account_id}
    if event == ACCOUNT_DELETED:
        # Deliveries go with their account; this one stays, and brings along what will be gone.
        account = connection.execute(linked_accounts(linked_account.c.id == account_id)).one()
        row |= {"account_id": None, "account": orjson.dumps(account_of_event(account, base_url=""))}
    _put(connection, account_id, [row])


def account_of_event(account: Row[Any], base_url: str) -> dict[str, Any]:
    """The `linked_account` of an event.

    Args:
        account: of `linked_accounts`.
        base_url: where the world reaches this service; empty when that is not known here.
    """
    shown = details(account, base_url)
    return {name: value for name, value in shown.items() if not name.startswith("instance_")}


def forget(connection: Connection, account_id: str, mentioned: re.Pattern[str]) -> None:
    """Drop the events of an account that bring along something in which this is mentioned."""
    kept = webhook_delivery.c
    query = select(kept.id, kept.data).where(kept.account_id == account_id, kept.data.is_not(None))
    found = [row.id for row in connection.execute(query) if mentioned.search(row.data.decode())]
    for part in batches(found):
        connection.execute(delete(webhook_delivery).where(kept.id.in_(part)))


def _announce_changes(connection: Connection, account_id: str, changes: Changes) -> None:
    restrictions = restrictions_of(connection, account_id)
    told = ((ADDED, changes.added), (CHANGED, changes.changed), (REMOVED, changes.removed))
    rows = [
        {"event": f"{model}.{action}", "account_id": account_id, "model": model, "record_id": record_id}
        for action, records in told
        for model, record_id in sorted(records)
        if model in RECORD_MODELS and restrictions.readable(MODELS[model])
    ]
    if rows:
        _put(connection, account_id, rows)


def _put(connection: Connection, account_id: str | None, rows: Iterable[dict[str, Any]]) -> None:
    """Write a delivery of each event for each endpoint that wants it."""
    present = now()
    blank = {"state": PENDING, "attempts": 0, "next_attempt_at": present, "created_at": present}
    blank |= {"model": None, "record_id": None, "data": None, "account": None}
    subscribed = _subscribed(connection, account_id)
    deliveries = [
        {**blank, **row, "id": str(uuid4()), "endpoint_id": endpoint_id}
        for row in rows
        for endpoint_id, events in subscribed.items()
        if wanted(events, row["event"])
    ]
    insert_rows(connection, webhook_delivery, deliveries)
    for endpoint_id in {delivery["endpoint_id"] for delivery in deliveries}:
        ask_last(connection, KIND, endpoint_id)


def _subscribed(connection: Connection, account_id: str | None) -> dict[str, list[str]]:
    """What each endpoint wants to be told of an account. One that was disabled finds it when it is back."""
    account_type = select(linked_account.c.account_type).where(linked_account.c.id == account_id)
    query = select(webhook_endpoint.c.id, webhook_endpoint.c.events, webhook_endpoint.c.accounts).where(
        webhook_endpoint.c.state != INACTIVE,
        webhook_endpoint.c.account_type.in_((PRODUCTION, account_type.scalar_subquery())),
    )
    return {
        row.id: orjson.loads(row.events)
        for row in connection.execute(query)
        if row.accounts is None or account_id in orjson.loads(row.accounts)
    }
