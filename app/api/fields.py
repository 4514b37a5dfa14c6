"""Field mappings: fields of callers' own, and the vendor's fields that fill them."""

from collections.abc import Iterable
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, StringConstraints, create_model
from sqlalchemy import Connection, Row

from app.accounts.keys import Caller
from app.api import parameters
from app.api.callers import (
    AccountRoute,
    account_caller,
    account_of,
    actor_of,
    organization_caller,
    reading_account,
    service_of,
)
from app.api.errors import bad_field, bad_filter, not_found
from app.api.records import json_response
from app.api.reference.answers import Responses, WriteProblem, errors
from app.common.fields import Model
from app.common.models import COLLECTIONS
from app.common.schema import component
from app.fields import store
from app.fields.mappings import holding_for, path_of, rows_of
from app.fields.remote import SAMPLE, RemoteField, RemoteFields
from app.jobs import ask
from app.scopes.restrictions import load
from app.sync.remapping import KIND as REMAP
from app.writes.problems import WriteRefused, envelope, problem

router = APIRouter(tags=["Field mappings"], route_class=AccountRoute)

_MODELS = {model.name: model for model in COLLECTIONS}
MOST_SAMPLED = 1_000  # rows
Name = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00]{1,200}$")]
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]{0,2000}$")]


class RemoteEndpointInfo(BaseModel):
    """Where a vendor's field is."""

    method: str = Field(description="How it is read.", examples=["GET"])
    url_path: str = Field(description="The vendor's path.", examples=["/v3/candidates"])
    field_traversal_path: list[str] = Field(
        description="The way to it within a record.", examples=[["custom_fields", "notice_period"]]
    )


class RemoteFieldApi(BaseModel):
    """A field of the vendor's."""

    schema_: dict[str, Any] = Field(
        alias="schema", description="The JSON Schema of its values.", examples=[{"type": "string"}]
    )
    remote_key_name: str = Field(description="Its name at the vendor.", examples=["notice_period"])
    remote_endpoint_info: RemoteEndpointInfo = Field(description="Where it is.")
    example_values: list[Any] | None = Field(description="Some of its values, when they are asked for.")
    advanced_metadata: dict[str, Any] | None = Field(description="Always null.")
    coverage: float = Field(description="The share of the records that have a value.", examples=[0.82])


class ExternalTargetFieldApi(BaseModel):
    """A field of your own."""

    name: str = Field(description="Its name.", examples=["notice_period"])
    description: str = Field(description="What it is.")
    is_mapped: str = Field(description="`true` when the account has a mapping for it, else `false`.")


class CreateTargetFieldRequest(BaseModel):
    """A target field of the organization's."""

    name: Name = Field(description="Its name.", examples=["notice_period"])
    common_model: str = Field(description="The common model it is added to.", examples=["Candidate"])
    description: Text = Field("", description="What it is.")


class FieldMappingApiInstanceTargetField(BaseModel):
    """The target of a mapping."""

    name: str = Field(description="Its name.", examples=["notice_period"])
    description: str = Field(description="What it is.")
    is_organization_wide: bool = Field(description="Whether it is the organization's, or the account's own.")


class FieldMappingApiInstanceRemoteField(BaseModel):
    """The vendor's side of a mapping."""

    remote_key_name: str | None = Field(description="Its name at the vendor.", examples=["notice_period"])
    schema_: dict[str, Any] | None = Field(alias="schema", description="The JSON Schema of its values.")
    remote_endpoint_info: RemoteEndpointInfo = Field(description="Where it is.")


class FieldMappingApiInstance(BaseModel):
    """A field mapping."""

    id: str = Field(description="Its id.")
    is_integration_wide: bool = Field(description="Whether it holds for every account of the integration.")
    target_field: FieldMappingApiInstanceTargetField = Field(description="Which field it fills.")
    remote_field: FieldMappingApiInstanceRemoteField = Field(description="What it fills it with.")
    jmes_path: str | None = Field(description="The JMESPath that makes the value.")
    advanced_mapping_expression: str | None = Field(description="The JSONata that makes the value.")


class FieldMappingInstanceResponse(BaseModel):
    """A mapping that was written, or why it was not."""

    model: FieldMappingApiInstance | None = Field(description="The mapping; null when nothing was written.")
    warnings: list[WriteProblem] = Field(description="Always empty.")
    errors: list[WriteProblem] = Field(description="Why nothing was written.")
    logs: list[dict[str, Any]] = Field(description="Always empty: the vendor is not asked.")


