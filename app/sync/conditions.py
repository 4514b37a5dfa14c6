"""Selective synchronisation: conditions that a record must meet to be stored."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import Connection, delete, insert, select

from app.common import times
from app.common.fields import Field, Kind
from app.common.ids import is_uuid
from app.common.models import COLLECTIONS
from app.sync.tables import sync_condition

EQUALS, NOT_EQUALS, ONE_OF = "EQUALS", "NOT_EQUALS", "IS_ONE_OF"
ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "GREATER_THAN": lambda value, limit: value > limit,
    "GREATER_THAN_OR_EQUAL_TO": lambda value, limit: value >= limit,
    "LESS_THAN": lambda value, limit: value < limit,
    "LESS_THAN_OR_EQUAL_TO": lambda value, limit: value <= limit,
}
OPERATORS: dict[Kind, tuple[str, ...]] = {
    Kind.DATETIME: tuple(ORDER),
    Kind.ENUM: (EQUALS, NOT_EQUALS, ONE_OF),
    Kind.RELATION: (EQUALS, NOT_EQUALS, ONE_OF),
    Kind.BOOLEAN: (EQUALS, NOT_EQUALS),
}
LONGEST = 200  # characters of a value, and values of a list
_MODELS = {model.name: model for model in COLLECTIONS}


class BadCondition(ValueError):
    """A condition cannot be applied to any record."""


@dataclass(frozen=True)
class Condition:
    """A condition on a field of a model's records. `value` is what the field is compared with."""

    model: str
    field: str
    operator: str
    value: Any

    def admits(self, values: dict[str, Any]) -> bool:
        """Whether a record with these values is stored. Null is neither before nor after any time."""
        found = values[self.field]
        if self.operator == EQUALS:
            return bool(found == self.value)
        if self.operator == NOT_EQUALS:
            return bool(found != self.value)
        if self.operator == ONE_OF:
            return found in self.value
        return found is not None and ORDER[self.operator](times.parse(found), times.parse(self.value))


def condition(model: str, field: str, operator: str, value: Any) -> Condition:
    """A condition as a caller gives it.

    Raises:
        BadCondition: there is no such model, field or operator, or the value does not fit.
    """
    known = _MODELS.get(model.removeprefix("ats."))
    if known is None:
        raise BadCondition(f"There is no common model {model[:60]!r}. Known: {', '.join(_MODELS)}.")
    f = next((f for f in known.rendered if f.name == field and f.kind in OPERATORS), None)
    if f is None:
        offered = ", ".join(f.name for f in known.rendered if f.kind in OPERATORS) or "none"
        raise BadCondition(f"{known.name} has no field {field[:60]!r} to choose by. There are: {offered}.")
    if operator not in OPERATORS[f.kind]:
        raise BadCondition(f"{known.name}.{field} is compared by {', '.join(OPERATORS[f.kind])}.")
    return Condition(known.name, field, operator, _value(f, operator, value))


def conditions_of(connection: Connection, account_id: str) -> dict[str, list[Condition]]:
    """The conditions of an account, by model."""
    found: dict[str, list[Condition]] = {}
    for row in stored(connection, account_id):
        found.setdefault(row.model, []).append(_condition(row))
    return found


def stored(connection: Connection, account_id: str) -> Sequence[Any]:
    """The rows of an account's conditions, in the order in which they were set."""
    query = select(sync_condition).where(sync_condition.c.account_id == account_id)
    return connection.execute(query.order_by(sync_condition.c.created_at, sync_condition.c.id)).all()


def replace(connection: Connection, account_id: str, wanted: Sequence[Condition]) -> None:
    """Put conditions in the place of those an account has; what is among both stays as it is."""
    kept = {(_key(_condition(row))): row.id for row in stored(connection, account_id)}
    fresh = {_key(one): one for one in wanted}
    gone = [kept[key] for key in kept.keys() - fresh.keys()]
    connection.execute(delete(sync_condition).where(sync_condition.c.id.in_(gone)))
    rows = [
        {
            "id": str(uuid4()),
            "account_id": account_id,
            "model": one.model,
            "field": one.field,
            "operator": one.operator,
            "value": orjson.dumps(one.value).decode(),
            "created_at": times.now(),
        }
        for key, one in fresh.items()
        if key not in kept
    ]
    if rows:
        connection.execute(insert(sync_condition), rows)


def _condition(row: Any) -> Condition:
    return Condition(row.model, row.field, row.operator, orjson.loads(row.value))


def _key(one: Condition) -> bytes:
    return orjson.dumps([one.model, one.field, one.operator, one.value])


def _value(f: Field, operator: str, value: Any) -> Any:
    if operator != ONE_OF:
        return _single(f, value)
    if not isinstance(value, list) or not 0 < len(value) <= LONGEST:
        raise BadCondition(f"{operator} takes a list of up to {LONGEST} values.")
    return [_single(f, item) for item in value]


def _single(f: Field, value: Any) -> Any:
    if f.kind is Kind.BOOLEAN:
        fits = isinstance(value, bool)
    elif f.kind is Kind.DATETIME:
        fits = _is_moment(value)
    elif f.kind is Kind.RELATION:
        fits = isinstance(value, str) and is_uuid(value)
        value = value.lower() if fits else value
    else:
        fits = isinstance(value, str) and 0 < len(value) <= LONGEST
    if not fits:
        raise BadCondition(f"{f.name} cannot be compared with this value.")
    return value


def _is_moment(value: Any) -> bool:
    try:
        times.parse(value)
    except (ValueError, TypeError):
        return False
    return True
