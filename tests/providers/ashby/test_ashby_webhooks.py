"""Webhooks of a small Ashby: genuine ones are taken in, others refused, and a ping is answered."""

import hashlib
import hmac
import json
from typing import Any

import httpx
import pytest
from small_ashby import SmallAshby, remote_ids, run
from world import Account, World

SECRET = "a secret token"


@pytest.fixture
def receiving(account: Account) -> Account:
    account.http.post("/webhook-receivers", json={"event": "any", "is_active": True, "key": SECRET})
    return account


def deliver(account: Account, action: str, data: Any, secret: str | None = SECRET) -> int:
    raw = json.dumps({"action": action, "data": data}, indent=1).encode()  # the bytes count, not the JSON
    signature = hmac.new((secret or "").encode(), raw, hashlib.sha256).hexdigest()
    headers = {"Ashby-Signature": f"sha256={signature}"} if secret else {}
    url = str(account.http.base_url).split("/api/")[0] + account.listener
    return httpx.post(url, content=raw, headers=headers).status_code


def taken_in(world: World, account: Account, action: str, data: Any) -> None:
    assert deliver(account, action, data) == 200
    while world.service.jobs.run_due():
        pass


def test_a_ping_is_answered(receiving: Account, vendor: SmallAshby) -> None:
    """Else Ashby leaves the webhook disabled."""
    assert deliver(receiving, "ping", {"webhookActionType": "offerCreate"}) == 200


def test_what_is_not_genuine_is_refused(receiving: Account) -> None:
    assert deliver(receiving, "ping", {}, secret="another") in (401, 403)
    assert deliver(receiving, "ping", {}, secret=None) in (401, 403)


def test_a_new_schedule_is_read_by_its_application(
    world: World, receiving: Account, vendor: SmallAshby
) -> None:
    times = {"startTime": "2026-12-01T15:00:00.000Z", "endTime": "2026-12-01T16:00:00.000Z"}
    row = vendor.put(
        "interviewSchedule",
        "x2",
        applicationId="a2",
        status="Scheduled",
        interviewEvents=[{"id": "e5", **times}],
    )
    told = row | {"status": "NeedsScheduling", "interviewEvents": []}  # an older state than Ashby has now
    taken_in(world, receiving, "interviewScheduleCreate", {"interviewSchedule": told})
    assert receiving.one("/interviews", remote_id="e5")["status"] == "SCHEDULED"
    assert [call.path for call in vendor.calls] == ["/interviewSchedule.list"]


def test_an_event_that_left_its_schedule_is_deleted_at_once(
    world: World, receiving: Account, vendor: SmallAshby
) -> None:
    row = vendor.rows["interviewSchedule"]["x1"]
    row["interviewEvents"] = row["interviewEvents"][1:]
    taken_in(world, receiving, "interviewScheduleUpdate", {"interviewSchedule": row})
    assert remote_ids(receiving, "/interviews") == {"e2"}


def test_a_deleted_candidate_takes_everything_along(
    world: World, receiving: Account, vendor: SmallAshby
) -> None:
    taken_in(world, receiving, "candidateDelete", {"candidate": {"id": "c1"}})
    assert not vendor.calls
    assert remote_ids(receiving, "/candidates") == {"c2"}
    assert remote_ids(receiving, "/applications") == {"a2"}
    assert remote_ids(receiving, "/attachments") == {"f2"}
    assert remote_ids(receiving, "/activities") == {"n2"}
    for path in ("/interviews", "/scorecards", "/offers"):
        assert remote_ids(receiving, path) == set(), path


def test_merged_candidates_keep_their_applications(
    world: World, receiving: Account, vendor: SmallAshby
) -> None:
    del vendor.rows["candidate"]["c1"]
    vendor.rows["application"]["a1"]["candidate"] = {"id": "c2"}
    data = {"deletedCandidate": {"id": "c1"}, "mergedCandidate": {"id": "c2", "applicationIds": ["a1", "a2"]}}
    taken_in(world, receiving, "candidateMerge", data)
    assert remote_ids(receiving, "/candidates") == {"c2"}
    stays = receiving.one("/candidates")["id"]
    assert {row["candidate"] for row in receiving.list("/applications")} == {stays}
    assert remote_ids(receiving, "/interviews") == {"e1", "e2"}


def test_another_plan_has_stages_and_applications_read_anew(
    world: World, receiving: Account, vendor: SmallAshby
) -> None:
    del vendor.rows["interviewStage"]["s1"]
    stage = vendor.put("interviewStage", "s3", title="Talk", interviewPlanId="p1")
    for row in vendor.rows["application"].values():  # though no list of changes shows it
        row["currentInterviewStage"] = stage
    taken_in(world, receiving, "interviewPlanTransition", {"job": {"id": "j1"}})
    assert remote_ids(receiving, "/job-interview-stages") == {"s2", "s3"}
    now = receiving.one("/job-interview-stages", remote_id="s3")["id"]
    assert {row["current_stage"] for row in receiving.list("/applications")} == {now}


def test_an_offer_is_found_in_its_list(world: World, receiving: Account, vendor: SmallAshby) -> None:
    for number in range(2, 6):
        vendor.put("offer", f"o{number}", applicationId="a2", offerStatus="CandidateRejected")
    taken_in(world, receiving, "offerUpdate", {"offer": {"id": "o4"}})
    assert receiving.one("/offers", remote_id="o4")["status"] == "DENIED"
    taken_in(world, receiving, "offerDelete", {"offer": {"id": "o4"}})
    assert remote_ids(receiving, "/offers") == {"o1"}
    run(world, receiving)
    assert "o5" in remote_ids(receiving, "/offers")
