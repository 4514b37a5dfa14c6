"""Where vendors deliver their webhooks, and the keys that verify them."""

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from app.accounts.tables import webhook_receiver
from app.api.callers import AccountRoute, account_of, service_of
from app.api.errors import ApiError, not_found
from app.api.records import json_response
from app.api.reference.answers import errors
from app.database import upsert_into
from app.telemetry.context import note
from app.webhooks.incoming import NotGenuine, accept, account_by_secret

receivers = APIRouter(tags=["Webhook receivers"], route_class=AccountRoute)
listener = APIRouter(prefix="/api/integrations", tags=["Webhook receivers"])
MAX_DELIVERY = 5_000_000  # bytes


class ReceiverBody(BaseModel):
    """A webhook the vendor has been told to send."""

    event: str = Field(
        description="The vendor's name of the event.", pattern=r"^[ -~]{1,200}$", examples=["hire_candidate"]
    )
    is_active: bool = Field(description="Whether its deliveries are taken in.")
    key: str | None = Field(None, description="The secret the vendor signs with.", max_length=500)


class Receiver(BaseModel):
    """A webhook the vendor has been told to send."""

    event: str = Field(description="The vendor's name of the event.", examples=["hire_candidate"])
    is_active: bool = Field(description="Whether its deliveries are taken in.")
    key: str | None = Field(description="Always null: the secret is not shown again.")


class Received(BaseModel):
    """That a delivery was taken in."""

    received: bool = Field(description="Always true.")


@receivers.get(
    "/webhook-receivers", summary="List the vendor webhooks of an account", response_model=list[Receiver]
)
def list_receivers(request: Request) -> Response:
    """The events whose deliveries are taken in; keys are not shown again."""
    account = account_of(request)
    with service_of(request).reader.connect() as connection:
        rows = connection.execute(
            select(webhook_receiver)
            .where(webhook_receiver.c.account_id == account.id)
            .order_by(webhook_receiver.c.event)
        ).all()
    return json_response(orjson.dumps([_shown(row.event, row.is_active) for row in rows]))


@receivers.post("/webhook-receivers", summary="Set a vendor webhook of an account", response_model=Receiver)
def set_receiver(request: Request, body: ReceiverBody) -> Response:
    """Say which key verifies the deliveries of an event."""
    account = account_of(request)
    service = service_of(request)
    key = service.vault.seal(body.key) if body.key else None
    with service.jobs.begin() as connection:
        statement = upsert_into(connection, webhook_receiver).values(
            account_id=account.id, event=body.event, is_active=body.is_active, key=key
        )
        changed = {"is_active": body.is_active} | ({"key": key} if key else {})
        connection.execute(
            statement.on_conflict_do_update(index_elements=["account_id", "event"], set_=changed)
        )
    return json_response(orjson.dumps(_shown(body.event, body.is_active)))


@listener.post(
    "/webhook-listener/{secret}",
    summary="Deliver a vendor's webhook",
    response_model=Received,
    responses=errors("BadRequest", "Unsigned", "NotFound", "TooLarge", "Unavailable"),
    openapi_extra={"requestBody": {"description": "As the vendor sends it.", "content": {"*/*": {}}}},
)
async def deliver(request: Request, secret: str) -> Response:
    """Verify a delivery and keep it; what it tells is taken in at once after."""
    raw = await _bounded_body(request)
    return await run_in_threadpool(_deliver, request, secret, raw)


def _deliver(request: Request, secret: str, raw: bytes) -> Response:
    service = service_of(request)
    account = account_by_secret(service, secret)
    if account is None:
        raise not_found()
    note(account_id=account.id)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        accept(service, account, headers, raw)
    except NotGenuine as refusal:
        raise ApiError(401, {"detail": "The delivery's signature is not valid."}) from refusal
    except orjson.JSONDecodeError as error:
        raise ApiError(400, {"detail": "The delivery is not JSON."}) from error
    return json_response(b'{"received":true}')


async def _bounded_body(request: Request) -> bytes:
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_DELIVERY:
            raise ApiError(413, {"detail": "The delivery is too large."})
    return bytes(raw)


def _shown(event: str, is_active: bool) -> dict[str, Any]:
    return {"event": event, "is_active": is_active, "key": None}
