"""Every mapping of every provider: samples, odd rows, and what the declarations promise."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest

from app.common.fields import Kind, Model
from app.common.models import MODELS
from conformance.cases import KINDS, Case, apis, cases
from conformance.mapped import mapped, mappings_of, unit_of
from providers.kit import Api, ListResource, Mapping

RECORDS = cases("records")
EVERY_MAPPING = [(slug, api, mapping) for slug, api in apis() for mapping in api.mappings]
A_MOMENT = re.compile(r"\d{4}-\d\d-\d\d")
STRANGE = "zz unheard of"
PASSED_ON = {(f.name, word) for m in MODELS.values() for f in m.fields for word in (STRANGE, "OTHER")}


def plain(model: Model, name: str, value: Any) -> Any:
    if name in ("remote_id", "remote_was_deleted"):
        return value
    kind = model.field(name).kind
    if kind is Kind.ENUM and isinstance(value, tuple):
        return value[0]
    if kind is Kind.OBJECTS:
        return json.loads(json.dumps(value))  # a translated value is a pair, which JSON calls a list
    if kind is Kind.DATETIME and isinstance(value, str):
        return datetime.fromisoformat(value)
    return value


@pytest.mark.parametrize("case", RECORDS, ids=str)
def test_a_sample_becomes_the_records_it_should(case: Case) -> None:
    expected = case.data["expected"]
    mappings = {m.model: m for m in mappings_of(case)}
    assert mappings.keys() >= expected.keys()
    for name, wanted in expected.items():
        mapping, model = mappings[name], MODELS[name]
        made = mapped(mapping, case.data, unit_of(case.data, mapping))
        assert len(made) == len(wanted)
        for record, want in zip(made, wanted, strict=True):
            shown = {field: plain(model, field, record.get(field)) for field in want}
            assert shown == {field: plain(model, field, value) for field, value in want.items()}


@pytest.mark.parametrize("case", [case for kind in KINDS for case in cases(kind)], ids=str)
def test_a_fixture_says_where_it_is_from(case: Case) -> None:
    assert re.match(r"(recorded|documented|constructed)\b", case.data["source"]), (
        f"put the vendor's data into {case.kind}/{case.name}.json, and where they are from into `source`"
    )


@pytest.mark.parametrize(("slug", "api", "mapping"), EVERY_MAPPING, ids=lambda v: getattr(v, "model", None))
def test_every_mapping_has_a_sample(slug: str, api: Api, mapping: Mapping) -> None:
    assert any(
        case.slug == slug and case.api is api and case.data["resource"] == mapping.root
        for case in RECORDS
        if case.data["expected"].get(mapping.model)
    ), f"records/ needs a row of {mapping.root} and the {mapping.model} it becomes"


@pytest.mark.parametrize("case", RECORDS, ids=str)
def test_a_row_with_only_its_key_is_mapped(case: Case) -> None:
    resource = case.api.resource(case.data["resource"])
    for mapping in mappings_of(case):
        by_group = resource.index[mapping.group] if mapping.group else None
        row = (case.data.get("rows") or [case.data["row"]])[0]
        for name in list(row):
            less = {k: v for k, v in row.items() if k != name}
            try:
                same = resource.key(less) == resource.key(row)
                same = same and (by_group is None or list(by_group(less)) == list(by_group(row)))
            except (KeyError, TypeError, AttributeError, IndexError):
                continue
            row = less if same else row
        made = mapped(mapping, {}, [row] if mapping.group else row)
        if not mapping.many and not mapping.group:
            assert [record["remote_id"] for record in made] in ([], [resource.key(row)])


@pytest.mark.parametrize("case", RECORDS, ids=str)
def test_a_value_nobody_has_heard_of_passes(case: Case) -> None:
    for mapping in mappings_of(case):
        unit = unit_of(case.data, mapping)
        known = _enums(mapping, mapped(mapping, case.data, unit))
        for path in _texts(unit):
            strange = _enums(mapping, mapped(mapping, case.data, _replaced(unit, path)))
            if path[-1] in case.data.get("kinds", ()):
                continue  # it says what a part is: without that part the record says something else
            assert not strange - known - PASSED_ON, f"{path}: a word nobody knows is taken for a known one"


@pytest.mark.parametrize(("slug", "api"), apis(), ids=lambda v: getattr(v, "name", v))
def test_what_is_joined_can_be_found_and_is_read_before(slug: str, api: Api) -> None:
    order = [resource.name for resource in api.resources]
    assert len(set(order)) == len(order)
    for mapping in api.mappings:
        assert mapping.group is None or mapping.group in api.resource(mapping.root).index
        for join in mapping.joins:
            joined = api.resource(join.resource)
            assert join.on == "id" or join.on in joined.index
            settled_later = join.belongs or join.back or joined.name == mapping.root
            if isinstance(joined, ListResource) and not settled_later:
                assert order.index(join.resource) < order.index(mapping.root)


def _enums(mapping: Mapping, records: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """The values of enum fields that are translations of the vendor's words."""
    model = MODELS[mapping.model]
    return {
        (name, value[0] if isinstance(value, tuple) else value)
        for record in records
        for name, value in record.items()
        if value and name not in mapping.derived and name in {f.name for f in model.fields}
        if model.field(name).kind is Kind.ENUM
    }


def _texts(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of texts that are no moments and no numbers."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, (*path, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _texts(inner, (*path, place))
    elif isinstance(value, str) and not A_MOMENT.match(value) and not value.isdigit():
        yield path


def _replaced(value: Any, path: tuple[Any, ...]) -> Any:
    copy = deepcopy(value)
    at = copy
    for name in path[:-1]:
        at = at[name]
    at[path[-1]] = STRANGE
    return copy
