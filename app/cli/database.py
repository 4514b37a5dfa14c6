"""Having a database of the right shape before anything is served from it."""

import logging

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
    if not is_behind(url, engine):
        return
    if make_url(url).get_backend_name() != "sqlite":
        raise Refused("the database is not up to date: run `omniats migrate` first")
    log.info("Migrating %s", shown(url))
    upgrade(url)


def is_behind(url: str, engine: Engine) -> bool:
    """Whether migrations have yet to be run."""
    with reading(engine).connect() as connection:
        return present_heads(connection) != heads(url)


def has_keys(engine: Engine) -> bool:
    """Whether anybody can call the API yet."""
    with reading(engine).connect() as connection:
        return bool(connection.scalar(select(func.count()).select_from(api_key)))


def shown(url: str) -> str:
    """A database's URL as it may be printed."""
    return make_url(url).render_as_string(hide_password=True)
