"""From a provider's record to what is stored: values checked and normalized, relations turned into ids."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import orjson

from app.common import times
from app.common.fields import Field, Kind, Model
from app.common.ids import record_id
from app.records.tables import column_name, multiple_fields, stored_fields

SEARCHED = 500  # characters


class BadRecord(Exception):
    """A provider's record does not fit the common model."""


@dataclass
class Draft:
    """A common record on its way into the store.

    Attributes:
        model: its common model.
        id: its derived id.
        remote_id: the vendor's id.
        values: the rendered fields; reverse relations are still empty.
        hidden: fields that are stored but not rendered.
        origins: the vendor's own values of enum fields.
        targets: the records it names: (model, id) → vendor id.
        deleted: whether the vendor no longer has it.
        sources: the vendor rows it was made of: path, resource, key.
        origin: the row that gives several records, as `resource:key`; None for one-to-one.
        mapped: the values of callers' own fields; None when nothing is mapped for its model.
        admitted: whether it meets the conditions for being stored.
    """

    model: Model
    id: str
    remote_id: str
    values: dict[str, Any]
    hidden: dict[str, Any]
    origins: dict[str, str]
    targets: dict[tuple[str, str], str]
    deleted: bool
    sources: list[tuple[str, str, str]] = field(default_factory=list)
    origin: str | None = None
    mapped: dict[str, Any] | None = None
    admitted: bool = True

    @cached_property
    def content_hash(self) -> bytes:
        """Changes exactly when something a caller can see, or filter by, changes; volatile fields aside."""
        volatile = self.model.volatile
        values = {n: v for n, v in self.values.items() if n not in volatile} if volatile else self.values
        mapped = [] if self.mapped is None else [self.mapped]
        content = orjson.dumps([values, self.hidden, self.origins, self.deleted, *mapped])
        return hashlib.blake2b(content, digest_size=16).digest()

    def columns(self) -> dict[str, Any]:
        """The values of the columns that filters and reverse relations use."""
        both = {**self.values, **self.hidden}
        columns = {column_name(f): both[f.name] for f in stored_fields(self.model)}
        return {name: searchable(v) if isinstance(v, str) else v for name, v in columns.items()}

    def multiples(self) -> list[tuple[str, str]]:
        """(field, value) for every value of a list field that is filtered by."""
        return [
            (f.name, text)
            for f in multiple_fields(self.model)
            for text in dict.fromkeys(_search_text(item) for item in self.values[f.name])
            if text
        ]


def searchable(text: str) -> str:
    """As much of a text as is indexed and compared: PostgreSQL refuses index entries of over 2,700 bytes."""
    return text[:SEARCHED]


def search_text(field: Field, text: str) -> str:
    """A filter's value as it is compared: e-mail addresses without regard to case."""
    return searchable(text.lower() if field.kind is Kind.OBJECTS else text)


def _search_text(item: Any) -> str:
    return searchable((item["value"] or "").lower() if isinstance(item, dict) else str(item))


def draft(account_id: str, model: Model, record: dict[str, Any]) -> Draft:
    """Check and normalize a provider's record.

    Args:
        account_id: the linked account.
        model: the common model it is of.
        record: `remote_id`, optionally `remote_was_deleted`, and fields by name; relations hold vendor ids.

    Raises:
        BadRecord: a value cannot be what its field says, or a field is unknown.
    """
    remote_id = str(record["remote_id"])
    made = Draft(
        model,
        record_id(account_id, model.name, remote_id),
        remote_id,
        values={},
        hidden={},
        origins={},
        targets={},
        deleted=bool(record.get("remote_was_deleted")),
    )
    for f in model.fields:
        try:
            value = _NORMALIZE[f.kind](account_id, f, record.get(f.name), made)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BadRecord(f"{model.name} {remote_id}: {f.name}: {error}") from error
        (made.hidden if f.hidden else made.values)[f.name] = value
    unknown = record.keys() - model.names - {"remote_id", "remote_was_deleted"}
    if unknown:
        raise BadRecord(f"{model.name} {remote_id}: no such field: {', '.join(sorted(unknown))}")
    return made


def _text(_account: str, _field: Field, value: Any, _draft: Draft) -> str | None:
    # PostgreSQL's text takes no NUL, and one in a name must not cost the whole page.
    return None if value is None else str(value).replace("\0", "")


def _boolean(_account: str, _field: Field, value: Any, _draft: Draft) -> bool | None:
    return None if value is None else bool(value)


def _integer(_account: str, _field: Field, value: Any, _draft: Draft) -> int | None:
    return None if value is None else int(value)


def _moment(_account: str, _field: Field, value: Any, _draft: Draft) -> str | None:
    if value is None or value == "":
        return None
    return times.render(value if isinstance(value, datetime) else times.parse(value))


def _enum(_account: str, f: Field, value: Any, made: Draft) -> str | None:
    common, original = value if isinstance(value, tuple) else (value, value)
    if common is None or common == "":
        return None
    made.origins[f.name] = str(original)
    return str(common)


def _texts(_account: str, _field: Field, value: Any, _draft: Draft) -> list[str]:
    return [str(item) for item in value or () if item is not None]


def _objects(account: str, f: Field, value: Any, made: Draft) -> list[dict[str, Any]]:
    return [_object(account, f, item, made) for item in value or ()]


def _object(account: str, f: Field, item: dict[str, Any], made: Draft) -> dict[str, Any]:
    part: dict[str, Any] = {}
    for inner in f.shape:
        given = item.get(inner.name)
        if inner.kind is Kind.ENUM:
            part[inner.name] = given[0] if isinstance(given, tuple) else given
        else:
            part[inner.name] = _NORMALIZE[inner.kind](account, inner, given, made)
    return part


def _relation(account: str, f: Field, value: Any, made: Draft) -> str | None:
    if value is None or value == "":
        return None
    remote_id = str(value)
    target = record_id(account, f.target, remote_id)
    made.targets[f.target, target] = remote_id
    return target


def _relations(account: str, f: Field, value: Any, made: Draft) -> list[str]:
    found = (_relation(account, f, item, made) for item in value or ())
    return list(dict.fromkeys(target for target in found if target))


def _reverse(_account: str, f: Field, value: Any, _draft: Draft) -> list[str]:
    if value is not None:
        raise ValueError(f"derived from {f.target}.{f.via}, never set")
    return []


_NORMALIZE: dict[Kind, Callable[[str, Field, Any, Draft], Any]] = {
    Kind.TEXT: _text,
    Kind.BOOLEAN: _boolean,
    Kind.INTEGER: _integer,
    Kind.DATETIME: _moment,
    Kind.ENUM: _enum,
    Kind.TEXTS: _texts,
    Kind.OBJECTS: _objects,
    Kind.RELATION: _relation,
    Kind.RELATIONS: _relations,
    Kind.REVERSE: _reverse,
}
