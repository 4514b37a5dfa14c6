"""The database is lost, full, locked or away: in every transaction of a run, in a write, in a delivery.

On PostgreSQL the server ends the connection; on SQLite the next statement is broken off, as by a bad disk.
What `/readyz` says of full disks and of a database that is not there: `tests/telemetry/test_readiness.py`.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from importlib import import_module
from typing import Any

import httpx
import psycopg
import pytest
from databases import SERVER
from fault_world import ROOM, Scene, content, statuses
from psycopg import sql
from sqlalchemy import Connection, event, select
from sqlalchemy.exc import DBAPIError, OperationalError
from world import World

from app.idempotency.store import Idempotency
from app.jobs import job_table
from sandboxes.greenhouse import ADMIN

AWAY = {"detail": "The database cannot be used at the moment. Nothing was done; try again."}
MOMENTS = {
    "before a page is stored": "app.sync.passes.fence",
    "after a page is stored, before its checkpoint": "app.sync.passes.got_on",
    "when a list is over": "app.sync.passes.tell_finished",
    "when the run is over": "app.sync.run.tell_completed",
    "when the job is over": "app.jobs.runs.finish",
}
embedded = pytest.mark.skipif(bool(SERVER), reason="about the file of an embedded database")


def lose(connection: Connection) -> None:
    """Whatever statement comes next on this connection is broken off."""
    driver: Any = connection.connection.driver_connection
    if SERVER:
        with psycopg.connect(SERVER, autocommit=True) as server:
            server.execute("select pg_terminate_backend(%s)", (driver.info.backend_pid,))
    else:
        breaks = [1]
        driver.set_progress_handler(lambda: breaks.pop() if breaks else 0, 1)


def losing(monkeypatch: pytest.MonkeyPatch, place: str, *, skip: int = 0) -> list[str]:
    """Lose the database once, when a function is called after so many times."""
    module, _, name = place.rpartition(".")
    genuine: Callable[..., Any] = getattr(import_module(module), name)
    calls: list[None] = []
    lost: list[str] = []

    def broken(connection: Connection, *arguments: Any, **options: Any) -> Any:
        calls.append(None)
        if len(calls) == skip + 1:
            lost.append(place)
            lose(connection)
        return genuine(connection, *arguments, **options)

    monkeypatch.setattr(place, broken)
    return lost


@contextmanager
def pragma(world: World, **values: int) -> Iterator[None]:
    """Set something on every connection to an embedded database."""

    def set_all(driver: Any, *_: object) -> None:
        for name, value in values.items():
            driver.execute(f"PRAGMA {name}={value}")

    event.listen(world.service.engine, "checkout", set_all)
    yield
    event.remove(world.service.engine, "checkout", set_all)
    world.service.engine.dispose()


def read(scene: Scene) -> httpx.Response:
    return scene.hurt.get("/interviews")


def write(scene: Scene, **headers: str) -> httpx.Response:
    """A write whose outcome at the vendor can be counted."""
    known = next(row for row in scene.hurt.list("/interviews") if row["remote_id"] == scene.changed)
    names = ("application", "interviewers", "start_at", "end_at")
    model = {name: known[name] for name in names} | {"location": ROOM}
    body = {"model": model, "remote_user_id": str(ADMIN)}
    return scene.hurt.http.post("/interviews", json=body, headers=headers)


def written(scene: Scene) -> int:
    return len([request for request in scene.world.sent("POST") if request.path != "/token"])


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_connection_that_is_lost_costs_a_page(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    before = content(scene.hurt, scene.changed)
    scene.change()
    with monkeypatch.context() as unlucky:
        lost = losing(unlucky, MOMENTS[moment], skip=0 if "is over" in moment else 5)
        if moment == "when the job is over":  # a worker's thread logs it, and the lease ends
            with pytest.raises(DBAPIError):
                scene.run(scene.hurt, full=True)
        else:
            scene.run(scene.hurt, full=True)
        assert lost
    scene.world.service.engine.dispose()
    assert read(scene).status_code == 200
    scene.run()
    scene.is_whole(before)
    scene.other_is_well()


def test_a_connection_that_is_lost_after_the_vendor_has_written(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no 5xx, which clients repeat: the vendor would do it twice."""
    with monkeypatch.context() as unlucky:
        lost = losing(unlucky, "app.writes.perform.taking_in")
        answer = write(scene)
        assert lost
    assert answer.status_code == 201, answer.text
    assert answer.json()["model"] is None
    assert "Do not repeat" in answer.json()["warnings"][0]["detail"]
    assert written(scene) == 1
    scene.run(scene.hurt)
    assert len(scene.hurt.list("/interviews", modified_after=None)) == len(
        scene.world.sandbox.tables["interviews"].rows
    )


