"""Whether this process can do its work: what a load balancer asks before it sends requests here."""

import logging
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, make_url, select, text
from sqlalchemy.exc import SQLAlchemyError

from app.accounts.tables import linked_account
from app.accounts.vault import Vault
from app.database import reading
from app.jobs import Jobs
from app.migrate import heads, present_heads, revisions
from app.settings import Settings

log = logging.getLogger(__name__)

PROBE = bytes(64 * 1024)  # what is written to see whether the disk takes anything


class Readiness:
    """Looks at everything that must be right.

    Args:
        engine: the database.
        vault: must decrypt what is stored.
        jobs: the job engine.
        settings: say where the database is.

    Attributes:
        needs_worker: whether this process is to run jobs.
        is_leaving: whether it has been told to stop.
    """

    def __init__(self, engine: Engine, vault: Vault, jobs: Jobs, settings: Settings) -> None:
        self.needs_worker = False
        self.is_leaving = False
        self._engine = engine
        self._vault = vault
        self._jobs = jobs
        url = settings.resolved_database_url
        self._heads, self._known = heads(), revisions()
        file = make_url(url).database if make_url(url).get_backend_name() == "sqlite" else None
        self._directory = Path(file).parent if file else None
        self._told: list[str] = []

    def leave(self) -> None:
        """This process has been told to stop: nothing more is to be sent here."""
        self.is_leaving = True

    def problems(self) -> list[str]:
        """What keeps this process from its work, in a word each; empty when it is ready."""
        found = list(self._found())
        if found != self._told:  # once a change: who asks does so every few seconds
            if found:
                log.warning("not ready: %s", ", ".join(found))
            else:
                log.info("ready again")
            self._told = found
        return found

    def _found(self) -> Iterator[str]:
        if self.is_leaving:
            yield "shutdown"
        if self.needs_worker and not self._jobs.is_working:
            yield "worker"
        if not self._takes_files():
            yield "disk"
        try:
            with reading(self._engine).connect() as connection:
                yield from self._of_database(connection)
        except SQLAlchemyError:
            yield "database"

    def _of_database(self, connection: Connection) -> Iterator[str]:
        checks: dict[str, Callable[[Connection], bool]] = {
            "migrations": self._is_migrated,
            "encryption": self._opens_what_is_stored,
            "disk": _takes_rows,
        }
        for name, is_right in checks.items():
            if not is_right(connection):
                yield name
                return  # what comes after may fail for that alone

    def _is_migrated(self, connection: Connection) -> bool:
        """Whether the database has all that this version needs. It may have more: in an upgrade it is
        migrated first, and the processes of the former version go on until each is replaced.
        """
        present = present_heads(connection)
        return present == self._heads or not present <= self._known

    def _opens_what_is_stored(self, connection: Connection) -> bool:
        """Whether the keys open the credentials of the account linked first, and of the one linked last."""
        alive = select(linked_account.c.credentials).where(linked_account.c.deleted_at.is_(None)).limit(1)
        for order in (linked_account.c.created_at, linked_account.c.created_at.desc()):
            sealed = connection.scalar(alive.order_by(order))
            try:
                if sealed is not None:
                    self._vault.open(sealed)
            except ValueError:
                return False
        return True

    def _takes_files(self) -> bool:
        """Whether the directory of an embedded database can be written to."""
        if self._directory is None:
            return True
        try:
            with tempfile.TemporaryFile(dir=self._directory) as probe:
                probe.write(PROBE)
        except OSError:
            return False
        return True


def _takes_rows(connection: Connection) -> bool:
    """Whether a database server accepts changes: a standby does not, nor one whose disk is nearly full."""
    if connection.dialect.name != "postgresql":
        return True
    return bool(connection.scalar(text("show transaction_read_only")) == "off")
