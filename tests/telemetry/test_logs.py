"""Lines of the log: what they are about, in which shape, and what never stands in them."""

import io
import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from world import Account, Json, World

from app.jobs import Job, ask
from app.telemetry import context
from app.telemetry.logs import FORMAT, JsonLines, Text, set_up
from app.telemetry.requests import HEADER
from app.webhooks.deliver import _send
from app.webhooks.posting import Answer
from sandboxes import CREDENTIALS

SECRET = CREDENTIALS["greenhouse"]["v1"]["api_key"]


class Written:
    """The lines that the service writes while a test lasts, at every level."""

    def __init__(self) -> None:
        self._stream = io.StringIO()
        self.handler = logging.StreamHandler(self._stream)
        self.handler.setFormatter(JsonLines())

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    def lines(self, **names: object) -> list[Json]:
        """Those with these values."""
        found = [json.loads(line) for line in self.text.splitlines()]
        return [line for line in found if {n: line.get(n) for n in names} == names]

    def requests(self) -> list[Json]:
        return self.lines(logger="app.access")


@pytest.fixture
def written() -> Iterator[Written]:
    made, root = Written(), logging.getLogger("app")
    level = root.level
    root.addHandler(made.handler)
    root.setLevel(logging.DEBUG)
    yield made
    root.removeHandler(made.handler)
    root.setLevel(level)


@pytest.fixture
def account(world: World) -> Account:
    return world.link("v1", sync=False)


def a_line(formatter: logging.Formatter, message: str, **more: Any) -> str:
    record = logging.LogRecord("app.x", logging.INFO, "x.py", 1, message, (), None)
    vars(record).update(more)
    return formatter.format(record)


def test_a_request_is_one_line_without_values(account: Account, written: Written) -> None:
    account.get("/candidates/11111111-2222-4333-8444-555555555555", expand="applications")
    (line,) = written.requests()
    assert (line["method"], line["route"]) == ("GET", "/api/ats/v1/candidates/{id}")
    assert (line["status"], line["account_id"], line["level"]) == (404, account.id, "INFO")
    assert line["duration_ms"] > 0
    assert "11111111" not in written.text
    assert "expand" not in written.text


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_slash_at_the_end_leaves_the_route_as_it_is(world: World, written: Written, slash: str) -> None:
    world.http.get(f"/linked-accounts{slash}")
    assert [line["route"] for line in written.requests()] == ["/api/ats/v1/linked-accounts"]


def test_a_path_of_no_route_is_not_repeated(world: World, written: Written) -> None:
    world.http.get("/omn_key_guessed/x")
    (line,) = written.requests()
    assert (line["route"], line["status"]) == ("unknown", 404)
    assert "guessed" not in written.text


@pytest.mark.parametrize("given", ["a", "7f3c:1.2_A-b", "x" * 100])
def test_a_request_keeps_its_id(world: World, written: Written, given: str) -> None:
    answer = world.http.get("/linked-accounts", headers={HEADER: given})
    assert answer.headers[HEADER] == given
    assert [line["request_id"] for line in written.requests()] == [given]


@pytest.mark.parametrize("given", ["", "x" * 101, "a b", 'a"b', "a{b", "a/b", "ä".encode("latin-1")])
def test_an_id_that_may_not_stand_in_a_log_is_replaced(
    world: World, written: Written, given: str | bytes
) -> None:
    answer = world.http.get("/linked-accounts", headers={HEADER: given})
    (line,) = written.requests()
    assert answer.headers[HEADER] == line["request_id"] != given
    assert len(line["request_id"]) == 32


def test_requests_have_different_ids(world: World) -> None:
    assert len({world.http.get("/linked-accounts").headers[HEADER] for _ in range(3)}) == 3


