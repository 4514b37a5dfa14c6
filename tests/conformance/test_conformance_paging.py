"""Every list of every provider ends, and asks for changes alone when only those are wanted."""

import json
from typing import Any

import httpx
import pytest

from conformance.cases import Case, apis, cases
from conformance.stand_in import BEGAN, SINCE, Prepared, StandIn, answer_of
from providers.kit import Api, ListResource, Unexpected, Window

LISTS = cases("lists")
FULL = [case for case in LISTS if not (case.data.get("changes") or case.data.get("token"))]
PAGED = [case for case in FULL if len(case.data["exchange"]) > 1 and "raises" not in case.data]
INCREMENTAL = [
    (slug, api, resource)
    for slug, api in apis()
    for resource in api.resources
    if isinstance(resource, ListResource) and resource.incremental
]


def reading(case: Case) -> ListResource:
    resource = case.api.resource(case.data["resource"])
    assert isinstance(resource, ListResource)
    return resource


def first_page(case: Case) -> dict[str, Any]:
    """The first answer that is no refusal, after which a vendor is asked for less."""
    answers: list[dict[str, Any]] = [step["answer"] for step in case.data["exchange"]]
    return next(answer for answer in answers if answer.get("status", 200) < 300)


def said_by_vendor(cursor: Any, answer: httpx.Response) -> bool:
    """Whether any part of a cursor is from an answer; a number of a page or of rows is counted by us."""
    if isinstance(cursor, dict | list):
        parts = cursor.values() if isinstance(cursor, dict) else cursor
        return any(said_by_vendor(part, answer) for part in parts)
    told = answer.text.replace("\\/", "/") + "".join(answer.headers.values())
    return isinstance(cursor, str) and not cursor.isdigit() and cursor in told


@pytest.mark.parametrize("case", PAGED, ids=str)
def test_a_list_that_answers_the_same_page_for_ever_is_stopped(case: Case) -> None:
    """The same answer gives the same cursor, by which a synchronisation knows a list that never ends."""
    first = first_page(case)
    stand_in, resource = StandIn(case, lambda _: answer_of(first)), reading(case)
    window = Window(None, BEGAN, None, Prepared(case.data))
    try:
        page = resource.read(stand_in.client, window, None)
        again = resource.read(stand_in.client, window, page.next)
    except Unexpected:
        return  # a list that is read at once is stopped by the provider itself
    if said_by_vendor(page.next, answer_of(first)):
        assert again.next in (page.next, None), "hand on the vendor's cursor as it is"


@pytest.mark.parametrize(("slug", "api", "resource"), INCREMENTAL, ids=lambda v: getattr(v, "name", v))
def test_an_incremental_pass_asks_otherwise_than_a_full_one(
    slug: str, api: Api, resource: ListResource
) -> None:
    mine = [c for c in LISTS if c.slug == slug and c.api is api and c.data["resource"] == resource.name]
    whole = [json.dumps(c.data["exchange"][0]["request"], sort_keys=True) for c in mine if c in FULL]
    changes = [json.dumps(c.data["exchange"][0]["request"], sort_keys=True) for c in mine if c not in FULL]
    assert changes, f"lists/ needs a case of {resource.name} with `changes` or `token`"
    assert not set(whole) & set(changes), "the documented filter is missing from the request"


@pytest.mark.parametrize("case", [c for c in LISTS if c not in FULL and "raises" not in c.data], ids=str)
def test_a_filter_names_the_time_or_token_it_was_given(case: Case) -> None:
    """Otherwise the request of the fixture would be asked for at any time."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return answer_of(first_page(case))

    since = SINCE.replace(year=2020) if case.data.get("changes") else None
    token = "another-token" if case.data.get("token") else None
    reading(case).read(StandIn(case, answer).client, Window(since, BEGAN, token, Prepared(case.data)), None)
    sent = str(asked[0].url) + asked[0].content.decode()
    documented = json.dumps(case.data["exchange"][0]["request"])
    for moment in (SINCE.strftime("%Y-%m-%d"), str(int(SINCE.timestamp()))):
        if case.data.get("changes") and moment in documented:
            assert moment not in sent
    assert token is None or token in sent
