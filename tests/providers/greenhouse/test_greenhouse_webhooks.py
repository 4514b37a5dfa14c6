"""Webhooks: genuine ones only, in the words of either generation's resources."""

import hashlib
import hmac
from typing import Any

import pytest
from harvest import api

from providers.kit import Refetch, Remove

BODY = rb'{"action":"ping","payload":{"name":"Ren\u00e9 \u003cb\u003e"}}'
KEY = "whsec"
GOOD = hmac.new(KEY.encode(), BODY, hashlib.sha256).hexdigest()


def parse(generation: str, action: str, payload: Any) -> list[Refetch | Remove]:
    webhooks = api(generation).webhooks
    assert webhooks is not None
    return webhooks.parse({"action": action, "payload": payload})


@pytest.mark.parametrize(
    ("signature", "body", "key", "genuine"),
    [
        (f"sha256 {GOOD}", BODY, KEY, True),
        (GOOD, BODY, KEY, False),
        (f"sha256={GOOD}", BODY, KEY, False),
        (f"sha256 {GOOD.upper()}", BODY, KEY, False),
        (f"sha256 {GOOD[:-1]}", BODY, KEY, False),
        (f"sha256 {GOOD}", BODY.replace(b"\\u003c", b"<"), KEY, False),
        (f"sha256 {GOOD}", BODY, "other", False),
        (f"sha256 {hmac.new(b'', BODY, hashlib.sha256).hexdigest()}", BODY, "", False),
        ("sha256 \u00e9", BODY, KEY, False),
        (None, BODY, KEY, False),
    ],
)
def test_signature_is_of_the_bytes_as_received(
    signature: str | None, body: bytes, key: str, genuine: bool
) -> None:
    webhooks = api("v3").webhooks
    assert webhooks is not None
    headers = {} if signature is None else {"signature": signature}
    assert webhooks.verify(headers, body, key) is genuine


def test_delivery_has_an_id() -> None:
    webhooks = api("v1").webhooks
    assert webhooks is not None
    assert webhooks.delivery_id({"greenhouse-event-id": "e1"}, b"") == "e1"
    assert webhooks.delivery_id({}, b"") is None


CHANGES = [
    *[
        (
            action,
            {"application": {"id": 265277, "candidate": {"id": 265772}}},
            [Refetch("candidates", "265772"), Refetch("applications", "265277")],
        )
        for action in (
            *("new_candidate_application", "new_prospect_application", "application_updated"),
            *("candidate_stage_change", "hire_candidate", "unhire_candidate"),
            *("reject_candidate", "unreject_candidate"),
        )
    ],
    ("update_candidate", {"candidate": {"id": 1}}, [Refetch("candidates", "1")]),
    ("candidate_anonymized", {"person": {"id": 1}}, [Refetch("candidates", "1")]),
    ("offer_created", {"id": 12345, "application_id": 2}, [Refetch("offers", "12345")]),
    ("offer_approved", {"id": 12345}, [Refetch("offers", "12345")]),
    ("offer_updated", {"id": 12345}, [Refetch("offers", "12345")]),
    ("offer_deleted", {"id": 12345}, [Remove("offers", "12345")]),
    ("job_created", {"job": {"id": 3}}, [Refetch("jobs", "3")]),
    ("job_updated", {"job": {"id": 3}}, [Refetch("jobs", "3")]),
    ("job_approved", {"job": {"id": 3}}, [Refetch("jobs", "3")]),
    ("job_post_created", {"job_post": {"id": 4}}, [Refetch("job_posts", "4")]),
    ("job_post_updated", {"job_post": {"id": 4}}, [Refetch("job_posts", "4")]),
    ("job_post_deleted", {"job_post": {"id": 258341, "job_id": 284999}}, [Remove("job_posts", "258341")]),
    ("scorecard_deleted", {"scorecard": {"id": 6036088}}, [Remove("scorecards", "6036088")]),
    ("department_deleted", {"department": {"id": 106}}, [Remove("departments", "106")]),
    ("office_deleted", {"office": {"id": 107}}, [Remove("offices", "107")]),
    (
        "merge_candidate",
        {"person": {"id": 37031511, "new_candidate_id": 457456}},
        [Remove("candidates", "37031511"), Refetch("candidates", "457456")],
    ),
    ("ping", {"name": "hook"}, []),
    ("something_new", {"id": 1}, []),
    ("update_candidate", {}, []),
    ("job_deleted", {}, []),
]