def test_an_answer_that_cannot_be_kept_is_given(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The vendor has written: the same key is not carried out again."""

    def lost(*_arguments: object) -> None:
        raise OperationalError("update", {}, Exception("server closed the connection"))

    with monkeypatch.context() as unlucky:
        unlucky.setattr(Idempotency, "finish", lost)
        answer = write(scene, **{"Idempotency-Key": "k-1"})
    assert answer.status_code == 201, answer.text
    assert written(scene) == 1
    again = write(scene, **{"Idempotency-Key": "k-1"})
    assert again.status_code in (400, 409), "still taken for running, or its outcome unknown"
    assert written(scene) == 1


@pytest.mark.skipif(not SERVER, reason="about a database server")
def test_a_server_that_is_away_for_a_moment(scene: Scene) -> None:
    name = sql.Identifier(str(scene.world.service.engine.url.database))
    allow = sql.SQL("alter database {} allow_connections {}")
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(allow.format(name, sql.SQL("false")))
        server.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname=%s",
            (scene.world.service.engine.url.database,),
        )
        try:
            answers = [read(scene), scene.hurt.http.post("/sync-status/resync")]
            assert httpx.get(f"{scene.world.url}/readyz").json()["problems"] == ["database"]
        finally:
            server.execute(allow.format(name, sql.SQL("true")))
    for answer in answers:
        assert (answer.status_code, answer.json()) == (503, AWAY)
        assert answer.headers["Retry-After"] == "1"
    assert read(scene).status_code == 200
    scene.change()
    scene.run()
    scene.other_is_well()


@embedded
def test_a_database_that_somebody_else_has_locked(scene: Scene) -> None:
    path = str(scene.world.service.engine.url.database)
    resync = partial(scene.hurt.http.post, "/sync-status/resync")
    with pragma(scene.world, busy_timeout=0), closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert read(scene).status_code == 200, "who reads waits for nobody"
        answer = resync()
        assert (answer.status_code, answer.json()) == (503, AWAY)
        assert write(scene).status_code == 503
        assert written(scene) == 0
        other.execute("ROLLBACK")
    assert resync().status_code == 200


@embedded
def test_a_file_that_cannot_be_changed(scene: Scene) -> None:
    with pragma(scene.world, query_only=1):
        assert read(scene).status_code == 200
        answer = scene.hurt.http.post("/sync-status/resync")
        assert (answer.status_code, answer.json()) == (503, AWAY)
    assert scene.hurt.http.post("/sync-status/resync").status_code == 200


@embedded
def test_a_disk_that_is_full_in_mid_sync(scene: Scene) -> None:
    clean = content(scene.hurt, names=True)
    fresh = scene.world.link("v3", sync=False)
    with scene.world.service.reader.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    with pragma(scene.world, max_page_count=pages + 20):
        scene.run(fresh)
        assert "SYNCING" in {row["status"] for row in statuses(fresh)}
        with scene.world.service.reader.connect() as connection:
            error = connection.scalar(select(job_table.c.error).where(job_table.c.key == fresh.id))
        assert "full" in str(error)
        assert read(scene).status_code == 200
    with pragma(scene.world, max_page_count=2**30):
        scene.run(fresh)
    assert content(fresh, names=True) == clean
