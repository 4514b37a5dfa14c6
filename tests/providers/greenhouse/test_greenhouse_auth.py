"""Both generations authenticate as documented, each write as the right user."""

import base64
from typing import Any

import httpx
import pytest
from harvest import CLIENT, KEY, PARTNER, Harvest

from providers.greenhouse import GREENHOUSE
from providers.kit import (
    CredentialsRefused,
    Invalid,
    PermissionMissing,
    RateLimited,
    Unavailable,
    Unexpected,
)


def basic(pair: str) -> str:
    return "Basic " + base64.b64encode(pair.encode()).decode()


def form(request: httpx.Request) -> dict[str, str]:
    return dict(httpx.QueryParams(request.content.decode()))


@pytest.mark.parametrize(
    ("credentials", "api"),
    [
        (KEY, "Harvest v1"),
        ({**KEY, "user_id": "7"}, "Harvest v1"),
        (CLIENT, "Harvest v3"),
        ({**CLIENT, "user_id": "7"}, "Harvest v3"),
        (PARTNER, "Harvest v3"),
        ({**PARTNER, "access_token": "a"}, "Harvest v3"),
    ],
)
def test_style_follows_from_the_keys(credentials: dict[str, str], api: str) -> None:
    style = GREENHOUSE.style_for(credentials)
    assert style is not None
    assert style.api.name == api


@pytest.mark.parametrize("credentials", [{}, {"client_id": "x"}, {**KEY, **CLIENT}])
def test_other_keys_are_no_style(credentials: dict[str, str]) -> None:
    assert GREENHOUSE.style_for(credentials) is None


def test_api_key_is_the_user_name_and_the_password_is_empty() -> None:
    harvest = Harvest(KEY)
    harvest.on("GET", "/v1/users", [])
    harvest.api.check(harvest.client)
    (request,) = harvest.requests
    assert request.headers["Authorization"] == basic("secret-key:")
    assert "On-Behalf-Of" not in request.headers
    assert request.content == b""


def test_client_credentials_are_exchanged_for_a_token_that_is_used_again() -> None:
    harvest = Harvest(CLIENT)
    harvest.on("GET", "/v3/users", [])
    harvest.api.check(harvest.client)
    harvest.api.check(harvest.client)
    token, *calls = harvest.requests
    assert str(token.url) == "https://auth.greenhouse.io/token"
    assert token.method == "POST"
    assert token.headers["Authorization"] == basic("cid:csecret")
    assert token.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert form(token) == {"grant_type": "client_credentials"}
    assert token.extensions["timeout"]["read"]
    assert [call.headers["Authorization"] for call in calls] == ["Bearer token-of-account"] * 2
    assert harvest.tokens.grants[""].expires_at.isoformat() == "2026-11-21T11:00:00+00:00"


def test_user_of_the_credentials_is_the_accounts_own() -> None:
    harvest = Harvest({**CLIENT, "user_id": "7"})
    harvest.on("GET", "/v3/users", [])
    harvest.api.check(harvest.client)
    assert form(harvest.requests[0])["sub"] == "7"
    assert list(harvest.tokens.grants) == [""]


def test_each_refresh_replaces_the_refresh_token() -> None:
    harvest = Harvest(PARTNER)
    answer = {"token_type": "Bearer", "access_token": "fresh", "expires_at": "2026-11-21T11:00:00.000Z"}
    harvest.on("POST", "/token", {**answer, "refresh_token": "refresh-2"})
    harvest.on("GET", "/v3/users", [])
    harvest.api.check(harvest.client)
    assert form(harvest.requests[0]) == {"grant_type": "refresh_token", "refresh_token": "refresh-1"}
    assert harvest.tokens.credentials["refresh_token"] == "refresh-2"


def test_refused_token_is_replaced_once() -> None:
    harvest = Harvest(CLIENT)
    harvest.on("GET", "/v3/users", {"message": "Unauthorized"}, 401)
    harvest.on("GET", "/v3/users", [])
    harvest.api.check(harvest.client)
    assert [r.url.path for r in harvest.requests] == ["/token", "/v3/users", "/token", "/v3/users"]


def test_token_refused_twice_means_refused_credentials() -> None:
    harvest = Harvest(CLIENT)
    body = {"message": "Unauthorized", "errors": ["Token could not be decoded"]}
    harvest.on("GET", "/v3/users", body, 401)
    with pytest.raises(CredentialsRefused, match="Unauthorized: Token could not be decoded"):
        harvest.api.check(harvest.client)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, {"error": "invalid_client"}, CredentialsRefused),
        (400, {"error": "invalid_grant"}, CredentialsRefused),
        (400, {"error": "unauthorized_client"}, CredentialsRefused),
        (503, {}, Unavailable),
        (429, {}, RateLimited),
        (200, {"token_type": "Bearer"}, Unexpected),
    ],
)
def test_token_endpoints_refusals(status: int, body: Any, error: type[Exception]) -> None:
    harvest = Harvest(CLIENT)
    harvest.on("POST", "/token", body, status)
    with pytest.raises(error) as raised:
        harvest.client.send("POST", "/v3/notes", json={})
    if isinstance(raised.value, Unavailable):
        assert not raised.value.outcome_unknown
    assert harvest.sent == []


def test_acting_user_the_token_endpoint_refuses_is_the_callers_mistake() -> None:
    harvest = Harvest(CLIENT)
    harvest.on("POST", "/token", {"error": "invalid_grant"}, 400)
    with pytest.raises(Invalid, match=r"remote_user_id.*99.*invalid_grant"):
        harvest.client.send("POST", "/v3/notes", json={}, as_user="99")


def test_end_of_a_token_may_be_told_in_seconds() -> None:
    harvest = Harvest(CLIENT)
    harvest.on("POST", "/token", {"access_token": "t", "expires_in": 60})
    harvest.on("GET", "/v3/users", [])
    harvest.api.check(harvest.client)
    assert harvest.tokens.grants[""].expires_at.tzinfo is not None


@pytest.mark.parametrize(("credentials", "path"), [(KEY, "/v1/users"), (CLIENT, "/v3/users")])
def test_credentials_without_permission_are_good_credentials(credentials: Any, path: str) -> None:
    harvest = Harvest(credentials)
    harvest.on("GET", path, {"message": "Forbidden"}, 403)
    harvest.api.check(harvest.client)
    with pytest.raises(PermissionMissing, match="Forbidden"):
        harvest.client.get(path)


def test_wrong_key_is_refused() -> None:
    harvest = Harvest(KEY)
    harvest.on("GET", "/v1/users", {"message": "Invalid Basic Auth credentials"}, 401)
    with pytest.raises(CredentialsRefused, match="Invalid Basic Auth credentials"):
        harvest.api.check(harvest.client)


def test_secrets_are_marked() -> None:
    secret = {f.name for style in GREENHOUSE.styles for f in style.fields if f.secret}
    assert secret == {"api_key", "client_secret", "refresh_token", "access_token"}
