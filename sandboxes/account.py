"""The one account every sandbox holds: records, time, controls; each vendor adds its own rules."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic

import httpx

from sandboxes.controls import Controls
from sandboxes.store import Key, Row, Table


@dataclass
class Permissions:
    """What a credential may do: everything but `denied`, or only `granted` when that is set."""

    denied: set[str] = field(default_factory=set)
    granted: set[str] | None = None

    def allow(self, name: str) -> bool:
        """Whether a permission or scope is held."""
        return name not in self.denied and (self.granted is None or name in self.granted)


def utc_now() -> datetime:
    """The real time."""
    return datetime.now(UTC)


class Account(Generic[Key]):
    """Records and time.

    `clock` may be replaced to move time by hand, `webhook_transport` to deliver webhooks in process.
    """

    tables: dict[str, Table[Key]]

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        self.clock = clock
        self.controls = Controls()
        self.webhook_transport: httpx.AsyncBaseTransport | None = None

    def time(self) -> datetime:
        """The time by the clock of the moment."""
        return self.clock()

    def get(self, table: str, key: Any) -> Row | None:
        """One row, or None."""
        return self.tables[table].rows.get(key)

    def where(self, table: str, field: str, value: Any) -> list[Row]:
        """Rows by an indexed field."""
        return self.tables[table].where(field, value)

    def add(self, table: str, **fields: Any) -> Row:
        """A new record, created now."""
        raise NotImplementedError

    def change(self, table: str, key: Key, **changes: Any) -> Row:
        """Change a record, as of now."""
        raise NotImplementedError

    def delete(self, table: str, key: Key) -> Row:
        """Delete a record and what hangs below it."""
        raise NotImplementedError