def test_a_defect_is_logged_with_the_request_it_ended(
    account: Account, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = f"no such thing: password={SECRET}"
    monkeypatch.setattr("app.records.reading.RecordReader.page", mock.Mock(side_effect=KeyError(message)))
    answer = account.get("/interviews")
    assert answer.status_code == 500
    (line,) = written.lines(level="ERROR")
    assert line["request_id"] == answer.headers[HEADER]
    assert line["account_id"] == account.id
    assert "KeyError" in line["exception"]
    assert SECRET not in written.text
    assert [entry["status"] for entry in written.requests()] == [500]


def test_every_line_of_a_synchronisation_names_it(world: World, written: Written) -> None:
    account = world.link("v1", sync=False)
    world.sandbox.controls.fail("/v1/offers*", status=403, times=100)
    before = len(written.lines())
    world.service.jobs.run_due()
    lines = written.lines()[before:]
    assert any("offers" in line["message"] for line in lines)
    assert all("run_id" in line for line in lines)
    sync = [line for line in lines if line["kind"] == "sync"]
    assert {(line["account_id"], line["key"]) for line in sync} == {(account.id, account.id)}
    assert len({line["run_id"] for line in sync}) == 1


def test_each_run_has_an_id_and_tells_no_secret(world: World, written: Written) -> None:
    jobs, seen = world.service.jobs, []

    def fail(_job: Job) -> None:
        seen.append(context.present()["run_id"])
        raise ValueError(f"client_secret={SECRET}")

    for key in ("1", "2"):
        with jobs.begin() as connection:
            ask(connection, "x", key)
    jobs.handler("x")(fail)
    jobs.run_due()
    assert [line["run_id"] for line in written.lines(kind="x", level="ERROR")] == seen
    assert len(set(seen)) == 2
    assert SECRET not in written.text


def test_what_is_going_on_ends_with_its_block() -> None:
    with context.about(request_id="outer"):
        with context.about(run_id="inner"):
            context.note(account_id="a")
            assert context.present() == {"request_id": "outer", "run_id": "inner", "account_id": "a"}
        assert context.present() == {"request_id": "outer"}
    context.note(account_id="nobody's")
    assert context.present() == {}


def test_requests_of_two_callers_are_not_mixed_up(world: World, written: Written) -> None:
    first, second = (world.link(style, sync=False) for style in ("v1", "v3"))
    for account in (first, second, first):
        account.get("/interviews", headers={HEADER: account.id})
    world.http.get("/linked-accounts")
    assert [line.get("account_id") for line in written.requests()[-4:]] == [
        first.id, second.id, first.id, None,
    ]  # fmt: skip


def test_what_threads_of_a_delivery_write_is_about_its_run() -> None:
    seen: list[str | None] = []

    def post(_id: str, _body: bytes) -> Answer:
        seen.append(context.present().get("run_id"))
        return Answer(200, None)

    messages: Any = [mock.Mock(body=b"x"), mock.Mock(body=b"y")]
    with ThreadPoolExecutor(2) as threads, context.about(run_id="r"):
        assert len(_send(messages, threads, post)) == 2
    assert seen == ["r", "r"]


@pytest.mark.parametrize("formatter", [JsonLines(), Text(FORMAT)])
def test_no_shape_writes_a_secret(formatter: logging.Formatter) -> None:
    error = ValueError("access_token=s3cret")
    problem = (type(error), error, None)
    text = a_line(formatter, "Authorization: Bearer s3cret123", exc_info=problem, url="password=s3cret")
    assert "s3cret" not in text
    assert "ValueError" in text


def test_text_says_what_it_is_about_after_the_message() -> None:
    with context.about(request_id="r"):
        assert (
            a_line(Text("%(levelname)s %(message)s"), "done", fence=3) == "INFO done [request_id=r fence=3]"
        )
    assert a_line(Text("%(message)s"), "done") == "done"


def test_a_line_of_json_stays_one_line() -> None:
    assert "\n" not in a_line(JsonLines(), "a\nb", thing=Path("x"))


@pytest.mark.parametrize(
    ("shape", "is_terminal", "is_json"),
    [("auto", True, False), ("auto", False, True), ("text", False, False), ("json", True, True)],
)
def test_the_shape_follows_the_setting_and_the_terminal(shape: str, is_terminal: bool, is_json: bool) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        with mock.patch("sys.stderr.isatty", return_value=is_terminal, create=True):
            set_up("INFO", shape)
        assert isinstance(root.handlers[0].formatter, JsonLines) is is_json
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
