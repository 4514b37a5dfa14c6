"""What a synchronisation reads, when, and what it makes of trouble; against the sandbox vendor."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from sqlalchemy import select, update
from world import Account, Synced, World

from app.accounts.clock import clock_of
from app.issues.store import ongoing
from app.jobs import job_table
from app.sync.mapping import taking_in
from app.sync.rows import VendorRows
from app.sync.tables import resource_state
from sandboxes import CREDENTIALS
from sandboxes.greenhouse import ADMIN

LISTS = {"v1": "/v1/scheduled_interviews", "v3": "/v3/interviews"}
RESOURCES = {"v1": "scheduled_interviews", "v3": "interviews"}


def again(world: World, account: Account) -> None:
    """The next scheduled synchronisation, now."""
    world.stop_waiting()
    with world.service.engine.begin() as connection:
        connection.execute(
            update(job_table).where(job_table.c.key == account.id).values(due_at=0, hold_until=0)
        )
    assert world.service.jobs.run_due()


def status_of(account: Account, model: str) -> dict[str, Any]:
    (row,) = [r for r in account.get("/sync-status").json()["results"] if r["model_name"] == model]
    return row


def issues_of(world: World, account: Account) -> dict[str, str]:
    with world.service.reader.connect() as connection:
        return ongoing(connection, account.id)


def interview_ids(world: World, style: str) -> set[str]:
    """Those the vendor lists: the older generation leaves out what is not scheduled."""
    rows = world.sandbox.tables["interviews"].rows.values()
    return {str(row["id"]) for row in rows if style == "v3" or row["starts_at"] or row["all_day_start_on"]}


@pytest.mark.contract("7.2", "7.5")
def test_every_model_is_done_after_the_first_synchronisation(account: Account) -> None:
    rows = account.get("/sync-status").json()["results"]
    assert {row["status"] for row in rows} == {"DONE"}
    assert len(rows) == 16
    assert not any(row["is_initial_sync"] for row in rows)
    for row in rows:
        assert row["last_sync_finished"] >= row["data_fresh_as_of"]


def test_what_the_vendor_lists_is_what_is_served(synced: Synced, account: Account, style: str) -> None:
    served = {row["remote_id"] for row in account.list("/interviews")}
    assert served == interview_ids(synced.world, style)


def test_the_second_synchronisation_asks_only_for_changes(
    synced: Synced, account: Account, style: str
) -> None:
    synced.world.sandbox.controls.received.clear()
    again(synced.world, account)
    (request, *_) = synced.world.sent("GET", LISTS[style])
    fresh = status_of(account, "ScheduledInterview")
    filters = dict(parse_qsl(request.query))
    if style == "v1":
        assert "updated_after" in filters
    else:
        operator, since, upper, until = filters["updated_at"].split("|")
        assert (operator, upper) == ("gte", "lte")
        assert since < until
        assert "created_at" not in filters
    assert fresh["status"] == "DONE"


def test_an_unchanged_account_changes_no_record(synced: Synced, account: Account) -> None:
    before = {row["id"]: row["modified_at"] for row in account.list("/interviews")}
    again(synced.world, account)
    assert {row["id"]: row["modified_at"] for row in account.list("/interviews")} == before


def test_a_change_arrives_with_the_next_synchronisation(synced: Synced, account: Account) -> None:
    interview = next(row for row in account.list("/interviews") if row["status"] == "SCHEDULED")
    synced.world.sandbox.change("interviews", int(interview["remote_id"]), location="Room Kyōto")
    again(synced.world, account)
    changed = account.get(f"/interviews/{interview['id']}").json()
    assert changed["location"] == "Room Kyōto"
    assert changed["modified_at"] > interview["modified_at"]
    assert changed["created_at"] == interview["created_at"]


def test_a_changed_panel_changes_its_interview(synced: Synced) -> None:
    """In Harvest v3 an interview's own row does not change when its panel does."""
    world, account = synced.world, synced.v3
    row = next(r for r in world.sandbox.tables["interviewers"].rows.values() if r["user_id"])
    answer = "declined" if row["response_status"] != "declined" else "accepted"
    world.sandbox.change("interviewers", row["id"], response_status=answer)
    again(world, account)
    interview = account.one("/interviews", remote_id=str(row["interview_id"]))
    (response,) = [r for r in interview["interviewer_responses"] if r["email"] == row["email"]]
    assert response["response_status"] == answer.upper()


