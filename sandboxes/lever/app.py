"""The sandbox as one ASGI app: api.lever.co and auth.lever.co on one origin."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from sandboxes.answers import JSONAnswer
from sandboxes.control_routes import fault_routes, record_routes
from sandboxes.controls import Controlled
from sandboxes.lever import control, gate, oauth
from sandboxes.lever.seeding import seed
from sandboxes.lever.state import State


async def _not_found(request: Request, _error: Exception) -> Response:
    """Unknown paths, and known ones with another method."""
    body = {"code": "ResourceNotFound", "message": f"{request.url.path} does not exist"}
    return JSONAnswer(body, 404)


def create_app(state: State) -> Starlette:
    """Serve a state; it is also `app.state.sandbox`."""
    app = Starlette(
        routes=[
            *fault_routes(state.controls),
            *record_routes(state),
            *control.routes(state),
            *oauth.routes(state),
            *gate.routes(state),
        ],
        middleware=[Middleware(Controlled, controls=state.controls)],
        exception_handlers={404: _not_found, 405: _not_found},
    )
    app.state.sandbox = state
    return app


def create_sandbox() -> Starlette:
    """A sandbox with the usual data."""
    state = State()
    seed(state)
    return create_app(state)
