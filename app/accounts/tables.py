"""The tables of linked accounts, their tokens, and the keys of callers."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from app.database import Sealed, metadata

api_key = Table(
    "api_key",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("key_hash", LargeBinary(32), nullable=False, unique=True),
    Column("account_type", String(20), nullable=False),  # TEST: sees test accounts only
    Column("created_at", BigInteger, nullable=False),
)

linked_account = Table(
    "linked_account",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),  # what requests are looked up by
    Column("token_sealed", Sealed, nullable=False),  # linking again hands out the same one
    Column("integration", String(40), nullable=False),
    Column("status", String(20), nullable=False),
    Column("status_detail", Text),
    Column("end_user_origin_id", Text),
    Column("end_user_organization_name", Text, nullable=False),
    Column("end_user_email_address", Text, nullable=False),
    Column("account_type", String(20), nullable=False),
    Column("credentials", Sealed, nullable=False),
    Column("credentials_fingerprint", LargeBinary(32), nullable=False),  # to find duplicates
    Column("webhook_secret", String(64), nullable=False, unique=True),
    Column("are_syncs_disabled", Boolean, nullable=False),
    Column("clock", BigInteger, nullable=False),  # the last stamp of a change, strictly growing
    Column("created_at", BigInteger, nullable=False),
    Column("completed_at", BigInteger, nullable=False),
    Column("scopes", Text),  # its own scopes, as JSON; what they do not name is as the default says
    Column("restrictions", Text),  # what the default and its own take away, as JSON; null for nothing
    Column("used_at", BigInteger, nullable=False),  # when a caller or the vendor last came, to the day
    Column("deleted_at", BigInteger),  # since then it is there only for its rows, which are being removed
    Index("ix_linked_account_page", "created_at", "id"),
    Index("uq_linked_account_origin", "end_user_origin_id", "integration", "account_type", unique=True),
    Index("ix_linked_account_fingerprint", "credentials_fingerprint"),
)

access_token = Table(
    "access_token",
    metadata,
    Column("account_id", String(36), ForeignKey("linked_account.id", ondelete="CASCADE"), nullable=False),
    Column("subject", Text, nullable=False),
    Column("token", Sealed),
    Column("expires_at", BigInteger, nullable=False),
    Column("minting_until", BigInteger, nullable=False),
    PrimaryKeyConstraint("account_id", "subject"),
    comment="Vendor access tokens, and who is asking for a new one at the moment.",
)

superseded_credentials = Table(
    "superseded_credentials",
    metadata,
    Column("fingerprint", LargeBinary(32), primary_key=True),  # of the credentials as somebody has them
    Column("credentials", Sealed, nullable=False),  # what the vendor made of them
    Column("expires_at", BigInteger, nullable=False),
    comment="Credentials that were tried and rotated by the trial, but have not led to an account.",
)

webhook_receiver = Table(
    "webhook_receiver",
    metadata,
    Column("account_id", String(36), ForeignKey("linked_account.id", ondelete="CASCADE"), nullable=False),
    Column("event", Text, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("key", Sealed),
    PrimaryKeyConstraint("account_id", "event"),
    comment="Keys that vendors sign their webhooks with.",
)
