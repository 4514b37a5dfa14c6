"""The HTTP control surface `/__sandbox__/` shared by all sandboxes."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from inspect import isawaitable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandboxes.account import Account
from sandboxes.answers import JSONAnswer
from sandboxes.controls import PREFIX, Controls, Fault
from sandboxes.store import Key


async def body_of(request: Request) -> Any:
    """The JSON body, `{}` when there is none."""
    raw = await request.body()
    return orjson.loads(raw) if raw else {}


def control_routes(actions: Mapping[str, Callable[[Any], Any]]) -> list[Route]:
    """A POST for each action: it gets the body, and what it gives back, `{}` for nothing, is the answer."""

    def route(path: str, act: Callable[[Any], Any]) -> Route:
        async def handle(request: Request) -> Response:
            done = act(await body_of(request))
            answer = await done if isawaitable(done) else done
            return JSONAnswer({} if answer is None else answer)

        return Route(f"{PREFIX}/{path}", handle, methods=["POST"])

    return [route(path, act) for path, act in actions.items()]


def fault_routes(controls: Controls) -> list[Route]:
    """The log of requests, faults and latency."""

    async def requests(request: Request) -> Response:
        if request.method == "DELETE":
            controls.received.clear()
        return JSONAnswer([asdict(received) for received in controls.received])

    async def faults(request: Request) -> Response:
        if request.method == "DELETE":
            controls.faults.clear()
        elif request.method == "POST":
            controls.faults.append(Fault(**await body_of(request)))
        return JSONAnswer([asdict(fault) for fault in controls.faults])

    async def latency(request: Request) -> Response:
        controls.latency = float((await body_of(request))["seconds"])
        return JSONAnswer({"seconds": controls.latency})

    return [
        Route(f"{PREFIX}/requests", requests, methods=["GET", "DELETE"]),
        Route(f"{PREFIX}/faults", faults, methods=["GET", "POST", "DELETE"]),
        Route(f"{PREFIX}/latency", latency, methods=["POST"]),
    ]


def record_routes(records: Account[Key]) -> list[Route]:
    """Read, add, patch and delete any record, as if someone did so in the vendor's web app."""

    async def collection(request: Request) -> Response:
        name = request.path_params["table"]
        if request.method == "POST":
            return JSONAnswer(records.add(name, **await body_of(request)), 201)
        table = records.tables[name]
        return JSONAnswer([table.rows[key] for key in table.ids])

    async def member(request: Request) -> Response:
        name = request.path_params["table"]
        key = records.tables[name].numbering.read(request.path_params["key"])
        if request.method == "PATCH":
            return JSONAnswer(records.change(name, key, **await body_of(request)))
        if request.method == "DELETE":
            return JSONAnswer(records.delete(name, key))
        return JSONAnswer(records.tables[name].rows[key])

    return [
        Route(f"{PREFIX}/records/{{table}}", _known(collection), methods=["GET", "POST"]),
        Route(f"{PREFIX}/records/{{table}}/{{key}}", _known(member), methods=["GET", "PATCH", "DELETE"]),
    ]


def _known(handle: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """Answer 404 when the table or the record does not exist."""

    async def answer(request: Request) -> Response:
        try:
            response: Response = await handle(request)
        except KeyError as error:
            return JSONAnswer({"error": f"no record, table or field {error}"}, 404)
        except ValueError as error:
            return JSONAnswer({"error": str(error)}, 409)
        return response

    return answer
