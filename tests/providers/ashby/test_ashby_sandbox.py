"""A life of an interview, a candidate and a file in the sandbox, which was read off the documents apart."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from conformance.sandboxed import sandboxed
from small_ashby import run
from world import Account, World

from sandboxes import CREDENTIALS

CV = {"file_name": "cv.pdf", "file_url": "data:application/pdf;base64,aGVsbG8=", "attachment_type": "RESUME"}


@pytest.fixture
def account(world: World) -> Iterator[Account]:
    with sandboxed(world, "ashby", next(iter(CREDENTIALS["ashby"]))) as vendor:
        made = vendor.link()
        run(world, made)
        yield made


def done(account: Account, method: str, path: str, body: Any = None) -> Any:
    """What a write that goes through without a word answers."""
    answer = account.http.request(method, path, json=body)
    assert answer.status_code in (200, 201), answer.text
    told = answer.json()
    assert (told["warnings"], told["errors"]) == ([], [])
    return told["model"]


def open_application(account: Account) -> str:
    return str(next(row["id"] for row in account.list("/applications") if not row["rejected_at"]))


def test_an_interview_is_made_moved_and_cancelled(world: World, account: Account) -> None:
    first, second, *_ = (row["id"] for row in account.list("/users") if not row["disabled"])
    application = open_application(account)
    times = {"start_at": "2026-12-05T10:00:00Z", "end_at": "2026-12-05T11:00:00Z"}
    model = {"application": application, "interviewers": [first], **times}
    made = done(account, "POST", "/interviews", {"model": model})
    assert (made["interviewers"], made["status"]) == ([first], "SCHEDULED")
    changed = {"start_at": "2026-12-05T09:30:00Z", "interviewers": [first, second]}
    moved = done(account, "PATCH", f"/interviews/{made['id']}", {"model": changed})
    assert (moved["id"], moved["start_at"], moved["end_at"]) == (
        made["id"],
        changed["start_at"],
        times["end_at"],
    )
    assert moved["interviewers"] == [first, second]
    assert done(account, "DELETE", f"/interviews/{made['id']}")["status"] == "Cancelled"
    run(world, account)
    assert account.get(f"/interviews/{made['id']}").json()["status"] == "Cancelled", "and stays so"


def test_a_candidate_comes_with_everything_and_is_rejected(world: World, account: Account) -> None:
    job = next(row["id"] for row in account.list("/jobs") if row["status"] == "OPEN")
    model = {
        "first_name": "Ana",
        "last_name": "de la Torre",
        "email_addresses": [{"value": "ana@torre.example"}, {"value": "ana@work.example"}],
        "phone_numbers": [{"value": "+49 30 901820"}],
        "urls": [{"value": "https://www.linkedin.com/in/ana"}, {"value": "https://ana.example"}],
        "tags": ["Quite new"],
        "applications": [{"job": job}],
        "attachments": [CV],
    }
    made = done(account, "POST", "/candidates", {"model": model})
    assert [each["value"] for each in made["email_addresses"]] == ["ana@torre.example", "ana@work.example"]
    assert (made["last_name"], made["tags"]) == ("de la Torre", ["Quite new"])
    (application,), (file,) = made["applications"], made["attachments"]
    assert account.get(f"/attachments/{file}").json()["attachment_type"] == "RESUME"
    reason = account.list("/reject-reasons")[0]["id"]
    path = f"/applications/{application}/reject"
    assert done(account, "POST", path, {"reject_reason": reason})["reject_reason"] == reason
    renamed = done(account, "PATCH", f"/candidates/{made['id']}", {"model": {"first_name": "Anna"}})
    assert (renamed["first_name"], renamed["last_name"]) == ("Anna", "de la Torre")
    run(world, account)
    assert account.get("/issues").json()["results"] == []
    assert "Quite new" in {row["name"] for row in account.list("/tags")}


def test_a_file_can_be_had_where_the_answer_says(account: Account) -> None:
    candidate = account.list("/candidates")[0]["id"]
    made = done(account, "POST", "/attachments", {"model": CV | {"candidate": candidate}})
    assert httpx.get(made["file_url"]).content == b"hello"
