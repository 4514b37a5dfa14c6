"""Issues: what went wrong at vendors and waits for somebody."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Connection, Row, or_
from starlette.datastructures import QueryParams

from app.accounts.keys import TEST, Caller, hashed
from app.accounts.tables import linked_account
from app.api import parameters
from app.api.callers import CallerRoute, actor_of, caller, service_of
from app.api.errors import not_found
from app.api.paging import PageRequest, neighbours, page_of
from app.api.records import json_response
from app.api.reference.answers import Page, errors
from app.api.reference.parameters import PAGING, SWITCH, one_of, query, shared
from app.audit import trail
from app.common.ids import is_uuid
from app.common.schema import EXTENSION, ID, MOMENT
from app.issues.store import ONGOING, RESOLVED, issues, mute, shown
from app.issues.tables import issue
from providers.registry import named

router = APIRouter(prefix="/issues", tags=["Issues"], route_class=CallerRoute)


PARAMETERS = [
    *shared(PAGING),
    query("status", "Only those in this state.", one_of((ONGOING, RESOLVED))),
    query("account_token", "Only those of the account with this token."),
    query("linked_account_id", "Only those of the account with this id.", ID),
    query("integration_name", "Only those of accounts of this integration."),
    query("end_user_organization_name", "Only those of the customer of this name."),
    query("include_muted", "Also muted ones.", SWITCH),
    query("start_date", "Only those that something happened to after this moment.", MOMENT),
    query("end_date", "Only those that nothing happened to from this moment on.", MOMENT),
    query("first_incident_time_after", "Only those first seen after this moment.", MOMENT),
    query("first_incident_time_before", "Only those first seen before this moment.", MOMENT),
    query("last_incident_time_after", "Only those last seen after this moment.", MOMENT),
    query("last_incident_time_before", "Only those last seen before this moment.", MOMENT),
]


class Issue(BaseModel):
    """Something that went wrong and waits for somebody."""

    id: str = Field(description="Its id.")
    status: Literal["ONGOING", "RESOLVED"] = Field(description="Whether it still goes wrong.")
    error_description: str = Field(description="What it is, in short.", examples=["Missing permission"])
    end_user: dict[str, str | None] = Field(
        description="The customer whose account it is.",
        examples=[
            {
                "origin_id": "customer-42",
                "organization_name": "Acme",
                "email_address": "people@acme.example",
            }
        ],
    )
    first_incident_time: datetime = Field(description="When it was first seen.")
    last_incident_time: datetime = Field(description="When it was last seen.")
    is_muted: bool = Field(description="Whether it is left out of lists and webhooks.")
    error_details: list[str] = Field(
        description="What happened.", examples=[["GET /v3/jobs: the credentials may not do this."]]
    )
    linked_account: str | None = Field(description="The id of the account; null for one of no account.")


class IssueBody(BaseModel):
    """What can be changed of an issue."""

    is_muted: bool = Field(description="Whether it is left out of lists and of webhooks.", strict=True)


@router.get(
    "",
    summary="List issues",
    response_model=Page[Issue],
    responses=errors("BadFilter", "InvalidCursor"),
    openapi_extra={"parameters": PARAMETERS},
)
def list_issues(request: Request) -> Response:
    """What went wrong, of all linked accounts, the newest first; muted ones only when asked for."""
    who, query = caller(request), request.query_params
    page = PageRequest.of(query)
    statement = issues(_visible(who), *_conditions(query))
    with service_of(request).reader.connect() as connection:
        rows, more = page_of(
            connection, statement, page, issue.c.first_incident_at, issue.c.id, newest_first=True
        )
    following, previous = neighbours(page, rows, more)
    results = [shown(row) for row in rows]
    return json_response(orjson.dumps({"next": following, "previous": previous, "results": results}))


@router.get("/{id}", summary="Retrieve an issue", response_model=Issue, responses=errors("NotFound"))
def retrieve_issue(request: Request, id: str) -> Response:
    """One issue, muted or not."""
    who = caller(request)
    with service_of(request).reader.connect() as connection:
        return json_response(_body(connection, who, id))


@router.patch(
    "/{id}",
    summary="Mute an issue",
    response_model=Issue,
    responses=errors("NotFound"),
    openapi_extra={EXTENSION: True},
)
def change_issue(request: Request, id: str, body: IssueBody) -> Response:
    """Leave an issue out of lists and webhooks from now on, or take it in again."""
    who = caller(request)
    with service_of(request).jobs.begin() as connection:
        known = _visible_issue(connection, who, id)
        mute(connection, known.id, body.is_muted)
        deed = "Muted" if body.is_muted else "Unmuted"
        actor, said = actor_of(request, who), f"{deed} the issue {known.id}."
        trail.record(connection, actor, f"{deed.upper()}_ISSUE", said, known.account_id)
        return json_response(_body(connection, who, id))


def _body(connection: Connection, who: Caller, wanted: str) -> bytes:
    return orjson.dumps(shown(_visible_issue(connection, who, wanted)))


def _visible_issue(connection: Connection, who: Caller, wanted: str) -> Row[Any]:
    if not is_uuid(wanted):
        raise not_found()
    row = connection.execute(issues(_visible(who), issue.c.id == wanted.lower())).first()
    if row is None:
        raise not_found()
    return row


def _visible(who: Caller) -> ColumnElement[bool]:
    """That an issue is the caller's business; those of no account are an organization's, not a test's."""
    own = linked_account.c.account_type.in_(who.sees)
    return own if who.account_type == TEST else or_(own, issue.c.account_id.is_(None))


def _conditions(query: QueryParams) -> Iterator[ColumnElement[bool]]:
    status = parameters.choice(query, "status", (ONGOING, RESOLVED))
    if status:
        yield issue.c.status == status
    if not parameters.truth(query, "include_muted"):
        yield issue.c.is_muted.is_(False)
    if query.get("linked_account_id"):
        yield issue.c.account_id.in_(parameters.uuids(query, "linked_account_id"))
    if query.get("account_token"):
        yield linked_account.c.token_hash == hashed(query["account_token"])
    if query.get("integration_name"):
        yield linked_account.c.integration.in_([p.slug for p in named(query["integration_name"])])
    organization = parameters.word(query, "end_user_organization_name")
    if organization:
        yield linked_account.c.end_user_organization_name == organization
    yield from parameters.between(query, issue.c.acted_at, "start_date", "end_date")
    for name, column in (("first", issue.c.first_incident_at), ("last", issue.c.last_incident_at)):
        after, before = f"{name}_incident_time_after", f"{name}_incident_time_before"
        yield from parameters.between(query, column, after, before)
