"""A sandbox Lever in process, called as its clients do."""

from dataclasses import dataclass, field
from typing import Any

import httpx
from sandbox_calls import Clock, call

from sandboxes.lever import ADMIN, CREDENTIALS, State, create_app, seed


@dataclass
class Lever:
    """Calls one sandbox with an API key, or with whatever else is said."""

    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.state = State(self.clock)
        seed(self.state)
        self.app = create_app(self.state)

    def send(self, method: str, url: str, **options: Any) -> httpx.Response:
        return call(self.app, "https://api.lever.co", method, url, **options)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.write("GET", path, user=None, **options)

    def write(
        self, method: str, path: str, body: Any = None, *, user: str | None = ADMIN, **options: Any
    ) -> httpx.Response:
        url = httpx.URL(f"/v1/{path}")
        if user:
            url = url.copy_merge_params({"perform_as": user})
        key = CREDENTIALS["api_key"]["api_key"]
        return self.send(method, str(url), json=body, auth=(key, ""), **options)

    def data(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def control(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return self.send(method, f"/__sandbox__/{path}", json=body)

    def rows(self, table: str, **values: Any) -> list[dict[str, Any]]:
        """The records with these values."""
        rows = self.state.tables[table].rows.values()
        return [row for row in rows if all(row[key] == value for key, value in values.items())]

    def active(self) -> dict[str, Any]:
        """An opportunity that is open, anybody may see, and has an application."""
        found = self.rows("opportunities", archived=None, confidentiality="non-confidential")
        return next(row for row in found if self.state.where("applications", "opportunityId", row["id"]))


def refused(answer: httpx.Response, status: int, *words: str) -> None:
    """The answer is an error in the vendor's shape that says these words."""
    body = answer.json()
    assert (answer.status_code, body.keys()) == (status, {"code", "message"}), answer.text
    assert all(word in body["message"] for word in words), body
