"""A page of 100 interviews against a constant body of the same size from the same server.

Every figure is requests a second; the ratios are to the constant body. The server runs in a process of
its own, the clients are plain sockets, so that the server is what is measured.
"""

import argparse
import multiprocessing
import socket
import statistics
import threading
import time
from functools import partial

import httpx
import uvicorn
from fastapi import Response

from app.api.records import json_response
from app.main import create_app
from app.service import Service
from app.settings import Settings
from benchmarks.first_sync import synchronise
from benchmarks.world import free_port, sandbox, service, wait_for

PAGE = 100


def serve(settings: Settings, constant: bytes, port: int) -> None:
    """Serve the API, and beside it a constant body."""
    app = create_app(Service(settings), worker=False)

    async def answer() -> Response:
        return json_response(constant)

    app.add_api_route("/constant", answer)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)


def rate(port: int, path: str, headers: dict[str, str], seconds: float, connections: int = 4) -> float:
    """Requests a second that a path answers."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{k}: {v}" for k, v in headers.items())]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    until = time.perf_counter() + seconds
    counts = [0] * connections

    def ask(number: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            while time.perf_counter() < until:
                connection.sendall(request)
                _read_answer(connection)
                counts[number] += 1

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(connections)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - started)


def _read_answer(connection: socket.socket) -> None:
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(1 << 18)
    head, _, body = data.partition(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        raise RuntimeError(head.decode())
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    missing = length - len(body)
    while missing > 0:
        missing -= len(connection.recv(min(missing, 1 << 18)))


def cursor_at(client: httpx.Client, depth: int) -> tuple[str, bytes]:
    """The cursor of the page at a depth, and the first page."""
    first = client.get("/interviews", params={"page_size": PAGE})
    following = first.json()["next"]
    for _ in range(depth // PAGE - 1):
        following = client.get("/interviews", params={"page_size": PAGE, "cursor": following}).json()["next"]
    return following, first.content


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--interviews", type=int, default=10_000)
    parser.add_argument("--depth", type=int, default=9_800)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", default="", help="a PostgreSQL server's URL; SQLite without it")
    wanted = parser.parse_args()
    with sandbox(2_000, wanted.interviews) as origin, service(origin, wanted.database) as (made, key, token):
        synchronise(made)
        measure(made, key, token, wanted)


def measure(made: Service, key: str, token: str, wanted: argparse.Namespace) -> None:
    """Measure in turns, so that whatever else the machine does falls on all alike."""
    headers = {"Authorization": f"Bearer {key}", "X-Account-Token": token}
    constant = b"x" * 10
    for _ in range(2):  # the first time only to learn how large a page is
        port = free_port()
        server = multiprocessing.get_context("spawn").Process(
            target=serve, args=(made.settings, constant, port), daemon=True
        )
        server.start()
        base = f"http://127.0.0.1:{port}/api/ats/v1"
        wait_for(base, partial(getattr, server, "exitcode"))
        with httpx.Client(base_url=base, headers=headers) as client:
            cursor, constant_page = cursor_at(client, wanted.depth)
        if len(constant) == len(constant_page):
            break
        constant = constant_page
        server.terminate()
        server.join()
    paths = {
        "constant body": "/constant",
        "first page": f"/api/ats/v1/interviews?page_size={PAGE}",
        f"at depth {wanted.depth}": f"/api/ats/v1/interviews?page_size={PAGE}&cursor={cursor}",
    }
    rates: dict[str, list[float]] = {name: [] for name in paths}
    for _ in range(wanted.rounds):
        for name, path in paths.items():
            rates[name].append(rate(port, path, headers, wanted.seconds))
    server.terminate()
    server.join()
    base_rate = statistics.median(rates["constant body"])
    print(f"page of {PAGE} interviews, {len(constant):,} bytes")
    for name, measured in rates.items():
        middle = statistics.median(measured)
        print(f"{name:<16} {middle:>8.0f} requests/s   ratio {middle / base_rate:.2f}")


if __name__ == "__main__":
    main()
