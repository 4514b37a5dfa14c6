"""Every list, write, error and webhook of every provider, as its vendor documents them."""

import json
from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

import httpx
import pytest

from app.common.fields import Field, Kind
from app.common.models import MODELS
from conformance.cases import Case, apis, cases
from conformance.stand_in import BEGAN, SINCE, Prepared, StandIn, answer_of, moment
from providers import kit
from providers.kit import (
    Action,
    Api,
    Content,
    File,
    ListResource,
    ProviderError,
    Resource,
    Window,
    Write,
)
from providers.kit.files import name_of

LISTS, WRITES, ERRORS, WEBHOOKS = (cases(kind) for kind in ("lists", "writes", "errors", "webhooks"))
MANY_PAGES = 10


def named(case: Case, resource: Resource) -> bool:
    return case.data["resource"] == resource.name


# ---- lists


@pytest.mark.parametrize("case", LISTS, ids=str)
def test_a_list_is_asked_for_as_documented(case: Case) -> None:
    stand_in, data = StandIn(case), case.data
    resource = case.api.resource(data["resource"])
    assert isinstance(resource, ListResource)
    since = SINCE if data.get("changes") else None
    window = Window(since, BEGAN, data.get("token"), Prepared(data))
    rows: list[Any] = []
    token, removed, cursor = None, [], None
    for _ in range(MANY_PAGES):
        try:
            page = resource.read(stand_in.client, window, cursor)
        except ProviderError as error:
            assert type(error).__name__ == data["raises"]
            break
        rows += page.rows
        removed += page.removed
        token, cursor = page.token or token, page.next
        json.dumps(cursor)  # a checkpoint keeps it
        if cursor is None:
            assert "raises" not in data
            break
    stand_in.assert_all_was_asked()
    assert [resource.key(row) for row in rows] == data.get("keys", [])
    assert [change.id for change in removed] == data.get("removed", [])
    assert token == data.get("next_token")


def _cases_of(slug: str, resource: Resource, api: Api) -> list[dict[str, Any]]:
    return [c.data for c in LISTS if c.slug == slug and c.api is api and named(c, resource)]


EVERY_LIST = [(s, a, r) for s, a in apis() for r in a.resources if isinstance(r, ListResource)]


@pytest.mark.parametrize(("slug", "api", "resource"), EVERY_LIST, ids=lambda v: getattr(v, "name", v))
def test_every_list_shows_its_end_and_its_filter(slug: str, api: Api, resource: ListResource) -> None:
    found = _cases_of(slug, resource, api)
    assert any(not case.get("changes") and "raises" not in case for case in found), (
        f"lists/ needs a case of {resource.name}: a full pass, to its last page"
    )
    if resource.incremental:
        assert any(case.get("changes") or case.get("token") for case in found), (
            f"lists/ needs a case of {resource.name} with `changes` or `token`: an incremental pass"
        )


@pytest.mark.parametrize(("slug", "api"), apis(), ids=lambda v: getattr(v, "name", v))
def test_some_list_is_empty_and_some_has_pages(slug: str, api: Api) -> None:
    found = [c.data for c in LISTS if c.slug == slug and c.api is api]
    assert any(not case.get("keys") for case in found), "lists/ needs an empty list"
    assert any(len(case["exchange"]) > 1 for case in found), "lists/ needs a list of several pages"


# ---- errors


@pytest.mark.parametrize("case", ERRORS, ids=str)
def test_an_answer_is_sorted_by_who_must_act(case: Case) -> None:
    answer = answer_of(case.data["answer"])
    answer.request = httpx.Request(case.data.get("method", "GET"), "https://vendor.example/")
    error = case.api.classify(answer)
    if case.data["is"] is None:
        assert error is None
        return
    assert type(error) is getattr(kit, case.data["is"])
    for name in ("retry_after", "outcome_unknown"):
        if name in case.data:
            assert getattr(error, name) == case.data[name]
    if "detail" in case.data:
        assert case.data["detail"] in error.detail


