"""Raw requests to the vendor, answered at once or later."""

from typing import Any, Literal

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from app.api.callers import AccountRoute, account_of, service_of
from app.api.errors import ApiError, bad_field, not_found, throttled
from app.api.idempotency import HEADER
from app.api.records import json_response
from app.api.reference.answers import errors
from app.common.ids import is_uuid
from app.passthrough.receipts import MAX_REQUEST, TooLarge
from app.passthrough.relay import ADVICE, UNKNOWN, Failed, relay
from app.passthrough.send import PassthroughRequest
from providers.kit import RateLimited

router = APIRouter(tags=["Passthrough"], route_class=AccountRoute)

REPEATABLE = ("GET", "HEAD", "OPTIONS", "PUT", "DELETE")  # sent twice they do no more than sent once
WAITING = "The request has not been answered yet. Ask again later, or subscribe to AsyncPassthrough.resolved."


class RemoteResponse(BaseModel):
    """What the vendor answered."""

    method: str = Field(description="The method that was sent.", examples=["GET"])
    path: str = Field(description="The path it was sent to.", examples=["/v3/candidates?per_page=1"])
    status: int = Field(description="The vendor's HTTP status.", examples=[200])
    response: Any = Field(
        description="The vendor's body: JSON, or text; null when empty.", examples=[[{"id": 4081256}]]
    )
    response_headers: dict[str, str] = Field(
        description="The vendor's headers.", examples=[{"content-type": "application/json"}]
    )
    response_type: Literal["JSON", "BASE64_GZIP"] = Field(
        description="`BASE64_GZIP` for a body that is no text: it is compressed, then encoded."
    )
    headers: dict[str, str] = Field(
        description="The headers that were sent, without the credentials.", examples=[{"accept": "*/*"}]
    )


class AsyncPassthroughReciept(BaseModel):
    """The receipt of an asynchronous passthrough."""

    async_passthrough_receipt_id: str = Field(
        description="What to fetch the answer with.", examples=["d3b4ac4e-6c14-4b6a-9a45-6d9d2d1c1f3b"]
    )


@router.post(
    "/passthrough",
    summary="Send a request to the vendor",
    response_model=RemoteResponse,
    responses=errors("TimedOut", "Unavailable"),
)
def passthrough(request: Request, body: PassthroughRequest) -> Response:
    """Send a request with the account's authentication; only the vendor's own hosts can be reached."""
    service, account_id = service_of(request), account_of(request).id
    try:
        return json_response(relay(service.connector, account_id, body))
    except Failed as failure:
        if failure.unknown and body.method not in REPEATABLE and HEADER not in request.headers:
            # Clients repeat a 408 by themselves, and the vendor would do it again.
            raise ApiError(400, {"detail": UNKNOWN + ADVICE}) from failure
        raise ApiError(failure.status, failure.body) from failure
    except RateLimited as limit:
        raise throttled(limit.advice) from limit


@router.post(
    "/async-passthrough",
    summary="Have a request sent to the vendor",
    response_model=AsyncPassthroughReciept,
)
def send_later(request: Request, body: PassthroughRequest) -> Response:
    """Take a request and answer a receipt, with which the vendor's answer is fetched later.

    The vendor gets five minutes to answer. The answer is kept for 24 hours; `AsyncPassthrough.resolved` tells
    when it is there.
    """
    try:
        receipt = service_of(request).receipts.accept(account_of(request).id, body)
    except TooLarge as error:
        raise bad_field("data", f"A request may have {MAX_REQUEST:,} bytes.") from error
    return json_response(orjson.dumps({"async_passthrough_receipt_id": receipt}))


@router.get(
    "/async-passthrough/{async_passthrough_receipt_id}",
    summary="Fetch the vendor's answer",
    response_model=RemoteResponse | str,
    responses=errors("NotFound"),
)
def fetch_later(request: Request, async_passthrough_receipt_id: str) -> Response:
    """What the vendor answered, or a text while it has not.

    Where there was no answer of the vendor, `status` and `response` are what the synchronous form would have
    said, and `headers` is empty.
    """
    account_id, receipt = account_of(request).id, async_passthrough_receipt_id.lower()
    if not is_uuid(receipt):
        raise not_found()
    try:
        answer = service_of(request).receipts.answer(account_id, receipt)
    except LookupError as error:
        raise not_found() from error
    return json_response(orjson.dumps(WAITING) if answer is None else answer)
