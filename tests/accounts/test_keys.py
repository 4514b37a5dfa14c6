"""API keys and account tokens: made, replaced, and what each of them opens."""

import threading

import httpx
import pytest
from merge import Merge
from merge.core.api_error import ApiError
from merge.resources.ats import types
from reference import valid
from world import Json, Synced, World

from app.accounts.keys import TEST, create_key


def generate(world: World, name: object, key: str | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key or world.key}"}
    return world.http.post("/generate-key", json={"name": name}, headers=headers)


def regenerate(world: World, name: str, key: str | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key or world.key}"}
    return world.http.post("/regenerate-key", json={"name": name}, headers=headers)


def opens(world: World, key: str, path: str = "/integrations") -> bool:
    status = world.http.get(path, headers={"Authorization": f"Bearer {key}"}).status_code
    assert status in (200, 401)
    return status == 200


def made_key(world: World, name: str, account_type: str) -> str:
    with world.service.engine.begin() as connection:
        return create_key(connection, name, account_type)


def events(world: World, **params: str) -> list[Json]:
    answer = world.http.get("/audit-trail", params=params)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"])


@pytest.mark.contract("5.6")
def test_a_key_is_made_and_replaced(world: World) -> None:
    answer = generate(world, "billing")
    assert answer.status_code == 200, answer.text
    first = valid(types.RemoteKey, answer.json())
    assert (first.name, opens(world, first.key)) == ("billing", True)
    second = valid(types.RemoteKey, regenerate(world, "billing").json())
    assert second.name == "billing"
    assert (opens(world, first.key), opens(world, second.key)) == (False, True)


@pytest.mark.contract("5.6")
def test_keys_by_the_sdk(world: World) -> None:
    client = Merge(base_url=f"{world.url}/api", api_key=world.key)
    first = client.ats.generate_key.create(name="sdk").key
    second = client.ats.regenerate_key.create(name="sdk").key
    assert (opens(world, first), opens(world, second)) == (False, True)
    with pytest.raises(ApiError) as refusal:
        client.ats.generate_key.create(name="sdk")
    assert refusal.value.status_code == 400


@pytest.mark.contract("4.2")
def test_names_that_cannot_be_taken(world: World) -> None:
    generate(world, "taken")
    assert (generate(world, " taken ").status_code, list(generate(world, "taken").json())) == (400, ["name"])
    assert "already" in generate(world, "taken").json()["name"][0]
    answer = regenerate(world, "nobody's")
    assert (answer.status_code, list(answer.json())) == (400, ["name"])
    for bad in ("", "  ", "x" * 201, "a\0b", None, 5):
        answer = generate(world, bad)
        assert (answer.status_code, list(answer.json())) == (400, ["name"]), bad
    assert world.http.post("/generate-key", json={}).json() == {"name": ["This field is required."]}


def test_one_name_asked_for_twice_at_once_makes_one_key(world: World) -> None:
    ready, statuses = threading.Barrier(4), []

    def ask() -> None:
        ready.wait()
        statuses.append(generate(world, "race").status_code)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(statuses) == [200, 400, 400, 400]


@pytest.mark.contract("13")
def test_keys_are_in_the_audit_trail_and_their_secrets_are_not(world: World) -> None:
    key = generate(world, "named").json()["key"]
    renewed = regenerate(world, "named").json()["key"]
    found = [e for e in events(world) if "named" in e["event_description"]]
    assert [e["event_type"] for e in found] == [
        "REGENERATED_PRODUCTION_API_KEY",
        "CREATED_REMOTE_PRODUCTION_API_KEY",
    ]
    assert {(e["role"], e["ip_address"]) for e in found} == {("API", "127.0.0.1")}
    assert all(e["user_name"].startswith("test ") for e in found)
    assert not [secret for secret in (key, renewed) if secret in str(events(world))]


# Test keys


@pytest.mark.contract("1.4")
def test_a_test_key_sees_test_accounts_only(synced: Synced) -> None:
    world = synced.world
    key = made_key(world, "test", TEST)
    http = world.client(Authorization=f"Bearer {key}")
    assert http.get("/interviews", headers={"X-Account-Token": synced.v3.token}).status_code == 401
    assert http.get("/linked-accounts").json()["results"] == []
    assert http.get("/linked-accounts", params={"id": synced.v3.id}).json()["results"] == []
    filters = {"id": synced.v3.id, "include_duplicates": "true"}
    assert http.get("/linked-accounts", params=filters).status_code == 400
    assert synced.v3.get("/interviews").status_code == 200


@pytest.mark.contract("1.4")
def test_what_a_test_key_links_is_a_test_account(world: World) -> None:
    production = world.link("v3", sync=False, end_user_origin_id="same")
    key = made_key(world, "test", TEST)
    world.http.headers["Authorization"] = f"Bearer {key}"
    test = world.link("v3", sync=False, end_user_origin_id="same")
    assert (production.row["account_type"], test.row["account_type"]) == ("PRODUCTION", "TEST")
    assert (test.row["is_duplicate"], test.id != production.id) == (None, True)
    headers = {"Authorization": f"Bearer {key}", "X-Account-Token": test.token}
    assert world.http.get("/account-details", headers=headers).json()["account_type"] == "TEST"
    assert test.get("/account-details").status_code == 200, "a production key sees both"


def test_a_test_key_makes_and_replaces_test_keys_only(world: World) -> None:
    key = made_key(world, "test", TEST)
    generate(world, "production")
    made = generate(world, "another test", key).json()["key"]
    account = world.link("v3", sync=False)
    headers = {"Authorization": f"Bearer {made}", "X-Account-Token": account.token}
    assert world.http.get("/account-details", headers=headers).status_code == 401, "a test key too"
    refusal = regenerate(world, "production", key)
    assert (refusal.status_code, refusal.json()) == (
        400,
        {"name": ["There is no API key named 'production'."]},
    )
    assert regenerate(world, "another test", key).status_code == 200
    assert {e["event_type"] for e in events(world)} >= {"CREATED_TEST_API_KEY", "REGENERATED_TEST_API_KEY"}


# Account tokens


@pytest.mark.contract("5.6")
def test_a_new_account_token_ends_the_old_one(synced: Synced) -> None:
    account, world = synced.v3, synced.world
    before = account.list("/interviews")
    answer = account.http.post("/account-token/regenerate")
    made = valid(types.RegenerateAccountToken, answer.json())
    assert (answer.status_code, made.linked_account_id) == (200, account.id)
    assert account.get("/interviews").status_code == 401
    assert account.http.post("/account-token/regenerate").status_code == 401
    renewed = world.account(made.account_token, account.row)
    assert renewed.list("/interviews") == before
    assert synced.v1.get("/interviews").status_code == 200, "others keep theirs"
    (event,) = events(world, event_type="REGENERATED_ACCOUNT_TOKEN")
    assert account.id in event["event_description"]
    assert made.account_token not in str(event)
