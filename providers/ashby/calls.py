"""Reading from Ashby: every call is a POST with a JSON body, answered with `results`."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpx

from providers.kit import Client, NotFound, Page, Row, Unexpected, Window

LIMIT = 100  # the default and the most; what happens with more is not documented

Body = dict[str, Any]
Read = Callable[[Client, Window, Any], Page]


def reader(path: str, **body: Any) -> Read:
    """A function that reads a page of a list that knows sync tokens.

    A token belongs to one list and one set of parameters, so these are always the same.
    """

    def read(client: Client, window: Window, cursor: Any) -> Page:
        return _page(client, path, _asking({"limit": LIMIT, **body}, window.token, cursor))

    return read


def whole_reader(path: str, **body: Any) -> Read:
    """A function that reads a list that has neither pages nor tokens."""

    def read(client: Client, _window: Window, cursor: Any) -> Page:
        page = _page(client, path, _asking(body, None, cursor))
        return Page(page.rows, page.next)

    return read


def every(client: Client, path: str, body: Body) -> Iterator[Row]:
    """All rows of a list, page after page."""
    cursors: list[Any] = []
    while True:
        page = _page(client, path, _asking(body, None, cursors[-1] if cursors else None))
        yield from page.rows
        if page.next is None:
            return
        if page.next in cursors:
            raise Unexpected(f"{path} repeats its cursor.")
        cursors.append(page.next)


def one_of(client: Client, path: str, key: str, **body: Any) -> Row:
    """The row of that id in a list, for what cannot be asked for by itself.

    Raises:
        NotFound: there is none.
    """
    return found(every(client, path, {"limit": LIMIT, **body}), key, path)


def found(rows: Iterable[Row], key: str, where: str) -> Row:
    """The row of that id.

    Raises:
        NotFound: there is none.
    """
    for row in rows:
        if row.get("id") == key:
            return row
    raise NotFound(f"{where} has no {key}.")


def asked(client: Client, path: str, body: Body) -> Row:
    """The one record that a reading call answers with."""
    return record_of(client.query(path, json=body))


def record_of(response: httpx.Response) -> Row:
    """The one record of an answer."""
    results = _answer(response).get("results")
    if not isinstance(results, dict):
        raise Unexpected("A record was asked for, and the answer is none.", response.status_code)
    return results


def _asking(body: Body, token: str | None, cursor: Any) -> Body:
    tokens = {"syncToken": token, "cursor": cursor}
    return body | {name: value for name, value in tokens.items() if value is not None}


def _page(client: Client, path: str, body: Body) -> Page:
    """A page. Only `moreDataAvailable` tells of the end, and only the last page's token is good."""
    answer = _answer(client.query(path, json=body))
    rows = answer.get("results")
    if not isinstance(rows, list):
        raise Unexpected(f"{path} was asked for a list, and the answer is none.")
    if not answer.get("moreDataAvailable"):
        return Page(rows, token=answer.get("syncToken"))
    if answer.get("nextCursor") is None:
        raise Unexpected(f"{path} has more, and names no cursor.")
    return Page(rows, answer["nextCursor"])


def _answer(response: httpx.Response) -> Row:
    try:
        answer = response.json()
    except ValueError as error:
        raise Unexpected("The answer is no JSON.", response.status_code) from error
    if not isinstance(answer, dict):
        raise Unexpected("The answer is no object.", response.status_code)
    return answer
