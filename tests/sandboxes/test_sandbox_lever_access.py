"""Who may call a sandbox Lever and how often; what a test controls; webhooks; the seed."""

import hashlib
import hmac
import json
from datetime import timedelta
from time import perf_counter
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from lever_calls import Lever, refused

from sandboxes import CREDENTIALS, SANDBOXES
from sandboxes.lever import ADMIN, State, seed

AUDIENCE = "https://api.lever.co/v1/"
OAUTH = CREDENTIALS["lever"]["oauth"]


def token(lever: Lever, **form: str) -> httpx.Response:
    usual = {"grant_type": "refresh_token", "refresh_token": OAUTH["refresh_token"]}
    client = {name: OAUTH[name] for name in ("client_id", "client_secret")}
    return lever.send("POST", "https://auth.lever.co/oauth/token", data={**client, **(form or usual)})


def bearer(lever: Lever, access_token: str, path: str = "/v1/users") -> httpx.Response:
    return lever.send("GET", path, headers={"Authorization": f"Bearer {access_token}"})


def code(lever: Lever, scope: str, **changed: str) -> dict[str, list[str]]:
    """What the sign-in page sends back."""
    query = {
        "client_id": OAUTH["client_id"],
        "redirect_uri": "https://omniats.example/back",
        "response_type": "code",
        "state": "s1",
        "scope": scope,
        "audience": AUDIENCE,
        **changed,
    }
    answer = lever.send("GET", "https://auth.lever.co/authorize", params=query)
    assert answer.status_code == 302, answer.text
    return parse_qs(urlsplit(answer.headers["location"]).query)


# Keys and tokens


@pytest.mark.parametrize(
    "auth", [None, ("wrong", ""), ("sandbox-lever-key", "password"), ("", "sandbox-lever-key")]
)
def test_an_api_key_is_a_user_without_a_password(lever, auth):
    refused(lever.send("GET", "/v1/users", auth=auth), 401)
    refused(bearer(lever, "sandbox-lever-key"), 401)
    assert lever.send("GET", "/v1/users", auth=("sandbox-lever-key", "")).status_code == 200


def test_a_refresh_token_works_once_and_gives_another(lever):
    first = token(lever)
    body = first.json()
    assert first.status_code == 200
    assert body.keys() == {"access_token", "refresh_token", "token_type", "scope", "expires_in"}
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3600)
    assert bearer(lever, body["access_token"]).status_code == 200
    again = token(lever)
    assert (again.status_code, again.json()["error"]) == (403, "invalid_grant")
    second = token(lever, grant_type="refresh_token", refresh_token=body["refresh_token"])
    assert second.status_code == 200
    assert second.json()["refresh_token"] != body["refresh_token"]


def test_access_tokens_last_an_hour_and_unused_refresh_tokens_90_days(lever):
    body = token(lever).json()
    lever.clock.pass_(minutes=59)
    assert bearer(lever, body["access_token"]).status_code == 200
    lever.clock.pass_(minutes=1)
    refused(bearer(lever, body["access_token"]), 401)
    lever.clock.pass_(days=90)
    refresh = {"grant_type": "refresh_token", "refresh_token": body["refresh_token"]}
    assert token(lever, **refresh).status_code == 403


def test_tokens_can_be_made_to_expire(lever):
    body = token(lever).json()
    lever.control("POST", "tokens/expire")
    refused(bearer(lever, body["access_token"]), 401)


