"""Tokens that end in mid-sync, credentials that are revoked, and linking again.

One list that is closed to the credentials: `test_a_closed_resource_is_switched_off_and_the_rest_goes_on` in
`tests/sync/test_sync_passes.py`. A refusal that a webhook or a write meets:
`test_the_credentials_are_refused`, `test_dead_credentials`.
"""

from typing import Any

import pytest
from fault_world import Scene, content, statuses

from app.accounts.tokens import StoredTokens
from providers.kit import TokenGrant
from sandboxes import CREDENTIALS

LIST = "/v3/interviews"


def test_a_token_that_ends_in_mid_paging_is_replaced_once(scene: Scene) -> None:
    before = content(scene.hurt, scene.changed)
    scene.run(scene.hurt)
    scene.change()
    scene.world.sandbox.controls.received.clear()
    scene.fail(LIST, skip=1, times=1, status=401, body={"message": "expired"})
    scene.run(scene.hurt, full=True)
    assert len(scene.world.sent("POST", "/token")) == 1
    asked = [request.query for request in scene.world.sent("GET", LIST)]
    assert len(asked) == 3, "the page, and no other, is asked for again"
    assert asked[1] == asked[2]
    scene.is_whole(before)


def test_a_rotated_refresh_token_is_stored_before_the_access_token_is_used(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed at the first request with the new token, the next process has the refresh token that is good."""
    world = scene.world
    account = world.link("v3_partner", end_user_origin_id="partner")
    world.sandbox.tokens.expire_all()
    kept: list[str] = []
    keep = StoredTokens.keep

    def kept_then_killed(self: StoredTokens, subject: str, grant: TokenGrant) -> None:
        keep(self, subject, grant)
        if not kept:
            kept.append(grant.rotated["refresh_token"])
            world.sandbox.tokens.expire_all()
            raise KeyboardInterrupt

    monkeypatch.setattr(StoredTokens, "keep", kept_then_killed)
    with pytest.raises(KeyboardInterrupt):
        scene.run(account)
    scene.run(account)
    asked = [request.body for request in world.sent("POST", "/token")]
    assert kept[0] in str(asked[-1])
    assert world.stored(account).status == "COMPLETE"
    assert {row["status"] for row in statuses(account)} == {"DONE"}


def test_credentials_that_are_revoked_in_mid_paging(scene: Scene) -> None:
    before = content(scene.hurt, scene.changed)
    scene.change()
    scene.fail(LIST, skip=1, status=401, body={"message": "revoked"})
    scene.run(full=True)
    assert scene.hurt.get("/account-details").json()["status"] == "RELINK_NEEDED"
    ((label, detail),) = scene.issues()
    assert (label, detail) == ("Invalid login credentials", "revoked")
    assert len(scene.told("Issue.new")) == 1
    assert scene.status()["status"] == "FAILED"
    assert content(scene.hurt, scene.changed) == before, "what was read before stays readable"
    scene.other_is_well()
    asked = len(scene.world.sent("GET", "/v3/"))
    scene.run(scene.other)
    assert len(scene.world.sent("GET", "/v3/")) == asked, "nobody tries dead credentials again"

    scene.mend()
    again: dict[str, Any] = {
        "integration": "greenhouse",
        "credentials": CREDENTIALS["greenhouse"]["v3"],
        "end_user_origin_id": scene.hurt.row["end_user_origin_id"],
    }
    answer = scene.world.http.post("/linked-accounts", json=again)
    assert (answer.status_code, answer.json()["id"]) == (200, scene.hurt.id), answer.text
    assert scene.world.service.jobs.run_due()
    scene.is_whole(before)
    assert len(scene.told("Issue.resolved")) == 1
