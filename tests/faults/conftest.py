"""Fixtures of the tests that inject faults."""

from collections.abc import Iterator

import pytest
from fault_world import SMALL_PAGE, Scene
from tenacity import wait_none
from world import Synced


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests are tried again at once."""
    monkeypatch.setattr("providers.kit.client.wait_exponential_jitter", lambda **_options: wait_none())


@pytest.fixture
def scene(synced: Synced, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """An account that has been read and meets a fault, and another that must not notice."""
    monkeypatch.setattr("providers.greenhouse.lists.PER_PAGE", SMALL_PAGE)
    yield Scene.of(synced)
