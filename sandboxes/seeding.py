"""Tools of the seeds: a fixed origin of time and plain additions."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from sandboxes.account import Account
from sandboxes.store import Row


class Seeding:
    """Adds records to a state, dated relative to `now` (its full hour)."""

    def __init__(self, state: Account[Any], now: datetime, seed: int) -> None:
        self.state = state
        self.base = now.replace(minute=0, second=0, microsecond=0)
        self.random = Random(seed)  # noqa: S311 - not for secrets
        self._long_ago = self.at(-150)

    def at(self, days: float, hours: float = 0) -> Any:
        """A time so many days and hours from the base, in the vendor's notation."""
        return self.state.notation(self.base + timedelta(days=days, hours=hours))

    def day(self, days: int) -> str:
        """The date so many days from the base."""
        return (self.base + timedelta(days=days)).date().isoformat()

    def add(self, table: str, **fields: Any) -> Row:
        """A record; created and last updated long ago unless said otherwise."""
        created = fields.setdefault(self.state.created, self._long_ago)
        fields.setdefault(self.state.updated, created)
        return self.state.tables[table].add(fields)

    def ids(self, table: str) -> list[Any]:
        """The ids of a table so far."""
        return self.state.tables[table].ids
