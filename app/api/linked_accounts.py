"""Linked accounts, and the integrations there are."""

from collections.abc import Iterator
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr
from sqlalchemy import ColumnElement, Connection
from starlette.datastructures import QueryParams

from app.accounts import shown
from app.accounts.connect import COMPLETE, IDLE, RELINK_NEEDED
from app.accounts.directory import by_id, is_duplicate, linked_accounts, same_as
from app.accounts.keys import PRODUCTION, TEST, Caller
from app.accounts.linking import EndUser, LinkRefused, link
from app.accounts.tables import linked_account
from app.api import parameters
from app.api.callers import CallerRoute, caller, public_url, service_of
from app.api.errors import ApiError, bad_filter, throttled
from app.api.paging import PageRequest, neighbours, page_of, whole
from app.api.records import json_response
from app.api.reference.answers import Page, errors
from app.api.reference.bodies import Abilities, Integration, LinkedAccount
from app.api.reference.parameters import PAGING, SWITCH, listed, one_of, query, shared
from app.common.schema import EXTENSION, ID
from app.writes.problems import Problem, envelope
from providers.kit import Provider, ProviderError, RateLimited, Unavailable
from providers.registry import EXAMPLE, PROVIDERS, named

router = APIRouter(tags=["Linked accounts"], route_class=CallerRoute)

NO_NUL = r"^[^\x00]*$"  # PostgreSQL's text takes none
STATUSES = (COMPLETE, "INCOMPLETE", RELINK_NEEDED, IDLE)
CATEGORIES = ("accounting", "ats", "crm", "filestorage", "hris", "mktg", "ticketing")


PARAMETERS = [
    *shared(PAGING),
    query("category", "Only those of this kind of system; all are `ats`.", one_of(CATEGORIES)),
    query("end_user_email_address", "Only those of the customer with this e-mail address."),
    query("end_user_organization_name", "Only those of the customer of this name."),
    query("end_user_origin_id", "Only those of the customer with this id of yours."),
    listed("end_user_origin_ids", "Only those of the customers with these ids of yours."),
    query("id", "Only the one with this id.", ID),
    listed("ids", "Only those with these ids.", ID),
    query("include_duplicates", "With `id`: also those with the same credentials.", SWITCH),
    query("integration_name", "Only those of this integration."),
    query("is_test_account", "Those for tests in place of those for production.", SWITCH),
    query("status", "Only those in this state.", one_of(STATUSES)),
]


class LinkRequest(BaseModel):
    """An account to link without a browser."""

    model_config = ConfigDict(extra="ignore")

    integration: str = Field(
        description="Its slug, as `GET /integrations` lists them.", examples=[EXAMPLE.slug]
    )
    credentials: dict[str, SecretStr] = Field(
        description="The credential fields of one of its styles.",
        examples=[{"client_id": "...", "client_secret": "..."}],
    )
    end_user_origin_id: str | None = Field(
        None,
        description="Your own id of the customer.",
        max_length=200,
        pattern=NO_NUL,
        examples=["customer-42"],
    )
    end_user_organization_name: str = Field(
        "", description="The customer's name.", max_length=200, pattern=NO_NUL, examples=["Acme"]
    )
    end_user_email_address: str = Field(
        "",
        description="The customer's e-mail address.",
        max_length=200,
        pattern=NO_NUL,
        examples=["people@acme.example"],
    )


class Linked(BaseModel):
    """An account that has been linked."""

    account_token: str | None = Field(
        description="Its token, shown this once; null when it was linked again and keeps its token.",
        examples=["omn_acct_..."],
    )
    id: str = Field(description="Our id of the account.")
    integration: Integration = Field(description="Its integration.")
    linked_account: LinkedAccount = Field(description="The account.")


class CredentialField(BaseModel):
    """One thing to enter."""

    name: str = Field(description="Its key in `credentials`.", examples=["client_id"])
    label: str = Field(description="What it is called.", examples=["Client ID"])
    help: str = Field(description="Where to find it.", examples=["Configure, Dev Center, API credentials."])
    secret: bool = Field(description="Whether it must not be shown while it is entered.")
    required: bool = Field(description="Whether it is needed.")


class Style(Abilities):
    """A way to link an account."""

    name: str = Field(description="Its name.", examples=["Harvest v3, OAuth client of your own"])
    api: str = Field(description="The vendor's API it opens.", examples=["Harvest v3"])
    credentials: list[CredentialField] = Field(description="What it needs.")


class IntegrationWithStyles(Integration):
    """A vendor's applicant tracking system, and how it is linked."""

    styles: list[Style] = Field(description="The ways to link an account.")


