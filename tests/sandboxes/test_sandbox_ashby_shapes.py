"""Every key of the vendor's samples is there, with the same JSON type."""

import json
from pathlib import Path
from typing import Any

import pytest
from sandbox_shapes import differences

FIXTURES = Path(__file__).parent / "fixtures" / "ashby"
OPTIONAL = frozenset(
    (
        *("archivedAt", "primaryEmailAddress", "primaryPhoneNumber", "position", "company", "school"),
        *("resumeFileHandle", "brandId", "scheduledBy", "managerId", "location", "meetingLink"),
        *("interviewerCalendarEventId", "jobId", "leftStageAt", "selectableValues"),
    )
)


def sample(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text())["sample"]


def missing(name: str, ours: list[Any]) -> list[str]:
    """Differences from a sample; what is optional need only be in some records."""
    results = sample(name)["results"]
    expected = results if isinstance(results, list) else [results]
    return [line for each in expected for line in differences(each, ours, optional=OPTIONAL)]


LISTS = (
    *("application", "applicationFeedback", "candidate", "department", "interview", "interviewSchedule"),
    *("job", "jobPosting", "offer", "source", "user"),
)


@pytest.mark.parametrize("resource", LISTS)
def test_lists_have_the_shape_of_the_samples(rpc, resource):
    everything = {"status": ["Open", "Closed", "Archived"]} if resource == "job" else {}
    ours = rpc.results(f"{resource}.list", **everything)
    assert missing(f"{resource}_list", ours) == []


@pytest.mark.parametrize("resource", LISTS)
def test_the_envelope_of_a_list_is_that_of_the_sample(rpc, resource):
    expected = set(sample(f"{resource}_list"))
    if resource not in ("jobPosting", "source"):
        # The samples of the schema show cursor and token at once; the recorded ones never do.
        expected = expected - {"nextCursor"} | {"syncToken"}
    assert set(rpc.call(f"{resource}.list")) == expected


def test_absent_means_absent_somewhere_and_present_elsewhere(rpc):
    candidates = rpc.results("candidate.list")
    for name in ("primaryEmailAddress", "resumeFileHandle", "company", "location"):
        assert {name in each for each in candidates} == {True, False}
        assert None not in [each[name] for each in candidates if name in each]
    assert {"archivedAt" in each for each in rpc.results("application.list")} == {True, False}
    assert {"scheduledBy" in each for each in rpc.results("interviewSchedule.list")} == {True, False}


def test_stages_have_the_shape_of_the_sample(rpc):
    plan = rpc.results("interviewPlan.list")[0]["id"]
    stages = rpc.results("interviewStage.list", interviewPlanId=plan)
    expected = sample("interviewStage_list")["results"][0] | {"interviewStageGroupId": None}
    assert differences([expected], [stages]) == []


def test_application_info_has_the_shape_of_the_recorded_one(rpc):
    archived = next(
        row for row in rpc.rows("applications", status="Archived") if row["appliedViaJobPostingId"]
    )
    assert missing("application_info", [rpc.results("application.info", applicationId=archived["id"])]) == []


def test_a_refusal_has_the_shape_of_the_sample(rpc):
    unknown = "00000000-0000-4000-8000-000000000000"
    ours = rpc.answer("application.info", {"applicationId": unknown}).json()
    expected = sample("error_application_not_found")
    assert differences(expected, [ours]) == []
    assert (ours["errors"], ours["errorInfo"]["code"]) == (expected["errors"], expected["errorInfo"]["code"])
