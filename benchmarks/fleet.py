"""Many accounts synchronised by several worker processes on PostgreSQL, which may be killed meanwhile.

The ratio is to the first number of workers. At the end what is stored of every account is compared with what
the vendor holds, and with the records of one account that one thread synchronised in peace.
"""

import argparse
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import astuple, dataclass
from pathlib import Path

import orjson
from sqlalchemy import func, make_url, select, text

from app.accounts.tables import linked_account
from app.service import Service
from app.settings import Settings
from app.sync.tables import sync_run
from benchmarks.accounts import linked
from benchmarks.stored import Difference, difference, kept_rows, records_of, rows_of
from benchmarks.vendor import Vendor, vendor
from benchmarks.world import database

REFUSAL = (
    "Several worker processes need PostgreSQL; SQLite is for one process. "
    "Name a server: --database postgresql://user@host/name"
)
CONNECTIONS = text("select count(*) from pg_stat_activity where datname = current_database()")
COLUMNS = (
    *("workers", "killed", "seconds", "records/s", "ratio", "CPU workers", "vendor", "rest"),
    *("connections", "pages", "again", "lost", "doubled", "altered", "errors"),
)


@dataclass(frozen=True)
class Expected:
    """What should be stored of each account, and how many records and rows of the vendor it is."""

    content: dict[tuple[str, str], bytes]
    records: int
    rows: int


class Fleet:
    """Worker processes.

    Args:
        environment: their settings.
        log: the file that they write to.
        size: how many.
    """

    def __init__(self, environment: dict[str, str], log: Path, size: int) -> None:
        self._environment = environment
        self._log = log
        self._running = [self._start() for _ in range(size)]
        self.killed = 0

    def _start(self) -> subprocess.Popen[bytes]:
        bare = {name: value for name, value in os.environ.items() if not name.startswith("OMNIATS_")}
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "app.cli", "worker"],
                env=bare | self._environment,
                stdout=log,
                stderr=log,
            )

    def kill_one(self) -> None:
        """Kill the one that has run longest, and start another."""
        oldest = self._running.pop(0)
        oldest.send_signal(signal.SIGKILL)
        oldest.wait()
        self._running.append(self._start())
        self.killed += 1

    def check(self) -> None:
        """See that all run.

        Raises:
            RuntimeError: one has ended.
        """
        if any(worker.poll() is not None for worker in self._running):
            raise RuntimeError(f"A worker has ended:\n{self._log.read_text()[-2000:]}")

    def stop(self) -> None:
        """Let them come to their end."""
        for worker in self._running:
            worker.terminate()
        for worker in self._running:
            worker.wait()


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="sqlite:///", help="a PostgreSQL server's URL")
    parser.add_argument("--accounts", type=int, default=200)
    parser.add_argument("--candidates", type=int, default=501, help="of each account")
    parser.add_argument("--interviews", type=int, default=1_400, help="of each account")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4], help="processes, run by run")
    parser.add_argument("--threads", type=int, default=8, help="of each worker")
    parser.add_argument("--latency-ms", type=int, default=50, help="of each answer of the vendor")
    parser.add_argument("--kill-every", type=float, default=0, help="seconds between two SIGKILLs")
    wanted = parser.parse_args()
    if make_url(wanted.database).get_backend_name() != "postgresql":
        sys.exit(REFUSAL)
    with vendor(wanted.candidates, wanted.interviews, wanted.latency_ms / 1000) as fake:
        expected = in_peace(fake)
        print(
            f"{wanted.accounts} accounts, each {expected.records:,} records from {expected.rows:,} rows; "
            f"vendor {wanted.latency_ms} ms away; {wanted.threads} threads a worker"
        )
        print(*COLUMNS, sep="  ", flush=True)
        first = None
        for size in wanted.workers:
            figures, errors = run(wanted, size, fake, expected)
            first = first or float(figures["seconds"])
            figures["ratio"] = f"{first / float(figures['seconds']):.2f}"
            print("  ".join(f"{figures[name]:>{len(name)}}" for name in COLUMNS), flush=True)
            for error, count in errors.most_common(5):
                print(f"  {count} x {error}", flush=True)


