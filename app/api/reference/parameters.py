"""The parameters that routes read from the query and the headers by themselves, described."""

from collections.abc import Iterable

from app.api.paging import DEFAULT_SIZE, MAX_SIZE
from app.common.fields import Field, Kind, Model
from app.common.models import MODELS
from app.common.schema import ID, MOMENT, Schema

_MOMENTS = {
    "created_after": "Only records first read here after this moment.",
    "created_before": "Only records first read here before this moment.",
    "modified_after": "Only records that changed here after this moment: the way to ask what is new.",
    "modified_before": "Only records that last changed here before this moment.",
}
_LIST_SWITCHES = {
    "include_deleted_data": "Also records that the vendor has deleted.",
}
_VIEW_SWITCHES = {
    "include_remote_data": "The vendor's own records beside each, in `remote_data`.",
    "include_shell_data": "Also records that others name but that have not been read: their fields are null.",
}
_WRITE_SWITCHES = {
    "is_debug_mode": "List the requests made to the vendor, in `logs`.",
}


def _query(name: str, description: str, schema: Schema, **more: object) -> Schema:
    return {"name": name, "in": "query", "description": description, "schema": schema, **more}


def _switches(of: dict[str, str]) -> dict[str, Schema]:
    schema = {"type": "boolean", "default": False}
    return {name: _query(name, description, schema) for name, description in of.items()}


SHARED: dict[str, Schema] = {
    "cursor": _query(
        "cursor",
        "Where the page begins: `next` or `previous` of another page. Repeat all other parameters with it.",
        {"type": "string"},
    ),
    "page_size": _query(
        "page_size",
        f"How many items a page holds; more than {MAX_SIZE} counts as {MAX_SIZE}.",
        {"type": "integer", "minimum": 1, "maximum": MAX_SIZE, "default": DEFAULT_SIZE},
    ),
    **{name: _query(name, description, MOMENT) for name, description in _MOMENTS.items()},
    "max_age": _query(
        "max_age",
        "How many seconds old the record may be: one that is older is read from the vendor first.",
        {"type": "integer", "minimum": 0},
    ),
    "remote_id": _query("remote_id", "Only the record with this id at the vendor.", {"type": "string"}),
    **_switches(_LIST_SWITCHES | _VIEW_SWITCHES | _WRITE_SWITCHES),
    "Idempotency-Key": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "A text of your choice, new for each deed, such as a UUID. A request repeated with "
        "the same key within 24 hours is not carried out again: it gets the first one's answer.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        "example": "0b8f3f0e-4c1b-4a53-9a3c-5d2f1f0c7e11",
    },
}


def shared(names: Iterable[str]) -> list[Schema]:
    """References to shared parameters."""
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


PAGING = ("cursor", "page_size")


def list_parameters(model: Model, *, without: tuple[str, ...] = ()) -> list[Schema]:
    """What a list of a model's records takes.

    Args:
        model: the model.
        without: filters that the route has in its path.
    """
    filters = [_filter(f) for f in model.fields if f.filter and f.filter not in without]
    for through in model.filters:
        description = f"Only those of a {_words(through.relation)} with this {_words(through.target_field)}."
        filters.append(_query(through.parameter, description, ID))
    return [
        *shared(PAGING),
        *filters,
        *shared(("remote_id", *_MOMENTS)),
        *view_parameters(model),
        *shared(_LIST_SWITCHES),
    ]


def view_parameters(model: Model) -> list[Schema]:
    """What any reading of a model's records takes."""
    found = []
    if relations := _expandable(model):
        found.append(_expand(relations))
    if enums := [f.name for f in model.rendered if f.kind is Kind.ENUM]:
        found.append(
            _names("show_enum_origins", "Fields to show as the vendor words them, not normalized.", enums)
        )
        found.append(
            _names("remote_fields", "The older name of `show_enum_origins`.", enums) | {"deprecated": True}
        )
    return found + shared(_VIEW_SWITCHES)


def retrieve_parameters(model: Model) -> list[Schema]:
    """What reading one record takes."""
    return [*view_parameters(model), *shared(("max_age",))]


def write_parameters() -> list[Schema]:
    """What any write takes in its query."""
    return shared(_WRITE_SWITCHES)


def _expandable(model: Model) -> list[str]:
    """The relations `expand` may name; those of a model without a list of its own are named with dots."""
    found = []
    for f in model.rendered:
        if f.expandable:
            found.append(f.name)
            if not MODELS[f.target].path:
                found += [f"{f.name}.{inner}" for inner in _expandable(MODELS[f.target])]
    return found


def _expand(relations: list[str]) -> Schema:
    description = (
        "Relations to show as records in place of their ids, separated by commas. "
        "A relation of a relation is named with a dot."
    )
    return _names("expand", description, relations)


def _names(name: str, description: str, allowed: list[str]) -> Schema:
    schema = {"type": "array", "items": {"type": "string", "enum": allowed}}
    return _query(name, description, schema, style="form", explode=False)


def _filter(field: Field) -> Schema:
    assert field.filter
    if field.is_list:
        items = ID if field.is_relation else {"type": "string"}
        description = f"Only those with any of these {_words(field.name)}, separated by commas."
        schema = {"type": "array", "items": items}
        return _query(field.filter, description, schema, style="form", explode=False)
    description = f"Only those with this {_words(field.name)}."
    if field.is_relation:
        return _query(field.filter, f"Only those of the {_words(field.name)} with this id.", ID)
    if field.kind is Kind.ENUM:
        return _query(field.filter, description, {"type": "string", "enum": list(field.values)})
    return _query(field.filter, description, {"type": "string"})


def _words(name: str) -> str:
    return name.replace("_", " ")