@pytest.mark.parametrize(("slug", "api"), apis(), ids=lambda v: getattr(v, "name", v))
def test_the_errors_every_vendor_has_are_shown(slug: str, api: Api) -> None:
    shown = {c.data["is"] for c in ERRORS if c.slug == slug and c.api is api}
    missing = {"CredentialsRefused", "RateLimited", "Unavailable"} - shown
    assert not missing, "errors/ needs an answer that is each of these"


# ---- writes


def _value(fields: tuple[Field, ...], name: str, value: Any) -> Any:
    """A field's value as an action gets it: date-times aware, the rest as in JSON."""
    f = next(f for f in fields if f.name == name)
    return moment(value) if f.kind is Kind.DATETIME else value


def _file(fields: Mapping[str, Any], text: str) -> File:
    """The file of an attachment whose content is in the case."""
    content = Content("application/pdf", len(text), [text.encode()])
    return File(name_of(fields), fields["file_url"], lambda: nullcontext(content))


@pytest.mark.parametrize("case", WRITES, ids=str)
def test_a_write_sends_the_documented_requests(case: Case) -> None:
    stand_in, data = StandIn(case), case.data
    action = case.api.action(data["model"], data["verb"])
    assert action is not None, "declare this Action, or take the case away"
    fields = MODELS[data["model"]].fields
    given = {name: _value(fields, name, value) for name, value in data.get("fields", {}).items()}
    assert given.keys() <= set(action.fields)
    kept = Prepared(data)
    write = Write(
        client=stand_in.client,
        as_user=data.get("as_user"),
        remote_id=data.get("remote_id"),
        fields=given,
        params=data.get("params", {}),
        credentials=stand_in.credentials,
        stored=kept.stored,
        find=kept.find,
        file=lambda fields: _file(fields, data.get("file", "")),
    )
    if "raises" in data:
        with pytest.raises(getattr(kit, data["raises"])):
            action.run(write)
    else:
        written = action.run(write)
        reference = written.reference
        assert [reference.resource, reference.id, written.removed] == data["written"]
    stand_in.assert_all_was_asked()
    assert [warning.field for warning in write.warnings] == data.get("warnings", [])


EVERY_ACTION = [(slug, api, action) for slug, api in apis() for action in api.actions]


@pytest.mark.parametrize(
    ("slug", "api", "action"),
    EVERY_ACTION,
    ids=lambda v: f"{v.model}-{v.verb}" if isinstance(v, Action) else getattr(v, "name", v),
)
def test_every_write_is_shown(slug: str, api: Api, action: Action) -> None:
    shown = {(c.data["model"], c.data["verb"]) for c in WRITES if c.slug == slug and c.api is api}
    assert (action.model, action.verb) in shown, "writes/ needs a case of it"
    model = MODELS[action.model]
    known = {f.name for f in model.fields}
    assert set(action.fields) <= known
    assert set(action.required) <= set(action.fields)


# ---- webhooks


@pytest.mark.parametrize("case", WEBHOOKS, ids=str)
def test_a_delivery_is_verified_and_understood(case: Case) -> None:
    hooks, data = case.api.webhooks, case.data
    assert hooks is not None, "declare the API's `webhooks`, or take the case away"
    raw, headers, key = data["body"].encode(), data["headers"], data["key"]
    assert hooks.verify(headers, raw, key)
    assert not hooks.verify(headers, raw, key + "x"), "another key"
    if data.get("covers_body", True):
        assert not hooks.verify(headers, raw + b" ", key), "a byte more"
    assert not hooks.verify({}, raw, key) or not data["headers"], "no signature"
    changes = [[type(told).__name__, *vars(told).values()][:3] for told in hooks.parse(json.loads(raw))]
    assert changes == data["changes"]


@pytest.mark.parametrize(("slug", "api"), apis(), ids=lambda v: getattr(v, "name", v))
def test_webhooks_are_shown_where_there_are_any(slug: str, api: Api) -> None:
    shown = any(c.slug == slug and c.api is api for c in WEBHOOKS)
    assert shown is (api.webhooks is not None), "webhooks/ needs a case of each event that tells something"
