"""Webhooks to subscribers: where events are posted to, and which."""

from typing import Annotated, Any
from uuid import uuid4

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import Connection, Row, func, select

from app.accounts.directory import linked_accounts
from app.accounts.keys import TEST, Caller
from app.accounts.tables import linked_account
from app.api.callers import CallerRoute, actor_of, caller, service_of
from app.api.errors import bad_field, forbidden, not_found
from app.api.paging import PageRequest, neighbours, page_of
from app.api.records import json_response
from app.api.reference.answers import Page, errors
from app.api.reference.parameters import PAGING, shared
from app.common.ids import is_uuid
from app.common.schema import EXTENSION
from app.common.times import render_micros
from app.outbound import Refused
from app.webhooks import endpoints
from app.webhooks.events import PATTERNS
from app.webhooks.messages import TEST_BODY
from app.webhooks.outbox import ACTIVE, DISABLED
from app.webhooks.posting import open_client, post
from app.webhooks.signing import first_signature_key, renew_signature_key, signature_key
from app.webhooks.tables import webhook_endpoint

router = APIRouter(prefix="/webhooks", tags=["Webhooks"], route_class=CallerRoute)

MOST = 50  # endpoints: every change is compared with each

Target = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=2000, pattern=r"^[!-~]+$"),
    Field(description="The URL that events are posted to.", examples=["https://app.example/hooks"]),
]
Events = Annotated[
    list[str],
    Field(
        min_length=1,
        max_length=len(PATTERNS),
        description="Events by name, all of one subject (`Candidate.*`), or all (`*`).",
        examples=[["ScheduledInterview.changed", "Candidate.*"]],
    ),
]
Accounts = Annotated[
    list[str] | None,
    Field(max_length=1000, description="Ids of the linked accounts to be told of; null for all."),
]
IsActive = Annotated[bool, Field(description="Whether events are delivered.")]


class WebhookBody(BaseModel):
    """A webhook to make."""

    target: Target
    events: Events
    linked_accounts: Accounts = None
    is_active: IsActive = True


class WebhookChanges(BaseModel):
    """What to change of a webhook; what is absent stays as it is."""

    target: Target = Field(default_factory=str)  # never used: what is absent is not changed
    events: Events = Field(default_factory=list)
    linked_accounts: Accounts = None
    is_active: IsActive = True


class Webhook(BaseModel):
    """Where events are posted to, and which."""

    id: str = Field(description="Its id: `hook.id` of every event posted there.")
    target: Target
    events: Events
    linked_accounts: Accounts
    is_active: IsActive
    disabled_reason: str | None = Field(description="Why it was disabled, when it was not by you.")
    failing_since: str | None = Field(description="Since when nothing was accepted; null if all is well.")
    created_at: str = Field(description="When it was made.")
    modified_at: str = Field(description="When it was last changed.")


class NewWebhook(Webhook):
    """A webhook just made."""

    signature_key: str | None = Field(
        description="What everything is signed with, shown this once; null when there was a key already."
    )


class SignatureKey(BaseModel):
    """The organization's key."""

    signature_key: str = Field(description="What everything is signed with from now on, shown this once.")


class TestAnswer(BaseModel):
    """What became of a test message."""

    status: int | None = Field(description="The HTTP status that was answered; null without an answer.")
    error: str | None = Field(description="What is wrong; null when the message was accepted.")


@router.post(
    "",
    status_code=201,
    summary="Create a webhook",
    response_model=NewWebhook,
    openapi_extra={EXTENSION: True},
)
def create_webhook(request: Request, body: WebhookBody) -> Response:
    """Have events posted to a URL. The first webhook also gives the signature key, shown this once."""
    who, service = caller(request), service_of(request)
    _check_target(request, body.target)
    _check_events(body.events)
    with service.jobs.begin() as connection:
        _check_accounts(connection, who, body.linked_accounts)
        if (connection.scalar(select(func.count()).select_from(webhook_endpoint)) or 0) >= MOST:
            raise bad_field("target", f"There are {MOST} webhooks already. Delete one first.")
        actor = actor_of(request, who)
        made = endpoints.create(connection, actor, who.account_type, **body.model_dump())
        key = first_signature_key(connection, service.vault)
    return json_response(orjson.dumps(_shown(made) | {"signature_key": key}), 201)


@router.get(
    "",
    summary="List the webhooks",
    response_model=Page[Webhook],
    responses=errors("InvalidCursor"),
    openapi_extra={EXTENSION: True, "parameters": shared(PAGING)},
)
def list_webhooks(request: Request) -> Response:
    """Every webhook of the organization, the first one made in front."""
    mine = webhook_endpoint.c.account_type.in_(caller(request).sees)
    page = PageRequest.of(request.query_params)
    columns = webhook_endpoint.c.created_at, webhook_endpoint.c.id
    with service_of(request).reader.connect() as connection:
        rows, more = page_of(connection, select(webhook_endpoint).where(mine), page, *columns)
    following, previous = neighbours(page, rows, more)
    results = [_shown(row) for row in rows]
    return json_response(orjson.dumps({"next": following, "previous": previous, "results": results}))


