"""How a route describes what it answers."""

from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Field

from app.common.fields import Model
from app.common.schema import EXTENSION, Schema, component, example

Responses = dict[int | str, dict[str, Any]]
Item = TypeVar("Item")
CURSOR = "cD0xNzYzMzcwMDAwMDAwMDAwPTNmMmI"


class Page(BaseModel, Generic[Item]):
    """One page of a list."""

    next: str | None = Field(description="The cursor of the next page; null on the last.", examples=[CURSOR])
    previous: str | None = Field(description="The cursor of the page before; null on the first.")
    results: list[Item] = Field(description="The page's items.")

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """`PaginatedSyncStatusList`, as the reference API names such bodies."""
        return f"Paginated{params[0].__name__}List"


class RemoteData(BaseModel):
    """A record as the vendor gave it."""

    path: str = Field(description="The vendor's path it came from.", examples=["/v3/interviews"])
    data: Any = Field(description="What the vendor answered.", examples=[{"id": 4081256}])


class MappedValue(BaseModel):
    """The value of a field of your own."""

    value: Any = Field(description="What the vendor has there.", examples=["L4"])


class FieldMappings(BaseModel):
    """Fields of your own, by their names; one that is not mapped is absent."""

    organization_defined_targets: dict[str, MappedValue] = Field(description="Those of all accounts.")
    linked_account_defined_targets: dict[str, MappedValue] = Field(description="Those of this account.")


class Detail(BaseModel):
    """An error that is about no part of the request in particular."""

    detail: str = Field(description="What is wrong.")


class ProblemSource(BaseModel):
    """Where in the request a problem lies."""

    pointer: str = Field(description="The path of the field.", examples=["model/start_at"])


class WriteProblem(BaseModel):
    """A warning (the record was written all the same) or an error (nothing was written)."""

    problem_type: str = Field(
        description="The kind of problem, for programs.", examples=["MISSING_REQUIRED_FIELD"]
    )
    title: str = Field(description="The kind of problem, for people.", examples=["Missing Required Field"])
    detail: str = Field(
        description="What is wrong and what to do about it.", examples=["start_at is required."]
    )
    source: ProblemSource | None = Field(
        description="Where the problem lies; null when it is about no field."
    )
    raw_error: str = Field("", description="The vendor's own words, when it was the vendor who refused.")


class LogSummary(BaseModel):
    """A request to the vendor and its outcome."""

    url: str = Field(description="Where it went.", examples=["https://vendor.example/v3/interviews"])
    method: str = Field(description="The HTTP method.", examples=["POST"])
    status_code: int | None = Field(
        description="The vendor's HTTP status; null when there was no answer.", examples=[201]
    )


class WriteLog(BaseModel):
    """One request made to the vendor."""

    log_id: str | None = Field(description="The request's id.")
    dashboard_view: str | None = Field(description="Where it can be looked at.")
    log_summary: LogSummary = Field(description="What was sent and answered.")


class Refusal(BaseModel):
    """Nothing was done at the vendor."""

    model: None = Field(description="Always null.")
    warnings: list[WriteProblem] = Field(description="Always empty.")
    errors: list[WriteProblem] = Field(description="Why.")
    logs: list[WriteLog] = Field([], description="The requests made to the vendor, in debug mode.")


FIELD_PROBLEMS: Schema = {
    "type": "object",
    "description": "What is wrong, by the field it is wrong with; `non_field_errors` is about the whole.",
    "additionalProperties": {"type": "array", "items": {"type": "string"}},
    "examples": [{"name": ["This field is required."]}],
}

PLAIN = (Detail, Refusal, WriteLog, RemoteData, FieldMappings)


def _json(schema: Schema, sample: object) -> Schema:
    return {"application/json": {"schema": schema, "example": sample}}


def _detail(description: str, sample: str, **more: Any) -> Schema:
    return {"description": description, "content": _json(component("Detail"), {"detail": sample}), **more}


