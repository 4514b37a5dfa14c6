"""The tables of field mappings: fields of callers' own, and where their values come from."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, Text, text

from app.database import metadata

ACCOUNT = "linked_account.id"


def _unique(name: str, condition: str, *columns: str) -> Index:
    where = text(condition)
    return Index(name, *columns, unique=True, sqlite_where=where, postgresql_where=where)


target_field = Table(
    "target_field",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account_id", String(36), ForeignKey(ACCOUNT, ondelete="CASCADE")),  # null: the organization's
    Column("model", String(40), nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    _unique("uq_target_field_organization", "account_id is null", "model", "name"),
    _unique("uq_target_field_account", "account_id is not null", "account_id", "model", "name"),
)

field_mapping = Table(
    "field_mapping",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account_id", String(36), ForeignKey(ACCOUNT, ondelete="CASCADE")),  # null: the integration's
    Column("integration", String(40), nullable=False),
    Column("target_id", String(36), ForeignKey("target_field.id", ondelete="CASCADE"), nullable=False),
    Column("url_path", Text, nullable=False),
    Column("traversal_path", Text, nullable=False),  # JSON array
    Column("jmes_path", Text),
    Column("jsonata", Text),
    Column("created_at", BigInteger, nullable=False),
    _unique("uq_field_mapping_integration", "account_id is null", "integration", "target_id"),
    _unique("uq_field_mapping_account", "account_id is not null", "account_id", "target_id"),
    Index("ix_field_mapping_target", "target_id"),
)
