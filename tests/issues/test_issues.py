"""Issues: opened, repeated, resolved, reopened, muted; listed, filtered, paged."""

from typing import Any

import orjson
import pytest
from merge import Merge
from merge.resources.ats import types
from reference import valid, valid_page
from sqlalchemy import insert, select
from world import Account, Json, World

from app.accounts.keys import TEST, create_key
from app.common.times import now
from app.issues import store
from app.webhooks.tables import webhook_delivery, webhook_endpoint
from sandboxes import CREDENTIALS

POSTS = "GET: List Job Posts"


@pytest.fixture
def heard(world: World) -> list[str]:
    """Subscribed to everything: `told` reads what there is to hear."""
    with world.service.engine.begin() as connection:
        connection.execute(
            insert(webhook_endpoint).values(
                id="00000000-0000-4000-8000-0000000000ee",
                target="https://subscriber.example/",
                events='["Issue.*"]',
                account_type="PRODUCTION",
                state="DISABLED",  # events gather and are not sent
                failures=0,
                created_at=now(),
                modified_at=now(),
            )
        )
    return []


def told(world: World) -> list[tuple[str, Json]]:
    """What subscribers are told of issues, in order."""
    query = select(webhook_delivery).order_by(webhook_delivery.c.created_at)
    with world.service.reader.connect() as connection:
        return [(row.event, orjson.loads(row.data)) for row in connection.execute(query)]


def listed(world: World, **params: Any) -> list[types.Issue]:
    answer = world.http.get("/issues", params=params)
    assert answer.status_code == 200, answer.text
    return valid_page(types.Issue, answer.json())


def labels(world: World, **params: Any) -> list[str]:
    return [one.error_description for one in listed(world, **params)]


def fail(world: World, account: Account | None, subject: str, label: str, *details: str) -> None:
    with world.service.jobs.begin() as connection:
        store.report(connection, account.id if account else None, subject, label, *details)


def work(world: World, account: Account | None, subject: str) -> None:
    with world.service.jobs.begin() as connection:
        store.resolve(connection, account.id if account else None, subject)


@pytest.fixture
def linked(world: World) -> Account:
    return world.link("v1", sync=False, end_user_origin_id="customer 1")


@pytest.mark.contract("12.1", "12.2", "12.3")
def test_what_the_vendor_refuses_becomes_one_issue(world: World, linked: Account, heard: list[str]) -> None:
    world.sandbox.permissions["v1"].denied.add(POSTS)
    world.service.jobs.run_due()
    world.sync(linked)
    (body,) = world.http.get("/issues").json()["results"]
    issue = valid(types.Issue, body)
    assert (issue.status, issue.error_description, issue.is_muted) == ("ONGOING", "Missing permission", False)
    assert issue.end_user == {
        "origin_id": "customer 1",
        "organization_name": "Acme",
        "email_address": "people@acme.example",
    }
    assert body["linked_account"] == linked.id
    assert len(issue.error_details) == 1
    assert "job_posts" in issue.error_details[0]
    assert issue.last_incident_time > issue.first_incident_time
    one = world.http.get(f"/issues/{body['id'].upper()}").json()
    assert one == body
    assert [(event, data["id"]) for event, data in told(world)] == [("Issue.new", body["id"])]
    client = Merge(base_url=f"{world.url}/api", api_key=world.key)
    assert client.ats.issues.list(status="ONGOING").results[0].id == body["id"]
    assert client.ats.issues.retrieve(body["id"]).error_description == "Missing permission"


@pytest.mark.contract("12.2")
def test_an_issue_is_resolved_when_it_works_again_and_a_day_has_passed(
    world: World, linked: Account, heard: list[str]
) -> None:
    world.sandbox.permissions["v1"].denied.add(POSTS)
    world.service.jobs.run_due()
    world.a_day_passes()
    assert labels(world, status="ONGOING"), "time alone mends nothing"
    world.sync(linked)
    world.sandbox.permissions["v1"].denied.clear()
    world.sync(linked)
    assert labels(world, status="ONGOING"), "it failed today"
    world.a_day_passes()
    world.sync(linked)
    assert labels(world, status="ONGOING") == []
    (issue,) = listed(world, status="RESOLVED")
    world.sandbox.permissions["v1"].denied.add(POSTS)
    world.sync(linked)
    (again,) = listed(world)
    assert (again.id, again.status) == (issue.id, "ONGOING")
    assert again.first_incident_time == issue.first_incident_time
    assert [event for event, _ in told(world)] == ["Issue.new", "Issue.resolved", "Issue.reopened"]
    assert [data["status"] for _, data in told(world)] == ["ONGOING", "RESOLVED", "ONGOING"]


