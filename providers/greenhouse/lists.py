"""Reading Harvest lists: bare JSON arrays whose `Link` header names the next page."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpx

from providers.kit import Client, NotFound, Page, Row, Rows, Unexpected, Window
from providers.kit.dates import iso
from providers.kit.paging import next_link

PER_PAGE = 500

Params = dict[str, Any]
Filter = Callable[[Window], Params]
Values = Callable[[Row], Iterable[Any]]
Index = dict[str, Values]


def values_of(field: str) -> Values:
    """An index by one field of a row; a null is not indexed."""

    def values(row: Row) -> list[Any]:
        return [] if row.get(field) is None else [row[field]]

    return values


def unfiltered(_window: Window) -> Params:
    """The filter of a list that has none."""
    return {}


def changed_after(parameter: str) -> Filter:
    """A Harvest v1 filter: inclusive, and without an end, since pages are counted by number."""

    def params(window: Window) -> Params:
        return {parameter: iso(window.since)} if window.since else {}

    return params


def changed_between(field: str) -> Filter:
    """A Harvest v3 filter with both ends: rows come newest id first, so a pass needs a fixed end.

    A full pass asks for everything: a row that changed meanwhile must not seem to have vanished.
    """

    def params(window: Window) -> Params:
        return {field: f"gte|{iso(window.since)}|lte|{iso(window.until)}"} if window.since else {}

    return params


def reader(path: str, filtered: Filter, **params: Any) -> Callable[[Client, Window, Any], Page]:
    """A function that reads one page: the first by its query, every other by the link that led to it."""

    def read(client: Client, window: Window, cursor: Any) -> Page:
        if cursor:
            response = client.get(cursor)
        else:
            response = client.get(path, {"per_page": PER_PAGE, **params, **filtered(window)})
        return Page(rows_of(response), next_link(response))

    return read


def every(client: Client, path: str, **params: Any) -> Iterator[Row]:
    """All rows of a list, page after page.

    Raises:
        Unexpected: a link leads back.
    """
    response = client.get(path, {"per_page": PER_PAGE, **params})
    links: list[str] = []
    while True:
        yield from rows_of(response)
        link = next_link(response)
        if not link:
            return
        if link in links:
            raise Unexpected(f"{path} repeats its cursor.")
        links.append(link)
        response = client.get(link)


def rows_of(response: httpx.Response) -> list[Row]:
    """The rows of a page."""
    body = json_of(response)
    if not isinstance(body, list):
        raise Unexpected("A list was asked for, and the answer is none.", response.status_code)
    return body


def row_of(response: httpx.Response) -> Row:
    """The one record of an answer; empty when a write is answered without a body."""
    body = json_of(response) if response.content else {}
    if not isinstance(body, dict):
        raise Unexpected("A record was asked for, and the answer is none.", response.status_code)
    return body


def json_of(response: httpx.Response) -> Any:
    """The body of an answer."""
    try:
        return response.json()
    except ValueError as error:
        raise Unexpected("The answer is no JSON.", response.status_code) from error


def by_path(name: str, path: str) -> Callable[[Client, str], Rows]:
    """How Harvest v1 reads one thing: by its id in the path."""

    def fetch(client: Client, key: str) -> Rows:
        return {name: [row_of(client.get(f"{path}/{key}"))]}

    return fetch


def by_ids(name: str, path: str, **params: Any) -> Callable[[Client, str], Rows]:
    """How Harvest v3 reads one thing: as a list of one, for it has no paths of single records."""

    def fetch(client: Client, key: str) -> Rows:
        return {name: [one(client, path, key, **params)]}

    return fetch


def one(client: Client, path: str, key: str, **params: Any) -> Row:
    """The record of that id in a Harvest v3 list.

    Raises:
        NotFound: there is none.
    """
    for row in rows_of(client.get(path, {"ids": key, **params})):
        if str(row.get("id")) == key:
            return row
    raise NotFound(f"{path} has no record {key}.", 404)
