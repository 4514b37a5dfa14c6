"""Linked accounts as callers see them: one, all, filtered, paged."""

from typing import Any

import pytest
from merge import Merge
from merge.resources.ats import types
from reference import valid, valid_page
from sqlalchemy import update
from world import Account, Json, Synced, World

from app.accounts.keys import TEST, create_key
from app.accounts.tables import linked_account
from app.common.models import COLLECTIONS


def listed(world: World, **params: Any) -> list[str]:
    """The ids a list answers with."""
    answer = world.http.get("/linked-accounts", params=params)
    assert answer.status_code == 200, answer.text
    return [one.id for one in valid_page(types.AccountDetailsAndActions, answer.json())]


def change(world: World, account: Account, **values: Any) -> None:
    with world.service.engine.begin() as connection:
        connection.execute(update(linked_account).where(linked_account.c.id == account.id).values(**values))


@pytest.mark.contract("6.2")
def test_account_details(synced: Synced, account: Account) -> None:
    body = account.get("/account-details").json()
    details = valid(types.AccountDetails, body)
    assert (details.id, details.status, details.category) == (account.id, "COMPLETE", "ats")
    assert (body["integration"], body["integration_slug"]) == ("Greenhouse", "greenhouse")
    assert body["webhook_listener_url"] == account.row["webhook_listener_url"]
    client = Merge(base_url=f"{synced.world.url}/api", api_key=synced.world.key, account_token=account.token)
    assert client.ats.account_details.retrieve().end_user_organization_name == "Acme"


@pytest.mark.contract("6.2")
def test_a_linked_account_in_the_list(synced: Synced) -> None:
    (row,) = synced.world.http.get("/linked-accounts", params={"id": synced.v1.id}).json()["results"]
    one = valid(types.AccountDetailsAndActions, row)
    assert (one.integration.slug, one.integration.passthrough_available) == ("greenhouse", True)
    operations = {o["model_name"]: o for o in row["integration"]["available_model_operations"]}
    for operation in operations.values():
        valid(types.ModelOperation, operation)
    assert set(operations["ScheduledInterview"]["available_operations"]) >= {"FETCH", "CREATE"}
    assert row == synced.v1.row, "as it was answered when it was linked"


@pytest.mark.contract("1.3")
def test_every_filter(world: World) -> None:
    first = world.link(
        "v3",
        sync=False,
        end_user_origin_id="one",
        end_user_organization_name="Un, deux",
        end_user_email_address="un@acme.example",
    )
    second = world.link("v1", sync=False, end_user_origin_id="two")
    third = world.link("v3_partner", sync=False, end_user_origin_id="three")
    change(world, second, status="RELINK_NEEDED")
    everything = [first.id, second.id, third.id]
    assert listed(world) == everything
    assert listed(world, category="ats") == everything
    assert listed(world, category="hris") == []
    assert listed(world, end_user_email_address="un@acme.example") == [first.id]
    assert listed(world, end_user_organization_name="Un, deux") == [first.id]
    assert listed(world, end_user_origin_id="two") == [second.id]
    assert listed(world, end_user_origin_ids="three, one,nobody") == [first.id, third.id]
    assert listed(world, id=second.id.upper()) == [second.id]
    assert listed(world, ids=f"{first.id},{third.id}") == [first.id, third.id]
    assert listed(world, ids=f"{first.id},{third.id}", end_user_origin_id="one") == [first.id]
    for name in ("Greenhouse", "greenhouse", "GREENHOUSE"):
        assert listed(world, integration_name=name) == everything
    assert listed(world, integration_name="Lever") == []
    assert listed(world, status="RELINK_NEEDED") == [second.id]
    assert listed(world, status="COMPLETE") == [first.id, third.id]
    assert listed(world, status="IDLE") == []
    assert listed(world, is_test_account="false") == everything
    assert listed(world, is_test_account="true") == []
    with world.service.engine.begin() as connection:
        key = create_key(connection, "test", TEST)
    with world.client(Authorization=f"Bearer {key}") as http:
        assert http.get("/linked-accounts").json()["results"] == []
    change(world, first, account_type="TEST")
    assert listed(world, is_test_account="true") == [first.id]
    assert listed(world) == [second.id, third.id]


@pytest.mark.contract("3.1.6")
@pytest.mark.parametrize(
    "params",
    [
        {"id": "nobody"},
        {"id": "00000000-0000-4000-8000-000000000001,00000000-0000-4000-8000-000000000002"},
        {"ids": "00000000-0000-4000-8000-000000000001,x"},
        {"status": "DELETED"},
        {"category": "fish"},
        {"is_test_account": "perhaps"},
        {"include_duplicates": "true"},
        {"include_duplicates": "true", "id": "00000000-0000-4000-8000-000000000001"},
        {"end_user_origin_id": "a\0"},
    ],
    ids=str,
)
def test_filters_with_unusable_values(world: World, params: Json) -> None:
    answer = world.http.get("/linked-accounts", params=params)
    assert answer.status_code == 400
    assert answer.json() == {"non_field_errors": ["Provided filters are invalid."]}


