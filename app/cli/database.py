"""Having a database of the right shape before anything is served from it."""

import logging
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, func, make_url, select

from app.accounts.tables import api_key
from app.cli.problems import Refused
from app.database import reading
from app.migrate import heads, present_heads, upgrade

log = logging.getLogger(__name__)


def prepare(url: str, engine: Engine) -> None:
    """Migrate an embedded database; make sure that somebody has migrated a shared one.

    A SQLite file belongs to this machine alone, so it is brought up to date on the way. PostgreSQL may
    serve processes of another version: when to migrate it is the operator's decision.

    Raises:
        Refused: a PostgreSQL database is not up to date.
    """
    if not is_behind(engine):
        return
    if make_url(url).get_backend_name() != "sqlite":
        raise Refused("the database is not up to date: run `omniats migrate` first")
    log.info("Migrating %s", shown(url))
    upgrade(url)


def is_behind(engine: Engine) -> bool:
    """Whether migrations have yet to be run."""
    with reading(engine).connect() as connection:
        return present_heads(connection) != heads()


def back_up(url: str, file: Path) -> None:
    """Copy an embedded database as it is at one moment, while others go on writing to it.

    Args:
        url: the database.
        file: where the copy is made; nobody but its owner can read it.

    Raises:
        Refused: it is not embedded, is not there, or the file is there already.
    """
    origin = make_url(url)
    if origin.get_backend_name() != "sqlite" or not origin.database:
        raise Refused("PostgreSQL is backed up by its own tool: pg_dump --format=custom")
    source = Path(origin.database).resolve()
    if not source.exists():
        raise Refused(f"there is no database at {source}")
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError as error:
        raise Refused(f"{file} is there already") from error
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as database,
        closing(sqlite3.connect(file)) as copy,
    ):
        database.backup(copy)


def has_keys(engine: Engine) -> bool:
    """Whether anybody can call the API yet."""
    with reading(engine).connect() as connection:
        return bool(connection.scalar(select(func.count()).select_from(api_key)))


def shown(url: str) -> str:
    """A database's URL as it may be printed."""
    return make_url(url).render_as_string(hide_password=True)
