"""Asking after writes that were answered before they were carried out."""

from typing import Any, Literal

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from app.api.callers import AccountRoute, account_of, service_of
from app.api.errors import not_found
from app.api.records import json_response
from app.api.reference.answers import errors
from app.common.schema import EXTENSION

router = APIRouter(tags=["Asynchronous writes"], route_class=AccountRoute)


class AsyncTaskResult(BaseModel):
    """What the write would have been answered."""

    status_code: int = Field(description="The HTTP status.", examples=[201])
    response: dict[str, Any] = Field(description="The envelope: `model`, `warnings`, `errors`.")


class AsyncTask(BaseModel):
    """A write that is carried out after it has been answered."""

    id: str = Field(description="Its id, `task_id` in the answer to the write.")
    status: Literal["QUEUED", "IN_PROGRESS", "COMPLETED", "FAILURE"] = Field(description="How far it is.")
    result: AsyncTaskResult | None = Field(description="Its outcome; null until it is done.")


@router.get(
    "/async-tasks/{task_id}",
    summary="Look at an asynchronous write",
    response_model=AsyncTask,
    responses=errors("NotFound"),
    openapi_extra={EXTENSION: True},
)
def retrieve_async_task(request: Request, task_id: str) -> Response:
    """How far a write with `run_async` is, and its outcome; kept for seven days."""
    found = service_of(request).deferred_writes.look(account_of(request).id, task_id.lower())
    if found is None:
        raise not_found()
    return json_response(orjson.dumps(found))
