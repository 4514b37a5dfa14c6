"""Linked accounts as operators see them: a page of the list, or everything about one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)
from starlette.datastructures import QueryParams

from app.accounts.connect import COMPLETE, IDLE, RELINK_NEEDED
from app.accounts.tables import linked_account
from app.common.times import now
from app.issues.store import ONGOING
from app.issues.tables import issue
from app.jobs import job_table
from app.sync import state
from app.sync.tables import resource_state
from app.webhooks.tables import vendor_delivery

STATUSES = (COMPLETE, RELINK_NEEDED, IDLE)
SOME = 20  # rows of each part of an account's page
BEHIND = 3  # intervals without a good pass after which an account counts as behind
_account = linked_account.c
_state = resource_state.c
# Named, so that nothing secret is read that a template might show.
_SHOWN = (
    "id",
    "integration",
    "status",
    "status_detail",
    "account_type",
    "are_syncs_disabled",
    "end_user_origin_id",
    "end_user_organization_name",
    "end_user_email_address",
    "created_at",
    "completed_at",
    "used_at",
)
_OPEN = and_(issue.c.status == ONGOING, issue.c.is_muted.is_(False))


@dataclass(frozen=True)
class Health:
    """How well an account is.

    Attributes:
        words: for people.
        tone: `good`, `busy`, `warn`, `bad`, or empty for none of them.
        fresh: the moment up to which all its data is known to be complete; None before all was read once.
    """

    words: str
    tone: str
    fresh: int | None


def accounts(*conditions: ColumnElement[bool]) -> Select[Any]:
    """The linked accounts that meet the conditions."""
    columns = [_account[name] for name in _SHOWN]
    return select(*columns).where(_account.deleted_at.is_(None), *conditions)


def account(id: str) -> Select[Any]:
    """One linked account."""
    return accounts(_account.id == id)


def conditions(query: QueryParams) -> Iterator[ColumnElement[bool]]:
    """What a search asks for."""
    text = query.get("q", "").replace("\0", "").strip()
    if text:
        names = ("end_user_organization_name", "end_user_origin_id", "end_user_email_address")
        found = [_account[name].icontains(text, autoescape=True) for name in names]
        yield or_(_account.id == text.lower(), *found)
    if query.get("integration"):
        yield _account.integration == query["integration"].replace("\0", "")
    if query.get("status") in STATUSES:
        yield _account.status == query["status"]
    if query.get("issues"):
        yield exists().where(issue.c.account_id == _account.id, _OPEN)


def totals(connection: Connection) -> dict[str, int]:
    """How many accounts there are in each status."""
    query = select(_account.status, func.count()).where(_account.deleted_at.is_(None))
    return {row[0]: row[1] for row in connection.execute(query.group_by(_account.status))}


def healths(connection: Connection, rows: Sequence[Row[Any]], interval: int) -> dict[str, Health]:
    """How well accounts are.

    Args:
        connection: a transaction that only reads.
        rows: of `accounts`.
        interval: seconds between two syncs.
    """
    query = _reading().where(_state.account_id.in_([row.id for row in rows]))
    known = {row.account_id: row for row in connection.execute(query)}
    return {row.id: health(row, known.get(row.id), interval) for row in rows}


def health(account: Row[Any], reading: Row[Any] | None, interval: int) -> Health:
    """How well an account is, from its row and what its lists add up to."""
    fresh = reading.fresh if reading and not reading.unread else None
    old = now() - (fresh or 0) > BEHIND * interval * 1_000_000
    ways: tuple[tuple[bool, str, str], ...] = (
        (account.status == RELINK_NEEDED, "must be linked again", "bad"),
        (account.status == IDLE, "rests", ""),
        (account.are_syncs_disabled, "not synchronised", ""),
        (reading is None or bool(reading.unread and not reading.failed), "first sync", "busy"),
        (bool(reading and reading.failed), _failing(reading), "bad"),
        (bool(reading and reading.denied), _denied(reading), "warn"),
        (old, "behind", "warn"),
        (True, "well", "good"),
    )
    words, tone = next((words, tone) for applies, words, tone in ways if applies)
    return Health(words, tone, fresh)


def open_issues(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """How many open issues accounts have."""
    query = select(issue.c.account_id, func.count()).where(issue.c.account_id.in_(ids), _OPEN)
    return {row[0]: row[1] for row in connection.execute(query.group_by(issue.c.account_id))}


def jobs_of(connection: Connection, account_id: str, kinds: Sequence[str]) -> Sequence[Row[Any]]:
    """What runs or waits for one account."""
    query = select(job_table).where(job_table.c.kind.in_(kinds), job_table.c.key == account_id)
    return connection.execute(query.order_by(job_table.c.kind)).all()


def deliveries_in(connection: Connection, account_id: str) -> Sequence[Row[Any]]:
    """What the vendor delivered last, the newest first; never its content."""
    waits = vendor_delivery.c.content.is_not(None)
    query = select(vendor_delivery.c.stamp, vendor_delivery.c.attempts, waits.label("waits"))
    mine = vendor_delivery.c.account_id == account_id
    return connection.execute(query.where(mine).order_by(vendor_delivery.c.stamp.desc()).limit(SOME)).all()


def _reading() -> Select[Any]:
    """What the lists of each account add up to; those that are switched off do not count."""
    on = _state.status != state.DISABLED
    denied = and_(_state.status == state.DISABLED, _state.detail != "disabled in the scopes")

    def count(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, literal(1)), else_=literal(0)))

    return select(
        _state.account_id,
        func.min(case((on, _state.fresh_as_of))).label("fresh"),
        count(and_(on, _state.fresh_as_of.is_(None))).label("unread"),
        count(_state.status == state.FAILED).label("failed"),
        count(denied).label("denied"),
        func.count().label("lists"),
    ).group_by(_state.account_id)


def _failing(reading: Row[Any] | None) -> str:
    return f"{reading.failed} of {reading.lists} lists fail" if reading else ""


def _denied(reading: Row[Any] | None) -> str:
    return f"{reading.denied} of {reading.lists} lists closed to us" if reading else ""
