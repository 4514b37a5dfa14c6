"""Reading common records: stored bodies joined to a page, and the slower ways that look inside them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    String,
    bindparam,
    select,
    tuple_,
)

from app.common.fields import Field, Model
from app.common.ids import is_uuid, record_id
from app.common.models import MODELS
from app.database import batches
from app.records.bodies import withhold, without_missing
from app.records.drafts import search_text, searchable
from app.records.tables import EMPTIED, RECORD_TABLES, column_name, record_value, vendor_row
from app.scopes.restrictions import Restrictions

ExpandTree = dict[str, "ExpandTree"]
MAX_DEPTH = 4


@dataclass(frozen=True)
class View:
    """How a caller wants records shown.

    Attributes:
        expand: relations to be replaced by their records.
        remote_data: whether the vendor's rows are wanted.
        origins: enum fields that shall carry the vendor's own value.
        shells: whether records nobody has read are shown.
    """

    expand: ExpandTree = field(default_factory=dict)
    remote_data: bool = False
    origins: frozenset[str] = frozenset()
    shells: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether stored bodies can be handed out as they are."""
        return not (self.expand or self.remote_data or self.origins)


@dataclass(frozen=True)
class Selection:
    """Which records of a model a caller wants.

    Attributes:
        conditions: on the model's table.
        deleted: whether records the vendor deleted are wanted.
        shells: whether records nobody has read are wanted.
    """

    conditions: tuple[ColumnElement[bool], ...] = ()
    deleted: bool = False
    shells: bool = False


def expand_tree(model: Model, paths: Iterable[str]) -> ExpandTree:
    """The relations to expand, from paths such as `application.candidate`. Unknown ones are ignored."""
    tree: ExpandTree = {}
    for path in paths:
        node, at = tree, model
        for name in path.split(".")[:MAX_DEPTH]:
            found = next((f for f in at.rendered if f.name == name and f.expandable), None)
            if found is None:
                break
            node, at = node.setdefault(name, {}), MODELS[found.target]
    return tree


def field_condition(account_id: str, model: Model, f: Field, values: Sequence[str]) -> ColumnElement[bool]:
    """That a field has one of these values."""
    table = RECORD_TABLES[model.name]
    if not f.is_list:
        return table.c[column_name(f)].in_([searchable(value) for value in values])
    return table.c.id.in_(
        select(record_value.c.record_id).where(
            record_value.c.account_id == account_id,
            record_value.c.model == model.name,
            record_value.c.field == f.name,
            record_value.c.value.in_([search_text(f, value) for value in values]),
        )
    )


def remote_id_condition(account_id: str, model: Model, remote_id: str) -> ColumnElement[bool]:
    """That a record is the one with this vendor id: its own id follows from it."""
    return RECORD_TABLES[model.name].c.id == record_id(account_id, model.name, remote_id)


def through_condition(
    account_id: str, model: Model, relation: str, target_field: str, value: str
) -> ColumnElement[bool]:
    """That the record a relation leads to names another one: interviews by the application's job."""
    f = model.field(relation)
    target = RECORD_TABLES[f.target]
    return (
        RECORD_TABLES[model.name]
        .c[column_name(f)]
        .in_(
            select(target.c.id).where(
                target.c.account_id == account_id,
                target.c[column_name(MODELS[f.target].field(target_field))] == value,
            )
        )
    )