@pytest.mark.contract("3.3.2", "3.3.3", "3.3.4")
def test_what_a_full_pass_no_longer_shows_is_deleted(synced: Synced, account: Account, style: str) -> None:
    record = next(row for row in account.list("/interviews") if row["interviewers"])
    gone = record["remote_id"]
    synced.world.sandbox.delete("interviews", int(gone))
    again(synced.world, account)
    assert account.one("/interviews", remote_id=gone), "an incremental pass cannot know"
    synced.world.sync(account)
    assert account.list("/interviews", remote_id=gone) == []
    kept = account.get(f"/interviews/{record['id']}").json()
    assert kept["remote_was_deleted"] is True
    assert kept["modified_at"] > record["modified_at"]
    assert kept["interviewers"] == record["interviewers"] != [], "it stays as it was last seen"
    assert len(account.list("/interviews")) == len(interview_ids(synced.world, style))


def deny(world: World, style: str) -> None:
    if style == "v1":
        world.sandbox.permissions["v1"].denied.add("GET: List Job Posts")
    else:
        world.sandbox.permissions["v3"].denied.add("harvest:job_posts:list")


@pytest.mark.contract("7.3", "12.2")
def test_a_closed_resource_is_switched_off_and_the_rest_goes_on(world: World, style: str) -> None:
    deny(world, style)
    account = world.link(style)
    assert status_of(account, "JobPosting")["status"] == "DISABLED"
    assert status_of(account, "ScheduledInterview")["status"] == "DONE"
    assert account.list("/interviews")
    assert issues_of(world, account) == {"resource:job_posts": "Missing permission"}
    world.sandbox.permissions[style].denied.clear()
    world.a_day_passes()
    world.sync(account)
    assert status_of(account, "JobPosting")["status"] == "DONE"
    assert issues_of(world, account) == {}


def test_interviews_are_read_application_by_application_when_the_list_is_closed(world: World) -> None:
    world.sandbox.permissions["v1"].denied.add("GET: List Scheduled Interviews")
    account = world.link("v1")
    assert {row["remote_id"] for row in account.list("/interviews")} == interview_ids(world, "v1")
    assert status_of(account, "ScheduledInterview")["status"] == "DONE"


@pytest.mark.contract("7.6")
def test_a_throttled_vendor_is_asked_again_when_it_says(world: World) -> None:
    world.sandbox.controls.fail(
        "/v3/interviews", method="GET", times=1, status=429, headers={"Retry-After": "17"}
    )
    account = world.link("v3")
    waiting = status_of(account, "ScheduledInterview")
    assert (waiting["status"], waiting["sync_status_reason"]) == ("SYNCING", "RATE_LIMITED")
    with world.service.reader.connect() as connection:
        row = connection.execute(select(job_table).where(job_table.c.key == account.id)).one()
        now = connection.exec_driver_sql(_NOW[world.service.engine.dialect.name]).scalar_one()
    assert 10 < row.hold_until - float(now) <= 17
    again(world, account)
    assert status_of(account, "ScheduledInterview")["status"] == "DONE"
    assert {row["remote_id"] for row in account.list("/interviews")} == interview_ids(world, "v3")


def test_a_vendor_that_does_not_say_how_long_is_left_alone_longer_each_time(world: World) -> None:
    fail = world.sandbox.controls.fail
    fail("/v3/interviews", method="GET", times=3, status=429)
    account = world.link("v3")
    waits = []
    for _ in range(4):
        with world.service.reader.connect() as connection:
            waits.append(connection.scalar(select(job_table.c.waits).where(job_table.c.key == account.id)))
        again(world, account)
    assert waits == [1, 2, 3, 0]
    fail("/v3/interviews", method="GET", times=1, status=429)
    fail("/v3/scorecards", method="GET", times=1, status=429)
    for _ in range(2):
        again(world, account)
    with world.service.reader.connect() as connection:
        left = connection.scalar(select(job_table.c.waits).where(job_table.c.key == account.id))
    assert left == 1, "between the two it got on"


