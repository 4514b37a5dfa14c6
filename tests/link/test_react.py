"""Applications made with React: the official component as it is, and our drop-in for it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sessions import link_token
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from world import World, served

from sandboxes import CREDENTIALS

ROOT = Path(__file__).parents[2]
PACKAGES = ROOT / "tests" / "node" / "node_modules"
FILES = {
    "react.js": PACKAGES / "react" / "umd" / "react.development.js",
    "react-dom.js": PACKAGES / "react-dom" / "umd" / "react-dom.development.js",
    "component.js": PACKAGES / "@mergeapi" / "react-merge-link" / "dist" / "index.umd.js",
    "drop-in.js": ROOT / "clients" / "react-merge-link" / "index.js",
}
REACT_MODULE = "export const { useCallback, useEffect, useState } = window.React;"
REACT = '<script src="/react.js"></script><script src="/react-dom.js"></script>'
# The application, the same for both: only where `useMergeLink` comes from differs.
APP = """
  window.run = (useMergeLink, home) => {
    const App = () => {
      const [token, setToken] = React.useState();
      const [said, setSaid] = React.useState("");
      const { open, isReady } = useMergeLink({
        linkToken: token,
        tenantConfig: home && { apiBaseURL: home },
        onSuccess: (publicToken) => setSaid(publicToken),
      });
      window.give = setToken;
      const button = React.createElement("button", { disabled: !isReady, onClick: open }, "Connect your ATS");
      return React.createElement("div", null, button, React.createElement("output", null, said));
    };
    ReactDOM.createRoot(document.getElementById("app")).render(
      React.createElement(React.StrictMode, null, React.createElement(App)));
  };
"""


def official(home: str) -> str:
    """By the inert tag. The package is for bundlers; its only import is React."""
    return f"""
      <script type="text/plain" src="https://cdn.merge.dev/initialize.js"></script>
      <script src="{home}/initialize.js"></script>
      <script>var exports = {{}}; var require = () => window.React;</script>
      <script src="/component.js"></script>
      <script>run(exports.useMergeLink)</script>"""


def drop_in(home: str) -> str:
    """As a bundler's alias would have it."""
    return f"""
      <script type="importmap">{{"imports": {{"react": "/react-module.js"}}}}</script>
      <script type="module">
        import {{ useMergeLink }} from "/drop-in.js";
        run(useMergeLink, "{home}/api");
      </script>"""


@pytest.fixture(params=[official, drop_in])
def app_url(request: pytest.FixtureRequest, world: World) -> Iterator[str]:
    if not all(path.exists() for path in FILES.values()):
        needed = "React and Merge's component are needed: install Node.js 18 or newer, then run `make node`"
        if os.environ.get("CI"):
            pytest.fail(needed)
        pytest.skip(needed)

    async def show(_request: Request) -> Response:
        body = f'<div id="app"></div>{REACT}<script>{APP}</script>{request.param(world.url)}'
        return HTMLResponse(f"<!doctype html><title>App</title><body>{body}")

    async def script(request: Request) -> Response:
        name = request.path_params["name"]
        content = REACT_MODULE if name == "react-module.js" else FILES[name].read_text()
        return Response(content, media_type="text/javascript")

    with served(Starlette(routes=[Route("/", show), Route("/{name}", script)])) as url:
        yield url


@pytest.mark.contract("6.3.1", "6.3.2", "6.3.3", "6.3.4")
def test_a_react_application(page: Page, world: World, app_url: str) -> None:
    world.settings.link_origins = [app_url]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(app_url)
    connect = page.get_by_role("button", name="Connect your ATS")
    expect(connect).to_be_disabled()
    page.evaluate(f"give('{link_token(world)['link_token']}')")
    expect(connect).to_be_enabled()
    connect.click()
    expect(page.locator("iframe")).to_have_count(1)
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Greenhouse").click()
    frame.get_by_role("button", name="With an API key").click()
    frame.get_by_label("Harvest API key").fill(CREDENTIALS["greenhouse"]["v1"]["api_key"])
    frame.get_by_role("button", name="Connect", exact=True).click()
    expect(page.locator("output")).to_contain_text("omn_public_")
    answer = world.http.get(f"/account-token/{page.locator('output').inner_text()}")
    assert answer.json()["account_token"].startswith("omn_acct_")
    frame.get_by_role("button", name="Close").click()
    expect(page.locator("iframe")).to_have_count(0)
    assert [url for url in asked if not url.startswith("http://127.0.0.1:")] == []
