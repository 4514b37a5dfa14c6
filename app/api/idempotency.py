"""`Idempotency-Key`: a request that is sent again is answered again, not carried out again."""

import asyncio
import hashlib
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import orjson
from fastapi import Request, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from app.accounts.keys import Caller
from app.api.errors import HANDLED, ApiError, answer_to, bad_field
from app.idempotency.store import (
    LEASE,
    Answer,
    Asked,
    Claim,
    Idempotency,
    OtherBody,
    OutcomeUnknown,
    StillRunning,
)
from app.writes.problems import Problem, envelope

log = logging.getLogger(__name__)

HEADER = "Idempotency-Key"
_KEY = re.compile(r"[!-~]{1,255}")
UNKNOWN = (
    "An earlier request with this Idempotency-Key broke off after it had turned to the vendor, which may "
    "have carried it out. It is not repeated. Look at the record, and if nothing has changed send the "
    "request again with a new key."
)
Handle = Callable[[Request], Awaitable[Response]]


async def once(idempotency: Idempotency, who: Caller, request: Request, handle: Handle) -> Response:
    """Carry a request out, or answer what it was answered before.

    Args:
        idempotency: where answers are kept.
        who: the caller.
        request: a request with the header `Idempotency-Key`.
        handle: carries it out.

    Raises:
        ApiError: 400, the key is malformed or belongs to another body, or nobody knows how the request
            with this key ended; 409, it is still being carried out.
    """
    asked = _asked(who, request, await request.body())
    try:
        claim = await run_in_threadpool(idempotency.claim, asked)
        if isinstance(claim, Answer):
            return _again(claim)
        async with _alive(idempotency, claim):
            return await _carried_out(idempotency, claim, request, handle)
    except OtherBody as error:
        problem = "This key has been used for a request with another body. Use a new key for a new request."
        raise bad_field(HEADER, problem) from error
    except StillRunning as error:
        detail = f"A request with this {HEADER} is still being carried out. Ask again in a moment."
        raise ApiError(409, {"detail": detail}, {"Retry-After": "1"}) from error
    except OutcomeUnknown as error:
        problems = [Problem("PROVIDER_ERROR", "Outcome Unknown", UNKNOWN)]
        raise ApiError(400, envelope(None, errors=problems)) from error


def _asked(who: Caller, request: Request, body: bytes) -> Asked:
    key = request.headers[HEADER]
    if not _KEY.fullmatch(key):
        raise bad_field(HEADER, "A key is 1 to 255 printable ASCII characters without spaces.")
    account_id = who.account.id if who.account else None
    about = account_id or request.headers.get("x-account-token", "")
    scope = [who.key_id, about, request.method, request.url.path, request.url.query, key]
    return Asked(hashlib.sha256(orjson.dumps(scope)).digest(), hashlib.sha256(body).digest(), account_id)


async def _carried_out(idempotency: Idempotency, claim: Claim, request: Request, handle: Handle) -> Response:
    try:
        with idempotency.running(claim):
            response = await handle(request)
    except HANDLED as error:
        response = answer_to(request, error)
    except Exception:
        await run_in_threadpool(idempotency.abandon, claim)
        raise
    answer = Answer(response.status_code, response.headers.get("content-type", ""), bytes(response.body))
    try:
        await run_in_threadpool(idempotency.finish, claim, answer)
    except SQLAlchemyError as error:  # the caller is told what was done, whether it can be kept or not
        log.error("answer of a request not kept: %s", type(error).__name__)  # noqa: TRY400 - its text tells no more
    return response


def _again(answer: Answer) -> Response:
    if answer.body is None:
        detail = f"It was carried out and answered with {answer.status}; the answer is not kept."
        raise bad_field(HEADER, detail)
    headers = {"Content-Type": answer.content_type} if answer.content_type else {}
    return Response(answer.body, answer.status, headers | {"Idempotent-Replayed": "true"})


@asynccontextmanager
async def _alive(idempotency: Idempotency, claim: Claim) -> AsyncIterator[None]:
    """Gives signs of life until the block ends."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(LEASE / 3)
            try:
                await run_in_threadpool(idempotency.renew, claim)
            except SQLAlchemyError as error:
                log.warning("lease of a request not renewed: %s", type(error).__name__)

    renewing = asyncio.create_task(renew())
    try:
        yield
    finally:
        renewing.cancel()
