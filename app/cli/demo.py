"""The demonstration: a sandbox vendor, the service, a linked account, its interviews, calls to copy.

Everything goes through the HTTP API, as a customer's program would.
"""

import json
import shutil
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from rich.box import HORIZONTALS
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

from app.accounts.keys import create_key
from app.cli.problems import Refused
from app.cli.serving import background, listen_nearby
from app.main import PREFIX, create_app
from app.migrate import upgrade
from app.service import Service
from app.settings import Settings
from app.telemetry import logs
from providers.registry import PROVIDERS
from sandboxes import CREDENTIALS, DEMO, SANDBOXES

SLUG, STYLE = DEMO
VENDOR = PROVIDERS[SLUG].name
HOST = "127.0.0.1"
PATIENCE = 120  # seconds the synchronisation may take
EXPANDED = "application.candidate,interviewers"

Json = dict[str, Any]


def run(port: int, sandbox_port: int, wait: Callable[[], None] | None) -> None:
    """Show everything at work.

    Args:
        port: where the service listens, or the next free one.
        sandbox_port: the same for the sandbox.
        wait: keeps everything served until it returns or raises; None ends at once.

    Raises:
        Refused: something does not work.
    """
    console = Console(highlight=False)
    listening, sandbox_listening = _ports(console, port, sandbox_port)
    number = listening.getsockname()[1]
    # Who holds the port holds the directory: another demonstration has another port.
    directory = Settings().data_dir / "demo" / str(number)
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    log = directory / "omniats.log"
    logs.set_up("INFO", file=log)
    with background(SANDBOXES[SLUG](), sandbox_listening) as origin:
        _say(console, "Sandbox", f"{origin}  (a made-up {VENDOR} account)")
        service = _service(directory, origin)
        key = _first_key(service)
        with background(create_app(service), listening, access_log=False) as url:
            _say(console, "Service", f"{url}  (reference at {url}/docs)")
            _say(console, "Data", f"{_short(directory)}  (new each time; the log is in it)")
            with httpx.Client(base_url=url + PREFIX, timeout=30) as client:
                client.headers["Authorization"] = f"Bearer {key}"
                token = _link(client)
                client.headers["X-Account-Token"] = token
                _follow(console, client)
                _show_interviews(console, client)
                _show_calls(console, client, key, token)
            if wait:
                console.print("\nServing until Ctrl-C.", style="bold")
                wait()


def _ports(console: Console, port: int, sandbox_port: int) -> tuple[Any, Any]:
    taken = []
    for wanted in (port, sandbox_port):
        listening = listen_nearby(HOST, wanted)
        number = listening.getsockname()[1]
        if wanted not in (0, number):
            console.print(f"Port {wanted} is taken, so {number} is used.", style="yellow")
        taken.append(listening)
    return taken[0], taken[1]


def _service(directory: Path, origin: str) -> Service:
    """A service of its own, whatever the environment says about the real one."""
    settings = Settings(
        data_dir=directory, database_url="", queue_url="", encryption_keys="", provider_origins={SLUG: origin}
    )
    upgrade(settings.resolved_database_url)
    return Service(settings)


def _first_key(service: Service) -> str:
    with service.engine.begin() as connection:
        return create_key(connection, "demo")


def _link(client: httpx.Client) -> str:
    body = {
        "integration": SLUG,
        "credentials": CREDENTIALS[SLUG][STYLE],
        "end_user_origin_id": "demo",
        "end_user_organization_name": "Fairhaven",
        "end_user_email_address": "people@fairhaven.example",
    }
    return str(_answer(client.post("/linked-accounts", json=body))["account_token"])


def _follow(console: Console, client: httpx.Client) -> None:
    """Show the first synchronisation until it has ended."""
    columns = (
        SpinnerColumn(finished_text="[green]✓"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[told]}"),
    )
    console.print()
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(f"Reading {VENDOR}", total=None, told="")
        started = time.monotonic()
        while True:
            models = _answer(client.get("/sync-status"))["results"]
            ended = [model for model in models if not model["is_initial_sync"]]
            records = sum(model["records_read"] for model in models)
            passed = time.monotonic() - started
            told = f"{len(ended)}/{len(models)} models, {records} records, {passed:.1f} s"
            progress.update(task, total=len(models), completed=len(ended), told=told)
            if len(ended) == len(models):
                break
            if passed > PATIENCE:
                raise Refused(f"the synchronisation did not end in {PATIENCE} seconds; the log says why")
            time.sleep(0.1)  # between two looks at the progress
    for model in models:
        if model["status"] != "DONE":
            console.print(f"{model['model_name']}: {model['status']} {model['detail'] or ''}", style="yellow")


