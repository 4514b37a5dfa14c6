"""Chaos: workers killed and frozen, bells lost, queues wiped, while jobs are asked for; then a reckoning.

Run as a script it is longer and wilder than as a test; docs/benchmarks.md says how.
"""

import argparse
import random
import signal
import subprocess
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from job_world import World, create_tables, cycle_table, page_table, wait_for
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.database import open_engine, reading
from app.jobs import Jobs, ask, job_table

PAGES = 8
FREEZE = 1.5
ODDS = {"ask": 12, "kill": 1, "freeze": 1, "wipe": 1}


@dataclass
class Reckoning:
    """What came of it.

    Attributes:
        commits: pages that were committed.
        stale: those committed by a claim after a later claim had committed, or out of their order.
        lost: pages of ended runs that are missing.
        doubled: pages that are there once too often.
        unfollowed: jobs whose last ask no run has followed.
        held: jobs that somebody still holds, or that are still due.
    """

    commits: int = 0
    stale: int = 0
    lost: int = 0
    doubled: int = 0
    unfollowed: int = 0
    held: int = 0


class Chaos:
    def __init__(self, world: World, seed: int, *, workers: int, keys: int, may_freeze: bool) -> None:
        self.world = world
        self.random = random.Random(seed)
        self.jobs: Jobs = world.jobs(ring=0.5)
        self.keys = [f"account {number}" for number in range(keys)]
        self.asked: Counter[str] = Counter()
        self.did: Counter[str] = Counter()
        self.may_freeze = may_freeze
        self.timers: list[threading.Timer] = []
        self.workers = [self.spawn() for _ in range(workers)]

    def spawn(self) -> subprocess.Popen[bytes]:
        return self.world.spawn(
            pages=PAGES, latency=0.03, threads=3, lease=1.0, ring=0.5, sweep=0.2, slice=0.1
        )

    def act(self) -> None:
        [action] = self.random.choices(list(ODDS), list(ODDS.values()))
        getattr(self, action)()
        self.did[action] += 1

    def ask(self) -> None:
        key = self.random.choice(self.keys)
        lost = self.random.random() < 0.2
        try:
            with self.jobs.begin() as connection:
                ask(connection, "pages", key)
                if lost:
                    connection.get_execution_options()["job_bells"].rung.clear()
        except OperationalError:
            return  # a frozen process holds the row
        self.asked[key] += 1

    def kill(self) -> None:
        index = self.random.randrange(len(self.workers))
        self.workers[index].kill()
        self.workers[index].wait()
        self.workers[index] = self.spawn()

    def freeze(self) -> None:
        worker = self.random.choice(self.workers)
        if self.may_freeze:
            worker.send_signal(signal.SIGSTOP)
            self.timers.append(threading.Timer(FREEZE, worker.send_signal, [signal.SIGCONT]))
            self.timers[-1].start()

    def wipe(self) -> None:
        self.jobs.dispatch.huey.storage.flush_queue()

    def settle(self) -> None:
        for timer in self.timers:
            timer.join()
        wait_for(self.nothing_left)

    def nothing_left(self) -> bool:
        unfinished = select(job_table.c.key).where(
            (job_table.c.running == 1) | job_table.c.due_at.is_not(None)
        )
        with reading(self.world.engine).connect() as connection:
            return connection.execute(unfinished).first() is None

    def reckon(self) -> Reckoning:
        found = Reckoning()
        for key, asked in self.asked.items():
            job = self.world.job(key)
            cycles = self.world.rows(cycle_table, key)
            pages = [(page.cycle, page.number, page.fence) for page in self.world.rows(page_table, key)]
            stored = Counter(page[:2] for page in pages)
            expected = Counter((cycle, number) for cycle in range(len(cycles)) for number in range(PAGES))
            found.commits += len(pages)
            found.lost += (expected - stored).total()
            found.doubled += (stored - expected).total()
            found.stale += sum(
                after[:2] <= before[:2] or after[2] < before[2] for before, after in pairwise(pages)
            )
            found.unfollowed += not (job.begun == job.asked == asked == cycles[-1].begun)
            found.held += bool(job.lease_until or job.due_at is not None or job.running)
        return found


def _main() -> None:
    parser = argparse.ArgumentParser(description="Chaos on PostgreSQL.")
    parser.add_argument("database", help="an empty database, postgresql://...")
    parser.add_argument("--queue", help="redis://...; by default the database")
    parser.add_argument("--workers", type=int, default=6)
    parser.add_argument("--accounts", type=int, default=36)
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--pause", type=float, default=0.15, help="seconds between two deeds")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    engine = open_engine(given.database)
    create_tables(engine)
    world = World(engine, given.database, given.queue or given.database, f"chaos_{uuid.uuid4().hex}")
    chaos = Chaos(world, given.seed, workers=given.workers, keys=given.accounts, may_freeze=True)
    try:
        ended = time.monotonic() + given.seconds
        while time.monotonic() < ended:
            chaos.act()
            time.sleep(given.pause)  # the pace of the chaos
        chaos.settle()
        print(dict(chaos.did), f"asks {chaos.asked.total()}", chaos.reckon(), sep="\n")
    finally:
        world.close()


if __name__ == "__main__":
    _main()
