"""A process that is told to stop in mid-sync ends its page, and another goes on from there at once."""

import signal
import time
from collections import Counter
from pathlib import Path

import pytest
from running import started
from sqlalchemy import Row, select
from world import Account, World

from app.jobs import job_table

WORKER, SERVER = ("worker",), ("serve", "--port", "0")
SLOW = 0.1  # seconds the vendor takes for a page
HELD = 10.0  # likewise, for a page that nobody waits for


def wait_until_asked(world: World, pages: int) -> None:
    while len(world.sent("GET", "/v3/")) < pages:
        time.sleep(0.01)  # between two looks at what another process does


def job(world: World, account: Account) -> Row[tuple[float, int, int]]:
    row = job_table.c
    query = select(row.lease_until, row.running, row.failures)
    with world.service.reader.connect() as connection:
        return connection.execute(query.where(row.kind == "sync", row.key == account.id)).one()


@pytest.fixture
def linked(world: World) -> Account:
    account = world.link(sync=False)
    world.sandbox.controls.received.clear()
    return account


@pytest.mark.parametrize(("command", "stop"), [(WORKER, signal.SIGINT), (SERVER, signal.SIGTERM)])
def test_another_goes_on_at_once_and_reads_nothing_twice(
    world: World, linked: Account, tmp_path: Path, command: tuple[str, ...], stop: signal.Signals
) -> None:
    world.sandbox.controls.latency = SLOW
    with started(tmp_path, *command, **world.variables()) as process:
        wait_until_asked(world, 5)
        assert process.end(stop) == 0
    printed = "\n".join(process.printed)
    assert "Traceback" not in printed
    assert "stopping" in printed
    assert tuple(job(world, linked)) == (0, 1, 0), "put back, unfinished, no failure"
    world.sandbox.controls.latency = 0
    assert world.service.jobs.run_due()
    assert {row["status"] for row in linked.get("/sync-status").json()["results"]} == {"DONE"}
    asked = Counter((request.path, request.query) for request in world.sent("GET", "/v3/"))
    assert set(asked.values()) == {1}


def test_the_second_signal_waits_for_no_page(world: World, linked: Account, tmp_path: Path) -> None:
    world.sandbox.controls.latency = HELD
    with started(tmp_path, *WORKER, **world.variables()) as process:
        wait_until_asked(world, 1)
        process.process.send_signal(signal.SIGTERM)
        process.until("stopping")
        assert process.end(signal.SIGTERM) == 0
    assert "Traceback" not in "\n".join(process.printed)
    assert job(world, linked).lease_until > 0, "cut: others take it over when its lease has ended"