@router.post(
    "/linked-accounts",
    status_code=201,
    summary="Link an account without a browser",
    response_model=Linked,
    responses={
        200: {"description": "It was linked again: it keeps its token.", "model": Linked},
        **errors("Throttled", "Unavailable"),
    },
    openapi_extra={EXTENSION: True},
)
def create_linked_account(request: Request, body: LinkRequest) -> Response:
    """Try the credentials at the vendor, store them encrypted, and start the first synchronisation."""
    who, service = caller(request), service_of(request)
    credentials = {name: value.get_secret_value().strip() for name, value in body.credentials.items()}
    end_user = EndUser(
        body.end_user_origin_id,
        body.end_user_organization_name,
        body.end_user_email_address,
        who.account_type,
    )
    try:
        linked = link(service, body.integration, credentials, end_user)
    except LinkRefused as refusal:
        raise _refused(refusal.field, "INVALID_FIELD_CHOICE", refusal.detail) from refusal
    except Unavailable as outage:
        raise _refused("credentials", "PROVIDER_ERROR", outage.detail, status=503) from outage
    except RateLimited as limit:
        raise throttled(limit.advice) from limit
    except ProviderError as refusal:
        raise _refused("credentials", "PROVIDER_ERROR", refusal.detail) from refusal
    answer = {
        "account_token": linked.token,
        "id": linked.account.id,
        "integration": shown.integration(PROVIDERS[linked.account.integration]),
        "linked_account": shown.details_and_actions(
            linked.account, public_url(request), service.connector.api_of(linked.account)
        ),
    }
    return json_response(orjson.dumps(answer), 201 if linked.token else 200)


@router.get(
    "/linked-accounts",
    summary="List linked accounts",
    response_model=Page[LinkedAccount],
    responses=errors("BadFilter", "InvalidCursor"),
    openapi_extra={"parameters": PARAMETERS},
)
def list_linked_accounts(request: Request) -> Response:
    """The linked accounts, in the order they were linked: production ones unless others are asked for."""
    query, who, service = request.query_params, caller(request), service_of(request)
    page = PageRequest.of(query)
    with service.reader.connect() as connection:
        statement = linked_accounts(*_conditions(connection, query, who))
        rows, more = page_of(connection, statement, page, linked_account.c.created_at, linked_account.c.id)
    following, previous = neighbours(page, rows, more)
    base_url = public_url(request)
    results = [shown.details_and_actions(row, base_url, service.connector.api_of(row)) for row in rows]
    return json_response(orjson.dumps({"next": following, "previous": previous, "results": results}))


@router.get(
    "/integrations",
    summary="List the integrations",
    response_model=Page[IntegrationWithStyles],
    responses=errors("InvalidCursor"),
    openapi_extra={EXTENSION: True, "parameters": shared(PAGING)},
)
def list_integrations(request: Request) -> Response:
    """Every integration, the credentials each way of linking needs, and what it can do."""
    caller(request)
    integrations = [shown.integration(p) | {"styles": _styles(p)} for p in PROVIDERS.values()]
    return json_response(orjson.dumps(whole(PageRequest.of(request.query_params), integrations)))


def _conditions(connection: Connection, query: QueryParams, who: Caller) -> Iterator[ColumnElement[bool]]:
    column = linked_account.c
    test = parameters.truth(query, "is_test_account") or who.account_type == TEST
    yield column.account_type == (TEST if test else PRODUCTION)
    if parameters.choice(query, "category", CATEGORIES) not in ("", shown.CATEGORY):
        yield column.id.is_(None)
    status = parameters.choice(query, "status", STATUSES)
    if status:
        yield column.status == status
    for name in ("end_user_email_address", "end_user_organization_name", "end_user_origin_id"):
        value = parameters.word(query, name)
        if value:
            yield column[name] == value
    origins = parameters.words(query, "end_user_origin_ids")
    if origins:
        yield column.end_user_origin_id.in_(origins)
    if query.get("integration_name"):
        yield column.integration.in_([p.slug for p in named(query["integration_name"])])
    if query.get("ids"):
        yield column.id.in_(parameters.uuids(query, "ids"))
    if query.get("id"):
        yield _one(connection, query, who)
    elif parameters.truth(query, "include_duplicates"):
        raise bad_filter()


def _one(connection: Connection, query: QueryParams, who: Caller) -> ColumnElement[bool]:
    """That an account is the one asked for, or one of its duplicates when these are wanted too."""
    wanted = parameters.uuids(query, "id")
    if len(wanted) != 1:
        raise bad_filter()
    if not parameters.truth(query, "include_duplicates"):
        return linked_account.c.id == wanted[0]
    row = by_id(connection, wanted[0])
    if row is None or is_duplicate(row) is None or who.account_type == TEST:
        raise bad_filter()
    return same_as(row)


def _refused(field: str, problem_type: str, detail: str, status: int = 400) -> ApiError:
    problem = Problem(problem_type, "Account not linked", detail, field, raw_error=detail)
    return ApiError(status, envelope(None, errors=[problem]))


def _styles(provider: Provider) -> list[dict[str, Any]]:
    return [
        {
            "name": style.name,
            "api": style.api.name,
            "credentials": [
                {
                    "name": f.name,
                    "label": f.label.en,
                    "help": f.help.en.replace("*", ""),
                    "secret": f.secret,
                    "required": f.required,
                }
                for f in style.fields
            ],
            **shown.abilities(style.api),
        }
        for style in provider.styles
    ]