def _show_interviews(console: Console, client: httpx.Client) -> None:
    found = _answer(client.get("/interviews", params={"expand": EXPANDED, "page_size": 100}))["results"]
    chosen = around(found, datetime.now(UTC))
    table = Table(title=f"{len(chosen)} of {len(found)} interviews", title_justify="left", title_style="bold")
    table.box, table.show_lines, table.padding = HORIZONTALS, True, (0, 1, 0, 0)
    for heading in ("Candidate", "When (UTC)", "Status", "Interviewers", "What and where"):
        table.add_column(heading)
    for interview in chosen:
        table.add_row(
            _person((interview["application"] or {}).get("candidate")),
            when(interview),
            str(interview["status"] or "-").replace("_", " ").lower(),
            "\n".join(_person(who) for who in interview["interviewers"]) or "-",
            "\n".join(filter(None, (interview.get("name"), interview["location"]))) or "-",
        )
    console.print()
    console.print(table)


def around(interviews: list[Json], present: datetime) -> list[Json]:
    """A few interviews: one that is over, those that come next, and one that has no time yet."""
    timed = sorted((i for i in interviews if i["start_at"]), key=_start)
    over = [i for i in timed if _start(i) < present]
    to_come = [i for i in timed if _start(i) >= present]
    return [*over[-1:], *to_come[:6], *[i for i in interviews if not i["start_at"]][:1]]


def _start(interview: Json) -> datetime:
    return datetime.fromisoformat(interview["start_at"])


def when(interview: Json) -> str:
    """An interview's time for people: a day when it is all-day, words when it has none."""
    if not interview["start_at"]:
        return "not set yet"
    start = _start(interview)
    if interview.get("all_day"):
        return f"{start:%a %d %b}\nall day"
    end = f"-{datetime.fromisoformat(interview['end_at']):%H:%M}" if interview["end_at"] else ""
    return f"{start:%a %d %b}\n{start:%H:%M}{end}"


def _person(person: Json | None) -> str:
    names = (person or {}).get("first_name"), (person or {}).get("last_name")
    return " ".join(filter(None, names)) or "-"


def _show_calls(console: Console, client: httpx.Client, key: str, token: str) -> None:
    """The key, the token, and calls that work as they are printed."""
    console.print()
    _say(console, "API key", key)
    _say(console, "Account token", token)
    for comment, lines in _calls(client, key, token):
        console.print(f"\n# {comment}", style="bold", soft_wrap=True)
        console.print(" \\\n".join(lines), markup=False, soft_wrap=True)


def _calls(client: httpx.Client, key: str, token: str) -> Iterable[tuple[str, list[str]]]:
    """Comments and the lines of the calls, which fit into 80 columns."""
    call = f"'{str(client.base_url).rstrip('/')}/interviews'"
    headers = [f"-H 'Authorization: Bearer {key}'", f"-H 'X-Account-Token: {token}'"]
    yield "The interviews", [f"curl -G {call} -d page_size=3", *headers]
    one = f"-d page_size=1 -d expand={EXPANDED}"
    yield "One with its candidate and panel in full", [f"curl -G {call}", one, *headers]
    body = _example(client)
    if body:
        json_header = "-H 'Content-Type: application/json'"
        yield f"One more, in {VENDOR} too", [f"curl {call}", *headers, json_header, f"-d '{body}'"]


def _example(client: httpx.Client) -> str | None:
    """The body that schedules an interview like one there is."""
    present = _answer(client.get("/interviews", params={"page_size": 100}))["results"]
    like = next((i for i in present if i["status"] == "SCHEDULED" and i["interviewers"]), None)
    if like is None:
        return None
    start = (datetime.now(UTC) + timedelta(days=7)).replace(hour=15, minute=0, second=0, microsecond=0)
    model = {
        "application": like["application"],
        "interviewers": like["interviewers"][:1],
        "start_at": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "end_at": f"{start + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
    }
    fields = ",\n  ".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in model.items())
    return f'{{"model": {{\n  {fields}\n}}}}'


def _answer(response: httpx.Response) -> Json:
    if response.is_error:
        raise Refused(f"{response.request.method} {response.request.url.path}: {response.text}")
    answer: Json = response.json()
    return answer


def _say(console: Console, what: str, text: str) -> None:
    console.print(f"[bold]{what:<14}[/bold]{text}", soft_wrap=True)


def _short(path: Path) -> str:
    absolute, here = path.resolve(), Path.cwd()
    return str(absolute.relative_to(here)) if absolute.is_relative_to(here) else str(absolute)
