"""openapi.json: valid, complete, with examples that are true, and honest about who may call what."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from world import Json, Synced, World

FILE = Path(__file__).parents[2] / "openapi" / "openapi.json"
DOCUMENT: Json = orjson.loads(FILE.read_bytes())
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
}
every_operation = pytest.mark.parametrize("name", OPERATIONS)


def resolved(node: Json) -> Json:
    """What a reference refers to."""
    while "$ref" in node:
        _, _, section, name = node["$ref"].split("/")
        node = DOCUMENT["components"][section][name]
    return node


def schemas(node: Any, path: str = "") -> Iterator[tuple[str, Json]]:
    """Every schema with properties, and where it is."""
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict):
            yield path, node
        for key, value in node.items():
            if key not in ("example", "examples"):
                yield from schemas(value, f"{path}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from schemas(value, f"{path}/{index}")


def test_the_file_is_what_the_code_says(world: World) -> None:
    assert world.app.document == DOCUMENT, "run `make openapi`"


def test_it_is_valid() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    assert [error.message for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()] == []


@every_operation
def test_every_operation_is_described(name: str) -> None:
    operation = OPERATIONS[name]
    described = {tag["name"]: tag["description"] for tag in DOCUMENT["tags"]}
    (tag,) = operation["tags"]
    assert described[tag]
    assert re.fullmatch(r"[a-z]+(_[a-z0-9]+)*", operation["operationId"])
    assert operation["summary"].strip()
    assert operation["description"].strip()
    for parameter in map(resolved, operation.get("parameters", [])):
        assert parameter["description"], parameter["name"]
    for status, answer in operation["responses"].items():
        described_answer = resolved(answer)
        assert described_answer["description"] not in ("", "Successful Response"), status
        for body in described_answer.get("content", {}).values():
            assert body["schema"], status


def test_names_are_unique() -> None:
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(set(names)) == len(names)


def test_every_field_is_described() -> None:
    described = [
        f"{path}/{name}"
        for path, schema in schemas(DOCUMENT["components"]["schemas"])
        for name, field in schema["properties"].items()
        if not (field.get("description") or resolved(field).get("description"))
    ]
    assert described == []


def test_every_example_is_true() -> None:
    def check(schema: Json, example: Any, where: str) -> None:
        rules = {**schema, "components": DOCUMENT["components"]}
        validator = jsonschema_rs.Draft202012Validator(rules, validate_formats=True)
        problems = [error.message for error in validator.iter_errors(example)]
        assert problems == [], where

    for name, schema in DOCUMENT["components"]["schemas"].items():
        for example in schema.get("examples", []):
            check(schema, example, name)
        for field, inner in schema.get("properties", {}).items():
            for example in inner.get("examples", []):
                check(inner, example, f"{name}.{field}")
    for name, answer in DOCUMENT["components"]["responses"].items():
        for body in answer["content"].values():
            check(body["schema"], body["example"], name)


@pytest.mark.contract("1.2", "1.3")
@every_operation
def test_who_may_call_it(name: str, synced: Synced) -> None:
    """Every operation asks for exactly the headers that it says it needs."""
    method, path = name.split(" ")
    url = re.sub(r"\{.*?\}", "x", path)
    needed = {scheme for one in OPERATIONS[name]["security"] for scheme in one}
    with synced.world.client() as http:
        answer = http.request(method, f"{synced.world.url}{url}", json={})
        assert (answer.status_code == 401 and "WWW-Authenticate" in answer.headers) == ("apiKey" in needed)
    answer = synced.world.http.request(method, f"{synced.world.url}{url}", json={})
    assert ("X-Account-Token" in answer.text) == ("accountToken" in needed)
