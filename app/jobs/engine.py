"""The one object through which the app uses jobs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from app.database import reading
from app.jobs.dispatch import Dispatch
from app.jobs.leases import LEASE, RING, Job, ask_remembered, collect_bells, due_jobs
from app.jobs.runs import Handler, Runs
from app.jobs.worker import Worker


def _unchanged(text: str) -> str:
    return text


class Jobs:
    """The jobs of one database: transactions that ask for runs, handlers, and workers.

    Args:
        engine: the database, opened with `app.database.open_engine`, with the job table in it.
        queue_url: where calls queue, see `app.jobs.queue_url`.
        secret: signs the calls; the same in all processes of one database, and not guessable.
        name: tells the queue from those of other installations at the same place.
        redact: takes secrets out of error texts before they are stored or logged.
        lease: seconds without a sign of life after which a run is taken over.
        ring: seconds in which one row is rung for once; what a lost call costs.
        sweep: seconds between two looks for jobs that are due, on average.
        slice: seconds after which a run gives up its thread at the next `turn`.
        shutdown: seconds that runs get to end when a worker stops.

    Raises:
        ValueError: the queue's URL names an unknown system, or the secret is empty.
        RuntimeError: a package that the queue's URL needs is not installed.
    """

    def __init__(
        self,
        engine: Engine,
        queue_url: str,
        secret: str,
        *,
        name: str = "omniats",
        redact: Callable[[str], str] = _unchanged,
        lease: float = LEASE,
        ring: float = RING,
        sweep: float = 2.0,
        slice: float = 20.0,
        shutdown: float = 20.0,
    ) -> None:
        self.engine = engine
        self.runs = Runs(self.begin, redact, lease, slice)
        self.dispatch = Dispatch(queue_url, secret, self.runs.answer, name)
        self._lease = lease
        self._ring = ring
        self._sweep = sweep
        self._shutdown = shutdown
        self._worker: Worker | None = None

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction of the app. What is asked in it is rung for after its commit.

        After a rollback nothing is rung for. It blocks: async code calls it in a thread.

        Returns:
            A context manager that gives the connection.
        """
        with self.engine.begin() as connection:
            bells = collect_bells(connection, self._ring)
            yield connection
            ask_remembered(connection, bells)
        for kind, key in bells.rung:
            self.dispatch.bell(kind, key)

    def handler(self, kind: str) -> Callable[[Handler], Handler]:
        """Register the handler of a kind of jobs: `@jobs.handler("sync")` above a function.

        Args:
            kind: as in `ask`.

        Returns:
            A decorator that gives the function back unchanged.

        Raises:
            ValueError: the kind has a handler already.
        """

        def register(function: Handler) -> Handler:
            if kind in self.runs.handlers:
                raise ValueError(f"jobs of kind {kind!r} have a handler already")
            self.runs.handlers[kind] = function
            return function

        return register

    def turn(self, job: Job) -> None:
        """To be called by handlers between two pages, outside a transaction.

        Raises:
            Later: the run must give up its thread; the handler lets it pass.
        """
        self.runs.turn(job)

    def run_due(self, limit: int = 1000) -> int:
        """Run in this thread what is due now, one job after another, without a worker.

        Args:
            limit: how many runs at most, so that jobs that ask for each other come to an end.

        Returns:
            How many runs there were.
        """
        done = 0
        while done < limit:
            with reading(self.engine).connect() as connection:
                due = due_jobs(connection, self.runs.handlers, limit - done)
            ran = sum(self.runs.run(kind, key) for kind, key in due)
            if not ran:
                break
            done += ran
        return done

    def start(self, threads: int, *, embedded: bool = True) -> None:
        """Start a worker.

        Args:
            threads: how many runs at the same time.
            embedded: True starts it inside a server and returns; end it with `stop`. False makes the
                worker the process: it must be the main thread, takes SIGTERM and SIGINT, and
                returns when one of them has come and the runs have ended.

        Raises:
            RuntimeError: this object has started a worker already.
        """
        if self._worker is not None:
            raise RuntimeError("The worker runs already")
        self._worker = Worker(
            self.engine,
            self.dispatch,
            self.runs,
            threads=threads,
            embedded=embedded,
            lease=self._lease,
            ring=self._ring,
            sweep=self._sweep,
            shutdown=self._shutdown,
        )
        if embedded:
            self._worker.start()
            return
        try:
            self._worker.work()
        finally:
            self._worker = None

    @property
    def is_working(self) -> bool:
        """Whether the worker that was started takes jobs."""
        return self._worker is not None and self._worker.is_alive

    def stop(self) -> None:
        """Stop the embedded worker, if there is one, when its runs have reached their next `turn`.

        It blocks: a server's lifespan ends with `await asyncio.to_thread(jobs.stop)`.
        """
        if self._worker is not None:
            self._worker.stop()
            self._worker = None
