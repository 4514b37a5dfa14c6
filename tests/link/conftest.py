"""Fixtures of the link flow."""

import pytest
from browsing import browser, page  # noqa: F401 - fixtures
from world import World


@pytest.fixture
def partner(world: World) -> World:
    """A world where the operator has an OAuth client at the vendor."""
    client = {"client_id": "sandbox-partner", "client_secret": "sandbox-partner-secret"}
    world.settings.oauth_clients = type(world.settings)(oauth_clients={"greenhouse": client}).oauth_clients
    return world
