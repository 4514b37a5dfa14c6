"""The calls that were made to a linked account's vendor."""

from datetime import datetime

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from app.api import parameters
from app.api.callers import AccountRoute, reading_account
from app.api.paging import PageRequest, neighbours, page_of
from app.api.records import json_response
from app.api.reference.answers import Page, errors
from app.api.reference.parameters import PAGING, SWITCH, query, shared
from app.calls.shown import calls_of, shown
from app.calls.tables import vendor_call
from app.common.schema import EXTENSION

router = APIRouter(prefix="/vendor-calls", tags=["Vendor calls"], route_class=AccountRoute)


class VendorCall(BaseModel):
    """One request to the vendor."""

    id: str = Field(description="Its id.")
    method: str = Field(description="The HTTP method.", examples=["GET"])
    host: str = Field(description="The server it went to.", examples=["api.vendor.example"])
    path: str = Field(
        description="The path; the query is not kept, secrets show as `***`.", examples=["/v3/interviews"]
    )
    status_code: int | None = Field(
        description="The vendor's HTTP status; null when there was no answer.", examples=[200]
    )
    duration_ms: int = Field(description="Milliseconds until the answer began.", examples=[182])
    created_at: datetime = Field(description="When it was sent.")


@router.get(
    "",
    summary="List the calls to the vendor",
    response_model=Page[VendorCall],
    responses=errors("BadFilter", "InvalidCursor"),
    openapi_extra={
        EXTENSION: True,
        "parameters": [
            *shared(PAGING),
            query("failed", "Only those without an answer, or with one of 400 or more.", SWITCH),
        ],
    },
)
def list_vendor_calls(request: Request) -> Response:
    """The last calls that were made to the account's vendor, the newest first, without any content."""
    page = PageRequest.of(request.query_params)
    failed = parameters.truth(request.query_params, "failed")
    columns = vendor_call.c.created_at, vendor_call.c.id
    with reading_account(request) as (connection, account):
        statement = calls_of(account.id, failed=failed)
        rows, more = page_of(connection, statement, page, *columns, newest_first=True)
    following, previous = neighbours(page, rows, more)
    results = [shown(row) for row in rows]
    return json_response(orjson.dumps({"next": following, "previous": previous, "results": results}))
