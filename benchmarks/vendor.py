"""A Greenhouse that answers from memory, so that it is not the vendor which is measured.

What the sandbox has answered once is said again, to whoever asks: any client ID and any API key opens it, and
all see the same account. It counts who asked for what.

    python -m benchmarks.vendor PORT CANDIDATES INTERVIEWS LATENCY
"""

import asyncio
import sys
import time
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import orjson
import uvicorn

from benchmarks.world import free_port, process
from sandboxes.greenhouse import CREDENTIALS, State, create_app, seed

COUNTS = "/counts"
LISTS: dict[str, list[dict[str, str]]] = {
    **{
        name: [{}]
        for name in (
            *("departments", "offices", "candidate_tags", "sources", "referrers", "job_owners"),
            *("job_hiring_managers", "jobs", "job_interview_stages", "job_interviews", "candidates"),
            *("applications", "offers", "interviewers", "interviews", "scorecards", "attachments"),
            *("eeoc", "notes"),
        )
    },
    "users": [{"show_service_accounts": "true"}],
    "rejection_reasons": [{"include_defaults": "true"}],
    "job_posts": [{}, {"active": "false"}],
}
Rows = dict[str, dict[str, Any]]  # by list, then by id


@dataclass(frozen=True)
class Vendor:
    """The fake vendor, in a process of its own."""

    origin: str

    def counts(self) -> dict[str, float]:
        """Pages asked for, those asked for again by the same account, and its seconds of processor time."""
        counts: dict[str, float] = httpx.get(self.origin + COUNTS).json()
        return counts

    def rows(self) -> Rows:
        """All that it holds, read page by page without anything of omniats."""
        with httpx.Client(base_url=self.origin, headers={"Authorization": "Bearer looking"}) as client:
            return {
                name: {str(row["id"]): row for query in queries for row in _all(client, name, query)}
                for name, queries in LISTS.items()
            }


@contextmanager
def vendor(candidates: int, interviews: int, latency: float = 0.0) -> Iterator[Vendor]:
    """A vendor with that much data, whose answers take that many seconds on their way."""
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    arguments = (str(port), str(candidates), str(interviews), str(latency))
    with process("-m", "benchmarks.vendor", *arguments, ready=origin + COUNTS):
        yield Vendor(origin)


def _all(client: httpx.Client, name: str, query: dict[str, str]) -> Iterator[dict[str, Any]]:
    response = client.get(f"/v3/{name}", params={"per_page": "500", **query})
    while True:
        yield from response.raise_for_status().json()
        if "next" not in response.links:
            return
        response = client.get(httpx.URL(response.links["next"]["url"]).raw_path.decode())


class Remembering:
    """The application.

    Args:
        state: of the sandbox that is asked for what is not known yet.
        latency: seconds that each answer takes on its way.
    """

    def __init__(self, state: State, latency: float) -> None:
        self._sandbox = httpx.AsyncClient(
            transport=httpx.ASGITransport(create_app(state)), base_url="http://sandbox"
        )
        self._latency = latency
        self._known: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
        self._asked: Counter[tuple[str, str]] = Counter()

    async def __call__(self, scope: dict[str, Any], _receive: Any, send: Any) -> None:
        """Answer a request."""
        header = dict(scope["headers"]).get(b"authorization", b"").decode()
        if scope["path"] == COUNTS:
            messages = _json(self._counts())
        elif scope["path"] == "/token":
            client_id = b64decode(header.partition(" ")[2]).decode().partition(":")[0]
            messages = _json({"access_token": client_id, "expires_at": "2100-01-01T00:00:00.000Z"})
        else:
            await asyncio.sleep(self._latency)  # what is on its way keeps nobody busy
            target = f"{scope['path']}?{scope['query_string'].decode()}"
            self._asked[header, target] += 1
            messages = self._known.get(target) or await self._learn(target)
        for message in messages:
            await send(message)

    async def _learn(self, target: str) -> tuple[dict[str, Any], dict[str, Any]]:
        response = await self._sandbox.get(target, headers={"Authorization": await self._credentials(target)})
        response.raise_for_status()
        link = {"Link": response.headers["Link"]} if "Link" in response.headers else {}
        self._known[target] = messages = _messages(response.content, link)
        return messages

    async def _credentials(self, target: str) -> str:
        """The sandbox's own, in the generation of the path."""
        if target.startswith("/v1/"):
            return "Basic " + b64encode(f"{CREDENTIALS['v1']['api_key']}:".encode()).decode()
        client = CREDENTIALS["v3"]
        answer = await self._sandbox.post(
            "/token",
            data={"grant_type": "client_credentials"},
            auth=(client["client_id"], client["client_secret"]),
        )
        return f"Bearer {answer.json()['access_token']}"

    def _counts(self) -> dict[str, float]:
        pages = self._asked.values()
        return {"pages": sum(pages), "again": sum(pages) - len(pages), "processor": time.process_time()}


def _json(content: object) -> tuple[dict[str, Any], dict[str, Any]]:
    return _messages(orjson.dumps(content), {})


def _messages(body: bytes, more: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **more}
    lines = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return (
        {"type": "http.response.start", "status": 200, "headers": lines},
        {"type": "http.response.body", "body": body},
    )


def main() -> None:
    """Serve until the process is ended."""
    port, candidates, interviews, latency = sys.argv[1:]
    state = State()
    seed(state, candidates=int(candidates), interviews=int(interviews))
    app: Any = Remembering(state, float(latency))
    uvicorn.run(app, host="127.0.0.1", port=int(port), lifespan="off", log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
