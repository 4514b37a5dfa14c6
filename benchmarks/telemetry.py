"""What metrics, log and traces take from reading a page of 100 interviews.

Four servers on one database, asked in turns: one that says nothing, one that counts and times requests, one
that also logs each as a line of JSON into a file, and one that also sends a trace of each to a collector,
which drops them. Requests a second; the ratios are to the first.
"""

import argparse
import multiprocessing
import os
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import uvicorn

from app.main import create_app
from app.service import Service
from app.settings import Settings
from app.telemetry import logs, tracing
from app.telemetry.requests import Observed
from benchmarks.first_sync import synchronise
from benchmarks.read_page import PAGE, rate
from benchmarks.world import free_port, process, sandbox, service, wait_for

NOTHING, METRICS, LOG, TRACES = "nothing", "metrics", "metrics, log", "metrics, log, traces"
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
COLLECTOR = """
import sys, uvicorn

async def collect(scope, receive, send):
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body"})

uvicorn.run(collect, port=int(sys.argv[1]), lifespan="off", log_level="warning", access_log=False)
"""


def serve(settings: Settings, telemetry: str, log: Path, collector: str, port: int) -> None:
    """Serve the API with some of its telemetry."""
    logs.set_up("INFO" if telemetry in (LOG, TRACES) else "ERROR", "json", log)
    if telemetry == TRACES:
        os.environ[ENDPOINT] = collector
        tracing.set_up(os.environ)
    app = create_app(Service(settings), worker=False)
    if telemetry == NOTHING:
        observed: object = Observed
        app.user_middleware = [each for each in app.user_middleware if each.cls is not observed]
    uvicorn.run(app, host="127.0.0.1", port=port, log_config=None, access_log=False)


@contextmanager
def server(settings: Settings, telemetry: str, folder: Path, collector: str) -> Iterator[int]:
    """A server in a process of its own; gives its port."""
    port = free_port()
    running = multiprocessing.get_context("spawn").Process(
        target=serve, args=(settings, telemetry, folder / f"{port}.log", collector, port), daemon=True
    )
    running.start()
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", lambda: running.exitcode)
        yield port
    finally:
        running.terminate()
        running.join()


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--interviews", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args()
    collector = f"http://127.0.0.1:{free_port()}"
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        running.enter_context(process("-c", COLLECTOR, collector.rpartition(":")[2], ready=collector))
        origin = running.enter_context(sandbox(200, wanted.interviews))
        made, key, token = running.enter_context(service(origin))
        synchronise(made)
        ports = {
            telemetry: running.enter_context(server(made.settings, telemetry, folder, collector))
            for telemetry in (NOTHING, METRICS, LOG, TRACES)
        }
        headers = {"Authorization": f"Bearer {key}", "X-Account-Token": token}
        path = f"/api/ats/v1/interviews?page_size={PAGE}"
        rates: dict[str, list[float]] = {telemetry: [] for telemetry in ports}
        for _ in range(wanted.rounds):
            for telemetry, port in ports.items():
                rates[telemetry].append(rate(port, path, headers, wanted.seconds))
    least = statistics.median(rates[NOTHING])
    for telemetry, measured in rates.items():
        middle = statistics.median(measured)
        print(f"{telemetry:<21} {middle:>8.0f} requests/s   ratio {middle / least:.2f}")


if __name__ == "__main__":
    main()
