"""The default scopes' table."""

from sqlalchemy import Column, String, Table, Text

from app.database import metadata

default_scope = Table(
    "default_scope",
    metadata,
    Column("model", String(40), primary_key=True),
    Column("scope", Text, nullable=False),  # JSON: whether READ, WRITE and keys of its records are enabled
    comment="What the organization enables for every linked account; what is not named is enabled.",
)
