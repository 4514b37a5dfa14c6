"""What the database knows of how the service is, as metrics: read when somebody asks, at most so often.

Every process tells the same of it: take the maximum over processes, not the sum.
"""

import logging
import threading
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.core import GaugeHistogramMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Connection, Engine, Pool, QueuePool, Row, and_, func, select
from sqlalchemy.exc import SQLAlchemyError

from app.accounts.connect import COMPLETE
from app.accounts.tables import linked_account
from app.common.times import now
from app.database import reading
from app.issues.store import ONGOING
from app.issues.tables import issue
from app.jobs.leases import depths
from app.sync.state import DISABLED
from app.sync.tables import resource_state

log = logging.getLogger(__name__)

AGE = 5.0  # seconds for which the figures are told again instead of read
BUCKETS = (300.0, 900.0, 1800.0, 3600.0, 14_400.0, 86_400.0, 604_800.0, float("inf"))  # seconds


def registry(engine: Engine, *, per_account: bool) -> CollectorRegistry:
    """All metrics of a process: what it counts, and what the database knows.

    Args:
        engine: the database.
        per_account: whether linked accounts are named, by id.
    """
    made = CollectorRegistry()
    made.register(REGISTRY)
    made.register(Facts(engine, per_account=per_account))
    return made


class Facts(Collector):
    """Figures from the database.

    Args:
        engine: the database.
        per_account: whether linked accounts are named, by id.
        age: seconds for which figures are kept.
    """

    def __init__(self, engine: Engine, *, per_account: bool = False, age: float = AGE) -> None:
        self._engine = engine
        self._per_account = per_account
        self._age = age
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._kept: list[Metric] = []

    def collect(self) -> Iterable[Metric]:
        """The metrics; those of the database are missing while it cannot be read."""
        yield connections(self._engine.pool)
        with self._lock:
            if time.monotonic() - self._read_at >= self._age:
                self._kept = self._read()
                self._read_at = time.monotonic()
            yield from self._kept

    def _read(self) -> list[Metric]:
        up = GaugeMetricFamily("omniats_database_up", "1 when the database could be read.")
        try:
            with reading(self._engine).connect() as connection:
                found = [*accounts(connection), *lags(connection, per_account=self._per_account)]
                found += [*issues_open(connection), *queue(connection)]
        except SQLAlchemyError as error:
            log.warning("metrics not read: %s", type(error).__name__)
            found = []
        up.add_metric([], float(bool(found)))
        return [up, *found]


def connections(pool: Pool) -> Metric:
    """The connections of this process's pool."""
    family = GaugeMetricFamily(
        "omniats_database_connections", "Connections to the database, by state.", labels=["state"]
    )
    if isinstance(pool, QueuePool):
        family.add_metric(["in_use"], pool.checkedout())
        family.add_metric(["idle"], pool.checkedin())
    return family


def accounts(connection: Connection) -> Iterator[Metric]:
    """How many accounts are linked."""
    family = GaugeMetricFamily(
        "omniats_linked_accounts",
        "Linked accounts, by integration and status.",
        labels=["integration", "status"],
    )
    columns = (linked_account.c.integration, linked_account.c.status)
    query = select(*columns, func.count()).where(linked_account.c.deleted_at.is_(None)).group_by(*columns)
    for integration, status, count in connection.execute(query):
        family.add_metric([integration, status], count)
    yield family


def lags(connection: Connection, *, per_account: bool) -> Iterator[Metric]:
    """How long ago the accounts that are to be read were, each by what was read longest ago."""
    spread = GaugeHistogramMetricFamily(
        "omniats_sync_lag_seconds",
        "Linked accounts by the seconds since what was read longest ago of them was.",
        labels=["integration"],
    )
    most = GaugeMetricFamily(
        "omniats_sync_lag_max_seconds",
        "The greatest lag of an account, by integration.",
        labels=["integration"],
    )
    each = GaugeMetricFamily(
        "omniats_account_sync_lag_seconds",
        "The lag of each linked account, by its id.",
        labels=["integration", "account_id"],
    )
    of_integration: dict[str, list[float]] = defaultdict(list)
    for row in _read_longest_ago(connection):
        lag = max(0.0, (now() - row.since) / 1_000_000)
        of_integration[row.integration].append(lag)
        if per_account:
            each.add_metric([row.integration, row.id], lag)
    for integration, found in of_integration.items():
        spread.add_metric([integration], buckets=_buckets(found), gsum_value=sum(found))
        most.add_metric([integration], max(found))
    yield from (spread, most, each) if per_account else (spread, most)


def _read_longest_ago(connection: Connection) -> Iterable[Row[Any]]:
    account, state = linked_account.c, resource_state.c
    since = func.coalesce(func.min(func.coalesce(state.fresh_as_of, account.created_at)), account.created_at)
    query = (
        select(account.id, account.integration, since.label("since"))
        .outerjoin(resource_state, and_(state.account_id == account.id, state.status != DISABLED))
        .where(account.status == COMPLETE, account.deleted_at.is_(None), ~account.are_syncs_disabled)
        .group_by(account.id, account.integration, account.created_at)
    )
    return connection.execute(query)


def _buckets(lags: list[float]) -> list[tuple[str, float]]:
    counts = [0] * len(BUCKETS)
    for lag in lags:
        counts[bisect_left(BUCKETS, lag)] += 1
    bounds = ["+Inf" if bound == float("inf") else str(bound) for bound in BUCKETS]
    return [(bound, float(sum(counts[: place + 1]))) for place, bound in enumerate(bounds)]


def issues_open(connection: Connection) -> Iterator[Metric]:
    """How many problems wait for somebody."""
    family = GaugeMetricFamily(
        "omniats_issues_open",
        "Ongoing issues that are not muted, by integration; none: the organization's own.",
        labels=["integration"],
    )
    integration = func.coalesce(linked_account.c.integration, "none")
    query = (
        select(integration, func.count())
        .select_from(issue)
        .outerjoin(linked_account, linked_account.c.id == issue.c.account_id)
        .where(issue.c.status == ONGOING, ~issue.c.is_muted)
        .group_by(integration)
    )
    for name, count in connection.execute(query):
        family.add_metric([name], count)
    yield family


def queue(connection: Connection) -> Iterator[Metric]:
    """How much work waits, and for how long."""
    due = GaugeMetricFamily("omniats_jobs_due", "Jobs that wait for a worker, by kind.", labels=["kind"])
    running = GaugeMetricFamily("omniats_jobs_running", "Jobs that a worker runs, by kind.", labels=["kind"])
    oldest = GaugeMetricFamily(
        "omniats_job_oldest_due_seconds",
        "Seconds for which the job has waited that waits longest; 0 when none does.",
    )
    found = list(depths(connection))
    for each in found:
        due.add_metric([each.kind], each.due)
        running.add_metric([each.kind], each.running)
    oldest.add_metric([], max((each.waiting for each in found), default=0.0))
    yield from (due, running, oldest)