def run(
    wanted: argparse.Namespace, size: int, fake: Vendor, expected: Expected
) -> tuple[dict[str, str], Counter[str]]:
    """Synchronise all accounts once with so many workers; gives the figures by column, and the errors."""
    with database(wanted.database) as url, tempfile.TemporaryDirectory() as folder:
        made = linked(url, Path(folder), fake, clients(Path(folder).name, wanted.accounts))
        log = Path(folder) / "workers.log"
        before = spent(fake)
        started = time.perf_counter()
        fleet = Fleet(environment(made.settings, wanted.threads), log, size)
        try:
            connections = watch(made, fleet, wanted, started)
            seconds = time.perf_counter() - started
        finally:
            fleet.stop()
        after = spent(fake)
        found = differences(made, expected)
        made.engine.dispose()
        errors = errors_in(log)
    records = wanted.accounts * expected.records
    figures = {
        "workers": str(size),
        "killed": str(fleet.killed),
        "seconds": f"{seconds:.1f}",
        "records/s": f"{records / seconds:,.0f}",
        **{name: f"{after[name] - before[name]:,.0f}" for name in before},
        "connections": str(connections),
        "lost": str(found.lost),
        "doubled": str(found.doubled),
        "altered": str(found.altered),
        "errors": str(errors.total()),
    }
    return figures, errors


def errors_in(log: Path) -> Counter[str]:
    """What workers logged as errors, by the last line of it."""
    lines = (orjson.loads(line) for line in log.read_bytes().splitlines() if line.startswith(b"{"))
    texts = (line.get("exception") or line["message"] for line in lines if line["level"] == "ERROR")
    return Counter(text.strip().splitlines()[-1][:100] for text in texts)


def watch(made: Service, fleet: Fleet, wanted: argparse.Namespace, started: float) -> int:
    """Return when every account has been synchronised; gives the most connections that were seen."""
    finished = select(func.count()).where(sync_run.c.ever_completed)
    most, kill_at = 0, wanted.kill_every
    with made.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        while int(connection.scalar(finished) or 0) < wanted.accounts:
            most = max(most, int(connection.scalar(CONNECTIONS) or 0) - 1)
            fleet.check()
            if wanted.kill_every and time.perf_counter() - started > kill_at:
                fleet.kill_one()
                kill_at += wanted.kill_every
            time.sleep(0.25)  # between two looks
    return most


def spent(fake: Vendor) -> dict[str, float]:
    """What has been spent so far: seconds of processor time, and pages of the vendor."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)  # of workers: no other process has ended meanwhile
    workers = ended.ru_utime + ended.ru_stime
    counts = fake.counts()
    busy = [int(ticks) for ticks in Path("/proc/stat").read_text().split()[1:8]]
    working = sum(busy) - busy[3] - busy[4]  # neither idling nor waiting for disks
    machine = working / os.sysconf("SC_CLK_TCK")
    return {
        "CPU workers": workers,
        "vendor": counts["processor"],
        "rest": machine - workers - counts["processor"] - time.process_time(),
        "pages": counts["pages"],
        "again": counts["again"],
    }


def clients(run_name: str, accounts: int) -> list[dict[str, str]]:
    """Credentials by which the vendor tells the accounts of one run from those of others."""
    return [{"client_id": f"{run_name}-{number}", "client_secret": "any"} for number in range(accounts)]


def environment(settings: Settings, threads: int) -> dict[str, str]:
    """The same settings for a process."""
    return {
        "OMNIATS_DATA_DIR": str(settings.data_dir),
        "OMNIATS_DATABASE_URL": settings.database_url,
        "OMNIATS_PROVIDER_ORIGINS": orjson.dumps(settings.provider_origins).decode(),
        "OMNIATS_VENDOR_RATE_SHARE": str(settings.vendor_rate_share),
        "OMNIATS_SYNC_INTERVAL": str(settings.sync_interval),
        "OMNIATS_WORKER_THREADS": str(threads),
        "OMNIATS_LOG_LEVEL": "WARNING",
    }


def in_peace(fake: Vendor) -> Expected:
    """What should be stored: the vendor's rows, and the records that one thread makes of them undisturbed."""
    with database("") as url, tempfile.TemporaryDirectory() as folder:
        made = linked(url, Path(folder), fake, clients(Path(folder).name, 1))
        while made.jobs.run_due():
            pass
        with made.reader.connect() as connection:
            records = records_of(connection, connection.execute(select(linked_account.c.id)).scalar_one())
        made.engine.dispose()
    rows = rows_of(fake.rows())
    return Expected(dict(records + rows), len(records), len(rows))


def differences(made: Service, expected: Expected) -> Difference:
    """Of all accounts together."""
    with made.reader.connect() as connection:
        account_ids = connection.scalars(select(linked_account.c.id)).all()
        found = [
            difference(expected.content, records_of(connection, key) + kept_rows(connection, key))
            for key in account_ids
        ]
    return Difference(*(sum(each) for each in zip(*map(astuple, found), strict=True)))


if __name__ == "__main__":
    main()
