"""Selective synchronisation: which records of an account are stored."""

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from app.accounts.clock import next_stamp
from app.api.callers import AccountRoute, account_of, reading_account, service_of
from app.api.errors import bad_field
from app.api.records import json_response
from app.api.reference.answers import errors
from app.common.schema import EXTENSION
from app.sync.conditions import BadCondition, condition, replace, stored

router = APIRouter(tags=["Synchronisation"], route_class=AccountRoute)


class ConditionBody(BaseModel):
    """A condition that records of a model must meet."""

    common_model: str = Field(description="The common model.", examples=["Application"])
    normalized_key_name: str = Field(description="Its field that is compared.", examples=["applied_at"])
    operator: str = Field(description="How it is compared.", examples=["GREATER_THAN_OR_EQUAL_TO"])
    value: dict[str, Any] = Field(
        description="`value`: what it is compared with.", examples=[{"value": "2026-01-01T00:00:00Z"}]
    )


class ConditionsBody(BaseModel):
    """All conditions of an account."""

    conditions: list[ConditionBody] = Field(
        description="Those that hold from now on; an empty list stores everything.", max_length=50
    )


class SelectiveSyncCondition(ConditionBody):
    """A condition that records of a model must meet."""

    id: str = Field(description="The condition's id.")
    remote_key_name: str | None = Field(description="Always null: conditions are applied here.")


class SelectiveSyncConditionList(BaseModel):
    """The conditions of an account."""

    results: list[SelectiveSyncCondition] = Field(description="In the order in which they were set.")


@router.get(
    "/selective-sync/conditions",
    summary="List the conditions by which records are chosen",
    response_model=SelectiveSyncConditionList,
)
def list_conditions(request: Request) -> Response:
    """What records of the linked account must meet to be stored; without conditions all of them are."""
    with reading_account(request) as (connection, account):
        return _shown(connection, account.id)


@router.put(
    "/selective-sync/conditions",
    summary="Set the conditions by which records are chosen",
    openapi_extra={EXTENSION: True},
    response_model=SelectiveSyncConditionList,
    responses=errors("BadRequest"),
)
def set_conditions(request: Request, body: ConditionsBody) -> Response:
    """Put conditions in the place of those there are. What is stored follows when it is next read."""
    account = account_of(request)
    try:
        wanted = [
            condition(c.common_model, c.normalized_key_name, c.operator, c.value.get("value"))
            for c in body.conditions
        ]
    except BadCondition as wrong:
        raise bad_field("conditions", str(wrong)) from wrong
    with service_of(request).engine.begin() as connection:
        next_stamp(connection, account.id)  # two requests at once do not leave the conditions of both
        replace(connection, account.id, wanted)
        return _shown(connection, account.id)


def _shown(connection: Connection, account_id: str) -> Response:
    results = [
        {
            "id": row.id,
            "common_model": row.model,
            "normalized_key_name": row.field,
            "remote_key_name": None,
            "operator": row.operator,
            "value": {"value": orjson.loads(row.value)},
        }
        for row in stored(connection, account_id)
    ]
    return json_response(orjson.dumps({"results": results}))
