"""Linking accounts, and what is stored of secrets."""

import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import pytest
from cryptography.fernet import Fernet
from databases import SERVER
from sqlalchemy import func, select
from world import Account, Json, World

from app.accounts import linking
from app.accounts.tables import access_token, api_key, linked_account, superseded_credentials
from app.accounts.tokens import StoredTokens
from app.accounts.vault import Vault, open_vault
from app.issues import store as issues
from app.jobs import job_table
from app.settings import Settings
from app.sync.run import mark_relink_needed
from providers.kit import CredentialsRefused, open_client
from providers.registry import PROVIDERS
from sandboxes import CREDENTIALS

STYLES = ("v1", "v3", "v3_partner")


def link(world: World, credentials: Json, **fields: Any) -> httpx.Response:
    body = {"integration": "greenhouse", "credentials": credentials, "end_user_origin_id": "customer 1"}
    return world.http.post("/linked-accounts", json=body | fields)


def refusal(answer: httpx.Response) -> Json:
    assert answer.status_code == 400, answer.text
    assert list(answer.json()) == ["model", "warnings", "errors"]
    (problem,) = answer.json()["errors"]
    return dict(problem)


def nothing_stored(world: World) -> bool:
    with world.service.reader.connect() as connection:
        tables = (linked_account, access_token, job_table)
        return not any(connection.scalar(select(func.count()).select_from(table)) for table in tables)


@pytest.mark.contract("POST /linked-accounts")
@pytest.mark.parametrize("style", STYLES)
def test_every_way_of_linking(world: World, style: str) -> None:
    answer = link(world, CREDENTIALS["greenhouse"][style], end_user_organization_name="Acme")
    assert answer.status_code == 201, answer.text
    body = answer.json()
    row = body["linked_account"]
    assert body["account_token"].startswith("omn_acct_")
    assert body["integration"]["slug"] == "greenhouse"
    assert (row["id"], row["status"], row["category"]) == (body["id"], "COMPLETE", "ats")
    assert row["end_user_organization_name"] == "Acme"
    assert row["webhook_listener_url"].startswith(f"{world.url}/api/integrations/webhook-listener/")
    for secret in CREDENTIALS["greenhouse"][style].values():
        assert secret not in answer.text or secret in ("sandbox-client", "sandbox-partner")
    account = world.account(body["account_token"], row)
    status = account.get("/sync-status").json()["results"]
    assert {s["status"] for s in status} == {"SYNCING"}
    assert all(s["is_initial_sync"] for s in status)
    world.service.jobs.run_due()
    assert {s["status"] for s in account.get("/sync-status").json()["results"]} == {"DONE"}
    assert account.list("/interviews")


@pytest.mark.contract("POST /linked-accounts")
@pytest.mark.parametrize(
    ("credentials", "words"),
    [
        ({"api_key": "wrong"}, "Invalid Basic Auth credentials"),
        ({"client_id": "sandbox-client", "client_secret": "wrong"}, ""),
        ({"client_id": "nobody", "client_secret": "x"}, ""),
        (
            {"client_id": "sandbox-partner", "client_secret": "sandbox-partner-secret", "refresh_token": "x"},
            "",
        ),
    ],
)
def test_the_vendor_refuses(world: World, credentials: Json, words: str) -> None:
    problem = refusal(link(world, credentials))
    assert problem["problem_type"] == "PROVIDER_ERROR"
    assert problem["source"] == {"pointer": "credentials"}
    assert problem["raw_error"]
    assert words in problem["raw_error"]
    assert problem["raw_error"] in problem["detail"]
    assert nothing_stored(world)


