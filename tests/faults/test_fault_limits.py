"""The vendor's limit is met: on a list, on the token endpoint, with and without a word of when to come back.

Writes: `test_too_many_requests` in `tests/writes/test_interview_writes.py`. Waits that grow where nobody says
how long: `tests/sync/test_sync_passes.py`.
"""

from typing import Any

import httpx
import pytest
from fault_world import Scene, content, statuses
from sqlalchemy import select

from app.jobs import job_table
from app.jobs.clock import Now
from providers.kit.errors import retry_after

LIST = "/v3/interviews"
THEIR_TIME = "Tue, 18 Nov 2025 10:00:00 GMT"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("17", 17),
        ("1.5", 1.5),
        ("Tue, 18 Nov 2025 10:00:40 GMT", 40),
        ("Tue, 18 Nov 2025 10:00:40 -0000", 40),
        ("Tue, 18 Nov 2025 09:59:59 GMT", None),
        ("0", None),
        ("-5", None),
        ("1e9", 3600),
        ("99999999999999999999999", 3600),
        ("inf", None),
        ("nan", None),
        ("soon", None),
        ("", None),
    ],
)
def test_how_long_the_vendor_asks_to_wait(header: str, expected: float | None) -> None:
    """A date is by the vendor's own clock, which may be wrong."""
    answer = httpx.Response(429, headers={"Retry-After": header, "Date": THEIR_TIME})
    assert retry_after(answer) == expected


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "0"}])
def test_a_storm_of_refusals_in_mid_paging(scene: Scene, headers: dict[str, str]) -> None:
    before = content(scene.hurt, scene.changed)
    scene.change()
    scene.fail(LIST, skip=1, status=429, headers=headers)
    scene.run(full=True)
    assert len(scene.world.sent("GET", LIST)) == 2, "the vendor is left alone, whatever it says of when"
    seen = scene.status()
    assert (seen["status"], seen["sync_status_reason"]) == ("SYNCING", "RATE_LIMITED")
    assert scene.issues() == []
    assert content(scene.hurt, scene.changed) == before
    scene.other_is_well()
    scene.mend()
    scene.run(scene.hurt)
    scene.is_whole(before)


def test_refusals_at_the_token_endpoint(scene: Scene) -> None:
    before = content(scene.hurt, scene.changed)
    scene.change()
    scene.world.sandbox.tokens.expire_all()
    scene.fail("/token", method="POST", status=429)
    scene.run()
    assert len(scene.world.sent("POST", "/token")) == 1
    assert scene.status("Department")["sync_status_reason"] == "RATE_LIMITED"
    assert scene.world.stored(scene.hurt).status == "COMPLETE"
    assert _held(scene) > 1
    scene.other_is_well()
    scene.mend()
    scene.run(scene.hurt)
    scene.is_whole(before)


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 503},
        {"status": 200, "text": "<html>", "headers": {"Content-Type": "text/html"}},
        {"status": 200, "body": {"access_token": None}},
    ],
)
def test_a_token_endpoint_that_is_not_well(scene: Scene, answer: dict[str, Any]) -> None:
    """What it says then is not that the credentials are wrong."""
    before = content(scene.hurt, scene.changed)
    scene.change()
    scene.world.sandbox.tokens.expire_all()
    scene.fail("/token", method="POST", **answer)
    scene.run(scene.hurt)
    assert scene.world.stored(scene.hurt).status == "COMPLETE"
    assert {row["status"] for row in statuses(scene.hurt)} <= {"SYNCING", "FAILED"}
    assert content(scene.hurt, scene.changed) == before
    scene.recovers()
    scene.is_whole(before)


def _held(scene: Scene) -> float:
    """The seconds for which the account's synchronisation waits."""
    query = select(job_table.c.hold_until - Now())
    with scene.world.service.reader.connect() as connection:
        return float(connection.execute(query.where(job_table.c.key == scene.hurt.id)).scalar_one())
