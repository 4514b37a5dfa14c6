"""Several workers synchronise several accounts while one after the other is killed."""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select, update
from world import Account, World, reseed

from app.common.models import MODELS
from app.jobs import job_table
from app.records.tables import RECORD_TABLES
from app.sync.tables import resource_state

WORKER = """
import json, sys
from pathlib import Path
from app.service import Service
from app.settings import Settings
directory, url, origins = sys.argv[1:]
settings = Settings(data_dir=Path(directory), database_url=url, provider_origins=json.loads(origins))
Service(settings).jobs.start(2, embedded=False)
"""
ACCOUNTS, WORKERS, KILLS, THREADS = 3, 3, 3, 2
DEADLINE = 120  # seconds
STORED = {"Candidate": "candidates", "Application": "applications", "ScheduledInterview": "interviews"}


class Fleet:
    def __init__(self, world: World) -> None:
        self.world = world
        self.workers: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        settings = self.world.settings
        origins = json.dumps(settings.provider_origins)
        arguments = [str(settings.data_dir), settings.resolved_database_url, origins]
        self.workers.append(
            subprocess.Popen([sys.executable, "-c", WORKER, *arguments], env=dict(os.environ))
        )

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """Kill a worker and let its leases end, as 30 seconds would."""
        worker.kill()
        worker.wait()
        self.workers.remove(worker)
        with self.world.service.engine.begin() as connection:
            connection.execute(
                update(job_table)
                .where(job_table.c.owner.endswith(f":{worker.pid}"))
                .values(lease_until=0, rung_until=0)
            )


@pytest.fixture
def fleet(world: World) -> Iterator[Fleet]:
    fleet = Fleet(world)
    yield fleet
    for worker in fleet.workers:
        worker.kill()
        worker.wait()


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
