"""Subscribers are told when a model has been read, and when a synchronisation is over."""

from collections import Counter

import pytest
from subscriber import Subscribe, Subscriber
from world import World

from app.webhooks.events import RECORD_MODELS

pytestmark = pytest.mark.usefixtures("private_targets")


@pytest.mark.contract("11.4")
def test_a_synchronisation(world: World, subscriber: Subscriber, subscribe: Subscribe, style: str) -> None:
    subscribe("LinkedAccount.*", *(f"{name}.synced" for name in RECORD_MODELS))
    account = world.link(style)
    for initial in (True, False):
        rows = account.get("/sync-status").json()["results"]
        by_model = {row["model_name"]: row for row in rows}
        synced = [h for h in subscriber.accepted if h.event.endswith(".synced")]
        assert Counter(h.event for h in synced) == Counter(
            f"{n}.synced" for n in by_model if n != "JobPosting"
        )
        for hook in synced:
            data, name = hook.body["data"], hook.event.partition(".")[0]
            assert (data["integration_name"], data["integration_id"]) == ("Greenhouse", "greenhouse")
            told, now = data["sync_status"], by_model[name]
            assert told.keys() == now.keys()
            for key in ("model_name", "model_id", "last_sync_result", "last_sync_start", "data_fresh_as_of"):
                assert told[key] == now[key]
            assert told["status"] == "DONE"
            first = account.list(f"/{PATHS[name]}", page_size=1)[:1] if name in PATHS else []
            for record in first:
                assert set(data["synced_fields"]) <= record.keys()
            assert data["synced_fields"]
        (completed,) = [h.body["data"] for h in subscriber.accepted if "completed" in h.event]
        assert completed["is_initial_sync"] is initial
        assert (completed["integration_name"], completed["integration_id"]) == ("Greenhouse", "greenhouse")
        assert completed["sync_status"].keys() == {row["model_id"] for row in rows}
        interviews = completed["sync_status"]["ats.ScheduledInterview"]
        assert interviews == {key: by_model["ScheduledInterview"][key] for key in interviews}
        assert list(interviews) == [
            "last_sync_finished",
            "last_sync_result",
            "data_fresh_as_of",
            "sync_status_reason",
        ]
        assert not [h for h in subscriber.accepted if h.event == "LinkedAccount.synced"], "deprecated"
        subscriber.received.clear()
        world.sync(account)


PATHS = {"ScheduledInterview": "interviews", "Candidate": "candidates", "RemoteUser": "users"}


@pytest.mark.contract("11.4")
def test_a_model_that_cannot_be_read_is_over_too(
    world: World, subscriber: Subscriber, subscribe: Subscribe
) -> None:
    world.sandbox.permissions["v3"].denied.add("harvest:job_interviews:list")
    subscribe("LinkedAccount.sync_completed", "JobInterviewStage.synced", "ScheduledInterview.synced")
    world.sandbox.permissions["v3"].denied.add("harvest:offers:list")
    subscribe("Offer.synced")
    world.link("v3")
    results = {
        h.event: h.body["data"]["sync_status"]["last_sync_result"]
        for h in subscriber.accepted
        if h.event.endswith(".synced")
    }
    assert results == {
        "JobInterviewStage.synced": "DONE",
        "ScheduledInterview.synced": "PARTIALLY_SYNCED",
        "Offer.synced": "DISABLED",
    }
    (completed,) = [h.body["data"] for h in subscriber.accepted if "completed" in h.event]
    assert completed["sync_status"]["ats.Offer"]["last_sync_result"] == "DISABLED"
