"""The declaration against the facts of the reference API, kept in `contract.json`."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.common.fields import Field, Kind, Model
from app.common.models import COLLECTIONS, EMAIL_ADDRESS, MODELS, PHONE_NUMBER, SCREENING_QUESTION, URL
from app.records.bodies import shell_body
from app.records.reading import expand_tree

CONTRACT: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "contract.json").read_text())
SHAPES = {"EmailAddress": EMAIL_ADDRESS, "PhoneNumber": PHONE_NUMBER, "Url": URL}
# The reference types these two ids as plain strings.
PLAIN_IDS = {("Activity", "candidate"), ("Attachment", "candidate")}


def fact(field: Field) -> str:
    """A field in the contract's words."""
    if field.kind is Kind.ENUM:
        return "enum " + next(
            (n for n, values in CONTRACT["enums"].items() if values == list(field.values)), "?"
        )
    if field.kind is Kind.OBJECTS:
        return "objects " + next((n for n, shape in SHAPES.items() if shape == field.shape), "?")
    if field.kind is Kind.RELATION:
        return f"relation {field.target}"
    if field.kind in (Kind.RELATIONS, Kind.REVERSE):
        return f"relations {field.target}"
    return field.kind.value


def declared(model: Model) -> dict[str, str]:
    return {
        f.name: "text" if (model.name, f.name) in PLAIN_IDS else fact(f)
        for f in model.rendered
        if not f.extra
    }


def test_the_same_models() -> None:
    assert set(MODELS) == set(CONTRACT["models"])
    assert {m.path for m in COLLECTIONS} == {path for path in CONTRACT["resources"] if "{" not in path}


@pytest.mark.parametrize("name", CONTRACT["models"])
def test_fields_of_a_model(name: str) -> None:
    expected = CONTRACT["models"][name]["fields"]
    assert list(declared(MODELS[name]).items()) == list(expected.items())


@pytest.mark.contract("1.10")
@pytest.mark.parametrize("name", CONTRACT["models"])
def test_keys_of_a_rendered_record(name: str) -> None:
    model, expected = MODELS[name], CONTRACT["models"][name]
    keys = list(json.loads(shell_body(model, "an id", "1", 0)))
    extras = {f.name for f in model.fields if f.extra} | ({"id"} if "id" not in expected["first"] else set())
    plain = [key for key in keys if key not in extras]
    assert plain == [*expected["first"], *expected["fields"], *expected["last"]]


def test_only_interviews_have_extra_fields() -> None:
    assert [m.name for m in MODELS.values() if any(f.extra for f in m.fields)] == ["ScheduledInterview"]


@pytest.mark.parametrize("name", CONTRACT["objects"])
def test_small_objects(name: str) -> None:
    own = {f.name: fact(f) for f in SHAPES[name]}
    stamps = ("created_at", "modified_at", "remote_was_deleted")
    assert {k: v for k, v in CONTRACT["objects"][name].items() if k not in stamps} == own


@pytest.mark.contract("3.2.4")
@pytest.mark.parametrize("path", CONTRACT["resources"])
def test_parameters_of_a_list(path: str) -> None:
    expected = CONTRACT["resources"][path]
    model = MODELS[expected["model"]]
    filters = [f.filter for f in model.fields if f.filter] + [f.parameter for f in model.filters]
    if model is SCREENING_QUESTION:
        filters.remove("job_id")  # a part of the path
    assert sorted(filters) == expected["filters"]
    paths = {f.name for f in model.rendered if f.expandable}
    assert paths == {name.split(".")[0] for name in expected["expand"]}
    for dotted in expected["expand"]:
        tree = expand_tree(model, [dotted])
        for part in dotted.split("."):
            tree = tree[part]
    assert {f.name for f in model.rendered if f.kind is Kind.ENUM} >= set(expected["enum_origins"])
    assert model.retrievable or not expected["retrieve"]
    assert model is SCREENING_QUESTION or model.retrievable == expected["retrieve"]
