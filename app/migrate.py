"""Bringing the database to the shape this version needs."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

import migrations
from app.tables import metadata


def config(url: str) -> Config:
    """Alembic's configuration for a database."""
    made = Config()
    made.set_main_option("script_location", str(Path(migrations.__file__).parent))
    made.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return made


def upgrade(url: str, revision: str = "head") -> None:
    """Bring a database up to a revision, the newest unless named."""
    command.upgrade(config(url), revision)


def downgrade(url: str, revision: str = "base") -> None:
    """Take a database back to a revision; `base` leaves it empty."""
    command.downgrade(config(url), revision)


@cache  # their files are compiled to be read
def heads() -> frozenset[str]:
    """The revisions this version needs a database to be at."""
    return frozenset(_scripts().get_heads())


@cache
def revisions() -> frozenset[str]:
    """All revisions this version knows."""
    return frozenset(script.revision for script in _scripts().walk_revisions())


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(Path(migrations.__file__).parent)


def present_heads(connection: Connection) -> set[str]:
    """The revisions a database is at."""
    return set(MigrationContext.configure(connection).get_current_heads())


def differences(engine: Engine) -> list[object]:
    """What the database lacks or has too much compared with the code; empty when they agree."""
    with engine.connect() as connection:
        options = {"include_name": ours}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a thing found in the database is the app's: Huey keeps tables of its own on PostgreSQL."""
    return not (kind == "table" and name is not None and name.startswith("huey_"))
