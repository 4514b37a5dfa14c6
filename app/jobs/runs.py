"""Runs: claim a job, call its handler, write down how it ended."""

import logging
import os
import random
import socket
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import uuid4

from sqlalchemy import Connection

from app.jobs.leases import Job, Later, Lost, claim, finish, note_wait, put_back, renew, unring
from app.telemetry import tracing
from app.telemetry.context import about
from app.telemetry.metrics import RUNS
from providers.kit.concealing import concealing

log = logging.getLogger(__name__)

Handler = Callable[[Job], float | None]
"""Does a run of a job. Returns the seconds until the next run, or None for only when asked."""

DONE, LATER, FAILED, LOST = "done", "later", "failed", "lost"  # how a run ends
_ERROR_LENGTH = 500


class Runs:
    """The runs of this process.

    Args:
        begin: opens a transaction whose bells ring after its commit.
        redact: takes secrets out of a text.
        lease: seconds for which a claim keeps other workers away.
        slice: seconds after which a run gives up its thread at the next `turn`.
    """

    def __init__(
        self,
        begin: Callable[[], AbstractContextManager[Connection]],
        redact: Callable[[str], str],
        lease: float,
        slice: float,
    ) -> None:
        self.handlers: dict[str, Handler] = {}
        self.stopping = threading.Event()
        self._begin = begin
        self._redact = redact
        self._lease = lease
        self._slice = slice
        self._owner = f"{socket.gethostname()}:{os.getpid()}"
        self._started: dict[Job, float] = {}

    def answer(self, kind: str, key: str) -> None:
        """Answer a call: run the job if it is ready, unless this process stops."""
        if self.stopping.is_set():
            # A thread that was waiting for a call when the process began to stop still takes one.
            with self._begin() as connection:
                unring(connection, kind, key)
            return
        self.run(kind, key)

    def run(self, kind: str, key: str) -> bool:
        """Run a job if it is ready.

        Returns:
            Whether it was.
        """
        with self._begin() as connection:
            job = claim(connection, kind, key, self._owner, self._lease)
        if job is None:
            return False
        self._started[job] = time.monotonic()
        try:
            with (
                about(kind=kind, key=key, run_id=uuid4().hex),
                concealing(),
                tracing.span(f"job {kind}", "CONSUMER") as told,
            ):
                outcome = self._perform(job)
                told(f"job {kind}", failed=outcome == FAILED, attributes={"omniats.outcome": outcome})
            RUNS.labels(kind, outcome).inc()
        finally:
            self._started.pop(job, None)
        return True

    def turn(self, job: Job) -> None:
        """Give up the thread when this process stops or the run has had its slice.

        Raises:
            Later: the handler must let it pass; the run goes on from its checkpoint.
        """
        started = self._started.get(job)
        if self.stopping.is_set() or (started is not None and time.monotonic() - started > self._slice):
            raise Later(0)

    def renew(self) -> None:
        """Renew the leases of the current runs, for those whose page takes longer than a lease."""
        jobs = list(self._started)
        if not jobs:
            return
        try:
            with self._begin() as connection:
                renew(connection, jobs)
        except Exception as error:
            log.warning("leases not renewed: %s", type(error).__name__)

    def any_left(self) -> bool:
        """Whether a run is going on."""
        return bool(self._started)

    def _perform(self, job: Job) -> str:
        """Run a job and write down how it ended, which is also given."""
        try:
            again = self._handler(job.kind)(job)
        except Later as later:
            self._put_off(job, later.seconds)
            return LATER
        except Lost:
            log.info("run lost", extra=_names(job))
            return LOST
        except Exception as error:
            text = self._redact(repr(error))[:_ERROR_LENGTH]
            # Not log.exception: its traceback would not be redacted.
            log.error("run failed: %s", self._redact(traceback.format_exc()), extra=_names(job))  # noqa: TRY400 - as above
            self._put_back(job, _back_off(job.failures), text)
            return FAILED
        with self._begin() as connection:
            finish(connection, job, again)
        return DONE

    def _handler(self, kind: str) -> Handler:
        if kind not in self.handlers:
            raise LookupError(f"no handler for jobs of kind {kind!r}")
        return self.handlers[kind]

    def _put_off(self, job: Job, seconds: float | None) -> None:
        with self._begin() as connection:
            put_back(connection, job, _back_off(note_wait(connection, job)) if seconds is None else seconds)

    def _put_back(self, job: Job, seconds: float, error: str | None = None) -> None:
        with self._begin() as connection:
            put_back(connection, job, seconds, error)


def _back_off(failures: int) -> float:
    """Seconds to hold a run that failed or waited this often before: 5, 15, 45, ... at most an hour."""
    jitter = random.uniform(0.8, 1.2)  # noqa: S311 - spreads load, guards nothing
    return float(min(3600, 5 * 3 ** min(failures, 6))) * jitter


def _names(job: Job) -> dict[str, object]:
    return {"kind": job.kind, "key": job.key, "fence": job.fence}
