"""Erasing people: a candidate who is to be ignored."""

from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, StringConstraints

from app.api.callers import AccountRoute, account_and_actor, service_of
from app.api.errors import not_found
from app.api.reference.answers import Responses, errors
from app.audit import trail
from app.common.models import CANDIDATE
from app.records.reading import RecordReader
from app.scopes.restrictions import Restrictions
from app.sync.ignored import ignore
from app.webhooks import outbox
from app.writes import deferred

ERASED: Responses = {200: {"description": "Nothing of the candidate is kept any more.", "content": None}}

router = APIRouter(tags=[CANDIDATE.plural.capitalize()], route_class=AccountRoute)

Message = Annotated[str, StringConstraints(pattern=r"^[^\x00]{0,2000}$")]


class IgnoreBody(BaseModel):
    """Why nothing of somebody shall be kept."""

    reason: Literal["GENERAL_CUSTOMER_REQUEST", "GDPR", "OTHER"] = Field(description="Why.")
    message: Message | None = Field(None, description="More of it; it is kept, so name nobody.")


@router.post(
    "/candidates/ignore/{model_id}",
    summary="Erase a candidate, for good",
    responses=ERASED | errors("NotFound"),
)
def ignore_candidate(request: Request, model_id: str, body: IgnoreBody) -> Response:
    """All fields become null, files, activities and answers go, and nothing brings them back."""
    service = service_of(request)
    (account, actor), wanted = account_and_actor(request), model_id.lower()
    with service.jobs.begin() as connection, outbox.changing(connection, account.id) as store:
        if RecordReader(connection, account.id, Restrictions()).one(CANDIDATE, wanted, shells=False) is None:
            raise not_found()
        erased = ignore(connection, store, account.id, wanted, body.reason, body.message)
        deferred.forget(connection, account.id, erased.ids)
        service.receipts.forget(connection, account.id, erased.mentioned)
        service.idempotency.forget(connection, account.id, erased.mentioned)
        outbox.forget(connection, account.id, erased.mentioned)
        said = f"Candidate {wanted} of linked account {account.id}: {body.reason}. {body.message or ''}"
        trail.record(connection, actor, "IGNORED_CANDIDATE", said.strip(), account.id)
    return Response()
