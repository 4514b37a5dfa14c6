"""A backup of a service that goes on working, restored elsewhere with the key, answers as the first did."""

import shutil
import subprocess
import threading
import uuid
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from cryptography.fernet import Fernet
from databases import SERVER
from pydantic import SecretStr
from running import omniats
from sqlalchemy import make_url, text
from world import API, Account, Json, Synced, served, settings_for

from app.main import create_app
from app.service import Service

embedded = pytest.mark.skipif(bool(SERVER), reason="about the file of an embedded database")
on_server = pytest.mark.skipif(not SERVER or shutil.which("pg_dump") is None, reason="needs PostgreSQL")


def interviews(url: str, account: Account) -> list[Json]:
    headers = {name: account.http.headers[name] for name in ("authorization", "x-account-token")}
    answer = httpx.get(f"{url}{API}/interviews", params={"page_size": 100}, headers=headers)
    assert answer.status_code == 200, answer.text
    results: list[Json] = answer.json()["results"]
    return results


def check_restored(synced: Synced, directory: Path, url: str) -> None:
    """A service of its own on what was restored, its key found in the directory."""
    (origin,) = synced.world.settings.provider_origins.values()
    service = Service(settings_for(directory, url, origin))
    try:
        assert service.readiness.problems() == []
        with served(create_app(service, worker=False)) as restored:
            for account in (synced.v1, synced.v3):
                assert interviews(restored, account) == interviews(synced.world.url, account) != []
        with service.connector.account(synced.v1.id) as connected:
            assert connected.credentials
    finally:
        service.jobs.dispatch.close()
        service.engine.dispose()


class Busy:
    """Somebody writes all the time, in transactions of two rows that belong together."""

    def __init__(self, synced: Synced) -> None:
        self._engine = synced.world.service.engine
        self._ended = threading.Event()
        self.began = threading.Event()
        self._thread = threading.Thread(target=self._write)
        with self._engine.begin() as connection:
            connection.execute(text("create table pair (side text, n integer)"))
            connection.execute(text("insert into pair values ('a', 0), ('b', 0)"))

    def _write(self) -> None:
        while not self._ended.is_set():
            with self._engine.begin() as connection:
                connection.execute(text("update pair set n = n + 1 where side = 'a'"))
                connection.execute(text("update pair set n = n + 1 where side = 'b'"))
            self.began.set()

    def __enter__(self) -> "Busy":
        self._thread.start()
        self.began.wait()
        return self

    def __exit__(self, *_: Any) -> None:
        self._ended.set()
        self._thread.join()


@embedded
def test_a_running_service_is_backed_up_and_restored_elsewhere(synced: Synced, tmp_path: Path) -> None:
    world, elsewhere = synced.world, tmp_path / "elsewhere"
    elsewhere.mkdir()
    settings = {"OMNIATS_DATA_DIR": str(world.settings.data_dir)}
    with Busy(synced):
        made = omniats(tmp_path, "backup", str(elsewhere / "omniats.db"), **settings)
    assert (made.returncode, made.stderr) == (0, "")
    assert (elsewhere / "omniats.db").stat().st_mode & 0o777 == 0o600
    shutil.copy(world.settings.data_dir / "encryption.key", elsewhere)
    url = f"sqlite:///{elsewhere / 'omniats.db'}"
    check_restored(synced, elsewhere, url)
    service = Service(settings_for(elsewhere, url, ""))
    with service.reader.connect() as connection:
        assert len(set(connection.scalars(text("select n from pair")))) == 1, "a moment between transactions"
        assert connection.scalar(text("pragma integrity_check")) == "ok"
    service.jobs.dispatch.close()
    service.engine.dispose()


@embedded
def test_without_the_key_a_backup_opens_nothing(synced: Synced, tmp_path: Path) -> None:
    settings = {"OMNIATS_DATA_DIR": str(synced.world.settings.data_dir)}
    assert omniats(tmp_path, "backup", "copy.db", **settings).returncode == 0
    restored = settings_for(
        tmp_path, f"sqlite:///{tmp_path / 'copy.db'}", "",
        encryption_keys=SecretStr(Fernet.generate_key().decode()),
    )  # fmt: skip
    service = Service(restored)
    assert service.readiness.problems() == ["encryption"]
    service.jobs.dispatch.close()
    service.engine.dispose()


@embedded
def test_a_backup_is_never_written_over_something(synced: Synced, tmp_path: Path) -> None:
    settings = {"OMNIATS_DATA_DIR": str(synced.world.settings.data_dir)}
    (tmp_path / "mine.db").write_text("mine")
    refused = omniats(tmp_path, "backup", "mine.db", **settings)
    assert refused.returncode == 1
    assert refused.stderr == "omniats: mine.db is there already\n"
    assert (tmp_path / "mine.db").read_text() == "mine"


def test_a_server_is_backed_up_by_its_own_tool(tmp_path: Path) -> None:
    url = "postgresql://u:s3cret@127.0.0.1:1/d"
    refused = omniats(tmp_path, "backup", "copy.db", OMNIATS_DATABASE_URL=url)
    assert (refused.returncode, "pg_dump" in refused.stderr) == (1, True)
    assert not (tmp_path / "copy.db").exists()


@on_server
def test_a_server_is_dumped_and_restored_elsewhere(synced: Synced, tmp_path: Path) -> None:
    name = f"omniats_test_{uuid.uuid4().hex}"
    target = make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    dump = str(tmp_path / "omniats.dump")
    with Busy(synced):
        source = synced.world.settings.resolved_database_url
        subprocess.run(["pg_dump", "--format=custom", f"--file={dump}", source], check=True)
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f'create database "{name}"')
    try:
        subprocess.run(["pg_restore", "--no-owner", f"--dbname={target}", dump], check=True)
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        shutil.copy(synced.world.settings.data_dir / "encryption.key", elsewhere)
        check_restored(synced, elsewhere, target)
    finally:
        with psycopg.connect(SERVER, autocommit=True) as connection:
            connection.execute(f'drop database "{name}" with (force)')
