"""What tests of writes share: who acts, what went to the vendor, what the envelope says."""

from typing import Any

from world import Account, Json, Synced

from sandboxes.greenhouse import COORDINATOR

PERSON = {"first_name": "Amara", "last_name": "Okonkwo-Lindqvist"}


def user(account: Account, vendor_id: int = COORDINATOR) -> str:
    """One of the account's users, by our id."""
    return str(account.one("/users", remote_id=vendor_id)["id"])


def post(account: Account, path: str, model: Json, **query: Any) -> Any:
    """A create on behalf of somebody."""
    body = {"model": model, "remote_user_id": user(account)}
    return account.http.post(path, json=body, params=query)


def made(answer: Any, *, warnings: bool = False) -> Json:
    """The record a create made, without errors."""
    assert answer.status_code == 201, answer.text
    envelope = answer.json()
    assert envelope["errors"] == []
    assert bool(envelope["warnings"]) == warnings, envelope["warnings"]
    return dict(envelope["model"])


def refused(answer: Any, status: int = 400) -> set[tuple[str, str | None]]:
    """Problem types and pointers of a write that was refused."""
    assert answer.status_code == status, answer.text
    envelope = answer.json()
    assert envelope["model"] is None
    return found(envelope["errors"])


def found(problems: list[Json]) -> set[tuple[str, str | None]]:
    """(problem type, pointer) of warnings or errors."""
    return {(p["problem_type"], p["source"] and p["source"]["pointer"]) for p in problems}


def sent(synced: Synced) -> list[Any]:
    """What the vendor was asked to change."""
    received = synced.world.sandbox.controls.received
    return [r for r in received if r.method != "GET" and r.path != "/token"]


def job_with_stage(account: Account) -> tuple[str, str]:
    """A job people are hired for, and one of its stages."""
    for job in account.list("/jobs", status="OPEN"):
        stages = account.list("/job-interview-stages", job_id=job["id"])
        if stages:
            return str(job["id"]), str(stages[0]["id"])
    raise AssertionError("no open job has a stage")


def active_application(synced: Synced, account: Account) -> Json:
    """An application that can be moved and rejected."""
    rows = synced.world.sandbox.tables["applications"].rows
    return next(
        a
        for a in account.list("/applications")
        if rows[int(a["remote_id"])]["status"] == "in_process" and a["job"] and a["current_stage"]
    )
