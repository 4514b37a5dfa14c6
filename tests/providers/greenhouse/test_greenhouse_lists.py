"""Lists are asked for, paged and refused as documented."""

from datetime import UTC, datetime
from typing import Any

import pytest
from harvest import CLIENT, HOST, KEY, NOW, Harvest

from providers.kit import (
    ChildResource,
    Invalid,
    ListResource,
    NotFound,
    PermissionMissing,
    RateLimited,
    StaleCursor,
    Unexpected,
    Window,
)

SINCE = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
FULL, CHANGES = Window(None, NOW), Window(SINCE, NOW)
BETWEEN = "gte|2026-11-20T08:30:00.000Z|lte|2026-11-21T10:00:00.000Z"


def lists(harvest: Harvest) -> list[ListResource]:
    return [r for r in harvest.api.resources if isinstance(r, ListResource)]


def read(harvest: Harvest, name: str, window: Window, cursor: Any = None) -> Any:
    resource = harvest.api.resource(name)
    assert isinstance(resource, ListResource)
    return resource.read(harvest.client, window, cursor)


def test_pages_are_followed_by_their_link() -> None:
    harvest = Harvest(KEY)
    link = f'<{HOST}/v1/candidates?page=2&per_page=2>; rel="next",<{HOST}/v1/candidates?page=474>; rel="last"'
    harvest.on("GET", "/v1/candidates", [{"id": 1}], link=link)
    harvest.on("GET", "/v1/candidates", [{"id": 2}], link=f'<{HOST}/v1/candidates?page=1>; rel="prev"')
    first = read(harvest, "candidates", CHANGES)
    second = read(harvest, "candidates", CHANGES, first.next)
    assert (first.rows, second.rows, second.next) == ([{"id": 1}], [{"id": 2}], None)
    assert str(harvest.requests[1].url) == f"{HOST}/v1/candidates?page=2&per_page=2"


@pytest.mark.parametrize("link", [None, "", f'<{HOST}/v3/jobs?cursor=x>; rel="prev"'])
def test_only_the_missing_next_link_is_the_end(link: str | None) -> None:
    harvest = Harvest(CLIENT)
    harvest.on("GET", "/v3/jobs", [], link=f'<{HOST}/v3/jobs?cursor=abc>; rel="next"')
    harvest.on("GET", "/v3/jobs", [], link=link)
    empty = read(harvest, "jobs", CHANGES)
    assert empty.next
    assert read(harvest, "jobs", CHANGES, empty.next).next is None
    assert dict(harvest.requests[-1].url.params) == {"cursor": "abc"}


