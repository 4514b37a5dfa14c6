"""A sandbox called in process, with time standing still until a test moves it."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any, ClassVar

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


@dataclass
class Sandbox:
    """One sandbox, seeded; a vendor's own says how its clients call it."""

    vendor: ClassVar[ModuleType]
    origin: ClassVar[str]
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.state = self.vendor.State(self.clock)
        self.vendor.seed(self.state)
        self.app = self.vendor.create_app(self.state)

    def send(self, method: str, url: str, **options: Any) -> httpx.Response:
        return call(self.app, self.origin, method, url, **options)

    def row(self, table: str, **values: Any) -> dict[str, Any]:
        """The first neutral record with these values."""
        return self.rows(table, **values)[0]

    def rows(self, table: str, **values: Any) -> list[dict[str, Any]]:
        """The neutral records with these values."""
        rows = self.state.tables[table].rows.values()
        return [row for row in rows if all(row[key] == value for key, value in values.items())]