_FIELDS = component("FieldProblems")
_REFUSED = {
    "model": None,
    "warnings": [],
    "errors": [
        {
            "problem_type": "MISSING_REQUIRED_FIELD",
            "title": "Missing Required Field",
            "detail": "candidate is required.",
            "source": {"pointer": "model/candidate"},
        }
    ],
}
ERRORS: dict[str, tuple[int, Schema]] = {
    "BadRequest": (
        400,
        {
            "description": "What is wrong with which field. Nothing was done unless the body says otherwise.",
            "content": _json(
                {"anyOf": [_FIELDS, component("Refusal"), component("Detail")]},
                {"name": ["This field is required."]},
            ),
        },
    ),
    "BadFilter": (
        400,
        {
            "description": "A filter or switch has an unusable value.",
            "content": _json(_FIELDS, {"non_field_errors": ["Provided filters are invalid."]}),
        },
    ),
    "NotWritten": (
        400,
        {
            "description": "Nothing was written; `errors` says why. A body that cannot be read is answered "
            "by field.",
            "content": _json({"anyOf": [component("Refusal"), _FIELDS]}, _REFUSED),
        },
    ),
    "Unauthenticated": (401, _detail("The API key or account token is missing or wrong.", "Invalid token.")),
    "Unsigned": (
        401,
        _detail("The signature is missing or wrong.", "The delivery's signature is not valid."),
    ),
    "Forbidden": (403, _detail("Not allowed.", "You do not have permission to perform this action.")),
    "NotFound": (404, _detail("There is no such thing, or none the caller may know of.", "Not found.")),
    "InvalidCursor": (404, _detail("The cursor is not one of this API's.", "Invalid cursor")),
    "TimedOut": (
        408,
        _detail(
            "The vendor did not answer in time.",
            "The vendor did not answer in time. Use POST /async-passthrough for slow requests.",
        ),
    ),
    "StillRunning": (
        409,
        _detail(
            "A request with this Idempotency-Key is still being carried out.",
            "A request with this Idempotency-Key is still being carried out.",
        ),
    ),
    "TooLarge": (413, _detail("The body is too large.", "The body is larger than 40,000,000 bytes.")),
    "Throttled": (
        429,
        _detail(
            "Too many requests, to this API or on to the vendor. Wait as long as `Retry-After` says.",
            "Request was throttled. Expected available in 12 seconds.",
            headers={
                "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
                "X-RateLimit-Limit": {
                    "description": "Requests allowed a minute.",
                    "schema": {"type": "integer"},
                },
                "X-RateLimit-Remaining": {
                    "description": "How many are left of them.",
                    "schema": {"type": "integer"},
                },
                "X-RateLimit-Reset": {
                    "description": "When the count begins anew, in seconds since 1970.",
                    "schema": {"type": "integer"},
                },
            },
        ),
    ),
    "Defect": (500, _detail("A defect of ours.", "Internal server error. It has been logged.")),
    "Unavailable": (
        503,
        {
            "description": "The vendor, or the database, cannot be reached now; nothing was done.",
            "content": _json(
                {"anyOf": [component("Detail"), component("Refusal")]},
                {"detail": "The vendor cannot be reached: no connection."},
            ),
        },
    ),
}


def errors(*names: str) -> Responses:
    """The descriptions of errors a route answers with, by their names in `ERRORS`."""
    return {ERRORS[name][0]: {"$ref": f"#/components/responses/{name}"} for name in names}


FRESH_AS_OF: Schema = {
    "X-Data-Fresh-As-Of": {
        "description": "The moment up to which what is shown is known to be complete; absent while that is "
        "not known.",
        "schema": {"type": "string", "format": "date-time"},
    }
}
WARNING: Schema = {
    "Warning": {
        "description": "Why the record is shown as stored though `max_age` asked for a fresher one.",
        "schema": {"type": "string"},
    }
}


def list_of(model: Model) -> Responses:
    """The answer of a list of a model's records."""
    answer = _answer(200, "One page of records.", component(f"Paginated{model.name}List"))
    return {200: answer[200] | {"headers": FRESH_AS_OF}}


def one_of(model: Model) -> Responses:
    """The answer of reading one record of a model."""
    answer = _answer(200, "The record.", component(model.name))
    return {200: answer[200] | {"headers": FRESH_AS_OF | WARNING}}


def written(model: Model, status: int) -> Responses:
    """The answers of a write of a model."""
    words = "It is written at the vendor; `warnings` says what it did not take."
    envelope = component(f"{model.name}Response")
    return _answer(status, words, envelope) | errors("NotWritten", "Throttled", "Unavailable")


def page_schema(model: Model) -> Schema:
    """One page of a model's records."""
    cursor: Schema = {"type": ["string", "null"]}
    properties = {
        "next": {**cursor, "description": "The cursor of the next page; null on the last."},
        "previous": {**cursor, "description": "The cursor of the page before; null on the first."},
        "results": {"type": "array", "items": component(model.name), "description": "The page's records."},
    }
    return {
        "type": "object",
        "description": f"One page of {model.plural}." if model.path else "One page of a list.",
        "properties": properties,
        "required": list(properties),
        "examples": [{"next": CURSOR, "previous": None, "results": [example(model)]}],
    }


AS_SENT: Schema = {
    "type": "object",
    "description": "Not made yet, so without an id.",
    "properties": {
        "id": {"type": "null", "description": "None yet."},
        "remote_id": {"type": "null", "description": "None yet."},
    },
    "required": ["id", "remote_id"],
    "additionalProperties": True,
}


def envelope_schema(model: Model) -> Schema:
    """The answer to a write of a model."""
    problems = {"type": "array", "items": component("WriteProblem")}
    return {
        "type": "object",
        "description": f"The outcome of writing a {model.name}.",
        "properties": {
            "model": {
                "anyOf": [component(model.name), AS_SENT, {"type": "null"}],
                "description": "As stored now; with `run_async`, what is to be made as it was sent.",
            },
            "warnings": {**problems, "description": "What was written only in part, or not at all."},
            "errors": {**problems, "description": "Why nothing was written; empty when it was."},
            "logs": {
                "type": "array",
                "items": component("WriteLog"),
                "description": "The requests made to the vendor, with `is_debug_mode=true`.",
            },
            "task_id": {
                "type": "string",
                "format": "uuid",
                "description": "With `run_async=true`: what to ask `GET /async-tasks/{task_id}` for.",
                EXTENSION: True,
            },
        },
        "required": ["model", "warnings", "errors"],
        "examples": [{"model": example(model), "warnings": [], "errors": []}],
    }


def _answer(status: int, description: str, schema: Schema) -> Responses:
    return {status: {"description": description, "content": {"application/json": {"schema": schema}}}}
