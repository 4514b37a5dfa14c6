"""Each command of `omniats`, run as a user runs it."""

import json
import signal
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from cryptography.fernet import Fernet
from fastapi import FastAPI
from running import omniats, started
from sqlalchemy import Engine, insert, select
from typer.testing import CliRunner

from app.accounts.keys import caller_by_key
from app.accounts.vault import Vault
from app.cli.commands import cli, configured
from app.cli.database import prepare
from app.cli.problems import EXPECTED, Refused, sentence
from app.cli.serving import shown_at
from app.database import open_engine
from app.migrate import differences
from app.webhooks.tables import webhook_signature
from providers.registry import PROVIDERS

URL = "http://127.0.0.1"


@pytest.fixture
def blank(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'blank.db'}")
    yield engine
    engine.dispose()


def test_serve_works_without_any_configuration_and_ends_cleanly(tmp_path: Path) -> None:
    with started(tmp_path, "serve", "--port", "0") as served:
        url = served.until("omniats listens on").split()[3]
        assert "omniats-data/omniats.db" in served.until("Database:")
        served.until("omniats api-key create")
        assert httpx.get(f"{url}/readyz").json() == {"status": "ready", "problems": []}
        key = omniats(tmp_path, "api-key", "create", "my-app").stdout.strip()
        answer = httpx.get(f"{url}/api/ats/v1/integrations", headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 200
        assert served.end(signal.SIGTERM) == 0
    assert "Traceback" not in "\n".join(served.printed)


def test_serve_tells_that_its_port_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = omniats(tmp_path, "serve", "--port", str(port))
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1] == (
        f"omniats: cannot listen on 127.0.0.1:{port}: the port is taken; choose another with --port"
    )


def test_serve_leaves_the_secrets_of_requests_out_of_its_log(tmp_path: Path) -> None:
    with started(tmp_path, "serve", "--port", "0", "--no-worker") as served:
        url = served.until("omniats listens on").split()[3]
        served.until("omniats worker")
        httpx.post(f"{url}/api/integrations/webhook-listener/s3cret-path?token=s3cret-query")
        served.until("/api/integrations/webhook-listener/")
        assert served.end() == 0
    assert "s3cret" not in "\n".join(served.printed)


def test_worker_shows_how_it_is_and_runs_until_it_is_told_to_stop(tmp_path: Path) -> None:
    with started(tmp_path, "worker", OMNIATS_METRICS_ADDRESS="127.0.0.1:0") as worker:
        origin = worker.until("Metrics at").split()[-1].removesuffix("/readyz")
        worker.until("Worker with 8 threads started")
        while (ready := httpx.get(f"{origin}/readyz")).status_code != 200:
            assert ready.json()["problems"] == ["worker"], "until its threads have started"
        assert httpx.get(f"{origin}/healthz").status_code == 200
        shown = httpx.get(f"{origin}/metrics").text
        assert "omniats_jobs_due" in shown
        assert "omniats_job_runs" in shown
        with closing(
            sqlite3.connect(tmp_path / "omniats-data" / "omniats.db", isolation_level=None)
        ) as database:
            database.execute("drop table alembic_version")
        assert httpx.get(f"{origin}/readyz").json()["problems"] == ["migrations"]
        assert worker.end(signal.SIGTERM) == 0
    assert worker.printed[-1] == "Worker stopped."


@pytest.mark.parametrize("address", ["9100", ":9100", "host:", "host:x"])
def test_an_address_without_host_or_port_is_refused(address: str) -> None:
    with (
        pytest.raises(Refused, match="OMNIATS_METRICS_ADDRESS must be host:port"),
        shown_at(address, FastAPI()),
    ):
        pass


def test_migrate_makes_the_tables_the_code_declares(tmp_path: Path) -> None:
    assert omniats(tmp_path, "migrate").stdout.endswith("migrated.\n")
    assert omniats(tmp_path, "migrate").stdout.endswith("up to date already.\n")
    engine = open_engine(f"sqlite:///{tmp_path / 'omniats-data' / 'omniats.db'}")
    assert differences(engine) == []
    engine.dispose()


def test_a_shared_database_is_not_migrated_on_the_way(blank: Engine) -> None:
    with pytest.raises(Refused, match="omniats migrate"):
        prepare("postgresql://somewhere/else", blank)