@router.post(
    "/signature-key/regenerate",
    summary="Replace the signature key",
    response_model=SignatureKey,
    responses=errors("Forbidden"),
    openapi_extra={EXTENSION: True},
)
def regenerate_signature_key(request: Request) -> Response:
    """Make a new key, with which everything is signed from now on; it is shown this once."""
    who, service = caller(request), service_of(request)
    if who.account_type == TEST:  # it signs what production receives
        raise forbidden()
    with service.jobs.begin() as connection:
        key = renew_signature_key(connection, service.vault, actor_of(request, who))
    return json_response(orjson.dumps({"signature_key": key}))


@router.get(
    "/{id}",
    summary="Retrieve a webhook",
    response_model=Webhook,
    responses=errors("NotFound"),
    openapi_extra={EXTENSION: True},
)
def retrieve_webhook(request: Request, id: str) -> Response:
    """One webhook, and why it was disabled if it was."""
    who = caller(request)
    with service_of(request).reader.connect() as connection:
        return json_response(orjson.dumps(_shown(known_webhook(connection, who, id))))


@router.patch(
    "/{id}",
    summary="Change a webhook",
    response_model=Webhook,
    responses=errors("NotFound"),
    openapi_extra={EXTENSION: True},
)
def update_webhook(request: Request, id: str, body: WebhookChanges) -> Response:
    """Change where it goes or what it is told of, switch it off, or on again after it was disabled.

    Events wait while it was disabled, and are delivered when it is on again; switched off by you, it is told
    of nothing that happens meanwhile.
    """
    who = caller(request)
    given = body.model_dump(include=body.model_fields_set)
    if "target" in given:
        _check_target(request, body.target)
    if "events" in given:
        _check_events(body.events)
    with service_of(request).jobs.begin() as connection:
        _check_accounts(connection, who, body.linked_accounts)
        actor = actor_of(request, who)
        changed = endpoints.change(connection, actor, known_webhook(connection, who, id), given)
    return json_response(orjson.dumps(_shown(changed)))


@router.delete(
    "/{id}",
    status_code=204,
    summary="Delete a webhook",
    responses=errors("NotFound"),
    openapi_extra={EXTENSION: True},
)
def delete_webhook(request: Request, id: str) -> Response:
    """Remove a webhook and everything that waits for it."""
    who = caller(request)
    with service_of(request).jobs.begin() as connection:
        endpoints.delete_endpoint(connection, actor_of(request, who), known_webhook(connection, who, id).id)
    return Response(status_code=204)


@router.post(
    "/{id}/test",
    summary="Send a test message",
    response_model=TestAnswer,
    responses=errors("NotFound"),
    openapi_extra={EXTENSION: True},
)
def test_webhook(request: Request, id: str) -> Response:
    """Post a signed message that is no event, now and once, and tell what was answered."""
    who, service = caller(request), service_of(request)
    with service.reader.connect() as connection:
        known = known_webhook(connection, who, id)
        key = signature_key(connection, service.vault)
    with open_client(service.outbound, 1) as client:
        answer = post(client, known.target, str(key), str(uuid4()), TEST_BODY)
    return json_response(orjson.dumps({"status": answer.status, "error": answer.error}))


def known_webhook(connection: Connection, who: Caller, wanted: str) -> Row[Any]:
    """The webhook a path names. A test key sees those made with a test key.

    Raises:
        ApiError: 404, there is none.
    """
    query = select(webhook_endpoint).where(
        webhook_endpoint.c.id == wanted.lower(), webhook_endpoint.c.account_type.in_(who.sees)
    )
    found = connection.execute(query).first() if is_uuid(wanted) else None
    if found is None:
        raise not_found()
    return found


def _check_target(request: Request, target: str) -> None:
    try:
        service_of(request).outbound.check(target)
    except Refused as refusal:
        raise bad_field("target", str(refusal)) from refusal


def _check_events(events: list[str]) -> None:
    unknown = [event for event in events if event not in PATTERNS]
    if unknown:
        known = ", ".join(sorted(PATTERNS))
        raise bad_field("events", f"There is no event {unknown[0][:80]!r}. Known: {known}.")


def _check_accounts(connection: Connection, who: Caller, accounts: list[str] | None) -> None:
    wanted = set(accounts or ())
    query = linked_accounts(
        linked_account.c.id.in_(filter(is_uuid, wanted)), linked_account.c.account_type.in_(who.sees)
    )
    if wanted - {row.id for row in connection.execute(query)}:
        raise bad_field("linked_accounts", "Each must be the id of a linked account.")


def _shown(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "target": row.target,
        "events": orjson.loads(row.events),
        "linked_accounts": None if row.accounts is None else orjson.loads(row.accounts),
        "is_active": row.state == ACTIVE,
        "disabled_reason": row.detail if row.state == DISABLED else None,
        "failing_since": render_micros(row.failing_since),
        "created_at": render_micros(row.created_at),
        "modified_at": render_micros(row.modified_at),
    }
