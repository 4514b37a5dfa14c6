"""Sync status: how far each common model of an account is, from the states of its resources."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, select

from app.accounts.connect import IDLE
from app.accounts.tables import linked_account
from app.common.fields import Model
from app.common.models import COLLECTIONS
from app.common.times import now, render_micros
from app.jobs import job_table
from app.scopes.restrictions import load
from app.sync import state
from app.sync.conditions import stored
from app.sync.freshness import earliest, serving
from app.sync.state import KIND
from app.sync.tables import sync_run
from providers.kit import Api, Mapping

PARTIALLY_SYNCED, PAUSED = "PARTIALLY_SYNCED", "PAUSED"
SWITCHED_OFF = {
    "status": state.DISABLED,
    "last_sync_result": state.DISABLED,
    "is_initial_sync": False,
    "sync_status_reason": None,
    "detail": "disabled in the scopes",
}


def statuses(connection: Connection, account_id: str, api: Api) -> list[dict[str, Any]]:
    """One row for each common model this API serves, in the reference's shape."""
    rows = state.states(connection, account_id)
    run = connection.execute(select(sync_run).where(sync_run.c.account_id == account_id)).first()
    account = connection.execute(select(linked_account).where(linked_account.c.id == account_id)).one()
    restrictions = load(account.restrictions)
    job = connection.execute(
        select(job_table).where(job_table.c.kind == KIND, job_table.c.key == account_id)
    ).first()
    due = None if job is None or job.due_at is None else int(job.due_at * 1_000_000)
    since = _waiting_since(job, due, run)
    conditions = _conditions_set_at(connection, account_id)
    return [
        _status(model, mappings, rows, run, account, due, since)
        | {"selective_sync_configurations_usage": _usage(mappings, rows, conditions.get(model.name))}
        | ({"status": PAUSED, "sync_status_reason": None} if account.status == IDLE else {})
        | ({} if restrictions.readable(model) else SWITCHED_OFF)
        for model in COLLECTIONS
        if (mappings := [m for m in api.mappings if m.model == model.name])
    ]


def _status(
    model: Model,
    mappings: list[Mapping],
    rows: dict[str, Row[Any]],
    run: Row[Any] | None,
    account: Row[int, bool],
    due: int | None,
    since: int | None,
) -> dict[str, Any]:
    roots, parts = serving(mappings, rows)
    both = roots + parts
    ended = bool(both) and all(row.finished_at for row in both)
    waits = since is not None and any(row.finished_at and row.finished_at < since for row in both)
    status = state.SYNCING if waits else _combined(roots, parts)
    if account.are_syncs_disabled and status == state.SYNCING:
        status = state.DISABLED
    # Changes may come after a pass, by writes, webhooks and other models that arrive: what is reported as
    # finished is later than the last of them: who reads what was modified before it misses nothing.
    finished = max([account.clock + 1, *(row.finished_at for row in both)]) if ended else None
    return {
        "model_name": model.name,
        "model_id": f"ats.{model.name}",
        "status": status,
        "last_sync_result": _last_result(roots, parts) if ended else None,
        "last_sync_start": render_micros(_latest(row.pass_started_at for row in roots)),
        "last_sync_finished": render_micros(finished),
        "next_sync_start": None if due is None else render_micros(max(due, now())),
        "is_initial_sync": not ended,
        "data_fresh_as_of": render_micros(earliest(row.fresh_as_of for row in both)),
        "historical_data_since": None,
        "sync_status_reason": _reason(both, status, run),
        "records_read": sum(row.pass_rows for row in roots),
        "detail": "; ".join(dict.fromkeys(row.detail for row in both if row.detail)) or None,
    }


def _conditions_set_at(connection: Connection, account_id: str) -> dict[str, int]:
    """When the newest condition of each model was set."""
    return {row.model: row.created_at for row in stored(connection, account_id)}


def _usage(mappings: list[Mapping], rows: dict[str, Row[Any]], set_at: int | None) -> str | None:
    """Whether the last passes over what a model is made of knew its conditions; null when it has none."""
    if set_at is None:
        return None
    roots, _ = serving(mappings, rows)
    known = earliest(row.fresh_as_of for row in roots)
    return "IN_LAST_SYNC" if known is not None and known >= set_at else "IN_NEXT_SYNC"


def _waiting_since(job: Row[Any] | None, due: int | None, run: Row[Any] | None) -> int | None:
    """The moment since which a model must have been read for no synchronisation to have yet to come to it."""
    asked = job is not None and job.asked > job.begun
    overdue = job is not None and not job.running and due is not None and due <= now()
    if asked or overdue:
        return now()
    return int(run.started_at) if run is not None and run.finished_at is None else None


def _combined(roots: list[Row[Any]], parts: list[Row[Any]]) -> str:
    if not roots or any(row.status == state.SYNCING for row in roots + parts):
        return state.SYNCING
    return _last_result(roots, parts)


def _last_result(roots: list[Row[Any]], parts: list[Row[Any]]) -> str:
    results = [row.status for row in roots if row.status != state.SYNCING] or [state.DONE]
    if all(result == state.DISABLED for result in results):
        return state.DISABLED
    if all(result in (state.FAILED, state.DISABLED) for result in results):
        return state.FAILED
    whole = all(row.status in (state.DONE, state.SYNCING) for row in roots + parts)
    return state.DONE if whole else PARTIALLY_SYNCED


def _reason(rows: list[Row[Any]], status: str, run: Row[Any] | None) -> str | None:
    if status != state.SYNCING:
        return None
    if any(row.rate_limited for row in rows):
        return "RATE_LIMITED"
    waiting = run is not None and all(row.checkpoint is None for row in rows)
    return "WAITING_ON_OTHER_MODELS" if waiting else None


def _latest(moments: Iterable[int | None]) -> int | None:
    return max((m for m in moments if m), default=None)
