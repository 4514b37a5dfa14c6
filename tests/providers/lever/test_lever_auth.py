"""Lever is authenticated as documented, in each environment, and refusals say what is to be done."""

import base64
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from lever_stub import KEY, PARTNER, Stub, raised

from providers.kit import CredentialsRefused, PermissionMissing, ProviderError
from providers.kit.authorization import Authorization
from providers.lever import LEVER, OAUTH

GRANT = {"access_token": "fresh", "refresh_token": "refresh-2", "token_type": "Bearer", "expires_in": 3600}
NOBODY = {"data": [], "hasNext": False}


def form(request: httpx.Request) -> dict[str, str]:
    return dict(httpx.QueryParams(request.content.decode()))


@pytest.mark.parametrize(
    ("credentials", "style"),
    [
        (KEY, "API key"),
        ({**KEY, "perform_as": "u", "environment": "eu"}, "API key"),
        (PARTNER, "OAuth partner"),
        ({**PARTNER, "access_token": "a", "perform_as": "u", "environment": "sandbox"}, "OAuth partner"),
    ],
)
def test_the_way_of_linking_follows_from_the_keys(credentials: dict[str, str], style: str) -> None:
    found = LEVER.style_for(credentials)
    assert found is not None
    assert found.name == style


def test_the_key_is_the_user_name_and_the_password_is_empty() -> None:
    stub = Stub()
    stub.on("GET", "/users", NOBODY)
    stub.api.check(stub.client)
    (request,) = stub.requests
    assert request.headers["Authorization"] == "Basic " + base64.b64encode(b"secret-key:").decode()
    assert str(request.url) == "https://api.lever.co/v1/users?limit=1"


def test_a_key_that_may_not_list_users_is_a_good_key() -> None:
    stub = Stub()
    stub.on("GET", "/users", {"code": "Forbidden", "message": "no"}, 403)
    stub.api.check(stub.client)
    stub.on("GET", "/stages", {"code": "Forbidden", "message": "no"}, 403)
    with pytest.raises(PermissionMissing):
        stub.client.get("/stages")


def test_a_wrong_key_is_refused() -> None:
    stub = Stub()
    stub.on("GET", "/users", {"code": "Unauthorized", "message": "The API key is invalid"}, 401)
    with pytest.raises(CredentialsRefused, match="The API key is invalid"):
        stub.api.check(stub.client)


@pytest.mark.parametrize(
    ("environment", "api", "token", "audience"),
    [
        (
            *("production", "https://api.lever.co/v1/users"),
            *("https://auth.lever.co/oauth/token", "https://api.lever.co/v1/"),
        ),
        (
            *("sandbox", "https://api.sandbox.lever.co/v1/users"),
            *("https://sandbox-lever.auth0.com/oauth/token", "https://api.sandbox.lever.co/v1/"),
        ),
        (
            *(" EU", "https://api.eu.lever.co/v1/users"),
            *("https://auth.lever.co/oauth/token", "https://api.lever.co/v1/"),
        ),
    ],
)
def test_each_environment_has_its_hosts(environment: str, api: str, token: str, audience: str) -> None:
    stub = Stub({**PARTNER, "environment": environment})
    stub.on("POST", "/oauth/token", GRANT)
    stub.on("GET", "/users", NOBODY)
    stub.api.check(stub.client)
    asked, checked = stub.requests
    assert (str(asked.url), str(checked.url.copy_with(query=None))) == (token, api)
    assert form(asked)["audience"] == audience


def test_another_environment_is_refused_by_name() -> None:
    with pytest.raises(CredentialsRefused, match="production, sandbox, eu") as refusal:
        Stub({**KEY, "environment": "mars"})
    assert refusal.value.field == "environment"


def test_each_refresh_replaces_the_refresh_token() -> None:
    stub = Stub(PARTNER)
    stub.on("POST", "/oauth/token", GRANT)
    stub.on("POST", "/oauth/token", {**GRANT, "access_token": "later", "refresh_token": "refresh-3"})
    stub.on("GET", "/users", {"code": "Unauthorized", "message": "expired"}, 401)
    stub.on("GET", "/users", NOBODY)
    before = datetime.now(UTC)
    stub.api.check(stub.client)
    first, _, second, checked = stub.requests
    common = {"grant_type": "refresh_token", "client_id": "cid", "client_secret": "csecret"}
    common["audience"] = "https://api.lever.co/v1/"
    assert form(first) == {**common, "refresh_token": "refresh-1"}
    assert form(second) == {**common, "refresh_token": "refresh-2"}
    assert "Authorization" not in first.headers
    assert checked.headers["Authorization"] == "Bearer later"
    assert stub.tokens.credentials["refresh_token"] == "refresh-3"
    lifetime = stub.tokens.grants[""].expires_at - before
    assert timedelta(seconds=3600) <= lifetime < timedelta(seconds=3660)


