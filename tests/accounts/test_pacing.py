"""Requests stay within the rate a vendor grants, whoever asks for an account."""

import gc

import pytest
from world import World

from app.accounts.pacing import Pace, Paces
from providers.kit import Rate

GRANTED = Rate(10, 5)


class Time:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def sent_at(share: float, count: int) -> list[float]:
    time = Time()
    pace = Pace(GRANTED, share, lambda: time.now, time.sleep)
    moments = []
    for _ in range(count):
        pace.wait()
        moments.append(round(time.now, 3))
    return moments


def test_after_a_burst_requests_keep_the_rate() -> None:
    assert sent_at(1.0, 9) == [0, 0, 0, 0, 0, 0.1, 0.2, 0.3, 0.4]


def test_a_share_leaves_the_rest_to_others() -> None:
    assert sent_at(0.5, 7) == [0, 0, 0, 0, 0, 0.2, 0.4]


def test_a_pause_gives_a_burst_and_no_more() -> None:
    time = Time()
    pace = Pace(GRANTED, 1.0, lambda: time.now, time.sleep)
    for _ in range(5):
        pace.wait()
    time.now = 1000.0
    for _ in range(6):
        pace.wait()
    assert time.now == pytest.approx(1000.1)


def test_an_account_has_one_pace_as_long_as_it_is_used() -> None:
    paces = Paces(1.0)
    pace = paces.of("a", GRANTED)
    assert pace is paces.of("a", GRANTED)
    assert pace is not paces.of("b", GRANTED)
    del pace
    gc.collect()
    assert not paces._known


def test_no_rate_or_no_share_is_no_pace() -> None:
    assert Paces(1.0).of("a", None) is None
    assert Paces(0).of("a", GRANTED) is None


def test_every_request_of_an_account_keeps_its_pace(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    account = world.link("v3")
    time = Time()
    pace = Pace(GRANTED, 1.0, lambda: time.now, time.sleep)
    monkeypatch.setattr(Paces, "of", lambda _self, account_id, _rate: {account.id: pace}[account_id])
    with world.service.connector.account(account.id) as connected:
        for _ in range(7):
            connected.client.get("/v3/users", {"per_page": 1})
    assert time.now == pytest.approx(0.2)
