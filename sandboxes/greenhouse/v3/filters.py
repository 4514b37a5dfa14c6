"""The query parameters of the v3 lists."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import ge, gt, le, lt

from sandboxes.greenhouse.actions import tags_of
from sandboxes.greenhouse.errors import Invalid
from sandboxes.greenhouse.state import State
from sandboxes.instants import day, instant
from sandboxes.store import Row

Check = Callable[[Row], bool]
Filter = Callable[[State, str, str], Check]

OPERATORS: dict[str, Callable[[str, str], bool]] = {"gte": ge, "lte": le, "gt": gt, "lt": lt}
MOST_IDS = 50


@dataclass(frozen=True)
class Ids:
    """A comma list of at most 50 ids."""

    field: str

    def parse(self, name: str, value: str) -> set[int]:
        """The ids asked for."""
        parts = value.split(",")
        if len(parts) > MOST_IDS:
            raise Invalid(name, f"array size is greater than: {MOST_IDS}")
        for part in parts:
            if not part.isdecimal():
                raise Invalid(name, f"`{part}` is not an integer")
        return {int(part) for part in parts}

    def __call__(self, _state: State, name: str, value: str) -> Check:
        wanted = self.parse(name, value)
        return lambda row: row[self.field] in wanted


def _range(parse: Callable[[object], str | None], kind: str) -> Callable[[str], Filter]:
    """Filters in pipe notation: `gte|A`, `gte|A|lt|B`."""

    def of(field: str) -> Filter:
        def build(_state: State, name: str, value: str) -> Check:
            parts = value.split("|")
            if len(parts) not in (2, 4) or any(part not in OPERATORS for part in parts[::2]):
                raise Invalid(name, f"`{value}` must be `operator|value` with gte, lte, gt or lt")
            bounds: list[tuple[Callable[[str, str], bool], str]] = []
            for operator, text in zip(parts[::2], parts[1::2], strict=True):
                parsed = parse(text)
                if parsed is None:
                    raise Invalid(name, f"`{text}` is not a valid {kind}")
                bounds.append((OPERATORS[operator], parsed))

            def check(row: Row) -> bool:
                value = row[field]
                return value is not None and all(compare(value, bound) for compare, bound in bounds)

            return check

        return build

    return of


instants = _range(instant, "date-time")
days = _range(day, "date")


def choice(field: str, *values: str, **renamed: str) -> Filter:
    """One value of a closed list; `renamed` are filter words that differ from the record's."""
    words = dict.fromkeys(values) | renamed

    def build(_state: State, name: str, value: str) -> Check:
        if value not in words:
            raise Invalid(name, f"`{value}` is not one of: {list(words)}")
        wanted = words[value] or value
        return lambda row: row[field] == wanted

    return build


def flag(field: str) -> Filter:
    """`true` or `false`."""

    def build(_state: State, name: str, value: str) -> Check:
        wanted = boolean(name, value)
        return lambda row: bool(row[field]) is wanted

    return build


def text(field: str) -> Filter:
    """The exact value."""

    def build(_state: State, _name: str, value: str) -> Check:
        return lambda row: row[field] == value

    return build


def boolean(name: str, value: str) -> bool:
    """A boolean parameter."""
    if value not in ("true", "false"):
        raise Invalid(name, f"`{value}` is not a boolean")
    return value == "true"


def candidate_email(_state: State, _name: str, value: str) -> Check:
    """Candidates with this e-mail address."""
    wanted = value.casefold()
    return lambda row: any(entry["value"].casefold() == wanted for entry in row["email_addresses"])


def candidate_tag(state: State, _name: str, value: str) -> Check:
    """Candidates with this tag."""
    return lambda row: value in tags_of(state, row["id"])
