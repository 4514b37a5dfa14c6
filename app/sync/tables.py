"""The tables of synchronisation: how far each resource got."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from app.database import metadata

resource_state = Table(
    "resource_state",
    metadata,
    Column("account_id", String(36), ForeignKey("linked_account.id", ondelete="CASCADE"), nullable=False),
    Column("resource", String(60), nullable=False),
    Column("status", String(20), nullable=False),  # of the running or last pass, as in sync status
    Column("detail", Text),  # why it failed or is switched off
    Column("checkpoint", Text),  # JSON: the position in the running pass; null between passes
    Column("pass_full", Boolean, nullable=False),  # whether the running or last pass reads everything
    Column("pass_started_at", BigInteger),
    Column("pass_rows", Integer, nullable=False),
    Column("finished_at", BigInteger),  # end of the last pass, whatever its result
    Column("fresh_as_of", BigInteger),  # start of the last good pass
    Column("full_pass_at", BigInteger),  # start of the last good full pass
    Column("token", Text),  # the vendor's sync token
    Column("full_wanted", Boolean, nullable=False),  # somebody asked for a full pass
    Column("ever_finished", Boolean, nullable=False),
    Column("rate_limited", Boolean, nullable=False),  # the running pass waits for the vendor's limit
    PrimaryKeyConstraint("account_id", "resource"),
)

sync_run = Table(
    "sync_run",
    metadata,
    Column(
        "account_id",
        String(36),
        ForeignKey("linked_account.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("started_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Column("ever_completed", Boolean, nullable=False),  # whether one has come to its end
    comment="The running or last synchronisation of each account.",
)

sync_condition = Table(
    "sync_condition",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account_id", String(36), ForeignKey("linked_account.id", ondelete="CASCADE"), nullable=False),
    Column("model", String(40), nullable=False),
    Column("field", String(40), nullable=False),
    Column("operator", String(40), nullable=False),
    Column("value", Text, nullable=False),  # JSON
    Column("created_at", BigInteger, nullable=False),
    Index("ix_sync_condition_account", "account_id"),
    comment="What records must meet to be stored.",
)

remapping = Table(
    "remapping",
    metadata,
    Column("account_id", String(36), ForeignKey("linked_account.id", ondelete="CASCADE"), nullable=False),
    Column("model", String(40), nullable=False),
    Column("digest", String(32), nullable=False),  # of the settings by which kept rows are mapped again
    Column("position", Text),  # JSON: how many mappings are done, and the last row's key; null at the end
    PrimaryKeyConstraint("account_id", "model"),
    comment="How far the kept rows have been mapped by the present settings.",
)
