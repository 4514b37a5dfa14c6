"""What writes take of the linked account, for programs that make their forms from it."""

from collections.abc import Callable
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from app.api.callers import AccountRoute, account_of, reading_account, service_of
from app.api.errors import not_found
from app.api.records import json_response
from app.api.reference.answers import errors
from app.common.schema import EXTENSION
from app.records.reading import RecordReader
from app.scopes.restrictions import load
from app.writes.meta import meta
from app.writes.operations import CREATE, OPERATIONS, UPDATE, Operation

VERBS = {CREATE: "post", UPDATE: "patch/{id}"}

router = APIRouter(route_class=AccountRoute)


class LinkedAccountStatus(BaseModel):
    """Whether the account can be written to."""

    linked_account_status: str = Field(description="The account's status.", examples=["COMPLETE"])
    can_make_request: bool = Field(description="Whether a write would be sent to the vendor.")


class MetaResponse(BaseModel):
    """What a write takes."""

    request_schema: dict[str, Any] = Field(description="The JSON Schema of the whole body.")
    remote_field_classes: dict[str, Any] = Field(description="Always empty: the older name of the next.")
    remote_fields: dict[str, Any] = Field(description="Always empty.")
    status: LinkedAccountStatus = Field(description="Whether the account can be written to.")
    has_conditional_params: bool = Field(description="Whether the schema depends on a template.")
    has_required_linked_account_params: bool = Field(
        description="Whether the account has required inputs of its own."
    )


def _route(operation: Operation) -> Callable[..., Response]:
    def create_meta(request: Request) -> Response:
        return _answer(request, operation)

    def change_meta(request: Request, id: str) -> Response:
        with reading_account(request) as (connection, account):
            reader = RecordReader(connection, account.id, load(account.restrictions))
            if reader.one(operation.model, id.lower(), shells=False) is None:
                raise not_found()
        return _answer(request, operation)

    return create_meta if operation.creates else change_meta


def _answer(request: Request, operation: Operation) -> Response:
    row = account_of(request)
    with service_of(request).connector.account(row.id) as account:
        return json_response(orjson.dumps(meta(account, operation, load(row.restrictions))))


for _operation in OPERATIONS:
    if _operation.verb in VERBS:
        router.add_api_route(
            f"/{_operation.model.path}/meta/{VERBS[_operation.verb]}",
            _route(_operation),
            methods=["GET"],
            name=f"meta_{_operation.verb}_{_operation.model.table_name}",
            summary=f"What it takes to {_operation.in_words}",
            description="The JSON Schema of the body, from what the account's vendor takes.",
            tags=[_operation.model.plural.capitalize()],
            response_model=MetaResponse,
            responses=errors("NotFound") if _operation.verb == UPDATE else {},
            openapi_extra={EXTENSION: True} if _operation.beyond else {},
        )
