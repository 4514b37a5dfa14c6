"""The script for browsers: `window.MergeLink`, on a page of another origin."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect
from sessions import link_token
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from world import World, served

from sandboxes import CREDENTIALS

KEY = CREDENTIALS["greenhouse"]["v1"]["api_key"]
CALLS = """
  window.calls = [];
  window.config = {
    onSuccess: (token, info) => calls.push(["success", token, info]),
    onExit: () => calls.push(["exit"]),
    onReady: () => calls.push(["ready"]),
    onValidationError: (errors) => calls.push(["invalid", errors]),
  };
"""
# What @mergeapi/react-merge-link 2.4.2 does: a tag with this very address counts as the loaded script;
# `initialize` is called at every rendering, with a fresh object, and `openLink` without `onReady`.
HOOK = """
  const SCRIPT = "https://cdn.merge.dev/initialize.js";
  window.render = (linkToken) => {
    if (!document.querySelector(`script[src="${SCRIPT}"]`)) throw new Error("not taken as loaded");
    const { onReady, ...config } = window.config;
    window.MergeLink.initialize({ ...config, linkToken, shouldSendTokenOnSuccessfulLink: true, onReady });
    return () => window.MergeLink.openLink({ ...config, linkToken });
  };
"""


@pytest.fixture
def app_url(world: World) -> Iterator[str]:
    """The application of a customer, on another origin."""

    async def show(_request: Request) -> Response:
        tag = '<script type="text/plain" src="https://cdn.merge.dev/initialize.js"></script>'
        script = f'<script src="{world.url}/initialize.js"></script><script>{CALLS}{HOOK}</script>'
        place = '<div id="place"></div><button id="open">Open</button>'
        return HTMLResponse(f"<!doctype html><title>App</title>{tag}{script}<body>{place}")

    with served(Starlette(routes=[Route("/", show)])) as url:
        yield url


@pytest.fixture
def app(page: Page, world: World, app_url: str) -> Iterator[Page]:
    world.settings.link_origins = [app_url]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(app_url)
    yield page
    assert [url for url in asked if not url.startswith("http://127.0.0.1:")] == []


def calls(page: Page, kind: str) -> list[list[object]]:
    return [call for call in page.evaluate("calls") if call[0] == kind]


def wait_for(page: Page, kind: str) -> None:
    page.wait_for_function(f"calls.some((call) => call[0] === '{kind}')")


def start(page: Page, token: str, more: str = "") -> FrameLocator:
    page.evaluate(f"MergeLink.initialize({{...config, linkToken: '{token}', {more}}})")
    wait_for(page, "ready")
    page.focus("#open")
    page.evaluate(f"MergeLink.openLink({{...config, linkToken: '{token}', {more}}})")
    return page.frame_locator("iframe")


def link_by_key(frame: FrameLocator) -> None:
    frame.get_by_role("button", name="Greenhouse").click()
    frame.get_by_role("button", name="With an API key").click()
    frame.get_by_label("Harvest API key").fill(KEY)
    frame.get_by_role("button", name="Connect", exact=True).click()
    expect(frame.get_by_role("heading", name="Greenhouse is connected")).to_be_visible()


def exchange(world: World, page: Page) -> dict[str, str]:
    ((_, public_token, info),) = calls(page, "success")
    assert info == {"isTokenForOtherPreexistingLinkedAccount": False}
    answer = world.http.get(f"/account-token/{public_token}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.mark.contract("6.3.1", "6.3.3", "6.3.4")
def test_from_the_component_to_an_account_token(app: Page, world: World) -> None:
    frame = start(app, link_token(world)["link_token"])
    expect(app.get_by_role("dialog")).to_be_visible()
    link_by_key(frame)
    wait_for(app, "success")
    assert calls(app, "exit") == []
    frame.get_by_role("button", name="Close").click()
    wait_for(app, "exit")
    expect(app.get_by_role("dialog")).to_have_count(0)
    expect(app.locator("#open")).to_be_focused()
    given = exchange(world, app)
    world.service.jobs.run_due()
    account = world.account(given["account_token"], {"id": given["id"]})
    assert account.list("/interviews")


@pytest.mark.contract("6.3.1")
def test_the_token_only_after_closing(app: Page, world: World) -> None:
    token = link_token(world)["link_token"]
    frame = start(app, token, "shouldSendTokenOnSuccessfulLink: false")
    link_by_key(frame)
    assert calls(app, "success") == []
    app.keyboard.press("Escape")
    wait_for(app, "exit")
    assert [call[0] for call in app.evaluate("calls")][-2:] == ["success", "exit"]
    exchange(world, app)


@pytest.mark.contract("6.3.1")
def test_leaving_without_linking(app: Page, world: World) -> None:
    token = link_token(world)["link_token"]
    frame = start(app, token)
    expect(frame.get_by_role("heading", name="Which system do you use?")).to_be_focused()
    app.keyboard.press("Escape")
    wait_for(app, "exit")
    expect(app.get_by_role("dialog")).to_be_hidden()
    assert calls(app, "success") == []
    app.evaluate(f"MergeLink.openLink({{...config, linkToken: '{token}'}})")
    link_by_key(frame)
    wait_for(app, "success")


@pytest.mark.contract("6.3.1")
def test_a_token_that_does_not_work(app: Page, world: World) -> None:
    app.evaluate("MergeLink.initialize({...config, linkToken: 'omn_link_wrong'})")
    wait_for(app, "invalid")
    ((_, errors),) = calls(app, "invalid")
    assert "This link does not work" in str(errors)
    assert calls(app, "ready") == []
    app.evaluate(f"MergeLink.update({{...config, linkToken: '{link_token(world)['link_token']}'}})")
    wait_for(app, "ready")


@pytest.mark.contract("6.3.1")
def test_in_an_element_of_the_page(app: Page, world: World) -> None:
    frame = start(app, link_token(world)["link_token"], "parentContainerID: 'place'")
    expect(app.locator("#place iframe")).to_be_visible()
    expect(app.get_by_role("dialog")).to_have_count(0)
    link_by_key(frame)
    wait_for(app, "success")


@pytest.mark.contract("6.3.1")
def test_another_host(page: Page, world: World, app_url: str) -> None:
    """`tenantConfig` says where the page is when the script was bundled elsewhere."""
    world.settings.link_origins = [app_url]
    page.goto(app_url)
    here = world.url.replace("127.0.0.1", "localhost")
    token = link_token(world)["link_token"]
    start(page, token, f"tenantConfig: {{apiBaseURL: '{here}/api'}}")
    assert page.locator("iframe").get_attribute("src").startswith(f"{here}/link#")


@pytest.mark.contract("6.3.2", "6.3.3", "6.3.4")
def test_as_the_react_component_uses_it(app: Page, world: World) -> None:
    """Rendered again and again, before and after: one frame, one result."""
    token = link_token(world)["link_token"]
    app.evaluate(f"for (let i = 0; i < 5; i++) render('{token}'); undefined")
    wait_for(app, "ready")
    app.evaluate(f"render('{token}')()")
    expect(app.locator("iframe")).to_have_count(1)
    link_by_key(app.frame_locator("iframe"))
    wait_for(app, "success")
    app.evaluate(f"void render('{token}')")
    app.frame_locator("iframe").get_by_role("button", name="Close").click()
    wait_for(app, "exit")
    app.evaluate(f"void render('{token}')")
    exchange(world, app)
    assert calls(app, "invalid") == []


def test_signing_in_gets_a_window_of_its_own(app: Page, partner: World) -> None:
    frame = start(app, link_token(partner)["link_token"])
    frame.get_by_role("button", name="Greenhouse").click()
    with app.expect_popup():
        frame.get_by_role("button", name="Continue to Greenhouse").click()
    expect(frame.get_by_role("heading", name="Greenhouse is connected")).to_be_visible()
    wait_for(app, "success")
    assert exchange(partner, app)["account_token"].startswith("omn_acct_")


def test_declining_in_the_window(app: Page, partner: World) -> None:
    partner.sandbox.tokens.declines = True
    frame = start(app, link_token(partner)["link_token"])
    frame.get_by_role("button", name="Greenhouse").click()
    frame.get_by_role("button", name="Continue to Greenhouse").click()
    expect(frame.get_by_role("alert")).to_contain_text("You did not agree at Greenhouse")
    partner.sandbox.tokens.declines = False
    frame.get_by_role("button", name="Continue to Greenhouse").click()
    wait_for(app, "success")


def test_an_address_to_pass_on(app: Page, world: World) -> None:
    token = link_token(world)["link_token"]
    frame = start(app, token)
    frame.get_by_role("button", name="Greenhouse").click()
    frame.get_by_text("Does somebody else have access?").click()
    expect(frame.get_by_label("Send them this address")).to_have_value(f"{world.url}/link#{token}")


def test_no_address_to_pass_on(app: Page, world: World) -> None:
    frame = start(app, link_token(world, hide_admin_magic_link=True)["link_token"])
    frame.get_by_role("button", name="Greenhouse").click()
    expect(frame.get_by_role("heading", name="Connect Greenhouse")).to_be_visible()
    expect(frame.get_by_text("Does somebody else have access?")).to_have_count(0)


def test_a_page_that_is_not_allowed_sees_nothing(browser: Browser, world: World, app_url: str) -> None:
    page = browser.new_page()
    page.goto(app_url)
    token = link_token(world)["link_token"]
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.evaluate(f"MergeLink.openLink({{...config, linkToken: '{token}'}})")
    assert calls(page, "ready") == []
    page.close()
