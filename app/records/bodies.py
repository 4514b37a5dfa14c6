"""The rendered JSON of a record: written once, when its content changes."""

from collections.abc import Collection
from typing import Any

import orjson

from app.common.fields import Field, Kind, Model
from app.common.times import render_micros
from app.records.drafts import Draft


def body_of(made: Draft, created_at: int, modified_at: int) -> dict[str, Any]:
    """The body of a draft, its reverse relations still empty."""
    body = {
        "id": made.id,
        "remote_id": made.remote_id,
        "created_at": render_micros(created_at),
        "modified_at": render_micros(modified_at),
        **made.values,
        "remote_was_deleted": made.deleted,
    }
    if made.model.has_supplements:
        body |= {"field_mappings": made.mapped, "remote_data": None}
    stamps = {"created_at": body["created_at"], "modified_at": body["modified_at"]}
    for f in _stamped_objects(made.model):
        body[f.name] = [{**stamps, **item, "remote_was_deleted": False} for item in body[f.name]]
    return body


def shell_body(model: Model, record_id: str, remote_id: str, stamp: int) -> bytes:
    """The body of a record that others name but nobody has read: every field null."""
    return orjson.dumps(body_of(blank(model, record_id, remote_id, deleted=False), stamp, stamp))


def blank(model: Model, record_id: str, remote_id: str, *, deleted: bool) -> Draft:
    """A record without content."""
    values: dict[str, Any] = {f.name: [] if f.is_list else None for f in model.rendered}
    hidden: dict[str, Any] = {f.name: None for f in model.fields if f.hidden}
    return Draft(model, record_id, remote_id, values, hidden, origins={}, targets={}, deleted=deleted)


def stamp_body(body: dict[str, Any], model: Model, modified_at: int) -> None:
    """Set when a body was last changed, in its small objects too."""
    body["modified_at"] = render_micros(modified_at)
    for f in _stamped_objects(model):
        for item in body[f.name]:
            item["modified_at"] = body["modified_at"]


def without_missing(body: bytes, model: Model, missing: str | None) -> bytes:
    """A stored body as a caller may see it: ids of records that have not been seen are left out."""
    if not missing:
        return body
    unseen = set(orjson.loads(missing))
    shown = orjson.loads(body)
    for f in model.rendered:
        if f.kind is Kind.RELATION and shown[f.name] in unseen:
            shown[f.name] = None
        elif f.kind is Kind.RELATIONS:
            shown[f.name] = [i for i in shown[f.name] if i not in unseen]
        elif f.kind is Kind.OBJECTS:
            inner = [part.name for part in f.shape if part.kind is Kind.RELATION]
            for item in shown[f.name]:
                item.update({name: None for name in inner if item[name] in unseen})
    return orjson.dumps(shown)


def withhold(body: dict[str, Any], model: Model, names: Collection[str]) -> None:
    """Empty what the account's scopes withhold."""
    for name in names:
        if name in body:
            body[name] = [] if name in model.lists else None


def _stamped_objects(model: Model) -> tuple[Field, ...]:
    return tuple(f for f in model.rendered if f.kind is Kind.OBJECTS and not f.extra)
