"""The table of writes that are carried out after they have been answered."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table

from app.database import Sealed, metadata

async_write = Table(
    "async_write",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account_id", String(36), ForeignKey("linked_account.id", ondelete="CASCADE"), nullable=False),
    Column("state", String(20), nullable=False),
    Column("request", Sealed),  # null once it is done
    Column("record_id", String(36)),  # the record changed or made
    Column("status_code", Integer),
    Column("answer", Sealed),  # the envelope
    Column("created_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Index("ix_async_write_account", "account_id", "record_id"),
    comment="Writes asked for with run_async, and what became of them.",
)
