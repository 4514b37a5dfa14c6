"""Calls as people and programs read them."""

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select

from app.calls.tables import vendor_call
from app.common.times import render_micros

FAILED: ColumnElement[bool] = or_(vendor_call.c.status.is_(None), vendor_call.c.status >= 400)


def calls_of(account_id: str, *, failed: bool = False) -> Select[Any]:
    """The calls of a linked account, in no order; `failed` leaves those that got no good answer."""
    query = select(vendor_call).where(vendor_call.c.account_id == account_id)
    return query.where(FAILED) if failed else query


def shown(row: Row[Any]) -> dict[str, Any]:
    """A row as callers see it."""
    return {
        "id": row.id,
        "method": row.method,
        "host": row.host,
        "path": row.path,
        "status_code": row.status,
        "duration_ms": row.milliseconds,
        "created_at": render_micros(row.created_at),
    }
