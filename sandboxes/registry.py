"""The sandboxes by the slug of their vendor."""

from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from sandboxes import ashby, greenhouse, lever, workday

SANDBOXES: dict[str, Callable[[], ASGIApp]] = {
    "ashby": ashby.create_sandbox,
    "greenhouse": greenhouse.create_sandbox,
    "lever": lever.create_sandbox,
    "workday": workday.create_sandbox,
}
CREDENTIALS: dict[str, dict[str, dict[str, str]]] = {
    "ashby": ashby.CREDENTIALS,
    "greenhouse": greenhouse.CREDENTIALS,
    "lever": lever.CREDENTIALS,
    "workday": workday.CREDENTIALS,
}
DEMO = ("greenhouse", "v3")  # the slug and the way of linking that `omniats demo` shows


def serve(slug: str, host: str = "127.0.0.1", port: int = 9001) -> None:
    """Run one sandbox until interrupted."""
    uvicorn.run(SANDBOXES[slug](), host=host, port=port, log_level="info")
