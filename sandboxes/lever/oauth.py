"""auth.lever.co: `/authorize` and `/oauth/token` (https://hire.lever.co/developer/documentation#authentication)."""

from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandboxes.answers import JSONAnswer
from sandboxes.lever.state import State
from sandboxes.oauth import agreement
from sandboxes.tokens import ACCESS, Client, Grant

CONTENT_TYPE = "application/x-www-form-urlencoded"
AUDIENCE = "https://api.lever.co/v1/"
OFFLINE = "offline_access"


def routes(state: State) -> list[Route]:
    """The two pages of the authorization server."""

    async def authorize(request: Request) -> Response:
        query = request.query_params
        client = state.tokens.clients.get(query.get("client_id", ""))
        if client is None or query.get("response_type") != "code" or query.get("audience") != AUDIENCE:
            return _error(400, "invalid_request", "client_id, response_type or audience is wrong")
        return agreement(state.tokens, client, query)

    async def token(request: Request) -> Response:
        if not request.headers.get("content-type", "").startswith(CONTENT_TYPE):
            return _error(400, "invalid_request", "The body has to be a form")
        form = {key: values[0] for key, values in parse_qs((await request.body()).decode()).items()}
        client = state.tokens.clients.get(form.get("client_id", ""))
        if client is None or client.secret != form.get("client_secret"):
            return _error(401, "access_denied", "Unauthorized")
        return _grant(state, client, form)

    return [Route("/authorize", authorize), Route("/oauth/token", token, methods=["POST"])]


def _grant(state: State, client: Client, form: dict[str, str]) -> Response:
    """A code or a refresh token works once: a refresh answers another refresh token."""
    kind, tokens = form.get("grant_type"), state.tokens
    if kind == "refresh_token":
        grant = tokens.redeem(tokens.refresh, form.get("refresh_token", ""), client)
    elif kind == "authorization_code":
        grant = tokens.redeem(tokens.codes, form.get("code", ""), client)
    else:
        return _error(403, "unsupported_grant_type", f"Unsupported grant type: {kind}")
    if grant is None:
        return _error(403, "invalid_grant", "Unknown or invalid refresh token or code.")
    return _tokens(state, client, grant)


def _tokens(state: State, client: Client, grant: Grant) -> Response:
    token, _ = state.tokens.mint(client, grant.user_id, grant.scope)
    body = {
        "access_token": token,
        "token_type": "Bearer",
        "scope": grant.scope,
        "expires_in": int(ACCESS.total_seconds()),
    }
    if OFFLINE in grant.scope.split():
        body["refresh_token"] = state.tokens.mint_refresh(client, grant.user_id, grant.scope)
    return JSONAnswer(body)


def _error(status: int, code: str, description: str) -> Response:
    return JSONAnswer({"error": code, "error_description": description}, status)
