"""The records of a sandbox, held once, in tables with ids in order and indexes by field."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from typing import Any, Generic, Protocol, TypeVar
from uuid import NAMESPACE_URL, uuid5

Row = dict[str, Any]
Key = TypeVar("Key", int, str)


class Numbering(Protocol[Key]):
    """How a table names its rows."""

    def fresh(self) -> Key:
        """An id no row has had."""

    def taken(self, key: Key) -> None:
        """A row was stored under this id."""

    def read(self, text: str) -> Key:
        """The id a path names; `KeyError` when it cannot be one."""


class Numbers:
    """Integers, counted up."""

    def __init__(self, first: int) -> None:
        self._next = first

    def fresh(self) -> int:
        """The next free number."""
        return self._next

    def taken(self, key: int) -> None:
        """Count on after the largest."""
        self._next = max(self._next, key + 1)

    def read(self, text: str) -> int:
        """Digits."""
        if not text.isdecimal():
            raise KeyError(text)
        return int(text)


class Uuids:
    """UUIDs in text, the same series each time for the same name."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._made = 0

    def fresh(self) -> str:
        """The next of the series."""
        self._made += 1
        return str(uuid5(NAMESPACE_URL, f"{self._name}/{self._made}"))

    def taken(self, key: str) -> None:
        """Other ids do not disturb the series."""

    def read(self, text: str) -> str:
        """As it stands."""
        return text


class Table(Generic[Key]):
    """Rows by id; `ids` stays in the order of a field and then the id, so nothing is sorted per request."""

    def __init__(self, ids: Numbering[Key], indexed: Iterable[str] = (), order: str = "id") -> None:
        self.rows: dict[Key, Row] = {}
        self.ids: list[Key] = []
        self.version = 0
        self.numbering: Numbering[Key] = ids
        self._order = order
        self._indexes: dict[str, dict[Any, set[Key]]] = {field: {} for field in indexed}

    def __len__(self) -> int:
        return len(self.ids)

    def place(self, key: Key) -> tuple[Any, Key]:
        """Where a row stands in the order."""
        return self.rows[key][self._order], key

    def add(self, row: Row) -> Row:
        """Store a row under its own `id`, or under a fresh one."""
        key = row.get("id") or self.numbering.fresh()
        if key in self.rows:
            raise ValueError(f"id {key} exists already")
        self.numbering.taken(key)
        stored = {**row, "id": key}
        self.rows[key] = stored
        self._enter(stored)
        self.version += 1
        return stored

    def change(self, key: Key, changes: Row) -> Row:
        """Update fields of one row in place; the id never changes."""
        row = self.rows[key]
        moves = self._order in changes and changes[self._order] != row[self._order]
        if moves:
            del self.ids[self._position(key)]
        self._unindex(row)
        row.update(changes, id=key)
        if moves:
            self._enter(row)
        else:
            self._index(row)
        self.version += 1
        return row

    def remove(self, key: Key) -> Row:
        """Take one row out."""
        row = self.rows[key]
        del self.ids[self._position(key)]
        del self.rows[key]
        self._unindex(row)
        self.version += 1
        return row

    def indexes(self, field: str) -> bool:
        """Whether rows can be found by this field without a scan."""
        return field == "id" or field in self._indexes

    def find(self, field: str, values: Iterable[Any]) -> list[Key]:
        """Ids, in order, of the rows whose indexed field has one of the values."""
        if field == "id":
            return sorted({value for value in values if value in self.rows}, key=self.place)
        index = self._indexes[field]
        return sorted({key for value in values for key in index.get(value, ())}, key=self.place)

    def where(self, field: str, value: Any) -> list[Row]:
        """Rows, in order, whose indexed field has the value."""
        return [self.rows[key] for key in self.find(field, [value])]

    def _position(self, key: Key) -> int:
        return bisect_left(self.ids, self.place(key), key=self.place)

    def _enter(self, row: Row) -> None:
        key = row["id"]
        if self.ids and self.place(key) < self.place(self.ids[-1]):
            insort(self.ids, key, key=self.place)
        else:
            self.ids.append(key)
        self._index(row)

    def _index(self, row: Row) -> None:
        for field, index in self._indexes.items():
            index.setdefault(row.get(field), set()).add(row["id"])

    def _unindex(self, row: Row) -> None:
        for field, index in self._indexes.items():
            index[row.get(field)].discard(row["id"])
