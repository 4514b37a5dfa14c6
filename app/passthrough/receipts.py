"""Asynchronous passthrough: a receipt at once, the request sent by the job `("passthrough", receipt)`."""

import re
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from app.accounts.connect import Connector, Patience
from app.accounts.vault import Vault
from app.common.times import now
from app.jobs import Job, Jobs, Later, ask, fence, remove
from app.passthrough.relay import UNKNOWN, Failed, relay
from app.passthrough.send import PassthroughRequest
from app.passthrough.tables import async_passthrough
from app.webhooks.outbox import announce
from providers.kit import RateLimited

KIND = "passthrough"
RESOLVED = "AsyncPassthrough.resolved"
SLOW = Patience(timeout=300.0)
KEPT = 86_400.0  # seconds for which an answer can be fetched
MAX_REQUEST = 10_000_000  # bytes
MAX_TOLD = 1_000_000  # bytes of an answer that subscribers are told
HARMLESS = ("GET", "HEAD", "OPTIONS")  # methods that may be sent again when nobody knows what came of them

_row = async_passthrough.c


class TooLarge(Exception):
    """The request is larger than what is kept."""


class Receipts:
    """The requests that jobs send.

    Args:
        jobs: the job engine; registers the handler there.
        reader: the database, for transactions that only read.
        connector: opens vendor clients.
        vault: encrypts requests and answers.
    """

    def __init__(self, jobs: Jobs, reader: Engine, connector: Connector, vault: Vault) -> None:
        self._jobs = jobs
        self._reader = reader
        self._connector = connector
        self._vault = vault
        jobs.handler(KIND)(self.run)

    def accept(self, account_id: str, wanted: PassthroughRequest) -> str:
        """Keep a request until a job sends it. Returns the receipt.

        Raises:
            TooLarge: it is larger than what is kept.
        """
        content = wanted.model_dump_json()
        if len(content) > MAX_REQUEST:
            raise TooLarge
        receipt = str(uuid4())
        with self._jobs.begin() as connection:
            ask(connection, KIND, receipt)  # first: the job is always locked before what it works on
            connection.execute(
                insert(async_passthrough).values(
                    id=receipt,
                    account_id=account_id,
                    request=self._vault.seal(content),
                    sent=False,
                    created_at=now(),
                )
            )
        return receipt

    def answer(self, account_id: str, receipt: str) -> bytes | None:
        """What a request was answered, as JSON; None while it is not answered.

        Raises:
            LookupError: the account has no such receipt.
        """
        query = select(_row.answer).where(_row.id == receipt, _row.account_id == account_id)
        with self._reader.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise LookupError(receipt)
        return None if row.answer is None else str(self._vault.open(row.answer)).encode()

    def forget(self, connection: Connection, account_id: str, mentioned: re.Pattern[str]) -> None:
        """Drop an account's answers in which this is mentioned; their receipts are unknown then."""
        answered = select(_row.id).where(_row.account_id == account_id, _row.answer.is_not(None))
        for receipt in connection.scalars(answered).all():
            sealed = connection.execute(select(_row.answer).where(_row.id == receipt)).scalar_one()
            if mentioned.search(str(self._vault.open(sealed))):
                connection.execute(delete(async_passthrough).where(_row.id == receipt))

    def run(self, job: Job) -> float | None:
        """Send a request that has not been sent, and forget one that was answered long ago."""
        with self._jobs.begin() as connection:
            fence(connection, job)
            row = connection.execute(select(async_passthrough).where(_row.id == job.key)).first()
            if row is None or row.answer is not None:
                self._forget(connection, job)
                return None
            wanted = PassthroughRequest.model_validate_json(str(self._vault.open(row.request)))
            self._change(connection, job, sent=True)
        if row.sent and wanted.method not in HARMLESS:
            answer = _shown(wanted, Failed(408, {"detail": UNKNOWN}))  # a run before this one broke off
        else:
            answer = self._sent(job, row.account_id, wanted)
        with self._jobs.begin() as connection:
            fence(connection, job)
            self._change(connection, job, answer=self._vault.seal(answer.decode()), request=None)
            announce(connection, row.account_id, RESOLVED, _told(row, answer))
        return KEPT

    def _sent(self, job: Job, account_id: str, wanted: PassthroughRequest) -> bytes:
        try:
            return relay(self._connector, account_id, wanted, SLOW)
        except Failed as failure:
            return _shown(wanted, failure)
        except RateLimited as limit:
            with self._jobs.begin() as connection:
                fence(connection, job)
                self._change(connection, job, sent=False)
            raise Later(limit.retry_after) from limit

    @staticmethod
    def _change(connection: Connection, job: Job, **values: Any) -> None:
        connection.execute(update(async_passthrough).where(_row.id == job.key).values(**values))

    @staticmethod
    def _forget(connection: Connection, job: Job) -> None:
        connection.execute(delete(async_passthrough).where(_row.id == job.key))
        remove(connection, KIND, job.key)


def _shown(wanted: PassthroughRequest, failure: Failed) -> bytes:
    """A failure in the shape of an answer: the status and body that the synchronous form would have had."""
    return orjson.dumps(
        {
            "method": wanted.method,
            "path": wanted.path,
            "status": failure.status,
            "response": failure.body,
            "response_headers": {},
            "response_type": "JSON",
            "headers": {},
        }
    )


def _told(row: Row[Any], answer: bytes) -> dict[str, Any]:
    """What subscribers are told: the answer itself unless it is large, then they fetch it."""
    response = orjson.loads(answer) if len(answer) <= MAX_TOLD else None
    return {"async_passthrough_receipt_id": row.id, "response": response}