def test_api_key_create_prints_only_the_key(tmp_path: Path) -> None:
    ended = omniats(tmp_path, "api-key", "create", "my-app")
    (key,) = ended.stdout.splitlines()
    engine = open_engine(f"sqlite:///{tmp_path / 'omniats-data' / 'omniats.db'}")
    with engine.connect() as connection:
        found = caller_by_key(connection, key)
    engine.dispose()
    assert found is not None
    assert found.key_name == "my-app"


def test_api_key_create_refuses_a_name_that_is_taken(tmp_path: Path) -> None:
    omniats(tmp_path, "api-key", "create", "my-app")
    again = omniats(tmp_path, "api-key", "create", "my-app")
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr == "omniats: There is an API key named 'my-app' already\n"


def test_providers_shows_all_of_them_or_one_in_full(tmp_path: Path) -> None:
    shown = omniats(tmp_path, "providers").stdout
    assert all(provider.name in shown for provider in PROVIDERS.values())
    for slug, provider in PROVIDERS.items():  # without a process each
        alone = CliRunner().invoke(cli, ["providers", slug], env={"COLUMNS": "80"}).stdout
        assert f"{provider.name} ({slug})" in alone
        assert all(style.title.en.split()[-1] in alone for style in provider.styles)
        shown += alone
    assert max(map(len, shown.splitlines())) <= 80
    assert "[user_id]" in shown
    assert "there is no provider 'grenhouse'" in omniats(tmp_path, "providers", "grenhouse").stderr


def test_openapi_prints_the_specification_and_leaves_nothing_behind(tmp_path: Path) -> None:
    ended = omniats(tmp_path, "openapi")
    assert "/api/ats/v1/interviews" in json.loads(ended.stdout)["paths"]
    assert ended.stderr == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [("sandbox",), ("sandbox", "greenhouse")])
def test_sandbox_prints_credentials_that_open_it(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    with started(tmp_path, *arguments, "--port", "0") as sandbox:
        line = sandbox.until("OMNIATS_PROVIDER_ORIGINS=")
        origin = json.loads(line.split("'")[1])["greenhouse"]
        credentials = json.loads(sandbox.until("greenhouse v1: ").split("v1: ")[1])
        answer = httpx.get(f"{origin}/v1/users", auth=(credentials["api_key"], ""))
        assert answer.status_code == 200
        assert sandbox.end() == 0


def test_what_goes_wrong_is_one_line_without_the_secret(tmp_path: Path) -> None:
    ended = omniats(tmp_path, "serve", OMNIATS_DATABASE_URL="postgresql://u:s3cret@127.0.0.1:1/d")
    assert ended.returncode == 1
    assert ended.stderr.startswith("omniats: the database: connection failed")
    assert len(ended.stderr.splitlines()) == 1
    assert "s3cret" not in ended.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("OMNIATS_SYNC_INTERVAL", "often", "OMNIATS_SYNC_INTERVAL: Input should be a valid integer"),
        ("OMNIATS_SYNC_INTERVAL", "0", "OMNIATS_SYNC_INTERVAL: Input should be greater than or equal to 1"),
        ("OMNIATS_PROVIDER_ORIGINS", "{", "OMNIATS_PROVIDER_ORIGINS cannot be read: it must be JSON"),
        ("OMNIATS_LOG_LEVEL", "LOUD", "OMNIATS_LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(EXPECTED) as problem:
        configured()
    assert sentence(problem.value).startswith(said)


def test_rotate_keys_says_when_the_old_key_may_go(tmp_path: Path) -> None:
    new, old = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    engine = open_engine(f"sqlite:///{tmp_path / 'omniats-data/omniats.db'}")
    prepare(str(engine.url), engine)
    with engine.begin() as connection:
        connection.execute(insert(webhook_signature).values(id=1, key=Vault([old]).seal("k")))
    early = omniats(tmp_path, "rotate-keys", OMNIATS_ENCRYPTION_KEYS=new)
    assert early.returncode == 1
    assert "drop no key" in early.stderr
    done = omniats(tmp_path, "rotate-keys", OMNIATS_ENCRYPTION_KEYS=f"{new},{old}")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 of 1 values encrypted anew.")
    assert "webhook_signature.key" in done.stderr
    assert new not in done.stdout + done.stderr
    with engine.connect() as connection:
        assert Vault([new]).open(connection.execute(select(webhook_signature.c.key)).scalar_one()) == "k"
    engine.dispose()
