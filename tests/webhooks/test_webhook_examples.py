"""The examples of the documents, run against the service."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from subscriber import Subscribe
from world import World

from app.webhooks.outbox import announce

EXAMPLES = Path(__file__).parents[2] / "examples"
RECEIVERS = {"receive_webhooks.py": sys.executable, "receive_webhooks.mjs": shutil.which("node")}
pytestmark = pytest.mark.usefixtures("private_targets")


@contextmanager
def receiving(example: str, program: str, key: str, port: int) -> Iterator["subprocess.Popen[str]"]:
    """An example's receiver, entered when it listens."""
    running = subprocess.Popen(
        [program, str(EXAMPLES / example), str(port)],
        env=os.environ | {"ATS_SIGNATURE_KEY": key},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)  # between two looks at a server that starts
        yield running
    finally:
        running.terminate()
        running.wait(10)


@pytest.mark.parametrize("example", RECEIVERS)
def test_a_receiver_takes_what_is_genuine_and_nothing_else(
    world: World, subscribe: Subscribe, example: str
) -> None:
    program = RECEIVERS[example]
    if program is None:
        pytest.skip("Node.js is not installed")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    hook = subscribe("Issue.new", target=f"http://127.0.0.1:{port}/hooks")
    with world.service.jobs.begin() as connection:
        announce(connection, None, "Issue.new", {"id": "the issue"})
    with receiving(example, program, hook.key, port) as receiver:
        assert world.http.post(f"/webhooks/{hook.id}/test").json() == {"status": 200, "error": None}
        world.service.jobs.run_due()
        (delivery,) = hook.deliveries()
        assert delivery["state"] == "DELIVERED"
        assert world.http.post("/webhooks/signature-key/regenerate").status_code == 200
        assert world.http.post(f"/webhooks/{hook.id}/test").json()["status"] == 401
        receiver.terminate()
        assert receiver.stdout
        assert receiver.stdout.read().split() == [delivery["id"], "Issue.new", "the", "issue"]


def test_a_follower_goes_on_where_it_was(world: World, tmp_path: Path) -> None:
    account = world.link("v3")
    variables = {
        "ATS_URL": world.url,
        "ATS_API_KEY": world.key,
        "ATS_ACCOUNT_TOKEN": account.token,
        "ATS_CURSOR_FILE": str(tmp_path / "cursor"),
    }

    def follow() -> list[str]:
        command = [sys.executable, str(EXAMPLES / "follow_changes.py")]
        done = subprocess.run(
            command, env=os.environ | variables, capture_output=True, text=True, check=True, timeout=60
        )
        return done.stdout.splitlines()

    assert len(follow()) > 100
    assert follow() == []
    interview = account.list("/interviews")[0]
    world.sandbox.change("interviews", int(interview["remote_id"]), location="Attic")
    world.sync(account)
    assert follow() == [f"changed ScheduledInterview {interview['id']}"]
