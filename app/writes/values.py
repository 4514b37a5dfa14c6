"""Single values of a write, checked and turned into what providers take."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from app.common import times
from app.common.fields import Field, Kind

TRUTHS = {"true": True, "false": False, "1": True, "0": False}
Coerced = Callable[[str], None]  # told of a value of another type that was understood all the same


class Wrong(Exception):
    """A value cannot be taken. `pointer` is where it stands, if not at the field itself."""

    def __init__(self, problem_type: str, detail: str, pointer: str | None = None) -> None:
        super().__init__(detail)
        self.problem_type = problem_type
        self.detail = detail
        self.pointer = pointer


def wrong_type(detail: str) -> Wrong:
    """A value is of a type the field does not take."""
    return Wrong("INCORRECT_FIELD_TYPE", detail)


def text(_field: Field, value: Any, coerced: Coerced) -> str:
    """A string; a number is one too."""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        coerced("This field takes a string; the number was taken as one.")
        return str(value)
    raise wrong_type("This field takes a string.")


def boolean(_field: Field, value: Any, coerced: Coerced) -> bool:
    """True or false; words and digits for them are understood."""
    if isinstance(value, bool):
        return value
    if isinstance(value, (str, int)) and str(value).lower() in TRUTHS:
        coerced("This field takes true or false; the value was taken as such.")
        return TRUTHS[str(value).lower()]
    raise wrong_type("This field takes true or false.")


def moment(_field: Field, value: Any, _coerced: Coerced) -> datetime:
    """A date and time, aware."""
    try:
        return times.parse(value).astimezone(UTC)
    except (ValueError, TypeError, OverflowError) as error:
        raise wrong_type(
            "This field takes a date and time in ISO 8601, such as 2026-12-01T15:00:00Z."
        ) from error


def texts(_field: Field, value: Any, coerced: Coerced) -> list[str]:
    """A list of strings; a single one stands for a list of one."""
    if isinstance(value, str):
        coerced("This field takes a list of strings; the string was taken as a list of one.")
        return [value]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise wrong_type("This field takes a list of strings.")
    return value


def choice(values: tuple[str, ...], value: Any) -> str:
    """One of a closed set."""
    if value not in values:
        raise Wrong("INVALID_FIELD_CHOICE", f"This field takes one of {', '.join(values)}.")
    return str(value)


PLAIN: dict[Kind, Callable[[Field, Any, Coerced], Any]] = {
    Kind.TEXT: text,
    Kind.BOOLEAN: boolean,
    Kind.DATETIME: moment,
    Kind.TEXTS: texts,
}
