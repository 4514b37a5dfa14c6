"""Every table, gathered for migrations."""

from app.accounts import tables as accounts
from app.audit import tables as audit
from app.budgets import tables as budgets
from app.calls import tables as calls
from app.console import tables as console
from app.database import metadata
from app.fields import tables as fields
from app.idempotency import tables as idempotency
from app.issues import tables as issues
from app.jobs import table as jobs
from app.link import tables as link
from app.passthrough import tables as passthrough
from app.records import tables as records
from app.scopes import tables as scopes
from app.sync import tables as sync
from app.webhooks import tables as webhooks
from app.writes import tables as writes

__all__ = [
    "accounts",
    "audit",
    "budgets",
    "calls",
    "console",
    "fields",
    "idempotency",
    "issues",
    "jobs",
    "link",
    "metadata",
    "passthrough",
    "records",
    "scopes",
    "sync",
    "webhooks",
    "writes",
]
