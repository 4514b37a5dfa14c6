"""The HTTP service."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from app.api import (
    account,
    async_tasks,
    changes,
    deliveries,
    errors,
    fields,
    health,
    ignoring,
    issues,
    link_pages,
    link_tokens,
    linked_accounts,
    meta,
    organization,
    passthrough,
    records,
    scopes,
    selective,
    subscriptions,
    synchronisation,
    vendor_calls,
    webhooks,
    writes,
)
from app.api.bounds import BoundedBody
from app.api.reference import pages
from app.api.throttling import RateHeaders
from app.api.usage import NotedUse
from app.console import deeds, entrance, rooms
from app.service import Service
from app.telemetry.requests import Observed

PREFIX = "/api/ats/v1"
Scope = MutableMapping[str, Any]


def create_app(service: Service, *, worker: bool = True) -> FastAPI:
    """The application.

    Args:
        service: its parts.
        worker: whether this process also runs jobs.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        service.readiness.needs_worker = worker
        if worker:
            service.jobs.start(service.settings.worker_threads)
        service.settle()
        yield
        if worker:
            await asyncio.to_thread(service.jobs.stop)

    app = FastAPI(
        version="0.1.0",
        lifespan=lifespan,
        redirect_slashes=False,
        openapi_url=None,  # `reference.pages` shows the specification
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.service = service
    errors.install(app)
    for router in (  # the most called first: a request is compared with each route in turn
        records.router,
        synchronisation.router,
        account.router,
        linked_accounts.router,
        organization.router,
        issues.router,
        writes.router,
        meta.router,
        async_tasks.router,
        ignoring.router,
        changes.router,
        vendor_calls.router,
        passthrough.router,
        subscriptions.router,
        deliveries.router,
        webhooks.receivers,
        fields.router,
        selective.router,
        scopes.organization,
        scopes.of_account,
        link_tokens.router,  # after POST /account-token/regenerate, which its path would match
    ):
        app.include_router(router, prefix=PREFIX)
    app.include_router(webhooks.listener)
    app.include_router(pages.router)
    app.include_router(link_tokens.uncategorized)
    app.include_router(link_pages.router)
    app.include_router(health.router)
    for part in (entrance.router, deeds.router, rooms.router):  # last the one that has any address
        app.include_router(part)
    app.mount("/docs/assets", pages.ASSETS)
    app.add_middleware(BoundedBody, largest=service.settings.max_body_size)
    app.add_middleware(RateHeaders)
    app.add_middleware(NotedUse, jobs=service.jobs)
    app.add_middleware(Observed, prefix=PREFIX)
    app.add_middleware(TrailingSlash)  # the outermost: those inside see the same scope as the routes
    return app


def create_worker_app(service: Service) -> FastAPI:
    """What a process that only runs jobs shows of itself: the routes of `app.api.health`.

    Args:
        service: its parts.
    """
    service.readiness.needs_worker = True
    app = FastAPI(openapi_url=None)
    app.state.service = service
    app.include_router(health.router)
    return app


class TrailingSlash:
    """Answers a path with a trailing slash like the one without: a redirect would lose a POST's body."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass a request on."""
        path = scope.get("path", "")
        if scope["type"] == "http" and path.endswith("/") and path != "/":
            scope = {**scope, "path": path.rstrip("/"), "raw_path": scope.get("raw_path", b"").rstrip(b"/")}
        await self._app(scope, receive, send)
