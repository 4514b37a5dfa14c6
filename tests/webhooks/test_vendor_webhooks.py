"""Webhooks delivered by the vendor: genuine ones, repeated ones, and others."""

import json
import os
import subprocess
import sys
import time
from typing import Any

import httpx
import pytest
from serving import process
from sqlalchemy import func, select, update
from world import Account, Json, Synced

from app.jobs import job_table
from app.jobs.clock import Now
from app.webhooks.tables import vendor_delivery
from app.webhooks.taking import KIND
from sandboxes.greenhouse.payloads import payload_of
from sandboxes.greenhouse.webhooks import webhook_body, webhook_headers

pytestmark = pytest.mark.contract("7.9")

SECRET = "a webhook's secret"


@pytest.fixture
def receiving(account: Account) -> Account:
    answer = account.http.post("/webhook-receivers", json={"event": "any", "is_active": True, "key": SECRET})
    assert answer.json() == {"event": "any", "is_active": True, "key": None}
    return account


def post(account: Account, raw: bytes, headers: dict[str, str]) -> httpx.Response:
    url = str(account.http.base_url).split("/api/")[0] + account.listener
    return httpx.post(url, content=raw, headers=headers)


def deliver(account: Account, action: str, payload: Any, secret: str = SECRET, **more: str) -> httpx.Response:
    raw = webhook_body(action, payload)
    return post(account, raw, webhook_headers(raw, secret) | more)


def acknowledged(answer: httpx.Response) -> bool:
    assert answer.status_code == 200, answer.text
    return bool(answer.json() == {"received": True})


def take_in(synced: Synced) -> None:
    """Run the jobs that take deliveries in, and no others."""
    for account in synced.world.accounts:
        synced.world.service.jobs.runs.run(KIND, account.id)


def taken(synced: Synced, answer: httpx.Response) -> bool:
    """Whether a delivery was acknowledged; what it tells is known after."""
    known = acknowledged(answer)
    take_in(synced)
    return known


def test_a_deleted_interview(synced: Synced, receiving: Account) -> None:
    known = receiving.list("/interviews")[0]
    payload = payload_of(synced.world.sandbox, "interview_deleted", int(known["remote_id"]))
    synced.world.sandbox.delete("interviews", int(known["remote_id"]))
    raw = webhook_body("interview_deleted", payload)
    headers = webhook_headers(raw, SECRET)
    assert taken(synced, post(receiving, raw, headers))
    gone = receiving.get(f"/interviews/{known['id']}").json()
    assert gone == known | {"remote_was_deleted": True, "modified_at": gone["modified_at"]}
    assert known["id"] not in [i["id"] for i in receiving.list("/interviews")]
    assert taken(synced, post(receiving, raw, headers)), "delivered again"
    assert receiving.get(f"/interviews/{known['id']}").json() == gone
    others = synced.other.list("/interviews")
    assert known["remote_id"] in [i["remote_id"] for i in others], (
        "another account of the vendor is not touched"
    )


def test_a_changed_candidate(synced: Synced, receiving: Account) -> None:
    known = receiving.list("/candidates")[0]
    state = synced.world.sandbox
    state.change("candidates", int(known["remote_id"]), title="Chief of Everything")
    payload = payload_of(state, "update_candidate", int(known["remote_id"]))
    assert taken(synced, deliver(receiving, "update_candidate", payload))
    changed = receiving.get(f"/candidates/{known['id']}").json()
    assert changed["title"] == "Chief of Everything"
    assert changed["modified_at"] > known["modified_at"]
    assert taken(synced, deliver(receiving, "update_candidate", payload))
    assert receiving.get(f"/candidates/{known['id']}").json()["modified_at"] == changed["modified_at"]


def test_a_deleted_candidate_takes_all_of_theirs(synced: Synced, receiving: Account) -> None:
    interview = receiving.list("/interviews", expand="application")[0]
    candidate = receiving.get(f"/candidates/{interview['application']['candidate']}").json()
    payload = payload_of(synced.world.sandbox, "delete_candidate", int(candidate["remote_id"]))
    synced.world.sandbox.delete("candidates", int(candidate["remote_id"]))
    assert taken(synced, deliver(receiving, "delete_candidate", payload))
    assert receiving.get(f"/candidates/{candidate['id']}").json()["remote_was_deleted"]
    assert receiving.list("/applications", candidate_id=candidate["id"]) == []
    assert receiving.get(f"/interviews/{interview['id']}").json()["remote_was_deleted"]
    assert receiving.list("/attachments", candidate_id=candidate["id"]) == []


