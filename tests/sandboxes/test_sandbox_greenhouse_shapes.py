"""Every key of the vendor's samples is there, with the same JSON type."""

import json
from pathlib import Path
from typing import Any

import pytest
from sandbox_shapes import differences

from sandboxes.greenhouse.payloads import payload_of

FIXTURES = Path(__file__).parent / "fixtures" / "greenhouse"


def sample(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text())["sample"]


V1 = {
    "candidates": ("v1_candidate",),
    "applications": ("v1_application", "v1_prospect_recorded"),
    "jobs": ("v1_job", "v1_job_recorded"),
    "job_posts": ("v1_job_post", "v1_job_post_recorded"),
    "job_stages": ("v1_job_stage",),
    "offers": ("v1_offer",),
    "users": ("v1_user",),
    "scorecards": ("v1_scorecard",),
    "eeoc": ("v1_eeoc",),
    "departments": ("v1_department",),
    "offices": ("v1_office",),
    "rejection_reasons": ("v1_rejection_reason",),
    "sources": ("v1_source",),
    "tags/candidate": ("v1_candidate_tag",),
}


@pytest.mark.parametrize(("path", "name"), [(path, name) for path, names in V1.items() for name in names])
def test_v1_lists_have_the_documented_shape(harvest, path, name):
    rows = harvest.v1("GET", f"/v1/{path}?per_page=500&include_defaults=true").json()
    assert differences(sample(name), rows) == []


@pytest.mark.parametrize(
    ("name", "all_day"),
    [("v1_scheduled_interview", False), ("v1_scheduled_interview_all_day", True)],
)
def test_v1_interviews_have_the_documented_shape(harvest, name, all_day):
    rows = harvest.v1("GET", "/v1/scheduled_interviews").json()
    rows = [row for row in rows if ("date" in row["start"]) is all_day]
    # The all-day sample lists a scorecard_id of null and no dates of its own.
    assert differences(sample(name), rows) == []


def test_v1_activity_feed_has_the_documented_shape(harvest):
    feeds = [
        harvest.v1("GET", f"/v1/candidates/{row['id']}/activity_feed").json()
        for row in harvest.rows("candidates")[:12]
    ]
    application = harvest.active()
    for feed in feeds:
        feed["activities"] = [entry for entry in feed["activities"] if entry["user"]]
    harvest.state.add(
        "notes",
        candidate_id=application["candidate_id"],
        type="ACTIVITY",
        subject="Candidate Rejected",
        body="Reason",
        user_id=4_000_001_002,
    )
    feeds.append(harvest.v1("GET", f"/v1/candidates/{application['candidate_id']}/activity_feed").json())
    assert differences(sample("v1_activity_feed"), feeds) == []


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("v3_*.json")), ids=lambda path: path.stem)
def test_v3_lists_have_the_reference_shape(harvest, path):
    query = "?include_defaults=true" if path.stem == "v3_rejection_reasons" else ""
    rows = harvest.v3("GET", f"/v3/{path.stem.removeprefix('v3_')}{query}").json()
    assert differences(sample(path.stem), rows) == []


def one_of(harvest, table):
    return harvest.rows(table)[0]["id"]


@pytest.mark.parametrize(
    ("event", "table"),
    [
        ("interview_deleted", "interviews"),
        ("delete_candidate", "candidates"),
        ("scorecard_deleted", "scorecards"),
        ("job_interview_stage_deleted", "job_interview_stages"),
    ],
)
def test_webhook_payloads_have_the_documented_shape(harvest, event, table):
    # The company of the first candidate is null, as it may be.
    payloads = [payload_of(harvest.state, event, row["id"]) for row in harvest.rows(table)]
    assert differences(sample(f"webhook_{event}")["payload"], payloads, "payload") in (
        [],
        ["payload.person.headline: nothing but null instead of str"],
    )


def test_webhook_offer_is_flat_with_an_american_date(harvest):
    payload = payload_of(harvest.state, "offer_created", one_of(harvest, "offers"))
    assert sample("webhook_offer_created")["payload"].keys() <= payload.keys()
    assert payload["start_date"] == "12/21/2026"


def test_webhook_stage_change_lists_the_slots_of_the_stage(harvest):
    application = harvest.active()
    payload = payload_of(harvest.state, "candidate_stage_change", application["id"])["application"]
    assert payload["id"] == application["id"]
    assert payload["candidate"]["id"] == application["candidate_id"]
    assert payload["jobs"][0]["id"] == application["job_id"]
    assert isinstance(payload["current_stage"]["interviews"], list)


def test_ids_are_larger_than_32_bits_and_never_shared_between_tables(harvest):
    ids = [key for table in harvest.state.tables.values() for key in table.ids]
    assert min(ids) > 2**31
    assert len(ids) == len(set(ids))
