"""For whoever runs the service: is it alive, can it work."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from pydantic import BaseModel, Field
from sqlalchemy import text

from app.api.callers import service_of
from app.api.records import json_response

router = APIRouter(tags=["Operation"])


class Health(BaseModel):
    """How the service is."""

    status: str = Field(description="One word.", examples=["ok"])


@router.get("/healthz", summary="Is the process alive", response_model=Health)
def show_life() -> Response:
    """Answers as long as the process does."""
    return json_response(b'{"status":"ok"}')


@router.get("/metrics", summary="Figures for Prometheus", response_class=PlainTextResponse)
def show_metrics(request: Request) -> Response:
    """What this process counted, and what the database knows. It names integrations and no linked account."""
    return Response(generate_latest(service_of(request).metrics), media_type=CONTENT_TYPE_PLAIN_0_0_4)


@router.get(
    "/readyz",
    summary="Can it answer requests",
    response_model=Health,
    responses={503: {"model": Health, "description": "It is about to stop: send requests elsewhere."}},
)
def show_readiness(request: Request) -> Response:
    """Answers when the database can be read, unless the process is about to stop."""
    if request.app.state.leaving.is_set():
        return json_response(b'{"status":"leaving"}', 503)
    with service_of(request).reader.connect() as connection:
        connection.execute(text("select 1 from job limit 1"))
    return json_response(b'{"status":"ready"}')
