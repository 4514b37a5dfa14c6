"""The link page in Chromium, as people use it."""

import re

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from sessions import PERSON, link_token, magic_link
from sqlalchemy import select, update
from world import Account, World

from app.accounts.tables import linked_account
from app.common.times import now
from app.link.tables import link_session
from providers.greenhouse import GREENHOUSE
from providers.registry import PROVIDERS
from sandboxes import CREDENTIALS

FOCUSED = "(document.activeElement.labels?.[0] ?? document.activeElement).innerText"
KEY = CREDENTIALS["greenhouse"]["v1"]["api_key"]
CLIENT = CREDENTIALS["greenhouse"]["v3"]


def open_page(page: Page, world: World, **fields: object) -> None:
    page.goto(magic_link(world, **fields))


def choose_key(page: Page) -> None:
    page.get_by_role("button", name="Greenhouse").click()
    page.get_by_role("button", name="With an API key (Harvest v1)").click()


def account_of(world: World) -> Account:
    """The only account there is, as its row has it: a magic link ends without a token for the browser."""
    with world.service.reader.connect() as connection:
        row = connection.execute(select(linked_account)).one()
    return world.account(str(world.service.vault.open(row.token_sealed)), {"id": row.id})


@pytest.mark.contract("6.3.4", "6.1.2")
def test_an_api_key(page: Page, world: World) -> None:
    open_page(page, world)
    expect(page.get_by_role("heading", name="Which system do you use?")).to_be_focused()
    expect(page.get_by_text("Acme & Söhne is about to be connected")).to_be_visible()
    choose_key(page)
    expect(page.get_by_role("heading", name="Connect Greenhouse")).to_be_focused()
    for step in (
        "Dev Center",
        "API Credential Management",
        "Create new API credentials",
        "Manage permissions",
    ):
        expect(page.locator("ol strong", has_text=step).first).to_be_visible()
    page.get_by_text("Permissions to grant").click()
    expect(page.get_by_text("GET: List Interviews for Application")).to_be_visible()
    page.get_by_label("Harvest API key").fill(KEY)
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_role("heading", name="Greenhouse is connected")).to_be_focused()
    assert "omn_public_" not in page.content()
    assert "omn_acct_" not in page.content()
    world.service.jobs.run_due()
    assert account_of(world).list("/interviews")


def test_wrong_credentials_and_then_right_ones(page: Page, world: World) -> None:
    open_page(page, world, integration="greenhouse")
    client_id, secret = page.get_by_label("Client ID"), page.get_by_label("Client secret")
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(client_id).to_be_focused()
    expect(client_id).to_have_accessible_description(re.compile("Please fill this in"))
    client_id.fill(CLIENT["client_id"])
    secret.fill("wrong")
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(secret).to_be_focused()
    expect(secret).to_have_attribute("aria-invalid", "true")
    said = re.compile("Greenhouse refused this: invalid_client.*Check that client ID and secret belong")
    expect(secret).to_have_accessible_description(said)
    expect(client_id).to_have_value(CLIENT["client_id"])
    expect(secret).to_have_value("wrong")
    secret.fill(CLIENT["client_secret"])
    page.get_by_label("User ID").fill("4999999999")
    page.get_by_role("button", name="Connect", exact=True).click()
    user = page.get_by_label("User ID")
    expect(user).to_be_focused()
    expect(user).to_have_accessible_description(re.compile("invalid_grant.*or leave this empty"))
    user.fill("")
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_role("heading", name="Greenhouse is connected")).to_be_visible()


def test_the_vendor_cannot_be_reached(page: Page, world: World) -> None:
    world.sandbox.controls.fail("/v1/users", status=429, headers={"Retry-After": "7"})
    open_page(page, world)
    choose_key(page)
    page.get_by_label("Harvest API key").fill(KEY)
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text(re.compile("Try again in 7 seconds"))
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_role("heading", name="Greenhouse is connected")).to_be_visible()


def test_signing_in_at_the_vendor(page: Page, partner: World) -> None:
    open_page(page, partner)
    page.get_by_role("button", name="Greenhouse").click()
    page.get_by_role("button", name="Continue to Greenhouse").click()
    expect(page.get_by_role("heading", name="Greenhouse is connected")).to_be_visible()
    assert "code=" not in page.url
    assert not page.context.cookies()
    assert partner.sent("GET", "/authorize")
    partner.service.jobs.run_due()
    assert account_of(partner).list("/interviews")


def test_declining_at_the_vendor(page: Page, partner: World) -> None:
    partner.sandbox.tokens.declines = True
    open_page(page, partner)
    page.get_by_role("button", name="Greenhouse").click()
    page.get_by_role("button", name="Continue to Greenhouse").click()
    expect(page.get_by_role("alert")).to_have_text(re.compile("You did not agree at Greenhouse"))
    partner.sandbox.tokens.declines = False
    page.get_by_role("button", name="Continue to Greenhouse").click()
    expect(page.get_by_role("heading", name="Greenhouse is connected")).to_be_visible()


