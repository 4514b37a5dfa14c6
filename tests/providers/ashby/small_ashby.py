"""A small Ashby, served: lists with pages and sync tokens, what else a test prepares, and what was asked."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import update
from world import Account, World

from app.jobs import job_table

KEY = "ashby-key"
PAGE = 2  # rows
FILTERS = {
    "applicationId": "applicationId",
    "interviewPlanId": "interviewPlanId",
    "candidateId": "candidateId",
}
WHOLE = ("archiveReason", "jobPosting", "interviewStage", "source")  # without pages and tokens

Row = dict[str, Any]
Answer = tuple[int, Any]
Prepared = Callable[[Row], Answer]


def ok(results: Any, **more: Any) -> Answer:
    return 200, {"success": True, "results": results, **more}


def refusal(code: str, status: int = 200) -> Answer:
    return status, {"success": False, "errors": [code], "errorInfo": {"code": code, "message": f"no: {code}"}}


@dataclass
class Call:
    """One request."""

    path: str
    body: Any
    headers: dict[str, str]


@dataclass
class SmallAshby:
    """Rows by list and id, each with the number of the change that made it what it is."""

    rows: dict[str, dict[str, Row]] = field(default_factory=dict)
    changed: dict[tuple[str, str], int] = field(default_factory=dict)
    clock: int = 0
    calls: list[Call] = field(default_factory=list)
    answers: dict[str, Prepared] = field(default_factory=dict)
    forgotten: bool = False  # whether tokens given so far are no longer known

    def put(self, resource: str, key: str, **values: Any) -> Row:
        self.clock += 1
        row = self.rows.setdefault(resource, {}).setdefault(key, {"id": key})
        row.update(values)
        self.changed[resource, key] = self.clock
        return row

    def asked(self, path: str) -> list[Any]:
        """The bodies of the requests of one path."""
        return [call.body for call in self.calls if call.path == path]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        raw, more = b"", True
        while more:
            message = await receive()
            raw, more = raw + message.get("body", b""), message.get("more_body", False)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        is_json = headers.get("content-type") == "application/json"
        self.calls.append(Call(scope["path"], json.loads(raw) if is_json else raw, headers))
        status, body = self._answer(self.calls[-1])
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        start = {"type": "http.response.start", "status": status}
        await send({**start, "headers": [(b"content-length", str(len(content)).encode())]})
        await send({"type": "http.response.body", "body": content})

    def _answer(self, call: Call) -> Answer:
        if call.path in self.answers:
            return self.answers[call.path](call.body)
        resource, _, verb = call.path.strip("/").partition(".")
        if verb == "list" or call.path == "/candidate.listNotes":
            return self._list("note" if verb == "listNotes" else resource, call.body)
        if verb == "info" and resource == "apiKey":
            return ok({"title": "a key"})
        if verb == "info":
            found = self.rows.get(resource, {}).get(next(iter(call.body.values())))
            return ok(found) if found else refusal(f"{resource}_not_found")
        return 404, "Not Found"

    def _list(self, resource: str, body: Row) -> Answer:
        since = 0
        if "syncToken" in body:
            if self.forgotten:
                return refusal("sync_token_expired")
            since = int(body["syncToken"].removeprefix("token-"))
        rows = [
            row
            for key, row in self.rows.get(resource, {}).items()
            if self.changed[resource, key] > since
            and all(row.get(name) == body[sent] for sent, name in FILTERS.items() if sent in body)
        ]
        if resource in WHOLE:
            return ok(deepcopy(rows))
        start = int(body.get("cursor", "at-0").removeprefix("at-"))
        if start + PAGE < len(rows):
            return ok(rows[start : start + PAGE], moreDataAvailable=True, nextCursor=f"at-{start + PAGE}")
        return ok(rows[start:], moreDataAvailable=False, syncToken=f"token-{self.clock}")


def event(key: str, schedule: str, **values: Any) -> Row:
    """An event of a schedule."""
    common = {"id": key, "interviewScheduleId": schedule, "interviewId": "definition", "interviewers": []}
    times = {"startTime": "2026-12-01T15:00:00.000Z", "endTime": "2026-12-01T16:00:00.000Z"}
    return {**common, **times, **values}


def seeded() -> SmallAshby:
    """One of most things: two candidates, an application each, a schedule of two events."""
    vendor = SmallAshby()
    vendor.put("user", "u1", firstName="Ada", lastName="L", email="ada@example.com", isEnabled=True)
    vendor.put("archiveReason", "r1", text="No")
    vendor.put("interviewPlan", "p1", title="Plan")
    vendor.put("interviewStage", "s1", title="Screen", type="Active", interviewPlanId="p1")
    vendor.put("interviewStage", "s2", title="Archived", type="Archived", interviewPlanId="p1")
    vendor.put("job", "j1", title="Engineer", status="Open", interviewPlanIds=["p1"])
    for number in ("1", "2"):
        file = {"id": f"f{number}", "name": "cv.pdf", "handle": "h"}
        vendor.put("candidate", f"c{number}", name=f"Cy {number}", fileHandles=[file], resumeFileHandle=file)
        vendor.put("note", f"n{number}", candidateId=f"c{number}", content="Called", isPrivate=False)
        stage = {"id": "s1", "title": "Screen", "interviewPlanId": "p1"}
        vendor.put(
            "application",
            f"a{number}",
            candidate={"id": f"c{number}"},
            job={"id": "j1"},
            status="Active",
            currentInterviewStage=stage,
        )
    vendor.put(
        "interviewSchedule",
        "x1",
        applicationId="a1",
        interviewStageId="s1",
        status="Scheduled",
        interviewEvents=[event("e1", "x1"), event("e2", "x1")],
    )
    vendor.put("applicationFeedback", "b1", applicationId="a1", interviewEventId="e1")
    vendor.put("offer", "o1", applicationId="a1", offerStatus="CandidateAccepted")
    return vendor


def linked(world: World) -> Account:
    """An account of the small Ashby, read once."""
    body = {"integration": "ashby", "credentials": {"api_key": KEY}}
    answer = world.http.post("/linked-accounts", json=body)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    account = world.account(made["account_token"], made["linked_account"])
    run(world, account)
    return account


def run(world: World, account: Account) -> None:
    """What is due now, whatever it waits for, and what that asks for."""
    with world.service.engine.begin() as connection:
        mine = job_table.c.key == account.id
        connection.execute(update(job_table).where(mine).values(due_at=0, hold_until=0))
    while world.service.jobs.run_due():
        pass


def run_in_full(world: World, account: Account) -> None:
    """A full pass over every list."""
    account.http.post("/sync-status/resync").raise_for_status()
    run(world, account)


def remote_ids(account: Account, path: str, **params: Any) -> set[str]:
    return {row["remote_id"] for row in account.list(path, **params)}
