"""Rotating the keys at a terminal: what is done, and whether the old key may go."""

from functools import partial

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy import Engine

from app.accounts.rotation import Tally, count, rotate, sealed_columns
from app.accounts.vault import Vault
from app.cli.problems import Refused
from app.tables import metadata

DONE = (
    "Everything is under the first key. Once every process has been started with it in the first place, the "
    "others may be taken out of OMNIATS_ENCRYPTION_KEYS."
)


def rotate_all(engine: Engine, vault: Vault, console: Console) -> str:
    """Put everything under the first key, then look whether it all is; gives a sentence for people.

    Raises:
        Refused: something is not under that key, so the others are still needed.
    """
    tally = _round(engine, vault, console, "")
    if tally.lost:
        raise Refused(
            f"{tally.lost} values are under none of the keys in OMNIATS_ENCRYPTION_KEYS: drop no key, add "
            "the missing one at the end and run this again"
        )
    late = _round(engine, vault, console, "again: ") if tally.renewed or tally.overtaken else Tally()
    if late.renewed or late.overtaken or late.lost:
        raise Refused(
            "meanwhile values were written under an old key: restart every process with the new key first in "
            "OMNIATS_ENCRYPTION_KEYS, then run this again; drop no key yet"
        )
    return f"{tally.renewed} of {tally.seen} values encrypted anew. {DONE}"


def _round(engine: Engine, vault: Vault, console: Console, prefix: str) -> Tally:
    tally = Tally()
    bars = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*bars, console=console) as progress:
        for column in sealed_columns(metadata):
            bar = progress.add_task(f"{prefix}{column}", total=count(engine, column))
            rotate(engine, vault, column, tally, partial(progress.advance, bar))
    return tally
