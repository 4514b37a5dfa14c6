"""The scopes of the organization and of its linked accounts, and what they come to."""

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import Connection, delete, insert, select, update

from app.accounts.tables import linked_account
from app.common.models import COLLECTIONS
from app.scopes.requests import PERMISSIONS, Scopes, scopes_of
from app.scopes.restrictions import Restrictions, load, restrictions_by, scoped_fields
from app.scopes.tables import default_scope
from providers.registry import PROVIDERS


def default_scopes(connection: Connection) -> Scopes:
    """What the organization set for every account."""
    return {row.model: orjson.loads(row.scope) for row in connection.execute(select(default_scope))}


def account_scopes(connection: Connection, account_id: str) -> Scopes:
    """What holds for an account: its own scopes, and the default where it has none."""
    own = connection.scalar(select(linked_account.c.scopes).where(linked_account.c.id == account_id))
    return _effective(default_scopes(connection), own)


def restrictions_of(connection: Connection, account_id: str) -> Restrictions:
    """What an account's scopes take away; nothing from one that is no longer there."""
    query = select(linked_account.c.restrictions).where(linked_account.c.id == account_id)
    return load(connection.scalar(query))


def set_default(connection: Connection, common_models: Iterable[Any]) -> None:
    """Set the default. What is not named is enabled. It holds for every account at once.

    Raises:
        BadScope: see `scopes_of`.
    """
    scopes = scopes_of(common_models)
    connection.execute(delete(default_scope))
    if scopes:
        rows = [{"model": name, "scope": orjson.dumps(scope).decode()} for name, scope in scopes.items()]
        connection.execute(insert(default_scope), rows)
    kinds = select(linked_account.c.integration, linked_account.c.scopes).distinct()
    for integration, own in connection.execute(kinds).all():
        connection.execute(
            update(linked_account)
            .where(linked_account.c.integration == integration)
            .where(linked_account.c.scopes.is_not_distinct_from(own))
            .values(restrictions=_restrictions(integration, _effective(scopes, own)))
        )


def set_account(connection: Connection, account_id: str, common_models: Iterable[Any]) -> None:
    """Set an account's own scopes. What is not named inherits the default.

    Args:
        connection: the transaction; whoever asks for a synchronisation in it does so before.
        account_id: the linked account.
        common_models: in either shape of the reference, see `scopes_of`.

    Raises:
        BadScope: see `scopes_of`.
    """
    scopes = scopes_of(common_models)
    connection.execute(
        update(linked_account)
        .where(linked_account.c.id == account_id)
        .values(scopes=orjson.dumps(scopes).decode() if scopes else None)
    )
    settle(connection, account_id)


def settle(connection: Connection, account_id: str) -> None:
    """Write beside an account what its scopes take away, where every request finds it."""
    integration = connection.scalar(
        select(linked_account.c.integration).where(linked_account.c.id == account_id)
    )
    if integration is None:
        return
    restrictions = _restrictions(integration, account_scopes(connection, account_id))
    connection.execute(
        update(linked_account)
        .where(linked_account.c.id == account_id)
        .where(linked_account.c.restrictions.is_distinct_from(restrictions))
        .values(restrictions=restrictions)
    )


def rendered(scopes: Scopes) -> dict[str, Any]:
    """Scopes in the reference's shape: every model with every permission and field."""
    return {
        "common_models": [
            {
                "model_name": model.name,
                "model_permissions": {
                    permission: {"is_enabled": scopes.get(model.name, {}).get(permission, True)}
                    for permission in PERMISSIONS
                },
                "field_permissions": {
                    "enabled_fields": [f for f in scoped_fields(model) if _enabled(scopes, model.name, f)],
                    "disabled_fields": [
                        f for f in scoped_fields(model) if not _enabled(scopes, model.name, f)
                    ],
                },
            }
            for model in COLLECTIONS
        ]
    }


def _restrictions(integration: str, scopes: Scopes) -> str | None:
    return restrictions_by(scopes, PROVIDERS[integration].apis).dump()


def _enabled(scopes: Scopes, model: str, field: str) -> bool:
    return scopes.get(model, {}).get(field, True)


def _effective(default: Scopes, own: str | None) -> Scopes:
    mine: Scopes = orjson.loads(own) if own else {}
    return {name: default.get(name, {}) | mine.get(name, {}) for name in default.keys() | mine.keys()}
