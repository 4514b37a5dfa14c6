"""A sandbox as one ASGI app: the vendor's paths, the control surface, the controls around them."""

from collections.abc import Callable, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from sandboxes.account import Account
from sandboxes.control_routes import fault_routes, record_routes
from sandboxes.controls import Controlled


def sandbox_app(
    state: Account[Any],
    routes: Sequence[BaseRoute],
    *,
    not_found: Callable[[Request], Response] | None = None,
    around: Sequence[Middleware] = (),
    inside: Sequence[Middleware] = (),
) -> Starlette:
    """Serve a state, which is `app.state.sandbox` too.

    Args:
        state: what is served.
        routes: the vendor's, and the controls only this vendor has.
        not_found: answers unknown paths, and known ones with another method, as the vendor does.
        around: what happens to answers by fault as well.
        inside: what answers by fault are spared.
    """

    async def unknown(request: Request, _error: Exception) -> Response:
        assert not_found
        return not_found(request)

    app = Starlette(
        routes=[*fault_routes(state.controls), *record_routes(state), *routes],
        middleware=[*around, Middleware(Controlled, controls=state.controls), *inside],
        exception_handlers={404: unknown, 405: unknown} if not_found else {},
    )
    app.state.sandbox = state
    return app
