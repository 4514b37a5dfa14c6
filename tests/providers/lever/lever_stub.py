"""A stand-in for Lever: answers prepared for method and path, and every request that came."""

import json
from collections.abc import Mapping
from typing import Any

import httpx
from token_store import Tokens

from providers.kit import Client, ProviderError, Write, Written, open_client
from providers.lever import LEVER

KEY = {"api_key": "secret-key"}
PARTNER = {"client_id": "cid", "client_secret": "csecret", "refresh_token": "refresh-1"}
TOKEN_HOSTS = ("auth.lever.co", "sandbox-lever.auth0.com")


class Stub:
    """Answers are given in order, the last one again and again."""

    def __init__(self, credentials: Mapping[str, str] = KEY) -> None:
        style = LEVER.style_for(credentials)
        assert style is not None
        self.credentials, self.style, self.api = credentials, style, style.api
        self.answers: dict[tuple[str, str], list[httpx.Response]] = {}
        self.requests: list[httpx.Request] = []
        self.tokens = Tokens(credentials)
        self.client: Client = open_client(
            self.api.base_url_for(credentials),
            self.api.hosts,
            style.auth(credentials, self.tokens),
            self.api.classify,
            transport=httpx.MockTransport(self._answer),
        )

    def on(self, method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> None:
        """Prepare an answer; a path is one of the API unless it is that of the token endpoint."""
        whole = path if path == "/oauth/token" else f"/v1{path}"
        content = b"" if body is None else json.dumps(body).encode()
        answer = httpx.Response(status, content=content, headers=headers)
        self.answers.setdefault((method, whole), []).append(answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        prepared = self.answers.get((request.method, request.url.path))
        assert prepared, f"nothing prepared for {request.method} {request.url}"
        answer = prepared.pop(0) if len(prepared) > 1 else prepared[0]
        return httpx.Response(answer.status_code, content=answer.content, headers=answer.headers)

    @property
    def asked(self) -> list[str]:
        """Method and path of each request, without the version."""
        return [f"{r.method} {r.url.path.removeprefix('/v1')}" for r in self.requests]

    def write(
        self, model: str, verb: str, fields: dict[str, Any], rows: list[Any], *, as_user: str | None = None
    ) -> tuple[Written, Write]:
        """Run an action on contact or opportunity `c1`, whose kept rows are given."""
        write = Write(
            client=self.client,
            as_user=as_user,
            remote_id="c1",
            fields=fields,
            params={},
            credentials=self.credentials,
            stored=lambda _resource, _key: None,
            find=lambda _resource, _on, _value: rows,
        )
        action = self.api.action(model, verb)
        assert action is not None
        return action.run(write), write


def raised(error: ProviderError) -> tuple[str, int | None]:
    return type(error).__name__, error.status
