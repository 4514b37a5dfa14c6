"""A candidate who is to be ignored: nothing of them is left in the database, and nothing brings it back."""

import json
from typing import Any

import httpx
import pytest
from filling import subscribe
from sqlalchemy import select
from world import Account, Json, Synced, World
from writing import post, refused, sent, user

from app.database import metadata
from sandboxes.greenhouse.payloads import payload_of
from sandboxes.greenhouse.webhooks import webhook_body, webhook_headers

RECEIPT = "async_passthrough_receipt_id"
SECRET = "a webhook's secret"
FIRST, LAST, EMAIL = "Zephyrine", "Quillfeather", "z.quill@quillfeather.example"
TRACES = ("zephyrine", "quillfeather", "z.quill")


def plant(world: World) -> int:
    """Put somebody into every record the vendor keeps of people. Gives the candidate's id."""
    state = world.sandbox
    wanted = {row["application_id"] for row in state.tables["scorecards"].rows.values()}
    offered = {row["application_id"] for row in state.tables["offers"].rows.values()}
    row = next(r for r in state.tables["applications"].rows.values() if r["id"] in wanted & offered)
    key = int(row["candidate_id"])
    about = f"About {FIRST} {LAST}, {EMAIL}"
    state.change(
        "candidates",
        key,
        first_name=FIRST,
        last_name=LAST,
        title=about,
        email_addresses=[{"value": EMAIL, "type": "personal"}],
        custom_fields={"x": {"name": "x", "type": "short_text", "value": about}},
    )
    state.change("applications", row["id"], answers=[{"question": "Who are you?", "answer": about}])
    state.add("notes", candidate_id=key, body=about, subject=about, visibility="publicly_visible")
    state.add(
        "attachments", candidate_id=key, application_id=row["id"], type="resume", filename=f"{LAST}.pdf"
    )
    if not state.where("eeoc", "application_id", row["id"]):
        answer = {"id": 1, "description": "Male"}
        state.add("eeoc", application_id=row["id"], candidate_id=key, gender=answer, submitted_at=state.now())
    for table in ("scorecards", "offers"):
        for each in state.where(table, "application_id", row["id"]):
            state.change(
                table, each["id"], custom_fields={}, **({"notes": about} if table == "scorecards" else {})
            )
    return key


def traces(world: World, account: Account) -> set[str]:
    """The tables in which the person can still be found in a row of this account, or of none."""
    found = set()
    with world.service.reader.connect() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)).mappings():
                if row.get("account_id", account.id) not in (account.id, None):
                    continue
                text = " ".join(_text(world, value) for value in row.values()).casefold()
                if any(trace in text for trace in TRACES):
                    found.add(table.name)
    return found


def _text(world: World, value: Any) -> str:
    """What a value says to those who have the encryption key."""
    if isinstance(value, bytes) and value.startswith(b"gAAAA"):
        return str(world.service.vault.open(value))
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


@pytest.fixture
def person(world: World, style: str) -> tuple[Account, Json]:
    key = plant(world)
    account = world.link(style)
    answer = account.http.post("/webhook-receivers", json={"event": "any", "is_active": True, "key": SECRET})
    assert answer.status_code == 200
    return account, account.one("/candidates", remote_id=key)


def ignore(account: Account, wanted: str, **body: Any) -> httpx.Response:
    return account.http.post(f"/candidates/ignore/{wanted}", json={"reason": "GDPR"} | body)


def deliver(world: World, account: Account, action: str, payload: Any) -> None:
    raw = webhook_body(action, payload)
    url = str(account.http.base_url).split("/api/")[0] + account.listener
    assert httpx.post(url, content=raw, headers=webhook_headers(raw, SECRET)).status_code == 200
    world.service.jobs.run_due()


