"""The official Node SDK over a real socket: every list and retrieve, a write, a link token, a passthrough."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from world import Json, Synced

NODE = Path(__file__).parents[1] / "node"


def node() -> str:
    """The program that runs the SDK. On CI it has to be there; elsewhere the tests are skipped without."""
    found = shutil.which("node")
    if found and (NODE / "node_modules").is_dir():
        return found
    needed = "Node.js and its packages are needed: install Node.js 18 or newer, then run `make node`"
    if os.environ.get("CI") == "true":
        pytest.fail(needed)
    pytest.skip(needed)


def test_the_node_sdk(synced: Synced) -> None:
    environment = {
        **os.environ,
        "OMNIATS_URL": f"{synced.world.url}/api",
        "OMNIATS_KEY": synced.world.key,
        "OMNIATS_TOKEN": synced.v3.token,
    }
    done = subprocess.run(
        [node(), "calls.mjs"],
        cwd=NODE,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    calls: list[Json] = [json.loads(line) for line in done.stdout.splitlines()]
    problems = {made["call"]: made["problem"] for made in calls if made["problem"]}
    assert len(calls) >= 36
    assert not problems
