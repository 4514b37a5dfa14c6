"""How fresh an answer is, and making a record fresher when its caller asks for that."""

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from app.api import parameters
from app.api.callers import account_of, readable, service_of
from app.common.fields import Model
from app.common.times import now, render_micros

FRESH_AS_OF = "X-Data-Fresh-As-Of"


def show_freshness(response: Response, moment: int | None) -> Response:
    """Say up to when what is shown is known to be complete; nothing is said while that is not known."""
    if moment is not None:
        response.headers[FRESH_AS_OF] = str(render_micros(moment))
    return response


async def refreshed(request: Request, model: Model, record_id: str) -> str | None:
    """Read a record from the vendor when it is older than the request's `max_age`.

    Requests for one record wait for each other, so that many at once make one request to the vendor.

    Returns:
        Why the record may be older, in words for the caller; None when it is not.

    Raises:
        ApiError: 400, `max_age` is no whole number of seconds; 401, the caller is unknown; 403,
            the account's scopes take away the model.
    """
    max_age = parameters.max_age(request.query_params)
    if max_age is None:
        return None
    arrived = now()
    account = await run_in_threadpool(account_of, request)
    readable(account, model)
    refresher = service_of(request).refresher
    async with refresher.alone(account.id, record_id):
        since = min(arrived, now() - max_age)
        return await run_in_threadpool(refresher.refresh, account.id, model, record_id, since)


def warn(response: Response, reason: str | None) -> Response:
    """Say that a record is shown as stored though fresher was asked for, and why."""
    if reason:
        response.headers["Warning"] = f'111 omniats "Revalidation failed: {reason}"'
    return response