def test_a_new_application(synced: Synced, receiving: Account) -> None:
    state = synced.world.sandbox
    known = next(a for a in receiving.list("/applications") if a["job"] and a["current_stage"])
    row = state.tables["applications"].rows[int(known["remote_id"])]
    made = state.add(
        "applications",
        candidate_id=row["candidate_id"],
        job_id=row["job_id"],
        job_interview_stage_id=row["job_interview_stage_id"],
    )
    payload = payload_of(state, "new_candidate_application", made["id"])
    assert taken(synced, deliver(receiving, "new_candidate_application", payload))
    new = receiving.one("/applications", remote_id=made["id"])
    assert (new["candidate"], new["job"]) == (known["candidate"], known["job"])
    assert new["id"] in receiving.get(f"/candidates/{known['candidate']}").json()["applications"]


def changing(account: Account) -> tuple[str, Json]:
    """A delivery that would delete an interview."""
    known = account.list("/interviews")[0]
    return "interview_deleted", {"interview": {"id": int(known["remote_id"])}, "id": int(known["remote_id"])}


def test_what_is_not_genuine(synced: Synced, receiving: Account) -> None:
    action, payload = changing(receiving)
    before = receiving.list("/interviews")
    raw = webhook_body(action, payload)
    right = webhook_headers(raw, SECRET)["Signature"]
    wrong = [
        "",
        "sha256",
        right.removeprefix("sha256 "),
        right.replace("sha256 ", "sha1 "),
        right.replace("sha256 ", "sha256="),
        right[:-1],
        right + "0",
        right.upper(),
        webhook_headers(raw, "another")["Signature"],
        webhook_headers(raw + b" ", SECRET)["Signature"],
    ]
    for signature in wrong:
        answer = post(receiving, raw, {"Signature": signature})
        assert answer.status_code == 401, signature
        assert answer.json() == {"detail": "The delivery's signature is not valid."}
    assert post(receiving, raw, {}).status_code == 401
    assert receiving.list("/interviews") == before
    assert not synced.world.sandbox.controls.received


def test_the_signature_is_over_the_bytes(receiving: Account) -> None:
    """The same JSON in other bytes is another message."""
    action, payload = changing(receiving)
    raw = webhook_body(action, payload | {"name": "Bø <b>"})
    assert b"\\u003c" in raw
    rewritten = json.dumps(json.loads(raw)).encode()
    assert post(receiving, rewritten, webhook_headers(raw, SECRET)).status_code == 401
    assert post(receiving, raw, webhook_headers(raw, SECRET)).status_code == 200


def test_nobody_has_a_key(account: Account) -> None:
    action, payload = changing(account)
    assert deliver(account, action, payload).status_code == 401
    assert deliver(account, action, payload, secret="").status_code == 401
    account.http.post("/webhook-receivers", json={"event": "any", "is_active": False, "key": SECRET})
    assert deliver(account, action, payload).status_code == 401
    account.http.post("/webhook-receivers", json={"event": "any", "is_active": True})
    assert deliver(account, action, payload).status_code == 200, "the key is kept when none is given"
    assert account.get("/webhook-receivers").json() == [{"event": "any", "is_active": True, "key": None}]


def test_keys_are_of_one_account(synced: Synced, receiving: Account) -> None:
    action, payload = changing(receiving)
    assert deliver(synced.other, action, payload).status_code == 401
    assert synced.other.get("/webhook-receivers").json() == []


def test_unknown_listeners(synced: Synced, receiving: Account) -> None:
    raw = webhook_body("ping", {})
    for secret in ("nobody", "%00", receiving.id, receiving.token):
        url = f"{synced.world.url}/api/integrations/webhook-listener/{secret}"
        answer = httpx.post(url, content=raw, headers=webhook_headers(raw, SECRET))
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})


