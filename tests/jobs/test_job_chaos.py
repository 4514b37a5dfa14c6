"""Kills, freezes, asks, lost bells and wiped queues, from a fixed seed; then everything must add up."""

import random
import signal
import subprocess
import threading
import time
from collections import Counter

from job_world import World, cycle_table, page_table, wait_for
from queues import on_every_queue
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.database import reading
from app.jobs import Jobs, ask, job_table

KEYS = "abcdef"
PAGES = 8
ACTIONS = 70
PAUSE = 0.08
FREEZE = 1.5


class Chaos:
    def __init__(self, world: World, seed: int, workers: int, may_freeze: bool) -> None:
        self.world = world
        self.random = random.Random(seed)
        self.jobs: Jobs = world.jobs(ring=0.5)
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
        actions = [(self.ask, 12), (self.kill, 1), (self.freeze, 1), (self.wipe, 1)]
        [action] = self.random.choices(*zip(*actions, strict=True))
        action()
        self.did[action.__name__] += 1

    def ask(self) -> None:
        key = self.random.choice(KEYS)
        lost = self.random.random() < 0.2
        try:
            if lost:
                with self.jobs.begin() as connection:
                    ask(connection, "pages", key)
                    connection.get_execution_options()["job_bells"].rung.clear()
            else:
                with self.jobs.begin() as connection:
                    ask(connection, "pages", key)
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


@on_every_queue
def test_chaos_loses_and_doubles_nothing(world: World) -> None:
    on_sqlite = world.engine.dialect.name == "sqlite"
    # A process frozen while it writes to SQLite blocks all others: there, one process, never frozen.
    chaos = Chaos(world, seed=20240229, workers=1 if on_sqlite else 3, may_freeze=not on_sqlite)
    for _ in range(ACTIONS):
        chaos.act()
        time.sleep(PAUSE)  # the pace of the chaos; nothing is measured by it
    chaos.settle()

    assert all(chaos.did[action] for action in ("ask", "kill", "freeze", "wipe")), "a calm seed"
    assert {job.key: job.asked for job in world.rows(job_table)} == chaos.asked
    for job in world.rows(job_table):
        assert (job.begun, job.lease_until, job.due_at) == (job.asked, 0, None)
        pages = world.rows(page_table, job.key)
        fences = [page.fence for page in pages]
        assert fences == sorted(fences)
        assert fences[-1] <= job.fence
        cycles = world.rows(cycle_table, job.key)
        assert [cycle.cycle for cycle in cycles] == list(range(len(cycles)))
        assert cycles[-1].begun == job.asked
        assert [(page.cycle, page.number) for page in pages] == [
            (cycle, number) for cycle in range(len(cycles)) for number in range(PAGES)
        ]
