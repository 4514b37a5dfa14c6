from base64 import urlsafe_b64encode

import pytest
from world import Account, Json, Synced, World

from app.accounts.clock import next_stamp
from app.common.models import MODELS
from app.records.drafts import draft
from app.records.store import RecordStore

MANY = 130


def put(world: World, account: Account, model: str, *records: Json) -> None:
    """Store records in one transaction, as a page of a sync does."""
    with world.service.jobs.begin() as connection:
        stamp = next_stamp(connection, account.id)
        store = RecordStore(connection, account.id, stamp)
        store.put([draft(account.id, MODELS[model], record) for record in records])


@pytest.fixture
def tagged(world: World) -> Account:
    """An account with many tags: some of one transaction, which share their time, some on their own."""
    account = world.link(sync=False)
    put(world, account, "Tag", *({"remote_id": n, "name": f"tag {n}"} for n in range(MANY - 10)))
    for n in range(MANY - 10, MANY):
        put(world, account, "Tag", {"remote_id": n, "name": f"tag {n}"})
    return account


def page(account: Account, **params: object) -> Json:
    answer = account.get("/tags", **params)
    assert answer.status_code == 200, answer.text
    assert list(answer.json()) == ["next", "previous", "results"]
    body: Json = answer.json()
    return body


def ids(body: Json) -> list[str]:
    return [record["remote_id"] for record in body["results"]]


@pytest.mark.contract("2.3")
@pytest.mark.parametrize(
    ("asked", "given"),
    [(None, 30), ("", 30), (1, 1), (100, 100), (101, 100), (10**30, 100), ("9" * 5000, 100)]
    + [(bad, 30) for bad in (0, -1, "x", "1.5", "²", " 3")],
)
def test_page_size(tagged: Account, asked: object, given: int) -> None:
    params = {} if asked is None else {"page_size": asked}
    assert len(page(tagged, **params)["results"]) == given


@pytest.mark.contract("2.1", "2.2", "2.4")
def test_both_ways_through(tagged: Account) -> None:
    first = page(tagged, page_size=40)
    assert first["previous"] is None
    pages = [first]
    while pages[-1]["next"]:
        pages.append(page(tagged, page_size=40, cursor=pages[-1]["next"]))
    assert [len(p["results"]) for p in pages] == [40, 40, 40, 10]
    seen = [i for p in pages for i in ids(p)]
    assert len(set(seen)) == MANY
    back = [pages[-1]]
    while back[-1]["previous"]:
        back.append(page(tagged, page_size=40, cursor=back[-1]["previous"]))
    assert [i for p in reversed(back) for i in ids(p)] == seen
    assert back[-1]["previous"] is None
    assert ids(page(tagged, page_size=40, cursor=back[-1]["next"])) == ids(pages[1])
    assert [r["created_at"] for p in pages for r in p["results"]] == sorted(
        r["created_at"] for p in pages for r in p["results"]
    )


def test_the_whole_in_one_page(tagged: Account) -> None:
    body = page(tagged, page_size=100, remote_id="7")
    assert (body["next"], body["previous"], ids(body)) == (None, None, ["7"])


@pytest.mark.contract("2.4")
def test_exactly_full_last_page(tagged: Account) -> None:
    last = page(tagged, page_size=65, cursor=page(tagged, page_size=65)["next"])
    assert (len(last["results"]), last["next"]) == (65, None)


def test_nothing_at_all(world: World) -> None:
    assert page(world.link(sync=False)) == {"next": None, "previous": None, "results": []}


@pytest.mark.contract("2.6", "2.7")
def test_stable_while_rows_come_and_change(world: World, tagged: Account) -> None:
    before = [r["remote_id"] for r in tagged.list("/tags")]
    seen: list[str] = []
    cursor = None
    turn = 0
    while cursor is not None or not turn:
        body = page(tagged, page_size=25, **({"cursor": cursor} if cursor else {}))
        seen += ids(body)
        cursor = body["next"]
        turn += 1
        changed = [{"remote_id": before[n], "name": f"changed {turn}"} for n in (0, 26, 60, 100, 129)]
        put(world, tagged, "Tag", *changed)
        if turn < 5:
            put(world, tagged, "Tag", {"remote_id": f"new {turn}", "name": "new"})
    assert seen[:MANY] == before
    assert seen[MANY:] == [f"new {n}" for n in range(1, 5)]
    assert len(set(seen)) == len(seen)


@pytest.mark.contract("2.7")
def test_backward_while_rows_come(world: World, tagged: Account) -> None:
    second = page(tagged, page_size=50, cursor=page(tagged, page_size=50)["next"])
    put(world, tagged, "Tag", {"remote_id": "new", "name": "new"})
    first = page(tagged, page_size=50, cursor=second["previous"])
    assert ids(first) == ids(page(tagged, page_size=50))
    assert first["previous"] is None
    assert page(tagged, page_size=50, cursor=first["next"])["results"] == second["results"]


@pytest.mark.contract("2.2")
def test_a_cursor_may_be_a_whole_url(tagged: Account) -> None:
    cursor = page(tagged)["next"]
    whole = f"https://api.example.test/api/ats/v1/tags?page_size=30&cursor={cursor}"
    assert page(tagged, cursor=whole) == page(tagged, cursor=cursor)


def cursor_of(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()


@pytest.mark.contract("2.8")
@pytest.mark.parametrize(
    "cursor",
    ["x", "%", "ä", "\0", "https://a.test/", "https://[", "cD0yMDIx", cursor_of("p=1=x")]
    + [
        cursor_of(f"{d}={n}={i}")
        for d, n, i in (("q", 1, "0" * 36), ("p", "9" * 30, "0" * 36), ("p", "", ""))
    ]
    + ["A" * 4001, "_w=="],
)
def test_malformed_cursor(tagged: Account, cursor: str) -> None:
    answer = tagged.get("/tags", cursor=cursor)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Invalid cursor"})


@pytest.mark.contract("2.5")
def test_filters_go_with_the_cursor(tagged: Account) -> None:
    border = tagged.list("/tags")[MANY - 5]["created_at"]
    body = page(tagged, page_size=3, created_after=border)
    rest = page(tagged, page_size=3, created_after=border, cursor=body["next"])
    assert (len(body["results"]), len(rest["results"]), rest["next"]) == (3, 1, None)


@pytest.mark.contract("1.6")
def test_trailing_slash(synced: Synced) -> None:
    for path in ("/interviews", "/users", "/sync-status"):
        assert synced.v3.get(path + "/").json() == synced.v3.get(path).json()
    one = synced.v3.list("/interviews")[0]
    answer = synced.v3.get(f"/interviews/{one['id']}/")
    assert (answer.status_code, answer.json()) == (200, one)
    created = synced.world.http.post("/linked-accounts/", json={"integration": "nobody", "credentials": {}})
    assert created.status_code == 400
