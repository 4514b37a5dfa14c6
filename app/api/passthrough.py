"""Raw requests to the vendor."""

from typing import Any, Literal

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from app.accounts.connect import RELINK_NEEDED
from app.api.callers import AccountRoute, account_of, service_of
from app.api.errors import ApiError, bad_field
from app.api.records import json_response
from app.api.reference.answers import errors
from app.passthrough.send import BadRequest, PassthroughRequest, send
from providers.kit import Client, ProviderError, Unavailable

router = APIRouter(tags=["Passthrough"], route_class=AccountRoute)


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


@router.post(
    "/passthrough",
    summary="Send a request to the vendor",
    response_model=RemoteResponse,
    responses=errors("TimedOut", "Unavailable"),
)
def passthrough(request: Request, body: PassthroughRequest) -> Response:
    """Send a request with the account's authentication; only the vendor's own hosts can be reached."""
    connector, account_id = service_of(request).connector, account_of(request).id
    with connector.account(account_id) as account:
        if account.status == RELINK_NEEDED:
            detail = "The vendor no longer accepts the credentials. Link the account again."
            raise ApiError(400, {"detail": detail})
        answer = _sent(account.client, body)
    try:
        return json_response(orjson.dumps(answer))
    except TypeError as error:  # wrapping every value doubles the depth, and JSON's has an end
        raise bad_field("normalize_response", "The answer is nested too deeply.") from error


def _sent(client: Client, body: PassthroughRequest) -> dict[str, Any]:
    try:
        return send(client, body)
    except Unavailable as outage:
        if outage.timed_out or outage.outcome_unknown:
            advice = "The vendor did not answer in time. Use POST /async-passthrough for slow requests."
            raise ApiError(408, {"detail": advice}) from outage
        raise ApiError(503, {"detail": f"The vendor cannot be reached: {outage.detail}"}) from outage
    except ProviderError as refusal:
        raise bad_field("path", refusal.detail) from refusal
    except BadRequest as problem:
        raise bad_field(problem.field, problem.detail) from problem
