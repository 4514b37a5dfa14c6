"""Problems someone must act on: one issue for each problem of an account, however often it happens."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import ColumnElement, Connection, Row, Select, select, update

from app.accounts.tables import linked_account
from app.common.times import now, render_micros
from app.database import upsert_into
from app.issues.tables import issue
from app.redaction import redact
from app.webhooks.outbox import announce

ONGOING, RESOLVED = "ONGOING", "RESOLVED"
DAY = 86_400_000_000  # microseconds without a failure after which a success counts
KEPT = 10  # details of an issue


def report(
    connection: Connection, account_id: str | None, subject: str, description: str, *details: str
) -> None:
    """Open an issue, or note that its problem happened again.

    Args:
        connection: the transaction.
        account_id: the linked account; None for a problem of the organization's own.
        subject: what the problem is about; the same problem has the same subject.
        description: a short label for people, such as `Missing permission`.
        details: what happened to what; secrets are taken out of it.
    """
    present, told = now(), [redact(detail) for detail in details]
    made = connection.scalar(
        upsert_into(connection, issue)
        .values(
            id=str(uuid4()),
            account_id=account_id,
            subject=subject,
            status=ONGOING,
            error_description=description,
            error_details=orjson.dumps(told[:KEPT]).decode(),
            first_incident_at=present,
            last_incident_at=present,
            acted_at=present,
            is_muted=False,
        )
        .on_conflict_do_nothing()
        .returning(issue.c.id)
    )
    if made:
        _tell(connection, "Issue.new", made)
    else:
        _repeat(connection, account_id, subject, description, told)


def resolve(connection: Connection, account_id: str | None, subject: str) -> None:
    """What an issue is about works again: close it, unless it has failed within a day."""
    settled = issue.c.last_incident_at <= now() - DAY
    _close(connection, issue.c.account_id == account_id, issue.c.subject == subject, settled)


def close(connection: Connection, account_id: str | None, subject: str) -> None:
    """Somebody has dealt with what an issue is about: close it at once."""
    _close(connection, issue.c.account_id == account_id, issue.c.subject == subject)


def resolve_all(connection: Connection, account_id: str) -> None:
    """The account has been linked again: close all its issues at once."""
    _close(connection, issue.c.account_id == account_id)


def mute(connection: Connection, issue_id: str, muted: bool) -> None:
    """Say whether subscribers shall hear of an issue, and lists show it."""
    connection.execute(update(issue).where(issue.c.id == issue_id).values(is_muted=muted, acted_at=now()))
    if muted:
        row = connection.execute(issues(issue.c.id == issue_id)).one()
        announce(connection, row.account_id, "Issue.muted", shown(row))


def ongoing(connection: Connection, account_id: str | None) -> dict[str, str]:
    """The descriptions of the account's open issues, by subject."""
    query = select(issue.c.subject, issue.c.error_description).where(
        issue.c.account_id == account_id, issue.c.status == ONGOING
    )
    return {row.subject: row.error_description for row in connection.execute(query)}


def issues(*conditions: ColumnElement[bool]) -> Select[Any]:
    """The issues that meet the conditions, with whose account they are about."""
    account = [column for column in linked_account.c if column.name.startswith("end_user_")]
    return (
        select(issue, issue.c.first_incident_at.label("created_at"), *account)
        .join_from(issue, linked_account, isouter=True)
        .where(*conditions)
    )


def shown(row: Row[Any]) -> dict[str, Any]:
    """A row of `issues` as callers see it: `Issue` of the reference."""
    return {
        "id": row.id,
        "status": row.status,
        "error_description": row.error_description,
        "end_user": dict(_end_user(row)),
        "first_incident_time": render_micros(row.first_incident_at),
        "last_incident_time": render_micros(row.last_incident_at),
        "is_muted": row.is_muted,
        "error_details": orjson.loads(row.error_details),
        "linked_account": row.account_id,
    }


def _end_user(row: Row[Any]) -> Iterator[tuple[str, str | None]]:
    if row.account_id is not None:
        for name in ("origin_id", "organization_name", "email_address"):
            yield name, row._mapping[f"end_user_{name}"]


def _repeat(
    connection: Connection, account_id: str | None, subject: str, description: str, told: list[str]
) -> None:
    known = connection.execute(
        select(issue).where(issue.c.account_id == account_id, issue.c.subject == subject).with_for_update()
    ).first()
    if known is None:  # went with its account
        return
    reopened, present = known.status == RESOLVED, now()
    before = [] if reopened else orjson.loads(known.error_details)
    details = list(dict.fromkeys([*told, *before]))[:KEPT]
    connection.execute(
        update(issue)
        .where(issue.c.id == known.id)
        .values(
            status=ONGOING,
            error_description=description,
            error_details=orjson.dumps(details).decode(),
            last_incident_at=present,
            acted_at=present,
        )
    )
    if reopened:
        _tell(connection, "Issue.reopened", known.id)


def _close(connection: Connection, *which: ColumnElement[bool]) -> None:
    closed = connection.scalars(
        update(issue)
        .where(issue.c.status == ONGOING, *which)
        .values(status=RESOLVED, acted_at=now())
        .returning(issue.c.id)
    )
    for issue_id in closed.all():
        _tell(connection, "Issue.resolved", issue_id)


def _tell(connection: Connection, event: str, issue_id: str) -> None:
    row = connection.execute(issues(issue.c.id == issue_id)).one()
    if not row.is_muted:
        announce(connection, row.account_id, event, shown(row))
