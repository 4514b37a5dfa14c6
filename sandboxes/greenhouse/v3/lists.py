"""The list endpoints of v3: cursor pages, newest id first."""

import base64
import binascii
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from starlette.responses import Response

from sandboxes.answers import JSONAnswer
from sandboxes.greenhouse.endpoint import ORIGIN, Call, Endpoint
from sandboxes.greenhouse.errors import Invalid
from sandboxes.greenhouse.state import State
from sandboxes.greenhouse.v3.collections import COLLECTIONS, Collection
from sandboxes.greenhouse.v3.filters import Check, Ids
from sandboxes.store import Row

PER_PAGE = 100
MOST_PER_PAGE = 500


@dataclass(frozen=True)
class Page:
    """Where a page starts (`before`: only smaller ids) and the query it belongs to."""

    query: Mapping[str, str]
    before: int | None = None


def list_endpoints() -> list[Endpoint]:
    """GET of every collection."""
    return [_endpoint(collection) for collection in COLLECTIONS.values()]


def _endpoint(collection: Collection) -> Endpoint:
    def handle(call: Call) -> Response:
        page = _page(call)
        query = page.query
        fields = _fields(collection, query)
        size = _per_page(query)
        ids, checks = _selection(call.state, collection, query)
        rows, more = _slice(call.state.tables[collection.name].rows, ids, checks, page.before, size)
        headers = {"Link": ""} if call.state.empty_links else {}
        if more:
            cursor = _cursor(call.path, query, rows[-1]["id"])
            headers["Link"] = f'<{ORIGIN}{call.path}?cursor={cursor}>; rel="next"'
        return JSONAnswer([collection.render(call.state, row, fields) for row in rows], headers=headers)

    return Endpoint("GET", f"/v3/{collection.name}", f"harvest:{collection.name}:list", handle)


def _page(call: Call) -> Page:
    """The first page of a query, or the one its cursor stands for."""
    if "cursor" not in call.query:
        return Page(call.query)
    if len(call.query) > 1:
        raise Invalid(None, "When passing a cursor, do not include other query params.")
    try:
        path, query, before = orjson.loads(base64.urlsafe_b64decode(call.query["cursor"]))["page"]
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise Invalid("cursor", "is not a valid cursor") from error
    if path != call.path:
        raise Invalid("cursor", "is not a valid cursor")
    return Page(query, before)


def _cursor(path: str, query: Mapping[str, str], before: int) -> str:
    content = orjson.dumps({"page": [path, dict(query), before]})
    return base64.urlsafe_b64encode(content).decode()


def _per_page(query: Mapping[str, str]) -> int:
    value = query.get("per_page", str(PER_PAGE))
    if not value.lstrip("-").isdecimal():
        raise Invalid("per_page", f"`{value}` is not an integer")
    if int(value) > MOST_PER_PAGE:
        raise Invalid("per_page", f"`{value}` number is greater than: {MOST_PER_PAGE}")
    if int(value) < 1:
        raise Invalid("per_page", f"`{value}` number is less than: 1")
    return int(value)


def _fields(collection: Collection, query: Mapping[str, str]) -> tuple[str, ...] | None:
    if "fields" not in query:
        return None
    fields = tuple(query["fields"].split(","))
    for field in fields:
        if field not in collection.fields:
            raise Invalid("fields", f"`{field}` is not a field of {collection.name}")
    return fields


def _selection(
    state: State, collection: Collection, query: Mapping[str, str]
) -> tuple[Sequence[int], list[Check]]:
    """The ids to look through, ascending, and what a row must satisfy."""
    if "created_at" in query and "updated_at" in query:
        raise Invalid(None, "created_at and updated_at cannot be combined.")
    table = state.tables[collection.name]
    filters = collection.all_filters
    ids: Sequence[int] = table.ids
    checks = []
    for name, value in query.items():
        if name in ("per_page", "fields") or name in collection.switches:
            continue
        if name not in filters:
            raise Invalid(name, "is not a supported parameter")
        chosen = filters[name]
        if isinstance(chosen, Ids) and ids is table.ids and table.indexes(chosen.field):
            ids = table.find(chosen.field, chosen.parse(name, value))
        else:
            checks.append(chosen(state, name, value))
    visible = collection.visible(state, query)
    return ids, [*checks, visible] if visible else checks


def _slice(
    rows: Mapping[int, Row], ids: Sequence[int], checks: list[Check], before: int | None, size: int
) -> tuple[list[Row], bool]:
    """The next `size` rows below `before`, and whether there are more."""
    position = len(ids) if before is None else bisect_left(ids, before)
    if not checks:
        first = max(position - size, 0)
        return [rows[key] for key in reversed(ids[first:position])], first > 0
    found: list[Row] = []
    while position:
        position -= 1
        row = rows[ids[position]]
        if all(check(row) for check in checks):
            if len(found) == size:
                return found, True
            found.append(row)
    return found, False
