"""Every key of the vendor's samples is there, with the same JSON type, in reads and in answers of writes."""

import json
from pathlib import Path
from typing import Any

import pytest
from lever_calls import Lever
from sandbox_shapes import differences

from sandboxes.lever import ADMIN, RECRUITER
from sandboxes.lever.webhooks import delivery, payload_of

FIXTURES = Path(__file__).parent / "fixtures" / "lever"
ANSWERS = {"gender", "race", "veteran", "disability"}  # absent where they were not given


def sample(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text())["sample"]


def keys_of(rows: list[dict[str, Any]]) -> set[str]:
    return {key for row in rows for key in row}


def of_all(lever: Lever, name: str) -> list[dict[str, Any]]:
    """A list of every opportunity."""
    return [
        row
        for opportunity in lever.data("opportunities")
        for row in lever.data(f"opportunities/{opportunity['id']}/{name}")
    ]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("users", "users_list"),
        ("stages", "stages_list"),
        ("archive_reasons", "archive_reasons_list"),
        ("tags", "tags_list"),
        ("sources", "sources_list"),
        ("postings", "postings_list"),
        ("opportunities?limit=10", "opportunities_page"),
        ("eeo/responses/pii?created_at_start=0", "eeo_pii_list"),
        ("disposition_stages", "disposition_stages"),
    ],
)
def test_lists_have_the_recorded_shape(lever: Lever, path: str, name: str) -> None:
    expected = sample(name)
    answer = lever.get(path).json()
    # The documentation has phones without a type.
    assert differences(expected, [answer]) in ([], [".data[].phones[].type: missing"])
    assert answer.keys() == expected.keys()
    if isinstance(answer["data"], list):
        assert keys_of(answer["data"]) - keys_of(expected["data"]) <= ANSWERS


@pytest.mark.parametrize("name", ["panels", "offers"])
def test_lists_of_an_opportunity_have_the_shape_of_the_samples(lever: Lever, name: str) -> None:
    expected, rows = sample(f"{name}_list")["data"], of_all(lever, name)
    for row in expected:
        row.pop("fields", None)  # their values are of every type
    without = [{key: value for key, value in row.items() if key != "fields"} for row in rows]
    assert differences(expected, [without]) == []
    assert {frozenset(row) for row in without} == {frozenset(expected[0])}


def test_the_fields_of_offers_have_the_shape_of_the_sample(lever: Lever) -> None:
    fields = [field for offer in of_all(lever, "offers") for field in offer["fields"]]
    known = {
        field["identifier"]: field for offer in sample("offers_list")["data"] for field in offer["fields"]
    }
    assert {field["identifier"] for field in fields} >= {"job_title", "anticipated_start_date"}
    for field in fields:
        assert differences(known[field["identifier"]], [field]) == []


@pytest.mark.parametrize(
    ("name", "path"),
    [("interview_get", "interviews"), ("feedback_get", "feedback"), ("resume_get", "resumes")],
)
def test_records_of_an_opportunity_have_the_shape_of_the_samples(lever: Lever, name: str, path: str) -> None:
    expected = sample(name)["data"]
    rows = of_all(lever, path)
    expected.pop("parsedData", None)  # an open object
    if "fields" in expected:
        expected["fields"] = []  # of one template
    assert differences(expected, rows) == []
    assert {frozenset(row) - {"parsedData"} for row in rows} == {frozenset(expected)}


def test_the_other_records_have_the_shape_of_the_samples(lever: Lever) -> None:
    opportunity = lever.data(f"opportunities/{lever.active()['id']}?expand=applications")
    assert opportunity.keys() == sample("opportunity_get")["data"].keys()
    (application,) = opportunity["applications"]
    assert application.keys() == sample("application_get")["data"].keys()
    contacts = [lever.data(f"contacts/{row['id']}") for row in lever.rows("contacts")[:4]]
    assert differences(sample("contact_get")["data"] | {"phones": []}, contacts) == []
    assert contacts[0].keys() == sample("contact_get")["data"].keys()


def test_a_survey_that_is_not_answered_has_no_answers(lever: Lever) -> None:
    rows = lever.data("eeo/responses/pii?created_at_start=0")
    expected = sample("eeo_pii_list")["data"][0].keys()
    assert expected in [row.keys() for row in rows]
    assert expected | ANSWERS in [row.keys() for row in rows]


