"""The demonstration end to end, and the examples against it."""

import json
import shlex
import socket
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from running import PATIENCE, ROOT, Running, environment, omniats, started

from app.cli.demo import around, when


@dataclass(frozen=True)
class Demo:
    running: Running
    url: str
    key: str
    token: str


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory):
    directory = tmp_path_factory.mktemp("demo")
    with started(directory, "demo", "--port", "0", "--sandbox-port", "0") as running:
        running.until("Serving until Ctrl-C")
        said = dict(line.split()[::-1][:2][::-1] for line in running.printed if line.startswith("A"))
        url = next(line.split()[1] for line in running.printed if line.startswith("Service"))
        yield Demo(running, url, said["key"], said["token"])
        assert running.end() == 0
        assert running.printed[-1] == "Stopped."


def calls(printed: list[str]) -> list[list[str]]:
    """The printed curl calls, split as a shell does."""
    text = "\n".join(printed).replace("\\\n", " ")
    return [shlex.split("curl" + call.split("\n\n")[0]) for call in text.split("\ncurl")[1:]]


def carried_out(call: list[str]) -> httpx.Response:
    """What a curl call with -G, -d and -H does."""
    words = iter(call[1:])
    data, headers, url, get = [], {}, "", False
    for word in words:
        if word == "-G":
            get = True
        elif word == "-d":
            data.append(next(words))
        elif word == "-H":
            name, value = next(words).split(": ", 1)
            headers[name] = value
        else:
            url = word
    if get:
        return httpx.get(f"{url}?{'&'.join(data)}", headers=headers)
    return httpx.post(url, headers=headers, content="".join(data))


def test_the_demo_prints_calls_that_work(demo: Demo) -> None:
    some, one, made = (carried_out(call) for call in calls(demo.running.printed))
    assert len(some.json()["results"]) == 3
    (interview,) = one.json()["results"]
    assert interview["application"]["candidate"]["first_name"]
    assert made.status_code == 201, made.text
    assert made.json()["model"]["status"] == "SCHEDULED"


def test_the_demo_shows_progress_and_interviews(demo: Demo) -> None:
    shown = "\n".join(demo.running.printed)
    assert "16/16 models" in shown
    assert "all day" in shown
    assert "not set yet" in shown
    assert max(len(line) for line in demo.running.printed) <= 80


@pytest.mark.parametrize("example", ["list_interviews.py", "merge_sdk.py"])
def test_the_examples_run(demo: Demo, example: str) -> None:
    named = {"ATS_URL": demo.url, "ATS_API_KEY": demo.key, "ATS_ACCOUNT_TOKEN": demo.token}
    ended = subprocess.run(
        [sys.executable, str(ROOT / "examples" / example)],
        env=environment(**named),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert len(ended.stdout.splitlines()) >= 15
    assert "SCHEDULED" in ended.stdout


def test_the_demo_keeps_out_of_the_way_of_the_real_service(tmp_path: Path) -> None:
    """Taken ports are passed over, settings of the real service are not followed, exit code 0 at the end."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = omniats(
            tmp_path,
            *("demo", "--port", port, "--sandbox-port", "0", "--exit-when-ready"),
            OMNIATS_DATABASE_URL="postgresql://nobody@127.0.0.1:1/real",
            OMNIATS_DATA_DIR="elsewhere",
        )
    assert ended.returncode == 0, ended.stderr
    assert f"Port {port} is taken, so " in ended.stdout
    assert ended.stderr == ""
    (directory,) = (tmp_path / "elsewhere" / "demo").iterdir()
    assert (directory / "omniats.db").exists()
    log = (directory / "omniats.log").read_text()
    assert "omn_" not in log
    assert "sandbox-client-secret" not in log


def test_an_interview_is_shown_with_what_is_known_of_its_time() -> None:
    start, end = "2026-11-28T15:00:00Z", "2026-11-28T16:00:00Z"
    assert when({"start_at": start, "end_at": end}) == "Sat 28 Nov\n15:00-16:00"
    assert when({"start_at": start, "end_at": None}) == "Sat 28 Nov\n15:00"
    assert when({"start_at": start, "end_at": end, "all_day": True}) == "Sat 28 Nov\nall day"
    assert when({"start_at": None, "end_at": None}) == "not set yet"


def test_the_interviews_shown_are_those_around_now() -> None:
    days = [{"start_at": f"2026-11-{day:02}T10:00:00Z"} for day in range(20, 9, -1)]
    chosen = around([*days, {"start_at": None}], datetime(2026, 11, 13, tzinfo=UTC))
    shown = [interview["start_at"] and interview["start_at"][8:10] for interview in chosen]
    assert json.dumps(shown) == '["12", "13", "14", "15", "16", "17", "18", null]'
