"""The vendor's fields that can be mapped: read off the rows that are kept of an account."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, select

from app.common.fields import Model
from app.fields.mappings import traverse
from app.records.tables import vendor_row
from providers.kit import Api, Resource

SAMPLE = 250  # rows of a resource that are looked at
DEEPEST = 6  # steps of a path
MOST = 500  # fields of a resource
EXAMPLES, LONGEST = 5, 200  # values shown of a field, and characters of one
Path = tuple[str, ...]
_TYPES: dict[str, type] = {
    "boolean": bool,  # in Python a kind of integer
    "integer": int,
    "number": float,
    "string": str,
    "array": list,
    "object": dict,
}


@dataclass
class RemoteField:
    """A field of the vendor's, as its rows show it.

    Attributes:
        resource: where the rows come from.
        path: the way to it within a row.
        several: whether a record is made of several such rows, so that its value is a list.
        rows: how many rows were looked at.
        filled: in how many of them it has a value.
        types: the JSON types of its values, and of what is in them when they are lists.
        examples: some of its values.
    """

    resource: Resource
    path: Path
    several: bool
    rows: int = 0
    filled: int = 0
    types: dict[str, None] = field(default_factory=dict)
    inner: dict[str, None] = field(default_factory=dict)
    examples: list[Any] = field(default_factory=list)

    @property
    def key_name(self) -> str:
        """Its name at the vendor."""
        return self.path[-1]

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of its values."""
        own = _type_schema(self.types)
        if "array" in self.types:
            own["items"] = _type_schema(self.inner)
        return {"type": "array", "items": own} if self.several else own

    @property
    def coverage(self) -> float:
        """The share of the rows in which it has a value."""
        return round(self.filled / self.rows, 4) if self.rows else 0.0

    def take(self, value: Any) -> None:
        """Note a value."""
        if value is None:
            return
        self.filled += 1
        self.types[_type_name(value)] = None
        if isinstance(value, list):
            self.inner |= dict.fromkeys(_type_name(item) for item in value if item is not None)
        fresh = len(self.examples) < EXAMPLES and value not in self.examples
        if fresh and len(orjson.dumps(value)) <= LONGEST:
            self.examples.append(value)


def sources(api: Api, model: Model) -> dict[str, tuple[Resource, bool]]:
    """By the vendor's path, the resources a model's records are made of, and whether of several rows."""
    found: dict[str, tuple[Resource, bool]] = {}
    for mapping in api.mappings:
        if mapping.model == model.name:
            root = api.resource(mapping.root)
            found.setdefault(root.path, (root, mapping.group is not None))
            for join in mapping.joins:
                joined = api.resource(join.resource)
                found.setdefault(joined.path, (joined, join.belongs))
    return found


class RemoteFields:
    """Looks at an account's kept rows; those of one resource once.

    Args:
        connection: a transaction that only reads.
        account_id: the linked account.
        api: its vendor's.
        sample: how many rows of a resource to look at.
    """

    def __init__(self, connection: Connection, account_id: str, api: Api, sample: int = SAMPLE) -> None:
        self._connection = connection
        self._account_id = account_id
        self._api = api
        self._sample = sample
        self._rows: dict[str, Sequence[Any]] = {}

    def of(self, model: Model) -> list[RemoteField]:
        """Every field that can be mapped to a target of a model."""
        return [
            made
            for resource, several in sources(self._api, model).values()
            for made in self._fields(resource, several)
        ]

    def one(self, model: Model, url_path: str, path: Path) -> RemoteField | None:
        """One field, whether or not a row has it; None when the model is not made of that path."""
        source = sources(self._api, model).get(url_path)
        if source is None:
            return None
        made = RemoteField(source[0], path, source[1])
        for row in self._sampled(source[0]):
            made.rows += 1
            made.take(traverse(row, path))
        return made

    def _fields(self, resource: Resource, several: bool) -> Iterator[RemoteField]:
        rows = self._sampled(resource)
        found: dict[Path, RemoteField] = {}
        for row in rows:
            for path, value in _walk(row, ()):
                if path not in found and len(found) < MOST:
                    found[path] = RemoteField(resource, path, several, rows=len(rows))
                if path in found:
                    found[path].take(value)
        yield from found.values()

    def _sampled(self, resource: Resource) -> Sequence[Any]:
        if resource.name not in self._rows:
            query = (
                select(vendor_row.c.data)
                .where(vendor_row.c.account_id == self._account_id, vendor_row.c.resource == resource.name)
                .order_by(vendor_row.c.changed_at.desc(), vendor_row.c.key.desc())
                .limit(self._sample)
            )
            self._rows[resource.name] = [orjson.loads(data) for data in self._connection.scalars(query)]
        return self._rows[resource.name]


def _walk(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Every path of an object with its value; lists are not entered."""
    if not isinstance(value, dict):
        return
    for name, inner in value.items():
        here = (*path, name)
        yield here, inner
        if len(here) < DEEPEST:
            yield from _walk(inner, here)


def _type_name(value: Any) -> str:
    return next(name for name, kind in _TYPES.items() if isinstance(value, kind))


def _type_schema(types: dict[str, None]) -> dict[str, Any]:
    names = sorted(types)
    return {} if not names else {"type": names[0] if len(names) == 1 else names}
