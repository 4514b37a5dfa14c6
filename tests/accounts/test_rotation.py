"""Rotating the encryption keys: everything, nothing twice, nothing lost, and honest about the old key."""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from cryptography.fernet import Fernet
from rich.console import Console
from sqlalchemy import Column, Engine, LargeBinary, insert, select, update
from world import Account, World

from app.accounts import rotation
from app.accounts.rotation import Tally, rotate, sealed_columns
from app.accounts.tables import access_token, linked_account, webhook_receiver
from app.accounts.vault import Vault
from app.cli.problems import Refused
from app.cli.rotating import rotate_all
from app.database import Sealed
from app.tables import metadata

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
BEFORE, BOTH, AFTER = Vault([OLD]), Vault([NEW, OLD]), Vault([NEW])
TOKEN = b"gAAAA"  # what every Fernet token begins with
# What is binary, of any length, and not encrypted: what callers are served, and what they are told.
PLAIN = {"body", "data", "account"}


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=100)


@pytest.fixture
def engine(world: World) -> Iterator[Engine]:
    """A database with a row in every table that has something encrypted."""
    with world.service.engine.begin() as connection:
        for table in metadata.sorted_tables:
            if table is linked_account or any(c.table is table for c in sealed_columns(metadata)):
                connection.execute(insert(table).values({c.name: filled(c) for c in table.columns}))
    yield world.service.engine


def filled(column: Column[Any]) -> Any:
    """A value that a column takes."""
    if column.foreign_keys:
        return filled(linked_account.c.id)
    if isinstance(column.type, Sealed):
        return BEFORE.seal(str(column))
    if isinstance(column.type, LargeBinary):
        return hashlib.sha256(str(column).encode()).digest()
    kind = column.type.python_type
    return "x" if kind is str else kind(0)


def stored(engine: Engine) -> dict[str, bytes]:
    with engine.connect() as connection:
        return {str(c): connection.scalar(select(c)) or b"" for c in sealed_columns(metadata)}


def test_every_sealed_column_is_under_the_new_key_alone(engine: Engine, console: Console) -> None:
    said = rotate_all(engine, BOTH, console)
    found = stored(engine)
    assert len(found) >= 12
    assert {name: AFTER.open(value) for name, value in found.items()} == {name: name for name in found}
    assert f"{len(found)} of {len(found)} values" in said
    assert "may be taken out" in said
    assert "linked_account.credentials" in console.file.getvalue()  # type: ignore[attr-defined]


def test_a_second_run_changes_nothing(engine: Engine, console: Console) -> None:
    rotate_all(engine, BOTH, console)
    before = stored(engine)
    assert rotate_all(engine, BOTH, console).startswith(f"0 of {len(before)} values")
    assert stored(engine) == before


def test_no_column_of_another_type_holds_anything_encrypted() -> None:
    """Whoever adds a binary column says whether `rotate-keys` is to find it."""
    others = {
        column.name
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary) and not isinstance(column.type, Sealed)
        if column.type.length is None
    }
    assert others == PLAIN


def test_whatever_the_vault_seals_is_stored_in_a_sealed_column(world: World) -> None:
    """Each place that seals, found in the source, against the columns: none is left out of the rotation."""
    account = world.link("v3")
    world.http.get("/webhooks")
    account.http.post("/webhook-receivers", json={"event": "x", "is_active": True, "key": "k"})
    account.http.post("/async-passthrough", json={"method": "GET", "path": "/users"})
    declared = {(column.table.name, column.name) for column in sealed_columns(metadata)}
    with world.service.engine.connect() as connection:
        for table in metadata.tables.values():
            for row in connection.execute(select(table)).mappings():
                for name, value in row.items():
                    text = value.encode() if isinstance(value, str) else value
                    if isinstance(text, bytes) and text.startswith(TOKEN):
                        assert (table.name, name) in declared


