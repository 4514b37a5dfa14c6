"""Asking for everything to be read again."""

from sqlalchemy import Connection, select

from app.accounts.idling import wake
from app.audit.trail import Actor, record
from app.jobs import job_table
from app.sync import state
from app.sync.state import KIND
from app.sync.tables import sync_run


def resync(connection: Connection, account_id: str, actor: Actor) -> None:
    """Start a full synchronisation now; when one is running already, nothing more is started.

    Args:
        connection: a transaction of the job engine.
        account_id: the linked account; one that rests is woken.
        actor: who asks.
    """
    running = connection.scalar(
        select(job_table.c.running).where(job_table.c.kind == KIND, job_table.c.key == account_id)
    )
    unfinished = connection.scalar(
        select(sync_run.c.account_id).where(
            sync_run.c.account_id == account_id, sync_run.c.finished_at.is_(None)
        )
    )
    if running and unfinished:
        return
    wake(connection, account_id)
    state.want_full_pass(connection, account_id)
    description = f"Asked for a full synchronisation of the linked account {account_id}."
    record(connection, actor, "FORCED_LINKED_ACCOUNT_RESYNC", description, account_id)
