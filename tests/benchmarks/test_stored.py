"""What the benchmarks find out about lost, doubled and altered records is true."""

import orjson
import pytest
from sqlalchemy import delete, select, update
from world import Account, Synced, served

from app.records.tables import RECORD_TABLES, vendor_row
from benchmarks.stored import Difference, Item, difference, kept_rows, records_of, rows_of
from benchmarks.vendor import Remembering, Vendor
from sandboxes.greenhouse import State


def found(synced: Synced, account: Account) -> list[Item]:
    """All but files: the sandbox signs their addresses anew each time."""
    with synced.world.service.reader.connect() as connection:
        items = records_of(connection, account.id) + kept_rows(connection, account.id)
    return [item for item in items if item[0][0] not in ("Attachment", "rows of attachments")]


@pytest.fixture
def expected(synced: Synced) -> dict[tuple[str, str], bytes]:
    return dict(found(synced, synced.v3))


def test_accounts_that_hold_the_same_do_not_differ(
    synced: Synced, expected: dict[tuple[str, str], bytes]
) -> None:
    assert difference(expected, found(synced, synced.other)) == Difference(0, 0, 0)


def test_a_missing_record_and_a_missing_row_are_lost(
    synced: Synced, expected: dict[tuple[str, str], bytes]
) -> None:
    tags = RECORD_TABLES["Tag"]
    with synced.world.service.engine.begin() as connection:
        one = connection.scalar(select(tags.c.id).where(tags.c.account_id == synced.other.id))
        connection.execute(delete(tags).where(tags.c.id == one))
        mine = vendor_row.c.account_id == synced.other.id, vendor_row.c.resource == "offers"
        key = connection.scalar(select(vendor_row.c.key).where(*mine))
        connection.execute(delete(vendor_row).where(*mine, vendor_row.c.key == key))
    assert difference(expected, found(synced, synced.other)) == Difference(lost=2, doubled=0, altered=0)


def test_what_is_there_twice_or_should_not_be_there_is_doubled(
    synced: Synced, expected: dict[tuple[str, str], bytes]
) -> None:
    items = found(synced, synced.other)
    foreign = (("Tag", "of nobody"), b"")
    assert difference(expected, [*items, items[0], foreign]) == Difference(0, doubled=2, altered=0)


def test_a_record_that_names_another_one_is_altered(
    synced: Synced, expected: dict[tuple[str, str], bytes]
) -> None:
    table = RECORD_TABLES["ScheduledInterview"]
    with synced.world.service.engine.begin() as connection:
        query = select(table.c.id, table.c.body).where(table.c.account_id == synced.other.id)
        bodies = {key: orjson.loads(body) for key, body in connection.execute(query)}
        key, body = next(iter(bodies.items()))
        others = {each["application"] for each in bodies.values()} - {body["application"]}
        body["application"] = min(others)
        connection.execute(update(table).where(table.c.id == key).values(body=orjson.dumps(body)))
    assert difference(expected, found(synced, synced.other)) == Difference(0, 0, altered=1)


def test_the_vendor_that_remembers_holds_what_the_sandbox_holds(synced: Synced, sandbox: State) -> None:
    with served(Remembering(sandbox, 0.0)) as origin:
        vendor = Vendor(origin)
        rows = vendor.rows()
        assert vendor.rows() == rows
        counts = vendor.counts()
    assert {name: set(rows[name]) for name in rows} == {
        name: {str(key) for key in sandbox.tables[name].rows} for name in rows
    }
    assert counts["again"] == counts["pages"] / 2
    with synced.world.service.reader.connect() as connection:
        assert {key for key, _ in rows_of(rows)} >= {key for key, _ in kept_rows(connection, synced.v3.id)}
