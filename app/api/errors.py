"""Errors as the reference API words them: one key `detail`, or the name of the field that is wrong."""

import logging
from collections.abc import Mapping
from math import ceil

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.exceptions import HTTPException

from app.accounts.clock import AccountGone

log = logging.getLogger(__name__)

# Lost, full, locked, a standby that takes no changes, or all connections busy.
DATABASE_AWAY = (OperationalError, InterfaceError, InternalError, PoolExhausted)


class ApiError(Exception):
    """An answer that is not a success.

    Args:
        status: the HTTP status.
        body: the whole body.
        headers: more headers.
    """

    def __init__(self, status: int, body: object, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


def not_found() -> ApiError:
    """Nothing of that id or path, or nothing the caller may know of."""
    return ApiError(404, {"detail": "Not found."})


def forbidden() -> ApiError:
    """The caller's key is not one that may do this."""
    return ApiError(403, {"detail": "You do not have permission to perform this action."})


def bad_filter() -> ApiError:
    """A list parameter has an unusable value."""
    return ApiError(400, {"non_field_errors": ["Provided filters are invalid."]})


def bad_field(name: str, *problems: str) -> ApiError:
    """A field of a plain body is wrong."""
    return ApiError(400, {name: list(problems)})


def unauthenticated(detail: str) -> ApiError:
    """The API key or account token is missing or wrong."""
    return ApiError(401, {"detail": detail}, {"WWW-Authenticate": "Bearer"})


def disabled(what: str) -> ApiError:
    """The account's scopes switch a model or a field off."""
    return ApiError(403, {"detail": f"{what} is disabled in the scopes of this linked account."})


def throttled(seconds: float) -> ApiError:
    """Too many requests: ours or the vendor's."""
    wait = max(1, ceil(seconds))
    detail = f"Request was throttled. Expected available in {wait} seconds."
    return ApiError(429, {"detail": detail}, {"Retry-After": str(wait)})


def install(app: FastAPI) -> None:
    """Make every error of an app answer in the reference's words."""
    for kind in HANDLED:
        app.add_exception_handler(kind, answer_to)


HANDLED = (ApiError, AccountGone, HTTPException, RequestValidationError, *DATABASE_AWAY)


def answer_to(request: Request, error: Exception) -> Response:
    """The answer to a request that ended with one of the `HANDLED` errors."""
    if isinstance(error, ApiError):
        return JSONResponse(error.body, error.status, error.headers)
    if isinstance(error, AccountGone):  # deleted while the request was under way
        return answer_to(request, unauthenticated("Invalid token."))
    if isinstance(error, HTTPException):
        return _http_error(request, error)
    if isinstance(error, DATABASE_AWAY):
        return _database_away(error)
    assert isinstance(error, RequestValidationError)
    return _invalid_body(error)


def _http_error(request: Request, error: HTTPException) -> Response:
    detail = {404: "Not found.", 405: f'Method "{request.method}" not allowed.'}.get(
        error.status_code, error.detail
    )
    return JSONResponse({"detail": detail}, error.status_code, error.headers)


def _database_away(error: Exception) -> Response:
    """Nothing was done: what comes after a vendor has acted deals with such an error itself."""
    log.error("The database cannot be used: %s", error)
    detail = "The database cannot be used at the moment. Nothing was done; try again."
    return JSONResponse({"detail": detail}, 503, {"Retry-After": "1"})


def _invalid_body(error: RequestValidationError) -> Response:
    problems: dict[str, list[str]] = {}
    for problem in error.errors():
        place = [str(part) for part in problem["loc"][1:] if isinstance(part, str)]  # [0]: body or query
        missing = problem["type"] == "missing"
        text = "This field is required." if missing else str(problem["msg"])
        problems.setdefault(".".join(place) or "non_field_errors", []).append(text)
    return JSONResponse(problems, 400)


def defect() -> Response:
    """The answer to a request that ended with an error of ours."""
    return JSONResponse({"detail": "Internal server error. It has been logged."}, 500)
