"""Link tokens, the forms of the page as HTTP sees them, and the exchange of public tokens."""

import re
import threading
from typing import Any

import httpx
import pytest
from databases import SERVER
from merge.client import Merge
from sessions import PERSON, ask, link_token, magic_link
from sqlalchemy import select, update
from world import Json, World

from app.accounts.keys import TEST, create_key
from app.audit.tables import audit_event
from app.common.times import now
from app.link.sessions import ATTEMPTS, MINUTE
from app.link.tables import link_session
from sandboxes import CREDENTIALS

KEY = CREDENTIALS["greenhouse"]["v1"]["api_key"]
OURS = {"Sec-Fetch-Site": "same-origin"}


def send(world: World, path: str, token: str, headers: Json | None = None, **fields: str) -> httpx.Response:
    """A form of the page."""
    form = {"link_token": token, "origin": world.url, **fields}
    return httpx.post(world.url + path, data=form, headers=headers or OURS)


def by_key(world: World, token: str, key: str = KEY, **fields: str) -> httpx.Response:
    chosen = {"integration": "greenhouse", "style": "2", "field-api_key": key}
    return send(world, "/link/credentials", token, **chosen | fields)


def public_token(answer: httpx.Response) -> str:
    found = re.search(r'data-public-token="([^"]+)"', answer.text)
    assert answer.status_code == 200, answer.text
    assert found, answer.text
    return found[1]


def exchange(world: World, token: str) -> httpx.Response:
    return world.http.get(f"/account-token/{token}")


def age(world: World, **values: Any) -> None:
    with world.service.engine.begin() as connection:
        connection.execute(update(link_session).values(**values))


@pytest.mark.contract("6.1.1")
def test_what_a_link_token_answers(world: World) -> None:
    made = link_token(world)
    assert set(made) == {"link_token", "integration_name", "magic_link_url"}
    assert made["link_token"].startswith("omn_link_")
    assert made["integration_name"] is made["magic_link_url"] is None
    with world.service.reader.connect() as connection:
        row = connection.execute(select(link_session)).one()
        deeds = connection.scalars(select(audit_event.c.event_type)).all()
    assert row.expires_at - row.created_at == 30 * MINUTE
    assert made["link_token"] not in repr(row)
    assert "GENERATED_MAGIC_LINK" not in deeds


@pytest.mark.contract("6.1.1", "13")
def test_a_magic_link(world: World) -> None:
    made = link_token(world, should_create_magic_link_url=True, link_expiry_mins=10080)
    assert made["magic_link_url"] == f"{world.url}/link#{made['link_token']}"
    with world.service.reader.connect() as connection:
        events = connection.execute(select(audit_event)).all()
    (event,) = [event for event in events if event.event_type == "GENERATED_MAGIC_LINK"]
    assert event.role == "API"
    assert "Acme" in event.description
    assert made["link_token"] not in event.description


@pytest.mark.contract("6.1.1")
@pytest.mark.parametrize("field", sorted(PERSON))
def test_what_a_link_token_needs(world: World, field: str) -> None:
    answer = world.http.post("/link-token", json={k: v for k, v in PERSON.items() if k != field})
    assert answer.status_code == 400
    assert answer.json() == {field: ["This field is required."]}


@pytest.mark.contract("6.1.1")
@pytest.mark.parametrize(
    "fields",
    [
        {"link_expiry_mins": 29},
        {"link_expiry_mins": 721},
        {"link_expiry_mins": 10081, "should_create_magic_link_url": True},
        {"integration": "nobody"},
        {"categories": ["hris"]},
        {"categories": []},
        {"language": "fr"},
        {"end_user_origin_id": ""},
        {"end_user_origin_id": "x" * 201},
    ],
)
def test_what_a_link_token_refuses(world: World, fields: Json) -> None:
    answer = ask(world, **fields)
    assert answer.status_code == 400, answer.text
    (field,) = answer.json()
    assert field.split(".")[0] in fields


