"""First synchronisation of a large account: records a second, and the memory it takes.

The yardstick of the same run reads the same lists, page by page, and keeps nothing.
"""

import argparse
import resource
import time

from sqlalchemy import func, select

from app.common.models import ALL
from app.common.times import from_micros, now
from app.records.tables import RECORD_TABLES
from app.service import Service
from benchmarks.world import sandbox, service
from providers.kit import ListResource, Window


def read_only(made: Service, account_id: str) -> tuple[int, float]:
    """Read every list and keep nothing; gives rows and seconds."""
    window = Window(None, from_micros(now()))
    rows, started = 0, time.perf_counter()
    with made.connector.account(account_id) as account:
        for listed in account.api.resources:
            cursor = None
            while isinstance(listed, ListResource):
                page = listed.read(account.client, window, cursor)
                rows += len(page.rows)
                cursor = page.next
                if cursor is None:
                    break
    return rows, time.perf_counter() - started


def synchronise(made: Service) -> tuple[dict[str, int], float]:
    """Run the first synchronisation; gives records by model and seconds."""
    made.settle()  # as a worker does
    started = time.perf_counter()
    made.jobs.run_due()
    while made.jobs.run_due():
        pass
    seconds = time.perf_counter() - started
    with made.reader.connect() as connection:
        counts = {
            model.name: connection.scalar(
                select(func.count())
                .select_from(RECORD_TABLES[model.name])
                .where(RECORD_TABLES[model.name].c.shell.is_(False))
            )
            or 0
            for model in ALL
        }
    return counts, seconds


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--interviews", type=int, default=20_000)
    parser.add_argument("--candidates", type=int, default=4_000)
    parser.add_argument("--database", default="", help="a PostgreSQL server's URL; SQLite without it")
    wanted = parser.parse_args()
    with (
        sandbox(wanted.candidates, wanted.interviews) as origin,
        service(origin, wanted.database) as (made, _, _),
    ):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        counts, seconds = synchronise(made)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        with made.reader.connect() as connection:
            account_id = connection.exec_driver_sql("select id from linked_account").scalar_one()
        rows, reading = read_only(made, account_id)
    records = sum(counts.values())
    print(f"records stored        {records:>10,}  ({counts['ScheduledInterview']:,} interviews)")
    print(f"seconds               {seconds:>10.1f}")
    print(f"records a second      {records / seconds:>10,.0f}")
    print(f"vendor rows a second  {rows / seconds:>10,.0f}  synchronising")
    print(f"                      {rows / reading:>10,.0f}  only reading, keeping nothing")
    print(f"ratio                 {reading / seconds:>10.2f}  of the yardstick")
    print(f"memory peak           {peak:>8.0f} MB  ({before:.0f} MB before)")


if __name__ == "__main__":
    main()
