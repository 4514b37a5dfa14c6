"""Putting everything that is encrypted under the first key, while the service goes on.

Nothing notes how far it is: what is under the first key already is passed over, so a run that was broken
off is simply begun again. A value is replaced only if it is still what was read: one that the service has
changed meanwhile was written by its vault, and is looked at again by the next run.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Engine, MetaData, Row, Table, func, select, tuple_, update

from app.accounts.vault import Vault
from app.database import Sealed, reading

BATCH = 200  # values changed in one transaction
MOST = 4_000_000  # bytes in one transaction, so that writers of the service never wait for long


@dataclass
class Tally:
    """What became of the values that were looked at.

    Attributes:
        seen: how many were looked at.
        renewed: how many are under the first key since this run.
        overtaken: how many the service changed between the look and the change.
        lost: how many no key decrypts.
    """

    seen: int = 0
    renewed: int = 0
    overtaken: int = 0
    lost: int = 0


@dataclass(frozen=True)
class _Change:
    """A value of a row, as read and as it is to be."""

    key: Sequence[Any]
    old: bytes
    new: bytes


def sealed_columns(metadata: MetaData) -> list[Column[bytes]]:
    """Every column that holds something encrypted."""
    tables = sorted(metadata.tables.values(), key=lambda table: table.name)
    return [column for table in tables for column in table.columns if isinstance(column.type, Sealed)]


def count(engine: Engine, column: Column[bytes]) -> int:
    """How many values a column has."""
    with reading(engine).connect() as connection:
        return connection.scalar(select(func.count(column))) or 0


def rotate(
    engine: Engine, vault: Vault, column: Column[bytes], tally: Tally, progress: Callable[[], object]
) -> None:
    """Put every value of a column under the vault's first key.

    Args:
        engine: the database.
        vault: has the new key first, and the old ones.
        column: one of the `sealed_columns`.
        tally: counts what becomes of them.
        progress: called for each value.
    """
    changes, size = list[_Change](), 0
    for key, old in _values(engine, column):
        tally.seen += 1
        progress()
        try:
            new = vault.renewed(old)
        except ValueError:
            tally.lost += 1
            continue
        if new is not None:
            changes.append(_Change(key, old, new))
            size += len(new)
        if len(changes) >= BATCH or size >= MOST:
            _write(engine, column, changes, tally)
            changes, size = [], 0
    _write(engine, column, changes, tally)


def _values(engine: Engine, column: Column[bytes]) -> Iterator[tuple[Sequence[Any], bytes]]:
    """Every value with its row's key. One at a time: a stored answer may be large."""
    for row in _keys(engine, column):
        query = select(column).where(_place(column.table) == tuple_(*row))
        with reading(engine).connect() as connection:
            value = connection.scalar(query)
        if value is not None:
            yield row, value


def _keys(engine: Engine, column: Column[bytes]) -> Iterator[Row[Any]]:
    primary = list(column.table.primary_key)
    place = _place(column.table)
    query = select(*primary).where(column.is_not(None)).order_by(*primary).limit(BATCH)
    last: Row[Any] | None = None
    while True:
        with reading(engine).connect() as connection:
            rows = connection.execute(query if last is None else query.where(place > tuple_(*last))).all()
        if not rows:
            return
        yield from rows
        last = rows[-1]


def _write(engine: Engine, column: Column[bytes], changes: list[_Change], tally: Tally) -> None:
    if not changes:
        return
    with engine.begin() as connection:
        for change in changes:
            same = (_place(column.table) == tuple_(*change.key), column == change.old)
            done = connection.execute(update(column.table).where(*same).values({column: change.new})).rowcount
            tally.renewed += done
            tally.overtaken += not done


def _place(table: Any) -> Any:
    assert isinstance(table, Table)
    return tuple_(*table.primary_key)