def test_in_german(page: Page, world: World) -> None:
    open_page(page, world, language="de", integration="greenhouse")
    expect(page.get_by_role("heading", name="Greenhouse verbinden")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "de"
    page.get_by_role("button", name="Mit einem API-Schlüssel (Harvest v1)").click()
    page.get_by_label("Harvest-API-Schlüssel").fill("falsch")
    page.get_by_role("button", name="Verbinden", exact=True).click()
    described = re.compile("Greenhouse lehnt das ab: Invalid Basic Auth credentials.*vollständig kopiert")
    expect(page.get_by_label("Harvest-API-Schlüssel")).to_have_accessible_description(described)
    page.get_by_label("Harvest-API-Schlüssel").fill(KEY)
    page.get_by_role("button", name="Verbinden", exact=True).click()
    expect(page.get_by_role("heading", name="Greenhouse ist verbunden")).to_be_visible()


def test_the_browsers_language(browser: Browser, world: World) -> None:
    context = browser.new_context(locale="de-AT")
    german = context.new_page()
    open_page(german, world)
    expect(german.get_by_role("heading", name="Welches System verwenden Sie?")).to_be_visible()
    context.close()


def test_with_the_keyboard_alone(page: Page, world: World) -> None:
    open_page(page, world)
    expect(page.get_by_role("heading", level=1)).to_be_focused()

    def reach(name: str) -> None:
        for _ in range(12):
            page.keyboard.press("Tab")
            focused = page.evaluate(
                "document.activeElement.labels?.[0]?.innerText || document.activeElement.innerText"
            )
            if name in (focused or ""):
                return
        raise AssertionError(f"{name} cannot be reached")

    reach("Greenhouse")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Connect Greenhouse")).to_be_focused()
    reach("With an API key")
    page.keyboard.press("Space")
    expect(page.get_by_label("Harvest API key")).to_be_visible()
    reach("Permissions to grant")
    page.keyboard.press("Enter")
    expect(page.get_by_text("GET: List Offers")).to_be_visible()
    reach("Harvest API key")
    page.keyboard.type(KEY)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("Harvest API key")).to_have_attribute("type", "text")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Greenhouse is connected")).to_be_focused()


def test_searching_among_many(page: Page, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Ashwood", "Birch", "Cedar", "Elm", "Fir", "Hazel"):
        copy = type(GREENHOUSE)(slug=name.lower(), name=name, color="#555555", styles=GREENHOUSE.styles)
        monkeypatch.setitem(PROVIDERS, copy.slug, copy)
    open_page(page, world)
    assert page.locator("#integrations li").all_inner_texts() == sorted(
        page.locator("#integrations li").all_inner_texts()
    )
    page.get_by_label("Search").fill(" gReen")
    expect(page.locator("#integrations li:visible")).to_have_count(1)
    expect(page.get_by_role("status")).to_have_text("1 found")
    page.get_by_label("Search").fill("yew")
    expect(page.get_by_text("Nothing of that name.")).to_be_visible()


@pytest.mark.contract("6.1.4")
def test_linking_again(page: Page, world: World) -> None:
    account = world.link("v1", end_user_origin_id=PERSON["end_user_origin_id"])
    before = account.list("/interviews")
    world.sandbox.api_key = "another"
    world.sync(account)
    assert world.stored(account).status == "RELINK_NEEDED"
    open_page(page, world)
    expect(page.get_by_role("heading", name="Reconnect Greenhouse")).to_be_visible()
    page.get_by_role("button", name="With an API key (Harvest v1)").click()
    page.get_by_label("Harvest API key").fill("another")
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_role("heading", name="Greenhouse is connected")).to_be_visible()
    assert world.stored(account).status == "COMPLETE"
    assert account_of(world).token == account.token
    assert account.list("/interviews") == before


@pytest.mark.parametrize(
    ("values", "words"),
    [({"expires_at": 0}, "This link has expired"), ({"exchanged_at": 1}, "This link has been used")],
)
def test_a_link_that_no_longer_works(page: Page, world: World, values: dict[str, int], words: str) -> None:
    address = magic_link(world)
    with world.service.engine.begin() as connection:
        connection.execute(update(link_session).values(**values))
    page.goto(address)
    expect(page.get_by_role("heading", name=words)).to_be_focused()


def test_an_expiry_while_the_page_is_open(page: Page, world: World) -> None:
    open_page(page, world)
    choose_key(page)
    page.get_by_label("Harvest API key").fill(KEY)
    with world.service.engine.begin() as connection:
        connection.execute(update(link_session).values(expires_at=now() - 1))
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_role("heading", name="This link has expired")).to_be_visible()


def test_an_address_without_its_token(page: Page, world: World) -> None:
    page.goto(f"{world.url}/link")
    expect(page.get_by_text("This link is not complete")).to_be_visible()


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_is_cut_off(page: Page, partner: World, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_page(page, partner, integration="greenhouse")
    page.get_by_role("button", name="With a client ID and secret").click()
    page.get_by_text("Permissions to grant").click()
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_text("Please fill this in.").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_link_token_without_a_magic_link_opens_the_page_too(page: Page, world: World) -> None:
    page.goto(f"{world.url}/link#{link_token(world)['link_token']}")
    expect(page.get_by_role("heading", name="Which system do you use?")).to_be_visible()


def test_static_files(world: World) -> None:
    for path in ("/initialize.js", "/link/initialize.js", "/link/link.js", "/link/link.css"):
        answer = httpx.get(world.url + path)
        assert answer.status_code == 200
        assert ("css" if path.endswith("css") else "javascript") in answer.headers["Content-Type"]
    assert httpx.get(f"{world.url}/link/other.js").status_code == 404
