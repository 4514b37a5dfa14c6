"""Query parameters: what each may be. Lists are keys given again, with or without `[]` behind the name."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from starlette.datastructures import QueryParams

from sandboxes.lever.errors import invalid

Parse = Callable[[str, Sequence[str]], Any]


def one(name: str, values: Sequence[str]) -> str:
    """A text, once."""
    if len(values) != 1 or not values[0]:
        raise invalid(name)
    return values[0]


def several(_name: str, values: Sequence[str]) -> list[str]:
    """Texts, any of which will do."""
    return list(values)


def integer(name: str, values: Sequence[str]) -> int:
    """A whole number: also a time in milliseconds."""
    value = one(name, values)
    if not value.isdecimal():
        raise invalid(name)
    return int(value)


def limit(name: str, values: Sequence[str]) -> int:
    """How many of a list: 1 to 100 (https://hire.lever.co/developer/documentation#pagination)."""
    value = integer(name, values)
    if not 1 <= value <= 100:
        raise invalid(name)
    return value


def flag(name: str, values: Sequence[str]) -> bool:
    """`true` or `false`."""
    value = one(name, values)
    if value not in ("true", "false"):
        raise invalid(name)
    return value == "true"


def choice(*allowed: str) -> Parse:
    """One or several of a closed list."""

    def parse(name: str, values: Sequence[str]) -> list[str]:
        if not values or any(value not in allowed for value in values):
            raise invalid(name)
        return list(values)

    return parse


def window(*names: str) -> dict[str, Parse]:
    """`NAME_start` and `NAME_end`, in milliseconds, both inclusive."""
    return {f"{name}_at_{end}": integer for name in names for end in ("start", "end")}


def parsed(query: QueryParams, known: Mapping[str, Parse]) -> dict[str, Any]:
    """The parameters of a call.

    Raises:
        Refused: one is unknown or malformed.
    """
    given: dict[str, list[str]] = {}
    for name, value in query.multi_items():
        given.setdefault(name.removesuffix("[]"), []).append(value)
    for name in given:
        if name not in known:
            raise invalid(name)
    return {name: known[name](name, values) for name, values in given.items()}
