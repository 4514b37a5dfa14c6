"""Fixtures of the tests that inject faults."""

import pytest
from fault_world import SMALL_PAGE, Scene
from world import Synced


@pytest.fixture
def scene(synced: Synced, no_pauses: None, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """An account that has been read and meets a fault, and another that must not notice."""
    monkeypatch.setattr("providers.greenhouse.lists.PER_PAGE", SMALL_PAGE)
    return Scene.of(synced)
