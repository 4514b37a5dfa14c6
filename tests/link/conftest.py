"""Fixtures of the link flow: a real Chromium, and pages of other origins that embed ours."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from world import World

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HOW = "The tests of the link page need Chromium: apt-get install chromium (or brew install chromium)."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For a module: while Playwright runs, its thread has an event loop, which other tests must not find."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail(HOW)
        pytest.skip(HOW)
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that must not find fault with itself: no script error, nothing its policy forbids."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
    context.set_default_timeout(15_000)
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on("console", lambda message: faults.append(message.text) if _is_fault(message.text) else None)
    yield context.new_page()
    context.close()
    assert faults == []


def _is_fault(text: str) -> bool:
    return "Content Security Policy" in text or "Refused to" in text


@pytest.fixture
def partner(world: World) -> World:
    """A world where the operator has an OAuth client at the vendor."""
    client = {"client_id": "sandbox-partner", "client_secret": "sandbox-partner-secret"}
    world.settings.oauth_clients = type(world.settings)(oauth_clients={"greenhouse": client}).oauth_clients
    return world
