"""Bad input: a clear 4xx in the reference's words, nothing written, no trace of the code."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select
from world import Account, Synced, World

from app.accounts.tables import linked_account
from app.records.tables import RECORD_TABLES

NOT_FOUND = {"detail": "Not found."}
NO_KEY = {"detail": "Authentication credentials were not provided."}
INVALID = {"detail": "Invalid token."}
WITH_ACCOUNT = ("/interviews", "/candidates", "/tags", "/sync-status", "/webhook-receivers")
BODIES: dict[str, list[tuple[str, bytes | None]]] = {
    "POST": [
        ("/interviews", b'{"model": {}}'),
        ("/passthrough", b'{"method": "GET", "path": "/"}'),
        ("/sync-status/resync", None),
        ("/webhook-receivers", b'{"event": "x", "is_active": true}'),
    ],
    "PATCH": [(f"/interviews/{uuid4()}", b'{"model": {}}')],
    "DELETE": [(f"/interviews/{uuid4()}", None)],
}
WRITES = [(method, path, body) for method, many in BODIES.items() for path, body in many]


def stranger(world: World, **headers: str) -> httpx.Client:
    return world.client(**headers)


def check(answer: httpx.Response, status: int, body: Any) -> None:
    assert (answer.status_code, answer.json()) == (status, body)
    assert answer.headers["content-type"].startswith("application/json")


def keys_of(synced: Synced) -> dict[str, tuple[dict[str, str], Any]]:
    key, token = f"Bearer {synced.world.key}", synced.v3.token
    no_token = {"detail": "This request needs the header X-Account-Token."}
    return {
        "nothing": ({}, NO_KEY),
        "a token only": ({"X_Account_Token": token}, NO_KEY),
        "no Bearer": ({"Authorization": synced.world.key, "X_Account_Token": token}, NO_KEY),
        "Basic": ({"Authorization": f"Basic {synced.world.key}", "X_Account_Token": token}, NO_KEY),
        "an empty key": ({"Authorization": "Bearer", "X_Account_Token": token}, NO_KEY),
        "a wrong key": ({"Authorization": "Bearer omn_key_x", "X_Account_Token": token}, INVALID),
        "token for key": ({"Authorization": f"Bearer {token}", "X_Account_Token": token}, INVALID),
        "no token": ({"Authorization": key}, no_token),
        "a wrong token": ({"Authorization": key, "X_Account_Token": "omn_acct_x"}, INVALID),
        "key for token": ({"Authorization": key, "X_Account_Token": synced.world.key}, INVALID),
        "the account's id": ({"Authorization": key, "X_Account_Token": synced.v3.id}, INVALID),
        "an odd token": ({"Authorization": key, "X_Account_Token": "' or 1=1 --"}, INVALID),
    }


@pytest.mark.contract("1.2", "1.3", "4.2")
def test_who_may_not_ask(synced: Synced) -> None:
    for headers, body in keys_of(synced).values():
        with stranger(synced.world, **headers) as http:
            for path in WITH_ACCOUNT:
                check(http.get(path), 401, body)
            for method, path, content in WRITES:
                check(http.request(method, path, content=content), 401, body)
                # Neither the body nor the id is looked at before the caller is known.
                if content:
                    check(http.request(method, path, content=b"{nonsense"), 401, body)
                    check(http.request(method, path, content=b"[]"), 401, body)
    with stranger(synced.world) as http:
        check(http.get("/integrations"), 401, NO_KEY)
        check(http.post("/linked-accounts", content=b"{nonsense"), 401, NO_KEY)
        check(http.post("/linked-accounts", json={}), 401, NO_KEY)
    assert not synced.world.sandbox.controls.received


@pytest.mark.contract("4.1", "4.2")
def test_unknown_and_foreign_ids(synced: Synced, account: Account) -> None:
    for path in ("/interviews", "/candidates", "/jobs", "/users"):
        foreign = synced.other.list(path)[0]["id"]
        for wrong in (str(uuid4()), foreign, "1", "x", "%00", "..%2f..", foreign + "x"):
            check(account.get(f"{path}/{wrong}"), 404, NOT_FOUND)
    job = synced.other.list("/jobs")[0]["id"]
    for wrong in (str(uuid4()), job, "1", "%00"):
        check(account.get(f"/jobs/{wrong}/screening-questions"), 404, NOT_FOUND)
        check(account.http.patch(f"/interviews/{wrong}", json={"model": {"location": "x"}}), 404, NOT_FOUND)
        check(account.http.delete(f"/interviews/{wrong}"), 404, NOT_FOUND)
    assert not synced.world.sandbox.controls.received


def test_an_id_in_capitals(account: Account) -> None:
    one = account.list("/interviews")[0]
    assert account.get(f"/interviews/{one['id'].upper()}").json() == one


@pytest.mark.contract("4.2")
def test_unknown_paths_and_methods(synced: Synced) -> None:
    http = synced.v3.http
    for path in ("/", "/nobody", "/tags/1", "/interviews/1/2", "//", "/interviews//"):
        if path == "/interviews//":
            assert http.get(path).status_code == 200
        else:
            check(http.get(path), 404, NOT_FOUND)
    for method, path in (
        ("PUT", "/interviews"),
        ("POST", "/tags"),
        ("DELETE", "/candidates"),
        ("PUT", "/jobs/1"),
    ):
        check(http.request(method, path), 405, {"detail": f'Method "{method}" not allowed.'})
    with httpx.Client(base_url=synced.world.url) as plain:
        check(plain.get("/"), 404, NOT_FOUND)
        assert plain.get("/healthz").json() == {"status": "ok"}
        assert plain.get("/readyz/").json() == {"status": "ready", "problems": []}
        assert plain.get("/docs").status_code == 200


def counts(world: World) -> list[int]:
    tables = [*RECORD_TABLES.values(), linked_account]
    with world.service.reader.connect() as connection:
        return [connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


@pytest.mark.contract("4.2")
@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("/interviews", b"", None),
        ("/interviews", b"{", None),
        ("/interviews", b"\xff\xfe", None),
        ("/interviews", b"[]", None),
        ("/interviews", b'{"model": {"location": "\\ud800"}}', None),
        ("/interviews", b'{"model": {"integration_params": {"interview_id": Infinity}}}', None),
        ("/webhook-receivers", b'{"event": "\\u0000", "is_active": true}', None),
        ("/interviews", b"null", None),
        ("/interviews", b"{}", {"model": ["This field is required."]}),
        ("/interviews", b'{"model": []}', None),
        ("/interviews", b'{"model": {}, "remote_user_id": {}}', None),
        ("/passthrough", b"{}", {"method": ["This field is required."], "path": ["This field is required."]}),
        ("/passthrough", b'{"method": "EAT", "path": "/"}', None),
        ("/passthrough", b'{"method": "GET", "path": ""}', None),
        ("/webhook-receivers", b'{"event": ""}', None),
        ("/linked-accounts", b"{}", None),
        ("/linked-accounts", b'{"integration": 1, "credentials": "x"}', None),
        ("/linked-accounts", b'{"integration": "greenhouse", "credentials": {"api_key": {"a": 1}}}', None),
    ],
)
def test_bad_bodies(synced: Synced, path: str, content: bytes, expected: Any) -> None:
    before = counts(synced.world)
    answer = synced.v3.http.post(path, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400, answer.text
    body = answer.json()
    assert expected in (None, body)
    assert all(isinstance(text, str) for texts in body.values() for text in texts)
    assert "Traceback" not in answer.text
    assert ".py" not in answer.text
    assert counts(synced.world) == before
    assert not synced.world.sandbox.controls.received


@pytest.mark.contract("4.2")
def test_a_defect_shows_nothing_of_itself(synced: Synced, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr("app.records.reading.RecordReader.page", broken)
    answer = synced.v3.get("/interviews")
    check(answer, 500, {"detail": "Internal server error. It has been logged."})
