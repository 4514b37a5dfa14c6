"""The tables of webhooks: who wants to be told, what they are told, and what vendors delivered."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

from app.database import Sealed, metadata

webhook_endpoint = Table(
    "webhook_endpoint",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account_type", String(20), nullable=False),  # TEST: is told of test accounts only
    Column("target", Text, nullable=False),
    Column("events", Text, nullable=False),  # JSON array of event names and patterns
    Column("accounts", Text),  # JSON array of linked account ids; null for all of them
    Column("state", String(20), nullable=False),
    Column("detail", Text),  # why it was disabled
    Column("failures", Integer, nullable=False),  # rounds of deliveries in a row of which none arrived
    Column("failing_since", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    comment="Where subscribers want to be told of events.",
)

_pending = text("next_attempt_at is not null")

webhook_delivery = Table(
    "webhook_delivery",
    metadata,
    Column("id", String(36), primary_key=True),
    # Without a foreign key: a transaction that announces must not wait for one that removes the endpoint.
    Column("endpoint_id", String(36), nullable=False),
    Column("account_id", String(36), ForeignKey("linked_account.id", ondelete="CASCADE")),
    Column("event", String(80), nullable=False),
    Column("model", String(40)),  # of an event about a record: its body is read when it is sent
    Column("record_id", String(36)),
    Column("data", LargeBinary),  # of any other event: JSON
    Column("account", LargeBinary),  # JSON: the linked account, where it will be gone when this is sent
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("last_attempt_at", BigInteger),
    Column("last_status", Integer),
    Column("last_error", Text),
    Column("next_attempt_at", BigInteger),  # null when there will be none
    Column("created_at", BigInteger, nullable=False),
    Index("ix_webhook_delivery_page", "endpoint_id", "created_at", "id"),
    Index("ix_webhook_delivery_state", "endpoint_id", "state", "created_at", "id"),
    Index(
        "ix_webhook_delivery_due",
        "endpoint_id",
        "next_attempt_at",
        sqlite_where=_pending,
        postgresql_where=_pending,
    ),
    Index("ix_webhook_delivery_account_id", "account_id"),
    comment="The outbox: one row for each event and endpoint, written in the event's own transaction.",
)

webhook_signature = Table(
    "webhook_signature",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # always 1
    Column("key", Sealed, nullable=False),
    comment="The organization's key that deliveries are signed with.",
)

_waiting = text("content is not null")

vendor_delivery = Table(
    "vendor_delivery",
    metadata,
    Column("account_id", String(36), ForeignKey("linked_account.id", ondelete="CASCADE"), nullable=False),
    Column("stamp", BigInteger, nullable=False),  # the account's clock when it came
    Column("mark", LargeBinary(32), nullable=False),  # what repeated deliveries share
    Column("content", Sealed),  # the body; null once it has been taken in
    Column("attempts", Integer, nullable=False),
    PrimaryKeyConstraint("account_id", "stamp"),
    Index("uq_vendor_delivery_mark", "account_id", "mark", unique=True),
    Index(
        "ix_vendor_delivery_waiting",
        "account_id",
        "attempts",
        "stamp",
        sqlite_where=_waiting,
        postgresql_where=_waiting,
    ),
    comment="What vendors delivered: kept until it is taken in, then remembered for a while.",
)