@pytest.mark.parametrize("expires_in", [None, "soon", 1e300])
def test_a_token_without_an_end_is_good_for_an_hour(expires_in: object) -> None:
    stub = Stub(PARTNER)
    stub.on("POST", "/oauth/token", {**GRANT, "expires_in": expires_in, "refresh_token": None})
    stub.on("GET", "/users", NOBODY)
    stub.api.check(stub.client)
    assert stub.tokens.grants[""].expires_at - datetime.now(UTC) > timedelta(minutes=59)
    assert stub.tokens.credentials["refresh_token"] == "refresh-1"


@pytest.mark.parametrize(
    ("status", "body", "kind", "field"),
    [
        (403, {"error": "invalid_grant", "error_description": "dead"}, "CredentialsRefused", "refresh_token"),
        (401, {"error": "access_denied", "error_description": "who"}, "CredentialsRefused", "client_secret"),
        (400, {"error": "invalid_request"}, "CredentialsRefused", None),
        (429, {"error": "too_many_requests"}, "RateLimited", None),
        (503, None, "Unavailable", None),
        (200, {"token_type": "Bearer"}, "Unexpected", None),
        (200, None, "Unexpected", None),
    ],
)
def test_what_the_token_endpoint_refuses(status: int, body: object, kind: str, field: str | None) -> None:
    """A 403 is no missing permission here: the account must be linked again."""
    stub = Stub(PARTNER)
    stub.on("POST", "/oauth/token", body, status)
    with pytest.raises(ProviderError) as refusal:
        stub.client.send("POST", "/opportunities/o/notes", json={})
    assert raised(refusal.value) == (kind, status)
    assert getattr(refusal.value, "field", None) == field
    assert not getattr(refusal.value, "outcome_unknown", False), "the write was never sent"


def authorization() -> Authorization:
    assert OAUTH.authorization is not None
    return OAUTH.authorization


def test_the_person_is_asked_for_an_audience_and_a_token_that_lasts() -> None:
    page = authorization().page("cid", "https://omniats.example/link/callback", "s", "v")
    assert (page.host, page.path) == ("auth.lever.co", "/authorize")
    assert page.params["audience"] == "https://api.lever.co/v1/"
    asked = page.params["scope"].split()
    assert "offline_access" in asked, "without it there is no refresh token"
    assert {"opportunities:read:admin", "interviews:write:admin", "panels:write:admin"} < set(asked)
    assert {"confidential:access:admin", "eeo_responses_pii:read:admin"} < set(asked)
    assert not {"stages:write:admin", "applications:write:admin"} & set(asked), "there are none of these"
    assert (page.params["response_type"], page.params["state"]) == ("code", "s")


def test_the_code_is_exchanged_with_the_client_in_the_form() -> None:
    back = "https://omniats.example/link/callback"
    client = {"client_id": "cid", "client_secret": "csecret"}
    request = authorization().exchange(client, back, "the-code", "v")
    assert str(request.url) == "https://auth.lever.co/oauth/token"
    assert form(request) == {
        "grant_type": "authorization_code",
        "code": "the-code",
        "redirect_uri": back,
        **client,
    }
    grant = authorization().read(httpx.Response(200, json=GRANT, request=request))
    assert (grant.access_token, grant.rotated) == ("fresh", {"refresh_token": "refresh-2"})


def test_the_link_page_names_the_permissions_of_a_key() -> None:
    read = {n for p in LEVER.styles[0].guide.permissions if not p.writing for n in p.names}
    written = {n for p in LEVER.styles[0].guide.permissions if p.writing for n in p.names}
    assert {"read-opportunity", "list-opportunity-panels", "list-users"} < read
    assert {f"{verb}-opportunity-panel" for verb in ("create", "update", "delete")} < written
    assert "create-opportunity-note" in written
