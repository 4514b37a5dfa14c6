"""Workers of their own, to be killed while they work."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from sqlalchemy import func, select, update
from world import Account, World

from app.jobs import job_table
from app.sync.tables import resource_state

WORKER = """
import json
import sys
from pathlib import Path
from app.service import Service
from app.settings import Settings
directory, url, origins = sys.argv[1:]
settings = Settings(data_dir=Path(directory), database_url=url, provider_origins=json.loads(origins))
Service(settings).jobs.run_due()
"""
DEADLINE = 120  # seconds


def worker(world: World) -> subprocess.Popen[bytes]:
    settings = world.settings
    arguments = [
        str(settings.data_dir),
        settings.resolved_database_url,
        json.dumps(settings.provider_origins),
    ]
    return subprocess.Popen([sys.executable, "-c", WORKER, *arguments], env=dict(os.environ))


def kill_when(world: World, reached: Callable[[], bool]) -> None:
    """Run a worker until it has got so far, then kill it."""
    running = worker(world)
    until = time.monotonic() + DEADLINE
    while not reached() and running.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    assert running.poll() is None, "the worker ended before it could be killed"
    running.send_signal(signal.SIGKILL)
    running.wait()


def rows_read(world: World, account: Account) -> int:
    """How many vendor rows of an account have been committed."""
    query = select(func.sum(resource_state.c.pass_rows)).where(resource_state.c.account_id == account.id)
    with world.service.reader.connect() as connection:
        return int(connection.scalar(query) or 0)


def end_lease(world: World, account: Account) -> None:
    """What 30 seconds would do: nobody holds the job any more."""
    with world.service.engine.begin() as connection:
        connection.execute(
            update(job_table)
            .where(job_table.c.key == account.id)
            .values(lease_until=0, rung_until=0, hold_until=0, due_at=0)
        )
