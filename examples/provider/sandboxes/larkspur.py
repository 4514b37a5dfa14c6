"""A sandbox Larkspur: its lists, its interviews to be written, its errors, over made-up records."""

import base64
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandboxes.account import Account
from sandboxes.answers import JSONAnswer
from sandboxes.control_routes import body_of, fault_routes, record_routes
from sandboxes.controls import Controlled
from sandboxes.instants import lenient_instant, timestamp
from sandboxes.store import Row, Uuids

KEY = "larkspur-key"
CREDENTIALS = {"api_key": {"api_key": KEY}}
TABLES = ("users", "jobs", "candidates", "applications", "interviews")
LIMIT = 100

Handler = Callable[[Request], Awaitable[Response]]


class State(Account[str]):
    """One company at Larkspur."""

    indexes = dict.fromkeys(TABLES, ())
    created, updated = "created", "changed"

    def reset(self) -> None:
        """Nothing, and nothing deleted either."""
        self.deleted: dict[str, list[tuple[str, str]]] = {table: [] for table in TABLES}
        super().reset()

    def numbering(self, table: str) -> Uuids:
        """Ids of the table's own series."""
        return Uuids(f"larkspur/{table}")

    def delete(self, table: str, key: str) -> Row:
        """Delete a record; its list says so from now on."""
        self.deleted[table].append((self.now(), key))
        return super().delete(table, key)


def seed(state: State) -> None:
    """A few of everything."""
    start = timestamp(datetime.now(UTC) + timedelta(days=3))
    user = state.add(
        "users",
        **{"given_name": "Ines", "family_name": "Moreau", "email": "ines@acme.example"},
        **{"role": "interviewer", "active": True},
    )
    stages = [{"id": f"stage-{n}", "name": name, "position": n} for n, name in ((1, "Call"), (2, "Visit"))]
    job = state.add("jobs", title="Gardener", state="open", stages=stages)
    for name in ("Jonas", "Aylin", "Chidi"):
        candidate = state.add(
            "candidates", given_name=name, family_name="Weber", emails=[f"{name.lower()}@example.com"]
        )
        application = state.add(
            "applications",
            **{"candidate_id": candidate["id"], "job_id": job["id"], "stage_id": "stage-1"},
            **{"applied": candidate["created"], "rejected": None},
        )
        state.add(
            "interviews",
            **{"application_id": application["id"], "stage_id": "stage-1", "title": "Call"},
            **{"organizer_id": user["id"], "panel": [{"user_id": user["id"], "answer": None}]},
            **{"starts": start, "minutes": 45, "place": None, "held": False},
        )


def refused(status: int, code: str, message: str) -> Response:
    """Larkspur's form of an error."""
    return JSONAnswer({"error": {"code": code, "message": message}}, status)


def opened(handle: Handler) -> Handler:
    """Only with the key."""
    wanted = "Basic " + base64.b64encode(f"{KEY}:".encode()).decode()

    async def answer(request: Request) -> Response:
        if request.headers.get("authorization") != wanted:
            return refused(401, "unknown_key", "There is no such key.")
        try:
            return await handle(request)
        except KeyError:
            return refused(404, "not_found", "There is no such record.")

    return answer


def listing(state: State, table: str) -> Handler:
    """A list: from a cursor on, of what changed."""

    async def answer(request: Request) -> Response:
        query = request.query_params
        since = lenient_instant(query.get("changed_since", "")) or ""
        limit, first = int(query.get("limit", LIMIT)), int(query.get("cursor", "0"))
        rows = [row for row in state.tables[table].rows.values() if row["changed"] >= since]
        end = first + min(limit, LIMIT)
        body: dict[str, Any] = {"items": rows[first:end], "next": str(end) if end < len(rows) else None}
        if since and not first:
            body["deleted"] = [key for moment, key in state.deleted[table] if moment >= since]
        return JSONAnswer(body)

    return answer


async def written(request: Request) -> Row:
    """The body of a write; who is on the panel has not answered."""
    body: Row = await body_of(request)
    if "panel" in body:
        body["panel"] = [{"user_id": user, "answer": None} for user in body["panel"]]
    return body


def interviews(state: State) -> list[Route]:
    """What can be done with one interview, or to have one more."""

    async def add(request: Request) -> Response:
        body = await written(request)
        if not {"application_id", "starts", "minutes", "panel"} <= body.keys():
            return refused(400, "invalid", "application_id, starts, minutes and panel are needed.")
        return JSONAnswer(state.add("interviews", **{"held": False, "stage_id": None, **body}), 201)

    async def one(request: Request) -> Response:
        key = request.path_params["key"]
        if request.method == "PATCH":
            return JSONAnswer(state.change("interviews", key, **await written(request)))
        if request.method == "DELETE":
            state.delete("interviews", key)
            return Response(status_code=204)
        return JSONAnswer(state.tables["interviews"].rows[key])

    path = "/v1/interviews"
    return [
        Route(path, opened(add), methods=["POST"]),
        Route(path + "/{key}", opened(one), methods=["GET", "PATCH", "DELETE"]),
    ]


def create_sandbox() -> Starlette:
    """A sandbox with the usual data."""
    state = State()
    seed(state)
    lists = [Route(f"/v1/{table}", opened(listing(state, table)), methods=["GET"]) for table in TABLES]
    return Starlette(
        routes=[*fault_routes(state.controls), *record_routes(state), *lists, *interviews(state)],
        middleware=[Middleware(Controlled, controls=state.controls)],
    )
