"""Who may call, in whose name, and with what: everything before an endpoint's own work."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandboxes.answers import JSONAnswer
from sandboxes.authorization import basic_credentials, bearer_token
from sandboxes.lever import (
    activity,
    company,
    contacts,
    files,
    interviews,
    opportunities,
    opportunity_writes,
    postings,
    webhooks,
)
from sandboxes.lever.endpoint import Acting, Call, Endpoint, Upload
from sandboxes.lever.errors import (
    Refused,
    bad_request,
    forbidden,
    invalid,
    missing,
    not_found,
    too_many_requests,
    unauthorized,
)
from sandboxes.lever.opportunities import check_confidential
from sandboxes.lever.parameters import Parse, one, parsed
from sandboxes.lever.state import State
from sandboxes.store import Row

ENDPOINTS: list[Endpoint] = [
    endpoint
    for room in (
        *(activity, company, contacts, files, interviews),
        *(opportunities, opportunity_writes, postings, webhooks),
    )
    for endpoint in room.ENDPOINTS
]
PERFORM_AS: dict[str, Parse] = {"perform_as": one}


def routes(state: State) -> list[Route]:
    """Everything below `/v1`."""
    return [Route(f"/v1{each.path}", _guard(state, each), methods=[each.method]) for each in ENDPOINTS]


def _guard(state: State, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            return endpoint.handle(await _call(state, endpoint, request))
        except Refused as refusal:
            return JSONAnswer(refusal.body, refusal.status)

    return answer


async def _call(state: State, endpoint: Endpoint, request: Request) -> Call:
    if not state.bucket.take():
        raise too_many_requests()
    _check_access(state, request.headers.get("authorization", ""), endpoint.permission)
    _check_opportunity(state, request.path_params)
    acting = endpoint.acting is not Acting.NEVER
    query = parsed(request.query_params, {**endpoint.query, **(PERFORM_AS if acting else {})})
    actor = _actor(state, query.pop("perform_as", None), endpoint.acting)
    request.scope["sandbox.received"].caller = actor and actor["id"]
    body, uploads = await _body(request) if endpoint.method in ("POST", "PUT") else ({}, {})
    return Call(state, actor, request.url.path, request.path_params, query, body, uploads)


def _check_access(state: State, header: str, permission: str) -> None:
    """An API key (Basic, empty password) or an access token, and the permission; a token also its scope."""
    token = bearer_token(header)
    grant = state.tokens.find(token) if token else None
    if grant is None and (state.api_key is None or basic_credentials(header) != (state.api_key, "")):
        raise unauthorized()
    if not state.permissions.allow(permission) or (grant and permission not in grant.scope.split()):
        raise forbidden(permission)


def _check_opportunity(state: State, ids: Mapping[str, str]) -> None:
    """The opportunity of the path is there, and may be seen."""
    if "opportunity" not in ids:
        return
    row = state.get("opportunities", ids["opportunity"])
    if row is None:
        raise not_found("opportunities", ids["opportunity"])
    check_confidential(state, row)


def _actor(state: State, key: str | None, acting: Acting) -> Row | None:
    if key is None:
        if acting is Acting.REQUIRED:
            raise missing("perform_as")
        return None
    user = state.get("users", key)
    if user is None:
        raise invalid("perform_as")
    if user["deactivatedAt"] is not None:
        raise bad_request("perform_as names a deactivated user")
    return user


async def _body(request: Request) -> tuple[Row, dict[str, Upload]]:
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await _form(await request.form())
    raw = await request.body()
    try:
        body: Any = orjson.loads(raw) if raw else {}
    except orjson.JSONDecodeError as error:
        raise bad_request("Invalid JSON") from error
    if not isinstance(body, dict):
        raise bad_request("Invalid JSON")
    return body, {}


async def _form(form: FormData) -> tuple[Row, dict[str, Upload]]:
    """Fields, lists of them behind names that end with `[]`, and files."""
    body: Row = {}
    uploads: dict[str, Upload] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            uploads[name] = Upload(value.filename or "", await value.read())
        elif name.endswith("[]"):
            body.setdefault(name.removesuffix("[]"), []).append(value)
        else:
            body[name] = value
    return body, uploads