def test_odd_deliveries(synced: Synced, receiving: Account) -> None:
    assert taken(synced, deliver(receiving, "ping", {"web_hook_id": 1}))
    assert taken(synced, deliver(receiving, "interview_deleted", {"interview": {"id": 1}, "id": 1}))
    assert taken(synced, deliver(receiving, "nobody_knows", {}))
    assert taken(synced, deliver(receiving, "ping", []))
    raw = b"not json"
    assert post(receiving, raw, webhook_headers(raw, SECRET)).status_code == 400
    big = b" " * 5_000_001
    assert post(receiving, big, webhook_headers(big, SECRET)).status_code == 413


def reads(synced: Synced, key: str = "") -> list[Any]:
    """The requests the vendor was asked for records with, those about one thing if one is named."""
    return [r for r in synced.world.sent("GET") if key in f"{r.path}?{r.query}" and r.status != 401]


def waiting(synced: Synced) -> int:
    """How many deliveries wait to be taken in."""
    query = select(func.count()).select_from(vendor_delivery).where(vendor_delivery.c.content.is_not(None))
    with synced.world.service.reader.connect() as connection:
        return connection.scalar(query) or 0


def held(synced: Synced, account: Account) -> float:
    """For how many seconds the job waits; it is ready again after this question."""
    synced.world.stop_waiting()
    of_account = (job_table.c.kind == KIND) & (job_table.c.key == account.id)
    with synced.world.service.engine.begin() as connection:
        seconds = connection.scalar(select(job_table.c.hold_until - Now()).where(of_account))
        connection.execute(update(job_table).where(of_account).values(hold_until=0, due_at=0, lease_until=0))
    return float(seconds)


def promoted(synced: Synced, account: Account, title: str = "Chief of Everything") -> tuple[Json, Json]:
    """A candidate whom the vendor has given another title, and the payload that tells of it."""
    state = synced.world.sandbox
    known = account.list("/candidates")[0]
    state.tables["candidates"].rows[int(known["remote_id"])]["title"] = title
    return known, payload_of(state, "update_candidate", int(known["remote_id"]))


def title_of(account: Account, known: Json) -> str:
    return str(account.get(f"/candidates/{known['id']}").json()["title"])


def deleted(account: Account, told: Json) -> bool:
    """Whether the interview that a delivery told of is marked as deleted."""
    shown = account.one("/interviews", remote_id=told["id"], include_deleted_data="true")
    return bool(shown["remote_was_deleted"])


def issues(synced: Synced) -> list[tuple[str, str]]:
    shown = synced.world.http.get("/issues").json()["results"]
    return [(issue["error_description"], "; ".join(issue["error_details"])) for issue in shown]


def test_the_vendor_does_not_wait(synced: Synced, receiving: Account) -> None:
    """A delivery is kept, encrypted, before the vendor is asked for anything."""
    known, payload = promoted(synced, receiving)
    assert acknowledged(deliver(receiving, "update_candidate", payload))
    assert reads(synced) == []
    assert waiting(synced) == 1
    with synced.world.service.reader.connect() as connection:
        (content,) = connection.scalars(select(vendor_delivery.c.content)).all()
    assert known["first_name"].encode() not in content
    take_in(synced)
    assert waiting(synced) == 0
    assert title_of(receiving, known) == "Chief of Everything"


def test_a_worker_takes_it_in_at_once(synced: Synced, receiving: Account) -> None:
    known, payload = promoted(synced, receiving)
    jobs = synced.world.service.jobs
    jobs.start(2)
    try:
        assert acknowledged(deliver(receiving, "update_candidate", payload))
        until = time.monotonic() + 30
        while title_of(receiving, known) != "Chief of Everything" and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        jobs.stop()
    assert title_of(receiving, known) == "Chief of Everything"


def test_delivered_again(synced: Synced, receiving: Account) -> None:
    known, payload = promoted(synced, receiving)
    raw = webhook_body("update_candidate", payload)
    headers = webhook_headers(raw, SECRET)
    for _ in range(3):
        assert taken(synced, post(receiving, raw, headers))
    asked = len(reads(synced, known["remote_id"]))
    assert asked
    assert taken(synced, post(receiving, raw, webhook_headers(raw, SECRET)))
    assert len(reads(synced, known["remote_id"])) == 2 * asked, "the same words may tell of another change"


