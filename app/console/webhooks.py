"""Subscribers' webhooks and what they were told, as operators see them."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, ScalarSelect, Select, func, literal, select

from app.accounts.tables import linked_account
from app.webhooks.outbox import DELIVERED, FAILED, PENDING
from app.webhooks.tables import webhook_delivery, webhook_endpoint

STATES = (PENDING, FAILED, DELIVERED)
COUNTED = 1000  # deliveries; of more it is enough to know that there are more
_SHOWN = (  # not the data: it is the subscriber's
    "id",
    "event",
    "account_id",
    "record_id",
    "state",
    "attempts",
    "last_attempt_at",
    "last_status",
    "last_error",
    "next_attempt_at",
    "created_at",
)
_delivery = webhook_delivery.c


def endpoints() -> Select[Any]:
    """All webhooks, with how many of their deliveries wait and have failed."""
    return select(webhook_endpoint, _count(PENDING).label("waiting"), _count(FAILED).label("failed"))


def deliveries(endpoint_id: str, state: str) -> Select[Any]:
    """What a webhook was told, without the content; `state` may be empty."""
    query = select(*[_delivery[name] for name in _SHOWN]).where(_delivery.endpoint_id == endpoint_id)
    return query.where(_delivery.state == state) if state in STATES else query


def names(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """The customers of linked accounts."""
    columns = linked_account.c.id, linked_account.c.end_user_organization_name
    query = select(*columns).where(linked_account.c.id.in_(ids), linked_account.c.deleted_at.is_(None))
    return {row[0]: row[1] for row in connection.execute(query)}


def shown_target(target: str) -> str:
    """Where a webhook goes, without what may be a secret in it."""
    url = urlsplit(target)
    host = (url.hostname or "") + (f":{url.port}" if url.port else "")
    return f"{url.scheme}://{host}{url.path}{'?…' if url.query else ''}"


def _count(state: str) -> ScalarSelect[int]:
    some = (
        select(literal(1))
        .where(_delivery.endpoint_id == webhook_endpoint.c.id, _delivery.state == state)
        .limit(COUNTED)
        .correlate(webhook_endpoint)
        .subquery()
    )
    return select(func.count()).select_from(some).correlate(webhook_endpoint).scalar_subquery()
