"""What Prometheus is told: every figure follows what it is about, and none of them names anybody."""

import time
from collections.abc import Callable
from types import SimpleNamespace

import httpx
import pytest
from prometheus_client import REGISTRY
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update
from world import Account, Json, Synced, World

from app.accounts.tables import linked_account
from app.common.times import now
from app.issues import store as issues
from app.jobs import ask, job_table
from app.service import Service
from app.sync.tables import resource_state
from app.telemetry import facts
from app.telemetry.facts import Facts, connections
from app.telemetry.vendors import outcome_of, watched
from app.webhooks.deliver import Outcome, _write_down
from app.webhooks.posting import Answer
from providers.kit import Call

HOUR = 3_600_000_000  # microseconds


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def told(world: World, *, per_account: bool = False) -> Callable[..., float | None]:
    """The value of a figure from the database, read now."""
    families = list(Facts(world.service.engine, per_account=per_account, age=0).collect())

    def value(name: str, **labels: str) -> float | None:
        found = [s for f in families for s in f.samples if (s.name, s.labels) == (name, labels)]
        return found[0].value if found else None

    return value


def set_lag(world: World, account: Account, hours: float, resource: str | None = None) -> None:
    mine = resource_state.c.account_id == account.id
    where = [mine] if resource is None else [mine, resource_state.c.resource == resource]
    with world.service.engine.begin() as connection:
        values = {"fresh_as_of": now() - int(hours * HOUR)}
        connection.execute(update(resource_state).where(*where).values(**values))


def test_anybody_may_ask_and_reads_prometheus_format(world: World) -> None:
    answer = httpx.get(f"{world.url}/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    assert set(families) >= {
        "omniats_http_request_seconds", "omniats_vendor_calls", "omniats_webhook_deliveries",
        "omniats_job_runs", "omniats_sync_lag_seconds", "omniats_sync_lag_max_seconds",
        "omniats_jobs_due", "omniats_job_oldest_due_seconds", "omniats_issues_open",
        "omniats_database_connections", "omniats_database_up", "omniats_linked_accounts",
    }  # fmt: skip


def test_nobody_is_named(synced: Synced) -> None:
    synced.v1.get("/interviews", remote_id="rem-secret")
    text = httpx.get(f"{synced.world.url}/metrics").text
    for told_nowhere in (synced.v1.id, synced.v1.token, synced.world.key, "Acme", "origin-", "rem-secret"):
        assert told_nowhere not in text


def test_a_request_is_timed_by_its_route_and_status(world: World) -> None:
    route = {"method": "GET", "route": "/api/ats/v1/linked-accounts"}
    good, refused = ({**route, "status": status} for status in ("200", "401"))
    before = [counted("omniats_http_request_seconds_count", **labels) for labels in (good, refused)]
    world.http.get("/linked-accounts")
    httpx.get(f"{world.url}/api/ats/v1/linked-accounts?x=1")
    after = [counted("omniats_http_request_seconds_count", **labels) for labels in (good, refused)]
    assert [a - b for a, b in zip(after, before, strict=True)] == [1, 1]


def test_paths_that_no_route_takes_are_one_figure(world: World) -> None:
    for path in ("/a", "/b", "/api/ats/v1/c"):
        httpx.get(f"{world.url}{path}")
    routes = {s.labels["route"] for f in REGISTRY.collect() for s in f.samples if "route" in s.labels}
    assert "unknown" in routes
    assert not {"/a", "/b", "/api/ats/v1/c"} & routes


def test_calls_to_a_vendor_are_counted_by_outcome(world: World) -> None:
    labels = {"integration": "greenhouse", "outcome": "ok"}
    before = counted("omniats_vendor_calls_total", **labels)
    timed = counted("omniats_vendor_call_seconds_count", integration="greenhouse")
    world.link("v1")
    made = len([r for r in world.sandbox.controls.received if r.status == 200])
    assert made > 10
    assert counted("omniats_vendor_calls_total", **labels) - before == made
    assert counted("omniats_vendor_call_seconds_count", integration="greenhouse") - timed >= made


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, "ok"), (302, "ok"), (401, "unauthorized"), (403, "forbidden"), (404, "not_found"),
        (422, "client_error"), (429, "rate_limited"), (500, "server_error"), (503, "server_error"),
        (None, "no_answer"),
    ],
)  # fmt: skip
def test_outcomes(status: int | None, outcome: str) -> None:
    assert outcome_of(status) == outcome


