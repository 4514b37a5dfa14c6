"""Who is asking: the API key, and the account token of requests about one linked account's data."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute
from sqlalchemy import Connection, Row
from starlette.concurrency import run_in_threadpool

from app.accounts.idling import is_news
from app.accounts.keys import TEST, Caller, caller_by_key, caller_of_account
from app.api.errors import ApiError, disabled, unauthenticated
from app.api.idempotency import HEADER, once
from app.api.throttling import admit
from app.api.usage import CAME
from app.audit.trail import Actor
from app.common.fields import Model
from app.scopes.restrictions import Restrictions, load
from app.service import Service
from app.telemetry.context import note

T = TypeVar("T")
NO_KEY = "Authentication credentials were not provided."
WRONG = "Invalid token."
DEEPEST = 100  # objects and arrays in one another
MOST = 10_000  # values in a body: each may have its line in the answer
READS = {"GET", "HEAD", "OPTIONS"}
NOT_JSON = "Send the body as JSON, with the header Content-Type: application/json."


def service_of(request: Request) -> Service:
    """The service that answers this request."""
    service = request.app.state.service
    assert isinstance(service, Service)
    return service


def caller(request: Request) -> Caller:
    """Who holds the request's API key.

    Raises:
        ApiError: 401, there is no key or a wrong one.
    """
    with service_of(request).reader.connect() as connection:
        found = caller_by_key(connection, _key(request))
    if found is None:
        raise unauthenticated(WRONG)
    admit(request, service_of(request), found.key_id)
    return found


def organization_caller(request: Request) -> Caller:
    """Who changes what holds for every account.

    Raises:
        ApiError: 401, there is no key or a wrong one; 403, it is a test key.
    """
    who = caller(request)
    if who.account_type == TEST:
        raise ApiError(403, {"detail": "A test key cannot change what production accounts go by."})
    return who


def actor_of(request: Request, who: Caller) -> Actor:
    """The caller as the audit trail names it."""
    return Actor(who.key_name, "API", request.client.host if request.client else "")


def public_url(request: Request) -> str:
    """Where the world reaches this service, without a slash at the end."""
    return (service_of(request).settings.public_url or str(request.base_url)).rstrip("/")


def account_of(request: Request) -> Row[Any]:
    """The linked account whose data the request is about.

    Raises:
        ApiError: 401, the API key or the account token is missing or wrong.
    """
    with reading_account(request) as (_, account):
        return account


def account_and_actor(request: Request) -> tuple[Row[Any], Actor]:
    """The linked account whose data the request is about, and the caller as the audit trail names it.

    Raises:
        ApiError: 401, the API key or the account token is missing or wrong.
    """
    with _identified(request) as (_, who, account):
        return account, actor_of(request, who)


@contextmanager
def reading_account(request: Request) -> Iterator[tuple[Connection, Row[Any]]]:
    """A transaction that only reads, and the linked account whose data the request is about.

    Raises:
        ApiError: 401, the API key or the account token is missing or wrong.
    """
    with _identified(request) as (connection, _, account):
        yield connection, account


@contextmanager
def _identified(request: Request) -> Iterator[tuple[Connection, Caller, Row[Any]]]:
    key, token = _key(request), request.headers.get("x-account-token", "").strip()
    if not token:
        caller(request)
        raise unauthenticated("This request needs the header X-Account-Token.")
    with service_of(request).reader.connect() as connection:
        found = caller_of_account(connection, key, token)
        if found is None or found.account is None:
            raise unauthenticated(WRONG)
        note(account_id=found.account.id)
        admit(request, service_of(request), found.account.id)
        if is_news(found.account.used_at):
            request.scope[CAME] = found.account.id
        yield connection, found, found.account


def account_caller(request: Request) -> Caller:
    """Who asks about a linked account, and which.

    Raises:
        ApiError: 401, the API key or the account token is missing or wrong.
    """
    with _identified(request) as (_, who, _):
        return who


def readable(account: Row[Any], model: Model) -> Restrictions:
    """What the account's scopes take away.

    Raises:
        ApiError: 403, they take away the whole model.
    """
    restrictions = load(account.restrictions)
    if not restrictions.readable(model):
        raise disabled(model.name)
    return restrictions


class CallerRoute(APIRoute):
    """A route that asks who is calling before it looks at the body: strangers learn nothing of either.

    What changes something is carried out once for each `Idempotency-Key`.
    """

    identify: Callable[[Request], Caller] = staticmethod(caller)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of the route, behind the question; without a body the endpoint asks by itself."""
        handle = super().get_route_handler()
        takes_body, changes = self.body_field is not None, bool((self.methods or set()) - READS)

        async def identified(request: Request) -> Response:
            keyed = changes and HEADER in request.headers
            if not (takes_body or keyed):
                return await handle(request)
            who = await run_in_threadpool(self.identify, request)
            if takes_body:
                _require_json(request, await request.body())
            if keyed:
                return await once(service_of(request).idempotency, who, request, handle)
            return await handle(request)

        return identified if takes_body or changes else handle


class AccountRoute(CallerRoute):
    """The same for routes about one linked account's data."""

    identify = staticmethod(account_caller)


async def answering(request: Request, function: Callable[[], T]) -> T:
    """Run a short reading function: at once on SQLite, where it takes a fraction of a millisecond and
    handing it to a thread would take several times as long; in a thread where it waits for a server.
    """
    if service_of(request).engine.dialect.name == "sqlite":
        return function()
    return await run_in_threadpool(function)


def _require_json(request: Request, body: bytes) -> None:
    """Stricter than the framework: no NaN, no half characters."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise ApiError(400, {"non_field_errors": [NOT_JSON]})
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ApiError(400, {"non_field_errors": [f"The body is not JSON: {error}"]}) from error
    if problem := _too_much(content):
        raise ApiError(400, {"non_field_errors": [f"The body {problem}."]})


def _too_much(content: Any) -> str | None:
    """What is wrong with something nested deeper, or of more parts, than what goes through it can follow."""
    level, count = [content], 0
    for _ in range(DEEPEST):
        inside = [node for node in level if isinstance(node, dict | list)]
        count += sum(map(len, inside))
        if count > MOST:
            return f"holds more than {MOST:,} values"
        level = [child for node in inside for child in (node.values() if isinstance(node, dict) else node)]
    deeper = any(isinstance(node, dict | list) for node in level)
    return f"is nested more than {DEEPEST} deep" if deeper else None


def _key(request: Request) -> str:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise unauthenticated(NO_KEY)
    return key.strip()
