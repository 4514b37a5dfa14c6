"""Real processes, killed, frozen and told to stop in the middle of a page."""

import signal

from job_world import World, checkpoint_table, cycle_table, fetch_table, page_table, wait_for
from queues import on_every_queue

pytestmark = on_every_queue


def stored(world: World) -> list[tuple[int, int, int]]:
    return [(row.cycle, row.number, row.fence) for row in world.rows(page_table, "a")]


def fetched(world: World) -> list[tuple[int, int]]:
    return [(row.cycle, row.number) for row in world.rows(fetch_table, "a")]


def taken_over_at_page_three(world: World) -> None:
    assert stored(world) == [(0, number, 1 if number < 3 else 2) for number in range(6)]
    assert fetched(world) == [(0, number) for number in (0, 1, 2, 3, 3, 4, 5)]


def test_a_killed_run_goes_on_from_its_checkpoint(world: World) -> None:
    world.shut("a", 3)
    worker = world.spawn()
    world.ask("a")
    world.wait_for_fetch("a", 3)
    worker.kill()
    worker.wait()
    world.open("a")
    world.end_lease("a")
    world.spawn()
    world.wait_for_cycles("a", 1)
    taken_over_at_page_three(world)


def test_asks_in_a_killed_run_are_followed_by_one_more(world: World) -> None:
    world.shut("a", 3)
    worker = world.spawn()
    world.ask("a")
    world.wait_for_fetch("a", 3)
    world.ask("a", times=7)
    worker.kill()
    worker.wait()
    world.open("a")
    world.end_lease("a")
    world.spawn()
    world.wait_for_cycles("a", 2)
    wait_for(lambda: world.job("a").due_at is None)
    assert [(row.cycle, row.begun) for row in world.rows(cycle_table)] == [(0, 1), (1, 8)]
    assert [page[:2] for page in stored(world)] == [(cycle, n) for cycle in (0, 1) for n in range(6)]


def test_a_frozen_run_that_wakes_up_writes_nothing(world: World) -> None:
    world.shut("a", 3, 5)
    old = world.spawn()
    world.ask("a")
    world.wait_for_fetch("a", 3)
    world.freeze(old)
    world.open("a", 3)
    world.end_lease("a")
    world.spawn()
    world.wait_for_fetch("a", 5)
    old.send_signal(signal.SIGCONT)  # while the new run goes on
    world.wait_for_event("lost 1")
    world.open("a")
    world.wait_for_cycles("a", 1)
    taken_over_at_page_three(world)


def stops_at_page_three(world: World, form: str) -> int:
    """Tell a process in mid-page to stop, and give its exit code."""
    world.shut("a", 3, 4)
    process = world.spawn(form)
    world.ask("a")
    world.wait_for_fetch("a", 3)
    process.send_signal(signal.SIGTERM)
    world.wait_for_event("stopping")
    world.open("a", 3)
    code = process.wait(timeout=15)
    job = world.job("a")
    assert (job.running, job.lease_until, job.failures) == (1, 0, 0), "not put back"
    assert world.rows(checkpoint_table)[0].number == 4
    world.open("a")
    world.spawn()
    world.wait_for_cycles("a", 1)
    assert [page[:2] for page in stored(world)] == [(0, number) for number in range(6)]
    assert fetched(world) == [(0, number) for number in range(6)]
    return code


def test_a_worker_told_to_stop_puts_its_run_back(world: World) -> None:
    assert stops_at_page_three(world, "worker") == 0


def test_a_server_told_to_stop_ends_its_lifespan_and_puts_its_run_back(world: World) -> None:
    code = stops_at_page_three(world, "server")
    world.wait_for_event("lifespan ended")
    assert code in (0, -signal.SIGTERM)