def many(world: World, account: Account, count: int) -> Column[Any]:
    rows = [
        {
            "account_id": account.id,
            "event": str(n),
            "is_active": True,
            "key": world.service.vault.seal(str(n)),
        }
        for n in range(count)
    ]
    with world.service.engine.begin() as connection:
        connection.execute(insert(webhook_receiver), rows)
    return webhook_receiver.c.key


def opened(world: World, vault: Vault, column: Column[Any]) -> int:
    """How many values of a column a vault opens."""
    with world.service.reader.connect() as connection:
        values = list(connection.scalars(select(column)))
    count = 0
    for value in values:
        try:
            vault.open(value)
        except ValueError:
            continue
        count += 1
    return count


def world_vaults(world: World) -> tuple[Vault, Vault]:
    old = (Path(world.settings.data_dir) / "encryption.key").read_text()
    return Vault([NEW, old]), AFTER


def test_a_run_that_is_broken_off_goes_on_where_it_was(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    account = world.link(sync=False)
    column, (both, new) = many(world, account, 25), world_vaults(world)
    monkeypatch.setattr(rotation, "BATCH", 10)
    steps = iter([None] * 14)
    with pytest.raises(StopIteration):
        rotate(world.service.engine, both, column, Tally(), lambda: next(steps))
    assert opened(world, new, column) == 10, "whole batches"
    tally = Tally()
    rotate(world.service.engine, both, column, tally, lambda: None)
    assert (tally.seen, tally.renewed) == (25, 15)
    assert opened(world, new, column) == 25


def test_large_values_are_written_sooner(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    account = world.link(sync=False)
    column, (both, _) = many(world, account, 6), world_vaults(world)
    monkeypatch.setattr(rotation, "MOST", 1)
    with mock.patch.object(rotation, "_write", wraps=rotation._write) as writing:
        rotate(world.service.engine, both, column, Tally(), lambda: None)
    assert writing.call_count == 7


def test_what_the_service_changes_meanwhile_is_left_as_it_is(world: World) -> None:
    account = world.link(sync=False)
    column, (both, _) = many(world, account, 1), world_vaults(world)
    newer = world.service.vault.seal("newer")

    def change() -> None:
        with world.service.engine.begin() as connection:
            connection.execute(update(webhook_receiver).values(key=newer))

    tally = Tally()
    rotate(world.service.engine, both, column, tally, change)
    assert (tally.renewed, tally.overtaken) == (0, 1)
    with world.service.reader.connect() as connection:
        assert connection.scalar(select(column)) == newer


def test_a_value_of_an_unknown_key_is_kept_and_told(engine: Engine, console: Console) -> None:
    lost = Vault([Fernet.generate_key().decode()]).seal("x")
    with engine.begin() as connection:
        connection.execute(update(access_token).values(token=lost))
    with pytest.raises(Refused, match="1 values are under none of the keys"):
        rotate_all(engine, BOTH, console)
    assert stored(engine)["access_token.token"] == lost
    assert AFTER.open(stored(engine)["linked_account.credentials"]), "the others are done all the same"


def test_a_process_that_still_writes_with_the_old_key_is_noticed(engine: Engine, console: Console) -> None:
    real, rounds = rotation.rotate, []

    def slow(engine: Engine, vault: Vault, column: Column[Any], tally: Tally, progress: Any) -> None:
        real(engine, vault, column, tally, progress)
        if str(column) == "linked_account.credentials" and not rounds:
            rounds.append(column)
            with engine.begin() as connection:
                connection.execute(update(linked_account).values(credentials=BEFORE.seal("late")))

    with (
        mock.patch("app.cli.rotating.rotate", slow),
        pytest.raises(Refused, match="restart every process"),
    ):
        rotate_all(engine, BOTH, console)


def test_the_service_goes_on_before_during_and_after(world: World) -> None:
    account = world.link("v3")
    both, new = world_vaults(world)
    service = world.service
    for vault in (both, new):
        service.connector._vault = vault
        world.sync(account)
        rotate_all(service.engine, both, Console(file=io.StringIO()))
    assert account.get("/sync-status").status_code == 200
    assert world.stored(account).status == "COMPLETE"
