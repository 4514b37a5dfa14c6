"""A worker: threads that take calls, a sweeper that rings for what is due, a renewer of leases."""

import logging
import random
import signal
import threading
import time
from typing import Any

from huey.consumer import Consumer
from sqlalchemy import Engine

from app.database import reading
from app.jobs.dispatch import Dispatch
from app.jobs.leases import anything_waits, sweep
from app.jobs.runs import Runs

log = logging.getLogger(__name__)

_CALLS_A_THREAD = 4
_BACKLOG_PAUSE = 0.05
_STUCK = 60.0  # seconds after which a sweeper that has not come round is stuck


class TellingConsumer(Consumer):
    """Huey's consumer, which tells why it does not stop at once."""

    def stop(self, graceful: bool = False) -> None:
        """Stop taking calls; if told to, wait for the runs."""
        log.info("stopping: runs have %s seconds to come to the end of their page", self.shutdown_timeout)
        super().stop(graceful)  # type: ignore[no-untyped-call] # Huey is untyped


class StandaloneConsumer(TellingConsumer):
    """Huey's consumer as the process: SIGTERM and SIGINT let runs put themselves back first."""

    def __init__(self, huey: object, **options: Any) -> None:
        super().__init__(huey, graceful_signal="TERM", **options)  # type: ignore[no-untyped-call] # Huey is untyped
        self._signal_actions[signal.SIGINT] = (False, True)


class EmbeddedConsumer(TellingConsumer):
    """Huey's consumer inside a server, which needs its signals for itself."""

    def _set_signal_handlers(self) -> None:
        pass


class Worker:
    """Runs jobs in threads of this process.

    Args:
        engine: the database with the job table.
        dispatch: brings the calls.
        runs: does the runs.
        threads: how many runs at the same time.
        embedded: inside a server, or else the process itself.
        lease: seconds of a lease, renewed each third of it.
        ring: seconds in which one row is rung for once.
        sweep: seconds between two looks for rows that are due, on average.
        shutdown: seconds that runs get to end when the worker stops.
    """

    def __init__(
        self,
        engine: Engine,
        dispatch: Dispatch,
        runs: Runs,
        *,
        threads: int,
        embedded: bool,
        lease: float,
        ring: float,
        sweep: float,
        shutdown: float,
    ) -> None:
        self._engine = engine
        self._dispatch = dispatch
        self._runs = runs
        self._room = _CALLS_A_THREAD * threads
        self._embedded = embedded
        self._lease = lease
        self._ring = ring
        self._sweep = sweep
        self._ended = threading.Event()
        self._swept_at = time.monotonic()
        self._consumer: Any = (EmbeddedConsumer if embedded else StandaloneConsumer)(
            dispatch.huey,
            workers=threads,
            periodic=False,
            scheduler_interval=60,  # Huey's own schedule is not used
            initial_delay=0.1,
            max_delay=0.5,
            shutdown_timeout=shutdown,
            health_check_interval=5,
        )
        runs.stopping = self._consumer.stop_flag
        self._helpers = [
            threading.Thread(target=self._keep_sweeping, name="jobs-sweeper", daemon=True),
            threading.Thread(target=self._keep_renewing, name="jobs-renewer", daemon=True),
        ]

    def start(self) -> None:
        """Start the threads and return."""
        self._consumer.start()
        # After the consumer: the sweeper replaces threads that are not alive.
        self._start_helpers()

    def work(self) -> None:
        """Start the threads and return when the process is told to stop and its runs have ended."""
        self._start_helpers()
        self._consumer.run()
        self._end_helpers()

    @property
    def is_alive(self) -> bool:
        """Whether it rings for jobs and has a thread that takes them."""
        if time.monotonic() - self._swept_at > _STUCK + self._sweep:
            return False
        threads = [thread for _, thread in self._consumer.worker_threads]
        return all(h.is_alive() for h in self._helpers) and any(t.is_alive() for t in threads)

    def stop(self) -> None:
        """Let the current runs reach their next `turn`, then return."""
        self._consumer.stop(graceful=True)
        self._end_helpers()

    def _start_helpers(self) -> None:
        for helper in self._helpers:
            helper.start()

    def _end_helpers(self) -> None:
        self._ended.set()
        for helper in self._helpers:
            helper.join()
        self._dispatch.close()
        if not self._runs.any_left():
            self._runs.stopping = threading.Event()

    def _keep_renewing(self) -> None:
        # Not the stop flag: leases are renewed while runs come to their end.
        while not self._ended.wait(self._lease / 3):
            self._runs.renew()

    def _keep_sweeping(self) -> None:
        wait = self._jitter(0, 1)
        healthy = True
        while not self._consumer.stop_flag.wait(wait):
            wait = self._jitter(0.5, 1.5)
            self._swept_at = time.monotonic()
            try:
                if self._embedded:
                    self._consumer.check_worker_health()  # the standalone form does it by itself
                if not healthy:
                    self._dispatch.repair()
                    healthy = True
                if self._sweep_once():
                    wait = _BACKLOG_PAUSE
            except Exception as error:
                log.warning("sweep failed: %s", type(error).__name__, exc_info=True)
                healthy = False

    def _sweep_once(self) -> bool:
        """Ring for jobs that are due, as many as the queue has room for.

        The queue is kept short because it knows only first in, first out; the rows know who waits
        longest.

        Returns:
            Whether more may be waiting.
        """
        with reading(self._engine).connect() as connection:
            if not anything_waits(connection):
                return False
        room = self._room - self._dispatch.pending()
        if room <= 0:
            return True
        with self._engine.begin() as connection:
            due = sweep(connection, room, self._ring)
        for kind, key in due:
            self._dispatch.call(kind, key)
        return len(due) >= room

    def _jitter(self, least: float, most: float) -> float:
        return self._sweep * random.uniform(least, most)  # noqa: S311 - spreads load, guards nothing
