"""Keyset paging on (created_at, id): a cursor is a position, so a page costs the same at any depth."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import BigInteger, ColumnElement, Connection, Row, Select, literal, tuple_
from starlette.datastructures import QueryParams

from app.api.errors import ApiError

DEFAULT_SIZE, MAX_SIZE = 30, 100
_NOBODY = "00000000-0000-0000-0000-000000000000"
_CURSOR = re.compile(r"(?P<direction>[pr])=(?P<created_at>[0-9]{1,18})=(?P<id>[0-9a-f-]{36})")


@dataclass(frozen=True)
class Cursor:
    """A position between two rows, and the direction to read from it."""

    created_at: int
    id: str
    backward: bool = False

    def dump(self) -> str:
        """As handed to callers."""
        text = f"{'r' if self.backward else 'p'}={self.created_at}={self.id}"
        return base64.urlsafe_b64encode(text.encode()).decode()

    @staticmethod
    def load(text: str) -> "Cursor":
        """From what a caller sends back: a cursor, or a URL with one in its query.

        Raises:
            ApiError: 404, it is not a cursor of ours.
        """
        try:
            if "://" in text:
                text = parse_qs(urlsplit(text).query).get("cursor", [""])[0]
            raw = base64.b64decode(text.encode(), altchars=b"-_", validate=True).decode()
        except (ValueError, binascii.Error) as error:
            raise ApiError(404, {"detail": "Invalid cursor"}) from error
        parts = _CURSOR.fullmatch(raw)
        if parts is None:
            raise ApiError(404, {"detail": "Invalid cursor"})
        return Cursor(int(parts["created_at"]), parts["id"], parts["direction"] == "r")


def page_size(query: QueryParams) -> int:
    """How many rows a caller wants: above the maximum it is clamped, an unusable size is ignored."""
    text = query.get("page_size", "")
    size = int(text[:9]) if text.isascii() and text.isdigit() else 0
    return min(size, MAX_SIZE) or DEFAULT_SIZE


@dataclass(frozen=True)
class PageRequest:
    """Which page a caller wants."""

    size: int
    cursor: Cursor | None

    @staticmethod
    def of(query: QueryParams) -> "PageRequest":
        """From `page_size` and `cursor`.

        Raises:
            ApiError: 404, the cursor is malformed.
        """
        cursor = query.get("cursor")
        return PageRequest(page_size(query), Cursor.load(cursor) if cursor else None)


def page_of(
    connection: Connection,
    statement: Select[Any],
    page: PageRequest,
    created_at: ColumnElement[int],
    id: ColumnElement[str],
    *,
    newest_first: bool = False,
) -> tuple[list[Row[Any]], bool]:
    """Rows of one page in the order they are shown, and whether the direction holds more.

    Args:
        connection: a transaction that only reads.
        statement: gives all rows, in no order; among their columns `created_at` and `id`.
        page: which page.
        created_at: the column whose order the rows are shown in.
        id: tells rows of the same moment apart.
        newest_first: whether the rows are shown backward.
    """
    backward = page.cursor is not None and page.cursor.backward
    descending = newest_first is not backward
    if page.cursor is not None:
        place = tuple_(created_at, id)
        position = tuple_(literal(page.cursor.created_at, BigInteger), literal(page.cursor.id))
        statement = statement.where(place < position if descending else place > position)
    order = [column.desc() if descending else column.asc() for column in (created_at, id)]
    rows = list(connection.execute(statement.order_by(*order).limit(page.size + 1)))
    more = len(rows) > page.size
    rows = rows[: page.size]
    return (rows[::-1] if backward else rows), more


def whole(page: PageRequest, items: Sequence[Any]) -> dict[str, Any]:
    """One page of a short list that is made anew at each request: places stand for moments."""
    position, backward = (page.cursor.created_at, page.cursor.backward) if page.cursor else (0, False)
    start = max(0, position - page.size) if backward else position
    end = min(position if backward else start + page.size, len(items))
    return {
        "next": Cursor(end, _NOBODY).dump() if end < len(items) else None,
        "previous": Cursor(start, _NOBODY, backward=True).dump() if start > 0 else None,
        "results": list(items[start:end]),
    }


def neighbours(page: PageRequest, rows: Sequence[Any], more: bool) -> tuple[str | None, str | None]:
    """The cursors of the next and the previous page.

    Args:
        page: what was asked.
        rows: the page's rows, with `created_at` and `id`, in the order they are shown.
        more: whether the direction of reading holds further rows.
    """
    if not rows:
        return None, None
    backward = page.cursor is not None and page.cursor.backward
    has_next = True if backward else more
    has_previous = more if backward else page.cursor is not None
    first, last = rows[0], rows[-1]
    return (
        Cursor(last.created_at, last.id).dump() if has_next else None,
        Cursor(first.created_at, first.id, backward=True).dump() if has_previous else None,
    )
