"""Everything the sandbox serves can be read and mapped, in either generation."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import httpx
import pytest
from harvest import NOW
from token_store import Tokens

from app.common.models import MODELS
from app.records.drafts import draft
from providers.greenhouse import GREENHOUSE
from providers.kit import (
    Api,
    ChildResource,
    Client,
    ListResource,
    NotFound,
    Row,
    Rows,
    Window,
    Write,
    open_client,
)
from sandboxes.greenhouse import CREDENTIALS, create_sandbox

ACCOUNT = "00000000-0000-4000-8000-000000000001"
ABSENT_IN_V3 = {"application_stages", "rejection_details"}  # its applications name stage and reason


class Sandboxed(httpx.BaseTransport):
    """Sends every host's requests to one sandbox."""

    def __init__(self) -> None:
        self._transport = httpx.ASGITransport(create_sandbox())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return asyncio.run(self._answer(request))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        headers = {k: v for k, v in request.headers.items() if k.lower() != "host"}
        async with httpx.AsyncClient(transport=self._transport) as http:
            answer = await http.request(
                request.method, request.url, headers=headers, content=request.read() or None
            )
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def connect(name: str) -> tuple[Api, Client]:
    credentials = CREDENTIALS[name]
    style = GREENHOUSE.style_for(credentials)
    assert style is not None
    client = open_client(
        style.api.base_url_for(credentials),
        style.api.hosts,
        style.auth(credentials, Tokens(credentials)),
        style.api.classify,
        transport=Sandboxed(),
    )
    return style.api, client


def read_all(client: Client, resource: ListResource, window: Window) -> list[Row]:
    rows, cursor, seen = [], None, []
    while True:
        page = resource.read(client, window, cursor)
        rows += page.rows
        cursor = page.next
        if cursor is None:
            return rows
        assert cursor not in seen
        seen.append(cursor)


@pytest.mark.parametrize("name", ["v1", "v3", "v3_partner"])
def test_every_resource_is_read_and_every_row_mapped(name: str) -> None:
    api, client = connect(name)
    kept: Rows = {}
    for resource in api.resources:
        if isinstance(resource, ListResource):
            kept[resource.name] = read_all(client, resource, Window(None, NOW))
    for resource in api.resources:
        if isinstance(resource, ChildResource):
            parents = kept[resource.parent]
            kept[resource.name] = [row for parent in parents for row in resource.read(client, parent)]
    assert {resource for resource, rows in kept.items() if not rows} <= ABSENT_IN_V3

    made: Counter[str] = Counter()
    for mapping in api.mappings:
        for row in kept[mapping.root]:
            joined = {join.alias: _joined(api, kept, join, row) for join in mapping.joins}
            found = mapping.map(row, joined)
            records = [] if found is None else [found] if isinstance(found, dict) else list(found)
            for record in records:
                draft(ACCOUNT, MODELS[mapping.model], record)
            made[mapping.model] += len(records)
    assert set(made) == {mapping.model for mapping in api.mappings}
    assert all(made.values()), made


def _joined(api: Api, kept: Rows, join: Any, row: Row) -> list[Row]:
    wanted = join.value(row)
    values = {str(v) for v in (wanted if isinstance(wanted, list) else [wanted]) if v is not None}
    resource = api.resource(join.resource)
    if join.on == "id":
        return [r for r in kept[join.resource] if resource.key(r) in values]
    return [r for r in kept[join.resource] if values & {str(v) for v in resource.index[join.on](r)}]


@pytest.mark.parametrize("name", ["v1", "v3"])
def test_changes_are_asked_for_and_single_records_fetched(name: str) -> None:
    api, client = connect(name)
    api.check(client)
    for resource in api.resources:
        if not isinstance(resource, ListResource):
            continue
        read_all(client, resource, Window(NOW, NOW))
        rows = read_all(client, resource, Window(None, NOW))
        if resource.fetch and rows:
            key = resource.key(rows[0])
            fetched = resource.fetch(client, key)
            assert resource.key(fetched[resource.name][0]) == key


@pytest.mark.parametrize("name", ["v1", "v3"])
def test_interview_is_made_moved_and_taken_back(name: str) -> None:
    api, client = connect(name)
    rows = {
        resource: read_all(client, found, Window(None, NOW))
        for resource in ("applications", "users")
        if isinstance(found := api.resource(resource), ListResource)
    }
    stage_of = {"v1": lambda r: (r.get("current_stage") or {}).get("id")}.get(
        name, lambda r: r.get("job_interview_stage_id")
    )
    application = next(
        r for r in rows["applications"] if r["status"] in ("active", "in_process") and stage_of(r)
    )
    users = [str(u["id"]) for u in rows["users"] if not u.get("disabled", u.get("deactivated"))][:2]

    def run(verb: str, remote_id: str | None = None, **fields: Any) -> Any:
        action = api.action("ScheduledInterview", verb)
        assert action is not None
        write = Write(
            client=client,
            as_user=users[0],
            remote_id=remote_id,
            fields=fields,
            params={},
            credentials=CREDENTIALS[name],
            stored=lambda resource, key: None,
            find=lambda resource, on, value: [],
        )
        return action.run(write)

    start = NOW + timedelta(days=3)
    made = run(
        "create",
        application=str(application["id"]),
        start_at=start,
        end_at=start + timedelta(hours=1),
        interviewers=users[:1],
    )
    key, resource = made.reference.id, api.resource(made.reference.resource)
    assert resource.fetch is not None
    run("update", key, interviewers=users, location="Room 2")
    mapping = next(m for m in api.mappings if m.model == "ScheduledInterview")
    fetched = resource.fetch(client, key)
    record = mapping.map(fetched[resource.name][0], fetched)
    assert isinstance(record, dict)
    assert (set(record["interviewers"]), record["location"]) == (set(users), "Room 2")
    assert run("delete", key).removed
    with pytest.raises(NotFound):
        resource.fetch(client, key)
