"""Reading Larkspur's lists: pages by cursor, changes since a time, and what was deleted since then."""

from collections.abc import Callable
from typing import Any

import httpx

from providers.kit import Client, Page, Remove, Row, Rows, Unexpected, Window
from providers.kit.dates import iso

LIMIT = 100


def reader(resource: str, path: str) -> Callable[[Client, Window, Any], Page]:
    """A function that reads one page."""

    def read(client: Client, window: Window, cursor: Any) -> Page:
        since = iso(window.since) if window.since else None
        body = json_of(client.get(path, {"limit": LIMIT, "cursor": cursor, "changed_since": since}))
        if not isinstance(body.get("items"), list):
            raise Unexpected("A list was asked for, and the answer is none.")
        removed = tuple(Remove(resource, key) for key in body.get("deleted") or ())
        return Page(body["items"], body.get("next"), removed=removed)

    return read


def one(resource: str, path: str) -> Callable[[Client, str], Rows]:
    """A function that reads one thing by its id."""

    def fetch(client: Client, key: str) -> Rows:
        return {resource: [json_of(client.get(f"{path}/{key}"))]}

    return fetch


def json_of(response: httpx.Response) -> Row:
    """The object that was answered."""
    try:
        body = response.json()
    except ValueError as error:
        raise Unexpected("The answer is no JSON.", response.status_code) from error
    if not isinstance(body, dict):
        raise Unexpected("The answer is no object.", response.status_code)
    return body
