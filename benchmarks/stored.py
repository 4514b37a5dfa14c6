"""What is stored of an account, without what differs between accounts that hold the same: ids and times."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, select

from app.records.tables import RECORD_TABLES, vendor_row
from benchmarks.vendor import Rows

ID = re.compile(rb'"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"')
OWN = ("id", "created_at", "modified_at")
Item = tuple[tuple[str, str], bytes]  # the model or list, the vendor's id; a digest of the content


@dataclass(frozen=True)
class Difference:
    """How far what is stored is from what should be.

    Attributes:
        lost: how many are missing.
        doubled: how many there are twice, or should not be there.
        altered: how many are there with another content.
    """

    lost: int
    doubled: int
    altered: int


def difference(expected: dict[tuple[str, str], bytes], found: list[Item]) -> Difference:
    """Compare."""
    there = dict(found)
    common = expected.keys() & there.keys()
    return Difference(
        lost=len(expected) - len(common),
        doubled=len(found) - len(common),
        altered=sum(there[key] != expected[key] for key in common),
    )


def rows_of(vendors: Rows) -> list[Item]:
    """A vendor's rows as they should be kept."""
    return [
        ((f"rows of {name}", key), _digest(orjson.dumps(row)))
        for name, rows in vendors.items()
        for key, row in rows.items()
    ]


def kept_rows(connection: Connection, account_id: str) -> list[Item]:
    """The rows kept of an account."""
    query = select(vendor_row.c.resource, vendor_row.c.key, vendor_row.c.data)
    kept = connection.execute(query.where(vendor_row.c.account_id == account_id))
    return [((f"rows of {name}", key), _digest(data)) for name, key, data in kept]


def records_of(connection: Connection, account_id: str) -> list[Item]:
    """The records of an account; where they name each other, by the vendor's ids."""
    bodies: list[tuple[tuple[str, str], bytes]] = []
    names: dict[bytes, bytes] = {}
    for model, table in RECORD_TABLES.items():
        query = select(table.c.id, table.c.remote_id, table.c.body)
        mine = query.where(table.c.account_id == account_id, table.c.shell.is_(False))
        for record_id, remote_id, body in connection.execute(mine):
            bodies.append(((model, remote_id), body))
            names[record_id.encode()] = orjson.dumps(f"{model} {remote_id}")
    return [(key, _digest(_comparable(body, names))) for key, body in bodies]


def _comparable(body: bytes, names: dict[bytes, bytes]) -> bytes:
    named = ID.sub(lambda found: names.get(found[1], found[0]), body)
    return orjson.dumps(_without_own(orjson.loads(named)), option=orjson.OPT_SORT_KEYS)


def _without_own(value: Any) -> Any:
    """Records that came in one page are listed in the order of their ids, which accounts do not share."""
    if isinstance(value, dict):
        return {name: _without_own(item) for name, item in value.items() if name not in OWN}
    if isinstance(value, list):
        return sorted((_without_own(item) for item in value), key=orjson.dumps)
    return value


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()
