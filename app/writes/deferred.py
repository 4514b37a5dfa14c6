"""Writes that are answered at once and carried out by the job `("write", id)`.

The vendor is never asked twice: that a write has begun is committed before it is, so a run that finds it
begun takes over from one that died, and can only say that nobody knows. Requests and answers hold people's
data and are encrypted; a request is dropped when it is done, an answer some days later.
"""

import logging
from collections.abc import Iterable, Mapping
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import Connection, Row, delete, insert, select, update

from app.accounts.clock import AccountGone
from app.accounts.vault import Vault
from app.common.fields import Model
from app.common.models import MODELS
from app.common.times import now
from app.database import batches
from app.jobs import Job, Later, Lost, ask, fence, remove
from app.records.reading import RecordReader
from app.scopes.restrictions import Restrictions
from app.webhooks.outbox import announce
from app.writes import refusals
from app.writes.operations import operation
from app.writes.perform import Body, Performance, WriteRequest, Writing
from app.writes.problems import Problem, envelope
from app.writes.tables import async_write
from providers.kit import RateLimited

log = logging.getLogger(__name__)

KIND = "write"
QUEUED, IN_PROGRESS, COMPLETED, FAILURE = "QUEUED", "IN_PROGRESS", "COMPLETED", "FAILURE"
EVENT = "AsyncPost.completed"
RETENTION = 7 * 86_400.0  # seconds for which an answer is kept
PATIENCE = 86_400_000_000  # microseconds after which a write that the vendor keeps putting off is given up
_row = async_write.c


class DeferredWrites:
    """Keeps writes and carries them out.

    Args:
        writing: what a write needs; registers the handler with its jobs.
        vault: encrypts requests and answers.
    """

    def __init__(self, writing: Writing, vault: Vault) -> None:
        self._writing = writing
        self._jobs = writing.jobs
        self._vault = vault
        writing.jobs.handler(KIND)(self.run)

    def put(self, account_id: str, request: WriteRequest) -> str:
        """Keep a write and ask for it to be carried out. Gives its id."""
        wanted = str(uuid4())
        kept = {
            "model": request.operation.model.name,
            "verb": request.operation.verb,
            "given": request.given,
            "remote_user_id": request.remote_user_id,
            "debug": request.debug,
        }
        with self._jobs.begin() as connection:
            ask(connection, KIND, wanted)
            connection.execute(
                insert(async_write).values(
                    id=wanted,
                    account_id=account_id,
                    state=QUEUED,
                    request=self._vault.seal(kept),
                    record_id=request.record.id if request.record is not None else None,
                    created_at=now(),
                )
            )
        return wanted

    def look(self, account_id: str, wanted: str) -> Body | None:
        """How far a write is, and its answer once there is one; None when the account has none of this id."""
        with self._writing.reader.connect() as connection:
            query = select(async_write).where(_row.id == wanted, _row.account_id == account_id)
            row = connection.execute(query).first()
        if row is None:
            return None
        answer = self._vault.open(row.answer) if row.answer is not None else None
        result = {"status_code": row.status_code, "response": answer} if answer is not None else None
        return {"id": row.id, "status": row.state, "result": result}

    def run(self, job: Job) -> float | None:
        """Carry a write out; when it has been, forget it as its time comes."""
        with self._jobs.begin() as connection:
            fence(connection, job)
            row = connection.execute(select(async_write).where(_row.id == job.key)).first()
            if row is None or row.finished_at is not None:
                return _forgotten(connection, job, row)
            self._save(connection, job, state=IN_PROGRESS)
        try:
            return self._carry_out(job, row)
        except AccountGone:
            with self._jobs.begin() as connection:
                fence(connection, job)
                _drop(connection, job)
            return None

    def _carry_out(self, job: Job, row: Row[Any]) -> float:
        kept = cast(dict[str, Any], self._vault.open(row.request))
        if row.state == IN_PROGRESS:
            log.warning("write %s was broken off", job.key)
            return self._conclude(job, row, 400, _unknown())
        request = self._request(row, kept)
        performance = Performance(
            self._writing, row.account_id, request, fenced=lambda connection: fence(connection, job)
        )
        try:
            status, answer = performance.run()
        except RateLimited as limit:
            if now() - row.created_at > PATIENCE:
                return self._conclude(job, row, 429, envelope(None, errors=[_put_off(limit)]))
            with self._jobs.begin() as connection:  # nothing was written: it may begin once more
                fence(connection, job)
                self._save(connection, job, state=QUEUED)
            raise Later(limit.retry_after) from limit
        except (Lost, AccountGone):
            raise
        except Exception:
            log.exception("write %s failed", job.key)
            status, answer = 400, _unknown()
        return self._conclude(job, row, status, answer)

    def _request(self, row: Row[Any], kept: dict[str, Any]) -> WriteRequest:
        model = MODELS[kept["model"]]
        wanted = operation(model, kept["verb"])
        assert wanted is not None
        record = self._record(row, model) if row.record_id else None
        return WriteRequest(wanted, kept["given"], kept["remote_user_id"], record, debug=kept["debug"])

    def _record(self, row: Row[Any], model: Model) -> Row[Any]:
        with self._writing.reader.connect() as connection:
            record = RecordReader(connection, row.account_id, Restrictions()).one(model, row.record_id, False)
        if record is None:  # records go with their account only
            raise AccountGone(row.account_id)
        return record

    def _conclude(self, job: Job, row: Row[Any], status: int, answer: Body) -> float:
        with self._jobs.begin() as connection:
            fence(connection, job)
            self._save(
                connection,
                job,
                state=COMPLETED if status < 300 else FAILURE,
                request=None,
                record_id=row.record_id or (answer["model"] or {}).get("id"),
                status_code=status,
                answer=self._vault.seal(answer),
                finished_at=now(),
            )
            announce(connection, row.account_id, EVENT, {"task_id": job.key, **answer})
        return RETENTION

    @staticmethod
    def _save(connection: Connection, job: Job, **values: Any) -> None:
        connection.execute(update(async_write).where(_row.id == job.key).values(**values))


def as_sent(model: Model, given: Mapping[str, Any]) -> Body:
    """A record that is to be made, before it is: without an id, since ours follow from the vendor's."""
    return {
        **dict.fromkeys(("id", "remote_id", "created_at", "modified_at")),
        **{f.name: given.get(f.name, [] if f.is_list else None) for f in model.rendered},
        **{"remote_was_deleted": False, "field_mappings": None, "remote_data": None},
    }


def forget(connection: Connection, account_id: str, record_ids: Iterable[str]) -> None:
    """Drop the answers to writes of these records."""
    for part in batches(list(record_ids)):
        connection.execute(
            delete(async_write).where(
                _row.account_id == account_id, _row.record_id.in_(part), _row.finished_at.is_not(None)
            )
        )


def _forgotten(connection: Connection, job: Job, row: Row[Any] | None) -> float | None:
    """Forget a write whose answer has been kept long enough. Gives the seconds until then."""
    if row is not None:
        left = float(RETENTION - (now() - row.finished_at) / 1_000_000)
        if left > 0:
            return left
    _drop(connection, job)
    return None


def _drop(connection: Connection, job: Job) -> None:
    remove(connection, KIND, job.key)
    connection.execute(delete(async_write).where(_row.id == job.key))


def _unknown() -> Body:
    return envelope(None, errors=[refusals.outcome_unknown("The vendor")])


def _put_off(limit: RateLimited) -> Problem:
    detail = f"The vendor's limit of requests has been met for a day; nothing was written: {limit.detail}"
    return Problem("PROVIDER_ERROR", "Provider Unavailable", detail, raw_error=limit.detail)
