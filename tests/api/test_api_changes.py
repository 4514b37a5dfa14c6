"""The change feed: who follows it has at any time what the lists show."""

import random
import threading
from base64 import urlsafe_b64encode
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import text
from world import Account, Json, Synced, World

from app.common.models import COLLECTIONS, MODELS
from app.records.drafts import draft
from app.records.feed import FEED_MODELS, _keys_query
from app.webhooks.outbox import changing


class Follower:
    """A customer's program that keeps a copy of an account by following the feed."""

    def __init__(self, account: Account, size: int = 100) -> None:
        self.account = account
        self.size = size
        self.cursor: str | None = None
        self.entries: list[Json] = []
        self.copy: dict[str, dict[str, Json]] = {name: {} for name in MODELS}

    def page(self) -> bool:
        """Take one page; whether there is more."""
        params = {"cursor": self.cursor} if self.cursor else {}
        answer = self.account.get("/changes", page_size=self.size, **params)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert list(body) == ["next", "has_more", "results"]
        for entry in body["results"]:
            if entry["action"] == "removed":
                self.copy[entry["model"]].pop(entry["id"], None)
            else:
                self.copy[entry["model"]][entry["id"]] = entry["data"]
        self.entries += body["results"]
        self.cursor = body["next"]
        return bool(body["has_more"])

    def drain(self) -> list[Json]:
        """Everything up to now."""
        before = len(self.entries)
        while self.page():
            pass
        return self.entries[before:]


def shown(account: Account) -> dict[str, dict[str, Json]]:
    """What the lists show, by model and id."""
    return {m.name: {r["id"]: r for r in account.list(f"/{m.path}")} for m in COLLECTIONS}


def lasting(copy: dict[str, dict[str, Json]]) -> dict[str, dict[str, Json]]:
    """Records of the collections without fields whose change is none of theirs, such as signed addresses."""
    return {
        m.name: {
            key: {name: value for name, value in record.items() if name not in m.volatile}
            for key, record in copy[m.name].items()
        }
        for m in COLLECTIONS
    }


def put(world: World, account: Account, model: str, *records: Json) -> None:
    with world.service.jobs.begin() as connection, changing(connection, account.id) as store:
        store.put([draft(account.id, MODELS[model], record) for record in records])


def remove(world: World, account: Account, model: str, *ids: str) -> None:
    with world.service.jobs.begin() as connection, changing(connection, account.id) as store:
        store.remove(MODELS[model], ids)


def brief(entries: list[Json]) -> list[tuple[str, str, str]]:
    return [(e["action"], e["model"], e["data"]["remote_id"]) for e in entries]


def test_the_beginning_is_everything_there_is(account: Account) -> None:
    follower = Follower(account)
    entries = follower.drain()
    assert {entry["action"] for entry in entries} == {"added", "removed"}
    assert lasting(follower.copy) == lasting(shown(account))
    assert max(Counter(entry["id"] for entry in entries).values()) == 1
    for entry in entries:
        assert (entry["id"], entry["modified_at"]) == (entry["data"]["id"], entry["data"]["modified_at"])
    assert follower.drain() == []
    assert follower.drain() == [], "the cursor of an empty page goes on"


@pytest.mark.contract("GET /changes")
def test_what_happens_after_a_cursor(world: World) -> None:
    account = world.link(sync=False)
    follower = Follower(account)
    assert follower.drain() == []
    put(world, account, "Tag", *({"remote_id": n, "name": "a"} for n in (1, 2)))
    assert sorted(brief(follower.drain())) == [("added", "Tag", "1"), ("added", "Tag", "2")]
    put(world, account, "Tag", {"remote_id": 1, "name": "b"})
    put(world, account, "Tag", {"remote_id": 3, "name": "a"})
    put(world, account, "Tag", {"remote_id": 1, "name": "c"}, {"remote_id": 2, "name": "a"})
    told = follower.drain()
    assert brief(told) == [("added", "Tag", "3"), ("changed", "Tag", "1")]
    assert told[1]["data"]["name"] == "c", "what changed twice is told of once, as it is now"
    put(world, account, "Tag", {"remote_id": 4, "name": "a"})
    put(world, account, "Tag", {"remote_id": 4, "name": "b"})
    remove(world, account, "Tag", told[1]["id"])
    told = follower.drain()
    assert brief(told) == [("added", "Tag", "4"), ("removed", "Tag", "1")]
    assert told[1]["data"]["name"] == "c"
    assert told[1]["data"]["remote_was_deleted"]
    put(world, account, "Tag", {"remote_id": 1, "name": "again"})
    assert brief(follower.drain()) == [("changed", "Tag", "1")]


def test_records_nobody_has_read_are_not_told_of_before_they_are(world: World) -> None:
    account = world.link(sync=False)
    follower = Follower(account)
    put(world, account, "Application", {"remote_id": 1, "candidate": 7})
    (told,) = follower.drain()
    assert (told["model"], told["data"]["candidate"]) == ("Application", None)
    put(world, account, "Candidate", {"remote_id": 7})
    told_later = follower.drain()
    assert sorted(brief(told_later)) == [("added", "Candidate", "7"), ("changed", "Application", "1")]


