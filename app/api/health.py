"""For whoever runs the service: is it alive, can it work."""

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from pydantic import BaseModel, Field

from app.api.callers import service_of
from app.api.records import json_response

router = APIRouter(tags=["Operation"])


class Health(BaseModel):
    """How the service is."""

    status: str = Field(description="One word.", examples=["ok"])


class Readiness(BaseModel):
    """Whether the service can do its work."""

    status: str = Field(description="`ready` or `unready`.", examples=["ready"])
    problems: list[str] = Field(
        description="What is wrong: `database`, `migrations`, `encryption`, `disk`, `worker` or `shutdown`.",
        examples=[[]],
    )


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
    response_model=Readiness,
    responses={503: {"model": Readiness, "description": "It cannot; send requests elsewhere."}},
)
def show_readiness(request: Request) -> Response:
    """Answers 200 when everything that requests need is right, else 503 with what is not, in a word each."""
    problems = service_of(request).readiness.problems()
    body = {"status": "unready" if problems else "ready", "problems": problems}
    return Response(orjson.dumps(body), 503 if problems else 200, media_type="application/json")