_NOW = {
    "sqlite": "select (julianday('now')-2440587.5)*86400.0",
    "postgresql": "select extract(epoch from clock_timestamp())",
}


def test_refused_credentials_stop_this_account_and_no_other(synced: Synced) -> None:
    world = synced.world
    world.sandbox.tokens.expire_all()
    clients = world.sandbox.tokens.clients
    clients["sandbox-client"] = replace(clients["sandbox-client"], secret="changed")
    again(world, synced.v3)
    stored = world.stored(synced.v3)
    assert stored.status == "RELINK_NEEDED"
    assert issues_of(world, synced.v3) == {"credentials": "Invalid login credentials"}
    assert synced.v3.list("/interviews"), "what was read before stays readable"
    again(world, synced.v1)
    assert world.stored(synced.v1).status == "COMPLETE"


def test_a_row_that_cannot_be_mapped_is_kept_and_stops_nothing(world: World) -> None:
    bad = next(iter(world.sandbox.tables["offers"].rows))
    world.sandbox.change("offers", bad, starts_on="not a date")
    account = world.link("v3")
    offers = {row["remote_id"] for row in account.list("/offers")}
    assert str(bad) not in offers
    assert len(offers) == len(world.sandbox.tables["offers"].rows) - 1
    assert issues_of(world, account)["mapping:Offer"] == "Unexpected data"
    world.sandbox.change("offers", bad, starts_on="2026-12-01")
    world.a_day_passes()
    again(world, account)
    assert issues_of(world, account) == {}
    assert str(bad) in {row["remote_id"] for row in account.list("/offers")}


def test_a_list_that_repeats_its_cursor_fails_alone(world: World) -> None:
    link = '<https://harvest.greenhouse.io/v3/tags?cursor=same>; rel="next"'
    world.sandbox.controls.fail(
        "/v3/candidate_tags", method="GET", times=9, status=200, headers={"Link": link}, body=[]
    )
    account = world.link("v3")
    assert status_of(account, "Tag")["status"] == "FAILED"
    assert status_of(account, "ScheduledInterview")["status"] == "DONE"


def test_a_pass_goes_on_from_its_checkpoint(world: World) -> None:
    """Every page and its checkpoint are one transaction: what failed in between is read again, no more."""
    account = world.link("v3", sync=False)
    world.sandbox.controls.fail("/v3/interviews", method="GET", times=3, status=503)
    world.service.jobs.run_due()
    with world.service.reader.connect() as connection:
        states = {r.resource: r for r in connection.execute(select(resource_state))}
    assert states["applications"].finished_at is not None
    assert states["interviews"].finished_at is None
    world.sandbox.controls.received.clear()
    again(world, account)
    assert not world.sent("GET", "/v3/applications"), "what was done is not read again in the same run"
    assert {row["remote_id"] for row in account.list("/interviews")} == interview_ids(world, "v3")


def test_text_no_database_takes_is_cleaned_and_stops_nothing(world: World) -> None:
    account = world.link("v3", sync=False)
    api = world.service.connector.api(account.id)
    rows = [{"id": 1, "name": "a\ud800b\0c", "big": 2**70}, {"id": 2, "name": "Plain"}]
    with world.service.jobs.begin() as connection, taking_in(connection, account.id, api) as intake:
        intake.take(api.resource("departments"), rows)
    names = {row["remote_id"]: row["name"] for row in account.list("/departments")}
    assert names == {"1": "a?bc", "2": "Plain"}


