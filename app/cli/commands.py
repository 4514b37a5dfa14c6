"""The commands of `omniats`."""

import json
import os
import signal
import tempfile
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from cryptography.fernet import Fernet
from pydantic import SecretStr
from rich.console import Console

from app.accounts.keys import PRODUCTION, TEST, create_key
from app.accounts.vault import open_vault
from app.api.reference.document import document
from app.cli import database, operators
from app.cli import demo as demonstration
from app.cli.calls import calls_table
from app.cli.matrix.detail import detail
from app.cli.matrix.page import page
from app.cli.matrix.terminal import shown
from app.cli.problems import Refused
from app.cli.rotating import rotate_all
from app.cli.serving import background, listen, serve, shown_at, url_of
from app.database import open_engine
from app.main import create_app, create_worker_app
from app.migrate import upgrade
from app.service import Service
from app.settings import Settings
from app.telemetry import logs, tracing
from providers.registry import PROVIDERS
from sandboxes import CREDENTIALS, SANDBOXES

cli = typer.Typer(
    help="One self-hosted API over every applicant tracking system.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
keys = typer.Typer(
    help="The keys that programs call the API with.", no_args_is_help=True, rich_markup_mode=None
)
cli.add_typer(keys, name="api-key")
cli.add_typer(operators.cli, name="operator")

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(help="The port to listen on; 0 takes any free one.", min=0, max=65535)]
SandboxPort = Annotated[int, typer.Option(help="The port of the sandbox.", min=0, max=65535)]


def configured() -> Settings:
    """The settings of the environment, with the log set up by them."""
    settings = Settings()
    logs.set_up(settings.log_level, settings.log_format)
    return settings


@cli.command("serve")
def serve_api(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    worker: Annotated[bool, typer.Option("--worker/--no-worker", help="Run jobs in this process.")] = True,
    linger: Annotated[
        float,
        typer.Option(help="Seconds to go on after SIGTERM, while /readyz sends proxies elsewhere.", min=0),
    ] = 0,
) -> None:
    """Serve the API and, unless told not to, run its jobs.

    An embedded SQLite database is migrated on the way; PostgreSQL must have been, by `omniats migrate`.
    """
    service = _service(configured())
    listening = listen(host, port)
    app = create_app(service, worker=worker)

    def announce() -> None:
        typer.echo(f"omniats listens on {url_of(listening)} (reference at {url_of(listening)}/docs)")
        typer.echo(f"Console: {url_of(listening)}/console")
        typer.echo(f"Database: {database.shown(service.settings.resolved_database_url)}")
        typer.echo("Jobs: in this process" if worker else "Jobs: not here; run `omniats worker` beside it")
        if not database.has_keys(service.engine):
            typer.echo("There is no API key yet. Create one: omniats api-key create my-app")

    _until_interrupted(lambda: serve(app, listening, announce, service.readiness.leave, linger))


@cli.command("worker")
def work() -> None:
    """Run jobs in a process of their own, until SIGTERM or Ctrl-C."""
    service = _service(configured())
    threads = service.settings.worker_threads

    def run() -> None:
        with shown_at(service.settings.metrics_address, create_worker_app(service)) as origin:
            if origin:
                typer.echo(f"Metrics at {origin}/metrics, health at {origin}/readyz")
            typer.echo(f"Worker with {threads} threads started.")
            service.settle()
            service.jobs.start(threads, embedded=False)

    _until_interrupted(run)
    typer.echo("Worker stopped.")


@cli.command()
def migrate() -> None:
    """Bring the database to the shape this version needs."""
    settings = configured()
    engine = open_engine(settings.resolved_database_url)
    behind = database.is_behind(engine)
    upgrade(settings.resolved_database_url)
    engine.dispose()
    state = "migrated" if behind else "up to date already"
    typer.echo(f"{database.shown(settings.resolved_database_url)}: {state}.")


@cli.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where the copy is made; not over another file.")],
) -> None:
    """Copy the embedded database while it is in use. The encryption key is not in it: keep that elsewhere."""
    database.back_up(configured().resolved_database_url, file)
    typer.echo(f"Backed up to {file}.")


@keys.command("create")
def create_api_key(
    name: Annotated[str, typer.Argument(help="What the key is for; it tells keys apart later.")],
    test: Annotated[
        bool, typer.Option("--test", help="A test key: sees, and links, test accounts only.")
    ] = False,
) -> None:
    """Create an API key and print it, this once."""
    settings = configured()
    engine = open_engine(settings.resolved_database_url)
    database.prepare(settings.resolved_database_url, engine)
    with engine.begin() as connection:
        key = create_key(connection, name, TEST if test else PRODUCTION)
    typer.echo(key)