class RecordReader:
    """Reads the records of one linked account, as its scopes allow.

    Args:
        connection: a transaction that only reads.
        account_id: the linked account.
        restrictions: what its scopes take away. Whoever asks for records of a model by itself asks
            before whether it is readable; what records lead to is looked after here.
    """

    def __init__(self, connection: Connection, account_id: str, restrictions: Restrictions) -> None:
        self._connection = connection
        self._account_id = account_id
        self._restrictions = restrictions

    def page(
        self,
        model: Model,
        selection: Selection,
        size: int,
        position: tuple[int, str] | None,
        backward: bool,
        *,
        plain: bool = False,
    ) -> tuple[list[Row[Any]], bool]:
        """Rows of one page in the order they are shown, and whether the direction holds more.

        Args:
            model: whose records.
            selection: which of them.
            size: how many at most.
            position: (created_at, id) of the row before the page, in the direction of reading.
            backward: whether the page lies before the position.
            plain: whether only what a plain view shows is wanted.
        """
        form = (position is not None, backward, selection.deleted, selection.shells, plain)
        query = _page_query(model.name, *form)
        if selection.conditions:
            query = query.where(*selection.conditions)
        values: dict[str, Any] = {"account": self._account_id, "size": size + 1}
        if position:
            values |= {"created_at": position[0], "record_id": position[1]}
        rows = list(self._connection.execute(query, values).all())
        more = len(rows) > size
        rows = rows[:size]
        return (rows[::-1] if backward else rows), more

    def one(self, model: Model, wanted: str, shells: bool) -> Row[Any] | None:
        """One record by its id, deleted ones included; None when the account has no such record."""
        if not is_uuid(wanted):
            return None
        table = RECORD_TABLES[model.name]
        query = select(table).where(table.c.id == wanted, table.c.account_id == self._account_id)
        if not shells:
            query = query.where(table.c.shell.is_(False))
        return self._connection.execute(query).first()

    def is_plain(self, model: Model, view: View) -> bool:
        """Whether stored bodies of a model can be handed out as they are."""
        return view.is_plain and not self._restrictions.withheld_of(model)

    def by_ids(self, model: Model, ids: Sequence[str]) -> list[Row[Any]]:
        """Those of these records that are there, shells and deleted ones included, in no order."""
        table = RECORD_TABLES[model.name]
        rows: list[Row[Any]] = []
        for batch in batches(ids):
            query = select(table).where(table.c.id.in_(batch), table.c.account_id == self._account_id)
            rows += self._connection.execute(query)
        return rows

    def render(self, model: Model, rows: Sequence[Row[Any]], view: View) -> list[bytes]:
        """The bodies of rows as the caller wants them."""
        if self.is_plain(model, view):
            return _plain(model, rows)
        return [orjson.dumps(body) for body in self._objects(model, rows, view)]

    # ---- inside

    def _objects(self, model: Model, rows: Sequence[Row[Any]], view: View) -> list[dict[str, Any]]:
        bodies = [orjson.loads(without_missing(row.body, model, row.missing)) for row in rows]
        if view.origins:
            for body, row in zip(bodies, rows, strict=True):
                known = orjson.loads(row.origins or "{}")
                body.update({name: value for name, value in known.items() if name in view.origins})
        if view.remote_data and model.has_supplements:
            self._add_remote_data(bodies, rows)
        withheld = self._restrictions.withheld_of(model)
        for body in bodies:
            withhold(body, model, withheld)
        for name, below in view.expand.items():
            f = model.field(name)
            if name not in withheld and self._restrictions.readable(MODELS[f.target]):
                self._expand(f, bodies, View(below, view.remote_data))
        return bodies

    def _expand(self, f: Field, bodies: list[dict[str, Any]], view: View) -> None:
        """Put the records a relation names in the place of their ids."""
        wanted = {i for body in bodies for i in (body[f.name] if f.is_list else [body[f.name]]) if i}
        target = MODELS[f.target]
        rows = self.by_ids(target, sorted(wanted))
        found = dict(zip((row.id for row in rows), self._objects(target, rows, view), strict=True))
        for body in bodies:
            value = body[f.name]
            if f.is_list:
                body[f.name] = [found[i] for i in value if i in found]
            elif value is not None:
                body[f.name] = found.get(value)

    def _add_remote_data(self, bodies: list[dict[str, Any]], rows: Sequence[Row[Any]]) -> None:
        sources = [orjson.loads(row.sources or "[]") for row in rows]
        wanted: dict[str, set[str]] = defaultdict(set)
        for listed in sources:
            for _, resource, key in listed:
                wanted[resource].add(key)
        data = self._vendor_rows(wanted)
        for body, listed in zip(bodies, sources, strict=True):
            body["remote_data"] = [
                {"path": path, "data": data[resource, key]}
                for path, resource, key in listed
                if (resource, key) in data and path not in self._restrictions.hidden_paths
            ]

    def _vendor_rows(self, wanted: dict[str, set[str]]) -> dict[tuple[str, str], Any]:
        found: dict[tuple[str, str], Any] = {}
        for resource, keys in wanted.items():
            for batch in batches(sorted(keys)):
                query = select(vendor_row.c.key, vendor_row.c.data).where(
                    vendor_row.c.account_id == self._account_id,
                    vendor_row.c.resource == resource,
                    vendor_row.c.key.in_(batch),
                    vendor_row.c.data != EMPTIED,
                )
                for row in self._connection.execute(query):
                    found[resource, row.key] = orjson.loads(row.data)
        return found


def _plain(model: Model, rows: Sequence[Row[Any]]) -> list[bytes]:
    if not rows:
        return []
    names = rows[0]._fields
    body, missing = names.index("body"), names.index("missing")  # by place: a page asks 200 times
    return [without_missing(row[body], model, row[missing]) if row[missing] else row[body] for row in rows]


@cache
def _page_query(
    model: str, after_position: bool, backward: bool, deleted: bool, shells: bool, plain: bool
) -> Select[Any]:
    """The query of a page. Made once for each form: making it takes longer than running it."""
    table = RECORD_TABLES[model]
    columns = ["created_at", "id", "body", "missing", *(() if plain else ("origins", "sources"))]
    query = select(*(table.c[name] for name in columns)).where(table.c.account_id == bindparam("account"))
    if not deleted:
        query = query.where(table.c.deleted.is_(False))
    if not shells:
        query = query.where(table.c.shell.is_(False))
    if after_position:
        place = tuple_(table.c.created_at, table.c.id)
        limit = tuple_(bindparam("created_at", type_=BigInteger), bindparam("record_id", type_=String))
        query = query.where(place < limit if backward else place > limit)
    order = [table.c.created_at, table.c.id]
    query = query.order_by(*([c.desc() for c in order] if backward else order))
    return query.limit(bindparam("size", type_=Integer))
