"""A worker that is killed in the middle of a synchronisation costs nothing but time."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter

from sqlalchemy import func, select, update
from world import Account, World, reseed

from app.common.models import MODELS
from app.jobs import job_table
from app.records.tables import RECORD_TABLES, vendor_row
from app.sync.tables import resource_state

WORKER = """
import sys
from pathlib import Path
from app.service import Service
from app.settings import Settings
directory, url, origin = sys.argv[1:]
settings = Settings(data_dir=Path(directory), database_url=url, provider_origins={"greenhouse": origin})
Service(settings).jobs.run_due()
"""
KILLS = (0.15, 0.4, 0.7)  # the shares of all vendor rows after which a worker is killed
DEADLINE = 120  # seconds


def worker(world: World) -> subprocess.Popen[bytes]:
    settings = world.settings
    origin = settings.provider_origins["greenhouse"]
    arguments = [str(settings.data_dir), settings.resolved_database_url, origin]
    return subprocess.Popen([sys.executable, "-c", WORKER, *arguments], env=dict(os.environ))


def rows_read(world: World) -> int:
    with world.service.reader.connect() as connection:
        return int(connection.scalar(select(func.sum(resource_state.c.pass_rows))) or 0)


def kill_after(world: World, rows: int) -> None:
    """Run a worker until it has committed so many rows, then kill it."""
    running = worker(world)
    until = time.monotonic() + DEADLINE
    while rows_read(world) < rows and running.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    assert running.poll() is None, "the worker ended before it could be killed"
    running.send_signal(signal.SIGKILL)
    running.wait()


def end_lease(world: World, account: Account) -> None:
    """What 30 seconds would do: nobody holds the job any more."""
    with world.service.engine.begin() as connection:
        connection.execute(
            update(job_table)
            .where(job_table.c.key == account.id)
            .values(lease_until=0, rung_until=0, hold_until=0, due_at=0)
        )


def test_killed_workers_lose_nothing_and_double_nothing(world: World) -> None:
    reseed(world.sandbox, candidates=1500, interviews=9000)
    tables = {name: len(table.rows) for name, table in world.sandbox.tables.items()}
    read = ("candidates", "applications", "interviews", "interviewers", "notes", "attachments")
    everything = sum(tables[name] for name in read)
    account = world.link("v3", sync=False)
    world.sandbox.controls.received.clear()
    for share in KILLS:
        kill_after(world, int(everything * share))
        end_lease(world, account)
    world.service.jobs.run_due()

    pages = world.sent("GET", "/v3/")
    assert len(pages) >= 50
    asked = Counter((request.path, request.query) for request in pages)
    repeated = sum(count - 1 for count in asked.values())
    assert repeated <= len(KILLS), "at most the page in flight is read twice"

    with world.service.reader.connect() as connection:
        for model, table in {
            "Candidate": "candidates",
            "Application": "applications",
            "ScheduledInterview": "interviews",
            "Activity": "notes",
            "Attachment": "attachments",
        }.items():
            records = RECORD_TABLES[MODELS[model].name]
            stored = list(connection.scalars(select(records.c.remote_id).where(records.c.shell.is_(False))))
            assert len(stored) == len(set(stored)), model
            assert set(stored) == {str(key) for key in world.sandbox.tables[table].rows}, model
        kept = connection.scalar(
            select(func.count()).select_from(vendor_row).where(vendor_row.c.resource == "interviewers")
        )
        assert kept == tables["interviewers"]
    statuses = account.get("/sync-status").json()["results"]
    assert {row["status"] for row in statuses} == {"DONE"}
