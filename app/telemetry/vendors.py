"""Calls to vendors, counted and traced: by integration, method, host and status, and nothing else of them."""

from collections.abc import Callable
from urllib.parse import urlsplit

from app.telemetry import tracing
from app.telemetry.metrics import VENDOR_CALLS, VENDOR_SECONDS
from providers.kit import Call

_OUTCOMES = {401: "unauthorized", 403: "forbidden", 404: "not_found", 429: "rate_limited"}


def watched(integration: str, then: Callable[[Call], None] | None) -> Callable[[Call], None]:
    """What is to be told of the calls to a vendor.

    Args:
        integration: the provider's slug.
        then: is told of them too.
    """

    def tell(call: Call) -> None:
        VENDOR_CALLS.labels(integration, outcome_of(call.status)).inc()
        VENDOR_SECONDS.labels(integration).observe(call.duration)
        tracing.past(
            f"{call.method} {integration}",
            call.duration,
            {
                "http.request.method": call.method,
                "server.address": urlsplit(call.url).hostname or "",
                "http.response.status_code": call.status,
                "omniats.integration": integration,
            },
        )
        if then is not None:
            then(call)

    return tell


def outcome_of(status: int | None) -> str:
    """One of a few words for a status; None is for no answer."""
    if status is None:
        return "no_answer"
    if status >= 500:
        return "server_error"
    return _OUTCOMES.get(status, "client_error" if status >= 400 else "ok")
