"""The change feed of a linked account."""

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Any, Literal

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from starlette.datastructures import QueryParams

from app.api.callers import AccountRoute, answering, reading_account
from app.api.errors import ApiError, bad_filter
from app.api.paging import page_size
from app.api.records import json_response
from app.api.reference.answers import errors
from app.api.reference.parameters import shared
from app.common.models import MODELS
from app.common.schema import EXTENSION
from app.common.times import render_micros
from app.records.feed import FEED_MODELS, Entry, Position, read_feed
from app.records.reading import RecordReader
from app.scopes.restrictions import load

router = APIRouter(tags=["Changes"], route_class=AccountRoute)
_CURSOR = re.compile(
    r"c=(?P<stamp>[0-9]{1,18})=(?P<model>[A-Za-z]*)=(?P<id>[0-9a-f-]{0,36})=(?P<since>[0-9]{1,18})"
)
_CURSOR_PARAMETER = {
    "name": "cursor",
    "in": "query",
    "description": "`next` of the last page; without it the feed begins with all there is.",
    "schema": {"type": "string"},
}
_MODELS_PARAMETER = {
    "name": "models",
    "in": "query",
    "description": "Only records of these models, separated by commas.",
    "schema": {"type": "array", "items": {"type": "string", "enum": list(FEED_MODELS)}},
    "style": "form",
    "explode": False,
}


class Change(BaseModel):
    """A record that was added, changed or removed."""

    action: Literal["added", "changed", "removed"] = Field(
        description="What happened since the cursor with which you had everything."
    )
    model: str = Field(description="The record's common model.", examples=["ScheduledInterview"])
    id: str = Field(description="The record's id.")
    modified_at: str = Field(description="When it last changed.")
    data: dict[str, Any] = Field(description="The record as it is now, or as it was last seen.")


class ChangePage(BaseModel):
    """One page of the change feed."""

    next: str = Field(description="The cursor to go on with, now or later; always given.")
    has_more: bool = Field(description="Whether there is more already.")
    results: list[Change] = Field(description="The changes, the earliest in front.")


@router.get(
    "/changes",
    summary="Read what has changed",
    response_model=ChangePage,
    responses=errors("BadFilter", "InvalidCursor"),
    openapi_extra={
        EXTENSION: True,
        "parameters": [_CURSOR_PARAMETER, *shared(["page_size"]), _MODELS_PARAMETER],
    },
)
async def list_changes(request: Request) -> Response:
    """Every record that was added, changed or removed since a cursor, the earliest change in front.

    Begin without a cursor, which reads everything there is, and go on with `next` for ever: it is always
    given. Each record stands there once, as it is now.
    """
    return await answering(request, lambda: _answer(request))


def _answer(request: Request) -> Response:
    query = request.query_params
    start, models = _position(query.get("cursor")), _models(query)
    with reading_account(request) as (connection, account):
        restrictions = load(account.restrictions)
        reader = RecordReader(connection, account.id, restrictions)
        shown = [name for name in models if restrictions.readable(MODELS[name])]
        page = read_feed(connection, reader, account.id, shown, start, page_size(query))
    answer = {"next": _cursor(page.end), "has_more": page.more, "results": [_shown(e) for e in page.entries]}
    return json_response(orjson.dumps(answer))


def _shown(entry: Entry) -> dict[str, Any]:
    return {
        "action": entry.action,
        "model": entry.model,
        "id": entry.id,
        "modified_at": render_micros(entry.modified_at),
        "data": orjson.Fragment(entry.body),
    }


def _models(query: QueryParams) -> Sequence[str]:
    wanted = {name.strip() for text in query.getlist("models") for name in text.split(",")} - {""}
    if not wanted <= set(FEED_MODELS):
        raise bad_filter()
    return [name for name in FEED_MODELS if name in wanted] or FEED_MODELS


def _cursor(position: Position) -> str:
    model = FEED_MODELS[position.rank] if position.id else ""
    text = f"c={position.stamp}={model}={position.id}={position.since}"
    return base64.urlsafe_b64encode(text.encode()).decode()


def _position(cursor: str | None) -> Position:
    if not cursor:
        return Position()
    try:
        text = base64.b64decode(cursor.encode(), altchars=b"-_", validate=True).decode()
    except (ValueError, binascii.Error) as error:
        raise ApiError(404, {"detail": "Invalid cursor"}) from error
    parts = _CURSOR.fullmatch(text)
    if parts is None or parts["model"] not in ("", *FEED_MODELS):
        raise ApiError(404, {"detail": "Invalid cursor"})
    rank = FEED_MODELS.index(parts["model"]) if parts["model"] else 0
    return Position(int(parts["stamp"]), rank, parts["id"], int(parts["since"]))
