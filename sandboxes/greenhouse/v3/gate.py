"""Who may call v3, and how it words a refusal."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandboxes.answers import JSONAnswer
from sandboxes.authorization import bearer_token
from sandboxes.greenhouse.endpoint import Call, Endpoint, json_object
from sandboxes.greenhouse.errors import NOT_FOUND, Invalid, NotFound, Refused
from sandboxes.greenhouse.state import State
from sandboxes.greenhouse.v3 import applications, candidates, interviews
from sandboxes.greenhouse.v3.lists import list_endpoints
from sandboxes.store import Row

UNAUTHORIZED = {"message": "Unauthorized", "errors": ["Token could not be decoded"]}
FORBIDDEN = {"message": "Forbidden"}


def routes(state: State) -> list[Route]:
    """All of v3."""
    endpoints = list_endpoints() + interviews.ENDPOINTS + applications.ENDPOINTS + candidates.ENDPOINTS
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
            errors = [{invalid.field: invalid.message} if invalid.field else invalid.message]
            return JSONAnswer({"message": "Unprocessable Content", "errors": errors}, 422)

    return answer


async def _call(state: State, endpoint: Endpoint, request: Request) -> Call:
    actor = _actor(state, request)
    if not state.permissions["v3"].allow(endpoint.permission):
        raise Refused(403, FORBIDDEN)
    # Every list additionally requires the acting user to be a Site Admin.
    if endpoint.method == "GET" and not (actor and actor["site_admin"]):
        raise Refused(403, FORBIDDEN)
    body = json_object(await request.body()) if endpoint.method in ("POST", "PATCH") else {}
    query = dict(request.query_params.items())
    return Call(state, actor, request.url.path, request.path_params, query, body)


def _actor(state: State, request: Request) -> Row | None:
    """The user the bearer token acts as."""
    token = bearer_token(request.headers.get("authorization", ""))
    grant = state.tokens.find(token) if token else None
    if grant is None:
        raise Refused(401, UNAUTHORIZED)
    request.scope["sandbox.received"].caller = f"{grant.client_id} as {grant.user_id}"
    return state.get("users", grant.user_id)
