"""A sandbox called in process, with time standing still until a test moves it."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from starlette.types import ASGIApp

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@dataclass
class Clock:
    moment: datetime = NOW

    def __call__(self) -> datetime:
        return self.moment

    def pass_(self, **duration: float) -> None:
        self.moment += timedelta(**duration)


def call(app: ASGIApp, base_url: str, method: str, url: str, **options: Any) -> httpx.Response:
    """One request to a sandbox."""

    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base_url) as client:
            return await client.request(method, url, **options)

    return asyncio.run(send())
