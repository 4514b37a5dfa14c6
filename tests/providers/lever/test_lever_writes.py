"""What the prepared requests of writes do not show: failures on the way, and what is read back."""

import json
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

import pytest
from lever_stub import KEY, Stub

from providers.kit import (
    Content,
    CorruptedFile,
    File,
    Invalid,
    PermissionMissing,
    Reference,
    Unavailable,
    Write,
)

ROWS: list[dict[str, Any]] = [
    {"id": "o1", "contact": "c1", "tags": ["a"], "archived": None, "createdAt": 1},
    {"id": "o2", "contact": "c1", "tags": ["b"], "archived": {"reason": "r"}, "createdAt": 3},
    {"id": "o3", "contact": "c1", "tags": ["c"], "archived": None, "createdAt": 2},
]
NO = {"code": "Forbidden", "message": "no"}
OK = {"data": {"id": "o3", "name": ""}}


def test_every_opportunity_of_a_changed_contact_is_read_back() -> None:
    """The answers are blanked: nothing of them may be stored."""
    stub = Stub()
    stub.on("PUT", "/contacts/c1", {"data": {"id": "c1", "name": "Ann Lee"}})
    written, write = stub.write("Candidate", "update", {"first_name": "Ann", "last_name": "Lee"}, ROWS)
    assert written.reference == Reference("opportunities", "o3")
    assert write.also == [Reference("opportunities", "o1"), Reference("opportunities", "o2")]
    assert written.row is None


@pytest.mark.parametrize("verb", ["change_stage", "reject"])
def test_the_answer_to_a_move_is_not_kept(verb: str) -> None:
    stub = Stub()
    stub.on("PUT", "/opportunities/c1/stage", OK)
    stub.on("PUT", "/opportunities/c1/archived", OK)
    written, _ = stub.write("Application", verb, {"current_stage": "s", "reject_reason": "r"}, [])
    assert written.row is None


def test_the_answer_to_a_new_candidate_is_not_kept() -> None:
    stub = Stub({**KEY, "perform_as": "u"})
    stub.on("POST", "/opportunities", {"data": {"id": "o1", "contact": "c1", "name": "Ann"}}, 201)
    written, write = stub.write("Candidate", "create", {"first_name": "Ann"}, [])
    assert (written.reference, written.remote_id) == (Reference("opportunities", "o1"), "c1")
    assert (written.row, write.also) == (None, [])


def test_a_part_that_fails_after_another_went_through_is_told_of() -> None:
    stub = Stub()
    stub.on("PUT", "/contacts/c1", {"data": {"id": "c1"}})
    stub.on("POST", "/opportunities/o3/addTags", NO, 403)
    given = {"first_name": "Ann", "last_name": "Lee", "tags": ["a", "b", "c", "d"]}
    _, write = stub.write("Candidate", "update", given, ROWS)
    assert [(part, type(error)) for part, error in write.failures] == [("tags", PermissionMissing)]


def test_a_change_that_fails_at_once_is_a_refusal() -> None:
    stub = Stub()
    stub.on("POST", "/opportunities/o3/addTags", NO, 403)
    with pytest.raises(PermissionMissing):
        stub.write("Candidate", "update", {"tags": ["a", "b", "c", "d"]}, ROWS)


def test_a_further_application_that_fails_is_told_of() -> None:
    stub = Stub({**KEY, "perform_as": "u"})
    stub.on("POST", "/opportunities", {"data": {"id": "o1", "contact": "c1"}}, 201)
    stub.on("POST", "/opportunities", {"code": "BadRequestError", "message": "no such posting"}, 400)
    given = {"first_name": "Ann", "applications": [{"job": "p1"}, {"job": "p2"}]}
    written, write = stub.write("Candidate", "create", given, [])
    assert written.remote_id == "c1"
    assert [part for part, _ in write.failures] == ["applications/1"]


def test_an_answer_without_an_id_may_have_made_something() -> None:
    stub = Stub({**KEY, "perform_as": "u"})
    stub.on("POST", "/opportunities", {"data": {"contact": "c1"}}, 201)
    with pytest.raises(Unavailable) as error:
        stub.write("Candidate", "create", {"first_name": "Ann"}, [])
    assert error.value.outcome_unknown


def test_a_user_is_named_beforehand_where_lever_needs_one() -> None:
    api = Stub().api
    needing = {(a.model, a.verb) for a in api.actions if a.needs_user({})}
    assert needing == {
        ("ScheduledInterview", "create"),
        ("Candidate", "create"),
        ("Application", "create"),
        ("Attachment", "create"),
    }
    assert not [a for a in api.actions if a.needs_user({"perform_as": "u"})]
    create = api.action("ScheduledInterview", "create")
    assert create is not None
    assert create.user_field == "organizer"


def test_a_file_that_is_too_large_is_not_sent() -> None:
    stub = Stub({**KEY, "perform_as": "u"})
    action = stub.api.action("Attachment", "create")
    assert action is not None
    content = Content("application/pdf", 30_000_001, [])
    write = Write(
        client=stub.client,
        as_user=None,
        remote_id=None,
        fields={"candidate": "c1", "file_url": "https://files.example.com/a.pdf"},
        params={},
        credentials=stub.credentials,
        stored=lambda _resource, _key: None,
        find=lambda _resource, _on, _value: ROWS,
        file=lambda _given: File("a.pdf", None, lambda: nullcontext(content)),
    )
    with pytest.raises(CorruptedFile):
        action.run(write)
    assert stub.requests == []


@pytest.mark.parametrize("field", ["start_at", "end_at", "interviewers"])
def test_what_an_interview_needs_cannot_be_cleared(field: str) -> None:
    stub = Stub({**KEY, "perform_as": "u"})
    now = {"id": "i", "date": 1, "duration": 1, "interviewers": [{"id": "u"}]}
    stub.on("GET", "/opportunities/o/interviews/i", {"data": now})
    with pytest.raises(Invalid, match=field):
        stub.write("ScheduledInterview", "update", {field: None}, [{"id": "i", "opportunityId": "o"}])
    assert stub.asked == ["GET /opportunities/o/interviews/i"]


def test_who_does_not_move_an_interview_sends_its_times_as_they_are() -> None:
    """One without a time, or without a length, can be given another place all the same."""
    stub = Stub({**KEY, "perform_as": "u"})
    now = {"id": "i", "date": None, "duration": None, "interviewers": [{"id": "u"}]}
    stub.on("GET", "/opportunities/o/interviews/i", {"data": now})
    stub.on("PUT", "/opportunities/o/interviews/i", {"data": now})
    row = {"id": "i", "opportunityId": "o"}
    stub.write("ScheduledInterview", "update", {"location": "Room"}, [row])
    sent = json.loads(stub.requests[-1].content)
    assert (sent["date"], sent["duration"], sent["location"]) == (None, None, "Room")
    with pytest.raises(Invalid, match="start_at and end_at"):
        stub.write("ScheduledInterview", "update", {"start_at": datetime.now(UTC)}, [row])
