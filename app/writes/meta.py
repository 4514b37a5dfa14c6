"""What a write takes, as JSON Schema: of one account, from its vendor's declarations."""

from collections.abc import Mapping
from dataclasses import replace

from app.accounts.connect import COMPLETE, Connected
from app.common.fields import Field, Kind
from app.common.models import MODELS
from app.common.schema import ID, Schema, given_schema
from app.scopes.restrictions import Restrictions
from app.writes.inputs import PARAMS, way_back
from app.writes.operations import CREATE, Operation
from providers.kit import Action, Api

ACTS = "Who acts: the vendor's user id, or the id of one of the account's users."


def meta(account: Connected, operation: Operation, restrictions: Restrictions) -> Schema:
    """The answer of `GET /<model>/meta/...`.

    A vendor without this write is answered with a schema without properties, since to ask whether there is
    one is what `meta` is for. What the account's scopes switch off is left out.
    """
    api = _within(account.api, restrictions)
    action = api.action(operation.model.name, operation.verb)
    allowed = restrictions.writable(operation.model)
    writable = action is not None and allowed and account.status == COMPLETE
    schema = request_schema(api, action, account.credentials) if action else _object({}, [])
    return {
        "request_schema": schema,
        "remote_field_classes": {},
        "remote_fields": {},
        "status": {"linked_account_status": account.status, "can_make_request": writable},
        "has_conditional_params": False,
        "has_required_linked_account_params": False,
    }


def request_schema(api: Api, action: Action, credentials: Mapping[str, str]) -> Schema:
    """The schema of a write's whole body."""
    model = _model(api, action)
    model["properties"]["linked_account_params"] = _object({}, [])
    model["properties"].setdefault(PARAMS, _object({}, []))
    body = _object({"model": model, "remote_user_id": {"type": "string", "description": ACTS}}, ["model"])
    if not action.needs_user(credentials):
        return body
    body["properties"]["remote_user_id"]["minLength"] = 1
    if not action.user_field:
        return body | {"required": ["model", "remote_user_id"]}
    named = {"properties": {"model": {"required": [action.user_field]}}}
    return body | {"anyOf": [{"required": ["remote_user_id"]}, named]}


def _within(api: Api, restrictions: Restrictions) -> Api:
    """The declarations without the fields that scopes switch off."""
    actions = []
    for action in api.actions:
        withheld = restrictions.withheld_of(MODELS[action.model])
        actions.append(replace(action, fields=tuple(name for name in action.fields if name not in withheld)))
    return replace(api, actions=tuple(actions))


def _model(api: Api, action: Action, implied: str = "") -> Schema:
    """The schema of a record to be written.

    Args:
        api: the vendor's declarations.
        action: what the vendor takes over.
        implied: the relation that leads to the record this one is nested in.
    """
    fields = [f for f in MODELS[action.model].fields if f.name in action.fields and f.name != implied]
    properties = {f.name: _property(api, action, f) for f in fields}
    required = [name for name in action.required if name != implied]
    if action.parameters:
        given = {p.name: {"type": p.type, "description": p.description} for p in action.parameters}
        properties[PARAMS] = _object(given, [p.name for p in action.parameters if p.required])
        required += [PARAMS] if properties[PARAMS]["required"] else []
    return _object(properties, required)


def _property(api: Api, action: Action, f: Field) -> Schema:
    schema = given_schema(f)
    if f.name in action.choices:
        schema["enum"] = list(action.choices[f.name])
    if f.name in action.nested:
        schema |= _nested(api, action, f)
    if f.name in action.required and f.kind is Kind.TEXT:
        schema["minLength"] = 1
    if f.name in action.required and f.is_list:
        schema["minItems"] = 1
    return schema


def _nested(api: Api, action: Action, f: Field) -> Schema:
    """A relation whose records are made along with the write; one record may be given by its id as well."""
    create = api.action(f.target, CREATE)
    if create is None:
        return {}
    if f.is_list:
        return {"items": _model(api, create, implied=f.via)}
    inner = _model(api, create, implied=way_back(action.model, f))
    return {**inner, **ID, "type": ["string", "object"]}


def _object(properties: dict[str, Schema], required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required}
