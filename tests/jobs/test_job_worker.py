"""A worker inside this process."""

import logging
import threading

import pytest
from job_world import Pages, World, cycle_table, page_table, wait_for
from queues import on_every_queue
from sqlalchemy import select, text, update

from app.jobs import Job, Jobs, Later, ask, fence, got_on, job_table
from app.jobs.clock import Now


def ask_all(jobs: Jobs, kind: str, keys: list[str]) -> None:
    with jobs.begin() as connection:
        for key in keys:
            ask(connection, kind, key)


@on_every_queue
def test_a_bell_starts_a_run_without_the_sweeper(world: World) -> None:
    jobs = world.jobs(sweep=1e9)
    ran = threading.Event()
    jobs.handler("pages")(lambda _job: ran.set())
    jobs.start(2)
    ask_all(jobs, "pages", ["a"])
    assert ran.wait(10)
    wait_for(lambda: not world.job("a").running)


@on_every_queue
def test_what_is_due_is_run_without_a_bell(world: World) -> None:
    jobs = world.jobs()
    jobs.handler("pages")(Pages(jobs, 3))
    jobs.start(2)
    world.ask("a")
    world.wait_for_cycles("a", 1)
    assert [(row.number, row.fence) for row in world.rows(page_table)] == [(0, 1), (1, 1), (2, 1)]


def test_slow_jobs_do_not_block_others(world: World) -> None:
    """Ten slow jobs, due first, give up their thread after each page, and stand in line again."""
    jobs = world.jobs(slice=0)
    order: list[str] = []
    left = dict.fromkeys((f"slow {number}" for number in range(10)), 10)
    lock = threading.Lock()

    @jobs.handler("pages")
    def pages(job: Job) -> None:
        with lock:
            order.append(job.key)
        while left.get(job.key, 0):
            left[job.key] -= 1
            jobs.turn(job)

    fast = [f"fast {number}" for number in range(190)]
    with world.engine.begin() as connection:
        for key in [*left, *fast]:
            ask(connection, "pages", key)
    world.set_job(due_at=2)
    for key in left:
        world.set_job(key, due_at=1)
    jobs.start(2)
    wait_for(lambda: all(row.due_at is None and not row.running for row in world.rows(job_table)))
    assert sorted(key for key in order if key.startswith("fast")) == sorted(fast)
    assert {key: order.count(key) for key in left} == dict.fromkeys(left, 11), "one page a turn"
    before_the_last_fast = order[: order.index(next(key for key in reversed(order) if "fast" in key))]
    slow_turns = sum(key.startswith("slow") for key in before_the_last_fast)
    assert slow_turns <= 30, "slow jobs went ahead of jobs that had waited longer"


