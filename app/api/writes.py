"""Writing: one route for each operation of the table."""

from collections.abc import Callable
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import Row

from app.api import parameters
from app.api.callers import AccountRoute, account_of, service_of
from app.api.errors import not_found, throttled
from app.api.records import json_response
from app.api.reference.answers import Responses, errors, written
from app.api.reference.parameters import write_parameters
from app.common.fields import Model
from app.common.schema import EXTENSION, Schema
from app.records.reading import RecordReader
from app.scopes.store import restrictions_of
from app.service import Service
from app.writes.deferred import as_sent
from app.writes.inputs import PARAMS
from app.writes.operations import CHANGE_STAGE, CREATE, DELETE, OPERATIONS, REJECT, Operation
from app.writes.perform import Performance, WriteRequest
from app.writes.problems import WriteRefused, envelope
from providers.kit import RateLimited

router = APIRouter(route_class=AccountRoute)

ACTS = "Who acts: the vendor's user id, or the id of one of the account's users."


class ModelBody(BaseModel):
    """A write's body."""

    model: dict[str, Any] = Field(description="The fields to write; relations are ids of ours.")
    remote_user_id: str | None = Field(None, description=ACTS)

    def fields(self, _operation: Operation) -> dict[str, Any]:
        """The common fields given."""
        return self.model


class BareBody(BaseModel):
    """A body without `model`."""

    remote_user_id: str | None = Field(None, description=ACTS)
    integration_params: dict[str, Any] | None = Field(None, description="What only this vendor asks for.")

    def fields(self, operation: Operation) -> dict[str, Any]:
        """The common fields given."""
        given = self.model_dump()
        params = {} if self.integration_params is None else {PARAMS: self.integration_params}
        return {field: given[name] for name, field in operation.bare.items()} | params


class ChangeStageBody(BareBody):
    """Where to move an application."""

    job_interview_stage: str | None = Field(None, description="The id of the stage to move to.")


class RejectBody(BareBody):
    """Why an application is rejected."""

    reject_reason: str | None = Field(None, description="The id of the reason, where the vendor needs one.")


BARE: dict[str, type[BareBody]] = {CHANGE_STAGE: ChangeStageBody, REJECT: RejectBody}


def _create_route(operation: Operation) -> Callable[..., Response]:
    def create(request: Request, body: ModelBody) -> Response:
        return _write(request, operation, None, body.fields(operation), body.remote_user_id)

    return create


def _change_route(operation: Operation) -> Callable[..., Response]:
    def change(request: Request, id: str, body: ModelBody | BareBody) -> Response:
        return _write(request, operation, id, body.fields(operation), body.remote_user_id)

    change.__annotations__["body"] = BARE.get(operation.verb, ModelBody)
    return change


def _delete_route(operation: Operation) -> Callable[..., Response]:
    def delete(request: Request, id: str) -> Response:
        return _write(request, operation, id, {}, request.query_params.get("remote_user_id"))

    return delete


def _write(
    request: Request,
    operation: Operation,
    wanted: str | None,
    given: dict[str, Any],
    remote_user_id: str | None,
) -> Response:
    account, service = account_of(request), service_of(request)
    record = None if wanted is None else _record(service, account.id, operation.model, wanted)
    asked = WriteRequest(
        operation,
        given,
        remote_user_id,
        record,
        debug=parameters.truth(request.query_params, "is_debug_mode"),
    )
    performance = Performance(service.writing, account.id, asked)
    if parameters.truth(request.query_params, "run_async"):
        return _deferred(service, performance)
    try:
        status, answer = performance.run()
    except RateLimited as limit:
        raise throttled(limit.advice) from limit
    return json_response(orjson.dumps(answer), status)


def _deferred(service: Service, performance: Performance) -> Response:
    """Check a write as far as that is possible, and answer; a job carries it out."""
    asked, account_id = performance.request, performance.account_id
    try:
        warnings = performance.check()
    except WriteRefused as refusal:
        return json_response(orjson.dumps(envelope(None, errors=refusal.problems)), refusal.status)
    shown = performance.stored() or as_sent(asked.operation.model, asked.given)
    task = service.deferred_writes.put(account_id, asked)
    answer = envelope(shown, warnings) | {"task_id": task}
    return json_response(orjson.dumps(answer), 201 if asked.operation.creates else 200)


def _record(service: Service, account_id: str, model: Model, wanted: str) -> Row[Any]:
    with service.reader.connect() as connection:
        reader = RecordReader(connection, account_id, restrictions_of(connection, account_id))
        record = reader.one(model, wanted.lower(), shells=False)
    if record is None:
        raise not_found()
    return record


def _answers(operation: Operation) -> Responses:
    found = written(operation.model, 201 if operation.creates else 200)
    return found | ({} if operation.creates else errors("NotFound"))


def _extra(operation: Operation) -> Schema:
    acts = {"name": "remote_user_id", "in": "query", "description": ACTS, "schema": {"type": "string"}}
    found = {"parameters": write_parameters() + ([acts] if operation.verb == DELETE else [])}
    return found | ({EXTENSION: True} if operation.beyond else {})


_ROUTES = {CREATE: _create_route, DELETE: _delete_route}
for _operation in OPERATIONS:
    router.add_api_route(
        _operation.path,
        _ROUTES.get(_operation.verb, _change_route)(_operation),
        methods=[_operation.method],
        status_code=201 if _operation.creates else 200,
        name=f"{_operation.verb}_{_operation.model.singular}".replace(" ", "_"),
        tags=[_operation.model.plural.capitalize()],
        summary=_operation.summary,
        description=_operation.description,
        responses=_answers(_operation),
        openapi_extra=_extra(_operation),
    )
