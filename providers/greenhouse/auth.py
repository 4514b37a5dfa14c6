"""How Harvest is authenticated: an API key in v1, bearer tokens for each acting user in v3."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import httpx

from providers.greenhouse.errors import detail
from providers.kit import (
    BasicKey,
    CredentialsRefused,
    Invalid,
    RateLimited,
    TokenAuth,
    TokenGrant,
    TokenStore,
    Unavailable,
    Unexpected,
)
from providers.kit.auth import ACTING_USER, acting_user, form_request
from providers.kit.errors import retry_after

AUTHORIZE_URL = "https://auth.greenhouse.io/authorize"
TOKEN_URL = "https://auth.greenhouse.io/token"  # noqa: S105 - an address, no password
LIFETIME = timedelta(hours=1)  # of an access token whose answer names no end


def api_key(credentials: Mapping[str, str], _store: TokenStore) -> httpx.Auth:
    """Harvest v1: the key, and the acting user of a write in a header."""
    return BasicKey(credentials["api_key"], user_header="On-Behalf-Of")


def client_credentials(_credentials: Mapping[str, str], store: TokenStore) -> httpx.Auth:
    """Harvest v3, a customer's own integration: one token for each acting user."""
    return TokenAuth(store, _client_credentials_request, read_grant)


def authorization_code(_credentials: Mapping[str, str], store: TokenStore) -> httpx.Auth:
    """Harvest v3, a partner's integration: always acts as the user who agreed."""
    return TokenAuth(store, _refresh_request, read_grant)


def _client_credentials_request(credentials: dict[str, str], subject: str) -> httpx.Request:
    form = {"grant_type": "client_credentials"}
    user = subject or credentials.get("user_id")
    if user:
        form["sub"] = user
    return _token_request(credentials, form, subject)


def _refresh_request(credentials: dict[str, str], subject: str) -> httpx.Request:
    form = {"grant_type": "refresh_token", "refresh_token": credentials["refresh_token"]}
    return _token_request(credentials, form, subject)


def _token_request(credentials: dict[str, str], form: dict[str, str], subject: str) -> httpx.Request:
    request = form_request(TOKEN_URL, form, (credentials["client_id"], credentials["client_secret"]))
    request.extensions[ACTING_USER] = subject  # so that a refusal can tell whose token was asked for
    return request


def read_grant(response: httpx.Response) -> TokenGrant:
    """Read the token endpoint's answer.

    Raises:
        Invalid: the acting user was refused, not the client.
        CredentialsRefused: the client or its refresh token was refused.
        RateLimited, Unavailable: ask again later; the request proper was never sent.
        Unexpected: no token in the answer.
    """
    status = response.status_code
    if status == 429:
        raise RateLimited(detail(response), status, retry_after(response))
    if status >= 500:
        raise Unavailable(detail(response), status)
    subject = acting_user(response.request)
    if status in (400, 422) and subject:
        said = detail(response)
        raise Invalid(f"remote_user_id: Greenhouse does not let user {subject} be acted for: {said}", status)
    if status >= 400:
        raise CredentialsRefused(detail(response), status, _refused_field(response))
    try:
        body = response.json()
        token = body["access_token"]
    except (ValueError, KeyError, TypeError) as error:
        raise Unexpected("The token endpoint's answer holds no access token.", status) from error
    if not isinstance(token, str) or not token:
        raise Unexpected("The token endpoint's answer holds no access token.", status)
    rotated = {"refresh_token": str(body["refresh_token"])} if body.get("refresh_token") else {}
    return TokenGrant(token, _end(body.get("expires_at"), body.get("expires_in")), rotated)


def _refused_field(response: httpx.Response) -> str | None:
    """Which credential a token request was refused for.

    A good client with an unknown or deactivated `sub` is told `invalid_grant`.
    """
    asked = parse_qs(response.request.content.decode())
    return "user_id" if "sub" in asked and "invalid_grant" in response.text else None


def _end(expires_at: str | None, expires_in: float | None) -> datetime:
    """When a token ends: the time promised, or seconds from now as some clients have seen."""
    now = datetime.now(UTC)
    try:
        if expires_at:
            end = datetime.fromisoformat(expires_at)
            return end if end.tzinfo else end.replace(tzinfo=UTC)
        return now + (timedelta(seconds=float(expires_in)) if expires_in else LIFETIME)
    except (ValueError, TypeError, OverflowError):  # the token is good whatever is said about its end
        return now + LIFETIME
