"""auth.greenhouse.io: `/authorize` and `/token`."""

from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandboxes.answers import JSONAnswer
from sandboxes.authorization import basic_credentials
from sandboxes.greenhouse.state import State
from sandboxes.instants import timestamp
from sandboxes.oauth import agreement
from sandboxes.tokens import Client

CONTENT_TYPE = "application/x-www-form-urlencoded"


def oauth_routes(state: State) -> list[Route]:
    """The two pages of the authorization server."""

    async def authorize(request: Request) -> Response:
        query = request.query_params
        client = state.tokens.clients.get(query.get("client_id", ""))
        if client is None or not client.partner or query.get("response_type") != "code":
            return _error("invalid_request")
        return agreement(state.tokens, client, query)

    async def token(request: Request) -> Response:
        client = _client(state, request.headers.get("authorization", ""))
        if client is None:
            return _error("invalid_client", 401)
        if not request.headers.get("content-type", "").startswith(CONTENT_TYPE):
            return _error("invalid_request")
        form = {key: values[0] for key, values in parse_qs((await request.body()).decode()).items()}
        return _grant(state, client, form)

    return [Route("/authorize", authorize), Route("/token", token, methods=["POST"])]


def _client(state: State, header: str) -> Client | None:
    user, password = basic_credentials(header) or ("", "")
    client = state.tokens.clients.get(user)
    return client if client and client.secret == password else None


def _grant(state: State, client: Client, form: dict[str, str]) -> Response:
    kind = form.get("grant_type")
    if kind == "client_credentials":
        return _client_credentials(state, client, form.get("sub"))
    if kind not in ("authorization_code", "refresh_token"):
        return _error("unsupported_grant_type")
    held = state.tokens.codes if kind == "authorization_code" else state.tokens.refresh
    key = form.get("code" if kind == "authorization_code" else "refresh_token", "")
    grant = state.tokens.redeem(held, key, client)
    if grant is None:
        return _error("invalid_grant")
    return _tokens(state, client, grant.user_id, refreshable=True)


def _client_credentials(state: State, client: Client, sub: str | None) -> Response:
    if client.partner:
        return _error("unauthorized_client")
    if sub is None:
        return _tokens(state, client, state.service_user_id)
    user = state.get("users", int(sub)) if sub.isdecimal() else None
    if user is None or user["deactivated"]:
        return _error("invalid_grant")
    return _tokens(state, client, user["id"])


def _tokens(
    state: State, client: Client, user_id: int | str | None, *, refreshable: bool = False
) -> Response:
    token, grant = state.tokens.mint(client, user_id)
    body = {"token_type": "Bearer", "access_token": token, "expires_at": timestamp(grant.expires)}
    if refreshable:
        body["refresh_token"] = state.tokens.mint_refresh(client, user_id)
    return JSONAnswer(body)


def _error(code: str, status: int = 400) -> Response:
    return JSONAnswer({"error": code}, status)
