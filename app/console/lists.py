"""Lists that are shown a page at a time."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from sqlalchemy import ColumnElement, Connection, Row, Select

from app.api.paging import Cursor, PageRequest, neighbours, page_of

SIZE = 30


@dataclass(frozen=True)
class Listed:
    """A page of a list.

    Attributes:
        rows: what it holds.
        following: the address of the next page, if there is one.
        previous: the address of the page before.
    """

    rows: list[Row[Any]]
    following: str | None
    previous: str | None

    @property
    def ids(self) -> list[str]:
        """The ids of the rows."""
        return [row.id for row in self.rows]


def listed(
    connection: Connection,
    request: Request,
    statement: Select[Any],
    created_at: ColumnElement[int],
    id: ColumnElement[str],
) -> Listed:
    """The page of a list that a request asks for, the newest first.

    Args:
        connection: a transaction that only reads.
        request: its query has the cursor, and what the list is filtered by.
        statement: gives all rows; among their columns `created_at` and `id`.
        created_at: the column they are ordered by.
        id: tells rows of the same moment apart.

    Raises:
        ApiError: 404, the cursor is malformed.
    """
    cursor = request.query_params.get("cursor")
    page = PageRequest(SIZE, Cursor.load(cursor) if cursor else None)
    rows, more = page_of(connection, statement, page, created_at, id, newest_first=True)
    following, previous = neighbours(page, rows, more)
    return Listed(rows, _address(request, following), _address(request, previous))


def _address(request: Request, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    kept = {name: value for name, value in request.query_params.items() if name not in ("cursor", "done")}
    return f"{request.url.path}?{urlencode({**kept, 'cursor': cursor})}"
