"""The linked accounts there are, as they are looked up and counted."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, or_, select

from app.accounts.connect import COMPLETE
from app.accounts.keys import PRODUCTION
from app.accounts.tables import linked_account

_twin = linked_account.alias("twin")
_HAS_TWIN = exists().where(
    _twin.c.credentials_fingerprint == linked_account.c.credentials_fingerprint,
    _twin.c.id != linked_account.c.id,
    _twin.c.status == COMPLETE,
    _twin.c.account_type == PRODUCTION,
)


def linked_accounts(*conditions: ColumnElement[bool]) -> Select[Any]:
    """The linked accounts that meet the conditions; `has_twin` says whether others share the credentials."""
    return select(linked_account, _HAS_TWIN.label("has_twin")).where(
        linked_account.c.deleted_at.is_(None), *conditions
    )


def by_id(connection: Connection, account_id: str) -> Row[Any] | None:
    """One linked account."""
    return connection.execute(linked_accounts(linked_account.c.id == account_id)).first()


def is_duplicate(row: Row[Any]) -> bool | None:
    """Whether another complete production account has the same credentials; None where none is asked for."""
    compared = row.status == COMPLETE and row.account_type == PRODUCTION
    return bool(row.has_twin) if compared else None


def same_as(row: Row[Any]) -> ColumnElement[bool]:
    """That an account is this one or a complete production account with its credentials."""
    twin = and_(
        linked_account.c.credentials_fingerprint == row.credentials_fingerprint,
        linked_account.c.status == COMPLETE,
        linked_account.c.account_type == PRODUCTION,
    )
    return or_(linked_account.c.id == row.id, twin)
