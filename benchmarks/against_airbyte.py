"""A first synchronisation beside `airbyte-source-greenhouse`, both reading the same lists of one vendor.

Both speak Harvest v1, 500 rows a page. Airbyte's connector writes a JSON line for each row to a file. omniats
keeps the rows, makes common records of them and stores both. Seconds count from when a program begins to read
until it has come to its end; starting up is left out.
"""

import argparse
import os
import statistics
import subprocess
import tempfile
import time
import venv
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import func, select

from app.accounts.tables import linked_account
from app.common.models import COLLECTIONS
from app.records.tables import vendor_row
from app.scopes import store as scopes
from benchmarks.accounts import linked
from benchmarks.first_sync import synchronise
from benchmarks.vendor import Vendor, vendor
from benchmarks.world import database

PACKAGE = "airbyte-source-greenhouse==0.6.1"
STREAMS = {  # of the connector, with the list of Harvest that each reads
    "users": "users",
    "jobs": "jobs",
    "job_stages": "job_stages",
    "job_posts": "job_posts",
    "candidates": "candidates",
    "applications": "applications",
    "interviews": "scheduled_interviews",
}
MODELS = {
    "RemoteUser",
    "Job",
    "JobInterviewStage",
    "JobPosting",
    "Candidate",
    "Application",
    "ScheduledInterview",
}
KEY = {"api_key": "any"}
# The connector knows one address and asks for 100 rows a page. Its requests are sent to the vendor of the
# benchmark as OMNIATS_PROVIDER_ORIGINS does with ours, and ask for as many rows as ours do.
CONNECTOR = """
import sys, requests
from airbyte_cdk.entrypoint import launch
from source_greenhouse.run import _get_source

ORIGIN, arguments = sys.argv[1], sys.argv[2:]
VENDOR = "https://harvest.greenhouse.io"

class Redirected(requests.adapters.HTTPAdapter):
    def send(self, request, **options):
        request.url = request.url.replace(VENDOR, ORIGIN).replace("per_page=100", "per_page=500")
        return super().send(request, **options)

def session(self, *given, **named):
    begin(self, *given, **named)
    self.mount(VENDOR, Redirected())

begin, requests.Session.__init__ = requests.Session.__init__, session
launch(_get_source(arguments), arguments)
"""


class Connector:
    """Airbyte's connector.

    Args:
        python: of an environment that has it.
        folder: where its files are.
        origin: the vendor's.
    """

    def __init__(self, python: str, folder: Path, origin: str) -> None:
        self._command = [python, "-c", CONNECTOR, origin]
        self._output = folder / "output.jsonl"
        self._config, self._catalog = folder / "config.json", folder / "catalog.json"
        self._config.write_bytes(orjson.dumps(KEY))
        self._catalog.write_bytes(orjson.dumps({"streams": self._chosen()}))

    def read(self) -> tuple[int, float]:
        """Read everything; gives rows and seconds."""
        ended = self._run("read", "--catalog", str(self._catalog))
        rows, began = 0, None
        for message in self._messages():
            rows += message["type"] == "RECORD"
            if began is None and message["type"] == "TRACE":
                began = message["trace"]["emitted_at"] / 1000  # a stream's state: it has begun
        if began is None:
            raise RuntimeError("The connector has begun no stream")
        return rows, ended - began

    def _chosen(self) -> list[dict[str, Any]]:
        self._run("discover")
        (known,) = (m["catalog"]["streams"] for m in self._messages() if m["type"] == "CATALOG")
        return [
            {"stream": stream, "sync_mode": "full_refresh", "destination_sync_mode": "overwrite"}
            for stream in known
            if stream["name"] in STREAMS
        ]

    def _run(self, command: str, *arguments: str) -> float:
        """Run it to its end; gives when that was."""
        with self._output.open("wb") as output:
            subprocess.run(  # noqa: S603 - our own arguments
                [*self._command, command, "--config", str(self._config), *arguments],
                stdout=output,
                env={"PATH": os.environ["PATH"]},
                check=True,
            )
        return time.time()

    def _messages(self) -> list[dict[str, Any]]:
        return [orjson.loads(line) for line in self._output.read_bytes().splitlines()]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="", help="a PostgreSQL server's URL; SQLite without it")
    parser.add_argument("--interviews", type=int, default=20_000)
    parser.add_argument("--candidates", type=int, default=4_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--airbyte", help=f"a Python that has {PACKAGE}; else it is installed for this run")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, vendor(wanted.candidates, wanted.interviews) as fake:
        python = wanted.airbyte or installed(Path(folder) / "airbyte")
        connector = Connector(python, Path(folder), fake.origin)
        theirs, ours = [], []
        for _ in range(wanted.rounds):
            theirs.append(connector.read())
            ours.append(stored(fake, wanted.database))
    tell(PACKAGE, "printed as JSON lines", theirs)
    tell("omniats", f"stored on {'PostgreSQL' if wanted.database else 'SQLite'}", ours)
    print(
        f"ratio                      {median(theirs) / median(ours):>8.2f}  of the connector's rows a second"
    )


def stored(fake: Vendor, server: str) -> tuple[int, float]:
    """Synchronise the same lists; gives rows and seconds."""
    with database(server) as url, tempfile.TemporaryDirectory() as folder:
        made = linked(url, Path(folder), fake, [KEY])
        with made.engine.begin() as connection:
            account_id = connection.execute(select(linked_account.c.id)).scalar_one()
            scopes.set_account(
                connection, account_id, [_unread(m.name) for m in COLLECTIONS if m.name not in MODELS]
            )
        _, seconds = synchronise(made)
        with made.reader.connect() as connection:
            counts = select(vendor_row.c.resource, func.count()).group_by(vendor_row.c.resource)
            rows: dict[str, int] = dict(connection.execute(counts).tuples().all())
        made.engine.dispose()
    if rows.keys() != set(STREAMS.values()):
        raise RuntimeError(f"Other lists were read: {sorted(rows)}")
    return sum(rows.values()), seconds


def _unread(model: str) -> dict[str, Any]:
    return {"model_name": model, "model_permissions": {"READ": {"is_enabled": False}}}


def installed(folder: Path) -> str:
    """A Python of its own that has the connector."""
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", PACKAGE], check=True)  # noqa: S603 - our own arguments
    return python


def median(runs: list[tuple[int, float]]) -> float:
    """Of the seconds."""
    return statistics.median(seconds for _, seconds in runs)


def tell(name: str, deed: str, runs: list[tuple[int, float]]) -> None:
    """Print how one of them did."""
    rows, seconds = runs[0][0], median(runs)
    print(f"{name}\n  rows                     {rows:>8,}  {deed}")
    print(f"  seconds                  {seconds:>8.1f}")
    print(f"  rows a second            {rows / seconds:>8,.0f}")


if __name__ == "__main__":
    main()
