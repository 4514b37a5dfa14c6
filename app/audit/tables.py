"""The audit trail's table."""

from sqlalchemy import BigInteger, Column, Index, String, Table, Text

from app.database import metadata

audit_event = Table(
    "audit_event",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("user_name", Text),  # the API key's or the person's name; null for the system
    Column("user_email", Text),
    Column("role", String(20), nullable=False),
    Column("ip_address", Text, nullable=False),
    Column("event_type", String(80), nullable=False),
    Column("description", Text, nullable=False),
    # Without a foreign key: what was done to an account is remembered longer than the account.
    Column("about", String(36)),  # the linked account it was done to, if to one
    Column("created_at", BigInteger, nullable=False),
    Index("ix_audit_event_page", "created_at", "id"),
    Index("ix_audit_event_about", "about", "created_at", "id"),
)