@on_every_queue
def test_the_queue_is_kept_short(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = world.jobs()
    lengths = [0]
    held = threading.Event()
    call = jobs.dispatch.call

    def count(kind: str, key: str) -> None:
        call(kind, key)
        lengths.append(jobs.dispatch.pending())

    monkeypatch.setattr(jobs.dispatch, "call", count)
    jobs.handler("pages")(lambda _job: held.wait(30) and None)
    for number in range(60):
        world.ask(str(number))
    jobs.start(2)
    wait_for(lambda: len(lengths) > 8)
    held.set()
    wait_for(lambda: all(job.fence and not job.running for job in map(world.job, map(str, range(60)))))
    assert max(lengths) <= 8


@on_every_queue
def test_a_wiped_queue_costs_one_ring(world: World) -> None:
    jobs = world.jobs()
    jobs.handler("pages")(Pages(jobs, 1))
    ask_all(jobs, "pages", ["a", "b", "c"])
    jobs.dispatch.huey.storage.flush_queue()
    with world.engine.begin() as connection:
        ask(connection, "pages", "d")
    jobs.start(2)
    world.wait_for_cycles("d", 1)
    assert len(world.rows(cycle_table)) == 1
    world.set_job(rung_until=1)
    for key in "abc":
        world.wait_for_cycles(key, 1)
    assert len(world.rows(cycle_table)) == 4


def test_a_dropped_queue_table_is_made_again(world: World) -> None:
    jobs = world.jobs()
    jobs.handler("pages")(Pages(jobs, 1))
    jobs.start(1)
    storage = jobs.dispatch.huey.storage
    storage.sql("drop table " + ("task" if world.queue.startswith("sqlite") else storage.table_task))
    ask_all(jobs, "pages", ["a"])
    world.set_job(rung_until=1)
    wait_for(lambda: world.set_job(rung_until=1) or world.rows(cycle_table))


def test_a_thread_that_died_is_replaced(world: World) -> None:
    jobs = world.jobs()
    runs: list[int] = []

    @jobs.handler("pages")
    def pages(job: Job) -> None:
        runs.append(job.fence)
        if job.fence == 1:
            raise SystemExit

    jobs.start(1)
    ask_all(jobs, "pages", ["a"])
    wait_for(lambda: runs == [1] and not jobs.runs.any_left())
    world.end_lease("a")
    wait_for(lambda: runs == [1, 2] and not world.job("a").running)


def test_starting_replaces_no_thread(world: World, caplog: pytest.LogCaptureFixture) -> None:
    jobs = world.jobs(sweep=0.001)
    ran = threading.Event()
    jobs.handler("pages")(lambda _job: ran.set())
    jobs.start(4)
    ask_all(jobs, "pages", ["a"])
    assert ran.wait(10)
    assert "died" not in caplog.text
    with pytest.raises(RuntimeError, match="already"):
        jobs.start(1)


@on_every_queue
def test_stop_puts_the_run_back_and_the_next_start_goes_on(world: World) -> None:
    jobs = world.jobs()
    jobs.handler("pages")(Pages(jobs, 6))
    world.shut("a", 3)
    jobs.start(2)
    ask_all(jobs, "pages", ["a"])
    world.wait_for_fetch("a", 3)
    stopping = threading.Thread(target=jobs.stop)
    stopping.start()
    wait_for(jobs.runs.stopping.is_set)
    world.open("a")
    stopping.join(20)
    assert not stopping.is_alive()
    job = world.job("a")
    assert (job.running, job.lease_until, job.failures, len(world.rows(page_table))) == (1, 0, 0, 4)
    jobs.start(2)
    world.wait_for_cycles("a", 1)
    assert [row.number for row in world.rows(page_table)] == [0, 1, 2, 3, 4, 5]


def test_a_call_taken_while_stopping_is_given_back(world: World) -> None:
    jobs = world.jobs()
    jobs.handler("pages")(Pages(jobs, 1))
    ask_all(jobs, "pages", ["a"])
    assert world.job("a").rung_until > 0
    jobs.runs.stopping.set()
    jobs.runs.answer("pages", "a")
    assert (world.job("a").fence, world.job("a").rung_until) == (0, 0)


def test_a_page_longer_than_its_lease_keeps_it(world: World) -> None:
    jobs = world.jobs(lease=0.6)
    jobs.handler("pages")(Pages(jobs, 2))
    world.shut("a", 1)
    jobs.start(2)
    ask_all(jobs, "pages", ["a"])
    world.wait_for_fetch("a", 1)
    for _ in range(4):
        lease = world.job("a").lease_until
        wait_for(lambda lease=lease: world.job("a").lease_until > lease)
    world.open("a")
    world.wait_for_cycles("a", 1)
    assert [(row.number, row.fence) for row in world.rows(page_table)] == [(0, 1), (1, 1)]


def test_a_failure_is_held_and_stored_and_logged_without_secrets(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    jobs = world.jobs(redact=lambda text: text.replace("hunter2", "***"))

    @jobs.handler("pages")
    def pages(job: Job) -> None:
        raise ValueError("hunter2 " + "x" * 1000)

    for failures in (1, 2):
        world.ask("a")
        assert jobs.run_due() == 1
        job = world.job("a")
        assert (job.failures, job.running, job.lease_until) == (failures, 1, 0)
        assert job.error.startswith("ValueError('*** x")
        assert len(job.error) == 500
        assert jobs.run_due() == 0
        world.set_job("a", hold_until=0)
    assert "hunter2" not in caplog.text
    record = next(record for record in caplog.records if record.name == "app.jobs.runs")
    assert (record.levelno, vars(record)["kind"], vars(record)["key"], vars(record)["fence"]) == (
        logging.ERROR,
        "pages",
        "a",
        1,
    )


def test_a_job_without_a_handler_is_held(world: World) -> None:
    jobs = world.jobs()
    world.ask("a")
    assert jobs.runs.run("pages", "a")
    assert "no handler" in world.job("a").error
    assert world.job("a").failures == 1


def test_later_holds_the_run_and_is_no_failure(world: World) -> None:
    jobs = world.jobs()

    @jobs.handler("pages")
    def pages(job: Job) -> None:
        raise Later(1000)

    world.ask("a")
    assert jobs.run_due() == 1
    world.ask("a")
    assert jobs.run_due() == 0
    job = world.job("a")
    assert (job.failures, job.error, job.running) == (0, None, 1)


def test_waits_of_no_known_length_grow_until_the_run_gets_on(world: World) -> None:
    jobs = world.jobs()
    gets_on = False

    @jobs.handler("pages")
    def pages(job: Job) -> None:
        if gets_on:
            with jobs.begin() as connection:
                fence(connection, job)
                got_on(connection, job)
        raise Later(None)

    def held() -> float:
        with world.engine.begin() as connection:
            connection.execute(update(job_table).values(hold_until=0, due_at=0))
        assert jobs.run_due() == 1
        with world.engine.connect() as connection:
            return float(connection.scalar(select(job_table.c.hold_until - Now())))

    world.ask("a")
    for least, most in ((3, 6), (11, 18), (35, 54), (107, 162)):
        assert least < held() <= most
    gets_on = True
    assert 3 < held() <= 6
    assert (world.job("a").failures, world.job("a").error) == (0, None)


def test_run_due_follows_what_runs_ask_for(world: World) -> None:
    jobs = world.jobs()
    keys: list[str] = []

    @jobs.handler("pages")
    def pages(job: Job) -> float:
        keys.append(job.key)
        if job.key == "a":
            with jobs.begin() as connection:
                ask(connection, "pages", "b")
        return 100.0

    world.ask("a")
    assert jobs.run_due() == 2
    assert keys == ["a", "b"]
    with world.engine.connect() as connection:
        assert connection.execute(text("select count(*) from job where due_at is not null")).scalar() == 2


def test_a_kind_has_one_handler(world: World) -> None:
    jobs = world.jobs()
    jobs.handler("pages")(lambda _job: None)
    with pytest.raises(ValueError, match="already"):
        jobs.handler("pages")(lambda _job: None)
