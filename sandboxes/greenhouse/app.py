"""The sandbox as one ASGI app: harvest.greenhouse.io and auth.greenhouse.io on one origin."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from sandboxes.answers import JSONAnswer
from sandboxes.app import sandbox_app
from sandboxes.greenhouse import control, oauth
from sandboxes.greenhouse.errors import NOT_FOUND
from sandboxes.greenhouse.limits import RateLimited
from sandboxes.greenhouse.seeding import seed
from sandboxes.greenhouse.state import State
from sandboxes.greenhouse.v1 import gate as v1
from sandboxes.greenhouse.v3 import gate as v3


def _not_found(_request: Request) -> Response:
    """Unknown paths, and known ones with another method, e.g. `GET /v3/interviews/{id}`."""
    return JSONAnswer(NOT_FOUND, 404)


def create_app(state: State) -> Starlette:
    """Serve a state."""
    routes = [*control.routes(state), *oauth.oauth_routes(state), *v1.routes(state), *v3.routes(state)]
    limited = Middleware(RateLimited, limits=lambda: state.limits)
    return sandbox_app(state, routes, not_found=_not_found, inside=[limited])


def create_sandbox() -> Starlette:
    """A sandbox with the usual data."""
    state = State()
    seed(state)
    return create_app(state)
