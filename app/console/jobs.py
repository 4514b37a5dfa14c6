"""Jobs that fail, and jobs that are due."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from app.jobs import job_table
from app.jobs.clock import Now

MOST = 100
_job = job_table.c


def failing(connection: Connection) -> Sequence[Row[Any]]:
    """Jobs whose last run failed, the most stubborn first."""
    return _some(connection, _job.failures > 0, _job.failures.desc())


def due(connection: Connection) -> Sequence[Row[Any]]:
    """Jobs that run, or should, the longest due first."""
    present = select(Now()).scalar_subquery()  # read once a statement, so that the index serves
    return _some(connection, _job.due_at <= present, _job.due_at)


def state(row: Row[Any], now: float) -> str:
    """What a job is doing, in a word."""
    if row.paused:
        return "paused"
    if row.lease_until > now:
        return "runs"
    if row.hold_until > now:
        return "held"
    return "waits" if row.due_at is not None and row.due_at <= now else "planned"


def _some(
    connection: Connection, condition: ColumnElement[bool], order: ColumnElement[Any]
) -> Sequence[Row[Any]]:
    """One more than is shown, to know whether there are more."""
    query = select(job_table).where(condition).order_by(order, _job.kind, _job.key).limit(MOST + 1)
    return connection.execute(query).all()
