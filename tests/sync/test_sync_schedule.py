"""Accounts are synchronised spread over the interval, whatever made them due together."""

import random
import uuid
from collections import Counter

import pytest
from sqlalchemy import select, update
from world import Synced

from app.jobs import job_table
from app.sync.schedule import until_next

INTERVAL = 900
MOMENT = 1_800_000_000.0
PICK = random.Random(20240229)
ACCOUNTS = [str(uuid.UUID(int=PICK.getrandbits(128), version=4)) for _ in range(5000)]


def test_what_is_due_at_once_is_spread_over_the_interval_two_runs_later() -> None:
    at = dict.fromkeys(ACCOUNTS, MOMENT)  # linked in one minute, or an outage is over
    for _ in range(2):
        at = {account: moment + until_next(account, INTERVAL, moment) for account, moment in at.items()}
    minutes = Counter((moment - MOMENT) % INTERVAL // 60 for moment in at.values())
    assert len(minutes) == INTERVAL / 60
    assert max(minutes.values()) < 1.3 * len(ACCOUNTS) / len(minutes)


def test_nobody_waits_longer_than_the_interval_nor_less_than_half_of_it() -> None:
    waits = [until_next(account, INTERVAL, MOMENT) for account in ACCOUNTS]
    assert INTERVAL / 2 <= min(waits) <= max(waits) <= INTERVAL


@pytest.mark.parametrize("took", [0.0, 0.3, 60.0, 449.0])
def test_an_account_keeps_its_place(took: float) -> None:
    """However long its runs take, as long as that is less than half of the interval."""
    account, begins = ACCOUNTS[0], []
    moment = MOMENT
    for _ in range(6):
        moment += until_next(account, INTERVAL, moment)
        begins.append(moment % INTERVAL)
        moment += took
    assert begins[2:] == pytest.approx([begins[1]] * 4)


def test_synchronisations_are_scheduled_so(synced: Synced) -> None:
    world, account = synced.world, synced.v3
    world.service.settings.sync_interval = INTERVAL
    mine = (job_table.c.key == account.id) & (job_table.c.kind == "sync")
    with world.service.engine.begin() as connection:
        connection.execute(update(job_table).where(mine).values(due_at=0))
    world.service.jobs.run_due()
    with world.service.reader.connect() as connection:
        due_at = connection.scalar(select(job_table.c.due_at).where(mine)) or 0
    place = uuid.UUID(account.id).int / 1000
    assert (due_at - place) % (INTERVAL / 2) < 60, "at its place, or half-way to it; a busy machine is slow"
