"""`omniats operator`: who may sign in to the console."""

from typing import Annotated

import typer
from sqlalchemy import Engine

from app.cli import database
from app.cli.problems import Refused
from app.common.times import from_micros
from app.console import operators
from app.database import open_engine, reading
from app.settings import Settings
from app.telemetry import logs

cli = typer.Typer(
    help="The people who may sign in to the console.", no_args_is_help=True, rich_markup_mode=None
)

Name = Annotated[str, typer.Argument(help="The operator's name.")]


@cli.command("create")
def create_operator(name: Name) -> None:
    """Make an operator and print the password, this once."""
    with _engine().begin() as connection:
        password = operators.create(connection, name)
    typer.echo(password)


@cli.command("list")
def list_operators() -> None:
    """List the operators."""
    with reading(_engine()).connect() as connection:
        for row in operators.listed(connection):
            typer.echo(f"{from_micros(row.created_at):%Y-%m-%d}  {row.name}")


@cli.command("remove")
def remove_operator(name: Name) -> None:
    """Take an operator's access away, at once."""
    with _engine().begin() as connection:
        if not operators.remove(connection, name):
            raise Refused(f"there is no operator named {name!r}; `omniats operator list` shows them")


def _engine() -> Engine:
    settings = Settings()
    logs.set_up(settings.log_level, settings.log_format)
    engine = open_engine(settings.resolved_database_url)
    database.prepare(settings.resolved_database_url, engine)
    return engine
