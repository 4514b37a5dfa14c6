"""Webhooks delivered by the vendor: genuine ones, repeated ones, and others."""

import json
from typing import Any

import httpx
import pytest
from world import Account, Json, Synced

from sandboxes.greenhouse.payloads import payload_of
from sandboxes.greenhouse.webhooks import webhook_body, webhook_headers

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


def taken(answer: httpx.Response) -> bool:
    assert answer.status_code == 200, answer.text
    return bool(answer.json() == {"received": True})


def test_a_deleted_interview(synced: Synced, receiving: Account) -> None:
    known = receiving.list("/interviews")[0]
    payload = payload_of(synced.world.sandbox, "interview_deleted", int(known["remote_id"]))
    synced.world.sandbox.delete("interviews", int(known["remote_id"]))
    raw = webhook_body("interview_deleted", payload)
    headers = webhook_headers(raw, SECRET)
    assert taken(post(receiving, raw, headers))
    gone = receiving.get(f"/interviews/{known['id']}").json()
    assert gone == known | {"remote_was_deleted": True, "modified_at": gone["modified_at"]}
    assert known["id"] not in [i["id"] for i in receiving.list("/interviews")]
    assert taken(post(receiving, raw, headers)), "delivered again"
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
    assert taken(deliver(receiving, "update_candidate", payload))
    changed = receiving.get(f"/candidates/{known['id']}").json()
    assert changed["title"] == "Chief of Everything"
    assert changed["modified_at"] > known["modified_at"]
    assert taken(deliver(receiving, "update_candidate", payload))
    assert receiving.get(f"/candidates/{known['id']}").json()["modified_at"] == changed["modified_at"]


def test_a_deleted_candidate_takes_all_of_theirs(synced: Synced, receiving: Account) -> None:
    interview = receiving.list("/interviews", expand="application")[0]
    candidate = receiving.get(f"/candidates/{interview['application']['candidate']}").json()
    payload = payload_of(synced.world.sandbox, "delete_candidate", int(candidate["remote_id"]))
    synced.world.sandbox.delete("candidates", int(candidate["remote_id"]))
    assert taken(deliver(receiving, "delete_candidate", payload))
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
    assert taken(deliver(receiving, "new_candidate_application", payload))
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


def test_odd_deliveries(receiving: Account) -> None:
    assert taken(deliver(receiving, "ping", {"web_hook_id": 1}))
    assert taken(deliver(receiving, "interview_deleted", {"interview": {"id": 1}, "id": 1}))
    assert taken(deliver(receiving, "nobody_knows", {}))
    assert taken(deliver(receiving, "ping", []))
    raw = b"not json"
    assert post(receiving, raw, webhook_headers(raw, SECRET)).status_code == 400
    big = b" " * 5_000_001
    assert post(receiving, big, webhook_headers(big, SECRET)).status_code == 413


def test_the_vendor_cannot_be_asked(synced: Synced, receiving: Account) -> None:
    known = receiving.list("/candidates")[0]
    payload = payload_of(synced.world.sandbox, "update_candidate", int(known["remote_id"]))
    synced.world.sandbox.controls.fail("*candidates*", status=429, headers={"Retry-After": "1"}, times=9)
    assert deliver(receiving, "update_candidate", payload).status_code == 503, "to be delivered again"
    assert receiving.get(f"/candidates/{known['id']}").json() == known
