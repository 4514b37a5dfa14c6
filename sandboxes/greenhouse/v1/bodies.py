"""Reading the bodies of v1 writes; unlike v3, ids may be strings of digits."""

from collections.abc import Iterable
from typing import Any

from sandboxes.greenhouse.errors import Invalid
from sandboxes.instants import instant
from sandboxes.store import Row


def require(body: Row, keys: Iterable[str]) -> None:
    """Refuse a body that lacks one of the keys."""
    for key in keys:
        if body.get(key) in (None, "", []):
            raise Invalid(key, "is required")


def integer(body: Row, key: str) -> int | None:
    """An id."""
    value: Any = body.get(key)
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise Invalid(key, "Must be an integer")
    return value


def moment(body: Row, key: str) -> str:
    """A plain ISO-8601 string with `Z`, not the `{"date_time"}` object of the read."""
    value = instant(body[key])
    if value is None:
        raise Invalid(key, "Must be an ISO-8601 timestamp")
    return value


def objects(body: Row, key: str) -> list[Row]:
    """A list of objects."""
    value: Any = body[key]
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise Invalid(key, "Must be a list of objects")
    return value


def truthy(value: object) -> bool:
    """V1 documents `prospect` as the string "true"."""
    return value in (True, "true")