@cli.command("rotate-keys")
def rotate_keys() -> None:
    """Encrypt everything stored with the first of OMNIATS_ENCRYPTION_KEYS, while the service goes on.

    It may be broken off and begun again at any time, and says when the other keys may be dropped.
    """
    settings = configured()
    engine = open_engine(settings.resolved_database_url)
    database.prepare(settings.resolved_database_url, engine)
    typer.echo(rotate_all(engine, open_vault(settings), Console(stderr=True)))


@cli.command()
def calls(
    account: Annotated[str, typer.Argument(help="The id of a linked account.")],
    limit: Annotated[int, typer.Option(help="How many at most.", min=1, max=10_000)] = 50,
    failed: Annotated[bool, typer.Option("--failed", help="Only those that got no good answer.")] = False,
) -> None:
    """Show the last calls to a linked account's vendor, the newest at the bottom."""
    settings = configured()
    engine = open_engine(settings.resolved_database_url)
    database.prepare(settings.resolved_database_url, engine)
    Console().print(calls_table(engine, account, limit, failed=failed))


@cli.command()
def providers(
    slug: Annotated[str | None, typer.Argument(help="One of them, in full.", show_default=False)] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="As a page of the documentation.")] = False,
) -> None:
    """Show what can be read from and written to each provider; of one alone, also every field it fills."""
    columns = sorted(PROVIDERS.values(), key=lambda provider: provider.name)
    if slug:
        Console().print(*detail(PROVIDERS[_named(slug, PROVIDERS, "provider")]), sep="\n")
    elif markdown:
        typer.echo(page(columns), nl=False)
    else:
        Console().print(*shown(columns), sep="\n")


@cli.command()
def openapi() -> None:
    """Print the API's specification, as JSON."""
    logs.set_up("ERROR")
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(
            data_dir=Path(scratch),
            database_url="",
            queue_url="",
            encryption_keys=SecretStr(Fernet.generate_key().decode()),
        )
        service = Service(settings)
        specification = document(create_app(service, worker=False))
        service.engine.dispose()
    typer.echo(json.dumps(specification, indent=2, ensure_ascii=False))


@cli.command()
def sandbox(
    slug: Annotated[str | None, typer.Argument(help="One vendor only.", show_default=False)] = None,
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port of the first sandbox.", min=0, max=65535)] = 9001,
) -> None:
    """Serve fake vendors to build against, each at the root of a port of its own.

    Their records are made up and live as long as the process.
    """
    slugs = [_named(slug, SANDBOXES, "sandbox")] if slug else sorted(SANDBOXES)
    logs.set_up("INFO")
    with ExitStack() as running:
        origins = {}
        for place, name in enumerate(slugs):
            listening = listen(host, port and port + place)
            origins[name] = running.enter_context(background(SANDBOXES[name](), listening))
        _tell_how_to_link(origins)
        _until_interrupted(_wait)


@cli.command()
def demo(
    port: Port = 8000,
    sandbox_port: SandboxPort = 9001,
    exit_when_ready: Annotated[
        bool, typer.Option("--exit-when-ready", help="Stop when everything was shown.")
    ] = False,
) -> None:
    """Show everything at work: a sandbox vendor, linked and synchronised, ready to be called."""
    _until_interrupted(
        lambda: demonstration.run(port, sandbox_port, None if exit_when_ready else _wait), "\nStopped."
    )


def _service(settings: Settings) -> Service:
    """The service over a database that is up to date."""
    tracing.set_up(os.environ)
    engine = open_engine(settings.resolved_database_url)
    database.prepare(settings.resolved_database_url, engine)
    engine.dispose()
    return Service(settings)


def _named(slug: str, known: Mapping[str, object], what: str) -> str:
    if slug not in known:
        raise Refused(f"there is no {what} {slug!r}; there are: {', '.join(sorted(known))}")
    return slug


def _tell_how_to_link(origins: dict[str, str]) -> None:
    for slug, origin in origins.items():
        typer.echo(f"The sandbox of {slug} listens on {origin}")
    typer.echo("\nSend omniats there, not to the vendor:")
    typer.echo(f"  export OMNIATS_PROVIDER_ORIGINS='{json.dumps(origins)}'")
    typer.echo("\nCredentials that open it (POST /api/ats/v1/linked-accounts):")
    for slug in origins:
        for style, credentials in CREDENTIALS[slug].items():
            typer.echo(f"  {slug} {style}: {json.dumps(credentials)}")
    typer.echo("\nCtrl-C ends it.")


def _until_interrupted(run: Callable[[], None], farewell: str = "") -> None:
    """Run something that Ctrl-C or SIGTERM ends, which is no error."""

    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    try:
        run()
    except KeyboardInterrupt:
        if farewell:
            typer.echo(farewell)


def _wait() -> None:
    threading.Event().wait()