@pytest.mark.contract("5.6")
def test_nothing_is_left_and_nothing_comes_back(world: World, person: tuple[Account, Json]) -> None:
    account, known = person
    mine = {"candidate_id": known["id"]}
    applications = account.list("/applications", **mine)
    files, eeocs = account.list("/attachments", **mine), account.list("/eeocs", **mine)
    notes = [a for a in account.list("/activities") if a["candidate"] == known["id"]]
    assert applications and files and eeocs and notes
    before = traces(world, account)
    assert {"vendor_row", "ats_candidate", "ats_attachment", "ats_activity", "record_value"} <= before

    answer = ignore(account, known["id"].upper(), message="Asked by telephone")
    assert (answer.status_code, answer.content) == (200, b"")
    assert traces(world, account) == set()

    def check() -> None:
        left = account.get(f"/candidates/{known['id']}").json()
        kept = {"id", "remote_id", "created_at", "modified_at", "applications", "remote_was_deleted"}
        assert {name for name, value in left.items() if value not in (None, [], False)} <= kept
        assert set(left) == set(known)
        assert (left["id"], left["created_at"]) == (known["id"], known["created_at"])
        assert left["applications"] == known["applications"]
        assert account.list("/attachments", **mine) == []
        assert account.list("/eeocs", **mine) == []
        assert [a for a in account.list("/activities") if a["candidate"] == known["id"]] == []
        for path, gone in (("attachments", files), ("eeocs", eeocs), ("activities", notes)):
            for record in gone:
                empty = account.get(f"/{path}/{record['id']}").json()
                assert empty["remote_was_deleted"]
                assert {n for n, value in empty.items() if value not in (None, [], True)} == {
                    "id",
                    "created_at",
                    "modified_at",
                }
        for application in applications:
            now = account.get(f"/applications/{application['id']}", include_remote_data=True).json()
            assert (now["candidate"], now["job"]) == (known["id"], application["job"])
            assert now["screening_question_answers"] == []
            assert not [d for d in now["remote_data"] if "candidate_id" in (d["data"] or {})]
        assert account.list("/candidates", email_addresses=EMAIL) == []
        assert account.list("/candidates", first_name=FIRST) == []

    check()
    world.sync(account)
    check()
    assert traces(world, account) == set()


@pytest.mark.contract("5.6", "5.4", "9.9")
def test_answers_that_were_kept_are_forgotten(world: World, person: tuple[Account, Json], style: str) -> None:
    """Of writes and of raw requests: those under an idempotency key, those of tasks, those told of."""
    account, known = person
    subscribe(world)
    other = next(c for c in account.list("/candidates") if c["id"] != known["id"])
    acts = {"remote_user_id": user(account)}

    def asked(candidate: Json, key: str) -> list[httpx.Response]:
        one = {"v1": "/v1/candidates/{}", "v3": "/v3/candidates?ids={}"}[style]
        raw = {"method": "GET", "path": one.format(candidate["remote_id"])}
        change = {"model": {"title": "Dr"}, **acts}
        path, headers = f"/candidates/{candidate['id']}", {"Idempotency-Key": key}
        return [
            account.http.patch(path, json=change, headers=headers),
            account.http.post("/passthrough", json=raw, headers=headers),
            account.http.post("/async-passthrough", json=raw, headers=headers),
            account.http.patch(path, json=change, params={"run_async": True}),
        ]

    first = asked(known, "one"), asked(other, "two")
    assert {answer.status_code for answers in first for answer in answers} <= {200, 201}
    world.service.jobs.run_due()
    kept = {"idempotent_request", "async_passthrough", "async_write", "webhook_delivery"}
    assert kept <= traces(world, account)
    assert ignore(account, known["id"]).status_code == 200
    assert traces(world, account) == set()
    again, others = asked(known, "one"), asked(other, "two")
    assert [answer.text for answer in others[:3]] == [answer.text for answer in first[1][:3]]
    for answer in again[:2]:
        assert answer.status_code == 400
        assert "It was carried out and answered with 200; the answer is not kept" in answer.text
    assert account.get(f"/async-passthrough/{first[0][2].json()[RECEIPT]}").status_code == 404
    assert account.get(f"/async-passthrough/{first[1][2].json()[RECEIPT]}").status_code == 200


@pytest.mark.contract("5.6")
def test_what_the_vendor_changes_later_is_not_kept(world: World, person: tuple[Account, Json]) -> None:
    account, known = person
    key, state = int(known["remote_id"]), world.sandbox
    assert ignore(account, known["id"]).status_code == 200
    erased = account.get(f"/candidates/{known['id']}").json()
    state.change("candidates", key, title=f"{FIRST} again")
    row = state.where("applications", "candidate_id", key)[0]
    stage = next(
        s for s in state.tables["job_interview_stages"].rows.values() if s["job_id"] == row["job_id"]
    )
    state.change("applications", row["id"], answers=[{"question": "Name?", "answer": LAST}])
    state.change("applications", row["id"], job_interview_stage_id=stage["id"])
    state.add("notes", candidate_id=key, body=f"{FIRST} called", visibility="publicly_visible")
    new = state.add(
        "attachments", candidate_id=key, application_id=row["id"], type="other", filename=f"{LAST}2.pdf"
    )
    deliver(world, account, "update_candidate", payload_of(state, "update_candidate", key))
    deliver(world, account, "application_updated", payload_of(state, "application_updated", row["id"]))
    assert traces(world, account) == set()
    moved = account.one("/applications", remote_id=row["id"])
    assert account.get(f"/job-interview-stages/{moved['current_stage']}").json()["remote_id"] == str(
        stage["id"]
    )
    world.sync(account)
    assert traces(world, account) == set()
    assert account.get(f"/candidates/{known['id']}").json() == erased
    assert account.list("/attachments", remote_id=new["id"]) == []
    another = state.add(
        "applications",
        candidate_id=key,
        job_id=row["job_id"],
        answers=[{"question": "Name?", "answer": f"{FIRST} {LAST}"}],
    )
    deliver(
        world,
        account,
        "new_candidate_application",
        payload_of(state, "new_candidate_application", another["id"]),
    )
    kept = account.one("/applications", remote_id=another["id"])
    assert (kept["candidate"], kept["screening_question_answers"]) == (known["id"], [])
    assert traces(world, account) == set()


