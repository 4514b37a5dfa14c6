"""Traces, for whoever configures OpenTelemetry; its packages are there only with `omniats[tracing]`.

A span says what was done, how long it took and how it ended. No body, no header, no path with values and no
text of an error is in it: any of them may hold secrets or people's data.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from app.telemetry.context import note, present

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span

Value = str | int | None
Describe = Callable[..., None]
"""Tells more of a span: `describe(name, failed=..., attributes=...)`."""

MISSING = "OTEL_* asks for traces, which need more packages: pip install 'omniats[tracing]'"


class Tracing:
    """The traces of this process.

    Args:
        exporter: where spans go.
        at_once: whether each goes as it ends, for tests, or some together.
        name: the service's, where the environment does not say.
    """

    def __init__(self, exporter: "SpanExporter", *, at_once: bool = False, name: str | None = None) -> None:
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - an optional package
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - likewise
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor  # noqa: PLC0415 - likewise

        self.provider = TracerProvider(resource=Resource.create({"service.name": name} if name else {}))
        self.provider.add_span_processor(
            SimpleSpanProcessor(exporter) if at_once else BatchSpanProcessor(exporter)
        )
        self.tracer = self.provider.get_tracer("omniats")


_now: list[Tracing] = []  # at most one


def switch(tracing: Tracing | None) -> None:
    """Trace from now on, or no longer."""
    _now[:] = [tracing] if tracing else []


def set_up(environment: Mapping[str, str]) -> None:
    """Trace if OpenTelemetry's standard variables ask for it.

    Args:
        environment: the variables. What it does not take itself (sampler, resource, endpoint, headers,
            batches), the SDK reads from the process's environment.

    Raises:
        RuntimeError: the packages are not installed.
        ValueError: there is no such exporter here.
    """
    kind = environment.get("OTEL_TRACES_EXPORTER") or _implied(environment)
    if kind == "none" or environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return
    named = "OTEL_SERVICE_NAME" in environment or "service.name=" in environment.get(
        "OTEL_RESOURCE_ATTRIBUTES", ""
    )
    try:
        switch(Tracing(_exporter(kind), name=None if named else "omniats"))
    except ImportError as error:
        raise RuntimeError(MISSING) from error


def _implied(environment: Mapping[str, str]) -> str:
    endpoints = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    return "otlp" if any(environment.get(name) for name in endpoints) else "none"


def _exporter(kind: str) -> "SpanExporter":
    if kind == "otlp":
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - an optional package
            OTLPSpanExporter,
        )

        return OTLPSpanExporter()
    if kind == "console":
        from opentelemetry.sdk.trace.export import ConsoleSpanExporter  # noqa: PLC0415 - likewise

        return ConsoleSpanExporter()
    raise ValueError(f"OTEL_TRACES_EXPORTER must be otlp (over HTTP), console or none, not {kind}")


@contextmanager
def span(
    name: str, kind: Literal["SERVER", "CONSUMER"], headers: Mapping[str, str] | None = None
) -> Iterator[Describe]:
    """Trace a block, and name the trace in the lines of the log that are written in it.

    Args:
        name: what is done.
        kind: whether a request or a job.
        headers: of the request, which may name the trace that it belongs to.
    """
    if not _now:
        yield _untold
        return
    from opentelemetry.trace import SpanKind  # noqa: PLC0415 - an optional package
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

    parent = TraceContextTextMapPropagator().extract(headers) if headers is not None else None
    with _now[0].tracer.start_as_current_span(
        name, parent, kind=SpanKind[kind], record_exception=False, set_status_on_exception=False
    ) as made:
        note(trace_id=f"{made.get_span_context().trace_id:032x}")
        try:
            yield lambda *words, **more: _describe(made, *words, **more)
        finally:
            known = {key: value for key, value in present().items() if key != "trace_id"}
            made.set_attributes({f"omniats.{key}": value for key, value in known.items()})


def past(name: str, seconds: float, attributes: Mapping[str, Value]) -> None:
    """Trace a request of ours that has just ended."""
    if not _now:
        return
    from opentelemetry.trace import SpanKind  # noqa: PLC0415 - an optional package

    end = time.time_ns()
    made = _now[0].tracer.start_span(name, kind=SpanKind.CLIENT, start_time=end - int(seconds * 1e9))
    status = attributes.get("http.response.status_code")
    _describe(made, name, failed=not isinstance(status, int) or status >= 400, attributes=attributes)
    made.end(end)


def _describe(
    made: "Span", name: str, *, failed: bool = False, attributes: Mapping[str, Value] | None = None
) -> None:
    from opentelemetry.trace import StatusCode  # noqa: PLC0415 - an optional package

    made.update_name(name)
    made.set_attributes({key: value for key, value in (attributes or {}).items() if value is not None})
    if failed:
        made.set_status(StatusCode.ERROR)


def _untold(*_words: object, **_more: object) -> None:
    """Nobody traces."""
