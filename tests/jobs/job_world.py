"""What the job tests share: jobs that fetch and store pages, gates that hold them, and processes.

Run as a script it is a worker: `python job_world.py worker|server OPTIONS_AS_JSON`.
"""

import asyncio
import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Engine, Integer, MetaData, Row, Table, Text, insert, make_url, select, update

from app.database import metadata, open_engine, reading
from app.jobs import Job, Jobs, Lost, ask, fence, job_table

PATIENCE = 60.0
"""Seconds after which a condition that has not come true fails a test."""

_tables = MetaData()
fetch_table = Table(  # each call to the vendor, committed or not
    "fetch",
    _tables,
    Column("id", Integer, primary_key=True),
    Column("key", Text),
    Column("cycle", Integer),
    Column("number", Integer),
    Column("fence", Integer),
)
page_table = Table(
    "page",
    _tables,
    Column("id", Integer, primary_key=True),
    Column("key", Text),
    Column("cycle", Integer),
    Column("number", Integer),
    Column("fence", Integer),
)
checkpoint_table = Table(
    "checkpoint",
    _tables,
    Column("key", Text, primary_key=True),
    Column("cycle", Integer),
    Column("number", Integer),
)
cycle_table = Table(  # each run that has ended, and the asks it answered
    "cycle",
    _tables,
    Column("id", Integer, primary_key=True),
    Column("key", Text),
    Column("cycle", Integer),
    Column("begun", Integer),
)
gate_table = Table("gate", _tables, Column("key", Text), Column("number", Integer))
event_table = Table("event", _tables, Column("id", Integer, primary_key=True), Column("name", Text))


def create_tables(engine: Engine) -> None:
    metadata.create_all(engine, tables=[job_table])
    _tables.create_all(engine)


def wait_for(condition: Callable[[], Any]) -> Any:
    """Poll until the condition is true, and return what it gave."""
    deadline = time.monotonic() + PATIENCE
    while not (value := condition()):
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.01)  # between two looks at what another process does
    return value


@dataclass
class Options:
    """How a worker process is set up."""

    database: str
    queue: str
    name: str
    threads: int = 2
    pages: int = 6
    latency: float = 0.0
    lease: float = 30.0
    ring: float = 10.0
    sweep: float = 0.1
    slice: float = 20.0


