"""Webhooks from vendors: verified over the bytes as received, then read again from the vendor."""

import logging
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Row, select

from app.accounts.clock import clock_of
from app.accounts.connect import Connected
from app.accounts.idling import is_news, note_use
from app.accounts.tables import linked_account, webhook_receiver
from app.common.times import now
from app.service import Service
from app.sync.mapping import taking_in
from app.sync.terms import Terms, needed_resources
from providers.kit import NotFound, Refetch, Remove

log = logging.getLogger(__name__)


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


def receive(service: Service, account_id: str, headers: Mapping[str, str], raw: bytes) -> None:
    """Take in one delivery. Taking it in twice changes nothing.

    Args:
        service: the service.
        account_id: the linked account whose listener URL was called.
        headers: the delivery's headers, names in lower case.
        raw: its body, as received.

    Raises:
        NotGenuine: no active key of the account's webhook receivers verifies it.
        ProviderError: the vendor could not be asked; it will deliver again.
    """
    webhooks = service.connector.api(account_id).webhooks
    if webhooks is None:
        raise NotGenuine("This vendor sends no webhooks")
    if not any(webhooks.verify(headers, raw, key) for key in _keys(service, account_id)):
        raise NotGenuine("wrong signature, or no active webhook receiver has a key")
    with service.connector.account(account_id) as account:
        if is_news(account.used_at):
            note_use(service.jobs, account_id)
        for change in webhooks.parse(orjson.loads(raw)):
            _take(service, account, change)


def _keys(service: Service, account_id: str) -> list[str]:
    query = select(webhook_receiver.c.key).where(
        webhook_receiver.c.account_id == account_id,
        webhook_receiver.c.is_active,
        webhook_receiver.c.key.is_not(None),
    )
    with service.reader.connect() as connection:
        return list(dict.fromkeys(str(service.vault.open(key)) for key in connection.scalars(query)))


def _take(service: Service, account: Connected, change: Refetch | Remove) -> None:
    fetched = None
    with service.reader.connect() as connection:
        asked_at = clock_of(connection, account.account_id)
        restrictions = Terms.of(connection, account.account_id).restrictions
    moment = now()
    if isinstance(change, Refetch):
        if change.resource not in needed_resources(account.api, restrictions):
            return
        fetch = account.api.resource(change.resource).fetch
        if fetch is None:
            return
        try:
            fetched = fetch(account.client, change.id)
        except NotFound:
            change = Remove(change.resource, change.id)
    with (
        service.jobs.begin() as connection,
        taking_in(connection, account.account_id, account.api, asked_at) as intake,
    ):
        if isinstance(change, Remove):
            intake.apply(change)
        elif fetched is not None:
            intake.take_fetched(account.api.resource(change.resource), change.id, fetched, moment)
