"""The table of what linked accounts have used of what their vendors grant."""

from sqlalchemy import Column, Double, ForeignKey, String, Table, Text

from app.database import metadata

vendor_budget = Table(
    "vendor_budget",
    metadata,
    Column("account_id", String(36), ForeignKey("linked_account.id", ondelete="CASCADE"), primary_key=True),
    Column("held_until", Double, nullable=False, comment="Nothing is sent before."),
    Column("callers_until", Double, nullable=False, comment="Only callers' requests are sent before."),
    Column("spent", Text, nullable=False, comment="What is used of each limit, by its name, as JSON."),
    comment="What may be asked of a vendor for an account, by the database's clock, for all processes.",
)
