"""Reading Lever's lists: `data`, and while `hasNext` a token in `next`, nested lists too.

https://hire.lever.co/developer/documentation#pagination
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx

from providers.kit import (
    Client,
    NotFound,
    Page,
    PermissionMissing,
    Remove,
    Row,
    StaleCursor,
    Unexpected,
    Window,
)

LIMIT = 100
ALL = "all"  # records of any confidentiality; lists show only open ones unless asked

Params = dict[str, Any]
Read = Callable[[Client, Window, Any], Page]
Filter = Callable[[Window], Params]


def unfiltered(_window: Window) -> Params:
    """The filter of a list that has none."""
    return {}


def updated(window: Window) -> Params:
    """What changed. Most old records have no `updatedAt` and never match: a full pass must not filter."""
    return {"updated_at_start": millis(window.since)} if window.since else {}


def responded(window: Window) -> Params:
    """Answers since then, or all: unless told otherwise, Lever shows those of the last week."""
    return {"created_at_start": millis(window.since) if window.since else 0}


def millis(moment: datetime) -> int:
    """A moment as Lever counts: milliseconds since 1970."""
    return round(moment.timestamp() * 1000)


def reader(path: str, filtered: Filter = unfiltered, **params: Any) -> Read:
    """A function that reads one page of a list."""

    def read(client: Client, window: Window, cursor: Any) -> Page:
        return Page(*page_of(client, path, {**params, **filtered(window)}, cursor))

    return read


def numbered(path: str) -> Read:
    """The same for a short list whose order matters: it is read at once, and each row given its place."""

    def read(client: Client, _window: Window, _cursor: Any) -> Page:
        return Page([{**row, "index": place} for place, row in enumerate(every(client, path))])

    return read


def with_deletions(resource: str, path: str, **params: Any) -> Read:
    """What changed, and then what was deleted since; a key without the right sees open records only."""

    def read(client: Client, window: Window, cursor: Any) -> Page:
        at = cursor or {"deleted": False, "confidentiality": ALL, "offset": None}
        if at["deleted"]:
            return _deleted(client, window, at)
        asked = {**params, **updated(window), "confidentiality": at["confidentiality"]}
        try:
            rows, following = page_of(client, path, asked, at["offset"])
        except PermissionMissing:
            if at["offset"] or not at["confidentiality"]:
                raise
            return read(client, window, {**at, "confidentiality": None})
        if following:
            return Page(rows, {**at, "offset": following})
        return Page(rows, {**at, "deleted": True, "offset": None} if window.since else None)

    def _deleted(client: Client, window: Window, at: dict[str, Any]) -> Page:
        asked = {"deleted_at_start": millis(window.since)} if window.since else {}
        try:
            rows, following = page_of(client, f"{path}/deleted", asked, at["offset"])
        except PermissionMissing:  # the next full pass tells as well
            return Page([])
        gone = tuple(Remove(resource, str(row["id"])) for row in rows)
        return Page([], {**at, "offset": following} if following else None, removed=gone)

    return read


def found(client: Client, read: Read, key: str) -> Row:
    """The row of that id, wherever it stands in a list.

    Raises:
        NotFound: the list is without it.
    """
    window, cursors = Window(None, datetime.now(UTC)), [None]
    while True:
        page = read(client, window, cursors[-1])
        for row in page.rows:
            if str(row["id"]) == key:
                return row
        if page.next is None or page.next in cursors:
            raise NotFound(f"The list is without {key}.", 404)
        cursors.append(page.next)


def every(client: Client, path: str, **params: Any) -> list[Row]:
    """All rows of a list. Once a token has aged, the list is read from its beginning."""
    try:
        return list(_pages(client, path, params))
    except StaleCursor:
        return list(_pages(client, path, params))


def _pages(client: Client, path: str, params: Params) -> Iterator[Row]:
    offsets: list[str | None] = [None]
    while True:
        rows, following = page_of(client, path, params, offsets[-1])
        yield from rows
        if following is None:
            return
        if following in offsets:
            raise Unexpected(f"{path} repeats its offset.")
        offsets.append(following)


def page_of(client: Client, path: str, params: Params, offset: str | None) -> tuple[list[Row], str | None]:
    """The rows of one page, and the token of the next. The token is percent-encoded text, sent as such."""
    body = json_of(client.get(path, {"limit": LIMIT, **params, "offset": offset}))
    following = body.get("next") if isinstance(body, dict) and body.get("hasNext") else None
    return _rows(body), following


def _rows(body: Any) -> list[Row]:
    """`data`, in any of the shapes it is documented in: a list, one object, or a list within one."""
    data = body.get("data") if isinstance(body, dict) else body
    if isinstance(data, dict):
        data = data.get("eeoResponses", [data])
    if not isinstance(data, list):
        raise Unexpected("A list was asked for, and the answer is none.")
    return data


def one(client: Client, path: str, **params: Any) -> Row:
    """A single record."""
    return row_of(client.get(path, params))


def row_of(response: httpx.Response) -> Row:
    """The record of an answer: `data`, or what some pages of the documentation show inside of it."""
    body = json_of(response)
    data = body.get("data") if isinstance(body, dict) else None
    if isinstance(data, dict) and "id" not in data and "data" in data:
        data = data["data"]
    if isinstance(data, list):
        data = next(iter(data), None)
    if not isinstance(data, dict):
        raise Unexpected("A record was asked for, and the answer is none.", response.status_code)
    return data


def json_of(response: httpx.Response) -> Any:
    """The body of an answer."""
    try:
        return response.json()
    except ValueError as error:
        raise Unexpected("The answer is no JSON.", response.status_code) from error