class RemoteBody(BaseModel):
    """The vendor's side of a mapping, as `GET /remote-fields` shows it."""

    remote_field_traversal_path: list[Any] = Field(
        description="`field_traversal_path` of the field.",
        min_length=1,
        max_length=20,
        examples=[["custom_fields", "notice_period"]],
    )
    remote_method: str = Field(description="`method` of the field.", examples=["GET"])
    remote_url_path: str = Field(description="`url_path` of the field.", examples=["/v3/candidates"])
    jmes_path: str | None = Field(None, description="A JMESPath that makes the value of what is found.")
    advanced_mapping_expression: str | None = Field(
        None, description="A JSONata expression that makes the value of what is found."
    )

    def side(self) -> store.RemoteSide:
        """As it is checked and stored."""
        return store.RemoteSide(
            self.remote_method,
            self.remote_url_path,
            self.remote_field_traversal_path,
            self.jmes_path or None,
            self.advanced_mapping_expression or None,
        )


class CreateFieldMappingRequest(RemoteBody):
    """A field mapping to make."""

    common_model_name: str = Field(description="The target's common model.", examples=["Candidate"])
    target_field_name: Name | None = Field(
        None, description="A new field of this account's own.", examples=["notice_period"]
    )
    target_field_description: Text = Field("", description="What that field is.")
    organization_wide_target_field: Name | None = Field(
        None, description="Or the name of a field of the organization's."
    )
    is_integration_wide: bool = Field(
        False, description="Whether it holds for every account of the integration."
    )


class EditFieldMappingRequest(BaseModel):
    """What to change of a mapping; what is not given stays."""

    remote_field_traversal_path: list[Any] | None = Field(
        None, description="`field_traversal_path` of the other field.", min_length=1, max_length=20
    )
    remote_method: str | None = Field(None, description="`method` of the other field.")
    remote_url_path: str | None = Field(None, description="`url_path` of the other field.")
    jmes_path: str | None = Field(None, description="Another JMESPath; empty to do without.")
    advanced_mapping_expression: str | None = Field(
        None, description="Another JSONata expression; empty to do without."
    )


def _by_model(name: str, items: Any) -> type[BaseModel]:
    """An answer whose keys are the common models."""
    keys: dict[str, Any] = {
        model.name: (items, Field([], description=f"Of {model.plural}.")) for model in COLLECTIONS
    }
    return create_model(name, __doc__="By common model.", **keys)


RemoteFieldApiResponse = _by_model("RemoteFieldApiResponse", list[RemoteFieldApi])
ExternalTargetFieldApiResponse = _by_model("ExternalTargetFieldApiResponse", list[ExternalTargetFieldApi])
REFUSED: Responses = {
    400: {
        "description": "Nothing was written; `errors` says why. A body that is not understood is answered "
        "by field.",
        "content": {
            "application/json": {
                "schema": {"anyOf": [component("FieldMappingInstanceResponse"), component("FieldProblems")]},
                "example": {
                    "model": None,
                    "warnings": [],
                    "errors": [
                        problem(
                            "INVALID_FIELD_CHOICE",
                            "Fields are read with GET.",
                            "model/remote_method",
                        ).render()
                    ],
                    "logs": [],
                },
            }
        },
    }
}
FieldMappingApiInstanceResponse = _by_model("FieldMappingApiInstanceResponse", list[FieldMappingApiInstance])


@router.get(
    "/remote-fields",
    summary="List the vendor's fields",
    response_model=RemoteFieldApiResponse,
    responses=errors("BadFilter"),
)
def list_remote_fields(request: Request) -> Response:
    """The fields found in the records kept of the account, by the common model they can be mapped to."""
    query = request.query_params
    examples = parameters.truth(query, "include_example_values")
    wanted = _wanted_models(query.get("common_models"))
    api = service_of(request).connector.api(account_of(request).id)
    with reading_account(request) as (connection, account):
        restrictions = load(account.restrictions)
        fields = RemoteFields(connection, account.id, api, _sample(request))
        shown = {
            model.name: [
                _remote(field, examples and field.resource.path not in restrictions.hidden_paths)
                for field in fields.of(model)
            ]
            if restrictions.readable(model)
            else []
            for model in wanted
        }
    return json_response(orjson.dumps(shown))


@router.get(
    "/target-fields",
    summary="List your own fields",
    response_model=ExternalTargetFieldApiResponse,
)
def list_target_fields(request: Request) -> Response:
    """The organization's target fields and the account's own, by common model."""
    with reading_account(request) as (connection, account):
        return json_response(orjson.dumps(_targets(connection, account)))


