"""A sandbox vendor in a process of its own, and a service with an empty database."""

import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
from sqlalchemy import make_url

from app.accounts.keys import create_key
from app.accounts.linking import EndUser, link
from app.migrate import upgrade
from app.service import Service
from app.settings import Settings
from sandboxes import CREDENTIALS

SANDBOX = """
import sys, uvicorn
from sandboxes.greenhouse import State, create_app, seed
state = State()
seed(state, candidates=int(sys.argv[2]), interviews=int(sys.argv[3]))
uvicorn.run(create_app(state), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
"""


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(*arguments: str, ready: str) -> Iterator[None]:
    """A Python process that runs until the block ends; entered when the URL answers."""
    running = subprocess.Popen([sys.executable, *arguments])  # noqa: S603 - our own arguments
    try:
        wait_for(ready, running.poll)
        yield
    finally:
        running.terminate()
        running.wait(timeout=30)


def wait_for(url: str, exit_code: Callable[[], int | None]) -> None:
    """Wait until a URL answers, whatever it says, or the process that serves it has ended."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if exit_code() is not None:
            raise RuntimeError(f"The process for {url} ended with {exit_code()}")
        try:
            httpx.get(url, timeout=1)
        except httpx.TransportError:
            time.sleep(0.1)  # between two looks at a server that starts
        else:
            return
    raise TimeoutError(url)


@contextmanager
def sandbox(candidates: int, interviews: int) -> Iterator[str]:
    """A sandbox Greenhouse with that much data; gives its origin."""
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    arguments = ("-c", SANDBOX, str(port), str(candidates), str(interviews))
    with process(*arguments, ready=f"{origin}/v3/users"):
        yield origin


@contextmanager
def database(server: str) -> Iterator[str]:
    """An empty database of its own, for as long as the block runs.

    Args:
        server: `postgresql://user@host/name`, of a user who may create databases; empty for SQLite.
    """
    if not server:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/omniats.db"
        return
    name = f"omniats_benchmark_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f"drop database {name} with (force)".encode())


@contextmanager
def service(origin: str, server: str = "", **settings: Any) -> Iterator[tuple[Service, str, str]]:
    """A service with a linked account that is not synchronised yet; gives the API key and account token.

    Args:
        origin: the vendor's.
        server: see `database`.
        settings: what else is configured.
    """
    with tempfile.TemporaryDirectory() as folder, database(server) as url:
        origins = {"greenhouse": origin}
        made = Service(
            Settings(
                data_dir=Path(folder),
                database_url=url,
                provider_origins=origins,
                rate_limit=1_000_000_000,
                **settings,
            )
        )
        upgrade(made.settings.resolved_database_url)
        with made.engine.begin() as connection:
            key = create_key(connection, "benchmark")
        linked = link(
            made, "greenhouse", CREDENTIALS["greenhouse"]["v3"], EndUser("b", "Bench", "b@b.example")
        )
        yield made, key, str(linked.token)
        made.engine.dispose()
