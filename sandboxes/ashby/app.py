"""The sandbox as one ASGI app: api.ashbyhq.com, and the storage its files are in, on one origin."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sandboxes.app import sandbox_app
from sandboxes.ashby import control, gate, storage
from sandboxes.ashby.identified import Identified
from sandboxes.ashby.seeding import seed
from sandboxes.ashby.state import State


def _not_found(_request: Request) -> Response:
    """Unknown endpoints, and known ones with another method than POST."""
    return PlainTextResponse("Not Found", 404)


def create_app(state: State) -> Starlette:
    """Serve a state."""
    routes = [*control.routes(state), *storage.routes(state), *gate.routes(state)]
    return sandbox_app(state, routes, not_found=_not_found, around=[Middleware(Identified)])


def create_sandbox() -> Starlette:
    """A sandbox with the usual data."""
    state = State()
    seed(state)
    return create_app(state)
