"""The common models as JSON Schema: what a record looks like, and what a caller may write."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from app.common.fields import Field, Kind, Model
from app.common.models import ALL

Schema = dict[str, Any]
MOMENT: Schema = {"type": "string", "format": "date-time"}
ID: Schema = {"type": "string", "format": "uuid"}
EXTENSION = "x-omniats-extension"  # on what the reference API lacks
CREATED, MODIFIED = "2026-11-16T08:15:30.905833Z", "2026-11-17T21:04:11.120462Z"
HAPPENED = "2026-11-15T10:30:00Z"


_BEFORE: dict[str, Schema] = {
    "created_at": {**MOMENT, "description": "When it was first read here."},
    "modified_at": {**MOMENT, "description": "When it last changed here."},
}
_AFTER: dict[str, Schema] = {
    "remote_was_deleted": {"type": "boolean", "description": "Whether the vendor no longer has it."}
}


def component(name: str) -> Schema:
    """A reference to a schema of the API's specification."""
    return {"$ref": f"#/components/schemas/{name}"}


def example_id(name: str) -> str:
    """The id that examples use for the record of this model."""
    return str(uuid5(NAMESPACE_URL, name))


def record_schemas() -> dict[str, Schema]:
    """The schema of a record of each model, by the model's name."""
    return {model.name: record_schema(model) for model in ALL}


def record_schema(model: Model) -> Schema:
    """A record as callers read it: all keys are always there."""
    properties = {
        "id": {**ID, "description": "Our id of the record; it never changes."},
        "remote_id": _nullable({"type": "string"}) | {"description": "The vendor's id of the record."},
        **_BEFORE,
        **{f.name: _shown(f) for f in model.rendered},
        **_AFTER,
        **(_supplements() if model.has_supplements else {}),
    }
    return {
        "type": "object",
        "description": model.description,
        "properties": properties,
        "required": list(properties),
        "examples": [example(model)],
    }


def example(model: Model) -> dict[str, Any]:
    """A made-up record."""
    made: dict[str, Any] = {
        "id": example_id(model.name),
        "remote_id": "4081256",
        "created_at": CREATED,
        "modified_at": MODIFIED,
        **{f.name: _example(f) for f in model.rendered},
        "remote_was_deleted": False,
    }
    return made | ({"field_mappings": None, "remote_data": None} if model.has_supplements else {})


def given_schema(field: Field) -> Schema:
    """What a caller may write into a field; a relation is an id."""
    return {**_given(field), "description": field.description}


def _shown(field: Field) -> Schema:
    mark = {EXTENSION: True} if field.extra else {}
    return {**_value(field), "description": field.description, **mark}


def _value(field: Field) -> Schema:
    match field.kind:
        case Kind.RELATION:
            return _nullable(_related(field))
        case Kind.RELATIONS | Kind.REVERSE:
            return {"type": "array", "items": _related(field)}
        case Kind.OBJECTS:
            return {"type": "array", "items": _small_object(field)}
        case Kind.ENUM:  # or the vendor's own word
            return {"anyOf": [{"type": "string", "enum": list(field.values)}, {"type": ["string", "null"]}]}
        case Kind.TEXTS:
            return _plain(field)
        case _:
            return _nullable(_plain(field))


def _given(field: Field) -> Schema:
    match field.kind:
        case Kind.RELATION:
            return ID
        case Kind.RELATIONS | Kind.REVERSE:
            return {"type": "array", "items": ID}
        case Kind.OBJECTS:
            inner = {f.name: given_schema(f) for f in field.shape}
            essential = [f.name for f in field.shape if f.essential]
            return {
                "type": "array",
                "items": {"type": "object", "properties": inner, "required": essential},
            }
        case Kind.ENUM:
            return {"type": "string", "enum": list(field.values)}
        case _:
            return _plain(field) | ({"minLength": 1} if field.essential else {})


def _plain(field: Field) -> Schema:
    return {
        Kind.TEXT: {"type": "string"},
        Kind.BOOLEAN: {"type": "boolean"},
        Kind.INTEGER: {"type": "integer"},
        Kind.DATETIME: MOMENT,
        Kind.TEXTS: {"type": "array", "items": {"type": "string"}},
    }[field.kind]


def _related(field: Field) -> Schema:
    """The id of a record, or the record where `expand` asks for it."""
    return {"anyOf": [ID, component(field.target)]} if field.expandable else ID


def _small_object(field: Field) -> Schema:
    inner = {f.name: _shown(f) for f in field.shape}
    if not field.extra:
        inner = {**_BEFORE, **inner, **_AFTER}
    return {"type": "object", "properties": inner, "required": list(inner)}


def _nullable(schema: Schema) -> Schema:
    if "anyOf" in schema:
        return {"anyOf": [*schema["anyOf"], {"type": "null"}]}
    if "enum" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def _supplements() -> dict[str, Schema]:
    return {
        "field_mappings": {
            "anyOf": [component("FieldMappings"), {"type": "null"}],
            "description": "Fields of your own that are mapped for this account.",
        },
        "remote_data": {
            "anyOf": [{"type": "array", "items": component("RemoteData")}, {"type": "null"}],
            "description": "The vendor's own records, with `include_remote_data`; null without.",
        },
    }


def _example(field: Field) -> Any:
    if field.example is not None:
        return field.example
    match field.kind:
        case Kind.RELATION:
            return example_id(field.target)
        case Kind.RELATIONS | Kind.REVERSE:
            return [example_id(field.target)]
        case Kind.OBJECTS:
            stamps = {"created_at": CREATED, "modified_at": MODIFIED} if not field.extra else {}
            end = {"remote_was_deleted": False} if stamps else {}
            return [stamps | {f.name: _example(f) for f in field.shape} | end]
        case Kind.ENUM:
            return field.values[0]
        case Kind.BOOLEAN:
            return False
        case Kind.DATETIME:
            return HAPPENED
        case _:
            return None
