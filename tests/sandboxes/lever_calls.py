"""A sandbox Lever in process, called as its clients do."""

from typing import Any

import httpx
from sandbox_calls import Sandbox

from sandboxes import lever
from sandboxes.lever import ADMIN, CREDENTIALS


class Lever(Sandbox):
    """Calls one sandbox with an API key, or with whatever else is said."""

    vendor, origin = lever, "https://api.lever.co"

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

    def active(self) -> dict[str, Any]:
        """An opportunity that is open, anybody may see, and has an application."""
        found = self.rows("opportunities", archived=None, confidentiality="non-confidential")
        return next(row for row in found if self.state.where("applications", "opportunityId", row["id"]))


def refused(answer: httpx.Response, status: int, *words: str) -> None:
    """The answer is an error in the vendor's shape that says these words."""
    body = answer.json()
    assert (answer.status_code, body.keys()) == (status, {"code", "message"}), answer.text
    assert all(word in body["message"] for word in words), body
