"""The rows of an account as providers may look at them: while they read lists, and while they write."""

from typing import Any

from sqlalchemy import Engine

from app.records.drafts import searchable
from app.sync.rows import VendorRows
from providers.kit import Row


class KeptRows:
    """The rows of an account for providers, each look-up in a transaction of its own.

    Args:
        reader: the database, for transactions that only read.
        account_id: the linked account.
    """

    def __init__(self, reader: Engine, account_id: str) -> None:
        self._reader = reader
        self._account_id = account_id

    def stored(self, resource: str, key: str) -> Row | None:
        """The row of that key, or None."""
        with self._reader.connect() as connection:
            return VendorRows(connection, self._account_id, stamp=0).get(resource, [key]).get(key)

    def find(self, resource: str, on: str, value: Any) -> list[Row]:
        """The rows whose index holds a value."""
        wanted = searchable(str(value))
        with self._reader.connect() as connection:
            rows = VendorRows(connection, self._account_id, stamp=0)
            return [row for _, row in rows.find(resource, on, [wanted]).get(wanted, [])]

    def after(self, resource: str, key: str, limit: int) -> list[tuple[str, Row]]:
        """Rows with their keys, in the order of these, after a key."""
        with self._reader.connect() as connection:
            rows = VendorRows(connection, self._account_id, stamp=0)
            return list(rows.after(resource, key, limit).items())
