"""What a caller wants written, checked against the common model and turned into the vendor's terms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from sqlalchemy import Connection, select

from app.common import times
from app.common.fields import Field, Kind, Model
from app.common.ids import is_uuid
from app.common.models import MODELS
from app.records.tables import RECORD_TABLES
from app.writes.problems import Problem, WriteRefused
from providers.kit import Action

BESIDE_FIELDS = ("integration_params", "linked_account_params", "remote_template_id")


class _Wrong(Exception):
    def __init__(self, problem_type: str, detail: str) -> None:
        super().__init__(detail)
        self.problem_type = problem_type
        self.detail = detail


@dataclass
class Input:
    """A write's content in the vendor's terms, and what the caller should know of it."""

    fields: dict[str, Any] = field(default_factory=dict)
    params: dict[str, Any] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)


class InputReader:
    """Reads write bodies for one linked account.

    Args:
        connection: a transaction that only reads.
        account_id: the linked account.
        integration: the integration's name, for messages.
    """

    def __init__(self, connection: Connection, account_id: str, integration: str) -> None:
        self._connection = connection
        self._account_id = account_id
        self._integration = integration

    def read(self, model: Model, action: Action, given: Mapping[str, Any], *, partial: bool) -> Input:
        """Check a `model` object.

        Args:
            model: the common model.
            action: what the vendor takes over.
            given: the object.
            partial: whether absent fields keep their value; then null clears a field.

        Raises:
            WriteRefused: with every error found, not only the first.
        """
        found, errors = Input(), []
        for name, value in given.items():
            if name in BESIDE_FIELDS:
                continue
            f = next((f for f in model.fields if f.name == name and f.writable), None)
            if f is None:
                found.warnings.append(self._unrecognized(model, name))
            elif name not in action.fields:
                found.warnings.append(self._unsupported(model, action, name))
            elif value is not None or partial:
                try:
                    found.fields[name] = self.convert(f, value)
                except _Wrong as wrong:
                    errors.append(_problem(wrong, name))
        found.params = self._params(action, given.get("integration_params"), errors)
        if not partial:
            errors += [_missing(name) for name in action.required if given.get(name) is None]
        if errors:
            raise WriteRefused(*errors)
        return found

    def remote_user(self, given: str | None) -> str | None:
        """The vendor's id of the acting user: given as such, or as the id of one of our users."""
        if not given or not is_uuid(given):
            return given or None
        users = RECORD_TABLES["RemoteUser"]
        found = self._connection.scalar(
            select(users.c.remote_id).where(
                users.c.id == given.lower(), users.c.account_id == self._account_id
            )
        )
        return str(found) if found else given

    def convert(self, f: Field, value: Any) -> Any:
        """One field's value in the vendor's terms."""
        if value is None:
            return [] if f.is_list else None
        return _CONVERT[f.kind](self, f, value)

    # ---- kinds of fields

    def _text(self, _field: Field, value: Any) -> str:
        if not isinstance(value, str):
            raise _Wrong("INCORRECT_FIELD_TYPE", "This field takes a string.")
        return value

    def _boolean(self, _field: Field, value: Any) -> bool:
        if not isinstance(value, bool):
            raise _Wrong("INCORRECT_FIELD_TYPE", "This field takes true or false.")
        return value

    def _moment(self, _field: Field, value: Any) -> Any:
        try:
            return times.parse(value).astimezone(UTC)
        except (ValueError, TypeError, OverflowError) as error:
            raise _Wrong(
                "INCORRECT_FIELD_TYPE",
                "This field takes a date and time in ISO 8601, such as 2026-12-01T15:00:00Z.",
            ) from error

    def _enum(self, f: Field, value: Any) -> str:
        if value not in f.values:
            raise _Wrong("INVALID_FIELD_CHOICE", f"This field takes one of {', '.join(f.values)}.")
        return str(value)

    def _texts(self, _field: Field, value: Any) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise _Wrong("INCORRECT_FIELD_TYPE", "This field takes a list of strings.")
        return value

    def _objects(self, f: Field, value: Any) -> list[dict[str, Any]]:
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise _Wrong("INCORRECT_FIELD_TYPE", "This field takes a list of objects.")
        return [
            {inner.name: self.convert(inner, item[inner.name]) for inner in f.shape if inner.name in item}
            for item in value
        ]

    def _relation(self, f: Field, value: Any) -> str:
        if not isinstance(value, str):
            raise _Wrong("INCORRECT_FIELD_TYPE", f"This field takes the id of a {f.target}.")
        table = RECORD_TABLES[MODELS[f.target].name]
        found = is_uuid(value) and self._connection.scalar(
            select(table.c.remote_id).where(
                table.c.id == value.lower(),
                table.c.account_id == self._account_id,
                table.c.shell.is_(False),
            )
        )
        if not found:
            raise _Wrong(
                "INVALID_FIELD_CHOICE", f"This linked account has no {f.target} with the id {value[:60]}."
            )
        return str(found)

    def _relations(self, f: Field, value: Any) -> list[str]:
        if not isinstance(value, list):
            raise _Wrong("INCORRECT_FIELD_TYPE", f"This field takes a list of ids of {f.target}s.")
        return [self._relation(f, item) for item in value if item is not None]

    # ---- messages

    def _params(self, action: Action, given: Any, errors: list[Problem]) -> dict[str, Any]:
        params = given if isinstance(given, dict) else {}
        if given is not None and not isinstance(given, dict):
            errors.append(
                Problem(
                    "INCORRECT_FIELD_TYPE",
                    "Incorrect Field Type",
                    "This takes an object.",
                    "integration_params",
                )
            )
        errors += [
            _missing(f"integration_params/{p.name}")
            for p in action.parameters
            if p.required and params.get(p.name) is None
        ]
        return params

    def _unsupported(self, model: Model, action: Action, name: str) -> Problem:
        detail = (
            f"This request contained a field that {self._integration} does not take in a "
            f"{model.name} {action.verb}: {name}. It was ignored."
        )
        return Problem("UNSUPPORTED_FIELD", "Unsupported Field", detail, name)

    def _unrecognized(self, model: Model, name: str) -> Problem:
        detail = f"A {model.name} has no field {name!r} that can be written. It was ignored."
        return Problem("UNRECOGNIZED_FIELD", "Unrecognized Field", detail, name)


_CONVERT: dict[Kind, Callable[[InputReader, Field, Any], Any]] = {
    Kind.TEXT: InputReader._text,
    Kind.BOOLEAN: InputReader._boolean,
    Kind.DATETIME: InputReader._moment,
    Kind.ENUM: InputReader._enum,
    Kind.TEXTS: InputReader._texts,
    Kind.OBJECTS: InputReader._objects,
    Kind.RELATION: InputReader._relation,
    Kind.RELATIONS: InputReader._relations,
    Kind.REVERSE: InputReader._relations,
}


def _missing(name: str) -> Problem:
    return Problem("MISSING_REQUIRED_FIELD", "Missing Required Field", f"{name} is required.", name)


def _problem(wrong: _Wrong, name: str) -> Problem:
    return Problem(wrong.problem_type, wrong.problem_type.replace("_", " ").title(), wrong.detail, name)
