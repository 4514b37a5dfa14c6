"""Fixtures of the console: an operator, who has signed in."""

import pytest
from browsing import browser, page  # noqa: F401 - fixtures
from visitor import Visitor, new_operator
from world import World


@pytest.fixture
def password(world: World) -> str:
    """The password of the operator Anna."""
    return new_operator(world, "Anna")


@pytest.fixture
def anna(world: World, password: str) -> Visitor:
    """Anna, who has signed in."""
    visitor = Visitor(world)
    visitor.sign_in("Anna", password)
    return visitor
