"""What the store keeps true: relations, reverse lists, deletions, stamps."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from world import Account, Json, Synced, World

from app.accounts.clock import next_stamp
from app.common.models import MODELS
from app.issues.store import ongoing
from app.records.drafts import BadRecord, draft
from app.records.store import Changes, RecordStore
from app.records.tables import vendor_row

Do = Callable[..., Changes]


@pytest.fixture
def account(world: World) -> Account:
    return world.link(sync=False)


@pytest.fixture
def put(world: World, account: Account) -> Do:
    """Store records of a model in a transaction of its own."""

    def do(model: str, *records: Json) -> Changes:
        with world.service.jobs.begin() as connection:
            store = RecordStore(connection, account.id, next_stamp(connection, account.id))
            store.put([draft(account.id, MODELS[model], record) for record in records])
            return store.changes

    return do


@pytest.fixture
def remove(world: World, account: Account) -> Do:
    def do(model: str, *ids: str) -> Changes:
        with world.service.jobs.begin() as connection:
            store = RecordStore(connection, account.id, next_stamp(connection, account.id))
            store.remove(MODELS[model], ids)
            return store.changes

    return do


def test_ids_follow_from_account_model_and_vendor_id(account: Account, put: Do) -> None:
    put("Candidate", {"remote_id": 7})
    expected = uuid.uuid5(uuid.UUID(account.id), "Candidate:7")
    assert account.one("/candidates")["id"] == str(expected)


@pytest.mark.contract("1.9")
def test_every_record_synchronised_has_its_derived_id(synced: Synced) -> None:
    for path, model in (("interviews", "ScheduledInterview"), ("users", "RemoteUser"), ("eeocs", "EEOC")):
        for record in synced.v3.list(path):
            name = f"{model}:{record['remote_id']}"
            assert record["id"] == str(uuid.uuid5(uuid.UUID(synced.v3.id), name))


def test_a_relation_waits_for_its_target(account: Account, put: Do) -> None:
    put("ScheduledInterview", {"remote_id": 1, "application": 5, "interviewers": [8, 9], "organizer": 9})
    early = account.one("/interviews")
    assert (early["application"], early["interviewers"], early["organizer"]) == (None, [], None)
    assert put("RemoteUser", {"remote_id": 9}).changed
    user = account.one("/users")["id"]
    half = account.one("/interviews")
    assert (half["application"], half["interviewers"], half["organizer"]) == (None, [user], user)
    assert half["modified_at"] > early["modified_at"]
    put("RemoteUser", {"remote_id": 8})
    put("Application", {"remote_id": 5})
    late = account.one("/interviews")
    assert late["application"] == account.one("/applications")["id"]
    assert late["interviewers"] == [account.one("/users", remote_id=n)["id"] for n in (8, 9)]
    assert late["created_at"] == early["created_at"]
    assert account.one("/interviews", modified_after=half["modified_at"]) == late


def test_a_filter_finds_nothing_that_is_not_shown(account: Account, put: Do) -> None:
    put("Application", {"remote_id": 1, "candidate": 5})
    target = str(uuid.uuid5(uuid.UUID(account.id), "Candidate:5"))
    assert account.one("/applications")["candidate"] is None
    put("Candidate", {"remote_id": 5})
    assert account.one("/applications", candidate_id=target)["candidate"] == target


def test_relations_inside_small_objects_wait_too(account: Account, put: Do) -> None:
    put("ScheduledInterview", {"remote_id": 1, "interviewer_responses": [{"user": 8, "email": "a@b.test"}]})
    (answer,) = account.one("/interviews")["interviewer_responses"]
    assert (answer["user"], answer["email"]) == (None, "a@b.test")
    put("RemoteUser", {"remote_id": 8})
    (answer,) = account.one("/interviews")["interviewer_responses"]
    assert answer["user"] == account.one("/users")["id"]


def test_records_of_one_page_may_name_each_other(account: Account, put: Do) -> None:
    put("Candidate", {"remote_id": 1})
    put("Application", {"remote_id": 1, "candidate": 1}, {"remote_id": 2, "candidate": 1})
    assert len(account.one("/candidates")["applications"]) == 2


def test_reverse_lists(account: Account, put: Do, remove: Do) -> None:
    put("Candidate", {"remote_id": 1}, {"remote_id": 2})
    one, two = (account.one("/candidates", remote_id=n) for n in (1, 2))
    assert one["applications"] == []
    put("Application", {"remote_id": 5, "candidate": 1})
    application = account.one("/applications")["id"]
    grown = account.get(f"/candidates/{one['id']}").json()
    assert grown["applications"] == [application]
    assert grown["modified_at"] > one["modified_at"]
    put("Application", {"remote_id": 5, "candidate": 2})
    assert account.get(f"/candidates/{one['id']}").json()["applications"] == []
    assert account.get(f"/candidates/{two['id']}").json()["applications"] == [application]
    remove("Application", application)
    assert account.get(f"/candidates/{two['id']}").json()["applications"] == []
    put("Application", {"remote_id": 5, "candidate": 2})
    assert account.get(f"/candidates/{two['id']}").json()["applications"] == [application]
    put("Application", {"remote_id": 5})
    assert account.get(f"/candidates/{two['id']}").json()["applications"] == []


def test_reverse_lists_of_a_parent_that_comes_late(account: Account, put: Do) -> None:
    put("Application", {"remote_id": 5, "candidate": 1})
    put("Candidate", {"remote_id": 1})
    assert account.one("/candidates")["applications"] == [account.one("/applications")["id"]]


def test_unchanged_content_is_no_change(account: Account, put: Do) -> None:
    record = {"remote_id": 1, "first_name": "Ada", "email_addresses": [{"value": "a@b.test"}], "tags": ["x"]}
    put("Candidate", record)
    before = account.one("/candidates")
    again = put("Candidate", record)
    assert not (again.added or again.changed or again.removed)
    assert account.one("/candidates") == before
    assert put("Candidate", record | {"first_name": "Eda"}).changed
    after = account.one("/candidates")
    assert after["modified_at"] > before["modified_at"]
    assert after["created_at"] == before["created_at"]
    assert account.one("/candidates", first_name="Eda") == after
    assert account.list("/candidates", first_name="Ada") == []


def test_filtered_lists_follow_the_content(account: Account, put: Do) -> None:
    put("Candidate", {"remote_id": 1, "tags": ["x", "y"]})
    put("Candidate", {"remote_id": 1, "tags": ["y", "z"]})
    assert [len(account.list("/candidates", tags=t)) for t in "xyz"] == [0, 1, 1]


def test_a_volatile_field_is_renewed_without_a_change(account: Account, put: Do) -> None:
    put("Attachment", {"remote_id": 1, "file_name": "cv.pdf", "file_url": "https://a.test/?signature=1"})
    before = account.one("/attachments")
    changes = put(
        "Attachment", {"remote_id": 1, "file_name": "cv.pdf", "file_url": "https://a.test/?signature=2"}
    )
    assert not (changes.added or changes.changed or changes.removed)
    after = account.one("/attachments")
    assert after == before | {"file_url": "https://a.test/?signature=2"}
    put("Attachment", {"remote_id": 1, "file_name": "new.pdf", "file_url": "https://a.test/?signature=3"})
    last = account.one("/attachments")
    assert last["modified_at"] > before["modified_at"]
    assert last["file_url"] == "https://a.test/?signature=3"


def test_signed_addresses_of_the_vendor(synced: Synced) -> None:
    for account in (synced.v1, synced.v3):
        before = account.list("/attachments")
        synced.world.sync(account)
        after = account.list("/attachments")
        assert [r["modified_at"] for r in after] == [r["modified_at"] for r in before]
        assert all(a["file_url"] != b["file_url"] for a, b in zip(after, before, strict=True))


def test_a_full_sync_of_the_same_changes_nothing(synced: Synced) -> None:
    paths = (
        "interviews",
        "candidates",
        "applications",
        "jobs",
        "scorecards",
        "users",
        "activities",
        "offers",
    )
    before = {path: synced.v3.list(path) for path in paths}
    synced.world.sync(synced.v3)
    assert {path: synced.v3.list(path) for path in paths} == before


@pytest.mark.contract("3.3.2")
def test_deleted_and_seen_again(account: Account, put: Do, remove: Do) -> None:
    put("Tag", {"remote_id": 1, "name": "x"})
    first = account.one("/tags")
    assert remove("Tag", first["id"]).removed
    assert not remove("Tag", first["id"]).removed, "once is enough"
    assert account.list("/tags") == []
    gone = account.one("/tags", include_deleted_data="true")
    assert gone == first | {"remote_was_deleted": True, "modified_at": gone["modified_at"]}
    put("Tag", {"remote_id": 1, "name": "x"})
    back = account.one("/tags")
    assert back == first | {"modified_at": back["modified_at"]}
    assert back["modified_at"] > gone["modified_at"] > first["modified_at"]


def test_stamps_grow_strictly(
    world: World, account: Account, put: Do, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when the clock of the machine stands still, or goes back."""
    put("Tag", {"remote_id": 0, "name": "x"})
    monkeypatch.setattr("app.accounts.clock.now", lambda: 1)
    for n in range(1, 4):
        put("Tag", {"remote_id": n, "name": "x"})
    times = [r["created_at"] for r in account.list("/tags")]
    assert times == sorted(set(times))
    assert [r["remote_id"] for r in account.list("/tags")] == ["0", "1", "2", "3"]


