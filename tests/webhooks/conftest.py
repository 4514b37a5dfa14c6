"""Fixtures of a subscriber to webhooks."""

from collections.abc import Iterator
from typing import Any

import pytest
from subscriber import Subscribe, Subscriber, Subscription, accept
from world import World, served


@pytest.fixture(scope="session")
def subscriber_server() -> Iterator[Subscriber]:
    made = Subscriber()
    with served(made) as url:
        made.url = f"{url}/hooks"
        yield made


@pytest.fixture
def subscriber(subscriber_server: Subscriber) -> Subscriber:
    subscriber_server.received.clear()
    subscriber_server.answer = accept
    return subscriber_server


@pytest.fixture
def private_targets(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that may speak to the loopback interface: to be used before `world`."""
    monkeypatch.setenv("OMNIATS_ALLOW_PRIVATE_TARGETS", "true")


@pytest.fixture
def subscribe(world: World, subscriber: Subscriber) -> Subscribe:
    """Make a webhook for the subscriber."""
    keys: list[str] = []

    def make(*events: str, **fields: Any) -> Subscription:
        body = {"target": subscriber.url, "events": list(events) or ["*"]} | fields
        answer = world.http.post("/webhooks", json=body)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        keys.extend([made["signature_key"]] if made["signature_key"] else [])
        return Subscription(world, made["id"], keys[-1])

    return make
