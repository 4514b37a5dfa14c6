"""One linked account: what it is, what it can do, and its token."""

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import Row

from app.accounts import shown
from app.accounts.directory import by_id
from app.accounts.keys import renew_token
from app.accounts.removal import end
from app.api.callers import AccountRoute, account_and_actor, account_of, public_url, service_of
from app.api.errors import not_found
from app.api.records import json_response
from app.api.reference.bodies import Abilities, AccountDetails, Integration
from providers.registry import PROVIDERS

router = APIRouter(tags=["Linked accounts"], route_class=AccountRoute)


class AvailableActions(Abilities):
    """What can be done with a linked account."""

    integration: Integration = Field(description="Its integration.")


class RegeneratedToken(BaseModel):
    """A new account token."""

    linked_account_id: str = Field(description="Our id of the account.")
    account_token: str = Field(description="The token, shown this once.", examples=["omn_acct_..."])


@router.get("/account-details", summary="Retrieve the linked account", response_model=AccountDetails)
def retrieve_account_details(request: Request) -> Response:
    """Whose account it is, at which vendor, and whether it works."""
    row = _account(request)
    return json_response(orjson.dumps(shown.details(row, public_url(request))))


@router.get(
    "/available-actions",
    summary="List what can be done with the linked account",
    response_model=AvailableActions,
)
def list_available_actions(request: Request) -> Response:
    """The models that can be read and written at its vendor, and the fields that are filled."""
    account = account_of(request)
    abilities = shown.abilities(service_of(request).connector.api(account.id))
    integration = shown.integration(PROVIDERS[account.integration])
    return json_response(orjson.dumps({"integration": integration, **abilities}))


@router.post(
    "/account-token/regenerate", summary="Replace the account token", response_model=RegeneratedToken
)
def regenerate_token(request: Request) -> Response:
    """Put a new token in the place of the one given, which ends at once; it is shown this once."""
    account, actor = account_and_actor(request)
    service = service_of(request)
    with service.engine.begin() as connection:
        token = renew_token(connection, service.vault, account.id, actor)
    return json_response(orjson.dumps({"linked_account_id": account.id, "account_token": token}))


@router.post("/delete-account", summary="Delete the linked account", response_class=Response)
def delete_account(request: Request) -> Response:
    """End the account now: its token and credentials are gone, its records follow within minutes."""
    account, actor = account_and_actor(request)
    with service_of(request).jobs.begin() as connection:
        end(connection, account.id, actor, public_url(request))
    return Response()


def _account(request: Request) -> Row[Any]:
    account = account_of(request)
    with service_of(request).reader.connect() as connection:
        row = by_id(connection, account.id)
    if row is None:  # deleted meanwhile
        raise not_found()
    return row
