"""The bell: which queue, what it refuses, and when it rings."""

import logging
import pickle
import sys
from pathlib import Path
from unittest import mock

import pytest
from cryptography.fernet import Fernet
from job_world import World, wait_for
from pydantic import SecretStr
from queues import on_every_queue
from silent import silent

from app.jobs import Job, ask, queue_url
from app.jobs.dispatch import Dispatch
from app.service import Service
from app.settings import Settings


def open_queue(url: str, *, secret: str = "secret", name: str = "test") -> Dispatch:
    return Dispatch(url, secret, lambda _kind, _key: None, name)


def test_the_queue_is_beside_the_database(tmp_path: Path) -> None:
    embedded = Settings(data_dir=tmp_path, database_url="", queue_url="")
    assert queue_url(embedded) == f"sqlite:///{tmp_path / 'queue.db'}"
    server = Settings(data_dir=tmp_path, database_url="postgresql://host/name", queue_url="")
    assert queue_url(server) == "postgresql://host/name"
    chosen = Settings(data_dir=tmp_path, queue_url="redis://host")
    assert queue_url(chosen) == "redis://host"


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(RuntimeError, match=r"omniats\[redis\]"):
        open_queue("redis://127.0.0.1")


@pytest.mark.parametrize("url", ["mysql://host/name", "unix:///redis.sock", "nonsense", "sqlite://"])
def test_an_unknown_queue_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="OMNIATS_QUEUE_URL"):
        open_queue(url)


def test_a_queue_needs_a_secret(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="secret"):
        open_queue(f"sqlite:///{tmp_path / 'queue.db'}", secret="")


@on_every_queue
def test_bells_ring_after_the_commit_and_never_after_a_rollback(world: World) -> None:
    jobs = world.jobs()
    with jobs.begin() as connection:
        ask(connection, "pages", "a")
        assert jobs.dispatch.pending() == 0
    assert jobs.dispatch.pending() == 1
    with pytest.raises(ZeroDivisionError), jobs.begin() as connection:
        ask(connection, "pages", "b")
        _ = 1 / 0
    with jobs.begin() as connection:
        ask(connection, "pages", "a")
    assert jobs.dispatch.pending() == 1
    with jobs.engine.begin() as connection:
        ask(connection, "pages", "c")
    assert jobs.dispatch.pending() == 1


def test_a_bell_rings_when_others_can_see_what_it_rings_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = world.jobs()
    seen: list[int] = []
    monkeypatch.setattr(jobs.dispatch, "bell", lambda _kind, key: seen.append(world.job(key).asked))
    world.ask("a")
    with jobs.begin() as connection:
        ask(connection, "pages", "a")
    assert seen == [2]


def test_a_queue_that_is_down_does_not_fail_the_ask(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    jobs = world.jobs()
    calls = []

    def refuse(_data: bytes, _priority: object = None) -> None:
        calls.append(1)
        raise ConnectionError("down")

    monkeypatch.setattr(jobs.dispatch.huey.storage, "enqueue", refuse)
    with caplog.at_level(logging.WARNING), jobs.begin() as connection:
        ask(connection, "pages", "a")
    assert len(calls) == 2
    assert "bell lost" in caplog.text
    assert world.job("a").asked == 1


@on_every_queue
def test_calls_signed_with_another_secret_are_not_run(world: World) -> None:
    jobs, forger = world.jobs(), world.jobs(secret="another")
    runs: list[Job] = []
    jobs.handler("pages")(runs.append)
    world.ask("forged")
    world.ask("honest")
    world.set_job(rung_until=1e12)  # the sweeper keeps away
    forger.dispatch.call("pages", "forged")
    jobs.dispatch.huey.storage.enqueue(pickle.dumps("anything"))
    jobs.dispatch.call("pages", "honest")
    jobs.start(1)
    wait_for(lambda: runs and jobs.dispatch.pending() == 0)
    assert [job.key for job in runs] == ["honest"]
    assert world.job("forged").fence == 0


def test_a_redis_that_hangs_holds_up_one_ask_and_not_those_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = mock.Mock(monotonic=mock.Mock(return_value=1000.0))
    monkeypatch.setattr("app.jobs.dispatch.time", clock)
    monkeypatch.setattr("app.jobs.dispatch._ANSWERING", 0.05)
    with silent() as server:
        dispatch = open_queue(f"redis://{server.address}")
        dispatch.bell("pages", "a")
        assert server.connections() == 2, "the client has no retries of its own"
        dispatch.bell("pages", "a")
        assert server.connections() == 0
        clock.monotonic.return_value += 6
        dispatch.bell("pages", "a")
        assert server.connections() == 2


@on_every_queue
def test_installations_that_share_a_queue_do_not_hear_each_other(world: World) -> None:
    ours, theirs = (open_queue(world.queue, name=f"{world.name}_{n}") for n in (1, 2))
    ours.call("pages", "a")
    assert (ours.pending(), theirs.pending()) == (1, 0)
    ours.huey.storage.flush_queue()
    ours.close()
    theirs.close()


def test_an_installation_is_told_from_others_by_its_key(tmp_path: Path) -> None:
    def names(*keys: bytes) -> tuple[str, str]:
        joined = SecretStr(",".join(key.decode() for key in keys))
        service = Service(Settings(data_dir=tmp_path, database_url="", queue_url="", encryption_keys=joined))
        return service.jobs.dispatch.huey.name, service.throttle.name

    one, other = Fernet.generate_key(), Fernet.generate_key()
    assert names(one) == names(one, other) != names(other)
    assert len(set(names(one))) == 1, "one name, wherever things are shared"
    assert one.decode()[:8] not in names(one)[0]
