"""Answers that are none: outages, broken connections, and bodies that are not what was asked for."""

import gzip
import socket
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from fault_world import Scene, content, statuses

from providers.kit import Client, open_client

LIST = "/v3/interviews"
HTML = "<!doctype html><title>We will be back soon</title>"
JSON = {"Content-Type": "application/json"}
PACKED = gzip.compress(b'[{"id": 1}]' * 100)

OUTAGES: dict[str, dict[str, Any]] = {
    "502 with a page for people": {"status": 502, "text": HTML},
    "503 that says when": {"status": 503, "headers": {"Retry-After": "3600"}},
    "cut off in mid-body": {"status": 200, "text": '[{"id": 4', "headers": JSON | {"Content-Length": "9000"}},
}
NONSENSE: dict[str, dict[str, Any]] = {
    "a page for people": {"status": 200, "text": HTML, "headers": {"Content-Type": "text/html"}},
    "half of its JSON": {"status": 200, "text": '[{"id": 4, "nam', "headers": JSON},
    "nothing": {"status": 204, "text": ""},
    "an object": {"status": 200, "body": {"message": "hello"}},
    "half of its gzip": {
        "status": 200,
        "text": PACKED[: len(PACKED) // 2],
        "headers": JSON | {"Content-Encoding": "gzip"},
    },
    "no gzip for all it says": {"status": 200, "text": "[]", "headers": JSON | {"Content-Encoding": "gzip"}},
    "another encoding": {"status": 200, "text": "[]", "headers": JSON | {"Content-Encoding": "br"}},
    "another alphabet": {"status": 200, "text": '[{"name": "Zoë"}]'.encode("latin-1"), "headers": JSON},
    "a redirection": {"status": 302, "text": "", "headers": {"Location": "https://login.example/"}},
}


@pytest.mark.parametrize("fault", OUTAGES)
def test_an_outage_in_mid_paging_is_waited_for(scene: Scene, fault: str) -> None:
    before = content(scene.hurt, scene.changed)
    scene.change()
    scene.fail(LIST, skip=1, times=3, **OUTAGES[fault])
    scene.run(scene.hurt, full=True)
    assert scene.status()["status"] == "SYNCING", "it is tried again soon"
    assert scene.issues() == []
    assert content(scene.hurt, scene.changed) == before
    assert not scene.world.sandbox.controls.faults
    scene.run(scene.hurt)
    scene.is_whole(before)


def test_an_outage_without_end_is_passed_over(scene: Scene) -> None:
    before = content(scene.hurt, scene.changed)
    scene.change()
    scene.fail(LIST, skip=1, status=503)
    for _ in range(4):
        scene.run(full=True)
    assert scene.status()["status"] == "FAILED"
    ((label, detail),) = scene.issues()
    assert label == "Vendor unavailable"
    assert detail.startswith("interviews: ")
    assert {row["status"] for row in statuses(scene.hurt)} == {"FAILED", "DONE"}, "the other lists are read"
    assert content(scene.hurt, scene.changed) == before
    scene.other_is_well()
    scene.run(scene.hurt)
    assert len(scene.told("Issue.new")) == 1, "the same again is told once"
    scene.recovers()
    scene.is_whole(before)
    assert len(scene.told("Issue.resolved")) == 1


@pytest.mark.parametrize("fault", NONSENSE)
def test_nonsense_fails_its_list_alone(scene: Scene, fault: str) -> None:
    before = content(scene.hurt, scene.changed)
    scene.change()
    scene.fail(LIST, skip=1, times=1, **NONSENSE[fault])
    scene.run(scene.hurt, full=True)
    assert scene.status()["status"] == "FAILED"
    ((label, detail),) = scene.issues()
    assert (label, detail.partition(":")[0]) == ("Unexpected answer", "interviews")
    assert {row["status"] for row in statuses(scene.hurt)} == {"FAILED", "DONE"}
    assert content(scene.hurt, scene.changed) == before
    scene.recovers()
    scene.is_whole(before)


def test_an_outage_in_the_first_synchronisation_leaves_no_trace(scene: Scene) -> None:
    """What is there in the end is what an account has that never met a fault."""
    clean = content(scene.hurt, names=True)
    fresh = scene.world.link("v3", sync=False)
    for path in ("/v3/candidates", "/v3/applications", LIST):
        scene.fail(path, skip=1, times=4, status=503)
    for _ in range(4):
        scene.run(fresh)
    assert not scene.world.sandbox.controls.faults
    scene.run(fresh)
    assert content(fresh, names=True) == clean


def _hurried(opened: Callable[..., Client], *arguments: Any, **options: Any) -> Client:
    return opened(*arguments, **options | {"timeout": 0.2})


def test_a_vendor_that_never_answers(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content(scene.hurt, scene.changed)
    scene.change()
    scene.run(scene.other)
    with monkeypatch.context() as hurried:
        hurried.setattr("app.accounts.connect.open_client", partial(_hurried, open_client))
        scene.fail(LIST, delay=2, times=3, status=None)
        scene.run(scene.hurt)
    assert scene.status()["status"] == "SYNCING"
    assert content(scene.hurt, scene.changed) == before
    scene.run(scene.hurt)
    scene.is_whole(before)


def test_a_vendor_that_is_not_there(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content(scene.hurt, scene.changed)
    with monkeypatch.context() as away, socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        taken.close()
        away.setitem(scene.world.settings.provider_origins, "greenhouse", f"http://127.0.0.1:{port}")
        scene.change()
        scene.run()
        assert {row["status"] for row in statuses(scene.hurt)} == {"SYNCING"}
        assert scene.issues() == []
        assert content(scene.hurt, scene.changed) == before
    scene.run()
    scene.is_whole(before)
    scene.other_is_well()
