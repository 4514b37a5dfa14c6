"""What the samples of the conformance suite do not show of the mappings."""

from collections.abc import Iterable
from typing import Any

from harvest import api

from providers.greenhouse.records import candidate
from providers.kit import Mapping, Row, Rows
from providers.kit.enums import translate


def records_of(mapping: Mapping, row: Row, joined: Rows) -> list[dict[str, Any]]:
    made = mapping.map(row, {join.alias: joined.get(join.alias, []) for join in mapping.joins})
    return [] if made is None else [made] if isinstance(made, dict) else list(made)


def test_origins_of_enums_are_kept() -> None:
    assert translate("strange", {"known": "KNOWN"}) == ("strange", "strange")
    assert translate("strange", {"known": "KNOWN"}, "OTHER") == ("OTHER", "strange")
    assert translate("known", {"known": "KNOWN"}) == ("KNOWN", "known")
    assert translate(None, {"known": "KNOWN"}) is None
    status = {m.model: m for m in api("v3").mappings}["Offer"].map({"id": 1, "status": "Created"}, {})
    assert isinstance(status, dict)
    assert status["status"] == ("DRAFT", "Created")


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
