"""What a provider may declare of its mappings and lists, shown on a small vendor made up for it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import update
from world import Account, World

from app.jobs import job_table
from app.records.tables import vendor_row
from app.sync.tables import resource_state
from app.webhooks.taking import KIND
from providers.kit import (
    Again,
    Api,
    ChildResource,
    CredentialField,
    Guide,
    Join,
    ListResource,
    Mapping,
    NotFound,
    Page,
    Provider,
    Refetch,
    Relist,
    Remove,
    Row,
    Rows,
    Style,
    VendorWebhooks,
    Window,
    Words,
)
from providers.registry import PROVIDERS

HOUR = timedelta(hours=1)
LONG = timedelta(days=3650)  # so long that no multiple of it comes by while a test runs


@dataclass
class Vendor:
    """A vendor with a list of opportunities, several of one person and each at a named stage, and one of
    owners, each of several stages.
    """

    opportunities: dict[str, Row] = field(default_factory=dict)
    owners: dict[str, list[str]] = field(default_factory=dict)
    notes: dict[str, list[Row]] = field(default_factory=dict)
    windows: list[Window] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    asked_notes: list[str] = field(default_factory=list)
    asked_owners: int = 0
    changed: set[str] = field(default_factory=set)

    def put(self, key: str, **values: Any) -> None:
        self.opportunities[key] = {"id": key, "ends": None, "active": True, **values}
        self.changed.add(key)


def _read(vendor: Vendor, window: Window) -> Page:
    vendor.windows.append(window)
    keys = vendor.opportunities if window.since is None else vendor.changed
    rows = [vendor.opportunities[key] for key in sorted(keys) if key in vendor.opportunities]
    return Page(rows, removed=tuple(Remove("opportunities", key) for key in vendor.removed))


def _fetch(vendor: Vendor, key: str) -> Rows:
    if key not in vendor.opportunities:
        raise NotFound(key)
    return {"opportunities": [vendor.opportunities[key]]}


def _person(rows: list[Row], _joined: Rows) -> dict[str, Any]:
    tags = sorted({row["stage"] for row in rows})
    return {"remote_id": rows[0]["person"], "first_name": rows[0]["name"], "tags": tags}


def _interview(row: Row, _joined: Rows) -> dict[str, Any]:
    over = row["ends"] is not None and datetime.fromisoformat(row["ends"]) <= datetime.now(UTC)
    return {
        "remote_id": row["id"],
        "status": "AWAITING_FEEDBACK" if over else "SCHEDULED",
        "end_at": row["ends"] and datetime.fromisoformat(row["ends"]),
    }


def _owned(row: Row, joined: Rows) -> dict[str, Any]:
    return {"remote_id": row["id"], "name": ", ".join(owner["id"] for owner in joined["owners"])}


def _owners(vendor: Vendor) -> Page:
    vendor.asked_owners += 1
    return Page([{"id": key, "stages": stages} for key, stages in vendor.owners.items()])


def _told(body: dict[str, str]) -> list[Refetch | Relist]:
    if "list" in body:
        return [Relist(body["list"])]
    return [Refetch("opportunities", body["person"], on="person")]


def _notes(vendor: Vendor, parent: Row) -> list[Row]:
    vendor.asked_notes.append(parent["id"])
    return vendor.notes.get(parent["id"], [])


def _api(vendor: Vendor) -> Api:
    return Api(
        name="Tiny",
        base_url="https://tiny.example",
        hosts=("tiny.example",),
        classify=lambda _response: None,
        resources=(
            ListResource(
                name="owners",
                path="/owners",
                index={"stage": lambda row: row["stages"], "parent": lambda row: row["id"].split("@")[1:]},
                owner="opportunities",
                heavy=True,
                read=lambda _client, _window, _cursor: _owners(vendor),
            ),
            ListResource(
                name="opportunities",
                path="/opportunities",
                index={"person": lambda row: [row["person"]], "stage": lambda row: [row["stage"]]},
                steady=lambda row: {name: value for name, value in row.items() if name != "ends"},
                read=lambda _client, window, _cursor: _read(vendor, window),
                fetch=lambda _client, key: _fetch(vendor, key),
                incremental=True,
            ),
            ChildResource(
                name="notes",
                path="/opportunities/:id/notes",
                parent="opportunities",
                read=lambda _client, parent: _notes(vendor, parent),
                again=Again(LONG, lambda parent: bool(parent["active"]), others=2 * LONG),
            ),
        ),
        mappings=(
            Mapping("Candidate", "opportunities", _person, group="person"),
            Mapping(
                "JobInterviewStage",
                "opportunities",
                lambda row, _joined: {"remote_id": row["stage"], "name": row["stage"]},
                many=True,
                lasting=True,
            ),
            Mapping(
                "ScheduledInterview",
                "opportunities",
                _interview,
                expires=lambda record: record["end_at"] if record["status"] == "SCHEDULED" else None,
            ),
            Mapping("Activity", "notes", lambda row, _: {"remote_id": row["id"], "body": row["text"]}),
            Mapping("Office", "owners", lambda row, _joined: {"remote_id": row["id"]}),
            Mapping(
                "Tag",
                "opportunities",
                _owned,
                joins=(Join("owners", "stage", lambda row: row["stage"], back="stage"),),
            ),
        ),
        check=lambda _client: None,
        webhooks=VendorWebhooks(
            verify=lambda headers, _body, key: headers.get("x-key") == key,
            delivery_id=lambda _headers, body: str(orjson.loads(body)["token"]),
            parse=_told,
            signs_id=True,
        ),
    )


def _no_auth(*_args: Any) -> httpx.Auth:
    return httpx.Auth()


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Vendor:
    made = Vendor()
    made.put("1", person="ann", name="Ann", stage="Lead")
    made.put("2", person="ann", name="Ann", stage="Offer")
    made.put("3", person="bob", name="Bob", stage="Lead")
    key = Words("Key", "Schlüssel")
    style = Style("Key", key, (CredentialField("key", key, key),), _api(made), _no_auth, Guide((key,)))
    monkeypatch.setitem(PROVIDERS, "tiny", Provider("tiny", "Tiny", "#000000", (style,)))
    return made


@pytest.fixture
def linked(world: World, vendor: Vendor) -> Account:
    body = {"integration": "tiny", "credentials": {"key": "k"}}
    answer = world.http.post("/linked-accounts", json=body).json()
    account = world.account(answer["account_token"], answer["linked_account"])
    next_run(world, account, vendor)
    vendor.asked_notes.clear()
    return account


def next_run(world: World, account: Account, vendor: Vendor) -> None:
    with world.service.engine.begin() as connection:
        connection.execute(
            update(job_table).where(job_table.c.key == account.id).values(due_at=0, hold_until=0)
        )
    assert world.service.jobs.run_due()
    vendor.changed.clear()
    vendor.removed.clear()


def people(account: Account, **params: Any) -> dict[str, list[str]]:
    return {row["remote_id"]: row["tags"] for row in account.list("/candidates", **params)}


def test_rows_of_a_group_give_one_record(linked: Account) -> None:
    assert people(linked) == {"ann": ["Lead", "Offer"], "bob": ["Lead"]}


def test_a_row_that_changes_brings_its_whole_group_up_to_date(
    world: World, linked: Account, vendor: Vendor
) -> None:
    vendor.put("2", person="ann", name="Ann", stage="Hired")
    next_run(world, linked, vendor)
    assert people(linked)["ann"] == ["Hired", "Lead"]


def test_a_row_that_changes_its_group_leaves_the_old_one(
    world: World, linked: Account, vendor: Vendor
) -> None:
    vendor.put("3", person="ann", name="Ann", stage="Screen")
    next_run(world, linked, vendor)
    assert people(linked) == {"ann": ["Lead", "Offer", "Screen"]}
    (bob,) = [r for r in linked.list("/candidates", include_deleted_data=True) if r["remote_id"] == "bob"]
    assert bob["remote_was_deleted"] is True


def test_what_a_page_says_is_gone_is_taken_out_of_its_group(
    world: World, linked: Account, vendor: Vendor
) -> None:
    del vendor.opportunities["2"], vendor.opportunities["3"]
    vendor.removed += ["2", "3"]
    next_run(world, linked, vendor)
    assert people(linked) == {"ann": ["Lead"]}
    assert {row["remote_id"] for row in linked.list("/interviews")} == {"1"}


def test_what_is_named_in_passing_outlives_the_rows_that_named_it(
    world: World, linked: Account, vendor: Vendor
) -> None:
    vendor.put("2", person="ann", name="Ann", stage="Lead")
    del vendor.opportunities["3"]
    vendor.removed.append("3")
    next_run(world, linked, vendor)
    assert {row["remote_id"] for row in linked.list("/job-interview-stages")} == {"Lead", "Offer"}


def test_a_record_that_depends_on_the_time_changes_when_it_has_come(
    world: World, linked: Account, vendor: Vendor
) -> None:
    ended = datetime.now(UTC) - timedelta(seconds=1)
    vendor.put("1", person="ann", name="Ann", stage="Lead", ends=(ended + 2 * HOUR).isoformat())
    next_run(world, linked, vendor)
    (before,) = linked.list("/interviews", remote_id="1")
    assert before["status"] == "SCHEDULED"
    with world.service.engine.begin() as connection:  # two hours later: the row says the same, the clock not
        row = vendor.opportunities["1"] | {"ends": ended.isoformat()}
        connection.execute(
            update(vendor_row)
            .where(vendor_row.c.key == "1", vendor_row.c.due_at.is_not(None))
            .values(due_at=vendor_row.c.due_at - 7_200_000_000, data=orjson.dumps(row))
        )
    next_run(world, linked, vendor)
    (after,) = linked.list("/interviews", remote_id="1")
    assert after["status"] == "AWAITING_FEEDBACK"
    assert after["modified_at"] > before["modified_at"]


def test_children_of_unchanged_parents_are_read_again_when_it_is_time(
    world: World, linked: Account, vendor: Vendor
) -> None:
    vendor.put("3", person="bob", name="Bob", stage="Lead", active=False)
    next_run(world, linked, vendor)
    assert vendor.asked_notes == ["3"], "only what changed"
    vendor.asked_notes.clear()
    with world.service.engine.begin() as connection:  # the last good pass was long ago
        long = int(LONG.total_seconds() * 1_000_000)
        moved = {"fresh_as_of": resource_state.c.fresh_as_of - long}
        connection.execute(update(resource_state).where(resource_state.c.resource == "notes").values(moved))
        connection.execute(
            update(vendor_row)
            .where(vendor_row.c.resource == "opportunities")
            .values(changed_at=vendor_row.c.changed_at - 2 * long)
        )
    vendor.notes["1"] = [{"id": "n1", "text": "Called"}]
    next_run(world, linked, vendor)
    assert vendor.asked_notes == ["1", "2"], "those that are active"
    assert [row["body"] for row in linked.list("/activities")] == ["Called"]


def owned(account: Account) -> dict[str, str]:
    return {row["remote_id"]: row["name"] for row in account.list("/tags")}


def test_a_row_that_is_no_part_brings_what_it_matters_to_up_to_date(
    world: World, linked: Account, vendor: Vendor
) -> None:
    assert owned(linked) == {"1": "", "2": "", "3": ""}
    vendor.owners = {"ada": ["Lead"], "eve": ["Offer", "Lead"]}
    next_run(world, linked, vendor)
    assert owned(linked) == {"1": "ada, eve", "2": "eve", "3": "ada, eve"}
    del vendor.owners["eve"]
    next_run(world, linked, vendor)
    assert owned(linked) == {"1": "ada", "2": "", "3": "ada"}


def test_a_heavy_list_that_took_long_is_left_out_for_ten_times_as_long(
    world: World, linked: Account, vendor: Vendor
) -> None:
    def asked_when_it_took(minutes: float, *, ended: float) -> int:
        """How often the list is asked for, when the last pass ended so many minutes ago."""
        end = int((datetime.now(UTC) - timedelta(minutes=ended)).timestamp() * 1_000_000)
        began = end - int(minutes * 60_000_000)
        with world.service.engine.begin() as connection:
            connection.execute(
                update(resource_state)
                .where(resource_state.c.resource == "owners")
                .values(finished_at=end, pass_started_at=began, fresh_as_of=began)
            )
        before = vendor.asked_owners
        next_run(world, linked, vendor)
        return vendor.asked_owners - before

    assert asked_when_it_took(0.5, ended=1) == 1, "it was no burden"
    assert asked_when_it_took(3, ended=25) == 0
    status = next(row for row in linked.list("/sync-status") if row["model_name"] == "Office")
    assert status["status"] == "DONE"
    assert status["data_fresh_as_of"] < status["last_sync_finished"], "it does not look newer than it is"
    assert asked_when_it_took(3, ended=35) == 1
    assert asked_when_it_took(3, ended=25) == 0
    assert linked.http.post("/sync-status/resync").status_code == 200
    assert asked_when_it_took(3, ended=25) == 1, "whoever asks for everything gets it"
    world.service.settings.full_sync_interval = 1200
    assert asked_when_it_took(3, ended=25) == 1, "a full synchronisation reads everything"


def test_a_list_of_which_a_webhook_tells_is_read_as_a_whole_at_once(
    world: World, linked: Account, vendor: Vendor
) -> None:
    linked.http.post("/webhook-receivers", json={"event": "any", "is_active": True, "key": "k"})
    del vendor.opportunities["3"]  # which no list of changes shows
    vendor.windows.clear()
    deliver(world, linked, token="t1", list="opportunities")
    while world.service.jobs.run_due():
        pass
    assert [window.since for window in vendor.windows] == [None]
    assert people(linked) == {"ann": ["Lead", "Offer"]}


def test_children_of_all_parents_are_read_as_seldom_as_it_says(
    world: World, linked: Account, vendor: Vendor
) -> None:
    def full_pass(ago: timedelta) -> None:
        moment = resource_state.c.pass_started_at - int(ago.total_seconds() * 1_000_000)
        with world.service.engine.begin() as connection:
            connection.execute(update(resource_state).values(full_pass_at=moment))
        vendor.asked_notes.clear()
        next_run(world, linked, vendor)

    full_pass(ago=LONG)
    assert vendor.asked_notes == [], "every other list is read in full after a day"
    full_pass(ago=2 * LONG)
    assert vendor.asked_notes == ["1", "2", "3"]


def test_children_are_not_read_again_for_what_is_made_anew_with_every_read(
    world: World, linked: Account, vendor: Vendor
) -> None:
    vendor.put("1", person="ann", name="Ann", stage="Lead", ends="2030-01-01T00:00:00+00:00")
    next_run(world, linked, vendor)
    assert vendor.asked_notes == []
    assert linked.one("/interviews", remote_id="1")["end_at"] == "2030-01-01T00:00:00Z", "it is kept anyway"
    vendor.put("1", person="ann", name="Anna", stage="Lead", ends="2030-01-01T00:00:00+00:00")
    next_run(world, linked, vendor)
    assert vendor.asked_notes == ["1"]


def test_children_are_gone_with_their_parent(world: World, linked: Account, vendor: Vendor) -> None:
    vendor.notes = {"1": [{"id": "n1", "text": "Called"}], "3": [{"id": "n3", "text": "Wrote"}]}
    vendor.put("1", person="ann", name="Ann", stage="Screen")
    vendor.put("3", person="bob", name="Bob", stage="Screen")
    next_run(world, linked, vendor)
    assert {row["remote_id"] for row in linked.list("/activities")} == {"n1", "n3"}
    del vendor.opportunities["3"]
    vendor.removed.append("3")
    next_run(world, linked, vendor)
    assert {row["remote_id"] for row in linked.list("/activities")} == {"n1"}


def test_what_hangs_on_a_row_is_gone_with_it(world: World, linked: Account, vendor: Vendor) -> None:
    vendor.owners = {"ada@1": [], "eve@3": []}
    next_run(world, linked, vendor)
    assert {row["remote_id"] for row in linked.list("/offices")} == {"ada@1", "eve@3"}
    del vendor.opportunities["3"]
    vendor.removed.append("3")
    next_run(world, linked, vendor)
    assert {row["remote_id"] for row in linked.list("/offices")} == {"ada@1"}


def deliver(world: World, account: Account, **body: Any) -> None:
    """A webhook of the vendor, taken in."""
    url = str(account.http.base_url).split("/api/")[0] + account.listener
    assert httpx.post(url, json=body, headers={"X-Key": "k"}).status_code == 200
    world.service.jobs.runs.run(KIND, account.id)


@pytest.fixture
def receiving(linked: Account) -> Account:
    linked.http.post("/webhook-receivers", json={"event": "any", "is_active": True, "key": "k"})
    return linked


def test_a_webhook_may_tell_of_every_row_of_an_index(
    world: World, receiving: Account, vendor: Vendor
) -> None:
    for key in "123":
        vendor.opportunities[key]["stage"] = "Hired"
    deliver(world, receiving, token="t1", person="ann")
    assert people(receiving) == {"ann": ["Hired"], "bob": ["Lead"]}


def test_a_signed_id_that_comes_again_is_a_repetition_whatever_its_body(
    world: World, receiving: Account, vendor: Vendor
) -> None:
    deliver(world, receiving, token="t1", person="ann")
    vendor.opportunities["3"]["stage"] = "Hired"
    deliver(world, receiving, token="t1", person="bob")
    assert people(receiving)["bob"] == ["Lead"]
    deliver(world, receiving, token="t2", person="bob")
    assert people(receiving)["bob"] == ["Hired"]


def test_a_list_may_look_at_the_rows_that_are_kept(linked: Account, vendor: Vendor) -> None:
    kept = vendor.windows[-1].kept
    assert {row["id"] for row in kept.find("opportunities", "person", "ann")} == {"1", "2"}
    assert kept.stored("opportunities", "3") == vendor.opportunities["3"]
    assert kept.stored("opportunities", "4") is None
    assert [key for key, _row in kept.after("opportunities", "1", 1)] == ["2"]
