"""The vendor rows of one linked account, as received. Everything runs inside the caller's transaction."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, delete, func, select, tuple_, update

from app.bulk import insert_rows, update_rows, upsert_rows
from app.database import batches
from app.records.drafts import searchable
from app.records.tables import EMPTIED, vendor_gone, vendor_index, vendor_row
from providers.kit import Resource, Row

UNKEYED = "?"  # what the key of a row too odd to have one begins with
PARENT = "parent"  # the index by which rows read for one parent are found
Index = dict[str, set[str]]  # index name → values


@dataclass
class Kept:
    """What keeping a page did.

    Attributes:
        rows: the rows to be mapped, by key: those that are new or changed, or all of them.
        touched: every value, old and new, that their indexes hold or held.
        emptied: the keys of changed rows whose content had been taken out.
    """

    rows: dict[str, Row] = field(default_factory=dict)
    touched: Index = field(default_factory=lambda: defaultdict(set))
    emptied: list[str] = field(default_factory=list)


class VendorRows:
    """Keeps rows and finds them again.

    Args:
        connection: the transaction.
        account_id: the linked account.
        stamp: when this happens.
        asked_at: the account's clock before the vendor was asked for the rows to be kept.
    """

    def __init__(
        self, connection: Connection, account_id: str, stamp: int, asked_at: int | None = None
    ) -> None:
        self._asked_at = asked_at
        self._connection = connection
        self._account_id = account_id
        self._stamp = stamp

    def keep(
        self, resource: Resource, rows: Iterable[Row], parent: str | None = None, *, every: bool = False
    ) -> Kept:
        """Store rows; those whose content is the same are only noted as seen.

        Args:
            resource: whose rows they are.
            rows: as received; of rows with one key the last one counts.
            parent: the key of the parent they were read for.
            every: whether the unchanged ones are given back too.
        """
        received = [_storable(row) for row in rows]
        by_key = {key_of(resource, row): (row, content) for row, content in received}
        known = self._known(resource.name, list(by_key))
        for key in self._outdated(resource.name, by_key, known):
            del by_key[key]
        hashes = {key: _hash(content) for key, (_, content) in by_key.items()}
        changed = [key for key in by_key if key not in known or known[key].data_hash != hashes[key]]
        same = [key for key in by_key if key in known and known[key].data_hash == hashes[key]]
        self.note_seen(resource.name, same)
        if parent is not None and same:
            self._note_parent(resource.name, same, parent)
        kept = Kept({key: by_key[key][0] for key in (by_key if every else changed)})
        if not changed:
            return kept
        kept.emptied = [key for key in changed if key in known and known[key].emptied]
        still = self._steady(resource, {key: by_key[key][0] for key in changed if key in known})
        self._upsert(
            resource.name,
            {
                key: (by_key[key][1], hashes[key], known[key].changed_at if key in still else self._stamp)
                for key in changed
            },
        )
        old = self._drop_index(resource.name, [key for key in changed if key in known])
        new = {key: _index_of(resource, by_key[key][0], parent) for key in changed}
        self._add_index(resource.name, new)
        for index in [old, *new.values()]:
            for name, values in index.items():
                kept.touched[name] |= values
        return kept

    def empty(self, resource: str, keys: Sequence[str]) -> None:
        """Take the content out of rows, for good: they are still known, but found no more.

        The hash stays, by which a row that is shown again unchanged is known.
        """
        for part in batches(keys):
            self._connection.execute(
                update(vendor_row)
                .where(*self._of(resource), vendor_row.c.key.in_(part))
                .values(data=EMPTIED, error=None, due_at=None)
            )

    def drop(self, resource: str, keys: Sequence[str]) -> tuple[list[str], Index]:
        """Forget rows. Returns the keys that were there, and the values their indexes held."""
        touched: Index = defaultdict(set)
        gone: list[str] = []
        self._note_gone(resource, keys)
        for part in batches(keys):
            for name, values in self._drop_index(resource, part).items():
                touched[name] |= values
            gone += self._connection.scalars(
                delete(vendor_row)
                .where(*self._of(resource), vendor_row.c.key.in_(part))
                .returning(vendor_row.c.key)
            )
        return gone, touched

    def unseen(self, resource: str, since: int, limit: int = 500) -> list[str]:
        """Keys of rows that nothing has shown since then."""
        query = (
            select(vendor_row.c.key)
            .where(*self._of(resource), vendor_row.c.seen_at < since)
            .order_by(vendor_row.c.key)
            .limit(limit)
        )
        return list(self._connection.scalars(query))

    def get(self, resource: str, keys: Sequence[str]) -> dict[str, Row]:
        """Rows by their keys; those that are not there are left out."""
        found: dict[str, Row] = {}
        for part in batches(keys):
            query = select(vendor_row.c.key, vendor_row.c.data).where(
                *self._of(resource), vendor_row.c.key.in_(part), vendor_row.c.data != EMPTIED
            )
            found.update({row.key: orjson.loads(row.data) for row in self._connection.execute(query)})
        return found

    def find(self, resource: str, on: str, values: Sequence[str]) -> dict[str, list[tuple[str, Row]]]:
        """(key, row) of the rows whose index holds a value, by that value, in the order of their keys."""
        matches = self._matches(resource, on, values)
        rows = self.get(resource, list(dict.fromkeys(key for keys in matches.values() for key in keys)))
        found = {
            value: [(key, rows[key]) for key in sorted(keys, key=lambda key: (len(key), key)) if key in rows]
            for value, keys in matches.items()
        }
        return {value: pairs for value, pairs in found.items() if pairs}

    def keys_with(self, resource: str, on: str, values: Sequence[str]) -> list[str]:
        """Keys of the rows whose index holds one of these values."""
        return [key for keys in self._matches(resource, on, values).values() for key in keys]

    def changed_since(
        self, resource: str, since: int, after: tuple[int, str] | None, limit: int
    ) -> list[tuple[int, str, Row]]:
        """(changed at, key, row) of rows that changed at or after a time, oldest first, after a position."""
        query = select(vendor_row.c.changed_at, vendor_row.c.key, vendor_row.c.data).where(
            *self._of(resource), vendor_row.c.changed_at >= since, vendor_row.c.data != EMPTIED
        )
        if after:
            query = query.where(tuple_(vendor_row.c.changed_at, vendor_row.c.key) > tuple_(*after))
        query = query.order_by(vendor_row.c.changed_at, vendor_row.c.key).limit(limit)
        return [(r.changed_at, r.key, orjson.loads(r.data)) for r in self._connection.execute(query)]

    def after(self, resource: str, key: str, limit: int) -> dict[str, Row]:
        """Rows in the order of their keys, after a key."""
        query = (
            select(vendor_row.c.key, vendor_row.c.data)
            .where(*self._of(resource), vendor_row.c.key > key, vendor_row.c.data != EMPTIED)
            .order_by(vendor_row.c.key)
            .limit(limit)
        )
        return {row.key: orjson.loads(row.data) for row in self._connection.execute(query)}

    def note_error(self, resource: str, errors: dict[str, str | None]) -> None:
        """Remember why rows could not be mapped; None when they could be again."""
        rows = [self._row(resource, key, error=problem) for key, problem in errors.items()]
        update_rows(self._connection, vendor_row, rows)

    def note_due(self, resource: str, moments: dict[str, int | None]) -> None:
        """Remember when rows must be mapped again though they do not change."""
        rows = [self._row(resource, key, due_at=moment) for key, moment in moments.items()]
        update_rows(self._connection, vendor_row, rows)

    def take_due(self, moment: int, limit: int) -> dict[str, dict[str, Row]]:
        """Rows that must be mapped again by this moment, by resource and key; they are due no more."""
        due = (
            select(vendor_row.c.resource, vendor_row.c.key)
            .where(vendor_row.c.account_id == self._account_id, vendor_row.c.due_at <= moment)
            .order_by(vendor_row.c.due_at)
            .limit(limit)
        )
        taken = (
            update(vendor_row)
            .where(vendor_row.c.account_id == self._account_id)
            .where(tuple_(vendor_row.c.resource, vendor_row.c.key).in_(due))
            .values(due_at=None)
            .returning(vendor_row.c.resource, vendor_row.c.key, vendor_row.c.data)
        )
        found: dict[str, dict[str, Row]] = defaultdict(dict)
        for row in self._connection.execute(taken):
            found[row.resource][row.key] = orjson.loads(row.data)
        return found

    def unmapped(self) -> set[str]:
        """The resources that have rows which could not be mapped."""
        query = (
            select(vendor_row.c.resource)
            .where(vendor_row.c.account_id == self._account_id, vendor_row.c.error.is_not(None))
            .distinct()
        )
        return set(self._connection.scalars(query))

    # ---- inside

    def _row(self, resource: str, key: str, **values: Any) -> dict[str, Any]:
        return {"account_id": self._account_id, "resource": resource, "key": key, **values}

    def _of(self, resource: str) -> tuple[Any, ...]:
        return vendor_row.c.account_id == self._account_id, vendor_row.c.resource == resource

    def _matches(self, resource: str, on: str, values: Sequence[str]) -> dict[str, list[str]]:
        """The keys of the rows whose index holds a value, by that value."""
        if on == "id":
            return {value: [value] for value in values}
        # Not joined to the rows: without statistics, as in a first synchronisation, PostgreSQL makes it a
        # scan of all of them.
        found: dict[str, list[str]] = defaultdict(list)
        for part in batches(values):
            query = select(vendor_index.c.value, vendor_index.c.key).where(
                vendor_index.c.account_id == self._account_id,
                vendor_index.c.resource == resource,
                vendor_index.c.name == on,
                vendor_index.c.value.in_(part),
            )
            for match in self._connection.execute(query):
                found[match.value].append(match.key)
        return found

    def _known(self, resource: str, keys: Sequence[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for part in batches(keys):
            query = select(
                vendor_row.c.key,
                vendor_row.c.data_hash,
                vendor_row.c.seen_at,
                vendor_row.c.changed_at,
                (vendor_row.c.data == EMPTIED).label("emptied"),
            ).where(*self._of(resource), vendor_row.c.key.in_(part))
            found.update({row.key: row for row in self._connection.execute(query)})
        return found

    def _steady(self, resource: Resource, rows: dict[str, Row]) -> set[str]:
        """Rows that differ from those kept only in what the vendor makes anew with every read."""
        if resource.steady is None:
            return set()
        kept = self.get(resource.name, list(rows))
        return {key for key, row in kept.items() if _is_steady(resource.steady, row, rows[key])}

    def _outdated(self, resource: str, rows: dict[str, Any], known: dict[str, Any]) -> set[str]:
        """Rows that a write or a webhook has changed or removed since the vendor was asked for these."""
        if self._asked_at is None:
            return set()
        outdated = {key for key in rows if key in known and known[key].seen_at > self._asked_at}
        for part in batches([key for key in rows if key not in known]):
            query = select(vendor_gone.c.key).where(
                vendor_gone.c.account_id == self._account_id,
                vendor_gone.c.resource == resource,
                vendor_gone.c.key.in_(part),
                vendor_gone.c.gone_at > self._asked_at,
            )
            outdated.update(self._connection.scalars(query))
        return outdated

    def _note_gone(self, resource: str, keys: Sequence[str]) -> None:
        rows = [self._row(resource, key, gone_at=self._stamp) for key in keys]
        upsert_rows(self._connection, vendor_gone, rows, ("gone_at",))

    def _note_parent(self, resource: str, keys: Sequence[str], parent: str) -> None:
        """Unchanged rows too belong to the parent they were read for."""
        for part in batches(keys):
            self._connection.execute(
                delete(vendor_index).where(
                    vendor_index.c.account_id == self._account_id,
                    vendor_index.c.resource == resource,
                    vendor_index.c.name == PARENT,
                    vendor_index.c.key.in_(part),
                )
            )
        self._add_index(resource, {key: {PARENT: {parent}} for key in keys})

    def forget_gone(self, before: int) -> None:
        """Forget removals so old that no answer of the vendor can be older."""
        self._connection.execute(
            delete(vendor_gone).where(
                vendor_gone.c.account_id == self._account_id, vendor_gone.c.gone_at < before
            )
        )

    def note_seen(self, resource: str, keys: Sequence[str]) -> None:
        """The vendor has shown these rows just now."""
        for part in batches(keys):
            self._connection.execute(
                update(vendor_row)
                .where(*self._of(resource), vendor_row.c.key.in_(part))
                .values(seen_at=self._stamp)
            )

    def note_read(self, resource: str, key: str, moment: int) -> None:
        """A thing was asked for by itself at a moment, if it is what this transaction has taken in."""
        self._connection.execute(
            update(vendor_row)
            .where(*self._of(resource), vendor_row.c.key == key, vendor_row.c.seen_at == self._stamp)
            .values(read_at=moment)
        )

    def is_newer(self, resource: str, key: str) -> bool:
        """Whether a row was changed or removed since the vendor was asked."""
        return bool(self._outdated(resource, {key: None}, self._known(resource, [key])))

    def not_newer(self, resource: str, keys: Sequence[str]) -> list[str]:
        """Those of these rows that nothing has shown since the vendor was asked."""
        if self._asked_at is None:
            return list(keys)
        known = self._known(resource, keys)
        return [key for key in keys if key in known and known[key].seen_at <= self._asked_at]

    def count(self, resource: str) -> int:
        """How many rows of a resource are kept."""
        query = select(func.count()).select_from(vendor_row).where(*self._of(resource))
        return self._connection.scalar(query) or 0

    def _upsert(self, resource: str, rows: dict[str, tuple[bytes, bytes, int]]) -> None:
        changes = [
            self._row(
                resource,
                key,
                data=content,
                data_hash=digest,
                seen_at=self._stamp,
                changed_at=changed_at,
                error=None,
            )
            for key, (content, digest, changed_at) in rows.items()
        ]
        changing = ("data", "data_hash", "seen_at", "changed_at", "error")
        upsert_rows(self._connection, vendor_row, changes, changing)

    def _add_index(self, resource: str, indexes: dict[str, Index]) -> None:
        entries = [
            self._row(resource, key, name=name, value=value)
            for key, index in indexes.items()
            for name, values in index.items()
            for value in values
        ]
        insert_rows(self._connection, vendor_index, entries)

    def _drop_index(self, resource: str, keys: Sequence[str]) -> Index:
        touched: Index = defaultdict(set)
        for part in batches(keys):
            dropped = self._connection.execute(
                delete(vendor_index)
                .where(
                    vendor_index.c.account_id == self._account_id,
                    vendor_index.c.resource == resource,
                    vendor_index.c.key.in_(part),
                )
                .returning(vendor_index.c.name, vendor_index.c.value)
            )
            for row in dropped:
                touched[row.name].add(row.value)
        return touched


def key_of(resource: Resource, row: Row) -> str:
    """The row's key; a row too odd to have one is kept under the hash of its content."""
    try:
        return resource.key(row)
    except (KeyError, TypeError, AttributeError, IndexError):
        return UNKEYED + _hash(orjson.dumps(row)).hex()


