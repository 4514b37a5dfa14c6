"""Raw requests to the vendor."""

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from app.accounts.connect import RELINK_NEEDED
from app.api.callers import AccountRoute, account_of, service_of
from app.api.errors import ApiError, bad_field
from app.api.records import json_response
from app.passthrough.send import BadRequest, PassthroughRequest, send
from providers.kit import Client, ProviderError, Unavailable

router = APIRouter(tags=["Passthrough"], route_class=AccountRoute)


@router.post("/passthrough", summary="Send a request to the vendor")
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
