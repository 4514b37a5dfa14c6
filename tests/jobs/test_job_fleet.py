"""Several worker processes on one database."""

from inspect import signature

from job_world import World, cycle_table, fetch_table, page_table, wait_for
from queues import on_every_queue

from app.jobs import Jobs, job_table
from app.jobs.leases import LEASE, RING

WORKERS = 3
KEYS = "abcdefgh"
ROUNDS = 4
PAGES = 3


def everything_has_run(world: World, rounds: int) -> bool:
    ended = all(len(world.rows(cycle_table, key)) >= rounds for key in KEYS)
    return ended and not any(row.running for row in world.rows(job_table))


@on_every_queue
def test_what_is_due_for_all_workers_is_run_by_one(world: World) -> None:
    for key in KEYS:
        world.ask(key)
    for _ in range(WORKERS):
        world.spawn(pages=PAGES, sweep=0.02)
    for finished in range(1, ROUNDS + 1):
        wait_for(lambda finished=finished: everything_has_run(world, finished))
        if finished < ROUNDS:
            world.set_job(due_at=1, rung_until=0)  # the time of the schedule has come
    expected = [(cycle, number) for cycle in range(ROUNDS) for number in range(PAGES)]
    for key in KEYS:
        assert [(row.cycle, row.number) for row in world.rows(fetch_table, key)] == expected
        assert [(row.cycle, row.number) for row in world.rows(page_table, key)] == expected
        assert world.job(key).fence == ROUNDS, "claimed once a round"


@on_every_queue
def test_a_killed_worker_is_taken_over_by_those_that_run_already(world: World) -> None:
    world.shut("a", 1)
    killed = world.spawn(pages=PAGES, lease=1.0)
    world.ask("a")
    world.wait_for_fetch("a", 1)
    for _ in range(WORKERS - 1):
        world.spawn(pages=PAGES, lease=1.0)
    killed.kill()
    killed.wait()
    world.wait_for_fetch("a", 1, times=2)  # nobody changes a column: the lease ends by itself
    for _ in range(3):  # and nobody else takes what is held, however long it takes
        lease = world.job("a").lease_until
        wait_for(lambda lease=lease: world.job("a").lease_until > lease)
    world.open("a")
    world.wait_for_cycles("a", 1)
    assert [(row.number, row.fence) for row in world.rows(page_table)] == [(0, 1), (1, 2), (2, 2)]


def test_as_delivered_a_takeover_takes_less_than_a_minute() -> None:
    longest_wait_of_the_sweeper = 1.5 * signature(Jobs).parameters["sweep"].default
    assert LEASE + longest_wait_of_the_sweeper + RING < 60
