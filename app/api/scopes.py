"""Scopes: which models and fields are synchronised, shown and written."""

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from app.api.callers import (
    AccountRoute,
    CallerRoute,
    account_of,
    actor_of,
    caller,
    organization_caller,
    service_of,
)
from app.api.errors import bad_field
from app.api.records import json_response
from app.api.reference.answers import Responses, errors
from app.audit import trail
from app.common.schema import EXTENSION
from app.jobs import ask
from app.scopes import store
from app.scopes.requests import BadScope
from app.sync.remapping import KIND as REMAP
from app.sync.state import KIND as SYNC

organization = APIRouter(tags=["Scopes"], route_class=CallerRoute)
of_account = APIRouter(tags=["Scopes"], route_class=AccountRoute)


class ModelPermission(BaseModel):
    """Whether a model may be read, or written."""

    is_enabled: StrictBool | None = Field(None, description="Whether it may.")


class FieldPermissions(BaseModel):
    """Which fields show something."""

    enabled_fields: list[str] = Field([], description="Those that do.", examples=[["first_name"]])
    disabled_fields: list[str] = Field([], description="Those that do not.", examples=[["email_addresses"]])


class ModelScope(BaseModel):
    """What holds for one common model."""

    model_config = ConfigDict(protected_namespaces=())  # the reference's names begin with `model_`

    model_name: str = Field(description="The common model.", examples=["Candidate"])
    model_permissions: dict[str, ModelPermission] = Field(
        {}, description="By `READ` and `WRITE`. What may not be read is not synchronised, shown or written."
    )
    field_permissions: FieldPermissions = Field(
        FieldPermissions(), description="Its fields, `remote_data` and `field_mappings` among them."
    )


class Scopes(BaseModel):
    """What is synchronised, shown and written."""

    common_models: list[ModelScope] = Field(description="Every common model.")


class ScopesBody(BaseModel):
    """The scopes to set."""

    common_models: list[ModelScope] = Field(
        description="By model; what is not named inherits the default.", max_length=100
    )

    def named(self) -> list[dict[str, Any]]:
        """What the caller named."""
        return [scope.model_dump(exclude_unset=True) for scope in self.common_models]


SHOWN: Responses = {200: {"description": "What holds for every model.", "model": Scopes}}


@organization.get("/default-scopes", summary="Show the default scopes", responses=SHOWN)
def show_default_scopes(request: Request) -> Response:
    """What holds for every linked account that has no scopes of its own."""
    caller(request)
    with service_of(request).reader.connect() as connection:
        return json_response(orjson.dumps(store.rendered(store.default_scopes(connection))))


@organization.post(
    "/default-scopes",
    summary="Set the default scopes",
    responses=SHOWN | errors("BadRequest", "Forbidden"),
    openapi_extra={EXTENSION: True},
)
def set_default_scopes(request: Request, body: ScopesBody) -> Response:
    """Set what holds for every linked account. What is not named is enabled."""
    who = organization_caller(request)
    with service_of(request).jobs.begin() as connection:
        try:
            store.set_default(connection, body.named())
        except BadScope as wrong:
            raise bad_field("common_models", str(wrong)) from wrong
        trail.record(connection, actor_of(request, who), "CHANGED_SCOPES", "Changed the default scopes.")
        answer = store.rendered(store.default_scopes(connection))
    return json_response(orjson.dumps(answer))


@of_account.get("/linked-account-scopes", summary="Show the scopes of an account", responses=SHOWN)
def show_account_scopes(request: Request) -> Response:
    """What holds for the linked account: its own scopes, and the default where it has none."""
    account = account_of(request)
    with service_of(request).reader.connect() as connection:
        return json_response(orjson.dumps(store.rendered(store.account_scopes(connection, account.id))))


@of_account.post(
    "/linked-account-scopes", summary="Set the scopes of an account", responses=SHOWN | errors("BadRequest")
)
def set_account_scopes(request: Request, body: ScopesBody) -> Response:
    """Set the linked account's own scopes. What is not named inherits the default."""
    account, who = account_of(request), caller(request)
    with service_of(request).jobs.begin() as connection:
        for kind in (SYNC, REMAP):  # first: jobs are always locked before what they work on
            ask(connection, kind, account.id)
        try:
            store.set_account(connection, account.id, body.named())
        except BadScope as wrong:
            raise bad_field("common_models", str(wrong)) from wrong
        description = f"Changed the scopes of the linked account {account.id}."
        trail.record(connection, actor_of(request, who), "CHANGED_SCOPES", description, account.id)
        answer = store.rendered(store.account_scopes(connection, account.id))
    return json_response(orjson.dumps(answer))
