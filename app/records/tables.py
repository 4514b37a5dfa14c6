"""The tables of common records and of the vendor rows they are made of.

A common model's table holds its rendered body and one column for each field that is filtered by or turned
round into a reverse relation; all of it follows from the model's declaration.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.types import TypeEngine

from app.common.fields import Field, Kind, Model
from app.common.models import ALL, reverses_of
from app.database import metadata

ACCOUNT = "linked_account.id"
EMPTIED = b""  # the data of a vendor row that is about a person to be ignored


def column_name(field: Field) -> str:
    """The column of a field: `candidate_id` for the relation `candidate`, else the field's name."""
    return f"{field.name}_id" if field.kind is Kind.RELATION else field.name


def stored_fields(model: Model) -> tuple[Field, ...]:
    """The fields of a model that have a column of their own."""
    return _STORED[model.name]


def _stored_fields(model: Model) -> tuple[Field, ...]:
    through = {f.target_field for m in ALL for f in m.filters if m.field(f.relation).target == model.name}
    return tuple(
        f
        for f in model.fields
        if not f.is_list
        and (f.filter or f.hidden or f.name in through or f.name == model.about or reverses_of(model, f.name))
    )


def multiple_fields(model: Model) -> tuple[Field, ...]:
    """The list fields of a model that are filtered by: each value becomes a row of `record_value`."""
    return _MULTIPLE[model.name]


_STORED = {model.name: _stored_fields(model) for model in ALL}
_MULTIPLE = {model.name: tuple(f for f in model.fields if f.is_list and f.filter) for model in ALL}


def _origin_index(table_name: str) -> Index:
    condition = text("origin is not null")
    return Index(
        f"ix_{table_name}_origin",
        "account_id",
        "origin",
        sqlite_where=condition,
        postgresql_where=condition,
    )


def _filter_index(table_name: str, column: str) -> Index:
    # Ends in the order of a page: else SQLite walks the whole account in that order and filters.
    return Index(f"ix_{table_name}_{column}", "account_id", column, "created_at", "id")


def _type_of(field: Field) -> TypeEngine[Any]:
    return Integer() if field.kind is Kind.INTEGER else String(36) if field.is_relation else Text()


def _table(model: Model) -> Table:
    name = model.table_name
    indexed = [f for f in stored_fields(model) if f.kind is not Kind.INTEGER]
    return Table(
        name,
        metadata,
        Column("id", String(36), primary_key=True),
        Column("account_id", String(36), ForeignKey(ACCOUNT, ondelete="CASCADE"), nullable=False),
        Column("remote_id", Text, nullable=False),
        Column("created_at", BigInteger, nullable=False),
        Column("modified_at", BigInteger, nullable=False),
        Column("deleted", Boolean, nullable=False),
        Column("shell", Boolean, nullable=False),
        Column("content_hash", LargeBinary(16), nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("missing", Text),  # ids in the body whose records have not been seen, as a JSON array
        Column("origins", Text),  # the vendor's own values of enum fields, as a JSON object
        Column("sources", Text),  # the vendor rows it was made of: [[resource, key], ...]
        Column("origin", Text),  # `resource:key` of the row that gives several records
        *[Column(column_name(f), _type_of(f)) for f in stored_fields(model)],
        Index(f"ix_{name}_page", "account_id", "created_at", "id"),
        Index(f"ix_{name}_modified", "account_id", "modified_at", "id"),  # the change feed
        _origin_index(name),
        *[_filter_index(name, column_name(f)) for f in indexed],
    )


RECORD_TABLES: dict[str, Table] = {model.name: _table(model) for model in ALL}

record_value = Table(
    "record_value",
    metadata,
    Column("account_id", String(36), ForeignKey(ACCOUNT, ondelete="CASCADE"), nullable=False),
    Column("model", String(40), nullable=False),
    Column("field", String(40), nullable=False),
    Column("value", Text, nullable=False),
    Column("record_id", String(36), nullable=False),
    PrimaryKeyConstraint("account_id", "model", "field", "value", "record_id"),
    Index("ix_record_value_record", "record_id"),
    comment="Values of list fields that are filtered by, such as e-mail addresses.",
)

dangling = Table(
    "dangling",
    metadata,
    Column("target_id", String(36), nullable=False),
    Column("model", String(40), nullable=False),
    Column("record_id", String(36), nullable=False),
    Column("account_id", String(36), ForeignKey(ACCOUNT, ondelete="CASCADE"), nullable=False),
    PrimaryKeyConstraint("target_id", "model", "record_id"),
    Index("ix_dangling_record", "record_id"),
    Index("ix_dangling_account", "account_id"),
    comment="Records that name a record which has not been seen yet.",
)

vendor_row = Table(
    "vendor_row",
    metadata,
    Column("account_id", String(36), ForeignKey(ACCOUNT, ondelete="CASCADE"), nullable=False),
    Column("resource", String(60), nullable=False),
    Column("key", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),  # or EMPTIED
    Column("data_hash", LargeBinary(16), nullable=False),
    Column("seen_at", BigInteger, nullable=False),  # when a list or a fetch last showed it
    Column("changed_at", BigInteger, nullable=False),  # when its content last changed
    Column("read_at", BigInteger),  # when it was last asked for by itself, with all that belongs to it
    Column("error", Text),  # why it could not be mapped
    Column("due_at", BigInteger),  # when it must be mapped again, because its record depends on the time
    PrimaryKeyConstraint("account_id", "resource", "key"),
    Index("ix_vendor_row_changed", "account_id", "resource", "changed_at", "key"),
    Index(
        "ix_vendor_row_due",
        "account_id",
        "due_at",
        sqlite_where=text("due_at is not null"),
        postgresql_where=text("due_at is not null"),
    ),
    comment="What vendors sent, as received.",
)

ignored_candidate = Table(
    "ignored_candidate",
    metadata,
    Column("account_id", String(36), ForeignKey(ACCOUNT, ondelete="CASCADE"), nullable=False),
    Column("id", String(36), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("message", Text),
    Column("ignored_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("account_id", "id"),
    comment="People of whom nothing is kept, whatever the vendor shows.",
)

vendor_index = Table(
    "vendor_index",
    metadata,
    Column("account_id", String(36), ForeignKey(ACCOUNT, ondelete="CASCADE"), nullable=False),
    Column("resource", String(60), nullable=False),
    Column("name", String(60), nullable=False),
    Column("value", Text, nullable=False),
    Column("key", Text, nullable=False),
    PrimaryKeyConstraint("account_id", "resource", "name", "value", "key"),
    Index("ix_vendor_index_key", "account_id", "resource", "key"),
    comment="Values by which mappings find vendor rows of other resources.",
)

vendor_gone = Table(
    "vendor_gone",
    metadata,
    Column("account_id", String(36), ForeignKey(ACCOUNT, ondelete="CASCADE"), nullable=False),
    Column("resource", String(60), nullable=False),
    Column("key", Text, nullable=False),
    Column("gone_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("account_id", "resource", "key"),
    comment="Rows removed of late: a page asked for before must not bring them back.",
)
