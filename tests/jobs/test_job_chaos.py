"""Kills, freezes, asks, lost bells and wiped queues, from a fixed seed; then everything must add up."""

import time

from chaos import ODDS, Chaos, Reckoning
from job_world import World, cycle_table, page_table
from queues import on_every_queue

from app.jobs import job_table

KEYS = 6
ACTIONS = 70
PAUSE = 0.08


@on_every_queue
def test_chaos_loses_and_doubles_nothing(world: World) -> None:
    on_sqlite = world.engine.dialect.name == "sqlite"
    # A process frozen while it writes to SQLite blocks all others: there, one process, never frozen.
    chaos = Chaos(world, seed=20240229, workers=1 if on_sqlite else 3, keys=KEYS, may_freeze=not on_sqlite)
    for _ in range(ACTIONS):
        chaos.act()
        time.sleep(PAUSE)  # the pace of the chaos; nothing is measured by it
    chaos.settle()

    assert chaos.did.keys() == ODDS.keys(), "a calm seed"
    assert {job.key: job.asked for job in world.rows(job_table)} == chaos.asked
    assert chaos.reckon() == Reckoning(commits=len(world.rows(page_table)))
    for key in chaos.asked:
        cycles = [row.cycle for row in world.rows(cycle_table, key)]
        assert cycles == list(range(len(cycles))) != []
