"""Lists: pages of 1 to 100 records, continued by an opaque token.

A token is percent-encoded text, as the vendor's are (`%5B3%2C1491435120000%2C%22…%22%5D`), and works for the
list and the filters it was given out for.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote
from zlib import crc32

import orjson
from starlette.responses import Response

from sandboxes.answers import JSONAnswer
from sandboxes.lever.defaults import shown
from sandboxes.lever.endpoint import Call, Endpoint
from sandboxes.lever.errors import bad_request
from sandboxes.lever.parameters import Parse, limit, one
from sandboxes.store import Row

PAGE: dict[str, Parse] = {"limit": limit, "offset": one}
# These say how a page looks, not which records are in the list.
LOOKS = ("limit", "offset", "expand")
Place = tuple[Any, str]


def place_of(row: Row) -> Place:
    """Where a record stands in its list."""
    return row["createdAt"], row["id"]


def listing(
    path: str,
    permission: str,
    rows: Callable[[Call], Sequence[Row]],
    render: Callable[[Call, Row], Row],
    query: Mapping[str, Parse] | None = None,
    *,
    newest_first: bool = True,
) -> Endpoint:
    """The endpoint of a list; `rows` come in the order of `place_of`."""

    def handle(call: Call) -> Response:
        chosen, following = page(call, rows(call), newest_first=newest_first)
        body = {"data": [render(call, row) for row in chosen], "hasNext": following is not None}
        return JSONAnswer(body | ({"next": following} if following else {}))

    return Endpoint("GET", path, permission, handle, PAGE | dict(query or {}))


def of_opportunity(table: str) -> Callable[[Call], Sequence[Row]]:
    """The records of the opportunity in the path."""

    def rows(call: Call) -> Sequence[Row]:
        return call.state.where(table, "opportunityId", call.ids["opportunity"])

    return rows


def plain(table: str) -> Callable[[Call, Row], Row]:
    """A record as it is kept."""

    def render(_call: Call, row: Row) -> Row:
        return shown(table, row)

    return render


def page(call: Call, rows: Sequence[Row], *, newest_first: bool) -> tuple[Sequence[Row], str | None]:
    """The records of one page, and the token of the next."""
    size = call.query.get("limit", 100)
    after = _read(call)
    if newest_first:
        end = len(rows) if after is None else bisect_left(rows, after, key=place_of)
        start = max(end - size, 0)
        chosen, more = rows[start:end][::-1], start > 0
    else:
        start = 0 if after is None else bisect_right(rows, after, key=place_of)
        chosen, more = rows[start : start + size], start + size < len(rows)
    return chosen, _token(call, place_of(chosen[-1])) if more else None


def _token(call: Call, place: Place) -> str:
    return quote(orjson.dumps([_list_of(call), *place]), safe="")


def _read(call: Call) -> Place | None:
    """The place a page starts after; 400 when the token is stale or another list's."""
    if "offset" not in call.query:
        return None
    try:
        number, value, key = orjson.loads(unquote(call.query["offset"]))
    except (ValueError, TypeError) as error:
        raise bad_request("Invalid offset token") from error
    token = quote(orjson.dumps([number, value, key]), safe="")
    if number != _list_of(call) or token != call.query["offset"]:
        raise bad_request("Invalid offset token")
    return value, key


def _list_of(call: Call) -> int:
    """A number for the list, its filters and the era."""
    filters = sorted((name, value) for name, value in call.query.items() if name not in LOOKS)
    return crc32(orjson.dumps([call.state.era, call.path, filters])) % 1000