def test_an_unknown_client_is_denied(lever):
    for wrong in ({"client_id": "x"}, {"client_secret": "x"}):
        answer = token(lever, grant_type="refresh_token", refresh_token=OAUTH["refresh_token"], **wrong)
        assert answer.status_code == 401
        assert answer.json().keys() == {"error", "error_description"}
        assert answer.json()["error"] == "access_denied"
    assert token(lever, grant_type="password").status_code == 403
    answer = lever.send("POST", "/oauth/token", json={"grant_type": "refresh_token"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_signing_in_gives_a_code_for_the_scope_that_was_asked_for(lever):
    scope = "offline_access users:read:admin"
    back = code(lever, scope)
    assert back["state"] == ["s1"]
    grant = {"grant_type": "authorization_code", "code": back["code"][0]}
    answer = token(lever, **grant)
    assert answer.json()["scope"] == scope
    assert token(lever, **grant).json()["error"] == "invalid_grant"
    access = answer.json()["access_token"]
    assert bearer(lever, access).status_code == 200
    refused(bearer(lever, access, "/v1/stages"), 403, "stages:read:admin")
    refreshed = token(lever, grant_type="refresh_token", refresh_token=answer.json()["refresh_token"])
    assert refreshed.json()["scope"] == scope


def test_no_refresh_token_without_offline_access(lever):
    grant = {"grant_type": "authorization_code", "code": code(lever, "users:read:admin")["code"][0]}
    assert "refresh_token" not in token(lever, **grant).json()


def test_the_audience_is_mandatory_and_a_person_may_decline(lever):
    for wrong in ({"audience": "x"}, {"client_id": "x"}, {"response_type": "token"}):
        with pytest.raises(AssertionError, match="invalid_request"):
            code(lever, "", **wrong)
    lever.state.tokens.declines = True
    assert code(lever, "")["error"] == ["access_denied"]


# Permissions, limits, the unknown


def test_a_permission_that_is_lacking_forbids_its_endpoints(lever):
    lever.control("POST", "permissions", {"denied": ["notes:read:admin", "opportunities:write:admin"]})
    below = f"opportunities/{lever.active()['id']}"
    refused(lever.get(f"{below}/notes"), 403, "notes:read:admin")
    refused(lever.write("PUT", f"{below}/stage", {"stage": "offer"}), 403)
    assert lever.get(f"{below}/offers").status_code == 200
    lever.control("POST", "permissions", {"granted": ["users:read:admin"]})
    assert lever.get("users").status_code == 200
    refused(lever.get("stages"), 403)
    lever.control("POST", "permissions", {})
    assert lever.get("stages").status_code == 200


def test_the_bucket_takes_a_burst_and_fills_again(lever):
    lever.control("POST", "rate_limit", {"rate": 10, "burst": 20})
    codes = [lever.get("users?limit=1").status_code for _ in range(22)]
    assert codes == [200] * 20 + [429] * 2
    answer = lever.get("users")
    refused(answer, 429)
    assert not [name for name in answer.headers if "retry" in name or "ratelimit" in name]
    lever.clock.pass_(seconds=1)
    assert [lever.get("users?limit=1").status_code for _ in range(11)] == [200] * 10 + [429]
    lever.clock.pass_(hours=1)
    assert [lever.get("users?limit=1").status_code for _ in range(21)] == [200] * 20 + [429]


def test_nothing_is_limited_unless_told_to(lever):
    assert {lever.get("users?limit=1").status_code for _ in range(50)} == {200}


@pytest.mark.parametrize(("method", "path"), [("GET", "v1/nothing"), ("DELETE", "v1/users"), ("GET", "x")])
def test_unknown_paths_and_methods_are_not_found(lever, method, path):
    refused(lever.send(method, f"/{path}", auth=("sandbox-lever-key", "")), 404)


# Controls


def test_requests_are_logged_with_who_acts(lever):
    key = lever.active()["id"]
    lever.write("PUT", f"opportunities/{key}/stage", {"stage": "offer"})
    (entry,) = lever.control("GET", "requests").json()
    assert (entry["path"], entry["body"]) == (f"/v1/opportunities/{key}/stage", {"stage": "offer"})
    assert (entry["caller"], entry["status"], entry["headers"]["authorization"]) == (ADMIN, 200, "Basic …")


def test_faults_and_reset(lever):
    body = {"code": "ServiceUnavailable", "message": "Maintenance"}
    lever.control("POST", "faults", {"path": "/v1/users", "status": 503, "body": body})
    refused(lever.get("users"), 503, "Maintenance")
    assert lever.get("users").status_code == 200
    lever.control("POST", "reset", {"candidates": 3, "interviews": 2})
    assert (len(lever.rows("contacts")), len(lever.rows("interviews"))) == (3, 2)
    lever.control("POST", "permissions", {"denied": ["users:read:admin"]})
    refused(lever.get("users"), 403)


@pytest.mark.parametrize(
    "table",
    [
        *("users", "stages", "archive_reasons", "opportunities", "postings", "requisitions"),
        *("notes", "interviews", "feedback", "offers", "files", "resumes"),
    ],
)
def test_a_sparsely_added_record_is_listed(lever, table):
    one = lever.active()
    below = table in ("notes", "interviews", "feedback", "offers", "files", "resumes")
    fields = {"opportunityId": one["id"]} if below else {}
    if table == "interviews":
        fields["panel"] = lever.control("POST", "records/panels", fields).json()["id"]
    if table == "opportunities":
        fields["contact"] = lever.control("POST", "records/contacts", {"name": "Ada"}).json()["id"]
    if table == "files":
        fields["uploadedAt"] = 1
    key = lever.control("POST", f"records/{table}", fields).json()["id"]
    path = f"opportunities/{one['id']}/{table}" if below else table
    assert key in [row["id"] for row in lever.data(path)]
    assert lever.data(f"{path}/{key}")["id"] == key
    changed = lever.control("PATCH", f"records/{table}/{key}", {"createdAt": 5})
    assert changed.json()["createdAt"] == 5
    assert lever.control("DELETE", f"records/{table}/{key}").status_code == 200
    assert key not in [row["id"] for row in lever.data(path)]


# Webhooks


def register(lever: Lever, **changed: object) -> httpx.Response:
    body = {"url": "https://omniats.example/hook", "event": "candidateStageChange", **changed}
    return lever.write("POST", "webhooks", body, user=None)


def receiving(lever: Lever) -> list[httpx.Request]:
    delivered: list[httpx.Request] = []

    def receive(request: httpx.Request) -> httpx.Response:
        delivered.append(request)
        return httpx.Response(202)

    lever.state.webhook_transport = httpx.MockTransport(receive)
    return delivered


def test_the_signature_token_is_told_once(lever):
    answer = register(lever)
    row = answer.json()["data"]
    assert answer.status_code == 201
    assert len(row["configuration"]["signatureToken"]) == 48
    listed = lever.get("webhooks").json()
    assert listed.keys() == {"data"}
    assert [each["id"] for each in listed["data"]] == [row["id"]]
    assert listed["data"][0]["configuration"].keys() == {"conditions"}
    assert lever.write("DELETE", f"webhooks/{row['id']}", user=None).status_code == 204
    assert lever.data("webhooks") == []


def test_webhooks_are_of_known_events_to_safe_addresses(lever):
    refused(register(lever, url="http://omniats.example/hook"), 400, "url")
    refused(register(lever, event="candidateSneezed"), 400, "event")
    refused(lever.write("POST", "webhooks", {"event": "candidateHired"}, user=None), 400, "url")


def test_deliveries_go_to_the_webhooks_of_the_event_and_are_signed_in_the_body(lever):
    delivered = receiving(lever)
    key = register(lever).json()["data"]["configuration"]["signatureToken"]
    register(lever, event="candidateHired")
    one = lever.active()
    body = {"event": "candidateStageChange", "id": one["id"]}
    (sent,) = lever.control("POST", "webhooks", body).json()
    assert (sent["url"], sent["status"]) == ("https://omniats.example/hook", 202)
    (request,) = delivered
    content = json.loads(request.content)
    assert content == sent["body"]
    message = f"{content['token']}{content['triggeredAt']}".encode()
    assert content["signature"] == hmac.new(key.encode(), message, hashlib.sha256).hexdigest()
    assert content["data"]["opportunityId"] == one["id"]
    assert content["data"]["contactId"] == one["contact"]
    assert not [name for name in request.headers if "signature" in name]


def test_a_delivery_can_be_sent_anywhere_about_anything(lever):
    receiving(lever)
    target = {"url": "https://elsewhere.example/", "signature_token": "k"}
    for event, table in (("interviewUpdated", "interviews"), ("contactCreated", "contacts")):
        key = lever.rows(table)[0]["id"]
        (sent,) = lever.control("POST", "webhooks", {"event": event, "id": key, **target}).json()
        assert key in sent["body"]["data"].values()
    own = {"opportunityId": "gone"}
    (sent,) = lever.control("POST", "webhooks", {"event": "candidateDeleted", "data": own, **target}).json()
    assert sent["body"]["data"] == own
    (again,) = lever.control("POST", "webhooks", {"event": "candidateDeleted", "data": own, **target}).json()
    assert again["body"]["token"] != sent["body"]["token"]


# The seed


def test_the_seed_is_deterministic_and_follows_now(lever):
    other = State(lever.clock)
    seed(other)
    assert {name: table.rows for name, table in other.tables.items()} == {
        name: table.rows for name, table in lever.state.tables.items()
    }
    seed(other, now=lever.clock() + timedelta(days=365))
    assert max(row["date"] for row in other.tables["interviews"].rows.values()) > 1_820_000_000_000


def test_ids_are_never_shared_between_tables(lever):
    own = ("eeo_responses",)  # named after their applications
    ids = [key for name, table in lever.state.tables.items() if name not in own for key in table.ids]
    assert len(ids) == len(set(ids))


def test_every_reference_of_the_seed_leads_somewhere(lever):
    for table in ("applications", "panels", "interviews", "feedback", "notes", "offers", "files", "resumes"):
        assert {row["opportunityId"] for row in lever.rows(table)} <= lever.state.tables[
            "opportunities"
        ].rows.keys()
    for row in lever.rows("opportunities"):
        assert row["contact"] in lever.state.tables["contacts"].rows
        assert row["stage"] in lever.state.tables["stages"].rows
        assert row["stageChanges"][-1]["toStageId"] == row["stage"]
    postings = lever.state.tables["postings"].rows
    assert {row["posting"] for row in lever.rows("applications")} <= postings.keys()


def test_a_big_account_is_built_and_paged_fast(lever):
    begun = perf_counter()
    seed(lever.state, candidates=3000, interviews=3000)
    built = perf_counter() - begun
    begun = perf_counter()
    assert len(lever.get("opportunities?expand=applications").json()["data"]) == 100
    paged = perf_counter() - begun
    # Aims: 2 s and 50 ms; a busy machine gets more.
    assert built < 10
    assert paged < 1


def test_the_sandbox_is_registered_with_credentials_of_both_ways():
    app: Any = SANDBOXES["lever"]()
    assert len(app.state.sandbox.tables["interviews"]) == 15
    assert CREDENTIALS["lever"].keys() == {"api_key", "oauth"}
    assert CREDENTIALS["lever"]["api_key"] == {"api_key": "sandbox-lever-key", "perform_as": ADMIN}
    assert OAUTH.keys() == {"client_id", "client_secret", "refresh_token", "perform_as"}