def test_the_survey_can_be_answered_as_documented(lever: Lever) -> None:
    lever.control("POST", "settings", {"documented_eeo": True})
    answer = lever.get("eeo/responses/pii?created_at_start=0").json()
    expected = sample("eeo_pii_documented")
    rows = answer["data"]["eeoResponses"]
    assert answer.keys() == expected.keys()
    (documented,) = expected["data"]["eeoResponses"]
    assert documented.keys() - {"disabilitySignatureDate"} <= rows[0].keys()
    assert isinstance(rows[0]["appliedAt"], str)
    assert "id" not in rows[0]


# Answers of writes


def test_answers_of_writes_to_an_opportunity_have_the_recorded_shape(lever: Lever) -> None:
    key = lever.active()["id"]
    moved = lever.write("PUT", f"opportunities/{key}/stage", {"stage": "offer"}, user=RECRUITER).json()
    recorded = sample("stage_put_200_truncated")["data"]
    assert moved["data"].keys() == recorded.keys()
    assert differences(recorded["stageChanges"], [moved["data"]["stageChanges"]]) == []
    reason = lever.rows("archive_reasons", type="non-hired")[0]["id"]
    archived = lever.write("PUT", f"opportunities/{key}/archived", {"reason": reason}).json()
    assert archived["data"].keys() == sample("archived_put_200_truncated")["data"].keys()
    body = {"name": "Ada Quill", "emails": ["ada@example.com"]}
    created = lever.write("POST", "opportunities", body).json()
    assert created.keys() == sample("opportunity_create_201").keys()
    assert created["data"].keys() == sample("opportunity_create_201")["data"].keys()


def test_answers_of_the_other_writes_have_the_recorded_shape(lever: Lever) -> None:
    opportunity = lever.active()
    below = f"opportunities/{opportunity['id']}"
    interview = {
        "subject": "Talk",
        "note": "n",
        "interviewers": [{"id": ADMIN}],
        "date": 1783260000000,
        "duration": 60,
    }
    body = {"timezone": "Europe/Berlin", "interviews": [interview]}
    panel = lever.write("POST", f"{below}/panels", body).json()
    assert differences(sample("panel_create_201"), [panel]) == []
    assert panel["data"].keys() == sample("panel_create_201")["data"].keys()
    key = panel["data"]["interviews"][0]["id"]
    changed = lever.write(
        "PUT", f"{below}/interviews/{key}", {**interview, "panel": panel["data"]["id"]}
    ).json()
    assert differences(sample("interview_put_200"), [changed]) == []
    assert changed["data"].keys() == sample("interview_put_200")["data"].keys()
    note = lever.write("POST", f"{below}/notes", {"value": "Hi"}).json()
    assert differences(sample("note_create_201"), [note]) == []
    assert note["data"].keys() == sample("note_create_201")["data"].keys()
    contact = lever.write("PUT", f"contacts/{opportunity['contact']}", {"name": "A B"}).json()
    assert contact["data"].keys() == sample("contact_put_200")["data"].keys()
    hook = {"url": "https://example.com/hook", "event": "candidateHired"}
    registered = lever.write("POST", "webhooks", hook, user=None).json()
    assert differences(sample("webhook_create_201"), [registered]) == []
    assert registered["data"].keys() == sample("webhook_create_201")["data"].keys()


def test_errors_have_the_documented_shape(lever: Lever) -> None:
    expected = sample("error_404")
    key = "a80bbbe0-d4dd-4eac-bdbf-302345414f93"
    answer = lever.get(f"stages/{key}")
    assert (answer.status_code, answer.json()) == (404, expected)


def test_a_delivery_has_the_documented_shape(lever: Lever) -> None:
    expected = sample("webhook_candidateStageChange")
    rows = [row for row in lever.rows("opportunities") if len(row["stageChanges"]) > 1]
    payload = payload_of(lever.state, "candidateStageChange", rows[0]["id"])
    sent = delivery("candidateStageChange", payload, 1431454330072, "key")
    assert differences(expected, [sent]) == []
    assert sent.keys() - expected.keys() == {"id"}  # told by the documentation, not in its example
    assert sent["data"].keys() == expected["data"].keys()
