"""`/docs` in a real browser: it shows every operation, and asks no other host for anything."""

from playwright.sync_api import Page, expect
from world import World


def test_the_page_shows_the_specification(page: Page, world: World) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{world.url}/docs#/Interviews/list_interviews")
    page.locator(".opblock-tag").first.wait_for()
    expect(page.locator(".opblock-tag")).to_have_count(len(world.app.document["tags"]))
    operation = page.locator("#operations-Interviews-list_interviews")
    expect(operation.locator(".parameters")).to_contain_text(["job_interview_stage_id"])
    expect(operation.locator(".responses-table").first).to_contain_text("Room Tegel")
    assert asked
    assert [url for url in asked if not url.startswith((world.url, "data:"))] == []


def test_a_slash_at_its_end_changes_nothing(page: Page, world: World) -> None:
    page.goto(f"{world.url}/docs/")
    page.locator(".opblock-tag").first.wait_for()


def test_no_other_site_can_frame_it_or_make_it_something_else(world: World) -> None:
    for path in ("/docs", "/docs/start.js", "/openapi.json"):
        answer = world.http.get(f"{world.url}{path}")
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert answer.headers["Referrer-Policy"] == "no-referrer", path
    policy = world.http.get(f"{world.url}/docs").headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self';" in policy
