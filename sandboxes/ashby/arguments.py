"""What an endpoint takes: strict, so that a misspelt argument is seen.

A check returns the value as it is worked with, or raises `ValueError` saying what it must be.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sandboxes.ashby.errors import invalid
from sandboxes.instants import instant as in_utc

Check = Callable[[Any], Any]
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def text(value: Any) -> str:
    """Any string but an empty one."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a string that is not empty")
    return value


def uuid(value: Any) -> str:
    """The id of a record."""
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise ValueError("must be a UUID")
    return value


def boolean(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("must be a boolean")  # noqa: TRY004 - the caller's input, not our types
    return value


def integer(least: int, most: int | None = None) -> Check:
    """A whole number in a range."""

    def check(value: Any) -> int:
        if type(value) is not int or value < least or (most is not None and value > most):
            raise ValueError(f"must be an integer from {least}{'' if most is None else f' to {most}'}")
        return value

    return check


def instant(value: Any) -> str:
    """A date-time in UTC."""
    moment = in_utc(value)
    if moment is None:
        raise ValueError("must be an ISO 8601 date-time in UTC")
    return moment


def email(value: Any) -> str:
    """An e-mail address."""
    if not isinstance(value, str) or not _EMAIL.fullmatch(value):
        raise ValueError("must be an e-mail address")
    return value


def url(value: Any) -> str:
    """An absolute web address."""
    parts = urlsplit(text(value))
    if parts.scheme not in ("http", "https") or not parts.hostname or " " in value:
        raise ValueError("must be a valid URL")
    return str(value)


def open_object(value: Any) -> Mapping[str, Any]:
    """An object with whatever keys."""
    if not isinstance(value, dict):
        raise ValueError("must be an object")  # noqa: TRY004 - the caller's input, not our types
    return value


def one_of(*choices: str) -> Check:
    """A value of a closed list."""

    def check(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return str(value)

    return check


def list_of(check: Check, least: int = 0) -> Check:
    """A list of such values."""

    def check_all(value: Any) -> list[Any]:
        if not isinstance(value, list) or len(value) < least:
            raise ValueError("must be a list" + (f" of at least {least}" if least else ""))
        return [check(entry) for entry in value]

    return check_all


def either(*checks: Check) -> Check:
    """A value one of the checks takes."""

    def check(value: Any) -> Any:
        problems = []
        for attempt in checks:
            try:
                return attempt(value)
            except ValueError as problem:
                problems.append(str(problem))
        raise ValueError(" or ".join(problems))

    return check


@dataclass(frozen=True)
class Shape:
    """An object with these keys and no others."""

    required: Mapping[str, Check] = field(default_factory=dict)
    optional: Mapping[str, Check] = field(default_factory=dict)

    def __call__(self, value: Any) -> dict[str, Any]:
        checks = {**self.required, **self.optional}
        given = dict(open_object(value))
        for name in self.required.keys() - given.keys():
            raise ValueError(f"{name} is required")
        for name in given.keys() - checks.keys():
            raise ValueError(f"{name} is not an argument")
        return {name: _named(name, checks[name], entry) for name, entry in given.items()}


def _named(name: str, check: Check, value: Any) -> Any:
    try:
        return check(value)
    except ValueError as problem:
        raise ValueError(f"{name} {problem}") from problem


def checked(shape: Shape, body: Any) -> dict[str, Any]:
    """The arguments of a call, or `invalid_input`."""
    try:
        return shape(body)
    except ValueError as problem:
        invalid(str(problem))
