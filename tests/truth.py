"""Compares every answer the API gives in any test with its specification, so that neither drifts.

An object with declared properties may have no others here, though the specification leaves it open: callers
must take additions, but none may go undescribed.
"""

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import unquote

import jsonschema_rs
import orjson
from fastapi import FastAPI

from app.api.reference.answers import ERRORS
from app.api.reference.document import document

Schema = dict[str, Any]
ADVICE = "Describe it where the route is made (app/api/reference/__init__.py says how)."


@dataclass
class Answer:
    """What was asked and answered."""

    method: str
    path: str
    asked: bytes = b""
    status: int = 0
    content_type: str = ""
    body: bytes = b""


@dataclass
class Truth:
    """An ASGI app that passes requests on to another and compares what comes back.

    Attributes:
        app: the API.
        lies: what its specification does not say, or says otherwise.
    """

    app: FastAPI
    lies: list[str] = field(default_factory=list)

    @property
    def document(self) -> Schema:
        """The API's specification."""
        return _specification(self.app).document

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = Answer(scope["method"], unquote(scope["path"]).rstrip("/"))

        async def receiving() -> Any:
            message = await receive()
            answer.asked += message.get("body", b"")
            return message

        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                answer.content_type = dict(message["headers"]).get(b"content-type", b"").decode()
            answer.body += message.get("body", b"")
            await send(message)

        await self.app(scope, receiving, sending)
        self.lies += _specification(self.app).lies(answer)


class Specification:
    """The specification, and what answers it allows."""

    def __init__(self, made: Schema) -> None:
        self.document = made
        self._components = closed(made["components"])
        self._components["responses"]["Defect"] = ERRORS["Defect"][1]
        self._operations = sorted(
            ((_pattern(path), path, item) for path, item in made["paths"].items()),
            key=lambda entry: entry[1].count("{"),  # a fixed part of a path goes before a variable one
        )

    def lies(self, answer: Answer) -> list[str]:
        """What is wrong with an answer."""
        found = (item for pattern, _, item in self._operations if pattern.fullmatch(answer.path))
        item: Mapping[str, Any] = next(found, {})
        operation = item.get(answer.method.lower())
        if operation is None:
            return self._unknown(answer)
        if not _is_described(operation):
            return []
        named = f"{answer.method} {answer.path} ({operation['operationId']})"
        described = operation["responses"].get(str(answer.status))
        if described is None and answer.status != 500:
            return [f"{named} answered {answer.status}, which is not specified: {answer.body!r}. {ADVICE}"]
        problems = self._wrong(described or {"$ref": "#/components/responses/Defect"}, answer)
        if answer.status < 300 and "requestBody" in operation and answer.asked:
            content = operation["requestBody"]["content"].get("application/json")
            problems += self._mismatch(content["schema"], answer.asked, strict=False) if content else []
        return [f"{named} answered {answer.status}: {problem}. {ADVICE}" for problem in problems]

    def _unknown(self, answer: Answer) -> list[str]:
        if answer.status in (404, 405) or not answer.path.startswith("/api/"):
            return []
        return [f"{answer.method} {answer.path} answered {answer.status}: no such operation. {ADVICE}"]

    def _wrong(self, described: Schema, answer: Answer) -> list[str]:
        if "$ref" in described:
            described = self._components["responses"][described["$ref"].rpartition("/")[2]]
        content = described.get("content", {})
        if not content:
            return [f"{answer.body!r} in place of nothing"] if answer.body else []
        kind = answer.content_type.partition(";")[0]
        if kind not in content:
            return [f"a body of type {kind!r}"]
        if kind != "application/json":
            return []
        return self._mismatch(content[kind]["schema"], answer.body)

    def _mismatch(self, schema: Schema, body: bytes, *, strict: bool = True) -> list[str]:
        validator = self._validator(orjson.dumps(schema), strict)
        errors = validator.iter_errors(orjson.loads(body))
        return [f"{error.message[:600]} at {error.instance_path}" for error in errors][:3]

    @cache  # noqa: B019 - there are a few specifications in a process, each kept to its end
    def _validator(self, schema: bytes, strict: bool) -> Any:
        components = self._components if strict else self.document["components"]
        return jsonschema_rs.Draft202012Validator(
            {**closed(orjson.loads(schema)), "components": components}, validate_formats=True
        )


def _specification(app: FastAPI) -> Specification:
    """The specification of the API: the first app's, since all apps of the tests have the same."""
    if not _known:
        _known.append(Specification(document(app)))
    return _known[0]


_known: list[Specification] = []


def _is_described(operation: Schema) -> bool:
    """Whether success has a schema; `tests/contract/test_contract_specification.py` asks it of all."""
    successes = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
    bodies = [body for answer in successes for body in answer.get("content", {}).values()]
    return all(body.get("schema") for body in bodies)


def closed(schema: Any) -> Any:
    """A schema that allows no properties but the declared ones."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(value) for key, value in copy.copy(schema).items()}
    if isinstance(made.get("properties"), dict) and "type" in made:
        made.setdefault("additionalProperties", False)
    return made


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(path)))