def _index_of(resource: Resource, row: Row, parent: str | None) -> Index:
    index: Index = {}
    for name, values in resource.index.items():
        try:
            index[name] = {searchable(str(value)) for value in values(row) if value is not None}
        except (KeyError, TypeError, AttributeError, IndexError):
            continue  # mapping the row tells what is wrong with it
    if parent is not None:
        index[PARENT] = {parent}
    return index


def _is_steady(steady: Callable[[Row], Row], old: Row, new: Row) -> bool:
    try:
        return steady(old) == steady(new)
    except (KeyError, TypeError, AttributeError, IndexError):
        return False  # mapping the row tells what is odd about it


def _hash(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()


def _storable(row: Row) -> tuple[Row, bytes]:
    """A row and its JSON, without what no database column or JSON reader takes."""
    try:
        content = orjson.dumps(row)
        if b"\\u0000" not in content:
            return row, content
    except TypeError:  # a lone surrogate, a number beyond 64 bits, or nesting without end
        pass
    try:
        row = _cleaned(row)
        return row, orjson.dumps(row)
    except (TypeError, RecursionError):
        row = {"unreadable": repr(list(row))[:1000]}
        return row, orjson.dumps(row)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\0", "")
    if isinstance(value, dict):
        return {_cleaned(name): _cleaned(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return str(value)
    return value
