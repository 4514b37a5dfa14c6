"""API processes are replaced under load, behind a proxy, and no request fails."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from running import Running, started
from world import API, Account, Synced, World

LINGER = 1.0  # seconds
NOTICE = 0.2  # seconds between two looks of the proxy at a process


class Fleet:
    """API processes, and what a proxy does before them: it asks who is ready, and sends requests there."""

    def __init__(self, world: World, directory: Path, stack: ExitStack) -> None:
        self._world = world
        self._directory = directory
        self._stack = stack
        self._ready: set[str] = set()
        self._all: dict[str, Running] = {}
        self._ended = threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self._watching.start()
        stack.callback(self._end)

    def start(self) -> str:
        arguments = ("serve", "--no-worker", "--port", "0", "--linger", str(LINGER))
        process = self._stack.enter_context(started(self._directory, *arguments, **self._world.variables()))
        url = process.until("omniats listens on").split()[3]
        self._all[url] = process
        while url not in self._ready:
            time.sleep(0.01)  # until the proxy has noticed
        return url

    def stop(self, url: str) -> None:
        assert self._all[url].end(signal.SIGTERM) == 0
        assert "Traceback" not in "\n".join(self._all.pop(url).printed)

    def tell_to_stop(self, url: str) -> None:
        self._all[url].process.send_signal(signal.SIGTERM)

    def someone(self, number: int) -> str:
        ready = sorted(self._ready)
        return ready[number % len(ready)]

    def _watch(self) -> None:
        while not self._ended.wait(NOTICE):
            for url in list(self._all):
                try:
                    good = httpx.get(f"{url}/readyz", timeout=5).status_code == 200
                except httpx.TransportError:
                    good = False
                (self._ready.add if good else self._ready.discard)(url)

    def _end(self) -> None:
        self._ended.set()
        self._watching.join()


@pytest.fixture
def fleet(synced: Synced, tmp_path: Path) -> Iterator[Fleet]:
    with ExitStack() as stack:
        yield Fleet(synced.world, tmp_path, stack)


def request(url: str, account: Account, method: str, path: str, **more: object) -> httpx.Response:
    """One request on a connection of its own."""
    headers = {name: account.http.headers[name] for name in ("authorization", "x-account-token")}
    return httpx.request(method, f"{url}{API}{path}", headers=headers, timeout=60, **more)  # type: ignore[arg-type]


def load(call: Callable[[int], int], threads: int) -> tuple[list[int | str], Callable[[], None]]:
    """Call again and again in threads; gives what came of it, and what ends it."""
    outcomes: list[int | str] = []
    ended = threading.Event()

    def go(number: int) -> None:
        while not ended.is_set():
            number += 1
            try:
                outcomes.append(call(number))
            except httpx.TransportError as error:
                outcomes.append(repr(error))

    running = [threading.Thread(target=go, args=(n,), daemon=True) for n in range(threads)]
    for thread in running:
        thread.start()

    def end() -> None:
        ended.set()
        for thread in running:
            thread.join()

    return outcomes, end


def test_no_request_fails_while_every_process_is_replaced(fleet: Fleet, synced: Synced) -> None:
    old = [fleet.start(), fleet.start()]
    outcomes, end = load(
        lambda n: request(fleet.someone(n), synced.v3, "GET", "/interviews?page_size=5").status_code, 3
    )
    for url in old:
        fleet.start()
        fleet.stop(url)
    end()
    assert len(outcomes) > 20
    assert set(outcomes) == {200}


def test_a_request_that_has_begun_is_answered(fleet: Fleet, synced: Synced) -> None:
    url = fleet.start()
    sandbox = synced.world.sandbox
    sandbox.controls.fail("/v3/*", status=None, delay=2 * LINGER, times=1)
    answers: list[httpx.Response] = []
    body = {"method": "GET", "path": "/v3/users"}
    sandbox.controls.received.clear()
    slow = threading.Thread(
        target=lambda: answers.append(request(url, synced.v3, "POST", "/passthrough", json=body))
    )
    slow.start()
    while not sandbox.controls.received:
        time.sleep(0.01)  # until the vendor is asked
    fleet.stop(url)
    slow.join()
    assert [answer.status_code for answer in answers] == [200]


def test_a_process_about_to_stop_says_so_and_goes_on(fleet: Fleet, synced: Synced) -> None:
    url = fleet.start()
    fleet.tell_to_stop(url)
    while (answer := httpx.get(f"{url}/readyz")).status_code == 200:
        pass
    assert (answer.status_code, answer.json()) == (
        503,
        {"status": "unready", "problems": ["shutdown"]},
    )
    assert httpx.get(f"{url}/healthz").status_code == 200
    assert request(url, synced.v3, "GET", "/interviews").status_code == 200