@pytest.mark.parametrize(
    ("credentials", "pointer"),
    [
        ({}, "credentials"),
        ({"api_key": ""}, "credentials"),
        ({"api_key": "   "}, "credentials"),
        ({"api_key": "sandbox-harvest-key", "client_id": "x"}, "credentials"),
        ({"client_id": "sandbox-client"}, "credentials"),
        ({"password": "x"}, "credentials"),
    ],
)
def test_credentials_that_fit_no_style(world: World, credentials: Json, pointer: str) -> None:
    problem = refusal(link(world, credentials))
    assert (problem["problem_type"], problem["source"]) == ("INVALID_FIELD_CHOICE", {"pointer": pointer})
    assert "api_key" in problem["detail"]
    assert "client_secret" in problem["detail"]
    assert nothing_stored(world)
    assert not world.sandbox.controls.received


def test_an_unknown_integration(world: World) -> None:
    problem = refusal(link(world, {}, integration="nobody"))
    assert problem["source"] == {"pointer": "integration"}
    assert "greenhouse" in problem["detail"]


def test_the_vendor_cannot_tell(world: World) -> None:
    world.sandbox.controls.fail("/v1/*", status=429, headers={"Retry-After": "3"})
    answer = link(world, CREDENTIALS["greenhouse"]["v1"])
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
    assert nothing_stored(world)


def test_linking_again_after_the_credentials_died(world: World) -> None:
    account = world.link("v1", end_user_origin_id="customer 1")
    before = account.list("/interviews")
    world.sandbox.api_key = "another"
    world.sync(account)
    assert world.stored(account).status == "RELINK_NEEDED"
    assert account.list("/interviews") == before, "what was read stays readable"
    answer = link(world, {"api_key": "another"})
    assert answer.status_code == 200
    assert (answer.json()["id"], answer.json()["account_token"]) == (account.id, None)
    assert world.stored(account).status == "COMPLETE"
    assert world.service.jobs.run_due()
    assert account.list("/interviews") == before


def linked_accounts(world: World) -> int:
    with world.service.reader.connect() as connection:
        return connection.scalar(select(func.count()).select_from(linked_account)) or 0


@pytest.mark.contract("6.1.4", "6.1.5", "12.2")
def test_linking_again_while_the_credentials_are_good(world: World) -> None:
    """Same id, same token, data kept, issues resolved at once, the credentials replaced."""
    account = world.link("v1", end_user_origin_id="customer 1")
    before = account.list("/interviews")
    with world.service.engine.begin() as connection:
        issues.report(connection, account.id, "something", "Missing permission", "x")
    answer = link(world, CREDENTIALS["greenhouse"]["v3"], end_user_organization_name="Acme Group")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["id"], answer.json()["account_token"]) == (account.id, None)
    assert answer.json()["linked_account"]["end_user_organization_name"] == "Acme Group"
    assert credentials_of(world, account) == CREDENTIALS["greenhouse"]["v3"]
    with world.service.reader.connect() as connection:
        assert issues.ongoing(connection, account.id) == {}
    assert [row["id"] for row in account.list("/interviews")] == [row["id"] for row in before]
    assert world.service.jobs.run_due()
    assert {row["id"] for row in before} <= {row["id"] for row in account.list("/interviews")}
    assert linked_accounts(world) == 1


def test_wrong_credentials_change_nothing_of_an_account(world: World) -> None:
    account = world.link("v1", end_user_origin_id="customer 1", sync=False)
    before = world.stored(account)
    refusal(link(world, {"api_key": "wrong"}))
    assert world.stored(account) == before


@pytest.mark.contract("6.1.5")
def test_linking_at_the_same_time_makes_one_account(world: World) -> None:
    ready = threading.Barrier(4)
    answers: list[httpx.Response] = []

    def one() -> None:
        with httpx.Client(base_url=world.http.base_url, headers=world.http.headers, timeout=60) as client:
            ready.wait()
            body = {
                "integration": "greenhouse",
                "credentials": CREDENTIALS["greenhouse"]["v1"],
                "end_user_origin_id": "customer 1",
            }
            answers.append(client.post("/linked-accounts", json=body))

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert linked_accounts(world) == 1


