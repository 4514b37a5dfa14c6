"""The table of calls to vendors."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from app.database import metadata

vendor_call = Table(
    "vendor_call",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account_id", String(36), ForeignKey("linked_account.id", ondelete="CASCADE"), nullable=False),
    Column("method", String(10), nullable=False),
    Column("host", Text, nullable=False),
    Column("path", Text, nullable=False),  # without the query: it may hold secrets and people's data
    Column("status", Integer),  # null when there was no answer
    Column("milliseconds", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),  # when the request was sent
    Index("ix_vendor_call_page", "account_id", "created_at", "id"),
    comment="The last calls to the vendor of each linked account; no headers, queries or bodies.",
)
