"""Many rows at once: whichever way they take into the database, the same is read there afterwards."""

from collections.abc import Iterator

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    select,
)
from sqlalchemy.exc import IntegrityError
from world import Json

from app.bulk import insert_rows, update_rows, upsert_rows
from app.database import Sealed
from app.service import Service

LONG = "x" * 1_000_000
PROBE = Table(
    "probe",
    MetaData(),
    Column("account", String(36), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("text", Text),
    Column("data", LargeBinary),
    Column("sealed", Sealed),
    Column("flag", Boolean),
    Column("number", BigInteger),
    Column("share", Float),
    Column("json", JSON(none_as_null=True)),
)


@pytest.fixture(params=[1, 1000], ids=["copied", "as arrays"])
def connection(request: pytest.FixtureRequest, service: Service) -> Iterator[Connection]:
    """A transaction with an empty table; on PostgreSQL once for either way."""
    with pytest.MonkeyPatch.context() as patch, service.engine.connect() as made:
        patch.setattr("app.bulk.COPIED", request.param)
        PROBE.create(made)
        yield made


def probe(key: str, **values: object) -> Json:
    return {"account": "a", "key": key, **{column.name: None for column in PROBE.c[2:]}, **values}


def stored(connection: Connection) -> list[Json]:
    query = select(PROBE).order_by(PROBE.c.key)
    return [dict(row._mapping) for row in connection.execute(query)]


EVERYTHING = [
    probe("0 nothing"),
    probe("1 empty", text="", data=b"", sealed=b"", flag=False, number=0, share=0.0, json=[]),
    probe("2 odd", text="\U0001f600 \\N \\. \t\r\n '\"\x01", data=bytes(range(256)), number=-(2**63)),
    probe("3 long", text=LONG, data=LONG.encode(), sealed=b"\x00\xff", json={"a": [None, "\u00e9", 1.5]}),
    probe("4 more", flag=True, number=2**63 - 1, share=1e-300, json="text"),
    probe("5 \U0001f600\u202e", text="\u202e"),
]


def test_rows_are_read_as_they_were_inserted(connection: Connection) -> None:
    insert_rows(connection, PROBE, EVERYTHING)
    assert stored(connection) == EVERYTHING


def test_rows_that_are_there_are_not_inserted_again(connection: Connection) -> None:
    insert_rows(connection, PROBE, EVERYTHING)
    with pytest.raises(IntegrityError):
        insert_rows(connection, PROBE, EVERYTHING[2:3])


def test_of_rows_that_are_there_the_named_columns_are_changed(connection: Connection) -> None:
    insert_rows(connection, PROBE, [probe("a", text="old", number=1), probe("b", text="old", number=1)])
    incoming = [probe("b", text="new", number=2), probe("c", text="new", number=2)]
    upsert_rows(connection, PROBE, incoming, ("text",))
    assert [(r["key"], r["text"], r["number"]) for r in stored(connection)] == [
        ("a", "old", 1),
        ("b", "new", 1),
        ("c", "new", 2),
    ]


def test_everything_can_be_put_over_something_else(connection: Connection) -> None:
    insert_rows(connection, PROBE, [probe(row["key"], text="old", flag=True) for row in EVERYTHING])
    upsert_rows(connection, PROBE, EVERYTHING, tuple(column.name for column in PROBE.c[2:]))
    assert stored(connection) == EVERYTHING


def test_rows_that_are_there_are_left_as_they_are(connection: Connection) -> None:
    insert_rows(connection, PROBE, [probe("a", text="old")])
    upsert_rows(connection, PROBE, [probe("a", text="new"), probe("b", text="new")])
    assert [row["text"] for row in stored(connection)] == ["old", "new"]


def test_of_several_with_one_key_the_last_counts(connection: Connection) -> None:
    upsert_rows(connection, PROBE, [probe("a", text="1"), probe("b"), probe("a", text="2")], ("text",))
    assert [row["text"] for row in stored(connection)] == ["2", None]
    update_rows(connection, PROBE, [probe("b", text="3"), probe("a", text="4"), probe("a", text="5")])
    assert [row["text"] for row in stored(connection)] == ["5", "3"]


def test_updates_change_what_is_there_and_nothing_else(connection: Connection) -> None:
    insert_rows(connection, PROBE, [probe(row["key"], number=7) for row in EVERYTHING])
    names = ("account", "key", "text", "data", "json")
    update_rows(connection, PROBE, [{n: row[n] for n in names} for row in [*EVERYTHING, probe("absent")]])
    assert stored(connection) == [
        probe(row["key"], number=7, **{name: row[name] for name in names[2:]}) for row in EVERYTHING
    ]


def test_nothing_is_no_statement(connection: Connection) -> None:
    for write in (insert_rows, upsert_rows, update_rows):
        write(connection, PROBE, [])
    assert stored(connection) == []


def test_several_batches_fit_into_one_transaction(connection: Connection) -> None:
    for number in range(3):
        upsert_rows(connection, PROBE, [probe(str(number))], ("text",))
    assert len(stored(connection)) == 3
