"""A worker that is killed while it delivers loses no event."""

import os
import signal
import subprocess
import sys
import time

import pytest
from sqlalchemy import update
from subscriber import Subscribe, Subscriber, accept, let_pass
from world import World

from app.jobs import job_table
from app.webhooks.deliver import ROUND
from app.webhooks.outbox import announce

pytestmark = pytest.mark.usefixtures("private_targets")
WORKER = """
import sys
from pathlib import Path
from app.service import Service
from app.settings import Settings
directory, url = sys.argv[1:]
Service(Settings(data_dir=Path(directory), database_url=url, allow_private_targets=True)).jobs.run_due()
"""
EVENTS = 1_500
KILLS = (60, 500, 1_000)  # requests after which a worker is killed
FAILING = 120  # requests at the beginning that the subscriber does not accept
DEADLINE = 120  # seconds


def killed_after(world: World, subscriber: Subscriber, requests: int) -> None:
    arguments = [str(world.settings.data_dir), world.settings.resolved_database_url]
    running = subprocess.Popen([sys.executable, "-c", WORKER, *arguments], env=dict(os.environ))
    until = time.monotonic() + DEADLINE
    while len(subscriber.received) < requests and running.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    assert running.poll() is None, "the worker ended before it could be killed"
    running.send_signal(signal.SIGKILL)
    running.wait()
    with world.service.engine.begin() as connection:  # what 30 seconds would do
        values = {"lease_until": 0, "rung_until": 0, "hold_until": 0, "due_at": 0}
        connection.execute(update(job_table).where(job_table.c.kind == "deliver").values(values))


@pytest.mark.contract("11.3")
def test_killed_workers_lose_no_event(world: World, subscriber: Subscriber, subscribe: Subscribe) -> None:
    hook = subscribe("Issue.new")
    with world.service.jobs.begin() as connection:
        for number in range(EVENTS):
            announce(connection, None, "Issue.new", {"number": number})
    subscriber.answer = lambda number, _: 500 if number < FAILING else 200
    for requests in KILLS:
        killed_after(world, subscriber, requests)
        let_pass(world, 60)
    subscriber.answer = accept
    while world.service.jobs.run_due():
        let_pass(world, 60)
        if {d["state"] for d in hook.deliveries()} == {"DELIVERED"}:
            break

    accepted = {h.id: h.body["data"]["number"] for h in subscriber.accepted}
    assert sorted(accepted.values()) == list(range(EVENTS)), "once for each delivery id"
    assert accepted.keys() == {d["id"] for d in hook.deliveries()}
    assert {d["state"] for d in hook.deliveries()} == {"DELIVERED"}
    repeated = len(subscriber.accepted) - EVENTS
    assert repeated <= len(KILLS) * ROUND, "at most the rounds in which it was killed are sent again"
    assert all(h.is_signed_with(hook.key) for h in subscriber.received[:: EVENTS // 50])
