"""The tables of the console: who may sign in, and who has."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, String, Table, Text

from app.database import metadata

operator = Table(
    "operator",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),  # Argon2id, in the PHC form that names its parameters
    Column("created_at", BigInteger, nullable=False),
    comment="Who may sign in to the console.",
)

operator_session = Table(
    "operator_session",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("operator_id", String(36), ForeignKey("operator.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index("ix_operator_session_operator_id", "operator_id"),
    Index("ix_operator_session_expires_at", "expires_at"),
    comment="Who has signed in to the console, and until when.",
)