def test_strangers_get_no_link_token(world: World) -> None:
    for path in ("/api/ats/v1/link-token", "/api/integrations/create-link-token"):
        assert httpx.post(world.url + path, json=PERSON).status_code == 401
    assert httpx.get(f"{world.url}/api/ats/v1/account-token/x").status_code == 401


@pytest.mark.contract("6.1.3", "1.5", "POST /account-token/{public_token}")
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/api/ats/v1/account-token/", "/api/integrations/account-token/"])
def test_the_exchange(world: World, method: str, path: str) -> None:
    answer = httpx.post(
        f"{world.url}/api/integrations/create-link-token", json=PERSON, headers=world.http.headers
    )
    public = public_token(by_key(world, answer.json()["link_token"]))
    assert public.startswith("omn_public_")
    given = httpx.request(method, world.url + path + public, headers=world.http.headers)
    assert given.status_code == 200, given.text
    assert set(given.json()) == {"account_token", "integration", "id"}
    assert given.json()["integration"]["slug"] == "greenhouse"
    world.service.jobs.run_due()
    headers = {**world.http.headers, "X-Account-Token": given.json()["account_token"]}
    listed = httpx.get(f"{world.url}/api/ats/v1/interviews", headers=headers)
    assert listed.json()["results"]
    again = httpx.request(method, world.url + path + public, headers=world.http.headers)
    assert (again.status_code, again.json()) == (404, {"detail": "Not found."})


@pytest.mark.contract("1.4")
def test_what_is_linked_with_a_test_key_is_a_test_account(world: World) -> None:
    exchange(world, public_token(by_key(world, link_token(world)["link_token"])))
    with world.service.engine.begin() as connection:
        test_key = create_key(connection, "test", TEST)
    production_key = world.http.headers["Authorization"]
    world.http.headers["Authorization"] = f"Bearer {test_key}"
    asked = link_token(world)
    assert asked["integration_name"] is None, "the production account is another"
    public = public_token(by_key(world, asked["link_token"]))
    given = exchange(world, public).json()
    (row,) = world.http.get("/linked-accounts").json()["results"]
    assert (row["id"], row["account_type"]) == (given["id"], "TEST")
    assert link_token(world)["integration_name"] == "Greenhouse", "and can be linked again"
    world.http.headers["Authorization"] = production_key
    (row,) = world.http.get("/linked-accounts").json()["results"]
    assert (row["id"] != given["id"], row["account_type"]) == (True, "PRODUCTION")


@pytest.mark.contract("6.1.1", "6.1.3")
def test_the_official_client(world: World) -> None:
    client = Merge(base_url=f"{world.url}/api", api_key=world.key)
    made = client.ats.link_token.create(**PERSON, integration="greenhouse")  # type: ignore[arg-type] - plain strings
    public = public_token(by_key(world, made.link_token))
    given = client.ats.account_token.retrieve(public)
    assert given.integration.name == "Greenhouse"
    assert given.account_token.startswith("omn_acct_")


@pytest.mark.contract("6.1.3")
def test_a_public_token_ends(world: World) -> None:
    public = public_token(by_key(world, link_token(world)["link_token"]))
    age(world, public_until=now() - 1)
    assert exchange(world, public).status_code == 404


@pytest.mark.contract("6.1.3")
def test_a_public_token_is_exchanged_once_however_many_ask(world: World) -> None:
    public = public_token(by_key(world, link_token(world)["link_token"]))
    ready, statuses = threading.Barrier(4), []

    def one() -> None:
        with httpx.Client(headers=world.http.headers) as client:
            ready.wait()
            statuses.append(client.get(f"{world.url}/api/ats/v1/account-token/{public}").status_code)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(statuses) == [200, 404, 404, 404]


@pytest.mark.contract("6.1.1")
def test_an_expired_link_token(world: World) -> None:
    token = link_token(world)["link_token"]
    age(world, expires_at=now() - 1)
    for answer in (send(world, "/link", token), by_key(world, token)):
        assert answer.status_code == 410
        assert "expired" in answer.text
    assert not world.sandbox.controls.received


