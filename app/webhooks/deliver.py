"""Deliveries to one subscriber's endpoint: the job `("deliver", endpoint id)`.

What is due goes out in rounds, several requests at a time over connections that are kept; how a round went
is written down in one transaction. A process that is killed in a round sends it again: at least once, and
always under the same delivery id.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx
from sqlalchemy import Connection, Row, bindparam, delete, func, select, update

from app.accounts.vault import Vault
from app.audit.trail import SYSTEM, record
from app.common.times import now
from app.database import reading
from app.issues import store as issues
from app.jobs import Job, Jobs, Later, fence
from app.outbound import Outbound
from app.settings import Settings
from app.telemetry.metrics import DELIVERIES
from app.webhooks.messages import Message, messages
from app.webhooks.outbox import ACTIVE, DELIVERED, DISABLED, FAILED, KIND, PENDING
from app.webhooks.posting import Answer, open_client, post
from app.webhooks.signing import signature_key
from app.webhooks.tables import webhook_delivery, webhook_endpoint

SECOND = 1_000_000  # microseconds
IN_FLIGHT = 8
ROUND = 200  # deliveries
SENDING = 5.0  # seconds of one round in which requests are begun
RETRIES = 17  # after 1, 2, 4, ... seconds, at the end 12 hours: 30 hours in all
LONGEST_GAP = 12 * 3600  # seconds
LONGEST_HOLD = 60  # seconds without a request to an endpoint that takes nothing
PATIENCE = 24 * 3600  # seconds after which an endpoint that took nothing is disabled
DAY = 86_400.0  # seconds


@dataclass(frozen=True)
class Outcome:
    """How one attempt went.

    Attributes:
        delivery: its row.
        answer: what became of it.
        final: whether another attempt makes no sense.
    """

    delivery: Row[Any]
    answer: Answer
    final: bool = False


class Deliverer:
    """Delivers what is in the outbox.

    Args:
        jobs: the job engine; registers the handler there.
        outbound: opens the connections.
        vault: decrypts the signature key.
        settings: says where the world reaches us and how long deliveries are kept.
    """

    def __init__(self, jobs: Jobs, outbound: Outbound, vault: Vault, settings: Settings) -> None:
        self._jobs = jobs
        self._outbound = outbound
        self._vault = vault
        self._settings = settings
        jobs.handler(KIND)(self.run)

    def run(self, job: Job) -> float | None:
        """Deliver what is due; gives the seconds until the next look."""
        with self._transaction(job) as connection:
            endpoint = self._endpoint(connection, job.key)
            self._prune(connection, job.key, everything=endpoint is None)
        if endpoint is None:
            return None
        with open_client(self._outbound, IN_FLIGHT) as client, ThreadPoolExecutor(IN_FLIGHT) as threads:
            while self._round(job, client, threads):
                self._jobs.turn(job)
        return self._next_look(job.key)

    def _round(self, job: Job, client: httpx.Client, threads: ThreadPoolExecutor) -> bool:
        """Send some of what is due; whether there may be more.

        Raises:
            Later: the endpoint takes nothing at the moment, or asked to wait.
        """
        with reading(self._jobs.engine).connect() as connection:
            endpoint = self._endpoint(connection, job.key)
            if endpoint is None or endpoint.state != ACTIVE:
                return False
            due = _due(connection, job.key)
            key = signature_key(connection, self._vault)
            prepared = messages(connection, endpoint, due, self._settings.public_url, self._vault)
        if not prepared:
            return False
        if key is None:
            raise LookupError("There is no signature key")
        outcomes = _send(prepared, threads, partial(post, client, endpoint.target, key))
        with self._transaction(job) as connection:
            _write_down(connection, outcomes)
            hold = self._judge(connection, endpoint, outcomes)
        if hold:
            raise Later(hold)
        return True

    def _judge(self, connection: Connection, endpoint: Row[Any], outcomes: list[Outcome]) -> float:
        """What a round says about the endpoint itself; gives the seconds to leave it alone."""
        answers = [outcome.answer for outcome in outcomes if not outcome.final]
        asked = max((answer.retry_after for answer in answers), default=0.0)
        errors = [answer.error for answer in answers if answer.error]
        if len(errors) < len(answers) or not answers:
            if endpoint.failures:
                _note(connection, endpoint, failures=0, failing_since=None)
            return min(asked, LONGEST_HOLD)
        since = endpoint.failing_since or now()
        _note(connection, endpoint, failures=endpoint.failures + 1, failing_since=since)
        if now() - since >= PATIENCE * SECOND:
            _disable(connection, endpoint, errors[-1])
        return float(min(max(asked, 2 ** min(endpoint.failures, 10)), LONGEST_HOLD))

    def _next_look(self, endpoint_id: str) -> float:
        """Seconds until something is due, at most a day: old deliveries are removed then."""
        mine = webhook_delivery.c.endpoint_id == endpoint_id
        with reading(self._jobs.engine).connect() as connection:
            endpoint = self._endpoint(connection, endpoint_id)
            due = connection.scalar(select(func.min(webhook_delivery.c.next_attempt_at)).where(mine))
        if endpoint is None or endpoint.state != ACTIVE or due is None:
            return DAY
        return float(min(DAY, max(0.0, (due - now()) / SECOND)))

    def _prune(self, connection: Connection, endpoint_id: str, *, everything: bool) -> None:
        """Remove deliveries that have been kept long enough, or all of an endpoint that is gone."""
        old = now() - self._settings.webhook_retention * SECOND
        which = [webhook_delivery.c.endpoint_id == endpoint_id]
        if not everything:
            which.append(webhook_delivery.c.created_at < old)
        connection.execute(delete(webhook_delivery).where(*which))

    @contextmanager
    def _transaction(self, job: Job) -> Iterator[Connection]:
        with self._jobs.begin() as connection:
            fence(connection, job)
            yield connection

    @staticmethod
    def _endpoint(connection: Connection, endpoint_id: str) -> Row[Any] | None:
        query = select(webhook_endpoint).where(webhook_endpoint.c.id == endpoint_id)
        return connection.execute(query).first()


def _due(connection: Connection, endpoint_id: str) -> list[Row[Any]]:
    query = (
        select(webhook_delivery)
        .where(webhook_delivery.c.endpoint_id == endpoint_id, webhook_delivery.c.next_attempt_at <= now())
        .order_by(webhook_delivery.c.next_attempt_at)
        .limit(ROUND)
    )
    return list(connection.execute(query))


def _send(
    prepared: list[Message], threads: ThreadPoolExecutor, post: Callable[[str, bytes], Answer]
) -> list[Outcome]:
    """Send messages; gives the outcomes of those whose turn came in time."""
    until = time.monotonic() + SENDING

    def send(message: Message) -> Outcome | None:
        if time.monotonic() > until:
            return None
        if message.body is None:
            return Outcome(message.delivery, Answer(None, "What it is about is no longer there."), final=True)
        return Outcome(message.delivery, post(message.delivery.id, message.body))

    here = [copy_context() for _ in prepared]  # a thread begins with a context of its own
    outcomes = threads.map(lambda context, message: context.run(send, message), here, prepared)
    return [outcome for outcome in outcomes if outcome is not None]


def _write_down(connection: Connection, outcomes: Iterable[Outcome]) -> None:
    present = now()
    rows = []
    for outcome in outcomes:
        attempts = outcome.delivery.attempts + 1
        answer = outcome.answer
        again = answer.error is not None and not outcome.final and attempts <= RETRIES
        DELIVERIES.labels("again" if again else "failed" if answer.error else "delivered").inc()
        gap = max(answer.retry_after, _gap(attempts))
        rows.append(
            {
                "key": outcome.delivery.id,
                "state": PENDING if again else FAILED if answer.error else DELIVERED,
                "attempts": attempts,
                "status": answer.status,
                "error": answer.error,
                "next": present + int(gap * SECOND) if again else None,
            }
        )
    if rows:
        connection.execute(
            update(webhook_delivery)
            .where(webhook_delivery.c.id == bindparam("key"))
            .values(
                state=bindparam("state"),
                attempts=bindparam("attempts"),
                last_attempt_at=present,
                last_status=bindparam("status"),
                last_error=bindparam("error"),
                next_attempt_at=bindparam("next"),
            ),
            rows,
        )


def _gap(attempts: int) -> float:
    """Seconds after so many attempts until the next one."""
    jitter = random.uniform(0.9, 1.1)  # noqa: S311 - spreads load, guards nothing
    return float(min(2 ** (attempts - 1), LONGEST_GAP)) * jitter


def _note(connection: Connection, endpoint: Row[Any], **values: Any) -> None:
    connection.execute(update(webhook_endpoint).where(webhook_endpoint.c.id == endpoint.id).values(**values))


def _disable(connection: Connection, endpoint: Row[Any], error: str) -> None:
    """Leave an endpoint alone that has taken nothing for long; its events wait."""
    why = f"No delivery was accepted for a day; the last error: {error}"
    _note(connection, endpoint, state=DISABLED, detail=why, modified_at=now())
    what = f"The webhook {endpoint.id} was disabled. {why}"
    issues.report(connection, None, issue_subject(endpoint.id), "Webhook disabled", what)
    record(connection, SYSTEM, "DISABLED_MERGE_WEBHOOK", what)


def issue_subject(endpoint_id: str) -> str:
    """What the issue of a disabled endpoint is about."""
    return f"webhook:{endpoint_id}"
