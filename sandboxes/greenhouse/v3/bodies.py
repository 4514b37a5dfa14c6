"""Reading the bodies of v3 writes: JSON integers only, no unknown keys."""

from collections.abc import Iterable
from typing import Any

from sandboxes.greenhouse.errors import Invalid
from sandboxes.instants import instant
from sandboxes.store import Row


def allow(body: Row, keys: Iterable[str]) -> None:
    """Refuse keys the endpoint does not know (e.g. `private` where it must be `is_private`)."""
    for key in body.keys() - set(keys):
        raise Invalid(key, "is not a supported parameter")


def require(body: Row, keys: Iterable[str]) -> None:
    """Refuse a body that lacks one of the keys."""
    for key in keys:
        if body.get(key) is None:
            raise Invalid(key, "is required")


def integer(body: Row, key: str) -> int | None:
    """An id; a string of digits is refused."""
    value = body.get(key)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise Invalid(key, f"`{value}` is not an integer")
    return value


def integers(body: Row, keys: Iterable[str]) -> Row:
    """Those of the ids that are present."""
    return {key: integer(body, key) for key in keys if key in body}


def moment(body: Row, key: str) -> str:
    """A date-time with `Z`."""
    value = instant(body[key])
    if value is None:
        raise Invalid(key, f"`{body[key]}` is not a valid date-time")
    return value


def objects(body: Row, key: str) -> list[Row]:
    """A list of objects."""
    value: Any = body[key]
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise Invalid(key, "must be a list of objects")
    return value
