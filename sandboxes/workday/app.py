"""The sandbox as one ASGI app: the services host of a tenant."""

from starlette.applications import Starlette

from sandboxes.app import sandbox_app
from sandboxes.workday import control, gate
from sandboxes.workday.seeding import seed
from sandboxes.workday.state import State


def create_app(state: State) -> Starlette:
    """Serve a state."""
    return sandbox_app(state, [*control.routes(state), *gate.routes(state)])


def create_sandbox() -> Starlette:
    """A sandbox with the usual data."""
    state = State()
    seed(state)
    return create_app(state)
