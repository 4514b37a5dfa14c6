"""Who may call, and how a refusal is worded (https://developers.ashbyhq.com/docs/authentication)."""

from collections.abc import Mapping
from inspect import isawaitable
from typing import Any

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sandboxes.answers import JSONAnswer
from sandboxes.ashby import applications, candidates, files, hooks, interviews, reads
from sandboxes.ashby.arguments import checked
from sandboxes.ashby.endpoint import Call, Endpoint
from sandboxes.ashby.errors import Refused
from sandboxes.ashby.identified import REQUEST_ID, VERSION
from sandboxes.ashby.state import State
from sandboxes.authorization import basic_credentials

ENDPOINTS: Mapping[str, Endpoint] = {
    each.name: each
    for each in (
        *reads.ENDPOINTS,
        *applications.ENDPOINTS,
        *candidates.ENDPOINTS,
        *files.ENDPOINTS,
        *interviews.ENDPOINTS,
        *hooks.ENDPOINTS,
    )
}
NO_KEY = "No API key was given."
WRONG_KEY = "The API key is unknown or has been deactivated."


def routes(state: State) -> list[Route]:
    """The whole API: `POST /<resource>.<verb>`."""

    async def answer(request: Request) -> Response:
        refusal = _unauthenticated(state, request)
        if refusal:
            return refusal
        endpoint = ENDPOINTS.get(request.path_params["name"])
        if endpoint is None:
            return PlainTextResponse("Not Found", 404)
        try:
            return JSONAnswer(await _carried_out(state, endpoint, request))
        except Refused as refused:
            return _failure(state, refused, request.scope[REQUEST_ID])

    return [Route("/{name}", answer, methods=["POST"])]


def _unauthenticated(state: State, request: Request) -> Response | None:
    """Text, not JSON: 401 without a key, 403 with a wrong or deactivated one."""
    header = request.headers.get("authorization")
    if header is None:
        return PlainTextResponse(NO_KEY, 401)
    if state.key_deactivated or basic_credentials(header) != (state.api_key, ""):
        return PlainTextResponse(WRONG_KEY, 403)
    return None


async def _carried_out(state: State, endpoint: Endpoint, request: Request) -> Any:
    if request.headers.get("ashby-version", VERSION) != VERSION:
        raise Refused("invalid_api_version", "This version of the API is not served.", 400)
    if endpoint.permission and not state.permissions.allow(endpoint.permission):
        message = f"This API key lacks the {endpoint.permission} permission."
        raise Refused("missing_endpoint_permission", message, 403)
    arguments = checked(endpoint.takes, await _body(endpoint, request))
    call = Call(state, endpoint.name, arguments, str(request.base_url).rstrip("/"))
    result = endpoint.handle(call)
    body = {"success": True, **(await result if isawaitable(result) else result)}
    return body | ({"warnings": state.warnings} if state.warnings else {})


async def _body(endpoint: Endpoint, request: Request) -> Any:
    kind = request.headers.get("content-type", "")
    if endpoint.upload and kind.startswith("multipart/form-data"):
        async with request.form() as form:
            return {name: await _part(value) for name, value in form.items()}
    if not kind.startswith("application/json"):
        raise Refused("invalid_input", "Content-Type must be application/json.", 400)
    try:
        return orjson.loads(await request.body())
    except orjson.JSONDecodeError as error:
        raise Refused("invalid_input", "The body is not valid JSON.", 400) from error


async def _part(value: UploadFile | str) -> Any:
    return value if isinstance(value, str) else files.Received(value.filename or "", await value.read())


def _failure(state: State, refused: Refused, request_id: str) -> Response:
    """The error envelope; `errors` is deprecated, and comes in three ways."""
    info = {"code": refused.code, "message": refused.message, "requestId": request_id}
    errors: dict[str, list[Any]] = {
        "strings": [refused.code],
        "objects": [{"code": refused.code, "message": refused.message, "parameter": None}],
    }
    shown = {"errors": errors[state.errors]} if state.errors in errors else {}
    status = state.invalid_status if refused.code == "invalid_input" else refused.status
    return JSONAnswer({"success": False, **shown, "errorInfo": info}, max(status, refused.status))