def test_an_account_somebody_links_in_between_is_linked_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The unique index decides, whatever was seen before."""
    account = world.link("v1", end_user_origin_id="customer 1", sync=False)
    looking = mock.Mock(side_effect=[None, world.stored(account)])
    monkeypatch.setattr(linking, "existing_account", looking)
    answer = link(world, CREDENTIALS["greenhouse"]["v1"])
    assert (answer.status_code, answer.json()["id"]) == (200, account.id)


def test_a_sync_with_the_former_credentials_does_not_undo_linking_again(world: World) -> None:
    account = world.link("v1", end_user_origin_id="customer 1", sync=False)
    with world.service.connector.account(account.id) as former:
        assert link(world, CREDENTIALS["greenhouse"]["v1"]).status_code == 200
        with world.service.engine.begin() as connection:
            mark_relink_needed(connection, former, CredentialsRefused("Invalid Basic Auth credentials"))
    assert world.stored(account).status == "COMPLETE"


@pytest.mark.parametrize("nameless", [None, ""])
def test_end_users_without_an_id_share_nothing(world: World, nameless: str | None) -> None:
    """Two customers that both go unnamed must not come into one account."""
    account = world.link("v1", end_user_origin_id=nameless)
    world.sandbox.api_key = "another"
    world.sync(account)
    assert world.stored(account).status == "RELINK_NEEDED"
    answer = link(world, CREDENTIALS["greenhouse"]["v3"], end_user_origin_id=nameless)
    assert answer.status_code == 201
    assert answer.json()["id"] != account.id
    assert world.stored(account).status == "RELINK_NEEDED"


@pytest.mark.parametrize("status", [429, 503, 401])
def test_a_refresh_token_used_up_by_a_failed_trial_is_not_lost(world: World, status: int) -> None:
    """The vendor has replaced it by then; whoever tries again has only the first."""
    world.sandbox.controls.fail("/v3/users", status=status, times=3)
    given = CREDENTIALS["greenhouse"]["v3_partner"]
    failed = link(world, given)
    assert failed.status_code in (429, 503, 400), failed.text
    assert given["refresh_token"] not in world.sandbox.tokens.refresh
    assert linked_accounts(world) == 0
    world.sandbox.controls.clear()
    assert link(world, given).status_code == 201
    with world.service.reader.connect() as connection:
        left = connection.scalar(select(func.count()).select_from(superseded_credentials))
    assert left == 0, "the account has them now"


@pytest.mark.contract("GET /integrations")
def test_integrations(world: World) -> None:
    (greenhouse,) = [
        i for i in world.http.get("/integrations").json()["results"] if i["slug"] == "greenhouse"
    ]
    assert [{f["name"] for f in s["credentials"] if f["required"]} for s in greenhouse["styles"]] == [
        set(CREDENTIALS["greenhouse"][style]) for style in ("v3", "v3_partner", "v1")
    ]
    assert all(s["available_model_operations"] for s in greenhouse["styles"])


# Secrets at rest


def stored_bytes(world: World) -> bytes:
    """Everything the database holds, as bytes."""
    if SERVER:
        with world.service.reader.connect() as connection:
            rows = [
                row
                for table in (linked_account, access_token, api_key)
                for row in connection.execute(select(table)).all()
            ]
        return repr(rows).encode()
    files = world.settings.data_dir.glob("*.db*")
    return b"".join(path.read_bytes() for path in files)


@pytest.mark.parametrize("style", STYLES)
def test_no_secret_is_readable_in_the_database(world: World, style: str) -> None:
    account = world.link(style)
    account.http.post("/webhook-receivers", json={"event": "x", "is_active": True, "key": "hook-secret"})
    content = stored_bytes(world)
    assert len(content) > 500
    tokens = list(world.sandbox.tokens.access) + list(world.sandbox.tokens.refresh)
    secrets = [*CREDENTIALS["greenhouse"][style].values(), *tokens, world.key, account.token, "hook-secret"]
    assert [secret for secret in secrets if secret.encode() in content] == []


def test_the_key_is_its_owners_alone(world: World) -> None:
    path = world.settings.data_dir / "encryption.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert open_vault(world.settings).open(world.service.vault.seal("x")) == "x", "made once, then kept"


def test_keys_can_be_rotated(tmp_path: Path) -> None:
    old, new, other = (Fernet.generate_key().decode() for _ in range(3))

    def vault(keys: str) -> Vault:
        return open_vault(Settings(data_dir=tmp_path / "data", encryption_keys=keys))

    sealed = vault(old).seal({"api_key": "x"})
    assert vault(f"{new}, {old}").open(sealed) == {"api_key": "x"}
    renewed = vault(f"{new},{old}").seal({"api_key": "x"})
    assert vault(new).open(renewed) == {"api_key": "x"}
    for keys in (new, other):
        with pytest.raises(ValueError, match="OMNIATS_ENCRYPTION_KEYS"):
            vault(keys).open(sealed)
    assert not (tmp_path / "data" / "encryption.key").exists()
    with pytest.raises(ValueError, match="key"):
        vault("nonsense")


# Tokens


@pytest.fixture
def partner(world: World) -> Account:
    return world.link("v3_partner", sync=False)


def credentials_of(world: World, account: Account) -> Json:
    found = world.service.vault.open(world.stored(account).credentials)
    assert isinstance(found, dict)
    return found


@contextmanager
def vendor(world: World, account: Account) -> Iterator[Any]:
    """A client of the account as any process of the service opens it."""
    provider = PROVIDERS["greenhouse"]
    credentials = credentials_of(world, account)
    style = provider.style_for(credentials)
    assert style is not None
    tokens = StoredTokens(world.service.engine, world.service.vault, account.id, {})
    yield open_client(
        style.api.base_url_for(credentials),
        style.api.hosts,
        style.auth(credentials, tokens),
        style.api.classify,
        origin=world.settings.provider_origins["greenhouse"],
    )


def test_a_used_refresh_token_is_replaced(world: World, partner: Account) -> None:
    first = credentials_of(world, partner)["refresh_token"]
    assert first != CREDENTIALS["greenhouse"]["v3_partner"]["refresh_token"], "linking has used the given one"
    assert first in world.sandbox.tokens.refresh
    world.sandbox.tokens.expire_all()
    with vendor(world, partner) as client:
        assert client.get("/v3/users").status_code == 200
    second = credentials_of(world, partner)["refresh_token"]
    assert second != first
    assert second in world.sandbox.tokens.refresh


def test_a_token_and_its_rotation_are_stored_together(
    world: World, partner: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the one cannot be stored, neither is the other."""
    before = world.stored(partner).credentials
    world.sandbox.tokens.expire_all()

    def broken(*_arguments: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr(StoredTokens, "_rotate", broken)
    with vendor(world, partner) as client, pytest.raises(RuntimeError):
        client.get("/v3/users")
    assert world.stored(partner).credentials == before
    with world.service.reader.connect() as connection:
        (row,) = connection.execute(select(access_token)).all()
    sealed = world.service.vault.open(row.token) if row.token else None
    assert sealed not in world.sandbox.tokens.access, "the new token is not kept either"
    assert row.minting_until == 0, "others may ask"


@pytest.mark.parametrize("style", ["v3", "v3_partner"])
def test_two_that_need_a_token_ask_for_one(world: World, style: str) -> None:
    account = world.link(style, sync=False)
    world.sandbox.tokens.expire_all()
    asked = len(world.sent("POST", "/token"))
    world.sandbox.controls.fail("/token", status=None, delay=0.2)
    ready = threading.Barrier(4)
    answers: list[int] = []

    def read() -> None:
        with vendor(world, account) as client:
            ready.wait()
            answers.append(client.get("/v3/users").status_code)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers == [200] * 4
    assert len(world.sent("POST", "/token")) == asked + 1
