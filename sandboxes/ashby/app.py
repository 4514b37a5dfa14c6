"""The sandbox as one ASGI app: api.ashbyhq.com, and the storage its files are in, on one origin."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sandboxes.ashby import control, gate, storage
from sandboxes.ashby.identified import Identified
from sandboxes.ashby.seeding import seed
from sandboxes.ashby.state import State
from sandboxes.control_routes import fault_routes, record_routes
from sandboxes.controls import Controlled


async def _not_found(_request: Request, _error: Exception) -> Response:
    """Unknown endpoints, and known ones with another method than POST."""
    return PlainTextResponse("Not Found", 404)


def create_app(state: State) -> Starlette:
    """Serve a state; it is also `app.state.sandbox`."""
    app = Starlette(
        routes=[
            *fault_routes(state.controls),
            *record_routes(state),
            *control.routes(state),
            *storage.routes(state),
            *gate.routes(state),
        ],
        middleware=[Middleware(Identified), Middleware(Controlled, controls=state.controls)],
        exception_handlers={404: _not_found, 405: _not_found},
    )
    app.state.sandbox = state
    return app


def create_sandbox() -> Starlette:
    """A sandbox with the usual data."""
    state = State()
    seed(state)
    return create_app(state)
