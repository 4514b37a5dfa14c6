"""The table of requests that carry an `Idempotency-Key`."""

from sqlalchemy import Boolean, Column, Double, ForeignKey, Index, Integer, LargeBinary, String, Table

from app.database import Sealed, metadata

idempotent_request = Table(
    "idempotent_request",
    metadata,
    Column("scope", LargeBinary(32), primary_key=True),  # hash of who asks for what under which key
    Column("account_id", String(36), ForeignKey("linked_account.id", ondelete="CASCADE")),
    Column("body_hash", LargeBinary(32), nullable=False),
    Column("fence", Integer, nullable=False),  # counts those who took the request on: the last one counts
    Column("lease_until", Double, nullable=False),
    Column("sent", Boolean, nullable=False),  # whether a change may have reached the vendor
    Column("answer", Sealed),  # null until there is one
    Column("expires_at", Double, nullable=False),
    Index("ix_idempotent_request_account", "account_id"),
    Index("ix_idempotent_request_expiry", "expires_at"),
    comment="Answers to requests that carry an idempotency key, to be given again.",
)
