"""What belongs to the organization as a whole: its API keys, and the trail of what was done."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import ColumnElement, Row, select
from starlette.datastructures import QueryParams

from app.accounts.keys import NameTaken, NameUnknown, create_key, renew_key
from app.api import parameters
from app.api.callers import CallerRoute, actor_of, caller, service_of
from app.api.errors import bad_field
from app.api.paging import PageRequest, neighbours, page_of
from app.api.records import json_response
from app.api.reference.answers import Page, errors
from app.api.reference.parameters import PAGING, query, shared
from app.audit.tables import audit_event
from app.common.schema import MOMENT
from app.common.times import render_micros

router = APIRouter(tags=["Organization"], route_class=CallerRoute)

Name = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00]{1,200}$")]


class KeyBody(BaseModel):
    """An API key by its name."""

    name: Name = Field(description="What the key is for; it tells keys apart.", examples=["my-app"])


class Key(BaseModel):
    """An API key."""

    name: str = Field(description="What the key is for.", examples=["my-app"])
    key: str = Field(description="The key, shown this once.", examples=["omn_key_..."])


class AuditEvent(BaseModel):
    """Something that was done."""

    id: str = Field(description="Its id.")
    user_name: str | None = Field(description="Who did it: the name of an API key.", examples=["my-app"])
    user_email: str | None = Field(description="The e-mail address of who did it.")
    role: str = Field(description="What kind of user did it.", examples=["API"])
    ip_address: str = Field(description="From where.", examples=["203.0.113.7"])
    event_type: str = Field(description="What was done, for programs.", examples=["CREATED_API_KEY"])
    event_description: str = Field(
        description="What was done, for people.", examples=["Created the API key my-app."]
    )
    created_at: datetime | None = Field(description="When.")


@router.post("/generate-key", summary="Create an API key", response_model=Key)
def generate_key(request: Request, body: KeyBody) -> Response:
    """Make a key of the same kind as the caller's, production or test; it is shown this once."""
    who = caller(request)
    with service_of(request).engine.begin() as connection:
        try:
            key = create_key(connection, body.name, who.account_type, actor_of(request, who))
        except NameTaken as taken:
            raise bad_field("name", f"{taken}.") from taken
    return json_response(orjson.dumps({"name": body.name, "key": key}))


@router.post("/regenerate-key", summary="Replace an API key", response_model=Key)
def regenerate_key(request: Request, body: KeyBody) -> Response:
    """Put a new key in the place of one of that name, which ends at once; it is shown this once."""
    who = caller(request)
    with service_of(request).engine.begin() as connection:
        try:
            key = renew_key(connection, body.name, who, actor_of(request, who))
        except NameUnknown as unknown:
            raise bad_field("name", f"{unknown}.") from unknown
    return json_response(orjson.dumps({"name": body.name, "key": key}))


@router.get(
    "/audit-trail",
    summary="List what was done",
    response_model=Page[AuditEvent],
    responses=errors("BadFilter", "InvalidCursor"),
    openapi_extra={
        "parameters": [
            *shared(PAGING),
            query("event_type", "Only events of this type."),
            query("user_email", "Only what the user with this e-mail address did."),
            query("start_date", "Only what was done after this moment.", MOMENT),
            query("end_date", "Only what was done before this moment.", MOMENT),
        ]
    },
)
def list_audit_trail(request: Request) -> Response:
    """Who did what to keys, accounts and settings, the newest first."""
    caller(request)
    query = request.query_params
    page = PageRequest.of(query)
    statement = select(audit_event).where(*_conditions(query))
    columns = audit_event.c.created_at, audit_event.c.id
    with service_of(request).reader.connect() as connection:
        rows, more = page_of(connection, statement, page, *columns, newest_first=True)
    following, previous = neighbours(page, rows, more)
    results = [_shown(row) for row in rows]
    return json_response(orjson.dumps({"next": following, "previous": previous, "results": results}))


def _conditions(query: QueryParams) -> Iterator[ColumnElement[bool]]:
    for name in ("event_type", "user_email"):
        value = parameters.word(query, name)
        if value:
            yield audit_event.c[name] == value
    yield from parameters.between(query, audit_event.c.created_at, "start_date", "end_date")


def _shown(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "user_name": row.user_name,
        "user_email": row.user_email,
        "role": row.role,
        "ip_address": row.ip_address,
        "event_type": row.event_type,
        "event_description": row.description,
        "created_at": render_micros(row.created_at),
    }
