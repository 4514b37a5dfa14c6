"""Every method of the official Python SDK's `ats` client, sync and async, in process.

The methods are found by introspection: one that the SDK gains and nobody calls here fails. The client itself
does not validate what it receives; these tests do, strictly, by the class that the method says it returns.
"""

import asyncio
import inspect
import re
import typing
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from merge import AsyncMerge, Merge
from merge.resources.ats import types
from pydantic import BaseModel, TypeAdapter
from world import Account, Json, Synced

from app.issues import store as issues
from sandboxes import CREDENTIALS

# The SDK says how long to wait with each request, which means nothing in process.
pytestmark = pytest.mark.filterwarnings("ignore:You should not use the 'timeout' argument")
BASE = "http://omniats.test/api"
SOON = datetime(2031, 5, 6, 9, 30, tzinfo=UTC)
Arguments = Callable[["Facts"], Json]


def methods() -> dict[str, Any]:
    """Every method of every resource, `candidates.list`, and the function behind it."""
    ats = Merge(api_key="", account_token="", base_url=BASE).ats
    return {
        f"{resource}.{name}": function
        for resource, member in vars(type(ats)).items()
        if isinstance(member, property) and resource != "with_raw_response"
        for name, function in inspect.getmembers(type(getattr(ats, resource)), inspect.isfunction)
        if not name.startswith("_")
    }


METHODS = methods()


class Facts:
    """What arguments are made of: an account that has been read."""

    def __init__(self, synced: Synced) -> None:
        self.synced = synced
        self.account: Account = synced.v3

    def id_of(self, path: str) -> str:
        """The id of one record of a collection."""
        return str(self.account.list(f"/{path}")[0]["id"])

    def open_job(self) -> str:
        """The id of a job one can apply for."""
        return next(str(job["id"]) for job in self.account.list("/jobs") if job["status"] == "OPEN")


def written(facts: Facts, model: Any) -> Json:
    """The arguments of a write; `logs` is answered in debug mode only."""
    return {"model": model, "remote_user_id": facts.id_of("users"), "is_debug_mode": True}


def interview(facts: Facts) -> Json:
    known = next(i for i in facts.account.list("/interviews") if i["interviewers"] and i["application"])
    model = types.ScheduledInterviewRequest(
        application=known["application"],
        interviewers=known["interviewers"],
        start_at=SOON,
        end_at=SOON + timedelta(hours=1),
    )
    return written(facts, model)


def application(facts: Facts) -> Json:
    candidate = types.Candidate(first_name="Ines", last_name="Moreau")
    model = types.ApplicationRequest(candidate=candidate, job=facts.open_job())
    return written(facts, model)


def next_stage(facts: Facts) -> Json:
    """An application, and another stage of its job."""
    stages = facts.account.list("/job-interview-stages")
    for found in facts.account.list("/applications"):
        for stage in stages:
            elsewhere = found["current_stage"] not in (None, stage["id"])
            if elsewhere and not found["rejected_at"] and stage["job"] == found["job"]:
                return {
                    "id": found["id"],
                    "job_interview_stage": stage["id"],
                    "remote_user_id": facts.id_of("users"),
                    "is_debug_mode": True,
                }
    raise AssertionError("no application can move")


def attachment(facts: Facts) -> Json:
    model = types.AttachmentRequest(
        candidate=facts.id_of("candidates"),
        file_name="resume.txt",
        file_url="data:text/plain;base64,SGVsbG8=",
        attachment_type="RESUME",
    )
    return written(facts, model)


def activity(facts: Facts) -> Json:
    model = types.ActivityRequest(
        candidate=facts.id_of("candidates"),
        user=facts.id_of("users"),
        activity_type="NOTE",
        body="Asked to start in May.",
        visibility="PRIVATE",
    )
    return written(facts, model)


def mapping(facts: Facts) -> Json:
    return {
        "target_field_name": "badge",
        "target_field_description": "The number on the badge.",
        "remote_field_traversal_path": ["employee_id"],
        "remote_method": "GET",
        "remote_url_path": "/v3/users",
        "common_model_name": "RemoteUser",
    }


def mapped(facts: Facts) -> Json:
    """A mapping that is there."""
    answer = facts.account.http.post("/field-mappings", json=mapping(facts))
    assert answer.status_code == 201, answer.text
    return {"field_mapping_id": answer.json()["model"]["id"]}


def receipt(facts: Facts) -> Json:
    """An asynchronous request that has been carried out."""
    answer = facts.account.http.post(
        "/async-passthrough", json={"method": "GET", "path": "/v3/users?per_page=1"}
    )
    assert answer.status_code == 200, answer.text
    facts.synced.world.service.jobs.run_due()
    return answer.json()


def issue(facts: Facts) -> Json:
    """An issue that is open."""
    with facts.synced.world.service.jobs.begin() as connection:
        issues.report(connection, facts.account.id, "jobs", "Missing permission", "GET /v3/jobs: 403")
    return {"id": facts.account.one("/issues")["id"]}


def key(facts: Facts) -> Json:
    """A key that is there."""
    assert facts.account.http.post("/generate-key", json={"name": "old"}).status_code == 200
    return {"name": "old"}


def public_token(facts: Facts) -> Json:
    """What the link page gives at its end."""
    world = facts.synced.world
    token = world.http.post("/link-token", json=end_user(facts)).json()["link_token"]
    form = {"link_token": token, "origin": world.url, "integration": "greenhouse", "style": "2"}
    page = httpx.post(
        f"{world.url}/link/credentials",
        data=form | {"field-api_key": CREDENTIALS["greenhouse"]["v1"]["api_key"]},
    )
    found = re.search(r'data-public-token="([^"]+)"', page.text)
    assert found, page.text
    return {"public_token": found[1]}


