"""The table of linking sessions."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from app.database import Sealed, metadata

link_session = Table(
    "link_session",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("integration", String(40)),  # the one it is for; null lets the person choose
    Column("account_type", String(20), nullable=False),  # of the key that asked for the link token
    Column("end_user_origin_id", Text, nullable=False),
    Column("end_user_organization_name", Text, nullable=False),
    Column("end_user_email_address", Text, nullable=False),
    Column("options", Text, nullable=False),  # JSON: what else the link token was asked for with
    Column("attempts", Integer, nullable=False),  # how often credentials were tried
    Column("authorization", Sealed),  # the way through the vendor's page, while on it
    Column("state_hash", LargeBinary(32), unique=True),  # of the `state` that comes back from there
    Column("problem", Text),  # JSON: what the last way through the vendor's page ended with, if badly
    Column("account_id", String(36), ForeignKey("linked_account.id", ondelete="CASCADE")),  # once linked
    Column("linked_at", BigInteger),
    Column("public_hash", LargeBinary(32), unique=True),  # of the public token, until it is exchanged
    Column("public_until", BigInteger),
    Column("exchanged_at", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index("ix_link_session_expires_at", "expires_at"),
    Index("ix_link_session_account_id", "account_id"),
)
