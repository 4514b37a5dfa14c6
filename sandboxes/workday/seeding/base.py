"""Additions to the tenant with the defaults of each table."""

from copy import deepcopy
from datetime import datetime
from typing import Any

from sandboxes.seeding import Seeding
from sandboxes.store import Row
from sandboxes.workday.defaults import DEFAULTS
from sandboxes.workday.state import LOGGED, State


class TenantSeeding(Seeding):
    """Adds records as the tenant would have them."""

    def __init__(self, state: State, now: datetime, seed: int) -> None:
        super().__init__(state, now, seed)
        self.tenant = state

    def add(self, table: str, **fields: Any) -> Row:
        """A record with its ids; its creation and last update are transactions."""
        row = super().add(table, **deepcopy(DEFAULTS[table]) | self.tenant.named(table) | fields)
        if table in LOGGED:
            row["transactions"] = [row["created_at"], row["updated_at"]]
        return row

    def known(self, table: str, reference_id: str) -> str:
        """The WID behind an id people know."""
        (row,) = self.tenant.where(table, "reference_id", reference_id)
        return str(row["id"])
