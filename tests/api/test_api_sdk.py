"""Merge's own Python SDK, unchanged: over a real socket, and in process."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from merge import AsyncMerge, Merge
from merge.resources.ats import types
from merge.resources.ats.types import ScheduledInterviewRequest
from world import API, Account, Synced

CONTRACT: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "common" / "contract.json").read_text()
)
COLLECTIONS = {path: facts for path, facts in CONTRACT["resources"].items() if "{" not in path}


def sdk(synced: Synced, account: Account) -> Merge:
    return Merge(
        base_url=f"{synced.world.url}/api", api_key=synced.world.key, account_token=account.token, timeout=30
    )


def sdk_class(model: str) -> Any:
    return getattr(types, {"EEOC": "Eeoc"}.get(model, model))


def resource(client: Any, path: str) -> Any:
    return getattr(client.ats, path.replace("-", "_"))


@pytest.mark.contract("1.1", "1.10", "3.2.4", "14.2")
@pytest.mark.parametrize("path", COLLECTIONS)
def test_list_page_retrieve_and_expand(synced: Synced, account: Account, path: str) -> None:
    facts, client = COLLECTIONS[path], sdk(synced, account)
    of_path = resource(client, path)
    raw = account.list(path)
    assert raw, "the sandbox has records of every model"

    forward, pages, cursor = [], [], None
    size = max(1, len(raw) // 3)
    while cursor is not None or not pages:
        page = of_path.list(page_size=size, cursor=cursor)
        pages.append([r.remote_id for r in page.results])
        forward += page.results
        cursor = page.next
    assert [r.remote_id for r in forward] == [r["remote_id"] for r in raw]
    backward, cursor = [pages[-1]], page.previous
    while cursor is not None:
        page = of_path.list(page_size=size, cursor=cursor)
        backward.insert(0, [r.remote_id for r in page.results])
        cursor = page.previous
    assert [i for page_ids in backward for i in page_ids] == [r["remote_id"] for r in raw]

    keys = [*(m := CONTRACT["models"][facts["model"]])["first"], *m["fields"], *m["last"]]
    checked = sdk_class(facts["model"])
    for record in raw:
        assert set(keys) <= set(record)
        checked.model_validate(record)
    if facts["retrieve"]:
        assert of_path.retrieve(raw[0]["id"]).remote_id == raw[0]["remote_id"]
    assert of_path.list(remote_id=raw[0]["remote_id"]).results[0].remote_id == raw[0]["remote_id"]
    for name in facts["expand"]:
        _expanded(account, path, of_path, facts["model"], name)


def _expanded(account: Account, path: str, of_path: Any, model: str, dotted: str) -> None:
    """Every id of the relation is replaced in place by the object of its own endpoint."""
    name = dotted.split(".", maxsplit=1)[0]
    plain = {r["id"]: r for r in account.list(path)}
    target = CONTRACT["models"][model]["fields"][name].split()[-1]
    for record in account.list(path, expand=dotted):
        value, ids = record[name], plain[record["id"]][name]
        objects = value if isinstance(value, list) else [value] if value else []
        wanted = ids if isinstance(ids, list) else [ids] if ids else []
        assert [o["id"] for o in objects] == wanted
        if target != "text":
            for found in objects:
                sdk_class(target).model_validate(found)
        if (model, name) != ("Attachment", "candidate"):  # the SDK knows this one as a string only
            sdk_class(model).model_validate(record)
    assert of_path.list(expand=dotted, page_size=1).results is not None


@pytest.mark.contract("3.2.4")
def test_screening_questions(synced: Synced, account: Account) -> None:
    client = sdk(synced, account)
    for job in account.list("/jobs"):
        page = client.ats.jobs.screening_questions_list(job["id"], expand=["job", "options"])
        for question in account.list(f"/jobs/{job['id']}/screening-questions"):
            types.ScreeningQuestion.model_validate(question)
            assert question["job"] == job["id"]
        if page.results:
            assert page.results[0].job.id == job["id"]
            return
    pytest.fail("no job has questions")


@pytest.mark.contract("1.8")
def test_filters_of_the_sdk(synced: Synced, account: Account) -> None:
    client = sdk(synced, account)
    interview = account.list("/interviews")[0]
    of_application = client.ats.interviews.list(application_id=interview["application"])
    assert interview["id"] in [r.id for r in of_application.results]
    created = datetime.fromisoformat(interview["created_at"])
    assert client.ats.interviews.list(created_before=created).results == []
    east = created.astimezone(datetime.now().astimezone().tzinfo).replace(tzinfo=None)  # naive: local time
    assert client.ats.interviews.list(created_before=east).results == []
    assert client.ats.interviews.list(created_after=created - timedelta(seconds=1)).results


@pytest.mark.contract("5.1.5")
def test_create_an_interview(synced: Synced, account: Account) -> None:
    client = sdk(synced, account)
    known = next(i for i in account.list("/interviews", expand="application") if i["interviewers"])
    start = datetime(2031, 5, 6, 9, 30, tzinfo=UTC)
    answer = client.ats.interviews.create(
        model=ScheduledInterviewRequest(
            application=known["application"]["id"],
            interviewers=known["interviewers"],
            start_at=start,
            end_at=start + timedelta(hours=1),
            location="Room 1",
        ),
        remote_user_id=known["interviewers"][0],
        is_debug_mode=True,
    )
    assert answer.errors == []
    assert answer.model.start_at == start
    assert answer.logs
    assert client.ats.interviews.retrieve(answer.model.id).location == "Room 1"


def test_sync_status_and_passthrough(synced: Synced) -> None:
    client = sdk(synced, synced.v1)
    for row in client.ats.sync_status.list().results:
        types.SyncStatus.model_validate(row.model_dump())
        assert row.status == "DONE"
    answer = client.ats.passthrough.create(
        request=types.DataPassthroughRequest(method="GET", path="/v1/candidates?per_page=1")
        if hasattr(types, "DataPassthroughRequest")
        else {"method": "GET", "path": "/v1/candidates?per_page=1"}
    )
    assert answer.status == 200
    assert len(answer.response) == 1


@pytest.mark.contract("1.1")
def test_in_process(synced: Synced) -> None:
    async def read() -> tuple[list[str], str]:
        transport = httpx.ASGITransport(app=synced.world.app)
        async with httpx.AsyncClient(transport=transport) as http:
            client = AsyncMerge(
                base_url="http://omniats.test/api",
                api_key=synced.world.key,
                account_token=synced.v3.token,
                httpx_client=http,
            )
            page = await client.ats.interviews.list(expand=["application", "interviewers"])
            one = await client.ats.interviews.retrieve(page.results[0].id)
            return [r.id for r in page.results], one.id

    ids, first = asyncio.run(read())
    assert ids == [r["id"] for r in synced.v3.list("/interviews")]
    assert first == ids[0]
    assert API == "/api/ats/v1"
