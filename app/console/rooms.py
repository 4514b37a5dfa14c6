"""The console's pages. Whoever has not signed in is sent to the door before any of them is made."""

import time
from typing import Any

import orjson
from fastapi import APIRouter, Depends, Response
from sqlalchemy import Connection, Row, select

from app.accounts.tables import linked_account
from app.audit.tables import audit_event
from app.calls.shown import calls_of
from app.calls.tables import vendor_call
from app.console import accounts, issues, jobs, webhooks
from app.console.lists import listed
from app.console.visits import HOME, ConsoleRoute, Id, Missing, SignedIn, Visit, one, signed_in
from app.issues import store
from app.issues.store import ONGOING, RESOLVED
from app.issues.tables import issue
from app.matrix import grids
from app.sync.status import statuses
from app.webhooks.outbox import KIND as DELIVER
from app.webhooks.tables import webhook_delivery, webhook_endpoint
from providers.registry import PROVIDERS

router = APIRouter(
    prefix=HOME, route_class=ConsoleRoute, dependencies=[Depends(signed_in)], include_in_schema=False
)


@router.get("")
def show_accounts(visit: SignedIn) -> Response:
    """All linked accounts: searched, filtered, a page at a time."""
    query, columns = visit.request.query_params, linked_account.c
    statement = accounts.accounts(*accounts.conditions(query))
    with visit.service.reader.connect() as connection:
        page = listed(connection, visit.request, statement, columns.created_at, columns.id)
        healths = accounts.healths(connection, page.rows, visit.service.settings.sync_interval)
        troubles = accounts.open_issues(connection, page.ids)
        totals = accounts.totals(connection)
    names = {slug: provider.name for slug, provider in sorted(PROVIDERS.items())}
    return visit.show(
        "accounts.html",
        page=page,
        healths=healths,
        troubles=troubles,
        totals=totals,
        query=query,
        integrations=names,
        statuses=accounts.STATUSES,
    )


@router.get("/accounts/{id}")
def show_account(visit: SignedIn, id: Id) -> Response:
    """Everything about one account."""
    kinds = [kind for kind in visit.service.jobs.runs.handlers if kind != DELIVER]
    with visit.service.reader.connect() as connection:
        account = _account(connection, id)
        values: dict[str, Any] = {
            "account": account,
            "health": accounts.healths(connection, [account], visit.service.settings.sync_interval)[id],
            "syncs": _syncs(visit, connection, id),
            "issues": _issues_of(connection, id),
            "calls": _last(connection, calls_of(id), vendor_call),
            "deliveries": accounts.deliveries_in(connection, id),
            "deeds": _last(connection, select(audit_event).where(audit_event.c.about == id), audit_event),
            "jobs": accounts.jobs_of(connection, id, kinds),
        }
    return visit.show("account.html", advice=issues.advice, state=jobs.state, now=time.time(), **values)


@router.get("/accounts/{id}/calls")
def show_calls(visit: SignedIn, id: Id) -> Response:
    """The calls to one account's vendor."""
    failed = bool(visit.request.query_params.get("failed"))
    columns = vendor_call.c.created_at, vendor_call.c.id
    with visit.service.reader.connect() as connection:
        account = _account(connection, id)
        page = listed(connection, visit.request, calls_of(id, failed=failed), *columns)
    return visit.show("calls.html", account=account, page=page, failed=failed)


@router.get("/issues")
def show_issues(visit: SignedIn) -> Response:
    """What went wrong: open, or resolved."""
    status = RESOLVED if visit.request.query_params.get("status") == RESOLVED else ONGOING
    statement = store.issues(issue.c.status == status)
    columns = issue.c.first_incident_at, issue.c.id
    with visit.service.reader.connect() as connection:
        page = listed(connection, visit.request, statement, *columns)
    return visit.show(
        "issues.html", page=page, status=status, advice=issues.advice, endpoint_of=issues.endpoint_of
    )


@router.get("/webhooks")
def show_webhooks(visit: SignedIn) -> Response:
    """Where subscribers want to be told, and how that goes."""
    columns = webhook_endpoint.c.created_at, webhook_endpoint.c.id
    with visit.service.reader.connect() as connection:
        page = listed(connection, visit.request, webhooks.endpoints(), *columns)
    return visit.show("webhooks.html", page=page, counted=webhooks.COUNTED, **_of_webhooks())


@router.get("/webhooks/{id}")
def show_webhook(visit: SignedIn, id: Id) -> Response:
    """One webhook, and what it was told."""
    state = visit.request.query_params.get("state", "")
    columns = webhook_delivery.c.created_at, webhook_delivery.c.id
    with visit.service.reader.connect() as connection:
        endpoint = one(connection, webhooks.endpoints().where(webhook_endpoint.c.id == id))
        page = listed(connection, visit.request, webhooks.deliveries(id, state), *columns)
        names = webhooks.names(connection, list({row.account_id for row in page.rows if row.account_id}))
    return visit.show(
        "webhook.html",
        endpoint=endpoint,
        page=page,
        names=names,
        state=state,
        states=webhooks.STATES,
        counted=webhooks.COUNTED,
        **_of_webhooks(),
    )


@router.get("/jobs")
def show_jobs(visit: SignedIn) -> Response:
    """What fails, and what is due."""
    with visit.service.reader.connect() as connection:
        failing, due = jobs.failing(connection), jobs.due(connection)
    return visit.show(
        "jobs.html",
        failing=failing,
        due=due,
        most=jobs.MOST,
        state=jobs.state,
        now=time.time(),
        deliver=DELIVER,
    )


@router.get("/providers")
def show_providers(visit: SignedIn) -> Response:
    """What can be read from and written to each vendor."""
    providers = sorted(PROVIDERS.values(), key=lambda provider: provider.name)
    return visit.show("providers.html", providers=providers, grids=grids(providers))


@router.get("/trail")
def show_trail(visit: SignedIn) -> Response:
    """Who did what."""
    columns = audit_event.c.created_at, audit_event.c.id
    with visit.service.reader.connect() as connection:
        page = listed(connection, visit.request, select(audit_event), *columns)
    return visit.show("trail.html", page=page)


@router.get("/{path:path}")
def show_nothing() -> Response:
    """Any other address."""
    raise Missing


def _account(connection: Connection, id: str) -> Row[Any]:
    row: Row[Any] = one(connection, accounts.account(id))
    return row


def _syncs(visit: Visit, connection: Connection, id: str) -> list[dict[str, Any]] | None:
    """How far each model is; None when the credentials, which name the vendor's API, cannot be read."""
    try:
        return statuses(connection, id, visit.service.connector.api(id))
    except (ValueError, KeyError):
        return None


def _issues_of(connection: Connection, id: str) -> list[Row[Any]]:
    """The account's issues, open ones first."""
    query = store.issues(issue.c.account_id == id)
    order = issue.c.status, issue.c.last_incident_at.desc()  # ONGOING is before RESOLVED
    return list(connection.execute(query.order_by(*order).limit(accounts.SOME)))


def _last(connection: Connection, query: Any, table: Any) -> list[Row[Any]]:
    order = table.c.created_at.desc(), table.c.id.desc()
    return list(connection.execute(query.order_by(*order).limit(accounts.SOME)))


def _of_webhooks() -> dict[str, Any]:
    return {"shown_target": webhooks.shown_target, "loads": orjson.loads}
