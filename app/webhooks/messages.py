"""What is sent to a subscriber, made from the outbox at the moment of sending."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Row

from app.accounts.directory import linked_accounts
from app.accounts.tables import linked_account
from app.accounts.vault import Vault
from app.common.models import MODELS
from app.records.reading import RecordReader, View
from app.scopes.store import restrictions_of
from app.webhooks.events import ACCOUNT_LINKED
from app.webhooks.outbox import account_of_event

TEST_BODY = orjson.dumps({"response": "Success! This URL will be notified."})


@dataclass(frozen=True)
class Message:
    """One delivery, ready to be sent. `body` is None when what it is about is no longer there."""

    delivery: Row[Any]
    body: bytes | None


def messages(
    connection: Connection,
    endpoint: Row[Any],
    deliveries: Sequence[Row[Any]],
    public_url: str,
    vault: Vault,
) -> list[Message]:
    """The messages of some deliveries to one endpoint.

    Args:
        connection: a transaction that only reads.
        endpoint: where they go.
        deliveries: rows of the outbox.
        public_url: where the world reaches this service; empty when that is not known here.
        vault: decrypts the account token that `LinkedAccount.linked` brings, which the outbox does not hold.
    """
    rows = _accounts(connection, deliveries)
    accounts = {key: account_of_event(row, public_url.rstrip("/")) for key, row in rows.items()}
    records = _records(connection, deliveries)
    prepared = []
    for delivery in deliveries:
        data = delivery.data or records.get((delivery.model, delivery.record_id))
        there = delivery.account_id is None or delivery.account_id in accounts
        if delivery.event == ACCOUNT_LINKED and there and data:
            token = vault.open(rows[delivery.account_id].token_sealed)
            data = orjson.dumps({**orjson.loads(data), "account_token": token})
        body = _body(endpoint, delivery, accounts, data) if data and there else None
        prepared.append(Message(delivery, body))
    return prepared


def _body(endpoint: Row[Any], delivery: Row[Any], accounts: dict[str, dict[str, Any]], data: bytes) -> bytes:
    account = orjson.Fragment(delivery.account) if delivery.account else accounts.get(delivery.account_id)
    return orjson.dumps(
        {
            "hook": {"id": endpoint.id, "event": delivery.event, "target": endpoint.target},
            "linked_account": account,
            "data": orjson.Fragment(data),
        }
    )


def _accounts(connection: Connection, deliveries: Sequence[Row[Any]]) -> dict[str, Row[Any]]:
    ids = {delivery.account_id for delivery in deliveries} - {None}
    query = linked_accounts(linked_account.c.id.in_(ids))
    return {row.id: row for row in connection.execute(query)}


def _records(connection: Connection, deliveries: Sequence[Row[Any]]) -> dict[tuple[str, str], bytes]:
    """The newest bodies of the records that deliveries are about, by model and id."""
    wanted: dict[tuple[str, str], set[str]] = defaultdict(set)
    for delivery in deliveries:
        if delivery.record_id:
            wanted[delivery.account_id, delivery.model].add(delivery.record_id)
    found: dict[tuple[str, str], bytes] = {}
    for (account_id, name), ids in wanted.items():
        restrictions = restrictions_of(connection, account_id)
        if not restrictions.readable(MODELS[name]):
            continue
        reader = RecordReader(connection, account_id, restrictions)
        rows = reader.by_ids(MODELS[name], sorted(ids))
        bodies = reader.render(MODELS[name], rows, View())
        found |= {(name, row.id): body for row, body in zip(rows, bodies, strict=True)}
    return found
