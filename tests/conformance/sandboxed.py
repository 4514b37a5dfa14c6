"""A vendor's sandbox in place of the vendor, whichever vendor it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from sqlalchemy import select, update
from world import Account, World, served

from app.common.models import COLLECTIONS
from app.database import metadata
from app.jobs import job_table
from app.tables import __all__ as _every_table
from providers.kit import Api
from providers.registry import PROVIDERS
from sandboxes import CREDENTIALS, SANDBOXES

STYLES = [(slug, style) for slug, styles in CREDENTIALS.items() if slug in PROVIDERS for style in styles]


def api_of(slug: str, style: str) -> Api:
    """The API a sandbox's credentials open."""
    found = PROVIDERS[slug].style_for(CREDENTIALS[slug][style])
    assert found, f"the sandbox's credentials {style!r} are those of no way of linking {slug}"
    return found.api


# one way of linking for each API, where they need not all be gone through
APIS = list({(slug, api_of(slug, style).name): (slug, style) for slug, style in reversed(STYLES)}.values())


class Vendor:
    """A vendor's sandbox, and the credentials of one way of linking it."""

    def __init__(self, world: World, url: str, slug: str, credentials: dict[str, str]) -> None:
        self.world = world
        self.slug = slug
        self.credentials = credentials
        self._control = httpx.Client(base_url=f"{url}/__sandbox__")

    def link(self) -> Account:
        body = {"integration": self.slug, "credentials": self.credentials}
        answer = self.world.http.post("/linked-accounts", json=body)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        return self.world.account(made["account_token"], made["linked_account"])

    def fail(self, **fault: Any) -> None:
        """Prepare a fault; see `sandboxes.controls.Fault`."""
        self._control.post("/faults", json=fault).raise_for_status()

    def mend(self) -> None:
        self._control.delete("/faults").raise_for_status()

    def slow_down(self, seconds: float) -> None:
        self._control.post("/latency", json={"seconds": seconds}).raise_for_status()

    def requests(self) -> int:
        """How many requests it has received."""
        return len(self._control.get("/requests").json())

    def run(self, account: Account) -> None:
        """What is due now, whatever it waits for."""
        self.world.stop_waiting()
        with self.world.service.engine.begin() as connection:
            connection.execute(
                update(job_table).where(job_table.c.key == account.id).values(due_at=0, hold_until=0)
            )
        self.world.service.jobs.run_due()

    def api(self, account: Account) -> Api:
        return self.world.service.connector.api(account.id)


def everything(account: Account) -> dict[str, list[str]]:
    return {m.name: sorted(r["remote_id"] for r in account.list(f"/{m.path}")) for m in COLLECTIONS}


def everything_stored(world: World) -> str:
    """All rows of all tables, as text."""
    assert _every_table  # imported: the metadata know every table
    with world.service.reader.connect() as connection:
        return "\n".join(
            repr(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(select(table))
        )


@contextmanager
def sandboxed(world: World, slug: str, style: str) -> Iterator[Vendor]:
    """All traffic to a vendor goes to its sandbox."""
    with served(SANDBOXES[slug]()) as url:
        world.settings.provider_origins[slug] = url
        yield Vendor(world, url, slug, dict(CREDENTIALS[slug][style]))
