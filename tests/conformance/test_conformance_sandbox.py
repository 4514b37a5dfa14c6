"""Every provider against its vendor's sandbox: linked, read, cut off, read on, and nothing given away."""

import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
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


@pytest.fixture(params=STYLES, ids="-".join)
def vendor(request: pytest.FixtureRequest, world: World) -> Iterator["Vendor"]:
    slug, style = request.param
    with served(SANDBOXES[slug]()) as url:
        world.settings.provider_origins[slug] = url
        yield Vendor(world, url, slug, dict(CREDENTIALS[slug][style]))


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

    def run(self, account: Account) -> None:
        """What is due now, whatever it waits for."""
        with self.world.service.engine.begin() as connection:
            connection.execute(
                update(job_table).where(job_table.c.key == account.id).values(due_at=0, hold_until=0)
            )
        self.world.service.jobs.run_due()

    def api(self, account: Account) -> Api:
        return self.world.service.connector.api(account.id)


def everything(account: Account) -> dict[str, list[str]]:
    return {m.name: sorted(r["remote_id"] for r in account.list(f"/{m.path}")) for m in COLLECTIONS}


def test_every_model_is_read_and_done(vendor: Vendor) -> None:
    account = vendor.link()
    vendor.run(account)
    rows = account.get("/sync-status").json()["results"]
    assert {row["model_name"]: row["status"] for row in rows} == {
        mapping.model: "DONE"
        for mapping in vendor.api(account).mappings
        if any(model.name == mapping.model for model in COLLECTIONS)
    }
    found = everything(account)
    assert not [row["model_name"] for row in rows if not found[row["model_name"]]], "the sandbox has some"


def test_a_run_that_is_cut_off_goes_on_and_loses_nothing(vendor: Vendor) -> None:
    account = vendor.link()
    for skip in (2, 7, 12):
        vendor.fail(path="*", skip=skip, times=4, status=503, body={})
        vendor.run(account)
        vendor.mend()
    vendor.run(account)
    read = everything(account)
    assert {len(ids) - len(set(ids)) for ids in read.values()} == {0}
    account.http.post("/sync-status/resync")
    vendor.run(account)
    assert everything(account) == read


def test_credentials_that_are_refused_link_nothing(vendor: Vendor) -> None:
    secret = next(f.name for f in secrets_of(vendor))
    body = {"integration": vendor.slug, "credentials": {**vendor.credentials, secret: "wrong-secret"}}
    answer = vendor.world.http.post("/linked-accounts", json=body)
    assert answer.status_code == 400
    (problem,) = answer.json()["errors"]
    assert problem["problem_type"] == "PROVIDER_ERROR"
    assert "wrong-secret" not in answer.text


def secrets_of(vendor: Vendor) -> list[Any]:
    style = PROVIDERS[vendor.slug].style_for(vendor.credentials)
    assert style is not None
    return [f for f in style.fields if f.secret and f.name in vendor.credentials]


def test_no_secret_is_stored_in_clear_or_logged(vendor: Vendor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    account = vendor.link()
    vendor.fail(path="*", skip=3, times=4, status=500, body={"message": str(vendor.credentials)})
    vendor.run(account)
    vendor.mend()
    vendor.run(account)
    kept = everything_stored(vendor.world) + caplog.text
    for f in secrets_of(vendor):
        assert vendor.credentials[f.name] not in kept


def everything_stored(world: World) -> str:
    assert _every_table  # imported: the metadata know every table
    with world.service.reader.connect() as connection:
        return "\n".join(
            repr(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(select(table))
        )
