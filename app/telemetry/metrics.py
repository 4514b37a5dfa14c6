"""What this process counts, for Prometheus. Nothing here names a linked account or a person.

Each process counts for itself and is asked by itself: the API at `/metrics`, a worker at a port of its own.
"""

from prometheus_client import Counter, Histogram

REQUESTS = Histogram(
    "omniats_http_request_seconds",
    "How long requests to the API took, by method, template of the path and status.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
RUNS = Counter(
    "omniats_job_runs", "Runs of jobs, by kind and outcome: done, later, failed or lost.", ["kind", "outcome"]
)
VENDOR_CALLS = Counter(
    "omniats_vendor_calls", "Requests to vendors, by integration and outcome.", ["integration", "outcome"]
)
VENDOR_SECONDS = Histogram(
    "omniats_vendor_call_seconds",
    "How long vendors took to answer, by integration.",
    ["integration"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
VENDOR_WAITS = Counter(
    "omniats_vendor_wait_seconds",
    "Seconds for which requests waited for their turn within a vendor's limits, by integration.",
    ["integration"],
)
DELIVERIES = Counter(
    "omniats_webhook_deliveries",
    "Attempts to deliver an event to a subscriber, by outcome: delivered, again or failed.",
    ["outcome"],
)
