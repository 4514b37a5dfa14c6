"""What another API generation of the vendor left behind when an account was linked to a newer one."""

import orjson
from sqlalchemy import Connection, delete, select

from app.common.fields import Model
from app.common.models import ALL
from app.records.tables import RECORD_TABLES, vendor_index, vendor_row
from app.sync import state
from app.sync.tables import resource_state
from app.sync.terms import Terms, needed_resources
from app.webhooks.outbox import changing
from providers.kit import Api


def remove_orphans(connection: Connection, account_id: str, api: Api, since: int) -> None:
    """Take out what only the former generation had, once the present one has been read in full.

    Records both generations have, have the same ids, and were made anew by the present one: the others
    still name a path of the former as their source.

    Args:
        connection: the transaction.
        account_id: the linked account.
        api: the generation the account is linked to.
        since: the present run's start: everything must have been read in full after it.
    """
    known = state.states(connection, account_id)
    former = known.keys() - {resource.name for resource in api.resources}
    present = needed_resources(api, Terms.of(connection, account_id).restrictions)
    if not former or any((known[name].full_pass_at or 0) < since for name in present):
        return
    paths = {resource.path for resource in api.resources}
    with changing(connection, account_id) as store:
        for model in ALL:
            store.remove(model, _made_elsewhere(connection, account_id, model, paths))
    for table in (vendor_row, vendor_index, resource_state):
        connection.execute(
            delete(table).where(table.c.account_id == account_id, table.c.resource.in_(former))
        )


def _made_elsewhere(connection: Connection, account_id: str, model: Model, paths: set[str]) -> list[str]:
    table = RECORD_TABLES[model.name]
    query = select(table.c.id, table.c.sources).where(
        table.c.account_id == account_id, table.c.deleted.is_(False), table.c.sources.is_not(None)
    )
    return [row.id for row in connection.execute(query) if orjson.loads(row.sources)[0][0] not in paths]
