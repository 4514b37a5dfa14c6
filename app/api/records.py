"""Reading common records: a list and a retrieve route for each model, made from its declaration."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import orjson
from fastapi import APIRouter, Request, Response
from starlette.datastructures import QueryParams

from app.api import parameters
from app.api.callers import AccountRoute, answering, readable, reading_account, service_of
from app.api.errors import not_found
from app.api.freshness import refreshed, show_freshness, warn
from app.api.paging import PageRequest, neighbours
from app.api.reference.answers import errors, list_of, one_of
from app.api.reference.parameters import list_parameters, retrieve_parameters
from app.common.fields import Model
from app.common.models import COLLECTIONS, JOB, SCREENING_QUESTION
from app.records.reading import RecordReader, Selection, View, field_condition
from app.sync.freshness import read_at

router = APIRouter(route_class=AccountRoute)


def json_response(body: bytes, status: int = 200) -> Response:
    """A body that is JSON already."""
    return Response(body, status, media_type="application/json")


def list_page(
    reader: RecordReader, query: QueryParams, model: Model, selection: Selection, view: View
) -> Response:
    """One page of a model's records."""
    page = PageRequest.of(query)
    position = (page.cursor.created_at, page.cursor.id) if page.cursor else None
    backward = page.cursor is not None and page.cursor.backward
    plain = reader.is_plain(model, view)
    rows, more = reader.page(model, selection, page.size, position, backward, plain=plain)
    bodies = reader.render(model, rows, view)
    following, previous = neighbours(page, rows, more)
    head = orjson.dumps({"next": following, "previous": previous})[:-1]
    return json_response(b"".join((head, b',"results":[', b",".join(bodies), b"]}")))


def _list_route(model: Model) -> Callable[[Request], Awaitable[Response]]:
    def answer(request: Request) -> Response:
        query = request.query_params
        with reading_account(request) as (connection, account):
            moment = service_of(request).freshness.of(connection, account.id, account.clock, model)
            restrictions = readable(account, model)
            selection = parameters.selection(account.id, model, query, restrictions)
            reader = RecordReader(connection, account.id, restrictions)
            page = list_page(reader, query, model, selection, parameters.view(model, query))
            return show_freshness(page, moment)

    async def list_records(request: Request) -> Response:
        return await answering(request, lambda: answer(request))

    return list_records


def _retrieve_route(model: Model) -> Callable[[Request, str], Awaitable[Response]]:
    def answer(request: Request, wanted: str) -> Response:
        with reading_account(request) as (connection, account):
            moment = service_of(request).freshness.of(connection, account.id, account.clock, model)
            restrictions = readable(account, model)
            view = parameters.view(model, request.query_params)
            reader = RecordReader(connection, account.id, restrictions)
            row = reader.one(model, wanted.lower(), view.shells)
            if row is None:
                raise not_found()
            moments = (moment, read_at(connection, account.id, row))
            shown = json_response(reader.render(model, [row], view)[0])
            return show_freshness(shown, max((m for m in moments if m), default=None))

    async def retrieve_record(request: Request, id: str) -> Response:
        reason = await refreshed(request, model, id.lower())
        return warn(await answering(request, lambda: answer(request, id)), reason)

    return retrieve_record


for _model in COLLECTIONS:
    router.add_api_route(
        f"/{_model.path}",
        _list_route(_model),
        methods=["GET"],
        name=f"list_{_model.plural}".replace(" ", "_"),
        tags=[_model.plural.capitalize()],
        summary=f"List {_model.plural}",
        description=_model.description,
        responses=list_of(_model) | errors("BadFilter", "Forbidden", "InvalidCursor"),
        openapi_extra={"parameters": list_parameters(_model)},
    )
    if _model.retrievable:
        router.add_api_route(
            f"/{_model.path}/{{id}}",
            _retrieve_route(_model),
            methods=["GET"],
            name=f"retrieve_{_model.singular}".replace(" ", "_"),
            tags=[_model.plural.capitalize()],
            summary=f"Retrieve one of the {_model.plural}",
            description=_model.description,
            responses=one_of(_model) | errors("BadFilter", "Forbidden", "NotFound"),
            openapi_extra={"parameters": retrieve_parameters(_model)},
        )


@router.get(
    "/jobs/{job_id}/screening-questions",
    tags=["Jobs"],
    summary="List the screening questions of a job",
    responses=list_of(SCREENING_QUESTION) | errors("BadFilter", "Forbidden", "NotFound"),
    openapi_extra={"parameters": list_parameters(SCREENING_QUESTION, without=("job_id",))},
)
def list_screening_questions(request: Request, job_id: str) -> Response:
    """The questions candidates answer when they apply for a job."""
    query, job = request.query_params, job_id.lower()
    with reading_account(request) as (connection, account):
        restrictions = readable(account, SCREENING_QUESTION)
        reader = RecordReader(connection, account.id, restrictions)
        if reader.one(JOB, job, shells=False) is None:
            raise not_found()
        moment = service_of(request).freshness.of(connection, account.id, account.clock, SCREENING_QUESTION)
        wanted = parameters.selection(account.id, SCREENING_QUESTION, query, restrictions)
        of_job = field_condition(account.id, SCREENING_QUESTION, SCREENING_QUESTION.field("job"), [job])
        selection = replace(wanted, conditions=(*wanted.conditions, of_job))
        view = parameters.view(SCREENING_QUESTION, query)
        return show_freshness(list_page(reader, query, SCREENING_QUESTION, selection, view), moment)
