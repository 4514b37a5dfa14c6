"""The secrets callers present: API keys and account tokens.

Of API keys only hashes are stored. An account token is looked up by its hash too; it is also kept encrypted,
like the vendor credentials it stands for, since an account that is linked again keeps its token.
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, bindparam, insert, select

from app.accounts.tables import api_key, linked_account
from app.accounts.vault import Vault
from app.common.times import now

_OF_ACCOUNT = (  # made once: every request runs it
    select(
        api_key.c.id.label("key_id"),
        api_key.c.name.label("key_name"),
        *(linked_account.c[name] for name in ("id", "integration", "status")),
    )
    .join_from(api_key, linked_account, linked_account.c.token_hash == bindparam("token"))
    .where(api_key.c.key_hash == bindparam("key"))
)


@dataclass(frozen=True)
class Caller:
    """Who asks, and for which linked account, if for one: its `id`, `integration` and `status`."""

    key_id: str
    key_name: str
    account: Row[Any] | None


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


def create_key(connection: Connection, name: str) -> str:
    """Make an API key.

    Returns:
        The key, which is shown this once.

    Raises:
        ValueError: there is a key of that name.
    """
    taken = connection.scalar(select(api_key.c.id).where(api_key.c.name == name))
    if taken:
        raise ValueError(f"There is an API key named {name!r} already")
    key = fresh_secret("omn_key")
    connection.execute(
        insert(api_key).values(id=str(uuid4()), name=name, key_hash=hashed(key), created_at=now())
    )
    return key


def caller_by_key(connection: Connection, key: str) -> Caller | None:
    """Who holds an API key."""
    row = connection.execute(
        select(api_key.c.id, api_key.c.name).where(api_key.c.key_hash == hashed(key))
    ).first()
    return Caller(row.id, row.name, None) if row else None


def caller_of_account(connection: Connection, key: str, token: str) -> Caller | None:
    """Who holds an API key and an account token; None when one of them is wrong."""
    row = connection.execute(_OF_ACCOUNT, {"key": hashed(key), "token": hashed(token)}).first()
    return Caller(row.key_id, row.key_name, row) if row else None