@pytest.mark.contract("6.1.1")
def test_a_used_link_token(world: World) -> None:
    token = link_token(world)["link_token"]
    exchange(world, public_token(by_key(world, token)))
    for answer in (send(world, "/link", token), by_key(world, token)):
        assert answer.status_code == 410
        assert "has been used" in answer.text


def test_a_wrong_link_token(world: World) -> None:
    assert send(world, "/link", "omn_link_x").status_code == 404
    assert send(world, "/link", "").status_code == 404


def test_a_session_links_one_account(world: World) -> None:
    """Until the exchange the page shows its end again; nothing is tried any more."""
    token = link_token(world)["link_token"]
    first = public_token(by_key(world, token))
    asked = len(world.sandbox.controls.received)
    second = public_token(by_key(world, token, "another"))
    assert len(world.sandbox.controls.received) == asked
    assert exchange(world, first).status_code == 404, "replaced"
    assert exchange(world, second).status_code == 200


@pytest.mark.contract("6.1.4", "6.1.1")
def test_a_link_token_for_an_end_user_who_has_an_account(world: World) -> None:
    first = exchange(world, public_token(by_key(world, link_token(world)["link_token"]))).json()
    world.service.jobs.run_due()
    account = world.account(first["account_token"], {"id": first["id"]})
    before = account.list("/interviews")
    again = link_token(world)
    assert again["integration_name"] == "Greenhouse"
    assert "Reconnect Greenhouse" in send(world, "/link", again["link_token"]).text
    second = exchange(world, public_token(by_key(world, again["link_token"]))).json()
    assert second == first, "the same id and the same account token"
    assert account.list("/interviews") == before


def test_an_account_linked_without_a_browser_is_linked_again_with_one(world: World) -> None:
    account = world.link("v3", end_user_origin_id=PERSON["end_user_origin_id"], sync=False)
    again = link_token(world)
    assert again["integration_name"] == "Greenhouse"
    given = exchange(world, public_token(by_key(world, again["link_token"]))).json()
    assert (given["id"], given["account_token"]) == (account.id, account.token)


def test_attempts_are_limited(world: World) -> None:
    token = link_token(world)["link_token"]
    for _ in range(ATTEMPTS):
        assert by_key(world, token, "wrong").status_code == 422
    asked = len(world.sandbox.controls.received)
    answer = by_key(world, token)
    assert answer.status_code == 429
    assert "Too many attempts" in answer.text
    assert len(world.sandbox.controls.received) == asked


@pytest.mark.contract("6.1.2")
def test_an_account_without_syncs(world: World) -> None:
    token = link_token(world, are_syncs_disabled=True)["link_token"]
    given = exchange(world, public_token(by_key(world, token))).json()
    asked = len(world.sandbox.controls.received)
    account = world.account(given["account_token"], {"id": given["id"]})
    world.service.jobs.run_due()
    account.http.post("/sync-status/resync")
    world.service.jobs.run_due()
    assert len(world.sandbox.controls.received) == asked, "neither the initial nor a forced one"
    assert {row["status"] for row in account.get("/sync-status").json()["results"]} == {"DISABLED"}
    again = link_token(world, are_syncs_disabled=False)["link_token"]
    exchange(world, public_token(by_key(world, again)))
    world.service.jobs.run_due()
    assert account.list("/interviews")


@pytest.mark.contract("6.1.2", "7.11")
@pytest.mark.parametrize(
    "scopes",
    [
        {
            "common_models": [
                {"model_id": "ats.Offer", "enabled_actions": [], "disabled_fields": []},
                {"model_id": "ats.Job", "enabled_actions": ["READ"], "disabled_fields": ["name"]},
            ]
        },
        {
            "category_common_model_scopes": {
                "ats": [
                    {"model_name": "Offer", "model_permissions": {"READ": {"is_enabled": False}}},
                    {"model_name": "Job", "field_permissions": {"disabled_fields": ["name"]}},
                ]
            }
        },
    ],
)
@pytest.mark.parametrize("relink", [False, True])
def test_permissions_given_at_link_time(world: World, scopes: Json, relink: bool) -> None:
    if relink:
        world.link("v1", end_user_origin_id=PERSON["end_user_origin_id"])
    given = exchange(world, public_token(by_key(world, link_token(world, **scopes)["link_token"]))).json()
    world.service.jobs.run_due()
    account = world.account(given["account_token"], {"id": given["id"]})
    assert account.get("/offers").status_code == 403
    assert {job["name"] for job in account.list("/jobs")} == {None}
    assert account.list("/interviews")


