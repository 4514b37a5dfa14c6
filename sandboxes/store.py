"""The records of a sandbox, held once, in tables with ids in order and indexes by field."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from typing import Any

Row = dict[str, Any]


class Table:
    """Rows by integer id; `ids` stays sorted, so a page is a slice and nothing is sorted per request."""

    def __init__(self, first_id: int, indexed: Iterable[str] = ()) -> None:
        self.rows: dict[int, Row] = {}
        self.ids: list[int] = []
        self.version = 0
        self._next_id = first_id
        self._indexes: dict[str, dict[Any, set[int]]] = {field: {} for field in indexed}

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, row: Row) -> Row:
        """Store a row under its own `id`, or under the next free one."""
        key = row.get("id") or self._next_id
        if key in self.rows:
            raise ValueError(f"id {key} exists already")
        self._next_id = max(self._next_id, key + 1)
        stored = {**row, "id": key}
        if self.ids and key < self.ids[-1]:
            insort(self.ids, key)
        else:
            self.ids.append(key)
        self.rows[key] = stored
        self._index(stored)
        self.version += 1
        return stored

    def change(self, key: int, changes: Row) -> Row:
        """Update fields of one row in place; the id never changes."""
        row = self.rows[key]
        self._unindex(row)
        row.update(changes, id=key)
        self._index(row)
        self.version += 1
        return row

    def remove(self, key: int) -> Row:
        """Take one row out."""
        row = self.rows.pop(key)
        del self.ids[bisect_left(self.ids, key)]
        self._unindex(row)
        self.version += 1
        return row

    def indexes(self, field: str) -> bool:
        """Whether rows can be found by this field without a scan."""
        return field == "id" or field in self._indexes

    def find(self, field: str, values: Iterable[Any]) -> list[int]:
        """Ids, ascending, of the rows whose indexed field has one of the values."""
        if field == "id":
            return sorted({value for value in values if value in self.rows})
        index = self._indexes[field]
        return sorted({key for value in values for key in index.get(value, ())})

    def where(self, field: str, value: Any) -> list[Row]:
        """Rows, ids ascending, whose indexed field has the value."""
        return [self.rows[key] for key in sorted(self._indexes[field].get(value, ()))]

    def _index(self, row: Row) -> None:
        for field, index in self._indexes.items():
            index.setdefault(row.get(field), set()).add(row["id"])

    def _unindex(self, row: Row) -> None:
        for field, index in self._indexes.items():
            index[row.get(field)].discard(row["id"])
