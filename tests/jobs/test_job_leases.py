"""The rules of the rows, with time driven by changing the columns."""

import threading
from contextlib import suppress
from typing import Any

from job_world import World, wait_for
from sqlalchemy import func, select, text

from app.jobs import Job, Lost, ask, ask_last, fence, job_table, pause, remove, resume
from app.jobs.clock import Now
from app.jobs.leases import Bells, claim, collect_bells, finish, put_back, renew, sweep


def claim_now(world: World, key: str = "a", lease: float = 30.0) -> Job | None:
    with world.engine.begin() as connection:
        return claim(connection, "pages", key, "test", lease)


def claimed(world: World, key: str = "a") -> Job:
    job = claim_now(world, key)
    assert job is not None
    return job


def finish_now(world: World, job: Job, again: float | None = None) -> Bells:
    with world.engine.begin() as connection:
        bells = collect_bells(connection)
        finish(connection, job, again)
    return bells


def put_back_now(world: World, job: Job, seconds: float, error: str | None = None) -> Bells:
    with world.engine.begin() as connection:
        bells = collect_bells(connection)
        put_back(connection, job, seconds, error)
    return bells


def call(world: World, function: Any, key: str = "a") -> Bells:
    with world.engine.begin() as connection:
        bells = collect_bells(connection)
        function(connection, "pages", key)
    return bells


def is_current(world: World, job: Job) -> bool:
    with suppress(Lost), world.engine.begin() as connection:
        fence(connection, job)
        return True
    return False


def seconds_from_now(world: World, column: str, key: str = "a") -> float:
    with world.engine.begin() as connection:
        statement = select(job_table.c[column] - Now()).where(job_table.c.key == key)
        return float(connection.execute(statement).scalar_one())


def test_the_clock_is_that_of_the_database(world: World) -> None:
    on_postgresql = world.engine.dialect.name == "postgresql"
    seconds = text(
        "select floor(extract(epoch from clock_timestamp()))"
        if on_postgresql
        else "select cast(strftime('%s', 'now') as integer)"
    )
    with world.engine.begin() as connection:
        before = connection.execute(seconds).scalar_one()
        now = connection.execute(select(Now())).scalar_one()
        after = connection.execute(seconds).scalar_one()
    assert float(before) - 0.001 <= now <= float(after) + 1


def test_asks_before_and_in_a_run_give_two_runs(world: World) -> None:
    world.ask("a")
    first = claimed(world)
    world.ask("a", times=7)
    finish_now(world, first)
    second = claimed(world)
    finish_now(world, second)
    assert claim_now(world) is None
    assert second.fence == first.fence + 1


def test_asks_in_a_run_taken_over_give_two_runs(world: World) -> None:
    world.ask("a")
    old = claimed(world)
    world.ask("a", times=7)
    world.end_lease("a")
    new = claimed(world)
    assert not is_current(world, old)
    finish_now(world, old)
    assert is_current(world, new)
    finish_now(world, new)
    finish_now(world, claimed(world))
    assert claim_now(world) is None


def test_an_ask_in_a_run_put_back_is_followed_by_one_more_run(world: World) -> None:
    world.ask("a")
    put_back_now(world, claimed(world), 0)
    world.ask("a")
    finish_now(world, claimed(world))
    finish_now(world, claimed(world))
    assert claim_now(world) is None


def test_one_job_is_run_by_one_worker(world: World) -> None:
    world.ask("a")
    claimed(world)
    world.ask("a")
    assert claim_now(world) is None


def test_an_ask_does_not_shorten_a_hold(world: World) -> None:
    world.ask("a")
    put_back_now(world, claimed(world), 100)
    assert call(world, ask).rung == []
    assert claim_now(world) is None
    world.set_job("a", hold_until=0)
    assert claimed(world).failures == 0


def test_an_ask_brings_a_job_forward_and_never_postpones_it(world: World) -> None:
    with world.engine.begin() as connection:
        ask(connection, "pages", "a", delay=100)
        ask(connection, "pages", "a", delay=1000)
    assert 0 < seconds_from_now(world, "due_at") <= 100
    assert claim_now(world) is None
    world.ask("a")
    claimed(world)


def test_the_next_run_is_due_after_the_seconds_that_a_handler_returned(world: World) -> None:
    world.ask("a")
    finish_now(world, claimed(world), 900)
    assert 800 < seconds_from_now(world, "due_at") <= 900
    world.ask("a")
    finish_now(world, claimed(world), None)
    assert world.job("a").due_at is None
    world.ask("a")
    claimed(world)


def test_a_fence_renews_the_lease(world: World) -> None:
    world.ask("a")
    job = claimed(world)
    world.set_job("a", lease_until=1)
    assert is_current(world, job)
    assert 20 < seconds_from_now(world, "lease_until") <= 30


def test_leases_are_renewed_beside_a_run_that_is_committing(world: World) -> None:
    jobs = []
    for key in ("committing", "elsewhere", "lost"):
        world.ask(key)
        jobs.append(claimed(world, key))
        world.set_job(key, lease_until=1)
    world.set_job("lost", fence=9)
    with world.engine.connect() as page:  # SQLite has one writer at a time: there nobody can be committing
        if page.dialect.name == "postgresql":
            fence(page, jobs[0])
        with world.engine.begin() as connection:
            renew(connection, jobs)
    assert 20 < seconds_from_now(world, "lease_until", "elsewhere") <= 30
    assert world.job("lost").lease_until == 1