@router.post(
    "/target-fields",
    summary="Add a field of your own to every account",
    response_model=ExternalTargetFieldApiResponse,
    responses=errors("BadRequest", "Forbidden"),
)
def create_target_field(request: Request, body: CreateTargetFieldRequest) -> Response:
    """Make a target field of the organization's; mappings fill it, for an account or an integration."""
    organization_caller(request)
    model = _MODELS.get(body.common_model)
    if model is None:
        raise bad_field("common_model", f"This takes one of {', '.join(_MODELS)}.")
    account = account_of(request)
    with service_of(request).engine.begin() as connection:
        try:
            store.make_target(connection, None, model, body.name, body.description)
        except WriteRefused as refusal:
            raise bad_field("name", refusal.problems[0].detail) from refusal
        return json_response(orjson.dumps(_targets(connection, account)))


@router.get(
    "/field-mappings",
    summary="List the mappings of an account",
    response_model=FieldMappingApiInstanceResponse,
    responses=errors("BadFilter"),
)
def list_field_mappings(request: Request) -> Response:
    """The account's own mappings and those of its integration, by common model."""
    with reading_account(request) as (connection, account):
        rows = connection.execute(rows_of(holding_for(account.id, account.integration))).all()
        shown: dict[str, list[Any]] = {name: [] for name in _MODELS}
        render = _Renderer(request, connection, account)
        for row in rows:
            shown[row.model].append(render(row))
    return json_response(orjson.dumps(shown))


@router.post(
    "/field-mappings",
    status_code=201,
    summary="Map a field",
    response_model=FieldMappingInstanceResponse,
    responses=REFUSED | errors("Forbidden"),
)
def create_field_mapping(request: Request, body: CreateFieldMappingRequest) -> Response:
    """Fill a target field of a common model with a field of the vendor's, in all records and soon."""
    who = organization_caller(request) if body.is_integration_wide else account_caller(request)
    account, place = _place(request)
    try:
        wanted = _wanted(body)
        with service_of(request).jobs.begin() as connection:
            ask(connection, REMAP, account.id)  # first: jobs are always locked before what they work on
            mapping_id = store.create(connection, place, wanted, actor_of(request, who))
    except WriteRefused as refusal:
        return _refused(refusal)
    return _written(request, mapping_id, 201)


@router.patch(
    "/field-mappings/{field_mapping_id}",
    summary="Change where a field comes from",
    response_model=FieldMappingInstanceResponse,
    responses=REFUSED | errors("Forbidden", "NotFound"),
)
def change_field_mapping(request: Request, field_mapping_id: str, body: EditFieldMappingRequest) -> Response:
    """Change the vendor's side of a mapping, or its expression. All records follow, soon."""
    account, place = _place(request)
    row, who = _own(request, account, field_mapping_id)
    try:
        with service_of(request).jobs.begin() as connection:
            ask(connection, REMAP, account.id)  # first: jobs are always locked before what they work on
            remote = _changed(row, body)
            store.change(connection, place, _MODELS[row.model], row, remote, actor_of(request, who))
    except WriteRefused as refusal:
        return _refused(refusal)
    return _written(request, row.id, 200)


@router.delete(
    "/field-mappings/{field_mapping_id}",
    summary="Delete a mapping",
    response_model=FieldMappingInstanceResponse,
    responses=errors("Forbidden", "NotFound"),
)
def delete_field_mapping(request: Request, field_mapping_id: str) -> Response:
    """Delete a mapping, and the field if it is the account's own. It leaves all records, soon."""
    account, _ = _place(request)
    row, who = _own(request, account, field_mapping_id)
    with service_of(request).reader.connect() as connection:
        shown = _Renderer(request, connection, account)(row)
    with service_of(request).jobs.begin() as connection:
        ask(connection, REMAP, account.id)  # first: jobs are always locked before what they work on
        store.remove(connection, row, actor_of(request, who))
    # Not 204: the reference's own client reads the mapping from the body, and fails on an empty one.
    return json_response(orjson.dumps(envelope(shown, logs=[])))


# ---- what a request says


def _place(request: Request) -> tuple[Row[Any], store.Place]:
    account = account_of(request)
    api = service_of(request).connector.api(account.id)
    return account, store.Place(account.id, account.integration, api)


def _own(request: Request, account: Row[Any], mapping_id: str) -> tuple[Row[Any], Caller]:
    """A mapping the caller may change, and the caller."""
    with service_of(request).reader.connect() as connection:
        row = store.one(connection, account.id, account.integration, mapping_id.lower())
    if row is None:
        raise not_found()
    return row, organization_caller(request) if row.account_id is None else account_caller(request)