def test_a_pass_whose_cursors_age_again_is_read_anew_in_full(synced: Synced) -> None:
    """Half of an incremental pass and the end of a full one would take out what neither showed."""
    world, account = synced.world, synced.v3
    before = interview_ids(world, "v3")
    link = '<https://harvest.greenhouse.io/v3/interviews?cursor=aged>; rel="next"'
    fail = world.sandbox.controls.fail
    fail("/v3/interviews", method="GET", times=1, status=200, headers={"Link": link}, body=[])
    fail("/v3/interviews", method="GET", times=1, status=422, body={"message": "no such cursor"})
    fail("/v3/interviews", method="GET", times=1, status=200, headers={"Link": link}, body=[])
    fail("/v3/interviews", method="GET", times=1, status=422, body={"message": "no such cursor"})
    world.sandbox.controls.received.clear()
    again(world, account)
    first, aged, second, _, *anew = [request.query for request in world.sent("GET", LISTS["v3"])]
    assert "updated_at" in first and second == first, "once the same changes are asked for again"
    assert aged == "cursor=aged"
    assert anew
    assert not any("updated_at" in query for query in anew)
    assert {row["remote_id"] for row in account.list("/interviews")} == before


def test_a_list_that_is_suddenly_empty_takes_nothing_out(synced: Synced) -> None:
    world, account = synced.world, synced.v3
    before = len(account.list("/candidates"))
    world.sandbox.controls.fail("/v3/candidates", method="GET", times=9, status=200, body=[])
    world.sync(account)
    assert len(account.list("/candidates")) == before
    assert status_of(account, "Candidate")["status"] == "FAILED"
    assert issues_of(world, account) == {"resource:candidates": "Unexpected answer"}


def test_a_row_that_moved_between_pages_is_asked_for_again(synced: Synced, account: Account) -> None:
    """Numbered pages skip a row when one before it goes: no page showed it, but the vendor has it."""
    world = synced.world
    rows = world.sandbox.tables["departments"].rows
    hidden = next(iter(rows))
    shown = account.list("/departments", include_remote_data=True)
    body = [r["remote_data"][0]["data"] for r in shown if r["remote_id"] != str(hidden)]
    for generation in ("v1", "v3"):
        world.sandbox.controls.fail(
            f"/{generation}/departments", method="GET", times=1, status=200, body=body
        )
    world.sync(account)
    assert {row["remote_id"] for row in account.list("/departments")} == {str(key) for key in rows}


def test_what_was_written_is_not_undone_by_an_older_page(synced: Synced) -> None:
    world, account = synced.world, synced.v3
    api = world.service.connector.api(account.id)
    kept, gone = [row for row in account.list("/interviews") if row["status"] == "SCHEDULED"][:2]
    with world.service.reader.connect() as connection:
        asked_at = clock_of(connection, account.id)
        older = list(
            VendorRows(connection, account.id, 0)
            .get("interviews", [kept["remote_id"], gone["remote_id"]])
            .values()
        )
    change = {"model": {"location": "Attic"}, "remote_user_id": str(ADMIN)}
    assert account.http.patch(f"/interviews/{kept['id']}", json=change).status_code == 200
    assert account.http.delete(f"/interviews/{gone['id']}").status_code == 200
    with world.service.jobs.begin() as connection, taking_in(connection, account.id, api, asked_at) as intake:
        intake.take(api.resource("interviews"), older)
    assert account.get(f"/interviews/{kept['id']}").json()["location"] == "Attic"
    assert account.get(f"/interviews/{gone['id']}").json()["remote_was_deleted"] is True


def test_a_row_with_one_odd_part_keeps_what_it_gave_before(world: World) -> None:
    account = world.link("v1", sync=False)
    api = world.service.connector.api(account.id)
    candidate = {
        "id": 7,
        "attachments": [{"filename": "cv.pdf", "url": "u", "type": "resume", "created_at": None}],
    }
    for row in (candidate, {**candidate, "attachments": [*candidate["attachments"], 5]}):
        with world.service.jobs.begin() as connection, taking_in(connection, account.id, api) as intake:
            intake.take(api.resource("candidates"), [row])
        assert [row["file_name"] for row in account.list("/attachments")] == ["cv.pdf"]