@pytest.mark.contract("12.2", "6.1.4")
def test_linking_again_resolves_all_at_once(world: World, linked: Account, heard: list[str]) -> None:
    other = world.link("v3", sync=False, end_user_origin_id="customer 2")
    fail(world, other, "resource:jobs", "Missing permission", "jobs")
    fail(world, linked, "resource:jobs", "Missing permission", "jobs")
    world.sandbox.api_key = "another"
    world.service.jobs.run_due()
    assert labels(world, linked_account_id=linked.id) == ["Invalid login credentials", "Missing permission"]
    body = {"integration": "greenhouse", "credentials": {"api_key": "another"}}
    answer = world.http.post("/linked-accounts", json=body | {"end_user_origin_id": "customer 1"})
    assert answer.status_code == 200
    assert labels(world, linked_account_id=linked.id, status="ONGOING") == []
    assert labels(world, linked_account_id=other.id, status="ONGOING") == ["Missing permission"]
    resolved = [data["end_user"]["origin_id"] for event, data in told(world) if event == "Issue.resolved"]
    assert resolved == ["customer 1"] * 2


@pytest.mark.contract("12.3")
def test_details_are_the_last_ones_and_hold_no_secrets(world: World, linked: Account) -> None:
    key = CREDENTIALS["greenhouse"]["v1"]["api_key"]
    fail(world, linked, "mapping:Offer", "Unexpected data", f"api_key={key} in it", "same", "same")
    for number in range(12):
        fail(world, linked, "mapping:Offer", "Unexpected data", f"offer {number}", f"token {linked.token}")
    (issue,) = listed(world)
    assert issue.error_details[:3] == ["offer 11", "token ***", "offer 10"]
    assert len(issue.error_details) == 10
    assert key not in world.http.get("/issues").text
    assert linked.token not in world.http.get("/issues").text


@pytest.mark.contract("12.3", "13", "PATCH /issues/{id}")
def test_muting(world: World, linked: Account, heard: list[str]) -> None:
    fail(world, linked, "resource:jobs", "Missing permission", "jobs")
    fail(world, linked, "resource:users", "Missing permission", "users")
    wanted = listed(world)[0].id
    answer = world.http.patch(f"/issues/{wanted}", json={"is_muted": True})
    assert (answer.status_code, valid(types.Issue, answer.json()).is_muted) == (200, True)
    assert wanted not in [one.id for one in listed(world)]
    assert wanted in [one.id for one in listed(world, include_muted="true")]
    assert world.http.get(f"/issues/{wanted}").json()["is_muted"] is True
    world.a_day_passes()
    work(world, linked, "resource:users")
    fail(world, linked, "resource:users", "Missing permission", "users")
    assert [event for event, _ in told(world)] == ["Issue.new", "Issue.new", "Issue.muted"]
    (event,) = world.http.get("/audit-trail", params={"event_type": "MUTED_ISSUE"}).json()["results"]
    assert wanted in event["event_description"]
    world.http.patch(f"/issues/{wanted}", json={"is_muted": False})
    assert wanted in [one.id for one in listed(world)]
    for bad in ({}, {"is_muted": None}, {"is_muted": "yes"}):
        assert world.http.patch(f"/issues/{wanted}", json=bad).status_code == 400, bad