@dataclass
class World:
    """One database with its jobs, as the test sees it."""

    engine: Engine
    database: str
    queue: str
    name: str  # the queue's
    jobs_made: list[Jobs] = field(default_factory=list)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def jobs(self, **options: Any) -> Jobs:
        defaults = {"secret": "test", "name": self.name, "sweep": 0.1}
        jobs = Jobs(self.engine, self.queue, **{**defaults, **options})
        self.jobs_made.append(jobs)
        return jobs

    def spawn(self, form: str = "worker", **options: Any) -> subprocess.Popen[bytes]:
        """Start a process that works on the jobs of kind "pages"."""
        root = str(Path(__file__).parents[2])
        process = subprocess.Popen(
            [
                sys.executable,
                __file__,
                form,
                json.dumps(asdict(Options(self.database, self.queue, self.name, **options))),
            ],
            cwd=root,
            env={**os.environ, "PYTHONPATH": root},
        )
        self.processes.append(process)
        return process

    def freeze(self, process: subprocess.Popen[bytes]) -> None:
        """Stop a process at a moment at which it holds no lock on an SQLite file."""
        while True:
            process.send_signal(signal.SIGSTOP)
            os.waitpid(process.pid, os.WUNTRACED)  # all its threads stand still
            if not any(is_locked(url) for url in (self.database, self.queue)):
                return
            process.send_signal(signal.SIGCONT)

    def rows(self, table: Table, key: str | None = None) -> list[Row[Any]]:
        statement = select(table)
        if key is not None:
            statement = statement.where(table.c.key == key)
        if "id" in table.c:
            statement = statement.order_by(table.c.id)
        with reading(self.engine).connect() as connection:
            return list(connection.execute(statement))

    def job(self, key: str) -> Row[Any]:
        return self.rows(job_table, key)[0]

    def ask(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            with self.engine.begin() as connection:
                ask(connection, "pages", key)

    def set_job(self, key: str | None = None, **values: Any) -> None:
        """Let time pass, by changing the columns."""
        statement = update(job_table).values(**values)
        with self.engine.begin() as connection:
            connection.execute(statement if key is None else statement.where(job_table.c.key == key))

    def end_lease(self, key: str) -> None:
        self.set_job(key, lease_until=1)

    def shut(self, key: str, *numbers: int) -> None:
        """Hold runs in the middle of these pages."""
        with self.engine.begin() as connection:
            for number in numbers:
                connection.execute(insert(gate_table).values(key=key, number=number))

    def open(self, key: str, number: int | None = None) -> None:
        statement = gate_table.delete().where(gate_table.c.key == key)
        with self.engine.begin() as connection:
            connection.execute(
                statement if number is None else statement.where(gate_table.c.number == number)
            )

    def wait_for_fetch(self, key: str, number: int, times: int = 1) -> None:
        wait_for(lambda: sum(row.number == number for row in self.rows(fetch_table, key)) >= times)

    def wait_for_event(self, name: str) -> None:
        wait_for(lambda: any(row.name == name for row in self.rows(event_table)))

    def wait_for_cycles(self, key: str, cycles: int) -> None:
        wait_for(lambda: len(self.rows(cycle_table, key)) >= cycles and not self.job(key).running)

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait()
        for jobs in self.jobs_made:
            jobs.stop()
            jobs.dispatch.huey.storage.flush_queue()  # a Redis outlives the test
            jobs.dispatch.close()
        self.engine.dispose()


class Pages:
    """The handler of kind "pages": fetches and stores one page after the other, from its checkpoint."""

    def __init__(self, jobs: Jobs, pages: int, latency: float = 0.0) -> None:
        self.jobs = jobs
        self.pages = pages
        self.latency = latency

    def __call__(self, job: Job) -> None:
        cycle, number = self._checkpoint(job)
        while number < self.pages:
            self._fetch(job, cycle, number)
            self._store(job, cycle, number)
            number += 1
            if number < self.pages:
                self.jobs.turn(job)
        self._end(job, cycle)

    def _checkpoint(self, job: Job) -> tuple[int, int]:
        with self.jobs.begin() as connection:
            fence(connection, job)
            row = connection.execute(
                select(checkpoint_table.c.cycle, checkpoint_table.c.number).where(
                    checkpoint_table.c.key == job.key
                )
            ).first()
            if row is None:
                connection.execute(insert(checkpoint_table).values(key=job.key, cycle=0, number=0))
            return (0, 0) if row is None else (row[0], row[1])

    def _fetch(self, job: Job, cycle: int, number: int) -> None:
        with self.jobs.engine.begin() as connection:
            values = {"key": job.key, "cycle": cycle, "number": number, "fence": job.fence}
            connection.execute(insert(fetch_table).values(values))
        time.sleep(self.latency)  # the vendor's, as work to interrupt
        told = False
        while self._is_shut(job, number):
            if self.jobs.runs.stopping.is_set() and not told:
                tell(self.jobs.engine, "stopping")
                told = True
            time.sleep(0.01)

    def _is_shut(self, job: Job, number: int) -> bool:
        statement = select(gate_table.c.key).where(gate_table.c.key == job.key, gate_table.c.number == number)
        with reading(self.jobs.engine).connect() as connection:
            return connection.execute(statement).first() is not None

    def _store(self, job: Job, cycle: int, number: int) -> None:
        try:
            with self.jobs.begin() as connection:
                fence(connection, job)
                values = {"key": job.key, "cycle": cycle, "number": number, "fence": job.fence}
                connection.execute(insert(page_table).values(values))
                self._move(connection, job, cycle, number + 1)
        except Lost:
            tell(self.jobs.engine, f"lost {job.fence}")
            raise

    def _end(self, job: Job, cycle: int) -> None:
        with self.jobs.begin() as connection:
            fence(connection, job)
            begun = connection.execute(
                select(job_table.c.begun).where(job_table.c.kind == job.kind, job_table.c.key == job.key)
            ).scalar_one()
            connection.execute(insert(cycle_table).values(key=job.key, cycle=cycle, begun=begun))
            self._move(connection, job, cycle + 1, 0)

    @staticmethod
    def _move(connection: Any, job: Job, cycle: int, number: int) -> None:
        connection.execute(
            update(checkpoint_table)
            .where(checkpoint_table.c.key == job.key)
            .values(cycle=cycle, number=number)
        )


def is_locked(url: str) -> bool:
    """Whether another process holds the write lock of an SQLite file."""
    path = make_url(url).database
    if path is None or not url.startswith("sqlite"):
        return False
    connection = sqlite3.connect(path, timeout=0.1, isolation_level=None)
    try:
        connection.execute("begin immediate")
    except sqlite3.OperationalError:
        return True
    finally:
        connection.close()
    return False


def tell(engine: Engine, name: str) -> None:
    with engine.begin() as connection:
        connection.execute(insert(event_table).values(name=name))


def _make_jobs(options: Options) -> Jobs:
    jobs = Jobs(
        open_engine(options.database),
        options.queue,
        "test",
        name=options.name,
        lease=options.lease,
        ring=options.ring,
        sweep=options.sweep,
        slice=options.slice,
    )
    jobs.handler("pages")(Pages(jobs, options.pages, options.latency))
    return jobs


def _serve(jobs: Jobs, threads: int) -> None:
    import uvicorn
    from fastapi import FastAPI

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        jobs.start(threads)
        yield
        await asyncio.to_thread(jobs.stop)
        await asyncio.to_thread(tell, jobs.engine, "lifespan ended")

    uvicorn.run(FastAPI(lifespan=lifespan), host="127.0.0.1", port=0, log_level="warning")


def _main() -> None:
    form, options = sys.argv[1], Options(**json.loads(sys.argv[2]))
    jobs = _make_jobs(options)
    if form == "server":
        _serve(jobs, options.threads)
    else:
        jobs.start(options.threads, embedded=False)


if __name__ == "__main__":
    _main()