def test_an_id_of_another_delivery(synced: Synced, receiving: Account) -> None:
    """Nothing vouches for the id: a delivery with another body is another one."""
    action, payload = changing(receiving)
    ping = webhook_body("ping", {})
    headers = webhook_headers(ping, SECRET)
    assert taken(synced, post(receiving, ping, headers))
    same = {"Greenhouse-Event-ID": headers["Greenhouse-Event-ID"]}
    assert taken(synced, deliver(receiving, action, payload, **same))
    assert deleted(receiving, payload)


def test_many_about_one_thing(synced: Synced, receiving: Account) -> None:
    known, payload = promoted(synced, receiving)
    for _ in range(20):
        assert acknowledged(deliver(receiving, "update_candidate", payload))
    take_in(synced)
    once = len(reads(synced, known["remote_id"]))
    assert waiting(synced) == 0
    assert taken(synced, deliver(receiving, "update_candidate", payload))
    assert len(reads(synced, known["remote_id"])) == 2 * once, "twenty cost as much as one"


def test_the_order_of_arrival(synced: Synced, receiving: Account) -> None:
    known, payload = promoted(synced, receiving)
    deletion = payload_of(synced.world.sandbox, "delete_candidate", int(known["remote_id"]))
    assert acknowledged(deliver(receiving, "update_candidate", payload))
    synced.world.sandbox.delete("candidates", int(known["remote_id"]))
    assert acknowledged(deliver(receiving, "delete_candidate", deletion))
    take_in(synced)
    assert receiving.get(f"/candidates/{known['id']}").json()["remote_was_deleted"]
    assert waiting(synced) == 0


def test_the_vendor_is_down(synced: Synced, receiving: Account) -> None:
    known, payload = promoted(synced, receiving)
    synced.world.sandbox.controls.fail("*candidates*", status=503, times=3)  # as often as one read is tried
    assert taken(synced, deliver(receiving, "update_candidate", payload))
    assert title_of(receiving, known) != "Chief of Everything"
    assert waiting(synced) == 1
    assert held(synced, receiving) > 1
    take_in(synced)
    assert title_of(receiving, known) == "Chief of Everything"
    assert waiting(synced) == 0


def test_the_vendor_asks_to_wait(synced: Synced, receiving: Account) -> None:
    known, payload = promoted(synced, receiving)
    synced.world.sandbox.controls.fail("*candidates*", status=429, headers={"Retry-After": "40"})
    assert taken(synced, deliver(receiving, "update_candidate", payload))
    asked = len(reads(synced))
    take_in(synced)
    assert len(reads(synced)) == asked, "it is not asked before"
    assert 30 < held(synced, receiving) <= 40
    take_in(synced)
    assert title_of(receiving, known) == "Chief of Everything"


def test_what_may_not_be_read(synced: Synced, receiving: Account) -> None:
    """It would never work: somebody is told, and the rest goes on."""
    _, payload = promoted(synced, receiving)
    action, other = changing(receiving)
    synced.world.sandbox.controls.fail("*candidates*", status=403, times=9)
    assert acknowledged(deliver(receiving, "update_candidate", payload))
    assert acknowledged(deliver(receiving, action, other))
    take_in(synced)
    assert waiting(synced) == 0
    ((label, detail),) = issues(synced)
    assert label == "Missing permission"
    assert "candidates" in detail
    assert deleted(receiving, other)


def test_the_credentials_are_refused(synced: Synced) -> None:
    synced.v1.http.post("/webhook-receivers", json={"event": "any", "is_active": True, "key": SECRET})
    _, payload = promoted(synced, synced.v1)
    action, other = changing(synced.v1)
    synced.world.sandbox.api_key = "another"
    assert acknowledged(deliver(synced.v1, "update_candidate", payload))
    assert acknowledged(deliver(synced.v1, action, other))
    take_in(synced)
    assert synced.world.stored(synced.v1).status == "RELINK_NEEDED"
    assert waiting(synced) == 0
    assert deleted(synced.v1, other)


