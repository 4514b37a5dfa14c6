"""Several workers synchronise several accounts while one after the other is killed."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from running import Running, started
from sqlalchemy import func, select, update
from world import Account, World, reseed

from app.common.models import MODELS
from app.jobs import job_table
from app.records.tables import RECORD_TABLES
from app.sync.tables import resource_state

ACCOUNTS, WORKERS, KILLS, THREADS = 3, 3, 3, 2
DEADLINE = 120  # seconds
STORED = {"Candidate": "candidates", "Application": "applications", "ScheduledInterview": "interviews"}


class Fleet:
    def __init__(self, world: World, directory: Path, stack: ExitStack) -> None:
        self.world = world
        self.workers: list[Running] = []
        self._directory = directory
        self._stack = stack

    def start(self) -> None:
        variables = {**self.world.variables(), "OMNIATS_WORKER_THREADS": str(THREADS)}
        self.workers.append(self._stack.enter_context(started(self._directory, "worker", **variables)))

    def kill(self, worker: Running) -> None:
        """Kill a worker and let its leases end, as 30 seconds would."""
        worker.process.kill()
        worker.process.wait()
        self.workers.remove(worker)
        with self.world.service.engine.begin() as connection:
            connection.execute(
                update(job_table)
                .where(job_table.c.owner.endswith(f":{worker.process.pid}"))
                .values(lease_until=0, rung_until=0)
            )


@pytest.fixture
def fleet(world: World, tmp_path: Path) -> Iterator[Fleet]:
    with ExitStack() as stack:
        yield Fleet(world, tmp_path, stack)


def rows_read(world: World) -> int:
    with world.service.reader.connect() as connection:
        return int(connection.scalar(select(func.sum(resource_state.c.pass_rows))) or 0)


def wait_until_read(world: World, rows: int) -> None:
    deadline = time.monotonic() + DEADLINE
    while rows_read(world) < rows:
        assert time.monotonic() < deadline
        time.sleep(0.01)  # between two looks at what other processes do


def wait_until_done(world: World, accounts: list[Account]) -> None:
    deadline = time.monotonic() + DEADLINE
    while any(row["status"] != "DONE" for a in accounts for row in a.get("/sync-status").json()["results"]):
        assert time.monotonic() < deadline
        time.sleep(0.05)  # as above


def test_workers_that_are_killed_lose_and_double_nothing(world: World, fleet: Fleet) -> None:
    reseed(world.sandbox, candidates=120, interviews=400)
    tables = {name: len(table.rows) for name, table in world.sandbox.tables.items()}
    accounts = [world.link("v3", sync=False) for _ in range(ACCOUNTS)]
    world.sandbox.controls.received.clear()
    for _ in range(WORKERS):
        fleet.start()
    pick = random.Random(20240229)
    everything = ACCOUNTS * sum(tables[name] for name in STORED.values())
    for kill in range(1, KILLS + 1):
        wait_until_read(world, everything * kill // (KILLS + 2))
        fleet.kill(pick.choice(fleet.workers))
        fleet.start()
    wait_until_done(world, accounts)

    asked = Counter((request.path, request.query) for request in world.sent("GET", "/v3/"))
    doubled = sum(max(0, count - ACCOUNTS) for count in asked.values())
    assert doubled <= KILLS * THREADS, "only pages in flight are read twice, and no account by two workers"
    for name, table in STORED.items():
        records = RECORD_TABLES[MODELS[name].name]
        with world.service.reader.connect() as connection:
            for account in accounts:
                query = select(records.c.remote_id).where(
                    records.c.account_id == account.id, records.c.shell.is_(False)
                )
                stored = list(connection.scalars(query))
                assert sorted(stored) == sorted(map(str, world.sandbox.tables[table].rows)), name
