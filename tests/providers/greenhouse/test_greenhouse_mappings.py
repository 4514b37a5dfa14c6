"""Every sample of either generation becomes the common records it should."""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from harvest import api

from app.common.fields import Kind, Model
from app.common.models import MODELS
from app.records.drafts import draft
from providers.greenhouse import GREENHOUSE
from providers.greenhouse.records import candidate
from providers.kit import Mapping, Row, Rows
from providers.kit.enums import translate

ACCOUNT = "00000000-0000-4000-8000-000000000001"
FIXTURES = sorted(Path(__file__).with_name("fixtures").glob("*/*.json"))
EVERY_MAPPING = [(api.name, m) for api in GREENHOUSE.apis for m in api.mappings]


def records_of(mapping: Mapping, row: Row, joined: Rows) -> list[dict[str, Any]]:
    made = mapping.map(row, {join.alias: joined.get(join.alias, []) for join in mapping.joins})
    found = [] if made is None else [made] if isinstance(made, dict) else list(made)
    for record in found:
        draft(ACCOUNT, MODELS[mapping.model], record)  # refuses what the common model does not know
    return found


def plain(model: Model, name: str, value: Any) -> Any:
    if name in ("remote_id", "remote_was_deleted"):
        return value
    kind = model.field(name).kind
    if kind is Kind.ENUM and isinstance(value, tuple):
        return value[0]
    if kind is Kind.DATETIME and value is not None:
        return datetime.fromisoformat(value)
    return value


@pytest.mark.parametrize("path", FIXTURES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_sample_is_mapped(path: Path) -> None:
    sample = json.loads(path.read_text())
    mappings = [m for m in api(sample["generation"]).mappings if m.root == sample["resource"]]
    assert {m.model for m in mappings} >= sample["expected"].keys()
    for mapping in mappings:
        if mapping.model not in sample["expected"]:
            continue
        model, expected = MODELS[mapping.model], sample["expected"][mapping.model]
        made = records_of(mapping, sample["row"], sample["joined"])
        assert len(made) == len(expected)
        for record, wanted in zip(made, expected, strict=True):
            shown = {name: plain(model, name, record.get(name)) for name in wanted}
            assert shown == {name: plain(model, name, value) for name, value in wanted.items()}


def test_every_mapping_has_a_sample() -> None:
    seen = set()
    for path in FIXTURES:
        sample = json.loads(path.read_text())
        seen |= {
            (f"Harvest {sample['generation']}", model) for model, made in sample["expected"].items() if made
        }
    assert seen == {(name, mapping.model) for name, mapping in EVERY_MAPPING}


@pytest.mark.parametrize(
    ("name", "mapping"), EVERY_MAPPING, ids=lambda v: v if isinstance(v, str) else v.model
)
def test_row_with_only_its_key_is_mapped(name: str, mapping: Mapping) -> None:
    row = {"id": 1, "application_id": 2} if mapping.root == "eeoc" else {"id": 1}
    made = records_of(mapping, row, {})
    assert made == [] if mapping.many else [record["remote_id"] for record in made] == ["1"]


@pytest.mark.parametrize(
    ("name", "mapping"), EVERY_MAPPING, ids=lambda v: v if isinstance(v, str) else v.model
)
def test_remote_id_is_the_key_of_a_row_that_gives_one_record(name: str, mapping: Mapping) -> None:
    if mapping.many:
        return
    resource = next(a for a in GREENHOUSE.apis if a.name == name).resource(mapping.root)
    row = {"application_id": 5} if (name, mapping.root) == ("Harvest v1", "eeoc") else {"id": 5}
    (record,) = records_of(mapping, row, {})
    assert record["remote_id"] == resource.key(row)


def test_origins_of_enums_are_kept() -> None:
    assert translate("strange", {"known": "KNOWN"}) == ("strange", "strange")
    assert translate("strange", {"known": "KNOWN"}, "OTHER") == ("OTHER", "strange")
    assert translate("known", {"known": "KNOWN"}) == ("KNOWN", "known")
    assert translate(None, {"known": "KNOWN"}) is None
    status = {m.model: m for m in api("v3").mappings}["Offer"].map({"id": 1, "status": "Created"}, {})
    assert isinstance(status, dict)
    assert status["status"] == ("DRAFT", "Created")


def test_joined_resources_are_read_before_what_they_are_joined_to() -> None:
    for generation in GREENHOUSE.apis:
        order = [resource.name for resource in generation.resources]
        for mapping in generation.mappings:
            for join in mapping.joins:
                joined = generation.resource(join.resource)
                assert join.on == "id" or join.on in joined.index
                if not hasattr(joined, "parent"):
                    assert order.index(join.resource) < order.index(mapping.root)


def test_index_values_lead_to_the_rows() -> None:
    v1, v3 = api("v1"), api("v3")
    panel = {"id": 1, "application_id": 2, "interviewers": [{"scorecard_id": 3}, {"scorecard_id": None}]}
    assert list(v1.resource("scheduled_interviews").index["scorecard_id"](panel)) == ["3"]
    stage = {"id": 1, "interviews": [{"id": 7}, {"id": 8}]}
    assert list(v1.resource("job_stages").index["step_id"](stage)) == ["7", "8"]
    guest: dict[str, Any] = {"id": 1, "interview_id": 2, "scorecard_id": None}
    index = v3.resource("interviewers").index
    assert [list(index[name](guest)) for name in ("interview_id", "scorecard_id")] == [[2], []]


def test_file_is_known_by_what_it_is_not_by_its_address() -> None:
    mapping = next(m for m in api("v1").mappings if m.model == "Attachment")
    file = {"type": "resume", "filename": "cv.pdf", "created_at": "2020-09-27T18:45:27.137Z"}
    files: Iterable[Row] = [{**file, "url": "https://a/1"}, {**file, "url": "https://a/2"}]
    first, second = (records_of(mapping, {"id": 9, "attachments": [f]}, {})[0] for f in files)
    assert first["remote_id"] == second["remote_id"] == "9:resume:cv.pdf:2020-09-27T18:45:27.137Z"
    assert candidate({"id": 9}, {})["remote_id"] == "9"
