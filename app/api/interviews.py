"""Writing interviews: create, move, cancel."""

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from app.api import parameters
from app.api.callers import AccountRoute, account_of, service_of
from app.api.errors import not_found, throttled
from app.api.records import json_response
from app.common.models import SCHEDULED_INTERVIEW
from app.records.reading import RecordReader
from app.writes.perform import Performance, WriteRequest
from providers.kit import RateLimited

router = APIRouter(prefix="/interviews", tags=["Interviews"], route_class=AccountRoute)


class ModelBody(BaseModel):
    """A write's body."""

    model: dict[str, Any] = Field(description="The fields to write; relations are ids of ours.")
    remote_user_id: str | None = Field(
        None, description="Who acts: the vendor's user id, or the id of one of the account's users."
    )


@router.post("", status_code=201, summary="Schedule an interview")
def create_interview(request: Request, body: ModelBody) -> Response:
    """Create an interview at the vendor and answer it as stored."""
    return _write(request, "create", None, body.model, body.remote_user_id)


@router.patch("/{id}", summary="Move or change an interview")
def update_interview(request: Request, id: str, body: ModelBody) -> Response:
    """Change an interview at the vendor; fields that are not given keep their value."""
    return _write(request, "update", id, body.model, body.remote_user_id)


@router.delete("/{id}", summary="Cancel an interview")
def delete_interview(request: Request, id: str) -> Response:
    """Cancel an interview at the vendor; the record stays, marked as deleted."""
    return _write(request, "delete", id, {}, request.query_params.get("remote_user_id"))


def _write(
    request: Request, verb: str, wanted: str | None, given: dict[str, Any], remote_user_id: str | None
) -> Response:
    account = account_of(request)
    service = service_of(request)
    record = None
    if wanted is not None:
        with service.reader.connect() as connection:
            record = RecordReader(connection, account.id).one(SCHEDULED_INTERVIEW, wanted.lower(), False)
        if record is None:
            raise not_found()
    asked = WriteRequest(
        SCHEDULED_INTERVIEW,
        verb,
        given,
        remote_user_id,
        record,
        debug=parameters.truth(request.query_params, "is_debug_mode"),
    )
    try:
        status, answer = Performance(service, account, asked).run()
    except RateLimited as limit:
        raise throttled(limit.retry_after) from limit
    return json_response(orjson.dumps(answer), status)