def test_one_that_never_works_stops_no_other(synced: Synced, receiving: Account, no_pauses: None) -> None:
    known, payload = promoted(synced, receiving)
    action, other = changing(receiving)
    synced.world.sandbox.controls.fail("*candidates*", status=503, times=999)
    assert acknowledged(deliver(receiving, "update_candidate", payload))
    assert acknowledged(deliver(receiving, action, other))
    take_in(synced)
    assert waiting(synced) == 2
    held(synced, receiving)
    take_in(synced)
    assert waiting(synced) == 1, "the other one is not behind it"
    with synced.world.service.engine.begin() as connection:
        connection.execute(update(vendor_delivery).values(attempts=11))
    held(synced, receiving)
    take_in(synced)
    assert waiting(synced) == 0
    assert [label for label, _ in issues(synced)] == ["Vendor unavailable"]
    assert deleted(receiving, other)
    assert title_of(receiving, known) != "Chief of Everything"


def test_genuine_nonsense(synced: Synced, receiving: Account) -> None:
    action, other = changing(receiving)
    assert acknowledged(deliver(receiving, "update_candidate", {"candidate": "x"}))
    assert acknowledged(deliver(receiving, action, other))
    take_in(synced)
    assert waiting(synced) == 0
    assert [label for label, _ in issues(synced)] == ["Unexpected data"]
    assert deleted(receiving, other)


def test_what_is_remembered_ends(synced: Synced, receiving: Account) -> None:
    assert taken(synced, deliver(receiving, "ping", {}))
    with synced.world.service.engine.begin() as connection:
        connection.execute(update(vendor_delivery).values(stamp=1))
    assert taken(synced, deliver(receiving, "ping", {}))
    with synced.world.service.reader.connect() as connection:
        assert len(connection.scalars(select(vendor_delivery.c.stamp)).all()) == 1


def test_killed_after_it_was_acknowledged(synced: Synced, receiving: Account) -> None:
    known, payload = promoted(synced, receiving)
    raw = webhook_body("update_candidate", payload)
    with process(synced.world) as server:
        answer = httpx.post(
            server.url + receiving.listener, content=raw, headers=webhook_headers(raw, SECRET)
        )
        server.kill()
    assert acknowledged(answer)
    take_in(synced)
    assert title_of(receiving, known) == "Chief of Everything"


WORKER = """
import sys
from pathlib import Path
from app.service import Service
from app.settings import Settings
directory, url, origin, account = sys.argv[1:]
settings = Settings(data_dir=Path(directory), database_url=url, provider_origins={"greenhouse": origin})
Service(settings).jobs.runs.run("receive", account)
"""


def test_killed_while_it_is_taken_in(synced: Synced, receiving: Account) -> None:
    known, payload = promoted(synced, receiving)
    assert acknowledged(deliver(receiving, "update_candidate", payload))
    synced.world.sandbox.controls.fail("*candidates*", status=None, delay=20)
    settings = synced.world.settings
    arguments = [str(settings.data_dir), settings.resolved_database_url, *settings.provider_origins.values()]
    worker = subprocess.Popen([sys.executable, "-c", WORKER, *arguments, receiving.id], env=dict(os.environ))
    until = time.monotonic() + 60
    while not reads(synced) and time.monotonic() < until:
        time.sleep(0.01)
    worker.kill()
    worker.wait()
    assert reads(synced)
    assert waiting(synced) == 1
    take_in(synced)
    assert waiting(synced) == 1, "the dead one's lease"
    held(synced, receiving)
    take_in(synced)
    assert waiting(synced) == 0
    assert title_of(receiving, known) == "Chief of Everything"


def test_an_account_that_is_gone(synced: Synced, receiving: Account) -> None:
    _, payload = promoted(synced, receiving)
    assert acknowledged(deliver(receiving, "update_candidate", payload))
    assert receiving.http.post("/delete-account").status_code == 200
    take_in(synced)
    assert reads(synced) == []
    synced.world.service.jobs.runs.run("purge", receiving.id)
    assert waiting(synced) == 0
