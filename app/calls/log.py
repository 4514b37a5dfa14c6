"""Writing calls down: some at a time, since a sync makes thousands, and only so many of each account."""

import logging
import re
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

from sqlalchemy import Connection, Engine, delete, insert, select, tuple_
from sqlalchemy.exc import SQLAlchemyError

from app.calls.tables import vendor_call
from app.common.times import now
from app.redaction import redact
from providers.kit import Call

log = logging.getLogger(__name__)

BATCH = 100  # calls written in one transaction, unless they end or wait sooner
WAIT = 5.0  # seconds after which a call is written with the next one
LONGEST = 500  # characters of a path
METHOD = 10  # characters

Note = Callable[[Call], None]
_call = vendor_call.c
# Of a path's segment: parameters such as a session's id, and whole ones that name a person.
_PARAMETERS = re.compile(r";[^/]*")
_ADDRESS = re.compile(r"[^/]*(?:@|%40)[^/]*", re.IGNORECASE)


class CallLog:
    """Keeps the last calls of each linked account.

    Args:
        engine: the database.
        kept: how many of each account; 0 for none.
    """

    def __init__(self, engine: Engine, kept: int) -> None:
        self._engine = engine
        self._kept = kept

    @contextmanager
    def of(self, account_id: str, secrets: Collection[str]) -> Iterator[Note]:
        """What is to be told of an account's calls; all are written down when the block ends.

        Args:
            account_id: the linked account.
            secrets: what must not be written down.
        """
        batch = _Batch(account_id, secrets, self._write)
        try:
            yield batch.note if self._kept else _ignore
        finally:
            batch.write()

    def _write(self, account_id: str, rows: list[dict[str, Any]]) -> None:
        """Write calls down. A log that cannot be written must not stop what it is about."""
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(vendor_call), rows)
                self._prune(connection, account_id)
        except SQLAlchemyError as error:  # as when the account has been deleted meanwhile
            log.warning("%d calls of account %s not logged: %s", len(rows), account_id, type(error).__name__)

    def _prune(self, connection: Connection, account_id: str) -> None:
        mine = _call.account_id == account_id
        newest = select(_call.created_at, _call.id).where(mine)
        first = connection.execute(
            newest.order_by(_call.created_at.desc(), _call.id.desc()).offset(self._kept).limit(1)
        ).first()
        if first is not None:
            place = tuple_(_call.created_at, _call.id)
            connection.execute(delete(vendor_call).where(mine, place <= tuple_(*first)))


class _Batch:
    """Calls of one account that are not written down yet."""

    def __init__(
        self, account_id: str, secrets: Collection[str], write: Callable[[str, list[dict[str, Any]]], None]
    ) -> None:
        self._account_id = account_id
        self._secrets = secrets
        self._write = write
        self._rows: list[dict[str, Any]] = []
        self._written_at = time.monotonic()

    def note(self, call: Call) -> None:
        """Take a call in; when there are enough, or the last are old, write them down."""
        url = urlsplit(call.url)
        self._rows.append(
            {
                "id": str(uuid4()),
                "account_id": self._account_id,
                "method": call.method[:METHOD],
                "host": url.hostname or "",
                "path": shown_path(url.path, self._secrets),
                "status": call.status,
                "milliseconds": round(call.duration * 1000),
                "created_at": now() - round(call.duration * 1_000_000),
            }
        )
        if len(self._rows) >= BATCH or time.monotonic() - self._written_at > WAIT:
            self.write()

    def write(self) -> None:
        """Write down what there is."""
        rows, self._rows = self._rows, []
        self._written_at = time.monotonic()
        if rows:
            self._write(self._account_id, rows)


def shown_path(path: str, secrets: Collection[str]) -> str:
    """A path as it may be written down: some vendors have keys and sessions in it, some e-mail addresses."""
    for secret in secrets:
        for written in (secret, quote(secret, safe="")):
            path = path.replace(written, "***")
    return redact(_ADDRESS.sub("***", _PARAMETERS.sub(";***", path)))[:LONGEST]


def _ignore(_call: Call) -> None:
    """Nothing is kept."""