@pytest.mark.parametrize("generation", ["v1", "v3"])
@pytest.mark.parametrize(("action", "payload", "told"), CHANGES, ids=[c[0] for c in CHANGES])
def test_events(generation: str, action: str, payload: Any, told: list[Refetch | Remove]) -> None:
    assert parse(generation, action, payload) == told


@pytest.mark.parametrize(("generation", "interviews"), [("v1", "scheduled_interviews"), ("v3", "interviews")])
def test_what_hangs_on_an_application_goes_with_it(generation: str, interviews: str) -> None:
    told = parse(generation, "delete_application", {"application": {"id": 46194062, "candidate_id": 1}})
    assert told == [
        Remove(interviews, "46194062", on="application_id"),
        Remove("scorecards", "46194062", on="application_id"),
        Remove("offers", "46194062", on="application_id"),
        Remove("applications", "46194062"),
    ]
    assert parse(generation, "interview_deleted", {"interview": {"id": 31087450}}) == [
        Remove(interviews, "31087450")
    ]


@pytest.mark.parametrize(("generation", "activities"), [("v1", "activity_feed"), ("v3", "notes")])
def test_what_hangs_on_a_candidate_goes_with_it(generation: str, activities: str) -> None:
    told = parse(
        generation, "delete_candidate", {"person": {"id": 37031511, "deleted_application_ids": [46196263]}}
    )
    assert Remove("applications", "46196263") in told
    assert Remove("offers", "46196263", on="application_id") in told
    assert Remove("applications", "37031511", on="candidate_id") in told
    assert Remove(activities, "37031511", on="candidate_id") in told
    assert (Remove("attachments", "37031511", on="candidate_id") in told) is (generation == "v3")
    assert told[-1] == Remove("candidates", "37031511")


def test_parts_of_jobs_and_stages() -> None:
    assert parse("v1", "job_deleted", {"job": {"id": 209256}}) == [
        Remove("job_stages", "209256", on="job_id"),
        Remove("job_posts", "209256", on="job_id"),
        Remove("jobs", "209256"),
    ]
    stage = {"job_interview_stage": {"id": 430608, "job_id": 60453}}
    assert parse("v1", "job_interview_stage_deleted", stage) == [Remove("job_stages", "430608")]
    assert parse("v3", "job_interview_stage_deleted", stage) == [
        Remove("job_interviews", "430608", on="job_interview_stage_id"),
        Remove("job_interview_stages", "430608"),
    ]


def test_everything_told_of_exists() -> None:
    for generation in ("v1", "v3"):
        made = api(generation)
        payload = {
            name: {"id": 1, "new_candidate_id": 2, "candidate": {"id": 3}, "deleted_application_ids": [4]}
            for name in ("person", "application", "candidate", "job", "interview", "job_interview_stage")
        }
        for action in (
            "delete_candidate",
            "delete_application",
            "job_deleted",
            "job_interview_stage_deleted",
        ):
            for event in parse(generation, action, payload):
                resource = made.resource(event.resource)
                assert isinstance(event, Remove)
                assert event.on == "id" or event.on in resource.index


@pytest.mark.parametrize("body", [None, [], {}, {"action": "job_created"}, {"action": None, "payload": {}}])
def test_bodies_without_meaning(body: Any) -> None:
    webhooks = api("v3").webhooks
    assert webhooks is not None
    assert webhooks.parse(body) == []
