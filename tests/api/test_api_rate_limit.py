"""The limit of requests: by linked account, else by API key; told in headers, ended by the minute."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from limits.errors import StorageError
from merge import Merge
from merge.core.api_error import ApiError
from merge.core.request_options import RequestOptions
from silent import silent
from world import REDIS, Synced, World

from app.throttle import BLIND, Throttle

MINUTE = 1_800_000_000 // 60


@dataclass
class Clock:
    """Time that passes when a test says so."""

    now: float = MINUTE * 60 + 12.5

    def time(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("app.throttle.time", made)
    return made


def limit(world: World, requests: int) -> None:
    world.service.throttle = Throttle(requests, "", "omniats")


@pytest.mark.contract("10.1", "10.2", "4.2")
def test_more_than_the_limit_is_refused_until_the_minute_ends(synced: Synced, clock: Clock) -> None:
    limit(synced.world, 3)
    answers = [synced.v1.get("/interviews", page_size=1) for _ in range(5)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429, 429]
    assert [a.headers["X-RateLimit-Remaining"] for a in answers] == ["2", "1", "0", "0", "0"]
    assert {a.headers["X-RateLimit-Limit"] for a in answers} == {"3"}
    assert {a.headers["X-RateLimit-Reset"] for a in answers} == {str(MINUTE * 60 + 60)}
    refused = answers[-1]
    assert refused.json() == {"detail": "Request was throttled. Expected available in 48 seconds."}
    assert refused.headers["Retry-After"] == "48"
    assert synced.v3.get("/interviews").status_code == 200, "others are not concerned"
    clock.now += 48
    assert synced.v1.get("/interviews").headers["X-RateLimit-Remaining"] == "2"


@pytest.mark.contract("10.1")
def test_every_route_about_an_account_counts_once(synced: Synced, clock: Clock) -> None:
    limit(synced.world, 100)
    account = synced.v1
    requests: list[tuple[str, str, Any, int]] = [
        ("GET", "/interviews", None, 200),
        ("GET", "/interviews/", None, 200),
        ("GET", f"/interviews/{account.list('/interviews')[0]['id']}", None, 200),
        ("GET", "/account-details", None, 200),
        ("GET", "/sync-status", None, 200),
        ("POST", "/webhook-receivers", {"event": "x", "is_active": True}, 200),
        ("POST", "/passthrough", {"method": "GET", "path": "/v1/users"}, 200),
        ("POST", "/interviews", {"model": {}}, 400),
        ("POST", "/interviews", {}, 400),
        ("POST", "/sync-status/resync", None, 200),
        ("GET", "/interviews?created_after=x", None, 400),
        ("GET", "/interviews/x", None, 404),
    ]
    left = int(account.get("/interviews").headers["X-RateLimit-Remaining"])
    for place, (method, path, body, status) in enumerate(requests):
        headers = {"Idempotency-Key": f"key-{place}"}
        answer = account.http.request(method, path, json=body, headers=headers)
        assert answer.status_code == status, (method, path, answer.text)
        assert answer.headers["X-RateLimit-Remaining"] == str(left - 1), (method, path)
        left -= 1
    fresh = account.http.post("/account-token/regenerate").json()["account_token"]
    renewed = synced.world.account(fresh, account.row)
    assert int(renewed.get("/interviews").headers["X-RateLimit-Remaining"]) == left - 2, "the account's"


@pytest.mark.contract("10.1")
def test_requests_about_no_account_count_for_their_key(synced: Synced, clock: Clock) -> None:
    limit(synced.world, 2)
    world = synced.world
    statuses = [world.http.get(p).status_code for p in ("/integrations", "/linked-accounts", "/issues")]
    assert statuses == [200, 200, 429]
    assert synced.v1.get("/interviews").status_code == 200
    assert world.http.get("/interviews").status_code == 429, "without an account token too"


def test_strangers_use_up_nothing(synced: Synced, clock: Clock) -> None:
    limit(synced.world, 1)
    for _ in range(3):
        with synced.world.client(Authorization="Bearer x", X_Account_Token=synced.v1.token) as http:
            answer = http.get("/interviews")
            assert (answer.status_code, "X-RateLimit-Limit" in answer.headers) == (401, False)
    assert synced.v1.get("/interviews").status_code == 200


def test_no_limit(synced: Synced) -> None:
    limit(synced.world, 0)
    answer = synced.v1.get("/interviews")
    assert (answer.status_code, "X-RateLimit-Limit" in answer.headers) == (200, False)


@pytest.mark.contract("4.3")
def test_the_sdk_understands(synced: Synced, clock: Clock) -> None:
    limit(synced.world, 1)
    client = Merge(
        base_url=f"{synced.world.url}/api", api_key=synced.world.key, account_token=synced.v3.token
    )
    assert client.ats.interviews.list().results
    with pytest.raises(ApiError) as refusal:
        client.ats.interviews.list(request_options=RequestOptions(max_retries=0))
    assert refusal.value.status_code == 429
    assert refusal.value.headers["retry-after"] == "48"


class Shared:
    """A Redis that can be away."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.asked = 0
        self.away = False

    def incr(self, key: str, expiry: int) -> int:
        self.asked += 1
        if self.away:
            raise StorageError(ConnectionError("nobody there"))
        self.counts[key] = self.counts.get(key, 0) + 1
        return self.counts[key]


def test_what_is_shared_is_counted_together_and_a_redis_that_is_away_stops_nobody(clock: Clock) -> None:
    redis: Any = Shared()
    one, other = Throttle(3, "", "ours"), Throttle(3, "", "ours")
    one._shared = other._shared = redis

    def remaining(throttle: Throttle) -> int:
        standing = throttle.count("a")
        assert standing is not None
        return standing.remaining

    assert [remaining(t) for t in (one, other, one, other)] == [2, 1, 0, -1]
    assert list(redis.counts) == [f"ours:{MINUTE}:a"]
    redis.away = True
    asked = redis.asked
    assert [remaining(one) for _ in range(4)] == [2, 1, 0, -1], "counted here"
    assert redis.asked == asked + 1, "not asked again at once"
    redis.away = False
    clock.now += BLIND
    assert remaining(one) == -2, "and together again"


@pytest.mark.parametrize("redis", [REDIS] if REDIS else [])
def test_processes_count_together_in_a_redis(synced: Synced, clock: Clock, redis: str) -> None:
    ours, others = f"test_{uuid4().hex}", f"test_{uuid4().hex}"
    remaining = []
    for name in (ours, ours, others):
        synced.world.service.throttle = Throttle(100, redis, name)
        remaining.append(synced.v3.get("/interviews", page_size=1).headers["X-RateLimit-Remaining"])
    assert remaining == ["99", "98", "99"]


def test_a_redis_that_hangs_is_waited_for_once(clock: Clock) -> None:
    with silent() as server:
        throttle = Throttle(3, f"redis://{server.address}", "ours")
        standings = [throttle.count("a") for _ in range(3)]
        assert server.connections() == 1
        clock.now += BLIND
        throttle.count("a")
        assert server.connections() == 1
    assert [standing and standing.remaining for standing in standings] == [2, 1, 0]
