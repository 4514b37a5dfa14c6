"""The console in Chromium: narrow and wide, by keyboard, live, and without scripts."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update
from visitor import new_operator
from world import Synced, World

from app.accounts.connect import RELINK_NEEDED
from app.accounts.tables import linked_account
from app.calls.log import CallLog
from app.issues import store
from app.webhooks.outbox import announce
from providers.kit import Call

LONG = "The vendor answered HTTP 403: " + "averyveryverylongwordwithoutanyspace" * 4
WIDTHS = pytest.mark.parametrize("width", [360, 1280])
FITS = "document.documentElement.scrollWidth <= window.innerWidth"


@pytest.fixture
def full(private_targets: None, synced: Synced) -> Synced:
    """Accounts with something of everything."""
    world, account = synced.world, synced.v3
    with world.service.engine.begin() as connection:
        mine = linked_account.c.id == synced.v1.id
        values = {"status": RELINK_NEEDED, "status_detail": LONG, "end_user_organization_name": "A" * 60}
        connection.execute(update(linked_account).where(mine).values(**values))
    target = f"http://127.0.0.1:9/hooks/{'long' * 20}?token=t"
    world.http.post("/webhooks", json={"target": target, "events": ["Issue.*", "Candidate.changed"]})
    with world.service.jobs.begin() as connection:
        store.report(connection, account.id, "resource:jobs", "Missing permission", f"jobs: {LONG}")
        announce(connection, account.id, "Issue.new", {})
    with CallLog(world.service.engine, 1000).of(account.id, ()) as tell:
        tell(Call("GET", f"https://harvest.vendor.example/v3/{'long/' * 30}", 403, 0.2))
    return synced


@pytest.fixture
def private_targets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMNIATS_ALLOW_PRIVATE_TARGETS", "true")


def enter(page: Page, world: World) -> None:
    """Sign in as people do."""
    password = new_operator(world, "Anna")
    page.goto(f"{world.url}/console")
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type("Anna")
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Accounts")).to_be_visible()


@WIDTHS
def test_every_page_fits(page: Page, full: Synced, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{full.world.url}/console/login")
    assert page.evaluate(FITS)
    enter(page, full.world)
    assert page.evaluate(FITS)
    places = [f"/console/accounts/{a.id}" for a in (full.v3, full.v1)]
    places += [
        f"/console/accounts/{full.v3.id}/calls",
        "/console/issues",
        "/console/webhooks",
        "/console/jobs",
    ]
    places += ["/console/providers", "/console/trail", "/console/nowhere"]
    for place in places:
        page.goto(full.world.url + place)
        assert page.evaluate(FITS), place
    page.goto(f"{full.world.url}/console/webhooks")
    page.get_by_role("link", name=re.compile("127.0.0.1")).click()
    expect(page.get_by_role("heading", name="Deliveries")).to_be_visible()
    assert page.evaluate(FITS)


@WIDTHS
def test_finding_an_account_and_reading_it_again(page: Page, full: Synced, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    enter(page, full.world)
    page.get_by_label("Status").select_option("link again")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="A" * 60).click()
    expect(page.get_by_text("Link again", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Read everything again")).to_have_count(0)
    page.goto(f"{full.world.url}/console/accounts/{full.v3.id}")
    page.get_by_role("button", name="Read everything again").click()
    expect(page.get_by_role("status")).to_contain_text("Everything is being read again.")
    page.get_by_role("button", name="Resolve").click()
    expect(page.get_by_role("status")).to_contain_text("The issue is resolved.")


def test_a_sync_is_followed_live(page: Page, world: World) -> None:
    account = world.link("v3", sync=False)
    enter(page, world)
    page.clock.install()
    page.goto(f"{world.url}/console/accounts/{account.id}")
    expect(page.get_by_text("0 of 16 models up to date")).to_be_visible()
    world.service.jobs.run_due()
    expect(page.get_by_text("0 of 16 models up to date")).to_be_visible()
    page.clock.run_for(6000)
    expect(page.get_by_text("16 of 16 models up to date")).to_be_visible()
    expect(page.get_by_text(re.compile("^updated"))).to_be_visible()


def test_live_can_be_paused(page: Page, world: World) -> None:
    account = world.link("v3", sync=False)
    enter(page, world)
    page.clock.install()
    page.goto(f"{world.url}/console/accounts/{account.id}")
    page.get_by_role("button", name="Live").click()
    expect(page.get_by_role("button", name="Live")).to_have_attribute("aria-pressed", "false")
    world.service.jobs.run_due()
    page.clock.run_for(20_000)
    expect(page.get_by_text("0 of 16 models up to date")).to_be_visible()
    page.get_by_role("button", name="Live").click()
    page.clock.run_for(6000)
    expect(page.get_by_text("16 of 16 models up to date")).to_be_visible()


def test_what_somebody_is_in_is_left_alone(page: Page, full: Synced) -> None:
    enter(page, full.world)
    page.clock.install()
    page.goto(f"{full.world.url}/console/issues")
    page.get_by_text("1 detail").click()
    button = page.get_by_role("button", name="Resolve")
    button.focus()
    with full.world.service.jobs.begin() as connection:
        store.report(connection, full.v3.id, "resource:x", "Vendor unavailable", "x")
    page.clock.run_for(6000)
    expect(page.get_by_text(re.compile("^updated"))).to_be_visible()
    expect(button).to_be_focused()
    page.get_by_role("heading", name="Open issues").click()  # elsewhere
    page.evaluate("document.activeElement.blur()")
    page.clock.run_for(6000)
    expect(page.get_by_role("button", name="Resolve")).to_have_count(2)
    expect(page.get_by_text("averyveryverylong").first).to_be_visible()  # still open


def test_signed_out_meanwhile(page: Page, world: World) -> None:
    enter(page, world)
    page.clock.install()
    page.goto(f"{world.url}/console")
    page.context.clear_cookies()
    page.clock.run_for(6000)
    expect(page.get_by_label("Password")).to_be_visible()


def test_without_scripts(browser: Browser, full: Synced) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 800})
    page, password = context.new_page(), new_operator(full.world, "Anna")
    page.goto(f"{full.world.url}/console")
    page.get_by_label("Name").fill("Anna")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.get_by_role("button", name="Live")).to_be_hidden()
    page.get_by_role("link", name="Issues", exact=True).click()
    page.get_by_role("button", name="Resolve").click()
    expect(page.get_by_role("status")).to_contain_text("The issue is resolved.")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    context.close()


def test_by_keyboard(page: Page, full: Synced) -> None:
    enter(page, full.world)
    page.goto(f"{full.world.url}/console")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.goto(f"{full.world.url}/console/providers")
    page.get_by_role("region", name="Reading").focus()
    expect(page.get_by_role("region", name="Reading")).to_be_focused()
