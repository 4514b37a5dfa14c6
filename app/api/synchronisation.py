"""How fresh an account's records are, and reading them again."""

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy import Row

from app.api.callers import AccountRoute, account_and_actor, account_of, service_of
from app.api.paging import PageRequest, whole
from app.api.records import json_response
from app.api.reference.answers import Page, errors
from app.api.reference.bodies import SyncStatus
from app.api.reference.parameters import PAGING, shared
from app.sync.asking import resync as start_full_sync
from app.sync.status import statuses

router = APIRouter(prefix="/sync-status", tags=["Synchronisation"], route_class=AccountRoute)


@router.get(
    "",
    summary="List the sync status of each model",
    response_model=Page[SyncStatus],
    responses=errors("InvalidCursor"),
    openapi_extra={"parameters": shared(PAGING)},
)
def list_sync_status(request: Request) -> Response:
    """How far each common model of the linked account is."""
    account = account_of(request)
    page = PageRequest.of(request.query_params)
    return json_response(orjson.dumps(whole(page, _statuses(request, account))))


@router.post("/resync", summary="Read everything again", response_model=list[SyncStatus])
def resync(request: Request) -> Response:
    """Start a full synchronisation now; when one is running already, nothing more is started."""
    account, actor = account_and_actor(request)
    with service_of(request).jobs.begin() as connection:
        start_full_sync(connection, account.id, actor)
    return json_response(orjson.dumps(_statuses(request, account)))


def _statuses(request: Request, account: Row[Any]) -> list[dict[str, Any]]:
    service = service_of(request)
    api = service.connector.api(account.id)
    with service.reader.connect() as connection:
        return statuses(connection, account.id, api)
