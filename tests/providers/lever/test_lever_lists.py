"""Lists within opportunities, single records, and when they are asked for again."""

from typing import Any

import pytest
from lever_stub import Stub

from providers.kit import (
    ChildResource,
    Invalid,
    NotFound,
    PermissionMissing,
    ProviderError,
    Row,
    StaleCursor,
    Unexpected,
)
from providers.lever.lists import every
from providers.lever.resources import RESOURCES, read_panel

NEXT = "%5B3%2C1491435120000%2C%225599cc20%22%5D"
FUTURE = 4_102_444_800_000  # 2100
PANELS = {"data": [{"id": "p", "interviews": [{"id": "i", "interviewers": []}, {"id": "j"}]}]}


def child(name: str) -> ChildResource:
    found = next(r for r in RESOURCES if r.name == name)
    assert isinstance(found, ChildResource)
    return found


def page(*ids: str, following: str | None = None) -> dict[str, Any]:
    more = {"hasNext": True, "next": following} if following else {"hasNext": False}
    return {"data": [{"id": each} for each in ids], **more}


def test_a_token_is_sent_as_the_text_it_is() -> None:
    """It is percent-encoded already, and is encoded once more; who decodes it gets a token of nothing."""
    stub = Stub()
    stub.on("GET", "/opportunities/o/notes", page("1", following=NEXT))
    stub.on("GET", "/opportunities/o/notes", page("2"))
    rows = list(child("notes").read(stub.client, {"id": "o"}))
    assert [row["id"] for row in rows] == ["1", "2"], "nested lists have pages too"
    assert stub.requests[1].url.query.decode().endswith("offset=" + NEXT.replace("%", "%25"))


def test_rows_within_an_opportunity_are_told_whose_they_are() -> None:
    stub = Stub()
    stub.on("GET", "/opportunities/o/offers", page("1"))
    (row,) = child("offers").read(stub.client, {"id": "o"})
    assert row == {"id": "1", "opportunityId": "o"}
    assert child("offers").key(row) == "o/1"
    assert list(child("offers").index["parent"](row)) == ["o"]


def test_a_bare_array_is_a_list_too() -> None:
    stub = Stub()
    stub.on("GET", "/opportunities/o/files", [{"id": "1"}])
    assert [row["id"] for row in child("files").read(stub.client, {"id": "o"})] == ["1"]


@pytest.mark.parametrize("odd", [{"data": "x"}, {}, 5])
def test_no_list_is_unexpected(odd: object) -> None:
    stub = Stub()
    stub.on("GET", "/tags", odd)
    with pytest.raises(Unexpected):
        every(stub.client, "/tags")


def test_a_nested_list_whose_token_aged_is_read_from_its_beginning() -> None:
    """Not the whole pass: that would ask for the lists of every opportunity again."""
    stub = Stub()
    aged = {"code": "BadRequestError", "message": "Invalid offset token"}
    stub.on("GET", "/opportunities/o/notes", page("1", following=NEXT))
    stub.on("GET", "/opportunities/o/notes", aged, 400)
    stub.on("GET", "/opportunities/o/notes", page("1", "2"))
    assert [row["id"] for row in child("notes").read(stub.client, {"id": "o"})] == ["1", "2"]
    stub.answers.clear()
    stub.on("GET", "/opportunities/o/notes", aged, 400)
    with pytest.raises(StaleCursor):
        list(child("notes").read(stub.client, {"id": "o"}))


def test_another_bad_request_is_no_aged_token() -> None:
    stub = Stub()
    stub.on("GET", "/tags", {"code": "BadRequestError", "message": "Invalid limit"}, 400)
    with pytest.raises(Invalid):
        every(stub.client, "/tags")


def test_a_list_that_never_ends_is_stopped() -> None:
    stub = Stub()
    stub.on("GET", "/tags", page("1", following=NEXT))
    with pytest.raises(Unexpected, match="repeats its offset"):
        every(stub.client, "/tags")


# ---- single records


def fetched(stub: Stub, name: str, key: str) -> dict[str, list[Row]]:
    fetch = stub.api.resource(name).fetch
    assert fetch is not None
    return fetch(stub.client, key)


def test_an_opportunity_is_fetched_with_its_application() -> None:
    stub = Stub()
    stub.on("GET", "/opportunities/o", {"data": {"id": "o"}})
    assert fetched(stub, "opportunities", "o") == {"opportunities": [{"id": "o"}]}
    assert stub.requests[0].url.params.get_list("expand") == ["applications"]


