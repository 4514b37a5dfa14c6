"""Sync status and resync as callers see them."""

import pytest
from merge import Merge
from merge.resources.ats import types
from reference import valid, valid_page
from world import Account, Json, Synced


@pytest.mark.contract("7.2", "7.5")
def test_every_row_has_the_references_shape(account: Account) -> None:
    body = account.get("/sync-status", page_size=100).json()
    rows = valid_page(types.SyncStatus, body)
    assert (body["next"], body["previous"], len(rows)) == (None, None, 16)
    assert {(r.status, r.last_sync_result, r.is_initial_sync) for r in rows} == {("DONE", "DONE", False)}
    assert {r.model_id for r in rows} >= {"ats.Candidate", "ats.ScheduledInterview"}


@pytest.mark.contract("2.1", "2.3", "2.4")
def test_pages(account: Account) -> None:
    whole = account.get("/sync-status").json()["results"]

    def page(cursor: str | None) -> Json:
        return dict(account.get("/sync-status", page_size=6, **({"cursor": cursor} if cursor else {})).json())

    first = page(None)
    second = page(first["next"])
    third = page(second["next"])
    assert [len(p["results"]) for p in (first, second, third)] == [6, 6, 4]
    assert first["results"] + second["results"] + third["results"] == whole
    assert (first["previous"], third["next"]) == (None, None)
    assert page(third["previous"])["results"] == second["results"]
    assert page(page(third["previous"])["previous"])["previous"] is None
    assert account.get("/sync-status", cursor="x").status_code == 404


@pytest.mark.contract("7.8", "13")
def test_a_resync_answers_the_rows_themselves_and_is_written_down_once(synced: Synced) -> None:
    world, account = synced.world, synced.v1
    client = Merge(base_url=f"{world.url}/api", api_key=world.key, account_token=account.token)
    assert len(client.ats.force_resync.sync_status_resync_create()) == 16
    rows = account.http.post("/sync-status/resync").json()
    assert isinstance(rows, list)
    for row in rows:
        valid(types.SyncStatus, row)
    world.service.jobs.run_due()
    events = world.http.get("/audit-trail", params={"event_type": "FORCED_LINKED_ACCOUNT_RESYNC"}).json()
    assert len(events["results"]) == 2
    assert all(account.id in event["event_description"] for event in events["results"])
    assert {event["role"] for event in events["results"]} == {"API"}