@pytest.mark.contract("5.6")
def test_what_cannot_be_mapped_is_not_kept_either(world: World, person: tuple[Account, Json]) -> None:
    account, known = person
    key, state = int(known["remote_id"]), world.sandbox
    assert ignore(account, known["id"]).status_code == 200
    state.change("candidates", key, phone_numbers=5, title=LAST)
    deliver(world, account, "update_candidate", payload_of(state, "update_candidate", key))
    assert traces(world, account) == set()
    world.sync(account)
    assert traces(world, account) == set()


@pytest.mark.contract("5.6")
def test_writes_do_not_bring_them_back(world: World, person: tuple[Account, Json]) -> None:
    account, known = person
    assert ignore(account, known["id"]).status_code == 200
    world.sandbox.controls.received.clear()
    job = account.list("/jobs", status="OPEN")[0]["id"]
    acts = {"remote_user_id": user(account)}
    change = account.http.patch(f"/candidates/{known['id']}", json={"model": {"title": "x"}, **acts})
    assert refused(change) == {("IGNORED_MODEL", None)}
    note = post(account, "/activities", {"candidate": known["id"], "body": "x"})
    assert refused(note) == {("INVALID_FIELD_CHOICE", "model/candidate")}
    application = post(account, "/applications", {"candidate": known["id"], "job": job})
    assert refused(application) == {("INVALID_FIELD_CHOICE", "model/candidate")}
    requests = [r for r in world.sandbox.controls.received if r.method != "GET" and r.path != "/token"]
    assert requests == []


@pytest.mark.contract("5.6")
def test_others_keep_what_is_theirs(synced: Synced, account: Account) -> None:
    known = account.list("/candidates")[0]
    others = [c for c in account.list("/candidates") if c["id"] != known["id"]]
    before = {p: account.list(f"/{p}") for p in ("interviews", "offers", "scorecards", "jobs")}
    foreign = synced.other.list("/candidates")
    assert ignore(account, known["id"]).status_code == 200
    assert [c for c in account.list("/candidates") if c["id"] != known["id"]] == others
    assert {p: account.list(f"/{p}") for p in before} == before
    assert synced.other.list("/candidates") == foreign
    synced.world.sync(account)
    assert {p: account.list(f"/{p}") for p in before} == before


@pytest.mark.contract("5.6")
def test_what_is_kept_for_audit(synced: Synced, account: Account) -> None:
    known = account.list("/candidates")[0]["id"]
    assert ignore(account, known, reason="OTHER", message="By letter").status_code == 200
    erased = account.get(f"/candidates/{known}").json()
    assert ignore(account, known).status_code == 200, "a second time changes nothing"
    assert account.get(f"/candidates/{known}").json() == erased
    events = synced.world.http.get("/audit-trail").json()["results"]
    (first,) = [e for e in events if "By letter" in e["event_description"]]
    assert known in first["event_description"]
    assert "OTHER" in first["event_description"]


@pytest.mark.contract("5.6", "4.2")
def test_what_cannot_be_ignored(synced: Synced, account: Account) -> None:
    known = account.list("/candidates")[0]["id"]
    foreign = synced.other.list("/candidates")[0]["id"]
    assert ignore(account, foreign).status_code == 404
    assert ignore(account, "x").status_code == 404
    wrong: list[Json] = [
        {"reason": "BOREDOM"},
        {"reason": None},
        {"message": "a\0b"},
        {"message": "x" * 2001},
    ]
    for body in wrong:
        answer = ignore(account, known, **body)
        assert answer.status_code == 400, body
        assert set(answer.json()) <= {"reason", "message"}
    assert json.loads(account.http.post(f"/candidates/ignore/{known}", json={}).content) == {
        "reason": ["This field is required."]
    }
    assert account.get(f"/candidates/{known}").json()["first_name"] is not None
    assert sent(synced) == []
