"""The table of asynchronous passthrough."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, String, Table

from app.database import Sealed, metadata

async_passthrough = Table(
    "async_passthrough",
    metadata,
    Column("id", String(36), primary_key=True),  # the receipt
    Column("account_id", String(36), ForeignKey("linked_account.id", ondelete="CASCADE"), nullable=False),
    Column("request", Sealed),  # null once there is an answer
    Column("sent", Boolean, nullable=False),  # whether it may have reached the vendor
    Column("answer", Sealed),  # null until there is one
    Column("created_at", BigInteger, nullable=False),
    Index("ix_async_passthrough_account", "account_id"),
    comment="Requests that are sent to vendors by a job, and what was answered.",
)
