"""What a caller wants written, checked against the common model and turned into the vendor's terms."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from app.common.fields import Field, Kind, Model
from app.common.ids import is_uuid
from app.common.models import MODELS
from app.database import batches
from app.records.store import ERASED
from app.records.tables import RECORD_TABLES
from app.scopes.restrictions import Restrictions
from app.writes import values
from app.writes.files import check_address
from app.writes.operations import CREATE
from app.writes.problems import Problem, problem
from app.writes.refusals import disabled_detail
from app.writes.values import Wrong, wrong_type
from providers.kit import Action, Api

PARAMS = "integration_params"
BESIDE_FIELDS = (PARAMS, "linked_account_params", "remote_template_id")
STAMPS = ("created_at", "modified_at", "remote_was_deleted")  # of small objects, as they are read
_USER_ID = re.compile(r"[!-~]{1,200}")  # it may travel in a header
JSON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str, int),  # vendors' ids are numbers as often as not
    "integer": (int,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


@dataclass
class Input:
    """A write's content in the vendor's terms, and what the caller should know of it."""

    fields: dict[str, Any] = field(default_factory=dict)
    params: dict[str, Any] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)


class InputReader:
    """Reads write bodies for one linked account.

    Args:
        connection: a transaction that only reads.
        account_id: the linked account.
        integration: the integration's name, for messages.
        api: the vendor's declarations.
        restrictions: what the account's scopes take away.
        max_file_size: bytes of the largest file.
    """

    def __init__(
        self,
        connection: Connection,
        account_id: str,
        integration: str,
        api: Api,
        restrictions: Restrictions,
        max_file_size: int,
    ) -> None:
        self._max_file_size = max_file_size
        self._restrictions = restrictions
        self._connection = connection
        self._account_id = account_id
        self._integration = integration
        self._api = api

    def read(
        self,
        action: Action,
        given: Mapping[str, Any],
        *,
        partial: bool = False,
        root: str = "model",
        names: Mapping[str, str] | None = None,
        implied: str = "",
    ) -> Input:
        """Check an object, and what is nested in it; all that is wrong is found at once.

        Args:
            action: what the vendor takes over.
            given: the object.
            partial: whether absent fields keep their value; then null clears a field.
            root: where in the body the object stands.
            names: common fields that the body calls otherwise.
            implied: the relation that leads to the object this one is nested in.
        """
        model, found, called = MODELS[action.model], Input(), dict(names or {})
        withheld = self._restrictions.withheld_of(model)
        for name, value in given.items():
            at = _at(root, called.get(name, name))
            f = next((f for f in model.fields if f.name == name and f.writable), None)
            if name in BESIDE_FIELDS or (name == implied and value is None):
                continue
            if f is None:
                found.warnings.append(_unrecognized(model.name, name, at))
            elif name in withheld:
                found.warnings.append(_disabled(model.name, name, at))
            elif name not in action.fields or name == implied:
                found.warnings.append(self._unsupported(action, name, at))
            elif value is not None or partial:
                self._take(action, f, value, at, found)
        if not partial:
            present = {n for n, value in given.items() if value not in (None, "", [])} - withheld
            absent = [n for n in action.required if n != implied and n not in present]
            found.errors += [missing(_at(root, called.get(name, name))) for name in absent]
        self._take_params(action, given, root, found)
        return found

    def check_user(
        self, action: Action, credentials: Mapping[str, str], remote_user_id: str | None, found: Input
    ) -> None:
        """Note when nobody acts though somebody must, or when what is given cannot be the id of anybody."""
        if remote_user_id and not _USER_ID.fullmatch(remote_user_id):
            detail = "This is the vendor's id of a user, or the id of one of the account's users."
            found.errors.append(problem("INVALID_FIELD_CHOICE", detail, "remote_user_id"))
        if remote_user_id or found.fields.get(action.user_field):
            return
        if action.needs_user(credentials):
            found.errors.append(missing("remote_user_id"))

    def remote_user(self, given: str | None) -> str | None:
        """The vendor's id of the acting user: given as such, or as the id of one of our users."""
        if not given or not is_uuid(given):
            return given or None
        return self._remote_ids("RemoteUser", [given]).get(given.lower(), given)

    # ---- fields

    def _take(self, action: Action | None, f: Field, value: Any, at: str, found: Input) -> None:
        try:
            found.fields[f.name] = self._value(action, f, value, at, found)
        except Wrong as wrong:
            found.errors.append(problem(wrong.problem_type, wrong.detail, wrong.pointer or at))

    def _value(self, action: Action | None, f: Field, value: Any, at: str, found: Input) -> Any:
        """One field's value in the vendor's terms; within small objects nothing depends on an action."""
        if value is None:
            return [] if f.is_list else None
        if action and f.name in action.nested:
            return self._nested(action, f, value, at, found)
        if f.kind is Kind.ENUM:
            return values.choice(action.choices.get(f.name, f.values) if action else f.values, value)
        if f.kind is Kind.OBJECTS:
            return self._objects(f, value, at, found)
        if f.is_relation:
            return self._relations(f, value) if f.is_list else self._relation(f, value)
        plain = values.PLAIN[f.kind](f, value, _coerced(at, found))
        if f.file:
            check_address(plain, self._max_file_size)
        return plain

    def _objects(self, f: Field, value: Any, at: str, found: Input) -> list[dict[str, Any]]:
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise wrong_type("This field takes a list of objects.")
        return [self._object(f, item, f"{at}/{place}", found) for place, item in enumerate(value)]

    def _object(self, f: Field, item: dict[str, Any], at: str, found: Input) -> dict[str, Any]:
        inner = {part.name: part for part in f.shape}
        taken = Input()
        for name in (n for n in item if n in inner):
            self._take(None, inner[name], item[name], f"{at}/{name}", taken)
        absent = [p.name for p in f.shape if p.essential and item.get(p.name) in (None, "")]
        odd = [n for n in item if n not in inner and n not in STAMPS and item[n] is not None]
        found.errors += taken.errors + [missing(f"{at}/{name}") for name in absent]
        found.warnings += taken.warnings + [_unrecognized(f.name, name, f"{at}/{name}") for name in odd]
        return taken.fields

    def _relation(self, f: Field, value: Any) -> str:
        return self._known(f, [value])[0]

    def _relations(self, f: Field, value: Any) -> list[str]:
        if not isinstance(value, list):
            raise wrong_type(f"This field takes a list of ids of {f.target}s.")
        return self._known(f, [item for item in value if item is not None])

    def _known(self, f: Field, ids: list[Any]) -> list[str]:
        """The vendor's ids of records, all of which the account must have."""
        if not all(isinstance(each, str) for each in ids):
            raise wrong_type(f"This field takes the id of a {f.target}.")
        known = self._remote_ids(f.target, ids)
        for each in ids:
            if each.lower() not in known:
                detail = f"This linked account has no {f.target} with the id {each[:60]}."
                raise Wrong("INVALID_FIELD_CHOICE", detail)
        return [known[each.lower()] for each in ids]

    def _remote_ids(self, target: str, ids: Iterable[str]) -> dict[str, str]:
        table = RECORD_TABLES[target]
        found: dict[str, str] = {}
        for part in batches([each.lower() for each in ids if is_uuid(each)]):
            query = select(table.c.id, table.c.remote_id).where(
                table.c.id.in_(part),
                table.c.account_id == self._account_id,
                table.c.shell.is_(False),
                table.c.deleted.is_(False),
                table.c.content_hash != ERASED,
            )
            found.update({row.id: row.remote_id for row in self._connection.execute(query)})
        return found

    # ---- what is made in the same write

    def _nested(self, action: Action, f: Field, value: Any, at: str, found: Input) -> Any:
        """A relation given as an object, or a list of them."""
        if not f.is_list:
            if isinstance(value, dict):
                return self._inner(f, value, at, found, implied=way_back(action.model, f))
            return self._relation(f, value)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise wrong_type(f"This field takes a list of objects: the {f.target}s to be made along with it.")
        return [
            self._inner(f, item, f"{at}/{place}", found, implied=f.via) for place, item in enumerate(value)
        ]

    def _inner(self, f: Field, value: dict[str, Any], at: str, found: Input, implied: str) -> dict[str, Any]:
        create = self._api.action(f.target, CREATE)
        if create is None:
            raise wrong_type(f"{self._integration} cannot make a {f.target}: give the id of one.")
        if not self._restrictions.writable(MODELS[f.target]):
            raise Wrong("DISABLED_MODEL_WRITE", disabled_detail(MODELS[f.target]))
        inner = self.read(create, value, root=at, implied=implied)
        found.warnings += inner.warnings
        found.errors += inner.errors
        return inner.fields | ({PARAMS: inner.params} if inner.params else {})

    # ---- inputs beside the fields

    def _take_params(self, action: Action, given: Mapping[str, Any], root: str, found: Input) -> None:
        for name in BESIDE_FIELDS:
            if name != PARAMS and given.get(name):
                found.warnings.append(self._unsupported(action, name, _at(root, name)))
        params, at = given.get(PARAMS), _at(root, PARAMS)
        if params is not None and not isinstance(params, dict):
            found.errors.append(problem("INCORRECT_FIELD_TYPE", "This takes an object.", at))
            return
        known = {p.name: p for p in action.parameters}
        for name, value in (params or {}).items():
            if name not in known:
                found.warnings.append(self._unsupported(action, name, f"{at}/{name}"))
            elif value is not None and not isinstance(value, JSON_TYPES[known[name].type]):
                detail = f"This takes a value of the type {known[name].type}."
                found.errors.append(problem("INCORRECT_FIELD_TYPE", detail, f"{at}/{name}"))
            else:
                found.params[name] = value
        absent = [p.name for p in action.parameters if p.required and (params or {}).get(p.name) is None]
        found.errors += [missing(f"{at}/{name}") for name in absent]

    def _unsupported(self, action: Action, name: str, at: str) -> Problem:
        detail = (
            f"This request contained a field that {self._integration} does not take in a "
            f"{action.model} {action.verb.replace('_', ' ')}: {name}. It was ignored."
        )
        return problem("UNSUPPORTED_FIELD", detail, at)


def missing(at: str) -> Problem:
    """Something required is not there."""
    return problem("MISSING_REQUIRED_FIELD", f"{at.removeprefix('model/')} is required.", at)


def _at(root: str, name: str) -> str:
    return f"{root}/{name}" if root else name


def _coerced(at: str, found: Input) -> Callable[[str], None]:
    return lambda detail: found.warnings.append(problem("INCORRECT_FIELD_TYPE", detail, at))


def _disabled(what: str, name: str, at: str) -> Problem:
    detail = f"{what}.{name} is disabled in the scopes of this linked account. It was ignored."
    return problem("UNSUPPORTED_FIELD", detail, at)


def _unrecognized(what: str, name: str, at: str) -> Problem:
    detail = f"{what} has no field {name[:60]!r} that can be written. It was ignored."
    return problem("UNRECOGNIZED_FIELD", detail, at)


def way_back(model: str, f: Field) -> str:
    """The field of the target that lists the records of this model by this relation."""
    target: Model = MODELS[f.target]
    back = (r for r in target.fields if r.kind is Kind.REVERSE and (r.target, r.via) == (model, f.name))
    return next((r.name for r in back), "")
