"""The bell: Huey carries calls to the workers, over SQLite, PostgreSQL or Redis.

A call says only "look at this row": a lost one costs seconds, a doubled one nothing. Of Huey's own
features none is used that would keep state (results, retries, schedules, locks).
"""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from huey.api import PostgresHuey, RedisHuey, SqliteHuey
from huey.serializer import SignedSerializer
from sqlalchemy import make_url

from app.settings import Settings

log = logging.getLogger(__name__)

_ATTEMPTS = 2  # a connection that has died shows at the first one
_SILENT = 5.0  # seconds in which nobody waits for a queue that took no call
_CONNECTING, _ANSWERING = 1.0, 3.0  # seconds Redis gets; a worker's look at an empty queue takes one


def queue_url(settings: Settings) -> str:
    """Where calls queue: as set, else in the PostgreSQL database, else a file in the data directory."""
    if settings.queue_url:
        return settings.queue_url
    database = settings.resolved_database_url
    if make_url(database).get_backend_name() == "postgresql":
        return database
    return f"sqlite:///{settings.data_dir.resolve() / 'queue.db'}"


class Dispatch:
    """Calls workers, in this process and others, to look at a job.

    Args:
        url: `sqlite:///path`, `postgresql://...` or `redis://...`.
        secret: signs the calls, which are pickles: who could forge one could run code in a worker.
        run: what a worker does when called, with the kind and the key of the job.
        name: tells the queue from others at the same place; letters, digits and underscores.

    Raises:
        ValueError: the URL names another system, or the secret is empty.
        RuntimeError: a package that the URL needs is not installed.
    """

    def __init__(self, url: str, secret: str, run: Callable[[str, str], object], name: str) -> None:
        if not secret:
            raise ValueError("The job queue needs a secret to sign its calls with")
        serializer = SignedSerializer(secret)  # type: ignore[no-untyped-call] # Huey is untyped
        self.huey: Any = _open(url, {"name": name, "results": False, "serializer": serializer})
        self._silent_until = 0.0
        # Calls are never revoked: Huey need not read, and delete, a revocation for each.
        self.huey.is_revoked = lambda *_arguments, **_options: False
        self.huey.delete = lambda _key: None

        def call(kind: str, key: str) -> None:
            run(kind, key)

        self._call = self.huey.task(name="run")(call)

    def call(self, kind: str, key: str) -> None:
        """Enqueue a call. Raises what the queue's driver raises."""
        self._call(kind, key)

    def bell(self, kind: str, key: str) -> None:
        """Enqueue a call, or give up with a warning: the sweeper rings again.

        A queue that hangs holds up who asks once, not each of them.
        """
        if time.monotonic() < self._silent_until:
            return
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                self.call(kind, key)
            except Exception as error:
                if attempt == _ATTEMPTS:
                    self._silent_until = time.monotonic() + _SILENT
                    log.warning("bell lost: %s", type(error).__name__, extra={"kind": kind, "key": key})
            else:
                return

    def pending(self) -> int:
        """How many calls no worker has taken yet."""
        return int(self.huey.pending_count())

    def repair(self) -> None:
        """Make the queue's tables again where they are gone."""
        if hasattr(self.huey.storage, "initialize_schema"):
            self.huey.storage.initialize_schema()

    def close(self) -> None:
        """Close the queue's connection; the next call opens another."""
        self.huey.storage.close()


def _open(url: str, options: dict[str, Any]) -> Any:
    system = url.partition(":")[0].partition("+")[0]
    if system == "sqlite":
        return _open_sqlite(url, options)
    if system in ("postgresql", "postgres"):
        return _open_postgresql(url, options)
    if system in ("redis", "rediss"):
        return _open_redis(url, options)
    raise ValueError(
        f"OMNIATS_QUEUE_URL must start with sqlite:///, postgresql:// or redis://, not {system}:"
    )


def _open_sqlite(url: str, options: dict[str, Any]) -> Any:
    path = make_url(url).database
    if not path:
        raise ValueError("OMNIATS_QUEUE_URL must name a file: sqlite:///path")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(filename=path, fsync=False, **options)  # type: ignore[no-untyped-call] # Huey is untyped


def _open_postgresql(url: str, options: dict[str, Any]) -> Any:
    dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    huey: Any = PostgresHuey(  # type: ignore[no-untyped-call] # Huey is untyped
        dsn=dsn, connect_timeout=2, create_tables=False, **options
    )
    try:
        huey.storage.initialize_schema()
    except Exception:
        # Two processes that make the same table at the same time: one of them gets an error.
        huey.storage.initialize_schema()
    return huey


def _open_redis(url: str, options: dict[str, Any]) -> Any:
    try:
        from redis import ConnectionPool  # noqa: PLC0415 - an optional package
        from redis.backoff import NoBackoff  # noqa: PLC0415 - likewise
        from redis.retry import Retry  # noqa: PLC0415 - likewise
    except ImportError as error:
        raise RuntimeError(
            "OMNIATS_QUEUE_URL names Redis, which needs more packages: pip install 'omniats[redis]'"
        ) from error
    pool = ConnectionPool.from_url(
        url,
        socket_connect_timeout=_CONNECTING,
        socket_timeout=_ANSWERING,
        retry=Retry(NoBackoff(), 0),  # an ask must not wait for the client's own retries
    )
    return RedisHuey(connection_pool=pool, **options)  # type: ignore[no-untyped-call] # Huey is untyped
