"""The API in a process of its own, which a test may kill."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from world import API, Account, World

SERVER = """
import socket, sys
from pathlib import Path
import uvicorn
from app.main import create_app
from app.service import Service
from app.settings import Settings
directory, url, origin = sys.argv[1:]
settings = Settings(data_dir=Path(directory), database_url=url, provider_origins={"greenhouse": origin})
app = create_app(Service(settings), worker=False)
with socket.create_server(("127.0.0.1", 0)) as listening:
    print(listening.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off")).run(sockets=[listening])
"""


@dataclass
class Process:
    """A server on the database of a world."""

    url: str
    running: subprocess.Popen[str]

    def client(self, account: Account) -> httpx.Client:
        headers = {n: account.http.headers[n] for n in ("authorization", "x-account-token")}
        return httpx.Client(base_url=self.url + API, headers=headers, timeout=60)

    def kill(self) -> None:
        self.running.send_signal(signal.SIGKILL)
        self.running.wait()


@contextmanager
def process(world: World) -> Iterator[Process]:
    """Serve the world's database until the block ends."""
    settings = world.settings
    origin = settings.provider_origins["greenhouse"]
    arguments = [str(settings.data_dir), settings.resolved_database_url, origin]
    running = subprocess.Popen(
        [sys.executable, "-c", SERVER, *arguments], env=dict(os.environ), stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    try:
        yield Process(f"http://127.0.0.1:{int(running.stdout.readline())}", running)
    finally:
        running.kill()
        running.wait()
        running.stdout.close()
