"""Pages that do not lead on: circles, gaps, overlaps, and records that go while they are read.

Elsewhere, in `tests/sync/test_sync_passes.py`: a list that repeats its cursor at once, one that is suddenly
empty, a row that moved between numbered pages, cursors that age.
"""

from typing import Any

import httpx
import pytest
from fault_world import Scene, content, statuses

from app.jobs import Job, Later
from providers.greenhouse.lists import every
from providers.kit import Unexpected, open_client
from providers.kit.errors import by_status

HOST = "https://harvest.greenhouse.io"
LIST = "/v3/interviews"


def link(cursor: str) -> dict[str, str]:
    return {"Link": f'<{HOST}{LIST}?cursor={cursor}>; rel="next"'}


@pytest.mark.parametrize("length", [2, 5])
def test_pages_in_a_circle_end_though_each_run_reads_only_one(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    """A slow vendor: every run gives up its thread after a page."""
    before = content(scene.hurt, scene.changed)
    scene.change()
    for page in range(50):
        scene.fail(LIST, times=1, status=200, body=[], headers=link(f"c{page % length}"))
    turns: list[Job] = []

    def turn(job: Job) -> None:
        turns.append(job)
        if len(turns) % 3 == 0:
            raise Later(0)

    with monkeypatch.context() as slow:
        slow.setattr(scene.world.service.jobs, "turn", turn)
        scene.run(scene.hurt, full=True)
    assert len(scene.world.sent("GET", LIST)) <= 3 * length + 2
    assert scene.status()["status"] == "FAILED"
    assert scene.issues() == [("Unexpected answer", "interviews: The list of interviews repeats its cursor.")]
    assert content(scene.hurt, scene.changed) == before
    scene.recovers()
    scene.is_whole(before)


def test_pages_in_a_circle_while_a_write_looks_something_up() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        assert len(asked) < 10
        return httpx.Response(200, json=[{"id": 1}], headers=link(f"c{len(asked) % 2}"))

    client = open_client(
        HOST, ("harvest.greenhouse.io",), httpx.Auth(), _classify, transport=httpx.MockTransport(answer)
    )
    with pytest.raises(Unexpected, match="repeats its cursor"):
        list(every(client, "/v3/sources"))


def test_an_empty_page_is_not_the_end(scene: Scene) -> None:
    before = content(scene.hurt, scene.changed)
    scene.change()
    first = {"Link": f'<{HOST}{LIST}?per_page=14>; rel="next"'}
    scene.fail(LIST, times=1, status=200, body=[], headers=first)
    scene.run(scene.hurt, full=True)
    scene.is_whole(before)


def test_records_that_two_pages_show_are_one(scene: Scene) -> None:
    before = content(scene.hurt, scene.changed)
    scene.change()
    first = {"Link": f'<{HOST}{LIST}?per_page=14>; rel="next"'}
    shown = _page(scene)
    scene.fail(LIST, times=1, status=200, body=[*shown, *shown], headers=first)
    scene.run(scene.hurt, full=True)
    scene.is_whole(before)


def test_a_record_that_goes_between_its_page_and_its_details(scene: Scene) -> None:
    """Interviews are read application by application: one is deleted when its turn comes."""
    scene.world.sandbox.permissions["v1"].denied.add("GET: List Scheduled Interviews")
    before = content(scene.other)
    gone = before["Application"][0]["remote_id"]
    scene.fail(f"/v1/applications/{gone}/scheduled_interviews", status=404)
    scene.fail("/v1/scheduled_interviews/*", status=404)
    scene.run(scene.other, full=True)
    assert scene.issues(scene.other) == []
    assert {row["status"] for row in statuses(scene.other)} == {"DONE"}
    mine = {row["id"] for row in before["Application"] if row["remote_id"] == gone}
    left = [row for row in before["ScheduledInterview"] if row["application"] not in mine]
    assert len(left) < len(before["ScheduledInterview"])
    assert content(scene.other)["ScheduledInterview"] == left
    scene.mend()
    scene.run(scene.other, full=True)
    assert content(scene.other) == before


def _page(scene: Scene) -> list[Any]:
    shown = scene.hurt.list("/interviews", include_remote_data=True)
    return [part["data"] for row in shown for part in row["remote_data"] if part["path"] == LIST]


def _classify(response: httpx.Response) -> Any:
    return by_status(response, "")
