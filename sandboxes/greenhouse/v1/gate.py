"""Who may call v1 and v2, and how they word a refusal."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandboxes.answers import JSONAnswer
from sandboxes.authorization import basic_credentials
from sandboxes.greenhouse import actions
from sandboxes.greenhouse.endpoint import Call, Endpoint, json_object
from sandboxes.greenhouse.errors import NOT_FOUND, Invalid, NotFound, Refused
from sandboxes.greenhouse.state import State
from sandboxes.greenhouse.v1 import applications, candidates, interviews
from sandboxes.greenhouse.v1.reads import read_endpoints
from sandboxes.store import Row

UNAUTHORIZED = {"message": "Invalid Basic Auth credentials"}
FORBIDDEN = {"message": "This API Key does not have permission for this endpoint"}
BODY_IN_GET = {"message": "A GET request must not have a body"}


def routes(state: State) -> list[Route]:
    """All of v1 and v2."""
    endpoints = read_endpoints() + interviews.ENDPOINTS + applications.ENDPOINTS + candidates.ENDPOINTS
    return [Route(each.path, _guard(state, each), methods=[each.method]) for each in endpoints]


def _guard(state: State, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            return endpoint.handle(await _call(state, endpoint, request))
        except Refused as refusal:
            return JSONAnswer(refusal.body, refusal.status)
        except NotFound:
            return JSONAnswer(NOT_FOUND, 404)
        except Invalid as invalid:
            error = {"message": invalid.message, "field": invalid.field}
            return JSONAnswer({"message": "Validation error", "errors": [error]}, 422)

    return answer


async def _call(state: State, endpoint: Endpoint, request: Request) -> Call:
    raw = await request.body()
    if basic_credentials(request.headers.get("authorization", "")) != (state.api_key, ""):
        raise Refused(401, UNAUTHORIZED)
    if not state.permissions["v1"].allow(endpoint.permission):
        raise Refused(403, FORBIDDEN)
    if endpoint.method == "GET" and raw:
        raise Refused(403, BODY_IN_GET)
    actor = None if endpoint.method == "GET" else _actor(state, request)
    body = json_object(raw) if endpoint.method in ("POST", "PATCH") else {}
    query = dict(request.query_params.items())
    return Call(state, actor, request.url.path, request.path_params, query, body)


def _actor(state: State, request: Request) -> Row:
    """Every write names an existing, active user in `On-Behalf-Of`."""
    value = request.headers.get("on-behalf-of", "")
    if not value:
        raise Invalid("On-Behalf-Of", "is required")
    user = actions.active_user(state, int(value) if value.isdecimal() else None, "On-Behalf-Of")
    request.scope["sandbox.received"].caller = str(user["id"])
    return user