def test_who_else_is_to_know_of_a_call_is_told() -> None:
    seen: list[Call] = []
    call = Call("GET", "https://x.example/", 200, 0.1)
    watched("greenhouse", seen.append)(call)
    watched("greenhouse", None)(call)
    assert seen == [call]


def test_runs_are_counted_by_how_they_ended(world: World) -> None:
    jobs = world.service.jobs

    @jobs.handler("told")
    def run(job: object) -> None:
        if getattr(job, "key", "") == "bad":
            raise ValueError

    before = [counted("omniats_job_runs_total", kind="told", outcome=o) for o in ("done", "failed")]
    with jobs.begin() as connection:
        for key in ("good", "bad", "better"):
            ask(connection, "told", key)
    jobs.run_due()
    after = [counted("omniats_job_runs_total", kind="told", outcome=o) for o in ("done", "failed")]
    assert [a - b for a, b in zip(after, before, strict=True)] == [2, 1]


def test_deliveries_are_counted_by_outcome(world: World) -> None:
    def outcome(error: str | None, *, final: bool = False) -> Outcome:
        delivery: Json = {"id": "none", "attempts": 0}
        return Outcome(SimpleNamespace(**delivery), Answer(None, error), final)  # type: ignore[arg-type]

    names = ("delivered", "again", "failed")
    before = [counted("omniats_webhook_deliveries_total", outcome=name) for name in names]
    with world.service.engine.begin() as connection:
        _write_down(connection, [outcome(None), outcome(None), outcome("x"), outcome("x", final=True)])
    after = [counted("omniats_webhook_deliveries_total", outcome=name) for name in names]
    assert [a - b for a, b in zip(after, before, strict=True)] == [2, 1, 1]


def test_lag_is_that_of_the_list_read_longest_ago(synced: Synced) -> None:
    world = synced.world
    for account, hours in ((synced.v1, 0.5), (synced.v3, 30.0), (synced.other, 0.01)):
        set_lag(world, account, hours)
    set_lag(world, synced.v1, 2.0, resource="offers")
    value = told(world)
    assert value("omniats_sync_lag_max_seconds", integration="greenhouse") == pytest.approx(30 * 3600, abs=60)

    def up_to(bound: str) -> float | None:
        return value("omniats_sync_lag_seconds_bucket", integration="greenhouse", le=bound)

    assert [up_to(b) for b in ("300.0", "3600.0", "14400.0", "86400.0", "604800.0", "+Inf")] == [
        1, 1, 2, 2, 3, 3,
    ]  # fmt: skip


def test_lag_is_told_of_accounts_that_are_to_be_read_alone(synced: Synced) -> None:
    world = synced.world
    for account, values in (
        (synced.v1, {"status": "RELINK_NEEDED"}),
        (synced.v3, {"are_syncs_disabled": True}),
        (synced.other, {"deleted_at": 1}),
    ):
        set_lag(world, account, 30)
        with world.service.engine.begin() as connection:
            row = linked_account.c.id == account.id
            connection.execute(update(linked_account).where(row).values(**values))
    assert told(world)("omniats_sync_lag_max_seconds", integration="greenhouse") is None


def test_a_list_that_is_switched_off_does_not_lag(synced: Synced) -> None:
    set_lag(synced.world, synced.v1, 30, resource="offers")
    with synced.world.service.engine.begin() as connection:
        off = resource_state.c.resource == "offers"
        connection.execute(update(resource_state).where(off).values(status="DISABLED"))
    lag = told(synced.world)("omniats_sync_lag_max_seconds", integration="greenhouse")
    assert lag is not None
    assert lag < 3600


