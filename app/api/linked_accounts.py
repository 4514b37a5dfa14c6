"""Linked accounts, their synchronisation, and the integrations there are."""

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr
from sqlalchemy import Row, select

from app.accounts.linking import EndUser, LinkRefused, link
from app.api.callers import CallerRoute, account_of, caller, public_url, service_of
from app.api.errors import ApiError, throttled
from app.api.records import json_response
from app.common.times import render_micros
from app.jobs import ask, job_table
from app.sync import state
from app.sync.run import KIND
from app.sync.status import statuses
from app.sync.tables import sync_run
from app.writes.problems import Problem, envelope
from providers.kit import Provider, ProviderError, RateLimited, Unavailable
from providers.kit.capabilities import operations
from providers.registry import PROVIDERS

router = APIRouter(tags=["Linked accounts"], route_class=CallerRoute)


NO_NUL = r"^[^\x00]*$"  # PostgreSQL's text takes none


class LinkRequest(BaseModel):
    """An account to link without a browser."""

    model_config = ConfigDict(extra="ignore")

    integration: str = Field(description="The integration's slug, as `GET /integrations` lists them.")
    credentials: dict[str, SecretStr] = Field(description="The credential fields of one of its styles.")
    end_user_origin_id: str | None = Field(
        None, description="Your own id of the customer.", max_length=200, pattern=NO_NUL
    )
    end_user_organization_name: str = Field(
        "", description="The customer's name.", max_length=200, pattern=NO_NUL
    )
    end_user_email_address: str = Field(
        "", description="The customer's e-mail address.", max_length=200, pattern=NO_NUL
    )


@router.post("/linked-accounts", status_code=201, summary="Link an account without a browser")
def create_linked_account(request: Request, body: LinkRequest) -> Response:
    """Try the credentials at the vendor, store them encrypted, and start the first synchronisation."""
    caller(request)
    credentials = {name: value.get_secret_value().strip() for name, value in body.credentials.items()}
    end_user = EndUser(body.end_user_origin_id, body.end_user_organization_name, body.end_user_email_address)
    try:
        linked = link(service_of(request), body.integration, credentials, end_user)
    except LinkRefused as refusal:
        raise _refused(refusal.field, "INVALID_FIELD_CHOICE", refusal.detail) from refusal
    except Unavailable as outage:
        raise _refused("credentials", "PROVIDER_ERROR", outage.detail, status=503) from outage
    except RateLimited as limit:
        raise throttled(limit.retry_after) from limit
    except ProviderError as refusal:
        raise _refused("credentials", "PROVIDER_ERROR", refusal.detail) from refusal
    provider = PROVIDERS[linked.account.integration]
    answer = {
        "account_token": linked.token,
        "id": linked.account.id,
        "integration": _integration(provider),
        "linked_account": _account(request, linked.account),
    }
    return json_response(orjson.dumps(answer), 201 if linked.token else 200)


@router.get("/integrations", summary="List the integrations")
def list_integrations(request: Request) -> Response:
    """Every integration, the credentials each way of linking needs, and what it can do."""
    caller(request)
    results = [_integration(p) | {"styles": _styles(p)} for p in PROVIDERS.values()]
    return json_response(orjson.dumps({"next": None, "previous": None, "results": results}))


@router.get("/sync-status", tags=["Synchronisation"], summary="List the sync status of each model")
def list_sync_status(request: Request) -> Response:
    """How far each common model of the linked account is."""
    account = account_of(request)
    results = _statuses(request, account)
    return json_response(orjson.dumps({"next": None, "previous": None, "results": results}))


@router.post("/sync-status/resync", tags=["Synchronisation"], summary="Read everything again")
def resync(request: Request) -> Response:
    """Start a full synchronisation now; when one is running already, nothing more is started."""
    account = account_of(request)
    service = service_of(request)
    with service.jobs.begin() as connection:
        running = connection.scalar(
            select(job_table.c.running).where(job_table.c.kind == KIND, job_table.c.key == account.id)
        )
        unfinished = connection.scalar(
            select(sync_run.c.account_id).where(
                sync_run.c.account_id == account.id, sync_run.c.finished_at.is_(None)
            )
        )
        if not (running and unfinished):
            ask(connection, KIND, account.id)  # first: the job is always locked before what it works on
            state.want_full_pass(connection, account.id)
    return json_response(orjson.dumps(_statuses(request, account)))


def _statuses(request: Request, account: Row[Any]) -> list[dict[str, Any]]:
    service = service_of(request)
    api = service.connector.api(account.id)
    with service.reader.connect() as connection:
        return statuses(connection, account.id, api)


def _refused(field: str, problem_type: str, detail: str, status: int = 400) -> ApiError:
    problem = Problem(problem_type, "Account not linked", detail, field, raw_error=detail)
    return ApiError(status, envelope(None, errors=[problem]))


def _integration(provider: Provider) -> dict[str, Any]:
    return {
        "name": provider.name,
        "abbreviated_name": provider.name,
        "categories": ["ats"],
        "image": None,
        "square_image": None,
        "color": provider.color,
        "slug": provider.slug,
        "api_endpoints_to_documentation_urls": {},
        "webhook_setup_guide_url": None,
        "category_beta_status": {},
    }


def _styles(provider: Provider) -> list[dict[str, Any]]:
    return [
        {
            "name": style.name,
            "api": style.api.name,
            "credentials": [
                {
                    "name": f.name,
                    "label": f.label,
                    "help": f.help,
                    "secret": f.secret,
                    "required": f.required,
                }
                for f in style.fields
            ],
            "available_model_operations": operations(style.api),
        }
        for style in provider.styles
    ]


def _account(request: Request, row: Row[Any]) -> dict[str, Any]:
    provider = PROVIDERS[row.integration]
    listener = f"/api/integrations/webhook-listener/{row.webhook_secret}"
    return {
        "id": row.id,
        "category": "ats",
        "status": row.status,
        "status_detail": row.status_detail,
        "end_user_origin_id": row.end_user_origin_id,
        "end_user_organization_name": row.end_user_organization_name,
        "end_user_email_address": row.end_user_email_address,
        "subdomain": None,
        "webhook_listener_url": public_url(request) + listener,
        "is_duplicate": None,
        "integration": _integration(provider) | {"passthrough_available": True},
        "account_type": row.account_type,
        "completed_at": render_micros(row.completed_at),
        "integration_specific_fields": {},
    }
