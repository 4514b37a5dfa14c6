"""The audit trail: who did what, filtered and paged."""

import pytest
from merge import Merge
from merge.resources.ats import types
from reference import valid_page
from world import Json, World

from app.audit.trail import SYSTEM, Actor, record

ANNA = Actor("Anna", "ADMIN", "192.0.2.1", "anna@acme.example")


def deeds(world: World, **params: object) -> list[str]:
    """The descriptions a list answers with."""
    answer = world.http.get("/audit-trail", params={k: str(v) for k, v in params.items()})
    assert answer.status_code == 200, answer.text
    return [e.event_description for e in valid_page(types.AuditLogEvent, answer.json())]


@pytest.fixture
def told(world: World) -> World:
    for number in range(5):
        with world.service.engine.begin() as connection:
            actor = (SYSTEM, ANNA)[number % 2]
            record(connection, actor, "CHANGED_SCOPES" if number < 3 else "MUTED_ISSUE", f"deed {number}")
    return world


@pytest.mark.contract("13")
def test_events(told: World) -> None:
    (newest, *_) = told.http.get("/audit-trail").json()["results"]
    assert (newest["event_description"], newest["role"], newest["ip_address"]) == ("deed 4", "SYSTEM", "")
    assert (newest["user_name"], newest["user_email"]) == (None, None)
    of_anna = Merge(base_url=f"{told.url}/api", api_key=told.key).ats.audit_trail.list(
        user_email="anna@acme.example", event_type="MUTED_ISSUE"
    )
    (event,) = of_anna.results
    assert (event.user_name, event.role, event.event_description) == ("Anna", "ADMIN", "deed 3")


@pytest.mark.contract("13")
def test_filters(told: World) -> None:
    assert deeds(told) == [f"deed {n}" for n in (4, 3, 2, 1, 0)]
    assert deeds(told, event_type="MUTED_ISSUE") == ["deed 4", "deed 3"]
    assert deeds(told, event_type="NOTHING") == []
    assert deeds(told, user_email="anna@acme.example") == ["deed 3", "deed 1"]
    middle = told.http.get("/audit-trail").json()["results"][2]["created_at"]
    assert deeds(told, start_date=middle) == ["deed 4", "deed 3"]
    assert deeds(told, end_date=middle) == ["deed 1", "deed 0"]
    assert deeds(told, start_date="2020-01-01", end_date="2020-01-02") == []
    for bad in ({"start_date": "yesterday"}, {"end_date": "2020-13-01"}, {"user_email": "a\0"}):
        assert told.http.get("/audit-trail", params=bad).status_code == 400, bad


@pytest.mark.contract("2.4", "2.7")
def test_pages_hold_still_while_more_is_done(told: World) -> None:
    def page(cursor: str | None = None) -> Json:
        answer = told.http.get(
            "/audit-trail", params={"page_size": 2} | ({"cursor": cursor} if cursor else {})
        )
        return dict(answer.json())

    first = page()
    with told.service.engine.begin() as connection:
        record(connection, SYSTEM, "CHANGED_SCOPES", "deed 5")
    second = page(first["next"])
    assert [e["event_description"] for e in second["results"]] == ["deed 2", "deed 1"]
    back = page(second["previous"])
    assert [e["event_description"] for e in back["results"]] == ["deed 4", "deed 3"]
    assert [e["event_description"] for e in page(back["previous"])["results"]] == ["deed 5"]
    assert page(second["next"])["next"] is None