@pytest.mark.contract("2.1", "2.3", "2.4")
def test_pages(world: World) -> None:
    ids = [world.link("v3", sync=False).id for _ in range(5)]
    seen, cursor, pages = [], None, []
    while cursor is not None or not pages:
        page = world.http.get("/linked-accounts", params={"page_size": 2, "cursor": cursor or ""}).json()
        pages.append(page)
        seen += [one["id"] for one in page["results"]]
        cursor = page["next"]
    assert (seen, pages[0]["previous"], pages[-1]["next"]) == (ids, None, None)
    back = world.http.get("/linked-accounts", params={"page_size": 2, "cursor": pages[-1]["previous"]}).json()
    assert [one["id"] for one in back["results"]] == ids[2:4]
    url = f"https://x.example/api/ats/v1/linked-accounts?cursor={pages[0]['next']}"
    again = world.http.get("/linked-accounts", params={"page_size": 2, "cursor": url}).json()
    assert again == pages[1]
    assert world.http.get("/linked-accounts", params={"cursor": "x"}).status_code == 404


@pytest.mark.contract("6.2")
def test_duplicates(world: World) -> None:
    first = world.link("v3", sync=False)
    assert first.row["is_duplicate"] is False
    other = world.link("v1", sync=False)
    second = world.link("v3", sync=False)

    def duplicate(account: Account) -> Any:
        return account.get("/account-details").json()["is_duplicate"]

    assert [duplicate(a) for a in (first, other, second)] == [True, False, True]
    assert listed(world, id=first.id, include_duplicates="true") == [first.id, second.id]
    assert listed(world, id=other.id, include_duplicates="true") == [other.id]
    assert listed(world, id=first.id) == [first.id]
    change(world, second, status="RELINK_NEEDED")
    assert (duplicate(first), duplicate(second)) == (False, None)
    assert listed(world, id=first.id, include_duplicates="true") == [first.id]
    change(world, second, status="COMPLETE", account_type="TEST")
    assert (duplicate(first), duplicate(second)) == (False, None)


@pytest.mark.contract("6.2")
def test_customers_of_one_partner_are_no_duplicates(world: World) -> None:
    """Their client id and secret are the partner's: only what each consented to tells them apart."""
    accounts = []
    for _ in range(2):
        accounts.append(world.link("v3_partner", sync=False))
        used = next(iter(world.sandbox.tokens.refresh))
        world.sandbox.tokens.refresh["sandbox-refresh-token"] = world.sandbox.tokens.refresh[used]
    assert [a.get("/account-details").json()["is_duplicate"] for a in accounts] == [False, False]


@pytest.mark.contract("6.2", "14.1", "14.3")
def test_available_actions(synced: Synced, account: Account) -> None:
    body = account.get("/available-actions").json()
    actions = valid(types.AvailableActions, body)
    assert (actions.integration.slug, actions.passthrough_available) == ("greenhouse", True)
    operations = {o["model_name"]: o for o in body["available_model_operations"]}
    for operation in operations.values():
        valid(types.ModelOperation, operation)
    interview = operations["ScheduledInterview"]
    assert set(interview["available_operations"]) >= {"FETCH", "CREATE", "UPDATE", "DELETE"}
    assert {"application", "start_at", "end_at"} <= set(interview["required_post_parameters"])
    assert "remote_data" in interview["supported_fields"]
    assert "timezone" not in interview["supported_fields"], "a common field that Greenhouse does not have"
    client = Merge(base_url=f"{synced.world.url}/api", api_key=synced.world.key, account_token=account.token)
    assert client.ats.available_actions.retrieve().integration.name == "Greenhouse"


@pytest.mark.contract("14.1")
def test_what_is_filled_is_what_is_said_to_be_supported(account: Account) -> None:
    """The records of the sandbox, which no sample was made of, fill no other fields."""
    operations = account.get("/available-actions").json()["available_model_operations"]
    supported = {o["model_name"]: set(o["supported_fields"]) for o in operations}
    always = {"id", "created_at", "modified_at", "remote_was_deleted"}
    for model in COLLECTIONS:
        filled = {name for record in account.list(model.path) for name, value in record.items() if value}
        assert filled - always <= supported[model.name], model.name


@pytest.mark.contract("6.2")
def test_all_lists_of_abilities_agree(synced: Synced, account: Account) -> None:
    actions = account.get("/available-actions").json()["available_model_operations"]
    assert account.row["integration"]["available_model_operations"] == actions
    integrations = synced.world.http.get("/integrations").json()["results"]
    greenhouse = next(each for each in integrations if each["slug"] == "greenhouse")
    api = synced.world.service.connector.api(account.id).name
    assert {s["api"]: s for s in greenhouse["styles"]}[api]["available_model_operations"] == actions
