"""The vendor's answers have changed their shape: what can be read is served, and what cannot is kept."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from fault_world import Scene, content
from sqlalchemy import select
from world import Json

from app.records.tables import vendor_row

LIST = "/v3/interviews"
Change = Callable[[Json], Any]

UNREADABLE: dict[str, Change] = {
    "a date in another form": lambda row: row | {"starts_at": "tomorrow at nine"},
    "a date that is a number": lambda row: row | {"starts_at": {"seconds": 1764000000}},
    "no id": lambda row: {name: value for name, value in row.items() if name != "id"},
    "an id that is an object": lambda row: row | {"id": {"value": row["id"]}},
    "a text in the place of a record": lambda _row: "see other",
    "null in the place of a record": lambda _row: None,
}
READABLE: dict[str, Change] = {
    "an id that is a text now": lambda row: row | {"id": str(row["id"])},
    "a field nobody knows": lambda row: row | {"mood": ["good"]},
    "a text that is an object now": lambda row: row | {"location": {"name": "Attic"}},
    "a key less": lambda row: {name: value for name, value in row.items() if name != "location"},
    "an enum value nobody knows": lambda row: row | {"status": "moonlit"},
}


def rows(scene: Scene) -> list[Json]:
    """What the vendor lists, as received."""
    query = select(vendor_row.c.data).where(
        vendor_row.c.account_id == scene.hurt.id, vendor_row.c.resource == "interviews"
    )
    with scene.world.service.reader.connect() as connection:
        return [orjson.loads(data) for data in connection.scalars(query)]


def answer_with(scene: Scene, listed: list[Json], change: Change) -> Any:
    """Change one record of the vendor's next list; gives it as it is sent."""
    body = [change(row) if str(row["id"]) == scene.changed else row for row in listed]
    scene.fail(LIST, times=1, status=200, body=body)
    return next(sent for sent, row in zip(body, listed, strict=True) if str(row["id"]) == scene.changed)


@pytest.mark.parametrize("shape", UNREADABLE)
def test_what_cannot_be_read_is_kept_and_stops_nothing(scene: Scene, shape: str) -> None:
    before, listed = content(scene.hurt, scene.changed), rows(scene)
    room = scene.room()
    for _ in range(2):
        received = answer_with(scene, listed, UNREADABLE[shape])
        scene.run(scene.hurt, full=True)
    ((label, detail),) = scene.issues()
    assert label == "Unexpected data"
    assert detail.startswith("ScheduledInterview ")
    assert len(scene.told("Issue.new")) == 1
    assert scene.status()["status"] == "DONE"
    assert content(scene.hurt, scene.changed) == before
    assert scene.room() == room, "the record stays as it was last understood"
    assert received in rows(scene)
    scene.change()
    scene.world.a_day_passes()
    scene.run(scene.hurt, full=True)
    scene.is_whole(before)


@pytest.mark.parametrize("shape", READABLE)
def test_what_can_be_read_is_served(scene: Scene, shape: str) -> None:
    before = content(scene.hurt, scene.changed)
    answer_with(scene, rows(scene), READABLE[shape])
    scene.run(scene.hurt, full=True)
    assert scene.issues() == []
    assert content(scene.hurt, scene.changed) == before
    shown = scene.hurt.one("/interviews", remote_id=scene.changed)
    if shape == "an enum value nobody knows":
        assert shown["status"] == "moonlit"
    scene.change()
    scene.mend()
    scene.run(scene.hurt)
    scene.is_whole(before)