def test_an_account_that_was_never_read_lags_since_it_was_linked(world: World) -> None:
    account = world.link("v1", sync=False)
    with world.service.engine.begin() as connection:
        row = linked_account.c.id == account.id
        connection.execute(update(linked_account).where(row).values(created_at=now() - 5 * HOUR))
    lag = told(world)("omniats_sync_lag_max_seconds", integration="greenhouse")
    assert lag == pytest.approx(5 * 3600, abs=60)


def test_accounts_are_named_by_setting_only(synced: Synced) -> None:
    names = {"integration": "greenhouse", "account_id": synced.v1.id}
    set_lag(synced.world, synced.v1, 2)
    assert told(synced.world)("omniats_account_sync_lag_seconds", **names) is None
    lag = told(synced.world, per_account=True)("omniats_account_sync_lag_seconds", **names)
    assert lag == pytest.approx(7200, abs=60)
    service = Service(synced.world.settings.model_copy(update={"metrics_per_account": True}))
    assert service.metrics.get_sample_value("omniats_account_sync_lag_seconds", names) is not None
    service.engine.dispose()


def test_accounts_and_issues(synced: Synced) -> None:
    world = synced.world
    with world.service.jobs.begin() as connection:
        issues.report(connection, synced.v1.id, "a", "x", "y")
        issues.report(connection, synced.v3.id, "b", "x", "y")
        issues.report(connection, None, "c", "x", "y")
    value = told(world)
    assert value("omniats_linked_accounts", integration="greenhouse", status="COMPLETE") == 3
    assert value("omniats_issues_open", integration="greenhouse") == 2
    assert value("omniats_issues_open", integration="none") == 1
    world.a_day_passes()
    with world.service.jobs.begin() as connection:
        issues.resolve(connection, synced.v1.id, "a")
    assert told(world)("omniats_issues_open", integration="greenhouse") == 1


def test_the_queue_and_who_waits_longest(world: World) -> None:
    assert told(world)("omniats_job_oldest_due_seconds") == 0
    with world.service.jobs.begin() as connection:
        for key in ("1", "2"):
            ask(connection, "x", key)
        ask(connection, "later", "1", delay=3600)
        connection.execute(
            update(job_table)
            .where(job_table.c.kind == "x", job_table.c.key == "1")
            .values(due_at=time.time() - 500)
        )
    value = told(world)
    assert value("omniats_jobs_due", kind="x") == 2
    assert value("omniats_jobs_due", kind="later") == 0
    assert value("omniats_job_oldest_due_seconds") == pytest.approx(500, abs=60)
    inside: list[float | None] = []
    world.service.jobs.handler("x")(lambda _job: inside.append(told(world)("omniats_jobs_running", kind="x")))
    world.service.jobs.runs.run("x", "1")
    assert inside == [1]


def test_the_pool(world: World) -> None:
    def in_use() -> float:
        found = connections(world.service.engine.pool).samples
        return next(sample.value for sample in found if sample.labels == {"state": "in_use"})

    before = in_use()
    with world.service.reader.connect():
        assert in_use() == before + 1


def test_a_database_that_cannot_be_read_is_told_of(world: World) -> None:
    assert told(world)("omniats_database_up") == 1
    with world.service.engine.begin() as connection:
        connection.exec_driver_sql("alter table issue rename to gone")
    assert told(world)("omniats_database_up") == 0
    assert httpx.get(f"{world.url}/metrics").status_code == 200


def test_the_database_is_read_once_in_a_while(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[int] = []
    clock = [100.0]
    monkeypatch.setattr(facts.time, "monotonic", lambda: clock[0])
    kept = Facts(world.service.engine)
    read = kept._read
    monkeypatch.setattr(kept, "_read", lambda: reads.append(1) or read())

    def look() -> set[str]:
        found: list[Metric] = list(kept.collect())
        return {family.name for family in found}

    assert look() == look()
    assert len(reads) == 1
    clock[0] += facts.AGE
    look()
    assert len(reads) == 2
