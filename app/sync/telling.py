"""What subscribers are told of a synchronisation: which model has been read, and that all of it is over."""

from typing import Any

from sqlalchemy import Connection

from app.accounts.connect import Connected
from app.common.models import MODELS
from app.scopes.store import restrictions_of
from app.sync import state
from app.sync.status import statuses
from app.webhooks.events import RECORD_MODELS
from app.webhooks.outbox import announce

ROW = ("last_sync_finished", "last_sync_result", "data_fresh_as_of", "sync_status_reason")


def tell_finished(connection: Connection, account: Connected, resource: str) -> None:
    """Tell of the models that this run has read once it is over with a resource.

    Args:
        connection: the transaction in which it is.
        account: the linked account.
        resource: what has just been read, or will not be.
    """
    started = state.run_started_at(connection, account.account_id)
    finished = {
        name
        for name, row in state.states(connection, account.account_id).items()
        if (row.finished_at or 0) >= started
    }
    restrictions = restrictions_of(connection, account.account_id)
    needed: dict[str, set[str]] = {}
    for mapping in account.api.mappings:
        if mapping.model not in RECORD_MODELS or not restrictions.readable(MODELS[mapping.model]):
            continue
        needed.setdefault(mapping.model, set()).update([mapping.root, *(j.resource for j in mapping.joins)])
    done = {name for name, resources in needed.items() if resource in resources <= finished}
    for row in statuses(connection, account.account_id, account.api) if done else ():
        name = row["model_name"]
        if name in done:
            data = {"synced_fields": list(account.api.fields.get(name, ())), "sync_status": row}
            announce(connection, account.account_id, f"{name}.synced", _integration(account) | data)


def tell_completed(connection: Connection, account: Connected, *, initial: bool) -> None:
    """Tell that a synchronisation is over.

    Args:
        connection: the transaction in which it is.
        account: the linked account.
        initial: whether it is the first.
    """
    rows = statuses(connection, account.account_id, account.api)
    status = {row["model_id"]: {name: row[name] for name in ROW} for row in rows}
    data = _integration(account) | {"is_initial_sync": initial, "sync_status": status}
    announce(connection, account.account_id, "LinkedAccount.sync_completed", data)


def _integration(account: Connected) -> dict[str, Any]:
    return {"integration_name": account.provider.name, "integration_id": account.provider.slug}