@pytest.mark.parametrize("wrong", [{"model_id": "ats.Nothing"}, {"model_name": "Nothing"}])
def test_permissions_of_what_is_not_there(world: World, wrong: Json) -> None:
    answer = ask(world, common_models=[wrong])
    assert (answer.status_code, list(answer.json())) == (400, ["common_models"])


def test_fields_are_filled_in_beforehand(world: World) -> None:
    token = link_token(world, integration_specific_config={"user_id": "4000001001", "api_key": "no"})
    form = send(world, "/link", token["link_token"], integration="greenhouse", style="2").text
    assert 'value="4000001001"' in form
    assert 'value="no"' not in form, "secrets are not"


# What keeps others out


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("path", ["/link", "/link/credentials", "/link/authorize", "/link/state"])
def test_forms_of_other_sites_are_refused(world: World, headers: Json, path: str) -> None:
    token = link_token(world)["link_token"]
    assert send(world, path, token, headers).status_code == 403


def test_a_form_has_bounds(world: World) -> None:
    token = link_token(world)["link_token"]
    assert by_key(world, token, "x" * 200_000).status_code == 413
    assert by_key(world, token, **{f"field-{n}": "x" for n in range(60)}).status_code == 400
    too_long = by_key(world, token, "x" * 6000)
    assert too_long.status_code == 422
    assert "too long" in too_long.text
    assert send(world, "/link", token, integration="greenhouse", style="9" * 30).status_code == 200
    assert not world.sandbox.controls.received


@pytest.mark.contract("6.3.5")
def test_the_page_is_locked_down(world: World) -> None:
    world.settings.link_origins = ["https://app.example/"]
    for answer in (httpx.get(f"{world.url}/link"), send(world, "/link", link_token(world)["link_token"])):
        policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert policy["frame-ancestors"] == f"'self' {world.url} https://app.example"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in answer.headers
        assert "style=" not in answer.text
        assert "onclick" not in answer.text


def test_only_known_origins_get_the_result(world: World) -> None:
    token = link_token(world)["link_token"]
    answer = by_key(world, token, origin="https://evil.example")
    assert answer.status_code == 403
    assert "OMNIATS_LINK_ORIGINS" in answer.text
    assert "data-public-token" not in by_key(world, token, origin="").text, "nobody to give it to"


def test_no_token_of_a_session_is_readable_in_the_database(world: World) -> None:
    made = link_token(world)
    public = public_token(by_key(world, made["link_token"]))
    with world.service.reader.connect() as connection:
        stored = repr(connection.execute(select(link_session)).all())
    if not SERVER:
        stored += "".join(
            path.read_bytes().decode("latin-1") for path in world.settings.data_dir.glob("*.db*")
        )
    assert [token for token in (made["link_token"], public, KEY) if token in stored] == []


# At the vendor's page


def leave(world: World, token: str) -> httpx.Response:
    chosen = {"integration": "greenhouse", "style": "1", "origin": ""}
    return send(world, "/link/authorize", token, **chosen)


def come_back(world: World, location: str, token: str | None) -> httpx.Response:
    back = httpx.get(location).headers["Location"]
    return httpx.get(back, cookies={"omniats_link": token} if token else None)


def problem_shown(world: World, token: str) -> str:
    return send(world, "/link", token, origin="").text


