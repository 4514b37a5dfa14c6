"""When requests must be sent elsewhere: each thing that can be wrong is broken once, and mended."""

import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.fernet import Fernet
from databases import SERVER
from pydantic import SecretStr
from sqlalchemy import Engine, text, update
from world import Synced, World, served

from app.accounts.tables import linked_account
from app.database import open_engine
from app.main import create_worker_app
from app.service import Service

embedded = pytest.mark.skipif(bool(SERVER), reason="about the file of an embedded database")


def ready(world: World) -> tuple[int, list[str]]:
    answer = httpx.get(f"{world.url}/readyz")
    body = answer.json()
    assert body["status"] == ("ready" if answer.status_code == 200 else "unready")
    assert httpx.get(f"{world.url}/healthz").json() == {"status": "ok"}, "it is alive whatever is wrong"
    return answer.status_code, body["problems"]


@contextmanager
def no_room() -> Iterator[None]:
    """No file takes a byte more, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def execute(world: World, statement: str) -> None:
    with world.service.engine.begin() as connection:
        connection.execute(text(statement))


def test_an_empty_service_is_ready(world: World) -> None:
    assert ready(world) == (200, [])


def test_one_with_accounts_is_ready(synced: Synced) -> None:
    assert ready(synced.world) == (200, [])


def test_a_database_that_is_not_reached(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/none" if SERVER else f"sqlite:///{world.settings.data_dir}"
    engine: Engine = open_engine(nowhere)
    monkeypatch.setattr(world.service.readiness, "_engine", engine)
    assert ready(world) == (503, ["database"])
    monkeypatch.undo()
    assert ready(world) == (200, [])


def test_a_database_without_its_tables(world: World) -> None:
    execute(world, "drop table alembic_version")
    assert ready(world) == (503, ["migrations"])


def test_a_database_of_a_former_version(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    readiness = world.service.readiness
    monkeypatch.setattr(readiness, "_heads", {"next"})
    monkeypatch.setattr(readiness, "_known", {*readiness._known, "next"})
    assert ready(world) == (503, ["migrations"])


def test_a_database_of_a_later_version(world: World) -> None:
    execute(world, "update alembic_version set version_num = 'later'")
    assert ready(world) == (200, []), "in an upgrade, until this process is replaced"


@pytest.mark.parametrize("which", ["v1", "other"])
def test_credentials_that_no_key_opens(synced: Synced, which: str) -> None:
    world, account = synced.world, getattr(synced, which)
    mine = linked_account.c.id == account.id
    order = {"v1": 1, "other": 2**60}[which]
    with world.service.engine.begin() as connection:
        foreign = Fernet(Fernet.generate_key()).encrypt(b"{}")
        connection.execute(update(linked_account).where(mine).values(credentials=foreign, created_at=order))
    assert ready(world) == (503, ["encryption"])
    with world.service.engine.begin() as connection:
        connection.execute(update(linked_account).where(mine).values(deleted_at=1))
    assert ready(world) == (200, []), "an ended account has nothing to open"


def test_another_key_than_before(synced: Synced) -> None:
    key = SecretStr(Fernet.generate_key().decode())
    service = Service(synced.world.settings.model_copy(update={"encryption_keys": key}))
    assert service.readiness.problems() == ["encryption"]
    service.jobs.dispatch.close()
    service.engine.dispose()


@embedded
def test_a_full_disk(world: World) -> None:
    with no_room():
        problems = world.service.readiness.problems()
    assert "disk" in problems
    assert ready(world) == (200, [])


@embedded
def test_a_directory_that_takes_no_files(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.service.readiness, "_directory", Path("/proc"))
    assert ready(world) == (503, ["disk"])


@pytest.mark.skipif(not SERVER, reason="about a database server")
def test_a_server_that_takes_no_changes(world: World) -> None:
    name = world.service.engine.url.database
    execute(world, f'alter database "{name}" set default_transaction_read_only = on')
    world.service.engine.dispose()
    assert ready(world) == (503, ["disk"])


@pytest.fixture
def working(world: World) -> Iterator[World]:
    world.service.readiness.needs_worker = True
    world.service.jobs.start(1)
    yield world
    world.service.jobs.stop()


def test_a_worker_that_was_never_started(world: World) -> None:
    world.service.readiness.needs_worker = True
    assert ready(world) == (503, ["worker"])


def test_a_worker_of_its_own_is_ready_when_it_works(world: World) -> None:
    with served(create_worker_app(world.service)) as url:
        assert httpx.get(f"{url}/readyz").json()["problems"] == ["worker"]
        world.service.jobs.start(1)
        assert httpx.get(f"{url}/readyz").json()["problems"] == []
        world.service.jobs.stop()
        assert httpx.get(f"{url}/api/ats/v1/integrations").status_code == 404


def test_a_worker_whose_sweeper_has_died(working: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ready(working) == (200, [])
    worker: Any = working.service.jobs._worker
    dead = threading.Thread(target=lambda: None)
    dead.start()
    dead.join()
    monkeypatch.setattr(worker, "_helpers", [worker._helpers[1], dead])
    assert ready(working) == (503, ["worker"])


def test_a_worker_whose_sweeper_is_stuck(working: World, monkeypatch: pytest.MonkeyPatch) -> None:
    worker: Any = working.service.jobs._worker
    stuck, mended = threading.Event(), threading.Event()
    monkeypatch.setattr(worker, "_sweep_once", lambda: stuck.set() or not mended.wait(60))
    assert stuck.wait(60)
    assert ready(working) == (200, []), "for a while it may be slow"
    worker._swept_at -= 100
    try:
        assert ready(working) == (503, ["worker"])
    finally:
        mended.set()


def test_a_worker_without_threads(working: World, monkeypatch: pytest.MonkeyPatch) -> None:
    consumer: Any = working.service.jobs._worker
    dead = threading.Thread(target=lambda: None)
    monkeypatch.setattr(consumer._consumer, "check_worker_health", lambda: None)
    threads = consumer._consumer.worker_threads
    monkeypatch.setattr(consumer._consumer, "worker_threads", [(worker, dead) for worker, _ in threads])
    assert ready(working) == (503, ["worker"])


def test_a_service_that_was_told_to_stop(world: World) -> None:
    world.service.readiness.leave()
    assert ready(world) == (503, ["shutdown"])


def test_a_change_is_logged_once(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "app.readiness"):
        ready(world)
        world.service.readiness.leave()
        for _ in range(3):
            ready(world)
        world.service.readiness.is_leaving = False
        ready(world)
    said = ["not ready: shutdown", "ready again"]
    assert [r.getMessage() for r in caplog.records if r.name == "app.readiness"] == said


@embedded
def test_looking_leaves_no_file(world: World) -> None:
    before = sorted(path.name for path in world.settings.data_dir.iterdir())
    assert ready(world) == (200, [])
    assert sorted(path.name for path in world.settings.data_dir.iterdir()) == before
