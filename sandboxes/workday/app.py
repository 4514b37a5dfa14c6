"""The sandbox as one ASGI app: the services host of a tenant."""

from starlette.applications import Starlette
from starlette.middleware import Middleware

from sandboxes.control_routes import fault_routes, record_routes
from sandboxes.controls import Controlled
from sandboxes.workday import control, gate
from sandboxes.workday.seeding import seed
from sandboxes.workday.state import State


def create_app(state: State) -> Starlette:
    """Serve a state; it is also `app.state.sandbox`."""
    app = Starlette(
        routes=[
            *fault_routes(state.controls),
            *record_routes(state),
            *control.routes(state),
            *gate.routes(state),
        ],
        middleware=[Middleware(Controlled, controls=state.controls)],
    )
    app.state.sandbox = state
    return app


def create_sandbox() -> Starlette:
    """A sandbox with the usual data."""
    state = State()
    seed(state)
    return create_app(state)
