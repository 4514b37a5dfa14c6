"""The words in which a common model is declared."""

from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import Any, Self


class Kind(Enum):
    """What a field holds, and so how it is checked, stored and rendered."""

    TEXT = "text"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    DATETIME = "datetime"
    ENUM = "enum"
    TEXTS = "texts"  # a list of strings
    OBJECTS = "objects"  # a list of small objects without an id, such as phone numbers
    RELATION = "relation"  # the id of one record
    RELATIONS = "relations"  # a list of ids
    REVERSE = "reverse"  # the ids of the records whose `via` relation names this record: derived


@dataclass(frozen=True)
class Field:
    """One field of a common model.

    Attributes:
        name: its key in a rendered record.
        kind: what it holds.
        description: one line for the API reference.
        values: the closed set, for `ENUM`.
        target: the model a relation leads to.
        via: the relation of `target` that a `REVERSE` field turns round.
        shape: the fields of one object, for `OBJECTS`.
        example: a value for the API reference; the kind gives one where none is said.
        filter: the list parameter that filters by this field.
        expandable: whether `expand` may name it.
        writable: whether a caller may give it in a create or patch body.
        file: whether it is the address of a file, or the file itself as a `data:` URL.
        essential: within a small object: whether it is nothing without this.
        extra: true for a field beyond the reference API.
        hidden: true for a field that is stored but not rendered.
        volatile: true for a field that changes each time it is read, such as a signed address: a change
            of it alone is stored but is no change of the record.
    """

    name: str
    kind: Kind
    description: str = ""
    values: tuple[str, ...] = ()
    target: str = ""
    via: str = ""
    shape: tuple["Field", ...] = ()
    example: Any = None
    filter: str | None = None
    expandable: bool = False
    writable: bool = False
    file: bool = False
    essential: bool = False
    extra: bool = False
    hidden: bool = False
    volatile: bool = False

    def filtered_by(self, parameter: str) -> Self:
        """The same field, with a list parameter that filters by it."""
        return replace(self, filter=parameter)

    def but(self, **changes: Any) -> Self:
        """The same field with some attributes changed."""
        return replace(self, **changes)

    @cached_property
    def is_list(self) -> bool:
        """Whether a rendered value is an array."""
        return self.kind in (Kind.TEXTS, Kind.OBJECTS, Kind.RELATIONS, Kind.REVERSE)

    @cached_property
    def is_forward_relation(self) -> bool:
        """Whether a provider sets it with vendor ids of other records."""
        return self.kind in (Kind.RELATION, Kind.RELATIONS)

    @cached_property
    def is_relation(self) -> bool:
        """Whether its rendered value is one id, or a list of them."""
        return self.is_forward_relation or self.kind is Kind.REVERSE


@dataclass(frozen=True)
class Filter:
    """A list parameter that filters through another record: interviews by the application's job."""

    parameter: str
    relation: str
    target_field: str


@dataclass(frozen=True)
class Model:
    """A common model.

    Attributes:
        name: as in webhooks and sync status, for example `ScheduledInterview`.
        path: its collection under `/api/ats/v1/`; empty for one that is only reached by expanding.
        fields: its own fields, in the order they are rendered.
        description: one line for the API reference.
        filters: list parameters that go through another record.
        has_supplements: whether it renders `field_mappings` and `remote_data`.
        retrievable: whether one record can be read by its id.
        about: the relation that leads to the candidate it is about, or to an application of theirs.
        personal: whether it is the candidate's own, and goes when the candidate is to be ignored.
    """

    name: str
    path: str
    fields: tuple[Field, ...]
    description: str = ""
    filters: tuple[Filter, ...] = ()
    has_supplements: bool = True
    retrievable: bool = True
    about: str = ""
    personal: bool = False

    def field(self, name: str) -> Field:
        """The field of that name; `KeyError` when there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(f"{self.name} has no field {name!r}")

    @cached_property
    def table_name(self) -> str:
        """Its table, for example `ats_scheduled_interview`."""
        words = self.name.replace("EEOC", "Eeoc")
        return "ats" + "".join("_" + c.lower() if c.isupper() else c for c in words)

    @cached_property
    def plural(self) -> str:
        """What its records are called, in lower case: `job postings`."""
        return self.path.replace("-", " ")

    @cached_property
    def singular(self) -> str:
        """What one of its records is called, in lower case: `job posting`."""
        return self.plural[:-3] + "y" if self.plural.endswith("ies") else self.plural[:-1]

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of its fields."""
        return frozenset(f.name for f in self.fields)

    @cached_property
    def relations(self) -> tuple[Field, ...]:
        """The relations a provider sets, hidden ones included."""
        return tuple(f for f in self.fields if f.is_forward_relation)

    @cached_property
    def rendered(self) -> tuple[Field, ...]:
        """The fields a caller sees."""
        return tuple(f for f in self.fields if not f.hidden)

    @cached_property
    def lists(self) -> frozenset[str]:
        """The names of the fields that hold an array."""
        return frozenset(f.name for f in self.fields if f.is_list)

    @cached_property
    def volatile(self) -> frozenset[str]:
        """The names of the fields whose change is no change of the record."""
        return frozenset(f.name for f in self.fields if f.volatile)


def text(
    name: str, description: str, *, example: str | None = None, writable: bool = False, extra: bool = False
) -> Field:
    """A string."""
    return Field(name, Kind.TEXT, description, example=example, writable=writable, extra=extra)


def texts(name: str, description: str, *, example: list[str] | None = None, writable: bool = False) -> Field:
    """A list of strings."""
    return Field(name, Kind.TEXTS, description, example=example, writable=writable)


def boolean(name: str, description: str, *, writable: bool = False, extra: bool = False) -> Field:
    """True, false or null."""
    return Field(name, Kind.BOOLEAN, description, writable=writable, extra=extra)


def integer(name: str, description: str, *, example: int | None = None) -> Field:
    """A whole number."""
    return Field(name, Kind.INTEGER, description, example=example)


def moment(name: str, description: str, *, writable: bool = False, extra: bool = False) -> Field:
    """A date and time, ISO 8601 in UTC."""
    return Field(name, Kind.DATETIME, description, writable=writable, extra=extra)


def enum(name: str, values: tuple[str, ...], description: str, *, writable: bool = False) -> Field:
    """One of a closed set, or the vendor's own value when it is not in the set."""
    return Field(name, Kind.ENUM, description, values=values, writable=writable)


def objects(name: str, shape: tuple[Field, ...], description: str, *, writable: bool = False) -> Field:
    """A list of small objects."""
    return Field(name, Kind.OBJECTS, description, shape=shape, writable=writable)


def relation(
    name: str, target: str, description: str, *, writable: bool = False, expandable: bool = True
) -> Field:
    """The id of one other record."""
    return Field(name, Kind.RELATION, description, target=target, writable=writable, expandable=expandable)


def relations(name: str, target: str, description: str, *, writable: bool = False) -> Field:
    """The ids of several other records."""
    return Field(name, Kind.RELATIONS, description, target=target, writable=writable, expandable=True)


def reverse(name: str, target: str, via: str, description: str, *, writable: bool = False) -> Field:
    """The ids of the records of `target` whose relation `via` names this one: never set by a provider."""
    return Field(name, Kind.REVERSE, description, target=target, via=via, expandable=True, writable=writable)
