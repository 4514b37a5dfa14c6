"""A stand-in for Harvest: answers prepared for method and path, and every request that came."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
from token_store import Tokens

from providers.greenhouse import GREENHOUSE
from providers.kit import Api, Client, Reference, Write, Written, open_client

HOST = "https://harvest.greenhouse.io"
KEY = {"api_key": "secret-key"}
CLIENT = {"client_id": "cid", "client_secret": "csecret"}
PARTNER = {**CLIENT, "refresh_token": "refresh-1"}
NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


@dataclass
class Harvest:
    """Answers are given in order, the last one again and again."""

    credentials: Mapping[str, str]
    answers: dict[tuple[str, str], list[httpx.Response]] = field(default_factory=dict)
    requests: list[httpx.Request] = field(default_factory=list)
    also: tuple[Reference, ...] = ()
    failures: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        style = GREENHOUSE.style_for(self.credentials)
        assert style is not None
        self.style, self.api = style, style.api
        self.tokens = Tokens(self.credentials)
        self.client: Client = open_client(
            self.api.base_url_for(self.credentials),
            self.api.hosts,
            style.auth(self.credentials, self.tokens),
            self.api.classify,
            transport=httpx.MockTransport(self._answer),
        )

    def on(
        self, method: str, path: str, body: Any = None, status: int = 200, link: str | None = None
    ) -> None:
        headers = {} if link is None else {"Link": link}
        content = b"" if body is None else json.dumps(body).encode()
        self.answers.setdefault((method, path), []).append(
            httpx.Response(status, content=content, headers=headers)
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        prepared = self.answers.get((request.method, request.url.path))
        if request.url.host == "auth.greenhouse.io" and prepared is None:
            subject = dict(httpx.QueryParams(request.content.decode())).get("sub", "account")
            body = {"token_type": "Bearer", "access_token": f"token-of-{subject}"}
            return httpx.Response(200, json={**body, "expires_at": "2026-11-21T11:00:00.000Z"})
        assert prepared, f"nothing prepared for {request.method} {request.url}"
        answer = prepared.pop(0) if len(prepared) > 1 else prepared[0]
        return httpx.Response(answer.status_code, content=answer.content, headers=answer.headers)

    @property
    def sent(self) -> list[tuple[str, str]]:
        """Method and path of what was asked of the API."""
        return [(r.method, r.url.path) for r in self.requests if r.url.host == "harvest.greenhouse.io"]

    @property
    def written(self) -> httpx.Request:
        """The only request that was no GET."""
        (request,) = [r for r in self.requests if r.method != "GET" and r.url.path != "/token"]
        return request

    def actor(self) -> str:
        """Whom the write acted for."""
        token = self.written.headers["Authorization"].removeprefix("Bearer token-of-")
        return self.written.headers.get("On-Behalf-Of", token)

    def write(
        self,
        model: str,
        verb: str,
        fields: dict[str, Any] | None = None,
        *,
        as_user: str | None = None,
        remote_id: str | None = None,
        params: dict[str, Any] | None = None,
        stored: dict[tuple[str, str], Any] | None = None,
        found: dict[tuple[str, str, Any], list[Any]] | None = None,
    ) -> tuple[Written, list[tuple[str, str]]]:
        """Run an action."""
        action = self.api.action(model, verb)
        assert action is not None
        assert set(fields or {}) <= set(action.fields)
        write = Write(
            client=self.client,
            as_user=as_user,
            remote_id=remote_id,
            fields=fields or {},
            params=params or {},
            credentials=self.credentials,
            stored=lambda resource, key: (stored or {}).get((resource, key)),
            find=lambda resource, on, value: (found or {}).get((resource, on, value), []),
        )
        try:
            result = action.run(write)
        finally:
            self.also = tuple(write.also)
            self.failures = [(part, error.detail) for part, error in write.failures]
        return result, [(warning.field, warning.detail) for warning in write.warnings]


def body_of(request: httpx.Request) -> Any:
    return json.loads(request.content)


def api(generation: str) -> Api:
    return Harvest(KEY if generation == "v1" else CLIENT).api
