"""The bodies of writes, from the declarations of the common models.

What of them a linked account's vendor takes, `meta` says.
"""

from app.common.fields import Field, Kind, Model
from app.common.models import COLLECTIONS, MODELS
from app.common.schema import EXTENSION, Schema, component, example, given_schema

BESIDE: dict[str, Schema] = {
    "integration_params": {
        "type": ["object", "null"],
        "description": "What only this vendor knows, as `meta` describes it.",
    },
    "linked_account_params": {
        "type": ["object", "null"],
        "description": "What only this account knows, as `meta` describes it.",
    },
    "remote_template_id": {"type": ["string", "null"], "description": "Which variant of a form is meant."},
}


def body_of(model: Model) -> Schema:
    """The body of a write of a model, for a route's `openapi_extra`."""
    content = {"application/json": {"schema": component(f"{model.name}EndpointRequest")}}
    return {"requestBody": {"content": content}}


def request_schemas() -> dict[str, Schema]:
    """The schemas of all such bodies, and of the records in them."""
    writable = [model for model in COLLECTIONS if _is_writable(model)]
    records = {f"{model.name}Request": _record(model) for model in writable}
    return records | {f"{model.name}EndpointRequest": _body(model) for model in writable}


def _is_writable(model: Model) -> bool:
    return any(f.writable for f in model.fields)


def _body(model: Model) -> Schema:
    return {
        "type": "object",
        "description": f"A write of a {model.name}.",
        "properties": {
            "model": {**component(f"{model.name}Request"), "description": "What to write."},
            "remote_user_id": {
                "type": ["string", "null"],
                "description": "Who acts: the vendor's user id, or the id of one of the account's users.",
            },
        },
        "required": ["model"],
        "examples": [{"model": _example(model), "remote_user_id": "4000"}],
    }


def _record(model: Model) -> Schema:
    return {
        "type": "object",
        "description": f"{model.description} What may be written of it; null and what is absent is not.",
        "properties": {f.name: _property(f) for f in model.fields if f.writable} | BESIDE,
    }


def _property(field: Field) -> Schema:
    taken = given_schema(field)
    words = {"description": taken.pop("description")} | ({EXTENSION: True} if field.extra else {})
    if field.is_relation and _is_writable(MODELS[field.target]):
        whole = component(f"{field.target}Request")
        if field.is_list:
            return {"anyOf": [taken, {"type": "array", "items": whole}, {"type": "null"}], **words}
        return {"anyOf": [taken, whole, {"type": "null"}], **words}
    return {"anyOf": [taken, {"type": "null"}], **words}


def _example(model: Model) -> Schema:
    """The writable part of the model's example, without what is seldom given."""
    shown = example(model)
    seldom = (Kind.REVERSE, Kind.OBJECTS)
    return {f.name: shown[f.name] for f in model.fields if f.writable and f.kind not in seldom}
