"""A sandbox of each vendor in process, called as its clients do."""

import base64
from typing import Any

import httpx
import pytest
from lever_calls import Lever
from sandbox_calls import Sandbox
from workday_calls import Tenant

from sandboxes import ashby, greenhouse
from sandboxes.greenhouse import ADMIN, CREDENTIALS


class Harvest(Sandbox):
    """Calls one sandbox as a client of each generation does."""

    vendor, origin = greenhouse, "https://harvest.greenhouse.io"

    def v1(self, method: str, path: str, body: Any = None, *, user: int | None = ADMIN) -> httpx.Response:
        headers = {"On-Behalf-Of": str(user)} if user and method != "GET" else {}
        return self.send(method, path, json=body, headers=headers, auth=(CREDENTIALS["v1"]["api_key"], ""))

    def token(self, style: str = "v3", **form: str) -> httpx.Response:
        own = CREDENTIALS[style]
        pair = base64.b64encode(f"{own['client_id']}:{own['client_secret']}".encode()).decode()
        form = form or {"grant_type": "client_credentials"}
        return self.send(
            "POST",
            "https://auth.greenhouse.io/token",
            data=form,
            headers={"Authorization": f"Basic {pair}"},
        )

    def v3(self, method: str, url: str, body: Any = None, *, token: str | None = None) -> httpx.Response:
        token = token or self.token().json()["access_token"]
        return self.send(method, url, json=body, headers={"Authorization": f"Bearer {token}"})

    def control(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return self.send(method, f"/__sandbox__/{path}", json=body)

    def step(self, job_id: int, name: str = "Technical Interview") -> int:
        return int(self.rows("job_interviews", job_id=job_id, name=name)[0]["id"])

    def active(self) -> dict[str, Any]:
        """An active application with a job."""
        return self.rows("applications", status="in_process", prospect=False)[0]


@pytest.fixture
def harvest() -> Harvest:
    return Harvest()


@pytest.fixture
def tenant() -> Tenant:
    return Tenant()


class Ashby(Sandbox):
    """Calls one sandbox with the API key."""

    vendor, origin = ashby, "https://api.ashbyhq.com"

    def answer(self, name: str, body: Any = None, **options: Any) -> httpx.Response:
        key = ashby.CREDENTIALS["api_key"]["api_key"]
        body = {} if body is None else body
        return self.send("POST", f"/{name}", **{"json": body, "auth": (key, ""), **options})

    def call(self, name: str, /, **arguments: Any) -> dict[str, Any]:
        """What a call that succeeds answers."""
        body = self.answer(name, arguments).json()
        assert body["success"], body
        return dict(body)

    def results(self, name: str, /, **arguments: Any) -> Any:
        return self.call(name, **arguments)["results"]

    def refusal(self, name: str, /, **arguments: Any) -> str:
        """The code with which a call is refused, at HTTP 200."""
        answer = self.answer(name, arguments)
        assert (answer.status_code, answer.json()["success"]) == (200, False)
        return str(answer.json()["errorInfo"]["code"])

    def control(self, path: str, body: Any = None) -> Any:
        return self.send("POST", f"/__sandbox__/{path}", json=body or {}).json()


@pytest.fixture
def rpc() -> Ashby:
    return Ashby()


@pytest.fixture
def lever() -> Lever:
    return Lever()
