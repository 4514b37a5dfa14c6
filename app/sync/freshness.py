"""Up to which moment what is stored is known to be complete."""

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import Connection, Row, select, union_all

from app.accounts.connect import Connector
from app.common.fields import Model
from app.records.tables import vendor_gone, vendor_row
from app.sync import state
from providers.kit import Api, Mapping

REMEMBERED = 10_000  # accounts


class Freshness:
    """Knows of each model of an account the start of the last good pass over all that it is made of.

    Args:
        connector: knows which vendor API an account uses.
    """

    def __init__(self, connector: Connector) -> None:
        self._connector = connector
        self._known: dict[str, tuple[int, dict[str, int | None]]] = {}

    def of(self, connection: Connection, account_id: str, clock: int, model: Model) -> int | None:
        """The moment in microseconds; None before the first pass has ended.

        It is asked at every page read, so it is remembered until the account's clock moves: a pass ends
        in a transaction that moves it.

        Args:
            connection: the transaction in which the account was read, before the records are.
            account_id: the linked account.
            clock: its clock.
            model: the common model.
        """
        known = self._known.get(account_id)
        if known is None or known[0] != clock:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            known = (clock, _moments(connection, account_id, self._connector.api(account_id)))
            self._known[account_id] = known
        return known[1].get(model.name)


def earliest(moments: Iterable[int | None]) -> int | None:
    """The first of the moments; None when one of them is not known, or there is none."""
    known = list(moments)
    return None if not known or None in known else min(m for m in known if m)


def serving(mappings: Iterable[Mapping], rows: dict[str, Row[Any]]) -> tuple[list[Row[Any]], list[Row[Any]]]:
    """The states of the resources that mappings begin with, and of those they join."""
    listed = list(mappings)
    return (
        [rows[m.root] for m in listed if m.root in rows],
        [rows[join.resource] for m in listed for join in m.joins if join.resource in rows],
    )


def roots_of(record: Row[Any]) -> tuple[str, list[str]]:
    """The resource a record is made of, and the keys of its rows there."""
    sources = orjson.loads(record.sources or "[]")
    if not sources:
        return "", []
    resource = sources[0][1]
    return resource, [key for _, name, key in sources if name == resource]


def read_at(connection: Connection, account_id: str, record: Row[Any]) -> int | None:
    """When a record was last asked for by itself, in microseconds; None when it never was."""
    resource, keys = roots_of(record)
    if not keys:
        return None
    moments: dict[str, int] = {}
    for row in connection.execute(
        union_all(
            select(vendor_row.c.key, vendor_row.c.read_at).where(
                vendor_row.c.account_id == account_id,
                vendor_row.c.resource == resource,
                vendor_row.c.key.in_(keys),
                vendor_row.c.read_at.is_not(None),
            ),
            select(vendor_gone.c.key, vendor_gone.c.gone_at).where(
                vendor_gone.c.account_id == account_id,
                vendor_gone.c.resource == resource,
                vendor_gone.c.key.in_(keys),
            ),
        )
    ):
        moments[row[0]] = max(row[1], moments.get(row[0], 0))
    return earliest(moments.get(key) for key in keys)


def _moments(connection: Connection, account_id: str, api: Api) -> dict[str, int | None]:
    rows = state.states(connection, account_id)
    models = {mapping.model for mapping in api.mappings}
    found: dict[str, int | None] = {}
    for model in models:
        roots, parts = serving([m for m in api.mappings if m.model == model], rows)
        found[model] = earliest(row.fresh_as_of for row in roots + parts)
    return found
