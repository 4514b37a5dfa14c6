"""What a test leaves in its database is gone before the next one has it."""

from pathlib import Path

import pytest
from databases import SERVER, Databases, Template
from sqlalchemy import Engine, func, insert, inspect, select, text
from sqlalchemy.exc import OperationalError

from app.accounts.tables import api_key
from app.common.times import now
from app.database import open_engine

KEY = {"id": "left", "name": "left", "account_type": "TEST", "key_hash": b"left", "created_at": now()}


def leave(engine: Engine) -> None:
    """Rows, a table, and a transaction that holds a lock."""
    with engine.begin() as connection:
        connection.execute(insert(api_key).values(KEY))
        connection.execute(text("create table left_behind (id integer)"))
    connection = engine.connect()
    connection.execute(text("delete from api_key"))
    connection.detach()


def test_a_database_is_as_its_template(
    databases: Databases, empty_template: Template, tmp_path: Path
) -> None:
    url = databases.copy(empty_template, tmp_path / "first")
    before = open_engine(url)
    leave(before)
    databases.drop(url)
    again = databases.copy(empty_template, tmp_path / "second")
    after = open_engine(again)
    assert "left_behind" not in inspect(after).get_table_names()
    with after.begin() as connection:
        assert connection.scalar(select(func.count()).select_from(api_key)) == 0
        connection.execute(insert(api_key).values(KEY))
    if SERVER:
        with pytest.raises(OperationalError):
            open_engine(url).connect()
    after.dispose()
    before.dispose()
    databases.drop(again)


def test_a_database_whose_tables_were_changed_is_not_used_again(
    databases: Databases, empty_template: Template, tmp_path: Path
) -> None:
    url = databases.copy(empty_template, tmp_path / "first")
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text("alter table api_key rename to gone"))
    engine.dispose()
    databases.drop(url)
    again = databases.copy(empty_template, tmp_path / "second")
    after = open_engine(again)
    assert "api_key" in inspect(after).get_table_names()
    after.dispose()
    databases.drop(again)
