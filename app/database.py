"""The database: one engine, one metadata, one way to begin a transaction."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, LargeBinary, MetaData, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite

CONNECT_TIMEOUT = 10  # seconds; without it a server that is gone is waited for as long as TCP does

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)


class Sealed(LargeBinary):
    """The type of columns that hold what `Vault.seal` made. `omniats rotate-keys` finds them by it."""


def open_engine(url: str) -> Engine:
    """Open the database.

    Args:
        url: `sqlite:///path` or `postgresql://user@host/name`, as a user writes it.

    Returns:
        An engine whose transactions are safe for many writers: on SQLite write-ahead logging and
        `BEGIN IMMEDIATE` in `engine.begin()`; on PostgreSQL bounded lock and idle times.

    Raises:
        ValueError: the URL names another database system.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(url)
    if parsed.get_backend_name() == "postgresql":
        return _open_postgresql(url)
    raise ValueError(
        f"OMNIATS_DATABASE_URL must start with sqlite:/// or postgresql://, not {parsed.drivername}"
    )


def _open_sqlite(url: str) -> Engine:
    path = make_url(url).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = create_engine(
        url, connect_args={"timeout": 30}, pool_size=20, max_overflow=40, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        # Python's driver must not begin transactions by itself: a deferred one that reads before it
        # writes fails with "database is locked" whatever the busy timeout.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        if connection.get_execution_options().get("read_only", False):
            # Straight to the driver: every page read begins a transaction.
            connection.connection.driver_connection.execute("BEGIN")
        else:  # which may fail, as where the file is locked: with an error of SQLAlchemy's, like any other
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _open_postgresql(url: str) -> Engine:
    plain = make_url(url).set(drivername="postgresql+psycopg")
    # A process frozen inside a transaction holds its row locks: these bounds let others take over.
    options = "-c idle_in_transaction_session_timeout=15000 -c lock_timeout=5000"
    return create_engine(
        plain,
        connect_args={"options": options, "connect_timeout": CONNECT_TIMEOUT},
        pool_size=20,
        max_overflow=40,
        pool_pre_ping=True,
        hide_parameters=True,
    )


def reading(engine: Engine) -> Engine:
    """The same engine for transactions that only read: on SQLite they never wait for a writer."""
    return engine.execution_options(read_only=True)


def upsert_into(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can be given `on_conflict_do_update`, in the database's own dialect."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def refresh_statistics(engine: Engine) -> None:
    """Let SQLite count its rows: without figures it chooses indexes blindly. PostgreSQL does so itself."""
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA optimize")
        finally:
            connection.close()


def batches(items: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    """The items a batch at a time: both databases limit how many parameters a statement may have."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
