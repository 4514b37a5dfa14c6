"""Fixtures of a small Ashby in the place of the vendor."""

from collections.abc import Iterator

import pytest
from small_ashby import SmallAshby, linked, seeded
from world import Account, World, served


@pytest.fixture
def vendor(world: World) -> Iterator[SmallAshby]:
    made = seeded()
    with served(made) as url:
        world.settings.provider_origins["ashby"] = url
        yield made


@pytest.fixture
def account(world: World, vendor: SmallAshby) -> Account:
    made = linked(world)
    vendor.calls.clear()
    return made
