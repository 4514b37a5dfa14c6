"""The change feed of one linked account: its records in the order in which they last changed.

There is no log. Every change gives a record its transaction's stamp, and the stamps of an account grow in the
order of its commits; so who has read up to a position has missed nothing before it, and what changes later
stands behind it. A record that changed ten times stands there once, as it is now.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Integer,
    Row,
    Select,
    String,
    bindparam,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.sql.selectable import CompoundSelect

from app.common.models import MODELS
from app.records.reading import RecordReader, View
from app.records.tables import RECORD_TABLES

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
FEED_MODELS = tuple(sorted(MODELS))  # the order of what changed in one transaction
_RANK = {name: rank for rank, name in enumerate(FEED_MODELS)}
_AFTER_ALL = "~"  # greater than every id


@dataclass(frozen=True)
class Position:
    """A place in the feed, behind one record.

    Attributes:
        stamp: when that record last changed.
        rank: its model's place in `FEED_MODELS`.
        id: its id.
        since: the stamp up to which the reader had everything when it was last at the end of the feed.
            Records made later are new to it, however often they have changed.
    """

    stamp: int = 0
    rank: int = 0
    id: str = ""
    since: int = 0


@dataclass(frozen=True)
class Entry:
    """One record of the feed. `action` is what happened since the reader had everything."""

    action: str
    model: str
    id: str
    modified_at: int
    body: bytes


@dataclass(frozen=True)
class FeedPage:
    """A page of the feed, the position behind it, and whether there is more already."""

    entries: list[Entry]
    end: Position
    more: bool


def read_feed(
    connection: Connection,
    reader: RecordReader,
    account_id: str,
    models: Sequence[str],
    start: Position,
    size: int,
) -> FeedPage:
    """Read the feed from a position.

    Args:
        connection: a transaction that only reads.
        reader: renders the account's records.
        account_id: the linked account.
        models: those that are wanted.
        start: where to begin: behind this position.
        size: how many records at most.
    """
    if not models:
        return FeedPage([], start, more=False)
    values: dict[str, Any] = {"account": account_id, "stamp": start.stamp, "size": size + 1}
    for name in models:
        values[f"after_{_RANK[name]}"] = _edge(_RANK[name], start)
    keys = list(connection.execute(_keys_query(tuple(models)), values))
    entries = _entries(reader, keys[:size], start.since)
    more = len(keys) > size or len(entries) < len(keys)
    if keys:
        last = keys[:size][-1]
        start = replace(start, stamp=last.modified_at, rank=last.rank, id=last.id)
    return FeedPage(entries, start if more else replace(start, since=start.stamp), more)


def _edge(rank: int, start: Position) -> str:
    """Among the records of the position's own stamp, the id after which a model's are still to be read."""
    return start.id if rank == start.rank else "" if rank > start.rank else _AFTER_ALL


@cache
def _keys_query(models: tuple[str, ...]) -> CompoundSelect[Any]:
    """The next records of all these models: one statement, so that all are seen at the same moment."""
    parts = (select(_model_query(name).subquery()) for name in models)
    union = union_all(*parts)
    order = (union.selected_columns[column] for column in ("modified_at", "rank", "id"))
    return union.order_by(*order).limit(bindparam("size", type_=Integer))


def _model_query(name: str) -> Select[Any]:
    table = RECORD_TABLES[name]
    rank = _RANK[name]
    place = tuple_(table.c.modified_at, table.c.id)
    after = tuple_(bindparam("stamp", type_=BigInteger), bindparam(f"after_{rank}", type_=String))
    columns = (table.c[column] for column in ("id", "created_at", "modified_at", "deleted"))
    return (
        select(literal(rank, Integer, literal_execute=True).label("rank"), *columns)
        .where(table.c.account_id == bindparam("account"), table.c.shell.is_(False), place > after)
        .order_by(table.c.modified_at, table.c.id)
        .limit(bindparam("size", type_=Integer))
    )


def _entries(reader: RecordReader, keys: Sequence[Row[Any]], since: int) -> list[Entry]:
    """The entries of these keys. What has changed since they were read stands further behind by now."""
    rows: dict[tuple[int, str], tuple[int, bytes]] = {}
    for rank in {key.rank for key in keys}:
        model = MODELS[FEED_MODELS[rank]]
        found = reader.by_ids(model, [key.id for key in keys if key.rank == rank])
        bodies = reader.render(model, found, View())
        rows |= {(rank, row.id): (row.modified_at, body) for row, body in zip(found, bodies, strict=True)}
    return [
        Entry(_action(key, since), FEED_MODELS[key.rank], key.id, key.modified_at, rows[key.rank, key.id][1])
        for key in keys
        if rows.get((key.rank, key.id), (None,))[0] == key.modified_at
    ]


def _action(key: Row[Any], since: int) -> str:
    return REMOVED if key.deleted else ADDED if key.created_at > since else CHANGED