def test_an_interview_is_fetched_with_what_its_panel_says_of_it() -> None:
    stub = Stub()
    stub.on("GET", "/opportunities/o/interviews/i", {"data": {"id": "i", "panel": "p"}})
    stub.on("GET", "/opportunities/o/panels", PANELS)
    rows = fetched(stub, "interviews", "o/i")
    assert rows["interviews"] == [{"id": "i", "panel": "p", "opportunityId": "o"}]
    assert rows["panels"] == [{"id": "i", "interviewers": [], "opportunityId": "o", "panel": "p"}]
    assert child("panels").key(rows["panels"][0]) == "o/i"


@pytest.mark.parametrize("status", [403, 404])
def test_an_interview_is_fetched_though_panels_are_closed(status: int) -> None:
    """It is there: nobody is to think that it is gone because nothing is known of its panel."""
    stub = Stub()
    stub.on("GET", "/opportunities/o/interviews/i", {"data": {"id": "i", "panel": "p"}})
    stub.on("GET", "/opportunities/o/panels", {"code": "x", "message": "no"}, status)
    assert list(fetched(stub, "interviews", "o/i")) == ["interviews"]


def test_no_panel_is_asked_for_where_there_is_none() -> None:
    stub = Stub()
    assert list(read_panel(stub.client, {"id": "i", "panel": None, "opportunityId": "o"})) == []
    assert stub.requests == []


@pytest.mark.parametrize("name", ["users", "postings"])
def test_what_cannot_be_read_alone_is_looked_for_in_the_list(name: str) -> None:
    """A 404 may be the path's: only the list tells that a record is gone."""
    stub = Stub()
    stub.on("GET", f"/{name}/2", {"code": "ResourceNotFound", "message": "no such path"}, 404)
    stub.on("GET", f"/{name}/3", {"code": "ResourceNotFound", "message": "no such user"}, 404)
    stub.on("GET", f"/{name}", page("1", following=NEXT))
    stub.on("GET", f"/{name}", page("2"))
    assert fetched(stub, name, "2") == {name: [{"id": "2"}]}
    assert stub.requests[2].url.query.decode().endswith("offset=" + NEXT.replace("%", "%25"))
    with pytest.raises(NotFound):
        fetched(stub, name, "3")


@pytest.mark.parametrize("name", ["feedback", "notes", "offers", "files", "resumes"])
def test_what_belongs_to_an_opportunity_is_found_in_its_list(name: str) -> None:
    stub = Stub()
    stub.on("GET", f"/opportunities/o/{name}", page("1", "2"))
    assert [row["id"] for row in fetched(stub, name, "o/2")[name]] == ["2"]
    with pytest.raises(NotFound):
        fetched(stub, name, "o/3")
    with pytest.raises(NotFound):
        fetched(stub, name, "3")


@pytest.mark.parametrize(("status", "error"), [(404, NotFound), (403, PermissionMissing)])
def test_what_is_gone_or_closed_says_so(status: int, error: type[ProviderError]) -> None:
    stub = Stub()
    stub.on("GET", "/opportunities/o/interviews/i", {"code": "x", "message": "y"}, status)
    with pytest.raises(error):
        fetched(stub, "interviews", "o/i")


# ---- when


def test_lists_within_opportunities_are_read_again_of_those_that_are_not_archived() -> None:
    for name in ("interviews", "feedback", "offers", "notes", "files", "resumes"):
        again = child(name).again
        assert again is not None
        assert again.when({"archived": None})
        assert not again.when({"archived": {"reason": "r", "archivedAt": 1}})
        assert again.others.days >= 30, "a full pass of every other list comes daily: 100,000 of them"
    interviews, notes = child("interviews").again, child("notes").again
    assert interviews and notes and interviews.every < notes.every


def test_answers_of_interviewers_are_read_until_the_interview_has_ended() -> None:
    again = child("panels").again
    assert again is not None
    ahead = {"date": FUTURE, "duration": 30, "canceledAt": None}
    assert again.when(ahead)
    assert again.others.days >= 30, "each interview costs a request"
    assert not again.when({**ahead, "canceledAt": 1})
    assert not again.when({**ahead, "date": 1_423_188_000_000})


def test_questions_are_those_of_the_form_of_each_posting() -> None:
    stub = Stub()
    forms = [{"fields": [{"id": "a"}, {"text": "no id"}]}, {"fields": [{"id": "b"}]}]
    stub.on("GET", "/postings/p/apply", {"data": {"customQuestions": forms}})
    rows = list(child("questions").read(stub.client, {"id": "p"}))
    assert [child("questions").key(row) for row in rows] == ["p/a", "p/p:1", "p/b"]
    assert [row["position"] for row in rows] == [0, 1, 2]
    stub.answers.clear()
    stub.on("GET", "/postings/p/apply", {"data": {}})
    assert list(child("questions").read(stub.client, {"id": "p"})) == []
    stub.answers.clear()
    stub.on("GET", "/postings/p/apply", {"data": "none"})
    with pytest.raises(Unexpected):
        list(child("questions").read(stub.client, {"id": "p"}))