def test_deleted_adverts_are_a_second_list() -> None:
    harvest = Harvest(CLIENT)
    path = "/v3/job_posts"
    harvest.on("GET", path, [{"id": 3}], link=f'<{HOST}{path}?cursor=live>; rel="next"')
    harvest.on("GET", path, [{"id": 2}])
    harvest.on("GET", path, [{"id": 1}], link=f'<{HOST}{path}?cursor=gone>; rel="next"')
    harvest.on("GET", path, [])
    rows, cursor = [], None
    while True:
        page = read(harvest, "job_posts", CHANGES, cursor)
        rows += [row["id"] for row in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert rows == [3, 2, 1]
    assert [dict(r.url.params) for r in harvest.requests if r.url.path == path] == [
        {"per_page": "500", "updated_at": BETWEEN},
        {"cursor": "live"},
        {"per_page": "500", "active": "false", "updated_at": BETWEEN},
        {"cursor": "gone"},
    ]


def test_interviews_by_application_where_the_list_is_closed() -> None:
    harvest = Harvest(KEY)
    harvest.on("GET", "/v1/scheduled_interviews", {"message": "no permission"}, 403)
    harvest.on("GET", "/v1/applications/5/scheduled_interviews", [{"id": 1, "application_id": 5}])
    with pytest.raises(PermissionMissing):
        read(harvest, "scheduled_interviews", FULL)
    resource = harvest.api.resource("scheduled_interviews")
    assert isinstance(resource, ListResource)
    assert resource.fallback is not None
    assert resource.fallback.parent == "applications"
    assert resource.fallback.name == resource.name
    assert list(resource.fallback.read(harvest.client, {"id": 5})) == [{"id": 1, "application_id": 5}]


def test_feed_is_read_for_one_candidate() -> None:
    harvest = Harvest(KEY)
    feed = {"notes": [{"id": 1}], "emails": [{"id": 2, "to": "x"}], "activities": [{"id": 3}]}
    harvest.on("GET", "/v1/candidates/9/activity_feed", feed)
    resource = harvest.api.resource("activity_feed")
    assert isinstance(resource, ChildResource)
    assert resource.parent == "candidates"
    assert list(resource.read(harvest.client, {"id": 9})) == [
        {"id": 1, "candidate_id": 9, "array": "notes"},
        {"id": 2, "to": "x", "candidate_id": 9, "array": "emails"},
        {"id": 3, "candidate_id": 9, "array": "activities"},
    ]


def test_stages_and_reasons_are_looked_up_only_where_an_application_lacks_them() -> None:
    harvest = Harvest(CLIENT)
    harvest.on("GET", "/v3/application_stages", [{"id": 1, "application_id": 5}])
    harvest.on("GET", "/v3/rejection_details", [{"id": 2, "application_id": 5}])
    stages, details = (harvest.api.resource(n) for n in ("application_stages", "rejection_details"))
    assert isinstance(stages, ChildResource)
    assert isinstance(details, ChildResource)
    usual = {"id": 5, "job_interview_stage_id": None, "rejection_reason_id": 8, "rejected_at": "2026-01-01"}
    assert [*stages.read(harvest.client, usual), *details.read(harvest.client, usual)] == []
    assert harvest.requests == []
    bare = {"id": 5, "rejected_at": "2026-01-01"}
    assert [row["id"] for row in stages.read(harvest.client, bare)] == [1]
    assert [row["id"] for row in details.read(harvest.client, bare)] == [2]
    asked = [dict(r.url.params) for r in harvest.requests if r.method == "GET"]
    assert asked == [
        {"per_page": "500", "application_ids": "5", "current": "true"},
        {"per_page": "500", "application_ids": "5"},
    ]


def test_v3_has_no_paths_of_single_records() -> None:
    harvest = Harvest(CLIENT)
    for resource in lists(harvest):
        harvest.on("GET", resource.path, [{"id": 7, "interview_id": 7, "job_id": 7}])
        assert resource.fetch is not None
        rows = resource.fetch(harvest.client, "7")
        assert rows[resource.name][0]["id"] == 7
    assert {path for _, path in harvest.sent} == {resource.path for resource in lists(harvest)}


def test_interview_is_fetched_with_its_panel() -> None:
    harvest = Harvest(CLIENT)
    harvest.on("GET", "/v3/interviews", [{"id": 7}])
    harvest.on("GET", "/v3/interviewers", [{"id": 1}], link=f'<{HOST}/v3/interviewers?cursor=c>; rel="next"')
    harvest.on("GET", "/v3/interviewers", [{"id": 2}])
    fetch = harvest.api.resource("interviews").fetch
    assert fetch is not None
    assert fetch(harvest.client, "7") == {"interviews": [{"id": 7}], "interviewers": [{"id": 1}, {"id": 2}]}
    asked = [dict(r.url.params) for r in harvest.requests if r.method == "GET"]
    assert asked == [{"ids": "7"}, {"per_page": "500", "interview_ids": "7"}, {"cursor": "c"}]


def test_deleted_advert_is_found_among_the_deleted() -> None:
    harvest = Harvest(CLIENT)
    harvest.on("GET", "/v3/job_posts", [])
    harvest.on("GET", "/v3/job_posts", [{"id": 7, "active": False}])
    fetch = harvest.api.resource("job_posts").fetch
    assert fetch is not None
    assert fetch(harvest.client, "7") == {"job_posts": [{"id": 7, "active": False}]}
    assert dict(harvest.requests[-1].url.params) == {"ids": "7", "active": "false"}


def test_record_a_list_does_not_show_is_not_found() -> None:
    harvest = Harvest(CLIENT)
    harvest.on("GET", "/v3/candidates", [])
    fetch = harvest.api.resource("candidates").fetch
    assert fetch is not None
    with pytest.raises(NotFound):
        fetch(harvest.client, "7")


def test_v1_reads_single_records_by_path() -> None:
    harvest = Harvest(KEY)
    harvest.on("GET", "/v1/scheduled_interviews/7", {"id": 7})
    harvest.on("GET", "/v1/jobs/8", {"message": "Resource not found"}, 404)
    interview, job = (harvest.api.resource(name).fetch for name in ("scheduled_interviews", "jobs"))
    assert interview is not None
    assert job is not None
    assert interview(harvest.client, "7") == {"scheduled_interviews": [{"id": 7}]}
    with pytest.raises(NotFound, match="Resource not found"):
        job(harvest.client, "8")


@pytest.mark.parametrize(
    ("status", "body", "error", "said"),
    [
        (
            403,
            {"message": "This API Key does not have permission for this endpoint"},
            PermissionMissing,
            "API Key",
        ),
        (
            422,
            {
                "message": "Validation error",
                "errors": [{"message": "Must be one of: candidate, prospect", "field": "type"}],
            },
            Invalid,
            "Validation error: type Must be one of: candidate, prospect",
        ),
        (
            422,
            {
                "message": "Unprocessable Content",
                "errors": [{"per_page": "`600` number is greater than: 500"}],
            },
            Invalid,
            "Unprocessable Content: per_page `600` number is greater than: 500",
        ),
        (410, {"message": "Gone"}, Unexpected, "Gone"),
        (200, {"message": "no list"}, Unexpected, "list"),
    ],
)
def test_refusals_of_either_generation(status: int, body: Any, error: type[Exception], said: str) -> None:
    for credentials, path in ((KEY, "/v1/jobs"), (CLIENT, "/v3/jobs")):
        harvest = Harvest(credentials)
        harvest.on("GET", path, body, status)
        with pytest.raises(error, match=said.replace("`", ".")):
            read(harvest, "jobs", FULL)


def test_aged_cursor_starts_the_list_again() -> None:
    harvest = Harvest(CLIENT)
    body = {
        "message": "Unprocessable Content",
        "errors": ["When passing a cursor, do not include other query params."],
    }
    harvest.on("GET", "/v3/jobs", body, 422)
    with pytest.raises(StaleCursor, match="do not include"):
        read(harvest, "jobs", FULL, f"{HOST}/v3/jobs?cursor=old")


def test_too_many_requests_names_the_wait() -> None:
    harvest = Harvest(KEY)
    harvest.on("GET", "/v1/jobs", None, 429)
    harvest.answers["GET", "/v1/jobs"][0].headers["Retry-After"] = "7"
    with pytest.raises(RateLimited) as raised:
        read(harvest, "jobs", FULL)
    assert raised.value.retry_after == 7


def test_links_to_other_hosts_are_not_followed() -> None:
    harvest = Harvest(CLIENT)
    with pytest.raises(Unexpected, match="evil"):
        read(harvest, "jobs", FULL, "https://evil.example.com/v3/jobs?cursor=1")
