"""The secrets callers present: API keys and account tokens.

Of API keys only hashes are stored. An account token is looked up by its hash too; it is also kept encrypted,
like the vendor credentials it stands for, since an account that is linked again keeps its token.
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, bindparam, or_, select, update

from app.accounts.tables import api_key, linked_account
from app.accounts.vault import Vault
from app.audit.trail import SYSTEM, Actor, record
from app.common.times import now
from app.database import upsert_into

PRODUCTION, TEST = "PRODUCTION", "TEST"
CREATED = {PRODUCTION: "CREATED_REMOTE_PRODUCTION_API_KEY", TEST: "CREATED_TEST_API_KEY"}
REGENERATED = {PRODUCTION: "REGENERATED_PRODUCTION_API_KEY", TEST: "REGENERATED_TEST_API_KEY"}

_KEY = (
    api_key.c.id.label("key_id"),
    api_key.c.name.label("key_name"),
    api_key.c.account_type.label("key_type"),
)
_COLUMNS = ("id", "integration", "status", "clock", "restrictions", "used_at")
_OF_ACCOUNT = (  # made once: every request runs it
    select(*_KEY, *(linked_account.c[name] for name in _COLUMNS))
    .join_from(api_key, linked_account, linked_account.c.token_hash == bindparam("token"))
    .where(
        api_key.c.key_hash == bindparam("key"),
        or_(api_key.c.account_type == PRODUCTION, linked_account.c.account_type == TEST),
    )
)


class NameTaken(ValueError):
    """There is an API key of that name."""


class NameUnknown(ValueError):
    """There is no API key of that name which the caller may change."""


@dataclass(frozen=True)
class Caller:
    """Who asks, and for which linked account, if for one.

    Attributes:
        key_id: the API key.
        key_name: its name.
        account_type: `TEST` when the key sees test accounts only.
        account: its `id`, `integration`, `status`, `clock`, `restrictions` and `used_at`.
    """

    key_id: str
    key_name: str
    account_type: str
    account: Row[Any] | None

    @property
    def sees(self) -> tuple[str, ...]:
        """The types of the keys and accounts that are its business."""
        return (TEST,) if self.account_type == TEST else (PRODUCTION, TEST)


def fresh_secret(prefix: str) -> str:
    """A secret with 256 bits of chance; the prefix tells people what it opens."""
    return f"{prefix}_{secrets.token_urlsafe(32)}"


def hashed(secret: str) -> bytes:
    """What is stored of a secret. It is too random to be guessed from an unsalted hash.

    The database compares hashes, which tells an attacker who measures time nothing about the secret.
    """
    return hashlib.sha256(secret.encode()).digest()


def fresh_account_token(vault: Vault) -> tuple[str, dict[str, bytes]]:
    """An account token, and the columns of the linked account that keep it."""
    token = fresh_secret("omn_acct")
    return token, {"token_hash": hashed(token), "token_sealed": vault.seal(token)}


def create_key(
    connection: Connection, name: str, account_type: str = PRODUCTION, actor: Actor = SYSTEM
) -> str:
    """Make an API key.

    Args:
        connection: the transaction.
        name: tells keys apart.
        account_type: `TEST` for a key that sees test accounts only, and whose accounts are such.
        actor: who makes it.

    Returns:
        The key, which is shown this once.

    Raises:
        NameTaken: there is a key of that name.
    """
    key = fresh_secret("omn_key")
    row = {"id": str(uuid4()), "name": name, "account_type": account_type, "created_at": now()}
    made = connection.scalar(
        upsert_into(connection, api_key)
        .values(**row, key_hash=hashed(key))
        .on_conflict_do_nothing(index_elements=["name"])
        .returning(api_key.c.id)
    )
    if made is None:
        raise NameTaken(f"There is an API key named {name!r} already")
    record(connection, actor, CREATED[account_type], f"Created the API key {name!r}.")
    return key


def renew_key(connection: Connection, name: str, caller: Caller, actor: Actor) -> str:
    """Put a new secret in the place of an API key's, which ends at once.

    Returns:
        The key, which is shown this once.

    Raises:
        NameUnknown: there is none of that name, or it is a production key and the caller's is not.
    """
    key = fresh_secret("omn_key")
    account_type = connection.scalar(
        update(api_key)
        .where(api_key.c.name == name, api_key.c.account_type.in_(caller.sees))
        .values(key_hash=hashed(key))
        .returning(api_key.c.account_type)
    )
    if account_type is None:
        raise NameUnknown(f"There is no API key named {name!r}")
    record(connection, actor, REGENERATED[account_type], f"Regenerated the API key {name!r}.")
    return key


def renew_token(connection: Connection, vault: Vault, account_id: str, actor: Actor) -> str:
    """Put a new account token in the place of an account's, which ends at once.

    Returns:
        The token, which is shown this once.
    """
    token, kept = fresh_account_token(vault)
    connection.execute(update(linked_account).where(linked_account.c.id == account_id).values(**kept))
    description = f"Regenerated the account token of the linked account {account_id}."
    record(connection, actor, "REGENERATED_ACCOUNT_TOKEN", description, account_id)
    return token


def caller_by_key(connection: Connection, key: str) -> Caller | None:
    """Who holds an API key."""
    row = connection.execute(select(*_KEY).where(api_key.c.key_hash == hashed(key))).first()
    return Caller(row.key_id, row.key_name, row.key_type, None) if row else None


def caller_of_account(connection: Connection, key: str, token: str) -> Caller | None:
    """Who holds an API key and an account token; None when one of them is wrong."""
    row = connection.execute(_OF_ACCOUNT, {"key": hashed(key), "token": hashed(token)}).first()
    return Caller(row.key_id, row.key_name, row.key_type, row) if row else None