@pytest.mark.parametrize("size", [1, 7, 30])
def test_pages_leave_nothing_out_where_many_share_a_moment(world: World, size: int) -> None:
    account = world.link(sync=False)
    with world.service.jobs.begin() as connection, changing(connection, account.id) as store:
        for model in ("Tag", "Office", "Candidate", "Department"):
            store.put([draft(account.id, MODELS[model], {"remote_id": n}) for n in range(20)])
    follower = Follower(account, size)
    entries = follower.drain()
    assert len(entries) == len({e["id"] for e in entries}) == 80
    assert {e["action"] for e in entries} == {"added"}
    assert [e["model"] for e in entries] == sorted(e["model"] for e in entries)


def test_only_the_models_asked_for(account: Account) -> None:
    both = account.get("/changes", models="Tag,Office", page_size=100).json()["results"]
    assert {e["model"] for e in both} == {"Tag", "Office"}
    assert len(both) == len(account.list("/tags")) + len(account.list("/offices"))


def cursor(content: str) -> str:
    return urlsafe_b64encode(content.encode()).decode()


@pytest.mark.parametrize(
    "odd",
    [
        "x",
        "é",
        cursor("p=1=11111111-1111-4111-8111-111111111111"),
        cursor("c=1=Nothing=1=1"),
        cursor("c=-1=Tag==1"),
        cursor(f"c={'9' * 19}=Tag==1"),
        cursor("c=1=Tag='=1"),
        cursor("c=1=Tag==1\n"),
    ],
)
def test_what_is_no_cursor(account: Account, odd: str) -> None:
    answer = account.get("/changes", cursor=odd)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Invalid cursor"})


def test_what_is_no_model(account: Account) -> None:
    assert account.get("/changes", models="Tag,Nothing").status_code == 400


def test_no_account_sees_the_changes_of_another(synced: Synced, account: Account) -> None:
    mine = {e["id"] for e in Follower(account).drain()}
    others = {e["id"] for e in Follower(synced.other).drain()}
    assert mine
    assert others
    assert not mine & others


class Turmoil:
    """Synchronisations, writes and deletions of one account, at the same time."""

    def __init__(self, world: World, account: Account) -> None:
        self._world = world
        self._account = account
        self._chance = random.Random(7)
        self.failures: list[BaseException] = []
        work = (self._sync, self._change)
        self._threads = [threading.Thread(target=self._guarded, args=(each,)) for each in work]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def running(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def _guarded(self, function: Any) -> None:
        try:
            function()
        except BaseException as failure:
            self.failures.append(failure)
            raise

    def _sync(self) -> None:
        self._world.service.jobs.run_due()
        state = self._world.sandbox
        for number, key in enumerate(list(state.tables["interviews"].rows)[:10]):
            if number % 3:
                state.change("interviews", key, location=f"room {number}")
            else:
                state.delete("interviews", key)
        self._world.sync(self._account)

    def _change(self) -> None:
        for turn in range(60):
            model = self._chance.choice(("Tag", "Office", "RejectReason"))
            numbers = self._chance.sample(range(12), 4)
            put(
                self._world,
                self._account,
                model,
                *({"remote_id": f"x{n}", "name": f"{turn} {n}"} for n in numbers),
            )
            drafts = [draft(self._account.id, MODELS[model], {"remote_id": f"x{n}"}) for n in numbers[:2]]
            remove(self._world, self._account, model, *(d.id for d in drafts))


@pytest.mark.parametrize("size", [3, 100])
def test_a_follower_has_what_the_lists_show_whatever_happens_meanwhile(world: World, size: int) -> None:
    account = world.link("v3", sync=False)
    follower = Follower(account, size)
    turmoil = Turmoil(world, account)
    turmoil.start()
    while turmoil.running():
        follower.page()
    follower.drain()
    assert not turmoil.failures
    assert lasting(follower.copy) == lasting(shown(account))
    told = [(e["modified_at"], e["model"], e["id"]) for e in follower.entries]
    assert told == sorted(told), "in the order of the commits"
    assert len(told) == len(set(told)), "no change twice"
    assert {e["action"] for e in follower.entries} == {"added", "changed", "removed"}
    first = {e["id"]: e["action"] for e in reversed(follower.entries)}
    assert "changed" not in first.values(), "nothing changes before it was added"


def test_the_feed_costs_the_same_at_any_depth(synced: Synced) -> None:
    """Each table's part begins at its place in the index."""
    values: dict[str, Any] = {"account": synced.v3.id, "stamp": 1, "size": 10}
    values |= {f"after_{rank}": "" for rank in range(len(FEED_MODELS))}
    engine = synced.world.service.reader
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("set local enable_seqscan = off"))  # the tables are small
            explain, begins = "explain ", "Index Cond: (((account_id)::text = "
        else:
            explain, begins = "explain query plan ", "(account_id=? AND (modified_at,id)>(?,?))"
        query = _keys_query(FEED_MODELS).params(values)
        statement = str(query.compile(engine, compile_kwargs={"literal_binds": True}))
        plan = "\n".join(str(row[-1]) for row in connection.exec_driver_sql(explain + statement))
    assert plan.count(begins) == len(MODELS), plan
    for model in MODELS.values():
        assert f"ix_{model.table_name}_modified" in plan, plan
