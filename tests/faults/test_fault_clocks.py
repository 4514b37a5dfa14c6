"""Clocks that differ: the vendor's from ours, and those of our processes from each other's.

Jobs go by the database's clock alone: `test_the_clock_is_that_of_the_database` in
`tests/jobs/test_job_leases.py`. Dates in `Retry-After`: `test_fault_limits.py`.
"""

from datetime import UTC, datetime, timedelta

import pytest
from fault_world import ROOM, Scene, content

from app.accounts.tokens import StoredTokens
from app.common.times import now
from sandboxes.instants import utc_now

SKEW = timedelta(minutes=10)
AHEAD, BEHIND = SKEW, -SKEW


def at_the_vendor(scene: Scene, monkeypatch: pytest.MonkeyPatch, skew: timedelta) -> None:
    """Set the vendor's clock."""
    monkeypatch.setattr(scene.world.sandbox, "clock", lambda: utc_now() + skew)
    monkeypatch.setattr(scene.world.sandbox, "_last", datetime.min.replace(tzinfo=UTC))


def here(monkeypatch: pytest.MonkeyPatch, skew: timedelta) -> None:
    """Set the clock of the process that synchronises."""
    micros = int(skew.total_seconds() * 1_000_000)
    for module in ("app.accounts.clock", "app.sync.passes", "app.sync.state", "app.sync.run"):
        monkeypatch.setattr(f"{module}.now", lambda: now() + micros)


def test_a_vendor_whose_clock_is_behind(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """What changes after a pass is dated before it."""
    scene.run(scene.hurt)
    at_the_vendor(scene, monkeypatch, BEHIND)
    scene.change()
    scene.run()
    assert (scene.room(), scene.room(scene.other)) == (ROOM, ROOM)


def test_a_vendor_whose_clock_is_ahead(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """What changes is dated after the passes that come next, and read by the first that is not."""
    scene.run()
    at_the_vendor(scene, monkeypatch, AHEAD)
    scene.change()
    for minutes in (0, 5, 11):
        here(monkeypatch, timedelta(minutes=minutes))
        scene.run()
    assert (scene.room(), scene.room(scene.other)) == (ROOM, ROOM)


def test_a_process_of_ours_whose_clock_is_ahead(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """One process reads, the vendor changes something, and a process that has the right time reads."""
    with monkeypatch.context() as wrong:
        here(wrong, AHEAD)
        scene.run(scene.hurt)
    before = content(scene.hurt, scene.changed)
    scene.change()
    scene.run(scene.hurt)
    scene.is_whole(before)


@pytest.mark.parametrize("skew", [AHEAD, BEHIND])
def test_two_processes_whose_clocks_differ_never_ask_for_a_token_at_once(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, skew: timedelta
) -> None:
    """The second would use the same refresh token, which the first has used up."""
    service = scene.world.service
    tokens = StoredTokens(service.engine, service.vault, scene.hurt.id, {})
    with tokens.minting(""):
        monkeypatch.setattr("app.accounts.tokens.now", lambda: now() + int(skew.total_seconds() * 1_000_000))
        assert tokens._claim("") is None
    assert tokens._claim("") is not None
