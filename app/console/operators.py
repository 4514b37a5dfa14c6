"""Operators: people who may sign in to the console, each with a password that we make.

Argon2id comes from `cryptography`, which is here for the credentials anyway. It also offers Scrypt; of the
two OWASP and RFC 9106 advise Argon2id, and its PHC form keeps the parameters with each hash, so that they
may be raised one day.
"""

import os
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import uuid4

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from sqlalchemy import Connection, Row, delete, select

from app.audit.trail import SYSTEM, record
from app.common.times import now
from app.console.tables import operator
from app.database import upsert_into

MEMORY = 65_536  # KiB of one hash
PASSES = 3
LONGEST = 1000  # characters of a password somebody tries
_at_a_time = threading.Semaphore(2)  # so that sign-ins take no more memory than this many hashes


class NameTaken(ValueError):
    """There is an operator of that name."""


@dataclass(frozen=True)
class Operator:
    """A person who may use the console."""

    id: str
    name: str


def create(connection: Connection, name: str) -> str:
    """Make an operator.

    Returns:
        The password, which is shown this once.

    Raises:
        NameTaken: there is one of that name.
        ValueError: it is no name.
    """
    if not (name.strip() == name and name.isprintable() and 0 < len(name) <= 200):
        raise ValueError("An operator's name has 1 to 200 printable characters and no space around it")
    password = secrets.token_urlsafe(18)  # 144 bits
    row = {"id": str(uuid4()), "name": name, "password_hash": hashed(password), "created_at": now()}
    statement = upsert_into(connection, operator).values(row).on_conflict_do_nothing(index_elements=["name"])
    if connection.scalar(statement.returning(operator.c.id)) is None:
        raise NameTaken(f"There is an operator named {name!r} already")
    record(connection, SYSTEM, "CREATED_OPERATOR", f"Created the operator {name!r}.")
    return password


def remove(connection: Connection, name: str) -> bool:
    """Take an operator's access away, at once; gives whether there was one of that name."""
    if not connection.execute(delete(operator).where(operator.c.name == name)).rowcount:
        return False
    record(connection, SYSTEM, "REMOVED_OPERATOR", f"Removed the operator {name!r}.")
    return True


def listed(connection: Connection) -> Sequence[Row[Any]]:
    """All operators, by name."""
    return connection.execute(select(operator).order_by(operator.c.name)).all()


def is_any(connection: Connection) -> bool:
    """Whether somebody can sign in."""
    return connection.execute(select(operator.c.id).limit(1)).first() is not None


def by_password(connection: Connection, name: str, password: str) -> Operator | None:
    """The operator of that name and password. An unknown name takes as long as a wrong password."""
    known = None
    if "\0" not in name:  # PostgreSQL refuses to look for it
        known = connection.execute(select(operator).where(operator.c.name == name)).first()
    fits = is_hash_of(known.password_hash if known else _of_nobody(), password)
    return Operator(known.id, known.name) if known and fits else None


def hashed(password: str) -> str:
    """What is stored of a password."""
    made = Argon2id(salt=os.urandom(16), length=32, iterations=PASSES, lanes=1, memory_cost=MEMORY)
    with _at_a_time:
        return made.derive_phc_encoded(password.encode())


def is_hash_of(stored: str, password: str) -> bool:
    """Whether a stored hash is that of a password."""
    try:
        with _at_a_time:
            Argon2id.verify_phc_encoded(password[:LONGEST].encode(), stored)
    except InvalidKey:
        return False
    return True


@cache
def _of_nobody() -> str:
    return hashed(secrets.token_urlsafe(18))
