"""The sandbox as one ASGI app: api.lever.co and auth.lever.co on one origin."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from sandboxes.answers import JSONAnswer
from sandboxes.app import sandbox_app
from sandboxes.lever import control, gate, oauth
from sandboxes.lever.seeding import seed
from sandboxes.lever.state import State


def _not_found(request: Request) -> Response:
    """Unknown paths, and known ones with another method."""
    body = {"code": "ResourceNotFound", "message": f"{request.url.path} does not exist"}
    return JSONAnswer(body, 404)


def create_app(state: State) -> Starlette:
    """Serve a state."""
    routes = [*control.routes(state), *oauth.routes(state), *gate.routes(state)]
    return sandbox_app(state, routes, not_found=_not_found)


def create_sandbox() -> Starlette:
    """A sandbox with the usual data."""
    state = State()
    seed(state)
    return create_app(state)
