"""Traces: what spans there are, how they hang together, and what is in none of them."""

import builtins
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from world import World, served

from app.jobs import Job, ask
from app.telemetry import tracing
from app.telemetry.context import about, present
from app.telemetry.requests import HEADER
from sandboxes import CREDENTIALS

TRACE = "0af7651916cd43dd8448eb211c80319c"
OTLP = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}


class Traced:
    """The spans that have ended."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        return self.exporter.get_finished_spans()

    def named(self, name: str) -> list[ReadableSpan]:
        return [span for span in self.spans if span.name == name]


@pytest.fixture
def traced() -> Iterator[Traced]:
    made = Traced()
    tracing.switch(tracing.Tracing(made.exporter, at_once=True, name="omniats"))
    yield made
    tracing.switch(None)


@pytest.fixture
def off() -> Iterator[None]:
    yield
    tracing.switch(None)


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def test_a_request_is_a_span(world: World, traced: Traced) -> None:
    parent = f"00-{TRACE}-b7ad6b7169203331-01"
    world.http.get(
        "/linked-accounts", params={"cursor": "s3cret"}, headers={"traceparent": parent, HEADER: "r"}
    )
    (span,) = traced.named("GET /api/ats/v1/linked-accounts")
    assert span.kind is SpanKind.SERVER
    assert span.context is not None
    assert f"{span.context.trace_id:032x}" == TRACE
    assert attributes(span) == {
        "http.request.method": "GET",
        "http.route": "/api/ats/v1/linked-accounts",
        "http.response.status_code": 404,
        "omniats.request_id": "r",
    }
    assert span.status.status_code is StatusCode.UNSET


def test_a_job_is_a_span_with_its_calls_inside(world: World, traced: Traced) -> None:
    account = world.link("v1")
    (job,) = traced.named("job sync")
    calls = [s for s in traced.named("GET greenhouse") if s.parent and job.context
             and s.parent.span_id == job.context.span_id]  # fmt: skip
    assert len(calls) > 10
    assert (job.kind, calls[0].kind) == (SpanKind.CONSUMER, SpanKind.CLIENT)
    told = attributes(job)
    assert (told["omniats.kind"], told["omniats.account_id"]) == ("sync", account.id)
    assert (told["omniats.outcome"], len(told["omniats.run_id"])) == ("done", 32)
    assert attributes(calls[0]) == {
        "http.request.method": "GET",
        "server.address": "harvest.greenhouse.io",
        "http.response.status_code": 200,
        "omniats.integration": "greenhouse",
    }
    assert job.start_time and job.end_time and calls[0].start_time and calls[0].end_time
    assert job.start_time <= calls[0].start_time <= calls[0].end_time <= job.end_time


def test_what_failed_is_marked_without_its_words(world: World, traced: Traced) -> None:
    @world.service.jobs.handler("x")
    def run(_job: Job) -> None:
        raise ValueError("s3cret words")

    with world.service.jobs.begin() as connection:
        ask(connection, "x", "1")
    world.service.jobs.run_due()
    (span,) = traced.named("job x")
    assert span.status.status_code is StatusCode.ERROR
    assert "s3cret" not in span.to_json()


def test_no_secret_and_no_name_is_in_any_span(world: World, traced: Traced) -> None:
    account = world.link("v1")
    account.get("/candidates", email_addresses="somebody@x.example")
    text = "".join(span.to_json() for span in traced.spans)
    key = CREDENTIALS["greenhouse"]["v1"]["api_key"]
    for secret in (
        key,
        world.key,
        account.token,
        account.listener,
        "somebody",
        "Acme",
        "people@acme.example",
    ):
        assert secret not in text


def test_lines_of_the_log_name_the_trace(traced: Traced) -> None:
    with about(request_id="r"), tracing.span("x", "SERVER"):
        inside = present()["trace_id"]
    (span,) = traced.spans
    assert span.context is not None
    assert inside == f"{span.context.trace_id:032x}"


def test_nothing_is_traced_unless_asked_for(world: World) -> None:
    with about(request_id="r"), tracing.span("x", "SERVER") as told:
        told("y", failed=True)
        tracing.past("z", 1.0, {})
        assert "trace_id" not in present()


@pytest.mark.usefixtures("off")
@pytest.mark.parametrize(
    ("environment", "is_on"),
    [
        ({}, False),
        (OTLP, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
        ({"OTEL_TRACES_EXPORTER": "console"}, True),
        (OTLP | {"OTEL_TRACES_EXPORTER": "none"}, False),
        (OTLP | {"OTEL_SDK_DISABLED": "true"}, False),
    ],
)
def test_the_standard_variables_decide(environment: dict[str, str], is_on: bool) -> None:
    tracing.set_up(environment)
    assert bool(tracing._now) is is_on


@pytest.mark.usefixtures("off")
def test_the_service_has_a_name_unless_given_another() -> None:
    tracing.set_up({"OTEL_TRACES_EXPORTER": "console"})
    assert tracing._now[0].provider.resource.attributes["service.name"] == "omniats"
    tracing.set_up({"OTEL_TRACES_EXPORTER": "console", "OTEL_SERVICE_NAME": "mine"})
    assert tracing._now[0].provider.resource.attributes["service.name"] != "omniats"


def test_an_exporter_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="OTEL_TRACES_EXPORTER must be"):
        tracing.set_up({"OTEL_TRACES_EXPORTER": "zipkin"})


def test_without_the_packages_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    original = builtins.__import__

    def without(name: str, *arguments: Any) -> Any:
        if name.startswith("opentelemetry"):
            raise ImportError(name)
        return original(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(RuntimeError, match=r"pip install 'omniats\[tracing\]'"):
        tracing.set_up(OTLP)


@pytest.mark.usefixtures("off")
def test_spans_reach_a_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    received: list[tuple[str, bytes]] = []

    async def collector(scope: Any, receive: Any, send: Any) -> None:
        received.append((scope["path"], (await receive())["body"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    with served(collector) as url:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
        tracing.set_up({"OTEL_EXPORTER_OTLP_ENDPOINT": url})
        with about(request_id="r"), tracing.span("a thing", "SERVER"):
            pass
        tracing._now[0].provider.shutdown()
    ((path, body),) = received
    sent = ExportTraceServiceRequest.FromString(body)
    assert path == "/v1/traces"
    assert [span.name for span in sent.resource_spans[0].scope_spans[0].spans] == ["a thing"]
