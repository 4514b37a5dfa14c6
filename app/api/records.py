"""Reading common records: a list and a retrieve route for each model, made from its declaration."""

from collections.abc import Callable
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy import Row

from app.api import parameters
from app.api.callers import account_of, service_of
from app.api.errors import not_found
from app.api.paging import PageRequest, neighbours
from app.common.fields import Model
from app.common.models import COLLECTIONS, JOB, SCREENING_QUESTION
from app.records.reading import RecordReader, Selection, View, field_condition

router = APIRouter(tags=["Common models"])


def json_response(body: bytes, status: int = 200) -> Response:
    """A body that is JSON already."""
    return Response(body, status, media_type="application/json")


def list_page(
    request: Request, account: Row[Any], model: Model, selection: Selection, view: View
) -> Response:
    """One page of a model's records."""
    page = PageRequest.of(request.query_params)
    position = (page.cursor.created_at, page.cursor.id) if page.cursor else None
    backward = page.cursor is not None and page.cursor.backward
    with service_of(request).reader.connect() as connection:
        reader = RecordReader(connection, account.id)
        rows, more = reader.page(model, selection, page.size, position, backward)
        bodies = reader.render(model, rows, view)
    following, previous = neighbours(page, [(row.created_at, row.id) for row in rows], more)
    head = orjson.dumps({"next": following, "previous": previous})[:-1]
    return json_response(head + b',"results":[' + b",".join(bodies) + b"]}")


def _list_route(model: Model) -> Callable[[Request], Response]:
    def list_records(request: Request) -> Response:
        account = account_of(request)
        query = request.query_params
        selection = parameters.selection(account.id, model, query)
        return list_page(request, account, model, selection, parameters.view(model, query))

    return list_records


def _retrieve_route(model: Model) -> Callable[[Request, str], Response]:
    def retrieve_record(request: Request, id: str) -> Response:
        account = account_of(request)
        view = parameters.view(model, request.query_params)
        with service_of(request).reader.connect() as connection:
            reader = RecordReader(connection, account.id)
            row = reader.one(model, id.lower(), view.shells)
            if row is None:
                raise not_found()
            return json_response(reader.render(model, [row], view)[0])

    return retrieve_record


for _model in COLLECTIONS:
    router.add_api_route(
        f"/{_model.path}",
        _list_route(_model),
        methods=["GET"],
        name=f"list_{_model.table_name}",
        summary=f"List {_model.path}",
        description=_model.description,
    )
    if _model.retrievable:
        router.add_api_route(
            f"/{_model.path}/{{id}}",
            _retrieve_route(_model),
            methods=["GET"],
            name=f"retrieve_{_model.table_name}",
            summary=f"Retrieve one of {_model.path}",
            description=_model.description,
        )


@router.get("/jobs/{job_id}/screening-questions", summary="List the screening questions of a job")
def list_screening_questions(request: Request, job_id: str) -> Response:
    """The questions candidates answer when they apply for a job."""
    account = account_of(request)
    job = job_id.lower()
    with service_of(request).reader.connect() as connection:
        if RecordReader(connection, account.id).one(JOB, job, shells=False) is None:
            raise not_found()
    query = request.query_params
    wanted = parameters.selection(account.id, SCREENING_QUESTION, query)
    of_job = field_condition(account.id, SCREENING_QUESTION, SCREENING_QUESTION.field("job"), [job])
    selection = Selection((*wanted.conditions, of_job), wanted.deleted, wanted.shells)
    return list_page(
        request, account, SCREENING_QUESTION, selection, parameters.view(SCREENING_QUESTION, query)
    )
