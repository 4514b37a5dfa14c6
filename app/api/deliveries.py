"""What was delivered to a subscriber, and what shall be once more."""

from typing import Any, Literal

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy import Row, select

from app.api.callers import CallerRoute, caller, service_of
from app.api.errors import bad_filter, not_found
from app.api.paging import PageRequest, neighbours, page_of
from app.api.records import json_response
from app.api.reference.answers import Page, errors
from app.api.reference.parameters import PAGING, shared
from app.api.subscriptions import known_webhook
from app.common.ids import is_uuid
from app.common.schema import EXTENSION
from app.common.times import render_micros, to_micros
from app.webhooks.endpoints import replay
from app.webhooks.outbox import DELIVERED, FAILED, PENDING
from app.webhooks.tables import webhook_delivery

router = APIRouter(prefix="/webhooks/{id}", tags=["Webhooks"], route_class=CallerRoute)

State = Literal["PENDING", "DELIVERED", "FAILED"]
STATES = (PENDING, DELIVERED, FAILED)


class Delivery(BaseModel):
    """One event for one webhook."""

    id: str = Field(description="Its id, the same at every attempt: the header `webhook-id`.")
    event: str = Field(description="The event.", examples=["ScheduledInterview.changed"])
    linked_account: str | None = Field(description="The linked account it happened in, if in one.")
    record: str | None = Field(description="The record it is about, if about one.")
    state: State = Field(description="`PENDING` until it was accepted, or given up as `FAILED`.")
    attempts: int = Field(description="How often it was sent.")
    last_attempt_at: str | None = Field(description="When it was last sent.")
    last_status: int | None = Field(description="What was answered then; null without an answer.")
    last_error: str | None = Field(description="Why it was not accepted then.")
    next_attempt_at: str | None = Field(description="When it is sent again; null when it is not.")
    created_at: str = Field(description="When the event happened.")


class ReplayBody(BaseModel):
    """Which deliveries to make again."""

    start: AwareDatetime = Field(description="From when on: events that happened then or later.")
    end: AwareDatetime | None = Field(None, description="Until when, itself not included; absent for now.")
    states: list[State] = Field(["FAILED"], min_length=1, max_length=3, description="Which of them.")


class Replayed(BaseModel):
    """What is under way."""

    deliveries: int = Field(description="How many deliveries are made again.")


@router.get(
    "/deliveries",
    summary="List what was delivered",
    response_model=Page[Delivery],
    responses=errors("BadFilter", "NotFound"),
    openapi_extra={
        EXTENSION: True,
        "parameters": [
            *shared(PAGING),
            {
                "name": "state",
                "in": "query",
                "description": "Only those in this state.",
                "schema": {"type": "string", "enum": list(STATES)},
            },
        ],
    },
)
def list_deliveries(request: Request, id: str) -> Response:
    """The events for a webhook, the newest first: what became of each, and when it is tried again."""
    who = caller(request)
    page, state = PageRequest.of(request.query_params), request.query_params.get("state")
    if state and state not in STATES:
        raise bad_filter()
    table = webhook_delivery.c
    with service_of(request).reader.connect() as connection:
        statement = select(webhook_delivery).where(table.endpoint_id == known_webhook(connection, who, id).id)
        if state:
            statement = statement.where(table.state == state)
        rows, more = page_of(connection, statement, page, table.created_at, table.id, newest_first=True)
    following, previous = neighbours(page, rows, more)
    results = [_shown(row) for row in rows]
    return json_response(orjson.dumps({"next": following, "previous": previous, "results": results}))


@router.post(
    "/deliveries/{delivery_id}/replay",
    summary="Deliver an event again",
    response_model=Replayed,
    responses=errors("NotFound"),
    openapi_extra={EXTENSION: True},
)
def replay_delivery(request: Request, id: str, delivery_id: str) -> Response:
    """Deliver one event again, whatever became of it, under the same delivery id."""
    who = caller(request)
    with service_of(request).jobs.begin() as connection:
        endpoint = known_webhook(connection, who, id)
        this = webhook_delivery.c.id == delivery_id.lower()
        if not is_uuid(delivery_id) or not replay(connection, endpoint.id, this):
            raise not_found()
    return json_response(orjson.dumps({"deliveries": 1}))


@router.post(
    "/replay",
    summary="Deliver the events of a time again",
    response_model=Replayed,
    responses=errors("NotFound"),
    openapi_extra={EXTENSION: True},
)
def replay_deliveries(request: Request, id: str, body: ReplayBody) -> Response:
    """Deliver again what happened in a time, by default what had been given up."""
    who = caller(request)
    table = webhook_delivery.c
    which = [table.created_at >= to_micros(body.start), table.state.in_(body.states)]
    if body.end is not None:
        which.append(table.created_at < to_micros(body.end))
    with service_of(request).jobs.begin() as connection:
        count = replay(connection, known_webhook(connection, who, id).id, *which)
    return json_response(orjson.dumps({"deliveries": count}))


def _shown(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "event": row.event,
        "linked_account": orjson.loads(row.account)["id"] if row.account else row.account_id,
        "record": row.record_id,
        "state": row.state,
        "attempts": row.attempts,
        "last_attempt_at": render_micros(row.last_attempt_at),
        "last_status": row.last_status,
        "last_error": row.last_error,
        "next_attempt_at": render_micros(row.next_attempt_at),
        "created_at": render_micros(row.created_at),
    }