def end_user(facts: Facts) -> Json:
    return {
        "end_user_email_address": "people@acme.example",
        "end_user_organization_name": "Acme",
        "end_user_origin_id": "customer-42",
        "categories": ["ats"],
    }


def scopes(facts: Facts) -> Json:
    on = types.ModelPermissionDeserializerRequest(is_enabled=True)
    model = types.IndividualCommonModelScopeDeserializerRequest(
        model_name="Candidate", model_permissions={"READ": on}
    )
    return {"common_models": [model]}


READ_ONE = types.DataPassthroughRequest(method="GET", path="/v3/candidates?per_page=1")

# What no default can know. A list takes nothing, a retrieve the id of a record.
ARGUMENTS: dict[str, Arguments] = {
    "account_token.retrieve": public_token,
    "activities.create": activity,
    "applications.change_stage_create": next_stage,
    "applications.create": application,
    "async_passthrough.create": lambda facts: {"request": READ_ONE},
    "async_passthrough.retrieve": receipt,
    "attachments.create": attachment,
    "candidates.create": lambda facts: written(
        facts, types.CandidateRequest(first_name="Ines", last_name="Moreau")
    ),
    "candidates.ignore_create": lambda facts: {
        "model_id": facts.id_of("candidates"),
        "request": types.IgnoreCommonModelRequest(reason="GDPR", message="Asked for on the phone."),
    },
    "candidates.partial_update": lambda facts: {
        "id": facts.id_of("candidates"),
        **written(facts, types.PatchedCandidateRequest(title="Lead engineer")),
    },
    "candidates.meta_patch_retrieve": lambda facts: {"id": facts.id_of("candidates")},
    "field_mapping.field_mappings_create": mapping,
    "field_mapping.field_mappings_destroy": mapped,
    "field_mapping.field_mappings_partial_update": lambda facts: (
        mapped(facts) | {"remote_field_traversal_path": ["primary_email"]}
    ),
    "generate_key.create": lambda facts: {"name": "new"},
    "interviews.create": interview,
    "issues.retrieve": issue,
    "jobs.screening_questions_list": lambda facts: {
        "job_id": facts.id_of("jobs"),
        "expand": ["job", "options"],
    },
    "link_token.create": end_user,
    "passthrough.create": lambda facts: {"request": READ_ONE},
    "regenerate_key.create": key,
    "scopes.linked_account_scopes_create": scopes,
    "webhook_receivers.create": lambda facts: {"event": "hire", "is_active": True, "key": "secret"},
}


def arguments_of(method: str, facts: Facts) -> Json:
    """What to call a method with."""
    if method in ARGUMENTS:
        return ARGUMENTS[method](facts)
    resource, _ = method.split(".")
    needed = [
        p.name
        for p in inspect.signature(METHODS[method]).parameters.values()
        if p.default is p.empty and p.name != "self"
    ]
    assert needed in ([], ["id"]), f"say in ARGUMENTS what to call {method} with"
    return {"id": facts.id_of(resource.replace("_", "-"))} if needed else {}


def called(function: str, synced: Synced, arguments: Json) -> httpx.Response:
    """Call a method of the sync client; what the API answered."""
    answers: list[httpx.Response] = []
    with TestClient(synced.world.app, base_url=BASE) as http:
        http.event_hooks["response"] = [answers.append]
        client = Merge(
            base_url=BASE, api_key=synced.world.key, account_token=synced.v3.token, httpx_client=http
        )
        _bound(client, function)(**arguments)
    return answers[-1]


def called_async(function: str, synced: Synced, arguments: Json) -> httpx.Response:
    """Call a method of the async client; what the API answered."""
    answers: list[httpx.Response] = []

    async def keep(response: httpx.Response) -> None:
        answers.append(response)

    async def call() -> None:
        transport = httpx.ASGITransport(app=synced.world.app)
        async with httpx.AsyncClient(transport=transport, event_hooks={"response": [keep]}) as http:
            client = AsyncMerge(
                base_url=BASE, api_key=synced.world.key, account_token=synced.v3.token, httpx_client=http
            )
            await _bound(client, function)(**arguments)

    asyncio.run(call())
    return answers[-1]


def _bound(client: Any, method: str) -> Any:
    resource, name = method.split(".")
    return getattr(getattr(client.ats, resource), name)


def check(kind: Any, answer: httpx.Response) -> None:
    """Validate an answer by the class the SDK reads it with, and see that no declared key is missing."""
    if kind is type(None):
        assert not answer.content
        return
    found = TypeAdapter(kind).validate_json(answer.content, strict=True)
    missing = list(_missing(found, answer.json(), kind.__name__ if inspect.isclass(kind) else ""))
    assert not missing


def _missing(found: Any, body: Any, path: str) -> typing.Iterator[str]:
    if isinstance(found, list):
        for item, part in zip(found, body, strict=True):
            yield from _missing(item, part, f"{path}[]")
    elif isinstance(found, BaseModel):
        for name, field in type(found).model_fields.items():
            key = field.alias or name
            if key not in body:
                yield f"{path}.{key}"
            else:
                yield from _missing(getattr(found, name), body[key], f"{path}.{key}")


@pytest.mark.parametrize("way", [called, called_async], ids=["sync", "async"])
@pytest.mark.parametrize("method", METHODS)
def test_every_method(
    method: str, way: Callable[[str, Synced, Json], httpx.Response], synced: Synced
) -> None:
    arguments = arguments_of(method, Facts(synced))
    kind = typing.get_type_hints(METHODS[method])["return"]
    check(kind, way(method, synced, arguments))


def test_all_methods_are_known() -> None:
    assert len(METHODS) == 75  # of version 4.2.1: a new one has to be met with open eyes
    assert set(ARGUMENTS) <= set(METHODS)
