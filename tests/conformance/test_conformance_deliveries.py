"""Webhooks of every vendor that sends any: forged ones change nothing, repeated ones nothing more."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from world import Account, World

from app.webhooks.tables import vendor_delivery
from conformance.cases import Case, cases
from conformance.sandboxed import APIS, Vendor, api_of, everything, sandboxed

TOLD = [place for place in APIS if api_of(*place).webhooks]


@pytest.fixture(params=TOLD, ids="-".join)
def deliveries(request: pytest.FixtureRequest, world: World) -> Iterator["Deliveries"]:
    slug, style = request.param
    with sandboxed(world, slug, style) as vendor:
        account = vendor.link()
        vendor.run(account)
        mine = [c for c in cases("webhooks") if c.slug == slug and c.api is api_of(slug, style)]
        yield Deliveries(vendor, account, mine)


class Deliveries:
    """An account that has been read, and what its vendor delivers."""

    def __init__(self, vendor: Vendor, account: Account, known: list[Case]) -> None:
        self.vendor, self.account, self.cases = vendor, account, known
        for place, key in enumerate(sorted({case.data["key"] for case in known})):
            receiver = {"event": f"event-{place}", "is_active": True, "key": key}
            account.http.post("/webhook-receivers", json=receiver).raise_for_status()

    def post(self, case: Case, **headers: str) -> int:
        url = str(self.account.http.base_url).split("/api/")[0] + self.account.listener
        content = case.data["body"].encode()
        return httpx.post(url, content=content, headers=case.data["headers"] | headers).status_code

    def kept(self) -> int:
        with self.vendor.world.service.reader.connect() as connection:
            return len(list(connection.execute(vendor_delivery.select())))

    def taken_in(self) -> dict[str, Any]:
        """What the account's records are, once everything that was delivered has been taken in."""
        while self.vendor.world.service.jobs.run_due():
            pass
        return {"ids": everything(self.account), "interviews": self.account.list("/interviews")}


def test_a_repeated_delivery_is_harmless(deliveries: Deliveries) -> None:
    for case in deliveries.cases:
        assert deliveries.post(case) == 200
    once = deliveries.taken_in()
    for case in deliveries.cases:
        assert deliveries.post(case) == 200, "acknowledged all the same"
    assert deliveries.taken_in() == once


def test_a_forged_delivery_is_refused_and_not_kept(deliveries: Deliveries) -> None:
    for receiver in deliveries.account.get("/webhook-receivers").json():
        other = receiver | {"key": "another key"}
        deliveries.account.http.post("/webhook-receivers", json=other).raise_for_status()
    before = deliveries.kept()
    for case in deliveries.cases:
        assert deliveries.post(case) in (401, 403), case
    assert deliveries.kept() == before
