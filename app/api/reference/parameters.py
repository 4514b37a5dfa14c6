"""The parameters that routes read from the query and the headers by themselves, described."""

from collections.abc import Iterable

from app.api.paging import DEFAULT_SIZE, MAX_SIZE
from app.common.fields import Field, Kind, Model
from app.common.models import MODELS
from app.common.schema import EXTENSION, ID, MOMENT, Schema

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
    "run_async": "Answer at once and write later: `GET /async-tasks/{task_id}` has the outcome.",
}


TEXT: Schema = {"type": "string"}
SWITCH: Schema = {"type": "boolean", "default": False}


def query(name: str, description: str, schema: Schema = TEXT, **more: object) -> Schema:
    """A parameter of the query."""
    return {"name": name, "in": "query", "description": description, "schema": schema, **more}


def _switches(of: dict[str, str]) -> dict[str, Schema]:
    return {name: query(name, description, SWITCH) for name, description in of.items()}


SHARED: dict[str, Schema] = {
    "cursor": query(
        "cursor",
        "Where the page begins: `next` or `previous` of another page. Repeat all other parameters with it.",
    ),
    "page_size": query(
        "page_size",
        f"How many items a page holds; more than {MAX_SIZE} counts as {MAX_SIZE}.",
        {"type": "integer", "minimum": 1, "maximum": MAX_SIZE, "default": DEFAULT_SIZE},
    ),
    **{name: query(name, description, MOMENT) for name, description in _MOMENTS.items()},
    "max_age": query(
        "max_age",
        "How many seconds old the record may be: one that is older is read from the vendor first.",
        {"type": "integer", "minimum": 0},
        **{EXTENSION: True},
    ),
    "remote_id": query("remote_id", "Only the record with this id at the vendor."),
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


def listed(name: str, description: str, items: Schema = TEXT) -> Schema:
    """A parameter that takes several values, separated by commas."""
    return query(name, description, {"type": "array", "items": items}, style="form", explode=False)


def one_of(values: Iterable[str]) -> Schema:
    """A text of a closed set."""
    return {**TEXT, "enum": list(values)}


PAGING = ("cursor", "page_size")


def list_parameters(model: Model, *, without: tuple[str, ...] = ()) -> list[Schema]:
    """What a list of a model's records takes.

    Args:
        model: the model.
        without: filters that the route has in its path.
    """
    filters = [_filter(f) for f in model.fields if f.filter and f.filter not in without]
    for through in model.filters:
        description = f"Only those whose {_words(through.relation)} has this {_words(through.target_field)}."
        filters.append(query(through.parameter, description, ID))
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
        origins = "Fields to show as the vendor words them, not normalized."
        found.append(listed("show_enum_origins", origins, one_of(enums)))
        older = listed("remote_fields", "The older name of `show_enum_origins`.", one_of(enums))
        found.append({**older, "deprecated": True})
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
    return listed("expand", description, one_of(relations))


def _filter(field: Field) -> Schema:
    assert field.filter
    words = _words(field.name)
    if field.is_list:
        description = f"Only those with any of these {words}, separated by commas."
        return listed(field.filter, description, ID if field.is_relation else TEXT)
    if field.is_relation:
        return query(field.filter, f"Only those of the {words} with this id.", ID)
    return query(
        field.filter,
        f"Only those with this {words}.",
        one_of(field.values) if field.kind is Kind.ENUM else TEXT,
    )


def _words(name: str) -> str:
    return name.replace("_", " ")
