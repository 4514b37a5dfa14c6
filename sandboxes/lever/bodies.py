"""Bodies of writes: which fields there may be and what they hold."""

from collections.abc import Collection, Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandboxes.lever.errors import invalid, missing
from sandboxes.store import Row

PHONE_FIELDS = ("type", "value")


def only(body: Mapping[str, Any], known: Collection[str]) -> None:
    """No fields but these."""
    for name in body:
        if name not in known:
            raise invalid(name)


def required(body: Mapping[str, Any], name: str) -> Any:
    """A field that has to be there and hold something."""
    if body.get(name) in (None, "", []):
        raise missing(name)
    return body[name]


def text(body: Mapping[str, Any], name: str) -> str | None:
    """A text or nothing."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise invalid(name)
    return value


def whole(body: Mapping[str, Any], name: str, least: int = 0) -> int:
    """A whole number that has to be there: minutes, or a time in milliseconds."""
    value = required(body, name)
    if type(value) is not int or value < least:
        raise invalid(name)
    return value


def texts(body: Mapping[str, Any], name: str) -> list[str]:
    """A list of texts; empty when it is not given."""
    value = body.get(name, [])
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise invalid(name)
    return list(value)


def phones(body: Mapping[str, Any]) -> list[Row]:
    """`{type, value}` entries; the type may be missing."""
    value = body.get("phones", [])
    if not isinstance(value, list):
        raise invalid("phones")
    for entry in value:
        if not isinstance(entry, dict) or not isinstance(entry.get("value"), str):
            raise invalid("phones")
        only(entry, PHONE_FIELDS)
    return list(value)


def objects(body: Mapping[str, Any], name: str) -> list[Row]:
    """A list of objects that has to be there and is not empty."""
    value = required(body, name)
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise invalid(name)
    return list(value)


def timezone(body: Mapping[str, Any]) -> str:
    """The name of a time zone, which has to be there."""
    value = required(body, "timezone")
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, TypeError) as error:
        raise invalid("timezone") from error
    return str(value)
