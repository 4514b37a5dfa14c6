"""The table of issues: what went wrong and waits for somebody."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, String, Table, Text, text

from app.database import metadata

_of_no_account = text("account_id is null")

issue = Table(
    "issue",
    metadata,
    Column("id", String(36), primary_key=True),
    # null: a problem of the organization's own, such as an endpoint that takes no deliveries
    Column("account_id", String(36), ForeignKey("linked_account.id", ondelete="CASCADE")),
    Column("subject", Text, nullable=False),  # what the problem is about: one issue for each
    Column("status", String(20), nullable=False),
    Column("error_description", Text, nullable=False),
    Column("error_details", Text, nullable=False),  # JSON array, the last in front
    Column("first_incident_at", BigInteger, nullable=False),
    Column("last_incident_at", BigInteger, nullable=False),
    Column("acted_at", BigInteger, nullable=False),  # the last incident, resolution or muting
    Column("is_muted", Boolean, nullable=False),
    Index("uq_issue_subject", "account_id", "subject", unique=True),
    # The other index takes every null for another account.
    Index(
        "uq_issue_organization_subject",
        "subject",
        unique=True,
        sqlite_where=_of_no_account,
        postgresql_where=_of_no_account,
    ),
    Index("ix_issue_page", "first_incident_at", "id"),
    Index("ix_issue_status_page", "status", "first_incident_at", "id"),
)
