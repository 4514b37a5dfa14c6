"""What the Dockerfile and compose.yaml name exists, and is enough to run."""

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from running import PATIENCE, ROOT, environment

from app.cli.commands import cli
from app.cli.serving import DRAIN
from app.jobs import Jobs
from app.settings import Settings

DOCKERFILE = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if service["image"] == "omniats"}


def instructions(name: str) -> list[str]:
    """The arguments of every instruction of that name, in their order."""
    return re.findall(rf"^{name}\s+(.*)$", DOCKERFILE, re.MULTILINE)


def seconds(duration: str) -> int:
    return int(duration.removesuffix("s"))


def option(command: list[str], name: str) -> str:
    return command[command.index(name) + 1]


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A directory with what the image's has."""
    ignoring = shutil.ignore_patterns("__pycache__")
    for source, target in map(str.split, instructions("COPY")):
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, tmp_path / target, ignore=ignoring)
        else:
            shutil.copy(ROOT / source, tmp_path / target)
    return tmp_path


def test_nothing_that_is_copied_is_kept_from_the_build() -> None:
    everything, *let_in = (ROOT / ".dockerignore").read_text().split()
    assert everything == "*"
    copied = {line.split()[0] for line in instructions("COPY")}
    assert copied == {name.removeprefix("!") for name in let_in if name.startswith("!")}


def test_the_image_has_every_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert {line.split()[0] for line in instructions("COPY")} == {*packages, "requirements.lock"}


@pytest.mark.parametrize("command", ["migrate", "providers", "openapi"])
def test_what_is_copied_is_all_that_is_needed(image: Path, command: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "app.cli", command],
        cwd=image,
        env=environment(PYTHONPATH=str(image), OMNIATS_DATA_DIR=str(image / "data")),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert str(ROOT) not in ended.stderr


def test_the_image_runs_as_nobody_in_particular() -> None:
    (user,) = instructions("USER")
    assert int(user) >= 10_000, "a number, so that a cluster can see that it is not root"
    assert f"--uid {user} " in DOCKERFILE
    assert DOCKERFILE.index("\nUSER") > DOCKERFILE.rindex("\nRUN")


def test_the_health_check_asks_for_what_is_served() -> None:
    (check,) = instructions("HEALTHCHECK")
    url = re.search(r"http://127\.0\.0\.1:(\d+)(/\w+)", check)
    assert url
    assert instructions("EXPOSE") == [url[1]]
    assert url[2] in json.loads((ROOT / "openapi" / "openapi.json").read_text())["paths"]
    default = signature(next(c.callback for c in cli.registered_commands if c.name == "serve")).parameters  # type: ignore[arg-type]
    assert str(default["port"].default) == url[1]
    compile(json.loads(check[check.index("CMD") + 3 :])[2], "HEALTHCHECK", "exec")


def test_every_process_shows_its_health_where_the_image_looks() -> None:
    (port,) = instructions("EXPOSE")
    assert OURS["worker"]["environment"]["OMNIATS_METRICS_ADDRESS"] == f"0.0.0.0:{port}"
    assert "--port" not in OURS["api"]["command"]
    assert [name for name, service in OURS.items() if "healthcheck" in service] == ["migrate"], "which ends"


@pytest.mark.parametrize(
    "command", [*instructions("CMD"), *(json.dumps(s["command"]) for s in OURS.values())]
)
def test_every_command_is_one_of_omniats(command: str) -> None:
    name, *arguments = json.loads(command)
    known: Any = typer.main.get_command(cli)
    known.commands[name].make_context(name, arguments)  # refuses what it does not know


def test_compose_runs_one_api_two_workers_and_one_postgresql() -> None:
    services = COMPOSE["services"]
    assert services.keys() == {"postgres", "migrate", "api", "worker"}
    assert services["worker"]["deploy"]["replicas"] == 2
    assert "--no-worker" in services["api"]["command"]
    for name, wanted in {"api": "migrate", "worker": "migrate", "migrate": "postgres"}.items():
        assert list(services[name]["depends_on"]) == [wanted]


@pytest.mark.parametrize("name", OURS)
def test_compose_sets_what_is_a_setting_and_gives_no_rights(name: str) -> None:
    service = OURS[name]
    known = {f"OMNIATS_{field.upper()}" for field in Settings.model_fields}
    assert service["environment"].keys() <= known
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    secrets = [service["environment"][f"OMNIATS_{s}"] for s in ("DATABASE_URL", "ENCRYPTION_KEYS")]
    assert all(":?" in secret for secret in secrets), "no secret has a default"


def test_compose_gives_processes_the_time_they_need_to_stop() -> None:
    api, worker = OURS["api"], OURS["worker"]
    shutdown = signature(Jobs).parameters["shutdown"].default
    assert seconds(worker["stop_grace_period"]) > shutdown
    assert seconds(api["stop_grace_period"]) > DRAIN + float(option(api["command"], "--linger"))


def test_the_command_in_the_image_is_the_command_line() -> None:
    written = next(run for run in instructions("RUN") if "/usr/local/bin/omniats" in run)
    script = shlex.split(written)[1].encode().decode("unicode_escape")
    assert script.splitlines() == ["#!/bin/sh", 'exec python -m app.cli "$@"']
