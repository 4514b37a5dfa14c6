"""Plain additions to a state: sparse records, that leave no trace of having been made now."""

from copy import deepcopy
from typing import Any

from sandboxes import seeding
from sandboxes.lever.defaults import DEFAULTS
from sandboxes.lever.state import State
from sandboxes.store import Row


class Seeding(seeding.Seeding):
    """Adds records to a state, dated relative to `now`."""

    state: State

    def add(self, table: str, **fields: Any) -> Row:
        """A record; what is not said is as in a new one, and it was created long ago."""
        defaults = deepcopy(DEFAULTS[table]) | {"createdAt": self.at(-150)}
        return self.state.tables[table].add(defaults | fields)
