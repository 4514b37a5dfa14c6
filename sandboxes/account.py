"""The one account a sandbox holds: records in neutral form, and the time."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Generic

import httpx

from sandboxes.controls import Controls
from sandboxes.instants import timestamp, utc_now
from sandboxes.store import Key, Numbering, Row, Table


@dataclass
class Permissions:
    """What a credential may do: everything but `denied`, or only `granted` when that is set."""

    denied: set[str] = field(default_factory=set)
    granted: set[str] | None = None

    def allow(self, name: str) -> bool:
        """Whether a permission or scope is held."""
        return name not in self.denied and (self.granted is None or name in self.granted)

    def put(self, body: Row) -> Row:
        """What the control surface is told: `denied`, and `granted` or null."""
        self.denied = set(body.get("denied", ()))
        self.granted = set(body["granted"]) if body.get("granted") is not None else None
        return {"denied": sorted(self.denied), "granted": body.get("granted")}


class Account(Generic[Key]):
    """What the states of all sandboxes have in common; a vendor's `State` says what its tables are.

    `clock` may be replaced to move time by hand, `webhook_transport` to deliver webhooks in process.
    `indexes` names the tables and the fields to find their rows by, `order` the field their rows are in
    order of, `children` what is deleted with a record, `defaults` what a new one holds until someone says
    otherwise, `created` and `updated` the times every record has.
    """

    indexes: ClassVar[Mapping[str, tuple[str, ...]]]
    children: ClassVar[Mapping[str, tuple[tuple[str, str], ...]]] = {}
    defaults: ClassVar[Mapping[str, Row]] = {}
    order: ClassVar[str] = "id"
    created: ClassVar[str] = "created_at"
    updated: ClassVar[str] = "updated_at"
    _reads = 0

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        self.clock = clock
        self.controls = Controls()
        self.webhook_transport: httpx.AsyncBaseTransport | None = None
        self.reset()

    def reset(self) -> None:
        """No records and no faults."""
        self.tables: dict[str, Table[Key]] = {
            name: Table(self.numbering(name), indexed, self.order) for name, indexed in self.indexes.items()
        }
        self._last = datetime.min.replace(tzinfo=UTC)
        self.controls.clear()

    def numbering(self, table: str) -> Numbering[Key]:
        """The ids of a table; no two tables' alike, so that a confused id never hits a record."""
        raise NotImplementedError

    def time(self) -> datetime:
        """The time by the clock of the moment."""
        return self.clock()

    @property
    def version(self) -> int:
        """Grows with every change of any record."""
        return sum(table.version for table in self.tables.values())

    @staticmethod
    def notation(moment: datetime) -> Any:
        """A time as the vendor writes it."""
        return timestamp(moment)

    def now(self) -> Any:
        """The time as written; never the same twice, so that every change is visible in order."""
        self._last = max(self.clock(), self._last + timedelta(milliseconds=1))
        return self.notation(self._last)

    def next_read(self) -> int:
        """Counts what must look different each time it is read."""
        self._reads += 1
        return self._reads

    def get(self, table: str, key: Any) -> Row | None:
        """One row, or None."""
        return self.tables[table].rows.get(key)

    def where(self, table: str, field: str, value: Any) -> list[Row]:
        """Rows by an indexed field."""
        return self.tables[table].where(field, value)

    def add(self, table: str, **fields: Any) -> Row:
        """A new record, created and updated now."""
        now = self.now()
        defaults = deepcopy(self.defaults.get(table, {}))
        row = self.tables[table].add(defaults | self.stamps(table, now, new=True) | fields)
        self.touch(table, row, now)
        return row

    def change(self, table: str, key: Key, **changes: Any) -> Row:
        """Change a record; the time of its last update moves."""
        now = self.now()
        row = self.tables[table].change(key, self.stamps(table, now, new=False) | changes)
        self.touch(table, row, now)
        return row

    def delete(self, table: str, key: Key) -> Row:
        """Delete a record and everything that hangs below it."""
        for child, parent in self.children.get(table, ()):
            for row in self.where(child, parent, key):
                self.delete(child, row["id"])
        row = self.tables[table].remove(key)
        self.touch(table, row, self.now())
        return row

    def stamps(self, table: str, now: Any, *, new: bool) -> Row:  # noqa: ARG002 - for the overriding ones
        """The times a change, or the making, of a record moves in it."""
        return {self.created: now, self.updated: now} if new else {self.updated: now}

    def touch(self, table: str, row: Row, now: Any) -> None:
        """What else a change of a record moves."""
