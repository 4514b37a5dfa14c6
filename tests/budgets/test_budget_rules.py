"""What a budget grants, by a clock that only the test moves."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import httpx
import pytest

from app.budgets.rules import PATIENCE, Budget, Turn, reserve
from providers.kit import Limit

ONE_AT_A_TIME = Limit(name="lists", concurrent=1)
TOLD = Limit(name="api", requests=50, seconds=10, granted="X-Limit", remaining="X-Left", reset="X-Reset")


def ask(budget: Budget, now: float, *limits: Limit, background: bool = False, **named: Any) -> Turn:
    given = {"share": 1.0, "ticket": "mine", "lease": 100.0, **named}
    return budget.take([(limit, 1) for limit in limits], now, background=background, **given)


def crawl(limit: Limit, count: int, *, background: bool = True, share: float = 1.0) -> list[float]:
    """When requests are sent by somebody who sends as many as may be."""
    budget, now, sent = Budget(), 0.0, []
    while len(sent) < count:
        turn = ask(budget, now, limit, background=background, share=share)
        now += turn.wait
        if turn.granted:
            sent.append(round(now, 6))
    return sent


def most_in_a_window(sent: Sequence[float], seconds: float) -> int:
    return max(sum(start <= moment < start + seconds - 1e-6 for moment in sent) for start in sent)


@pytest.mark.parametrize(("requests", "seconds"), [(50, 10), (75, 30), (10, 10), (100, 60), (2, 1), (1, 1)])
def test_no_window_sees_more_than_is_granted_wherever_it_begins(requests: int, seconds: float) -> None:
    sent = crawl(Limit(name="api", requests=requests, seconds=seconds), 3 * requests, background=False)
    assert most_in_a_window(sent, seconds) == requests, "and no less: nothing is wasted"


def test_a_bucket_gives_what_it_holds_and_then_its_rate() -> None:
    sent = crawl(Limit(name="key", requests=10, burst=5), 9, background=False)
    assert sent == pytest.approx([0, 0, 0, 0, 0, 0.1, 0.2, 0.3, 0.4])


def test_a_pause_fills_the_bucket_and_no_more() -> None:
    bucket, budget = Limit(name="key", requests=10, burst=2), Budget()
    assert [ask(budget, now, bucket).wait for now in (0, 0, 1000, 1000, 1000)] == pytest.approx(
        [0, 0, 0, 0, 0.1]
    )


def test_a_share_leaves_the_rest_to_others() -> None:
    window = Limit(name="api", requests=50, seconds=10)
    assert most_in_a_window(crawl(window, 60, background=False, share=0.5), 10) == 25
    assert crawl(Limit(name="key", requests=10, burst=1), 3, background=False, share=0.5)[
        -1
    ] == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("limit", "longest"),
    [(Limit(name="api", requests=50, seconds=10), 0), (Limit(name="key", requests=10, burst=5), 0.1)],
    ids=["window", "bucket"],
)
def test_a_caller_gets_through_within_an_interval_while_a_synchronisation_crawls(
    limit: Limit, longest: float
) -> None:
    budget, now = Budget(), 0.0
    for _ in range(60):
        now += ask(budget, now, limit, background=True).wait
    waiting = ask(budget, now, limit, background=True)  # the next page has its turn and waits for it
    caller = ask(budget, now, limit)
    assert caller.granted
    assert caller.wait <= longest + 1e-6
    behind = ask(budget, now, limit, background=True).wait
    assert behind > waiting.wait > 0, "what has no turn yet goes behind the caller"


def test_where_one_at_a_time_is_granted_a_caller_waits_for_one_turn() -> None:
    limit, budget = Limit(name="api", requests=1, seconds=2), Budget()
    assert [ask(budget, 0, limit, background=b).wait for b in (True, False)] == [0, 2]


def test_who_would_wait_too_long_is_refused_and_spends_nothing() -> None:
    limit, budget = Limit(name="api", requests=10, burst=1), Budget()
    budget.of(limit).full_at = 100 + PATIENCE + 0.2
    before = budget.stored()
    assert ask(budget, 100, limit) == Turn(False, pytest.approx(PATIENCE + 0.2))
    assert budget.stored() == before
    assert ask(budget, 100.3, limit).granted


def test_a_vendor_of_few_requests_is_waited_for() -> None:
    """Else what takes two requests could never be done."""
    limit, budget = Limit(name="api", requests=1, seconds=60), Budget()
    assert [ask(budget, 0, limit, background=True) for _ in range(2)] == [Turn(True, 0), Turn(True, 60)]


def test_one_at_a_time_means_that_the_next_one_waits_for_the_end() -> None:
    budget = Budget()
    assert ask(budget, 0, ONE_AT_A_TIME, ticket="first").granted
    assert not ask(budget, 1, ONE_AT_A_TIME).granted
    budget.give_back("first")
    assert ask(budget, 2, ONE_AT_A_TIME).granted


def test_a_request_whose_process_was_killed_is_not_waited_for_for_ever() -> None:
    budget = Budget()
    ask(budget, 0, ONE_AT_A_TIME, ticket="killed", lease=100.0)
    assert not ask(budget, 99, ONE_AT_A_TIME).granted
    assert ask(budget, 101, ONE_AT_A_TIME).granted


def test_a_waiting_caller_is_let_in_before_the_next_page() -> None:
    budget = Budget()
    ask(budget, 0, ONE_AT_A_TIME, ticket="page", background=True)
    assert not ask(budget, 0, ONE_AT_A_TIME).granted
    budget.give_back("page")
    assert not ask(budget, 0.05, ONE_AT_A_TIME, background=True).granted
    assert ask(budget, 0.1, ONE_AT_A_TIME).granted


def test_of_those_under_way_some_are_left_to_callers() -> None:
    eight, budget = Limit(name="api", concurrent=8), Budget()
    granted = [ask(budget, 0, eight, background=True, ticket=str(n)).granted for n in range(8)]
    assert granted == [True] * 7 + [False]
    assert ask(budget, 0, eight, ticket="caller").granted
    assert not ask(budget, 0, eight).granted


def test_a_request_takes_of_every_limit_or_of_none() -> None:
    api, budget = Limit(name="api", requests=10, burst=1), Budget()
    ask(budget, 0, api, ONE_AT_A_TIME, ticket="page")
    spent = budget.of(api).full_at
    assert not ask(budget, 0, api, ONE_AT_A_TIME).granted
    assert budget.of(api).full_at == spent
    assert ask(budget, 0, api).granted, "what is about lists only does not stop the rest"


def test_a_request_that_costs_more_takes_more() -> None:
    credits, budget = Limit(name="credits", requests=10, burst=6), Budget()
    given: dict[str, Any] = {"share": 1.0, "background": False, "ticket": "mine", "lease": 9.0}
    assert [budget.take([(credits, 3)], 0, **given).wait for _ in range(3)] == pytest.approx([0, 0, 0.3])


def learned(headers: dict[str, str], limit: Limit = TOLD) -> Budget:
    budget = Budget()
    budget.learn([(limit, 1)], httpx.Headers(headers), 1000.0, share=1.0)
    return budget


def test_what_an_answer_says_is_granted_counts() -> None:
    budget = learned({"X-Limit": "10"})
    waits = [ask(budget, 2000, TOLD).wait for _ in range(3)]
    assert waits == pytest.approx([0, 0, 10 / 9]), (
        "a fifth of ten, and then one each ninth part of the window"
    )


@pytest.mark.parametrize("nonsense", ["", "0", "-3", "many", "nan", "inf"])
def test_an_answer_that_says_nothing_leaves_what_is_documented(nonsense: str) -> None:
    assert learned({"X-Limit": nonsense}).of(TOLD).granted is None


@pytest.mark.parametrize(
    ("reset", "until"),
    [
        ({"X-Reset": "1784848794", "Date": "Thu, 23 Jul 2026 23:19:47 GMT"}, 1007),
        ({"X-Reset": "1784848794500", "Date": "Thu, 23 Jul 2026 23:19:47 GMT"}, 1007.5),
        ({"X-Reset": "7"}, 1007),
        ({"X-Reset": "1784848794", "Date": "Fri, 24 Jul 2026 23:19:47 GMT"}, 1000),
        ({}, 1010),
        ({"X-Reset": "soon"}, 1010),
    ],
)
def test_when_nothing_remains_nobody_asks_before_the_next_window(reset: dict[str, str], until: float) -> None:
    assert learned({"X-Left": "0", **reset}).held_until == until


def test_of_what_remains_the_last_fifth_is_left_to_callers() -> None:
    assert learned({"X-Left": "10", "X-Reset": "7"}).callers_until == 0
    budget = learned({"X-Left": "9", "X-Reset": "7"})
    assert ask(budget, 1000, TOLD, background=True) == Turn(False, 7)
    assert ask(budget, 1000, TOLD).granted


@pytest.mark.parametrize(
    ("named", "headers", "until"),
    [(3.0, {"X-Reset": "7"}, 1003), (None, {"X-Reset": "7"}, 1007), (None, {}, 1005), (0.0, {}, 1000)],
)
def test_a_refusal_holds_everything(named: float | None, headers: dict[str, str], until: float) -> None:
    budget = Budget()
    budget.refuse([(TOLD, 1)], httpx.Headers(headers), named, 1000.0)
    assert budget.held_until == until
    if until > 1000:
        assert ask(budget, 1000, replace(TOLD, name="another")) == Turn(False, until - 1000)


def test_a_refusal_never_shortens_another() -> None:
    budget = Budget(held_until=2000)
    budget.refuse([], {}, 1.0, 1000.0)
    assert budget.held_until == 2000


def test_a_budget_is_stored_and_loaded() -> None:
    budget = learned({"X-Limit": "10", "X-Left": "0"})
    ask(budget, 3000, TOLD, ONE_AT_A_TIME)
    stored: dict[str, Any] = budget.stored()
    assert Budget.load(**stored) == budget


@pytest.mark.parametrize(("count", "left"), [(1, 0), (2, 1), (5, 1), (8, 1), (10, 2), (75, 15)])
def test_a_fifth_is_left_to_callers(count: int, left: int) -> None:
    assert reserve(count) == left