def test_a_paused_run_is_lost_and_goes_on_after_its_lease(world: World) -> None:
    world.ask("a")
    job = claimed(world)
    call(world, pause)
    assert not is_current(world, job)
    world.end_lease("a")
    world.ask("a")
    assert claim_now(world) is None
    world.set_job("a", lease_until=seconds_from_now(world, "due_at") + 1e10)
    assert call(world, resume).rung == []
    assert claim_now(world) is None
    world.end_lease("a")
    assert claimed(world).fence == job.fence + 1


def test_an_idle_job_resumed_rings(world: World) -> None:
    world.ask("a")
    call(world, pause)
    with world.engine.begin() as connection:
        assert sweep(connection, 10) == []
    assert call(world, resume).rung == [("pages", "a")]


def test_a_removed_run_is_lost_and_does_not_come_back(world: World) -> None:
    world.ask("a")
    job = claimed(world)
    call(world, remove)
    assert not is_current(world, job)
    finish_now(world, job, 1)
    put_back_now(world, job, 1)
    assert world.rows(job_table) == []


def test_an_ended_run_cannot_write(world: World) -> None:
    world.ask("a")
    job = claimed(world)
    finish_now(world, job)
    assert not is_current(world, job)


def test_failures_are_counted_until_a_run_finishes(world: World) -> None:
    world.ask("a")
    for failures in range(3):
        job = claimed(world)
        assert job.failures == failures
        put_back_now(world, job, 0, "broken")
    assert world.job("a").error == "broken"
    finish_now(world, claimed(world))
    assert (world.job("a").failures, world.job("a").error) == (0, None)


def test_a_row_is_rung_for_once_until_it_is_claimed(world: World) -> None:
    with world.engine.begin() as connection:
        bells = collect_bells(connection)
        for _ in range(100):
            ask(connection, "pages", "a")
    assert bells.rung == [("pages", "a")]
    assert call(world, ask).rung == []
    finish_now(world, claimed(world))
    assert call(world, ask).rung == [("pages", "a")]
    world.set_job("a", rung_until=1)
    assert call(world, ask).rung == [("pages", "a")]


def test_without_anyone_to_ring_the_sweeper_finds_the_row(world: World) -> None:
    world.ask("a")
    with world.engine.begin() as connection:
        assert sweep(connection, 10) == [("pages", "a")]


def test_a_run_that_goes_on_rings_only_when_nothing_else_waits(world: World) -> None:
    world.ask("a")
    job = claimed(world)
    world.ask("b")
    world.set_job("b", due_at=1)  # SQLite's clock knows milliseconds: both may be due in the same one
    assert put_back_now(world, job, 0).rung == []
    with world.engine.begin() as connection:
        assert sweep(connection, 10) == [("pages", "b"), ("pages", "a")]
    assert put_back_now(world, claimed(world), 0).rung == [("pages", "a")]
    job = claimed(world)
    world.ask("a")
    assert finish_now(world, job).rung == [("pages", "a")]


def test_the_sweep_takes_the_oldest_of_what_is_ready(world: World) -> None:
    for key in "abcdefgh":
        world.ask(key)
    for age, key in enumerate("hgfedabc"):
        world.set_job(key, due_at=age + 1)
    call(world, pause, "h")
    world.set_job("g", hold_until=1e12)
    claimed(world, "f")
    with world.engine.begin() as connection:
        assert sweep(connection, 3) == [("pages", "e"), ("pages", "d"), ("pages", "a")]
        assert sweep(connection, 10) == [("pages", "b"), ("pages", "c")]
        assert sweep(connection, 10) == []
    world.set_job(rung_until=1)
    with world.engine.begin() as connection:
        assert len(sweep(connection, 10)) == 5


def test_a_claim_waits_for_an_ask_that_is_not_committed(world: World) -> None:
    world.ask("a")
    claims: list[Job | None] = []
    claiming = threading.Thread(target=lambda: claims.append(claim_now(world)))
    with world.engine.begin() as connection:
        ask(connection, "pages", "a")
        claiming.start()
        if world.engine.dialect.name == "postgresql":
            waiting = select(func.count()).select_from(text("pg_locks")).where(text("not granted"))
            wait_for(lambda: connection.execute(waiting).scalar_one())
    claiming.join()
    assert claims != [None]


def test_what_is_asked_last_is_asked_once_and_just_before_the_commit(world: World) -> None:
    everything = select(job_table.c.key, job_table.c.asked).order_by(job_table.c.key)
    jobs = world.jobs()
    with jobs.begin() as connection:
        for key in ("b", "a", "b"):
            ask_last(connection, "pages", key)
        assert connection.execute(everything).all() == []
    with world.engine.connect() as connection:
        assert connection.execute(everything).all() == [("a", 1), ("b", 1)]
    with suppress(ZeroDivisionError), jobs.begin() as connection:
        ask_last(connection, "pages", "c")
        raise ZeroDivisionError
    with world.engine.begin() as connection:
        ask_last(connection, "pages", "d")  # nobody waits for the commit here: asked at once
        assert [row.key for row in connection.execute(everything)] == ["a", "b", "d"]