@pytest.mark.contract("12.4")
def test_filters(world: World, linked: Account) -> None:
    other = world.link("v3", sync=False, end_user_origin_id="two", end_user_organization_name="Zwei")
    fail(world, linked, "a", "first")
    fail(world, other, "b", "second")
    fail(world, None, "c", "of nobody")
    assert labels(world) == ["of nobody", "second", "first"]
    assert labels(world, linked_account_id=linked.id) == ["first"]
    assert labels(world, account_token=other.token) == ["second"]
    assert labels(world, account_token="nobody's") == []
    assert labels(world, integration_name="Greenhouse") == ["second", "first"]
    assert labels(world, integration_name="Lever") == []
    assert labels(world, end_user_organization_name="Zwei") == ["second"]
    middle = world.http.get("/issues").json()["results"][1]["first_incident_time"]
    for name in ("first_incident_time", "last_incident_time"):
        assert labels(world, **{f"{name}_after": middle}) == ["of nobody"]
        assert labels(world, **{f"{name}_before": middle}) == ["first"]
    assert labels(world, start_date=middle) == ["of nobody"]
    assert labels(world, end_date=middle) == ["first"]
    fail(world, linked, "a", "first")
    assert labels(world, first_incident_time_before=middle) == ["first"]
    assert labels(world, last_incident_time_after=middle) == ["of nobody", "first"]
    world.a_day_passes()
    assert labels(world, last_incident_time_after=middle) == []
    work(world, linked, "a")
    assert labels(world, status="RESOLVED") == ["first"]
    assert labels(world, status="RESOLVED", start_date=middle) == ["first"], "resolving is an action too"
    for bad in (
        {"status": "OPEN"},
        {"linked_account_id": "x"},
        {"start_date": "soon"},
        {"first_incident_time_after": "x"},
        {"include_muted": "some"},
        {"end_user_organization_name": "a\0"},
    ):
        assert world.http.get("/issues", params=bad).status_code == 400, bad


@pytest.mark.contract("2.4")
def test_pages(world: World, linked: Account) -> None:
    for number in range(5):
        fail(world, linked, f"subject {number}", f"problem {number}")
    first = world.http.get("/issues", params={"page_size": 2}).json()
    fail(world, linked, "subject 2", "problem 2")
    second = world.http.get("/issues", params={"page_size": 2, "cursor": first["next"]}).json()
    assert [i["error_description"] for i in second["results"]] == ["problem 2", "problem 1"]
    back = world.http.get("/issues", params={"page_size": 2, "cursor": second["previous"]}).json()
    assert back["results"] == first["results"]


def test_an_organizations_own_issue(world: World, heard: list[str]) -> None:
    fail(world, None, "endpoint:1", "Endpoint disabled", "it answered 500")
    fail(world, None, "endpoint:1", "Endpoint disabled", "it answered 501")
    fail(world, None, "endpoint:2", "Endpoint disabled", "it answered 500")
    second, first = listed(world)
    assert (first.end_user, first.error_details) == ({}, ["it answered 501", "it answered 500"])
    assert second.id != first.id
    world.a_day_passes()
    work(world, None, "endpoint:1")
    assert [one.id for one in listed(world, status="ONGOING")] == [second.id]
    assert [event for event, _ in told(world)] == ["Issue.new", "Issue.new", "Issue.resolved"]


@pytest.mark.contract("1.4")
def test_a_test_key_sees_the_issues_of_test_accounts_only(world: World, linked: Account) -> None:
    fail(world, linked, "a", "of production")
    fail(world, None, "b", "of the organization")
    wanted = listed(world)[1].id
    with world.service.engine.begin() as connection:
        key = create_key(connection, "test", TEST)
    with world.client(Authorization=f"Bearer {key}") as http:
        assert http.get("/issues").json()["results"] == []
        assert http.get(f"/issues/{wanted}").status_code == 404
        assert http.patch(f"/issues/{wanted}", json={"is_muted": True}).status_code == 404
    assert labels(world) == ["of the organization", "of production"]


@pytest.mark.parametrize("wanted", ["x", "00000000-0000-4000-8000-000000000001"])
def test_an_unknown_issue(world: World, wanted: str) -> None:
    for answer in (
        world.http.get(f"/issues/{wanted}"),
        world.http.patch(f"/issues/{wanted}", json={"is_muted": True}),
    ):
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})
