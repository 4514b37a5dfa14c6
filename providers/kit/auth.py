"""How requests are authenticated: httpx auth flows, with the acting user where a vendor knows one."""

import base64
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import httpx

from providers.kit.concealing import conceal

ACTING_USER = "acting_user"  # key in a request's extensions: the vendor user a write acts for


def acting_user(request: httpx.Request) -> str | None:
    """The vendor user this request acts for, or None for the credential's own."""
    user = request.extensions.get(ACTING_USER)
    return str(user) if user else None


class BasicKey(httpx.Auth):
    """An API key as the user name of HTTP Basic authentication, with an empty password.

    Args:
        key: the API key.
        user_header: a header that names the acting user, when the vendor has one.
    """

    def __init__(self, key: str, user_header: str | None = None) -> None:
        self._value = "Basic " + base64.b64encode(f"{key}:".encode()).decode()
        self._user_header = user_header

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the headers."""
        request.headers["Authorization"] = self._value
        user = acting_user(request)
        if self._user_header and user:
            request.headers[self._user_header] = user
        yield request


@dataclass(frozen=True)
class TokenGrant:
    """A token endpoint's answer.

    Attributes:
        access_token: the bearer token.
        expires_at: when it ends, aware.
        rotated: credential fields the answer replaces, such as a new `refresh_token`.
    """

    access_token: str = field(repr=False)
    expires_at: datetime
    rotated: dict[str, str] = field(default_factory=dict, repr=False)


class TokenStore(Protocol):
    """Where access tokens of one linked account live; shared by every process that uses the account."""

    def current(self, subject: str) -> str | None:
        """The unexpired token of a subject (an acting user, or `""`), or None."""

    def minting(self, subject: str) -> AbstractContextManager[dict[str, str]]:
        """Exclude every other process from asking for this subject's token; gives the credentials as
        they are now, read after the exclusion began.
        """

    def keep(self, subject: str, grant: TokenGrant) -> None:
        """Store a token and the credential fields it rotated, in one transaction."""

    def drop(self, subject: str, access_token: str) -> None:
        """Forget a token the vendor refused, unless it has been replaced already."""


class TokenAuth(httpx.Auth):
    """Bearer tokens, one for each acting user, asked for when needed and once more after a 401.

    Args:
        store: where tokens and rotated credentials are kept.
        request_for: builds the token request from the credentials and the acting user (`""` for none).
        parse: reads the token endpoint's answer; raises a `ProviderError` when it is a refusal.
    """

    requires_response_body = True

    def __init__(
        self,
        store: TokenStore,
        request_for: Callable[[dict[str, str], str], httpx.Request],
        parse: Callable[[httpx.Response], TokenGrant],
    ) -> None:
        self._store = store
        self._request_for = request_for
        self._parse = parse

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send the request with a token; when it is refused, drop it, ask for a new one and try once more."""
        subject = acting_user(request) or ""
        token = yield from self._token(request, subject)
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        if response.status_code == 401:
            self._store.drop(subject, token)
            token = yield from self._token(request, subject)
            request.headers["Authorization"] = f"Bearer {token}"
            yield request

    def _token(self, request: httpx.Request, subject: str) -> Generator[httpx.Request, httpx.Response, str]:
        token = self._store.current(subject)
        if token:
            return token
        with self._store.minting(subject) as credentials:
            token = self._store.current(subject)  # another process may have asked while we waited
            if token:
                return token
            asking = self._request_for(credentials, subject)
            asking.extensions.setdefault("timeout", request.extensions.get("timeout", {}))
            response = yield asking
            grant = self._parse(response)
            self._store.keep(subject, grant)
            return grant.access_token


def form_request(url: str, form: dict[str, Any], basic: tuple[str, str] | None = None) -> httpx.Request:
    """A form-encoded POST to a token endpoint, with the client's id and secret as HTTP Basic if given."""
    request = httpx.Request("POST", url, data=form, headers={"Accept": "application/json"})
    if basic:
        pair = base64.b64encode(f"{basic[0]}:{basic[1]}".encode()).decode()
        conceal(pair)  # the secret cannot be found in it
        request.headers["Authorization"] = f"Basic {pair}"
    return request
