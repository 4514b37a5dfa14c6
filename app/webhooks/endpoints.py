"""Where subscribers want to be told of events, and what they were told."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import ColumnElement, Connection, Row, delete, insert, update

from app.audit.trail import Actor, record
from app.common.times import now
from app.issues import store as issues
from app.jobs import ask, remove
from app.webhooks.deliver import issue_subject
from app.webhooks.outbox import ACTIVE, INACTIVE, KIND, PENDING
from app.webhooks.tables import webhook_delivery, webhook_endpoint


def create(
    connection: Connection,
    actor: Actor,
    account_type: str,
    target: str,
    events: Sequence[str],
    linked_accounts: Sequence[str] | None,
    is_active: bool,
) -> Row[Any]:
    """Make an endpoint.

    Args:
        connection: the transaction.
        actor: who makes it.
        account_type: `TEST` when it is told of test accounts only.
        target: the URL, which has been looked at.
        events: what it is told of.
        linked_accounts: the accounts it is told of; None for all of them.
        is_active: whether it is told already.
    """
    present = now()
    row = {
        "id": str(uuid4()),
        "account_type": account_type,
        "target": target,
        "events": _dumped(events),
        "accounts": _dumped(linked_accounts),
        "state": _state(is_active),
        "failures": 0,
        "created_at": present,
        "modified_at": present,
    }
    made = connection.execute(insert(webhook_endpoint).values(row).returning(webhook_endpoint)).one()
    record(connection, actor, "CREATED_DESTINATION", f"Created the webhook {made.id}.")
    return made


def change(connection: Connection, actor: Actor, known: Row[Any], given: dict[str, Any]) -> Row[Any]:
    """Change an endpoint. One that is made active again is told at once of what has waited.

    Args:
        connection: the transaction.
        actor: who changes it.
        known: the endpoint.
        given: any of the arguments of `create`.
    """
    ask(connection, KIND, known.id)  # first: the job is always locked before what it works on
    values: dict[str, Any] = {"modified_at": now()}
    if given.get("target", known.target) != known.target:
        values["target"] = given["target"]
        what = f"Changed where the webhook {known.id} goes."
        record(connection, actor, "MERGE_WEBHOOK_TARGET_CHANGED", what)
    events = _dumped(given["events"]) if "events" in given else known.events
    accounts = _dumped(given["linked_accounts"]) if "linked_accounts" in given else known.accounts
    if (events, accounts) != (known.events, known.accounts):
        values |= {"events": events, "accounts": accounts}
        record(connection, actor, "CHANGED_DESTINATION", f"Changed what the webhook {known.id} is told of.")
    if "is_active" in given and known.state != _state(given["is_active"]):
        values |= _switched(connection, actor, known.id, active=given["is_active"])
    return connection.execute(
        update(webhook_endpoint)
        .where(webhook_endpoint.c.id == known.id)
        .values(values)
        .returning(webhook_endpoint)
    ).one()


def _switched(connection: Connection, actor: Actor, endpoint_id: str, *, active: bool) -> dict[str, Any]:
    """The columns of an endpoint that is switched on or off by hand."""
    verb = "Enabled" if active else "Disabled"
    record(connection, actor, f"{verb.upper()}_MERGE_WEBHOOK", f"{verb} the webhook {endpoint_id}.")
    issues.close(connection, None, issue_subject(endpoint_id))
    return {"state": _state(active), "detail": None, "failures": 0, "failing_since": None}


def delete_endpoint(connection: Connection, actor: Actor, endpoint_id: str) -> None:
    """Remove an endpoint with all that was kept for it."""
    remove(connection, KIND, endpoint_id)
    connection.execute(delete(webhook_endpoint).where(webhook_endpoint.c.id == endpoint_id))
    connection.execute(delete(webhook_delivery).where(webhook_delivery.c.endpoint_id == endpoint_id))
    issues.close(connection, None, issue_subject(endpoint_id))
    record(connection, actor, "DELETED_DESTINATION", f"Deleted the webhook {endpoint_id}.")


def replay(connection: Connection, endpoint_id: str, *which: ColumnElement[bool]) -> int:
    """Deliver again, under the same delivery ids.

    Args:
        connection: the transaction.
        endpoint_id: to which endpoint.
        which: conditions on its deliveries.

    Returns:
        How many deliveries there are to be made.
    """
    ask(connection, KIND, endpoint_id)
    again = connection.execute(
        update(webhook_delivery)
        .where(webhook_delivery.c.endpoint_id == endpoint_id, *which)
        .values(state=PENDING, attempts=0, next_attempt_at=now())
    )
    return again.rowcount


def _state(active: bool) -> str:
    return ACTIVE if active else INACTIVE


def _dumped(items: Sequence[str] | None) -> str | None:
    return None if items is None else orjson.dumps(list(items)).decode()
