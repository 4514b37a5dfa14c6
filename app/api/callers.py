"""Who is asking: the API key, and the account token of requests about one linked account's data."""

from typing import Any

from fastapi import Request
from sqlalchemy import Row

from app.accounts.keys import Caller, caller_by_key, caller_of_account
from app.api.errors import unauthenticated
from app.service import Service

NO_KEY = "Authentication credentials were not provided."
WRONG = "Invalid token."


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
    return found


def account_of(request: Request) -> Row[Any]:
    """The linked account whose data the request is about.

    Raises:
        ApiError: 401, the API key or the account token is missing or wrong.
    """
    key, token = _key(request), request.headers.get("x-account-token", "").strip()
    if not token:
        caller(request)
        raise unauthenticated("This request needs the header X-Account-Token.")
    with service_of(request).reader.connect() as connection:
        found = caller_of_account(connection, key, token)
    if found is None or found.account is None:
        raise unauthenticated(WRONG)
    return found.account


def _key(request: Request) -> str:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise unauthenticated(NO_KEY)
    return key.strip()
