"""How fresh an answer is, and records made as fresh as a caller wants."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import event, update
from world import Account, Json, Synced, World

from app.accounts.tables import linked_account
from app.common.models import COLLECTIONS
from app.sync.tables import resource_state
from sandboxes.greenhouse import COORDINATOR

HEADER = "x-data-fresh-as-of"
ANY_AGE = 999_999_999
ONE = {"v1": "/v1/scheduled_interviews/", "v3": "/v3/interviews"}  # where one interview is read


def moment(answer: httpx.Response) -> datetime:
    assert answer.status_code == 200, answer.text
    return datetime.fromisoformat(answer.headers[HEADER])


def reads(synced: Synced) -> list[Any]:
    """The requests made to the vendor."""
    return [r for r in synced.world.sandbox.controls.received if r.path != "/token"]


def grow_old(world: World, account: Account, seconds: float) -> None:
    """Let so much time pass since the last sync."""
    with world.service.engine.begin() as connection:
        connection.execute(
            update(resource_state)
            .where(resource_state.c.account_id == account.id)
            .values(fresh_as_of=resource_state.c.fresh_as_of - int(seconds * 1_000_000))
        )
        connection.execute(
            update(linked_account)
            .where(linked_account.c.id == account.id)
            .values(clock=linked_account.c.clock + 1)
        )


def interview(account: Account) -> Json:
    return next(i for i in account.list("/interviews") if i["status"] == "SCHEDULED" and not i["all_day"])


def change(synced: Synced, style: str, known: Json, location: str) -> None:
    """Change an interview at the vendor."""
    row = synced.world.sandbox.tables["interviews"].rows[int(known["remote_id"])]
    row["location"] = location
    row["updated_at"] = "2031-01-01T00:00:00.000Z"


def test_every_answer_says_how_fresh_it_is(account: Account) -> None:
    statuses = account.get("/sync-status").json()["results"]
    fresh = {row["model_name"]: row["data_fresh_as_of"] for row in statuses}
    for model in COLLECTIONS:
        page = account.get(f"/{model.path}")
        assert page.headers[HEADER] == fresh[model.name], model.name
        if model.retrievable and page.json()["results"]:
            one = account.get(f"/{model.path}/{page.json()['results'][0]['id']}")
            assert one.headers[HEADER] == fresh[model.name], model.name
    job = account.list("/jobs")[0]
    assert account.get(f"/jobs/{job['id']}/screening-questions").headers[HEADER]


@pytest.mark.contract("7.4")
def test_it_moves_with_the_sync(synced: Synced, account: Account) -> None:
    before = moment(account.get("/interviews"))
    began = datetime.now(UTC)
    synced.world.sync(account)
    after = moment(account.get("/interviews"))
    assert before < began <= after
    synced.world.sandbox.controls.fail("*interviews*", method="GET", status=422, times=99)
    failed = datetime.now(UTC)
    synced.world.sync(account)
    assert moment(account.get("/interviews")) < failed, "a pass that fails shows nothing new"
    assert moment(account.get("/users")) > failed


def test_before_the_first_sync(world: World) -> None:
    account = world.link("v3", sync=False)
    for path in ("/interviews", "/users"):
        answer = account.get(path)
        assert (answer.status_code, answer.json()["results"]) == (200, [])
        assert HEADER not in answer.headers
    world.sandbox.controls.fail("/v3/interviews", status=403, times=99)
    world.service.jobs.run_due()
    assert HEADER not in account.get("/interviews").headers, "what has never been read is not fresh"
    assert HEADER in account.get("/users").headers


def test_it_costs_no_query(synced: Synced) -> None:
    synced.v3.get("/interviews")
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(synced.world.service.engine, "before_cursor_execute", note)
    assert HEADER in synced.v3.get("/interviews").headers
    assert len(asked) == 2, "who asks, and the page"


def test_a_record_is_read_again_when_it_is_older(synced: Synced, account: Account, style: str) -> None:
    known = interview(account)
    path = f"/interviews/{known['id']}"
    change(synced, style, known, "Room 9")
    assert account.get(path, max_age=ANY_AGE).json() == known
    assert reads(synced) == []
    listed = moment(account.get("/interviews"))
    began = datetime.now(UTC)
    fresh = account.get(path, max_age=0)
    assert fresh.json() == known | {
        "location": "Room 9",
        "modified_at": fresh.json()["modified_at"],
        "remote_updated_at": "2031-01-01T00:00:00Z",
    }
    assert fresh.json()["modified_at"] > known["modified_at"]
    assert moment(fresh) >= began
    assert "warning" not in fresh.headers
    assert moment(account.get("/interviews")) == listed, "the others are as old as they were"
    assert account.get(path).content == fresh.content


def test_how_old_is_old(synced: Synced, account: Account) -> None:
    known = interview(account)
    path = f"/interviews/{known['id']}"
    synced.world.sync(account)
    synced.world.sandbox.controls.received.clear()
    grow_old(synced.world, account, 3600)
    assert account.get(path, max_age=7200).headers[HEADER]
    assert reads(synced) == []
    assert datetime.now(UTC) - moment(account.get(path, max_age=1800)) < timedelta(minutes=5)
    asked = len(reads(synced))
    assert asked
    account.get(path, max_age=1800)
    assert len(reads(synced)) == asked, "its own reading counts"


@pytest.mark.parametrize("path", ["interviews", "applications", "candidates", "jobs", "users", "attachments"])
def test_models_that_are_read_one_by_one(synced: Synced, account: Account, path: str) -> None:
    known = account.list(f"/{path}")[0]
    fresh = account.get(f"/{path}/{known['id']}", max_age=0)
    signed = {name: fresh.json()[name] for name in ("file_url", "modified_at") if path == "attachments"}
    assert fresh.json() == known | signed
    assert "warning" not in fresh.headers
    assert reads(synced)


def test_a_record_the_vendor_has_no_more(synced: Synced, account: Account) -> None:
    known = interview(account)
    path = f"/interviews/{known['id']}"
    synced.world.sandbox.delete("interviews", int(known["remote_id"]))
    gone = account.get(path, max_age=0)
    assert gone.json() == known | {"remote_was_deleted": True, "modified_at": gone.json()["modified_at"]}
    assert datetime.now(UTC) - moment(gone) < timedelta(minutes=1)
    asked = len(reads(synced))
    grow_old(synced.world, account, 3600)
    assert account.get(path, max_age=1800).content == gone.content
    assert len(reads(synced)) == asked
    assert account.get(path, max_age=0).content == gone.content
    assert len(reads(synced)) > asked


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (503, "did not answer"),
        (429, "limits requests"),
        (403, "refused"),
        (401, "refused"),
    ],
)
def test_the_vendor_gives_nothing(
    synced: Synced, account: Account, style: str, status: int, said: str
) -> None:
    known = interview(account)
    plain = account.get(f"/interviews/{known['id']}")
    change(synced, style, known, "Room 9")
    synced.world.sandbox.controls.fail(ONE[style] + "*", status=status, times=99)
    answer = account.get(f"/interviews/{known['id']}", max_age=0)
    assert answer.content == plain.content
    assert moment(answer) == moment(plain), "its true age"
    assert answer.headers["warning"].startswith('111 omniats "Revalidation failed: ')
    assert said in answer.headers["warning"]
    assert len([r for r in reads(synced) if r.path.startswith(ONE[style])]) <= 2, "nobody waits for retries"


def test_an_account_to_be_linked_again(synced: Synced) -> None:
    known = interview(synced.v1)
    synced.world.sandbox.api_key = "another"
    synced.world.sync(synced.v1)
    asked = len(reads(synced))
    answer = synced.v1.get(f"/interviews/{known['id']}", max_age=0)
    assert answer.json() == known
    assert "linked again" in answer.headers["warning"]
    assert len(reads(synced)) == asked


def test_no_way_to_read_one(synced: Synced) -> None:
    known = synced.v1.list("/reject-reasons")[0]
    answer = synced.v1.get(f"/reject-reasons/{known['id']}", max_age=0)
    assert answer.json() == known
    assert "no way to read one" in answer.headers["warning"]
    assert moment(answer)


def test_nothing_is_asked_for_nothing(synced: Synced, account: Account) -> None:
    known = interview(account)
    for bad in ("-1", "x", "1.5", "٣"):
        answer = account.get(f"/interviews/{known['id']}", max_age=bad)
        assert (answer.status_code, list(answer.json())) == (400, ["non_field_errors"])
    assert account.get(f"/interviews/{known['id']}", max_age="").status_code == 200
    assert synced.other.get(f"/interviews/{known['id']}", max_age=0).status_code == 404
    assert account.get("/interviews/nobody", max_age=0).status_code == 404
    with synced.world.client(Authorization="Bearer nobody", X_Account_Token=account.token) as http:
        assert http.get(f"/interviews/{known['id']}", params={"max_age": 0}).status_code == 401
    assert reads(synced) == []


def test_many_at_once(synced: Synced, account: Account, style: str) -> None:
    known = interview(account)
    grow_old(synced.world, account, 3600)
    change(synced, style, known, "Room 9")
    synced.world.sandbox.controls.latency = 0.02
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: account.get(f"/interviews/{known['id']}", max_age=30), range(50)))
    assert {a.json()["location"] for a in answers} == {"Room 9"}
    assert len([r for r in reads(synced) if r.path.startswith(ONE[style]) and r.status == 200]) == 1


def test_a_write_outlasts_an_older_answer(synced: Synced) -> None:
    """What the vendor was asked for before a write of ours must not undo it, however late it arrives."""
    account, sandbox = synced.v1, synced.world.sandbox
    known = interview(account)
    place = f"/v1/scheduled_interviews/{known['remote_id']}"
    headers = {"Authorization": "Basic c2FuZGJveC1oYXJ2ZXN0LWtleTo="}
    origin = synced.world.settings.provider_origins["greenhouse"]
    old = httpx.get(origin + place, headers=headers).json()
    assert old["id"] == int(known["remote_id"])
    sandbox.controls.received.clear()
    sandbox.controls.fail(place, method="GET", status=200, body=old, delay=1)

    reading = threading.Thread(target=lambda: account.get(f"/interviews/{known['id']}", max_age=0))
    reading.start()
    until = time.monotonic() + 30
    while not reads(synced) and time.monotonic() < until:
        time.sleep(0.01)
    with synced.world.client(**dict(account.http.headers.items())) as http:
        moved = http.patch(
            f"/interviews/{known['id']}",
            json={"model": {"location": "Room 9"}, "remote_user_id": str(COORDINATOR)},
        )
    assert moved.json()["model"]["location"] == "Room 9", moved.text
    reading.join()
    assert account.get(f"/interviews/{known['id']}").json()["location"] == "Room 9"
    asked = len(reads(synced))
    account.get(f"/interviews/{known['id']}", max_age=1800)
    assert len(reads(synced)) == asked, "what a write has read back is fresh"
