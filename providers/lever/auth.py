"""How Lever is authenticated: an API key, or OAuth tokens whose refresh token changes with each use.

https://hire.lever.co/developer/documentation#authentication
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from providers.kit import (
    BasicKey,
    CredentialsRefused,
    RateLimited,
    TokenAuth,
    TokenGrant,
    TokenStore,
    Unavailable,
    Unexpected,
)
from providers.kit.auth import form_request
from providers.kit.errors import retry_after
from providers.lever.environments import environment_of
from providers.lever.errors import detail

LIFETIME = 3600  # seconds of an access token whose answer names no end
REFUSED_FIELD = {"invalid_grant": "refresh_token", "access_denied": "client_secret"}


def api_key(credentials: Mapping[str, str], _store: TokenStore) -> httpx.Auth:
    """The key as user name, with an empty password."""
    return BasicKey(credentials["api_key"])


def oauth(_credentials: Mapping[str, str], store: TokenStore) -> httpx.Auth:
    """A bearer token of an hour, refreshed when needed."""
    return TokenAuth(store, _refresh_request, read_grant)


def _refresh_request(credentials: dict[str, str], _subject: str) -> httpx.Request:
    environment = environment_of(credentials)
    form = {"grant_type": "refresh_token", "audience": environment.audience}
    form |= {name: credentials[name] for name in ("client_id", "client_secret", "refresh_token")}
    return form_request(environment.token_url, form)


def read_grant(response: httpx.Response) -> TokenGrant:
    """Read the token endpoint's answer.

    Raises:
        CredentialsRefused: the client or its refresh token was refused, with 403 as well as with 401.
        RateLimited, Unavailable: ask again later; the request proper was never sent.
        Unexpected: no token in the answer.
    """
    status = response.status_code
    if status == 429:
        raise RateLimited(detail(response), status, retry_after(response))
    if status >= 500:
        raise Unavailable(detail(response), status)
    body = _body(response)
    if status >= 400:
        raise CredentialsRefused(detail(response), status, REFUSED_FIELD.get(str(body.get("error"))))
    if not body.get("access_token"):
        raise Unexpected("The token endpoint's answer holds no access token.", status)
    rotated = {"refresh_token": str(body["refresh_token"])} if body.get("refresh_token") else {}
    return TokenGrant(str(body["access_token"]), _end(body.get("expires_in")), rotated)


def _body(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _end(expires_in: Any) -> datetime:
    now = datetime.now(UTC)
    try:
        return now + timedelta(seconds=float(expires_in or LIFETIME))
    except (ValueError, TypeError, OverflowError):  # the token is good whatever is said about its end
        return now + timedelta(seconds=LIFETIME)