def _wanted(body: CreateFieldMappingRequest) -> store.Wanted:
    model = _MODELS.get(body.common_model_name)
    if model is None:
        detail = f"This takes one of {', '.join(_MODELS)}."
        raise WriteRefused(problem("INVALID_FIELD_CHOICE", detail, "model/common_model_name"))
    name = body.organization_wide_target_field or body.target_field_name
    if name is None:
        detail = "Give target_field_name, or organization_wide_target_field."
        raise WriteRefused(problem("MISSING_REQUIRED_FIELD", detail, "model/target_field_name"))
    if body.is_integration_wide and not body.organization_wide_target_field:
        detail = "A mapping for every account of the integration fills a field of the organization's."
        raise WriteRefused(problem("MISSING_REQUIRED_FIELD", detail, "model/organization_wide_target_field"))
    return store.Wanted(
        model,
        name,
        body.target_field_description,
        body.organization_wide_target_field is not None,
        body.is_integration_wide,
        body.side(),
    )


def _changed(row: Row[Any], body: EditFieldMappingRequest) -> store.RemoteSide:
    """The remote side of a mapping after the change. One expression takes the place of the other."""
    given = body.model_dump(exclude_unset=True)
    kept = {"jmes_path": row.jmes_path, "advanced_mapping_expression": row.jsonata}
    if any(given.get(name) for name in kept):
        kept = {}
    return RemoteBody(
        **{
            "remote_field_traversal_path": list(path_of(row)),
            "remote_method": "GET",
            "remote_url_path": row.url_path,
        }
        | kept
        | {name: value for name, value in given.items() if value is not None or name in _EXPRESSIONS}
    ).side()


_EXPRESSIONS = ("jmes_path", "advanced_mapping_expression")


def _wanted_models(text: str | None) -> Iterable[Model]:
    names = [name.strip() for name in (text or "").split(",") if name.strip()]
    if not set(names) <= _MODELS.keys():
        raise bad_filter()
    return [_MODELS[name] for name in names or _MODELS]


def _sample(request: Request) -> int:
    text = request.query_params.get("remote_data_iteration_count", "")
    if text == "":
        return SAMPLE
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
        raise bad_filter()
    return min(int(text[:9]), MOST_SAMPLED)


# ---- answers


class _Renderer:
    """Shows stored mappings in the reference's shape."""

    def __init__(self, request: Request, connection: Connection, account: Row[Any]) -> None:
        api = service_of(request).connector.api(account.id)
        self._bare = parameters.truth(request.query_params, "exclude_remote_field_metadata")
        self._fields = RemoteFields(connection, account.id, api, _sample(request))

    def __call__(self, row: Row[Any]) -> dict[str, Any]:
        path = path_of(row)
        known = None if self._bare else self._fields.one(_MODELS[row.model], row.url_path, path)
        endpoint = {"method": "GET", "url_path": row.url_path, "field_traversal_path": list(path)}
        return {
            "id": row.id,
            "is_integration_wide": row.account_id is None,
            "target_field": {
                "name": row.name,
                "description": row.description,
                "is_organization_wide": row.target_account_id is None,
            },
            "remote_field": {
                "remote_key_name": known.key_name if known else None,
                "schema": known.schema if known else None,
                "remote_endpoint_info": endpoint,
            },
            "jmes_path": row.jmes_path,
            "advanced_mapping_expression": row.jsonata,
        }


def _remote(field: RemoteField, examples: bool) -> dict[str, Any]:
    return {
        "schema": field.schema,
        "remote_key_name": field.key_name,
        "remote_endpoint_info": {
            "method": "GET",
            "url_path": field.resource.path,
            "field_traversal_path": list(field.path),
        },
        "example_values": field.examples if examples else None,
        "advanced_metadata": None,
        "coverage": field.coverage,
    }


def _targets(connection: Connection, account: Row[Any]) -> dict[str, Any]:
    holding = connection.execute(rows_of(holding_for(account.id, account.integration)))
    mapped = {row.target_id for row in holding}
    shown: dict[str, list[Any]] = {name: [] for name in _MODELS}
    for row in store.targets(connection, account.id):
        is_mapped = "true" if row.id in mapped else "false"  # a string, as the reference has it
        shown[row.model].append({"name": row.name, "description": row.description, "is_mapped": is_mapped})
    return shown


def _written(request: Request, mapping_id: str, status: int) -> Response:
    with reading_account(request) as (connection, account):
        row = store.one(connection, account.id, account.integration, mapping_id)
        if row is None:
            raise not_found()
        shown = _Renderer(request, connection, account)(row)
    return json_response(orjson.dumps(envelope(shown, logs=[])), status)


def _refused(refusal: WriteRefused) -> Response:
    return json_response(orjson.dumps(envelope(None, errors=refusal.problems, logs=[])), refusal.status)