def test_leaving_for_the_vendors_page(partner: World) -> None:
    token = link_token(partner)["link_token"]
    answer = leave(partner, token)
    page = httpx.URL(answer.headers["Location"])
    assert answer.status_code == 303
    assert str(page).startswith(partner.settings.provider_origins["greenhouse"] + "/authorize?")
    assert page.params["client_id"] == "sandbox-partner"
    assert page.params["redirect_uri"] == f"{partner.url}/link/callback"
    assert "harvest:interviews:list" in page.params["scope"].split(" ")
    cookie = answer.headers["Set-Cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", "Path=/link"))
    assert "Secure" not in cookie
    partner.settings.public_url = "https://link.example"
    answer = leave(partner, token)
    assert "Secure" in answer.headers["Set-Cookie"]
    assert (
        httpx.URL(answer.headers["Location"]).params["redirect_uri"] == "https://link.example/link/callback"
    )


def test_without_an_oauth_client_signing_in_is_not_offered(world: World) -> None:
    token = link_token(world)["link_token"]
    assert "Location" not in leave(world, token).headers
    assert "By signing in" not in send(world, "/link", token, integration="greenhouse").text


def test_a_state_works_once_and_in_its_own_session_only(partner: World) -> None:
    token = link_token(partner)["link_token"]
    other = link_token(partner, end_user_origin_id="customer 2")["link_token"]
    location = leave(partner, token).headers["Location"]
    stranger = come_back(partner, location, other)
    assert stranger.status_code == 400
    assert "no longer valid" in stranger.text
    assert come_back(partner, location, None).status_code == 404
    assert come_back(partner, location, token).status_code == 303
    assert "is connected" in problem_shown(partner, token)
    assert come_back(partner, location, token).status_code == 400


def test_an_earlier_way_to_the_vendor_leads_nowhere(partner: World) -> None:
    token = link_token(partner)["link_token"]
    earlier = leave(partner, token).headers["Location"]
    leave(partner, token)
    assert come_back(partner, earlier, token).status_code == 400


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("error=access_denied", "You did not agree at Greenhouse"),
        ("error=server_error&error_description=Down+for+maintenance", "Down for maintenance"),
        ("code=wrong", "Greenhouse refused this: invalid_grant"),
    ],
)
def test_the_vendor_says_no(partner: World, answer: str, words: str) -> None:
    token = link_token(partner)["link_token"]
    state = httpx.URL(leave(partner, token).headers["Location"]).params["state"]
    back = f"{partner.url}/link/callback?{answer}&state={state}"
    assert httpx.get(back, cookies={"omniats_link": token}).headers["Location"] == f"/link#{token}"
    assert words in problem_shown(partner, token)
    come_back(partner, leave(partner, token).headers["Location"], token)
    assert "is connected" in problem_shown(partner, token), "and then yes"


def test_the_clients_secret_can_change(partner: World) -> None:
    """It is told to omniats, and not to every account that was linked through the client."""
    token = link_token(partner)["link_token"]
    come_back(partner, leave(partner, token).headers["Location"], token)
    given = exchange(partner, public_token(send(partner, "/link", token))).json()
    tokens = partner.sandbox.tokens
    tokens.clients["sandbox-partner"] = type(tokens.clients["sandbox-partner"])(
        "sandbox-partner", "new", True
    )
    tokens.expire_all()
    renewed = type(partner.settings)(
        oauth_clients={"greenhouse": {"client_id": "sandbox-partner", "client_secret": "new"}}
    )
    partner.settings.oauth_clients = renewed.oauth_clients
    partner.service.jobs.run_due()
    account = partner.account(given["account_token"], {"id": given["id"]})
    assert account.list("/interviews")


def test_a_refresh_token_alone_links_with_the_own_client(partner: World) -> None:
    refresh_token = CREDENTIALS["greenhouse"]["v3_partner"]["refresh_token"]
    account = partner.link("v3_partner", credentials={"refresh_token": refresh_token})
    assert account.list("/interviews")


def test_magic_links_are_not_for_others_to_see(world: World) -> None:
    """A token in the path or the query would come into access logs."""
    url = httpx.URL(magic_link(world))
    assert url.fragment.startswith("omn_link_")
    assert (url.path, url.query) == ("/link", b"")
