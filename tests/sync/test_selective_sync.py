"""Selective synchronisation: what does not meet an account's conditions is not stored."""

from typing import Any

import pytest
from merge import Merge
from merge.resources.ats.types import SelectiveSyncConditionList
from sqlalchemy import update
from world import Account, Json, Synced

from app.jobs import job_table


def condition(model: str, field: str, operator: str, value: Any) -> Json:
    return {
        "common_model": model,
        "normalized_key_name": field,
        "operator": operator,
        "value": {"value": value},
    }


def set_conditions(account: Account, *conditions: Json) -> list[Json]:
    answer = account.http.put("/selective-sync/conditions", json={"conditions": conditions})
    assert answer.status_code == 200, answer.text
    SelectiveSyncConditionList.model_validate(answer.json())
    results: list[Json] = answer.json()["results"]
    return results


def usage(account: Account) -> dict[str, Any]:
    rows = account.get("/sync-status").json()["results"]
    return {row["model_name"]: row["selective_sync_configurations_usage"] for row in rows}


def middle(records: list[Json], field: str) -> str:
    moments = sorted(r[field] for r in records if r[field])
    return str(moments[len(moments) // 2])


@pytest.mark.contract("7.2", "7.10", "PUT /selective-sync/conditions")
def test_only_what_meets_the_conditions_is_stored(synced: Synced, style: str) -> None:
    world, before = synced.world, synced.account(style)
    everything = before.list("/applications")
    since = middle(everything, "applied_at")
    account = world.link(style, sync=False, end_user_origin_id="new")
    set_conditions(account, condition("Application", "applied_at", "GREATER_THAN_OR_EQUAL_TO", since))
    assert usage(account)["Application"] == "IN_NEXT_SYNC"
    world.service.jobs.run_due()
    stored = {a["remote_id"] for a in account.list("/applications")}
    assert stored == {a["remote_id"] for a in everything if a["applied_at"] and a["applied_at"] >= since}
    assert 0 < len(stored) < len(everything)
    assert len(account.list("/candidates")) == len(before.list("/candidates"))
    shown = usage(account)
    assert (shown.pop("Application"), set(shown.values())) == ("IN_LAST_SYNC", {None})
    unseen = [i for i in account.list("/interviews") if i["application"] is None]
    assert len(unseen) > len([i for i in before.list("/interviews") if i["application"] is None])


@pytest.mark.contract("7.10")
def test_conditions_apply_from_the_next_reading_on(synced: Synced, account: Account) -> None:
    world = synced.world
    jobs = account.list("/jobs")
    (kept, *_) = {j["status"] for j in jobs} - {None}
    set_conditions(account, condition("Job", "status", "EQUALS", kept))
    with world.service.engine.begin() as connection:
        mine = job_table.c.key == account.id
        connection.execute(update(job_table).where(mine).values(due_at=0, hold_until=0))
    assert world.service.jobs.run_due()
    assert len(account.list("/jobs")) == len(jobs), "what has not changed is not looked at"

    world.sync(account)
    assert {j["id"] for j in account.list("/jobs")} == {j["id"] for j in jobs if j["status"] == kept}
    gone = next(j for j in jobs if j["status"] != kept)
    assert account.get(f"/jobs/{gone['id']}").json()["remote_was_deleted"] is True

    set_conditions(account)
    world.sync(account)
    assert {j["id"] for j in account.list("/jobs")} == {j["id"] for j in jobs}
    assert account.get(f"/jobs/{gone['id']}").json()["remote_was_deleted"] is False


def test_a_record_that_stops_meeting_them_goes(synced: Synced, account: Account) -> None:
    """Also when its field is one that scopes withhold."""
    world = synced.world
    set_conditions(account, condition("Candidate", "is_private", "NOT_EQUALS", True))
    scope = {"model_name": "Candidate", "field_permissions": {"disabled_fields": ["is_private"]}}
    account.http.post("/linked-account-scopes", json={"common_models": [scope]})
    world.sync(account)
    candidate = account.list("/candidates")[0]
    world.sandbox.change("candidates", int(candidate["remote_id"]), private=True)
    world.sync(account)
    assert account.list("/candidates", remote_id=candidate["remote_id"]) == []
    world.sandbox.change("candidates", int(candidate["remote_id"]), private=False)
    world.sync(account)
    assert account.one("/candidates", remote_id=candidate["remote_id"])["id"] == candidate["id"]


@pytest.mark.parametrize(
    ("operator", "holds"),
    [
        ("GREATER_THAN", lambda value, limit: value > limit),
        ("GREATER_THAN_OR_EQUAL_TO", lambda value, limit: value >= limit),
        ("LESS_THAN", lambda value, limit: value < limit),
        ("LESS_THAN_OR_EQUAL_TO", lambda value, limit: value <= limit),
    ],
)
def test_times_are_compared(synced: Synced, operator: str, holds: Any) -> None:
    interviews = synced.v3.list("/interviews")
    limit = middle(interviews, "start_at")
    wanted = {i["id"] for i in interviews if i["start_at"] and holds(i["start_at"], limit)}
    offset = limit.replace("Z", "+00:00")
    set_conditions(synced.v3, condition("ScheduledInterview", "start_at", operator, offset))
    synced.world.sync(synced.v3)
    assert {i["id"] for i in synced.v3.list("/interviews")} == wanted


def test_relations_are_compared_and_conditions_add_up(synced: Synced) -> None:
    applications = synced.v3.list("/applications")
    jobs = list(dict.fromkeys(a["job"] for a in applications if a["job"]))[:2]
    set_conditions(
        synced.v3,
        condition("Application", "job", "IS_ONE_OF", [jobs[0].upper(), jobs[1]]),
        condition("Application", "job", "NOT_EQUALS", jobs[1]),
    )
    synced.world.sync(synced.v3)
    wanted = {a["id"] for a in applications if a["job"] == jobs[0]}
    assert {a["id"] for a in synced.v3.list("/applications")} == wanted != set()


def test_the_sdk_lists_them_and_what_stays_keeps_its_id(synced: Synced) -> None:
    account = synced.v3
    one = condition("Job", "status", "EQUALS", "OPEN")
    (made,) = set_conditions(account, one)
    assert made == one | {"id": made["id"], "remote_key_name": None}
    both = set_conditions(account, one, condition("Offer", "status", "IS_ONE_OF", ["SIGNED"]))
    assert both[0] == made
    client = Merge(
        base_url=f"{synced.world.url}/api", api_key=synced.world.key, account_token=account.token, timeout=30
    )
    assert [c.id for c in client.ats.selective_sync.conditions_list().results] == [c["id"] for c in both]
    assert synced.other.get("/selective-sync/conditions").json() == {"results": []}


@pytest.mark.parametrize(
    "wrong",
    [
        condition("Employee", "status", "EQUALS", "OPEN"),
        condition("Job", "name", "EQUALS", "x"),
        condition("Job", "nothing", "EQUALS", "x"),
        condition("Job", "status", "GREATER_THAN", "OPEN"),
        condition("Job", "status", "EQUALS", 5),
        condition("Job", "status", "IS_ONE_OF", "OPEN"),
        condition("Job", "status", "IS_ONE_OF", []),
        condition("Job", "confidential", "EQUALS", "yes"),
        condition("Job", "remote_created_at", "LESS_THAN", "tomorrow"),
        condition("Job", "remote_created_at", "LESS_THAN", None),
        condition("Application", "job", "EQUALS", "not an id"),
    ],
)
def test_a_wrong_condition_changes_nothing(synced: Synced, wrong: Json) -> None:
    (made,) = set_conditions(synced.v3, condition("Job", "status", "EQUALS", "OPEN"))
    answer = synced.v3.http.put("/selective-sync/conditions", json={"conditions": [wrong]})
    assert (answer.status_code, list(answer.json())) == (400, ["conditions"])
    assert synced.v3.get("/selective-sync/conditions").json() == {"results": [made]}


def test_a_write_that_does_not_meet_them_says_so(synced: Synced) -> None:
    account = synced.v3
    user = account.list("/users")[0]["id"]
    set_conditions(account, condition("Candidate", "is_private", "EQUALS", True))
    model = {"first_name": "Ada", "last_name": "Open", "email_addresses": [{"value": "ada@example.com"}]}
    answer = account.http.post("/candidates", json={"model": model, "remote_user_id": user})
    assert answer.status_code == 201, answer.text
    assert answer.json()["model"] is None
    assert [w["title"] for w in answer.json()["warnings"]] == ["Written But Not Stored"]