def test_nul_in_a_text(account: Account, put: Do) -> None:
    put("Candidate", {"remote_id": 1, "first_name": "A\0da", "tags": ["x"]})
    assert account.one("/candidates")["first_name"] == "Ada"


@pytest.mark.parametrize(
    ("model", "record"),
    [
        ("Candidate", {"remote_created_at": "yesterday"}),
        ("Candidate", {"nobody_knows": 1}),
        ("Candidate", {"email_addresses": ["a@b.test"]}),
        ("Candidate", {"applications": [1]}),
        ("JobInterviewStage", {"stage_order": "first"}),
    ],
)
def test_records_that_do_not_fit(account: Account, model: str, record: dict[str, Any]) -> None:
    with pytest.raises(BadRecord):
        draft(account.id, MODELS[model], {"remote_id": 1, **record})


def test_one_bad_record_does_not_stop_its_page(synced: Synced) -> None:
    world, account = synced.world, synced.v3
    good, bad, other = (int(i["remote_id"]) for i in account.list("/interviews")[:3])
    world.sandbox.change("interviews", good, location="Room 7")
    world.sandbox.change("interviews", bad, starts_at="never")
    world.sandbox.change("interviews", other, location="Room 8")
    before = account.one("/interviews", remote_id=bad)
    world.sync(account)
    assert [account.one("/interviews", remote_id=n)["location"] for n in (good, other)] == [
        "Room 7",
        "Room 8",
    ]
    assert account.one("/interviews", remote_id=bad) == before, "what was known stays"
    with world.service.reader.connect() as connection:
        assert "mapping:ScheduledInterview" in ongoing(connection, account.id)
        row = connection.execute(
            select(vendor_row.c.data, vendor_row.c.error).where(
                vendor_row.c.account_id == account.id, vendor_row.c.key == str(bad)
            )
        ).one()
    assert b"never" in row.data
    assert row.error
    assert account.get("/sync-status").json()["results"]
    world.sandbox.change("interviews", bad, starts_at="2031-01-01T00:00:00.000Z")
    world.sync(account)
    assert account.one("/interviews", remote_id=bad)["start_at"] == "2031-01-01T00:00:00Z"