def test_a_join_that_arrives_late_reaches_its_records(world: World) -> None:
    world.sandbox.permissions["v3"].denied.add("harvest:job_interviews:list")
    account = world.link("v3")
    assert not any(row["job_interview_stage"] for row in account.list("/interviews"))
    world.sandbox.permissions["v3"].denied.clear()
    world.sync(account)
    assert all(row["job_interview_stage"] for row in account.list("/interviews"))


def test_a_relink_to_the_newer_generation_leaves_nothing_double(world: World) -> None:
    account = world.link("v1")
    world.sandbox.api_key = "another"
    again(world, account)
    assert world.stored(account).status == "RELINK_NEEDED"
    body = {
        "integration": "greenhouse",
        "credentials": CREDENTIALS["greenhouse"]["v3"],
        "end_user_origin_id": "origin-0",
    }
    answer = world.http.post("/linked-accounts", json=body)
    assert (answer.status_code, answer.json()["id"]) == (200, account.id)
    assert world.service.jobs.run_due()
    assert len(account.list("/attachments")) == len(world.sandbox.tables["attachments"].rows)
    assert {row["remote_id"] for row in account.list("/interviews")} == interview_ids(world, "v3")
    assert {row["status"] for row in account.get("/sync-status").json()["results"]} == {"DONE"}


@pytest.mark.contract("3.1.3")
def test_who_reads_up_to_the_last_sync_finished_finds_a_write(synced: Synced) -> None:
    account = synced.v3
    interview = next(row for row in account.list("/interviews") if row["status"] == "SCHEDULED")
    change = {"model": {"location": "Attic"}, "remote_user_id": str(ADMIN)}
    assert account.http.patch(f"/interviews/{interview['id']}", json=change).status_code == 200
    until = status_of(account, "ScheduledInterview")["last_sync_finished"]
    found = account.list("/interviews", modified_before=until, modified_after=interview["modified_at"])
    assert interview["id"] in {row["id"] for row in found}


@pytest.mark.contract("7.1", "7.5")
def test_records_can_be_read_while_the_first_synchronisation_runs(world: World) -> None:
    account = world.link("v3", sync=False)
    world.sandbox.controls.fail("/v3/interviews", method="GET", times=9, status=503)
    world.service.jobs.run_due()
    assert account.list("/candidates")
    unread = status_of(account, "ScheduledInterview")
    assert (unread["status"], unread["is_initial_sync"]) == ("SYNCING", True)
    assert account.list("/interviews") == []


@pytest.mark.contract("7.7")
def test_the_next_synchronisation_is_due_when_the_interval_has_passed(world: World) -> None:
    interval = timedelta(seconds=world.settings.sync_interval)
    for row in world.link("v3").get("/sync-status").json()["results"]:
        waiting = datetime.fromisoformat(row["next_sync_start"]) - datetime.now(UTC)
        assert timedelta(0) < waiting <= interval


@pytest.mark.contract("7.8")
def test_a_resync_that_is_asked_for_twice_is_one(synced: Synced) -> None:
    world, account = synced.world, synced.v3
    read = []
    for times in (1, 2):
        world.sandbox.controls.received.clear()
        for _ in range(times):
            answer = account.http.post("/sync-status/resync")
            assert [row["status"] for row in answer.json()] == ["SYNCING"] * 16
        assert world.service.jobs.run_due()
        read.append(len(world.sent("GET", LISTS["v3"])))
    assert read[0] == read[1] > 0


@pytest.mark.contract("3.4.3")
def test_the_vendors_data_is_as_new_as_the_record(synced: Synced, account: Account) -> None:
    interview = next(row for row in account.list("/interviews") if row["status"] == "SCHEDULED")
    synced.world.sandbox.change("interviews", int(interview["remote_id"]), location="Room Kyōto")
    again(synced.world, account)
    shown = account.get(f"/interviews/{interview['id']}", include_remote_data="true").json()
    places = [entry["data"].get("location") for entry in shown["remote_data"]]
    assert shown["location"] == "Room Kyōto"
    assert "Room Kyōto" in places
    assert interview["location"] not in places
