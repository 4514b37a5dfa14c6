"""The log of calls to vendors: what it holds and never holds, how it is written, how it is read."""

import io
from collections.abc import Callable

import httpx
import pytest
from rich.console import Console
from sqlalchemy import event, func, insert, select
from world import Account, Json, Synced, World

from app.calls import log
from app.calls.log import CallLog, shown_path
from app.calls.tables import vendor_call
from app.cli.calls import calls_table
from app.cli.problems import Refused
from app.common.ids import is_uuid
from app.common.times import now
from providers.kit import Call, open_client
from providers.kit.errors import by_status
from sandboxes import CREDENTIALS

HOST = "https://api.vendor.example"


def calls(account: Account, **params: object) -> list[Json]:
    return account.list("/vendor-calls", **params)


def note(world: World, account_id: str, *made: Call, kept: int = 1000, secrets: tuple[str, ...] = ()) -> None:
    with CallLog(world.service.engine, kept).of(account_id, secrets) as tell:
        for call in made:
            tell(call)


def numbered(count: int, start: int = 0) -> list[Call]:
    return [Call("GET", f"{HOST}/v1/things/{number}", 200, 0.0) for number in range(start, start + count)]


@pytest.fixture
def linked(world: World) -> Account:
    return world.link("v1", sync=False)


@pytest.fixture
def printed() -> Callable[[object], str]:
    def render(thing: object) -> str:
        console = Console(width=120, file=io.StringIO())
        console.print(thing)
        return str(console.file.getvalue())  # type: ignore[attr-defined]

    return render


def rows(world: World) -> int:
    with world.service.reader.connect() as connection:
        return connection.scalar(select(func.count()).select_from(vendor_call)) or 0


def test_a_sync_is_written_down_as_the_vendor_saw_it(world: World) -> None:
    account = world.link("v3")
    seen = [(request.method, request.path) for request in world.sent("GET", "/v3/")]
    logged = [call for call in calls(account) if call["path"].startswith("/v3/")]
    assert len(logged) > 20
    assert {(call["method"], call["path"]) for call in logged} <= set(seen)
    newest = logged[0]
    assert is_uuid(newest["id"])
    assert (newest["method"], newest["host"], newest["status_code"]) == ("GET", "harvest.greenhouse.io", 200)
    assert newest["duration_ms"] >= 0
    moments = [call["created_at"] for call in calls(account)]
    assert moments == sorted(moments, reverse=True)


@pytest.mark.contract("GET /vendor-calls")
def test_failures_alone(world: World, linked: Account) -> None:
    made = [Call("GET", f"{HOST}/good", 200, 0), Call("GET", f"{HOST}/moved", 302, 0)]
    bad = [Call("POST", f"{HOST}/refused", 422, 1.5), Call("GET", f"{HOST}/silent", None, 60)]
    note(world, linked.id, *made, *bad)
    assert {call["path"] for call in calls(linked)} == {"/good", "/moved", "/refused", "/silent"}
    failed = {call["path"]: (call["status_code"], call["duration_ms"]) for call in calls(linked, failed=True)}
    assert failed == {"/refused": (422, 1500), "/silent": (None, 60_000)}
    assert linked.get("/vendor-calls", failed="maybe").status_code == 400


def test_pages_and_tenants(world: World, linked: Account) -> None:
    other = world.link("v1", sync=False)
    note(world, linked.id, *numbered(7))
    note(world, other.id, *numbered(1, start=100))
    assert len(calls(linked, page_size=2)) == 7
    assert [call["path"] for call in calls(other)] == ["/v1/things/100"]
    first = linked.get("/vendor-calls", page_size=3).json()
    second = linked.get("/vendor-calls", page_size=3, cursor=first["next"]).json()
    assert (
        linked.get("/vendor-calls", page_size=3, cursor=second["previous"]).json()["results"]
        == (first["results"])
    )
    assert linked.get("/vendor-calls", cursor="nonsense").status_code == 404
    assert world.http.get("/vendor-calls").status_code == 401


def test_only_so_many_are_kept(world: World, linked: Account) -> None:
    other = world.link("v1", sync=False)
    note(world, other.id, *numbered(3))
    note(world, linked.id, *numbered(4), kept=5)
    note(world, linked.id, *numbered(4, start=4), kept=5)
    assert {call["path"] for call in calls(linked)} == {f"/v1/things/{number}" for number in range(3, 8)}
    assert len(calls(other)) == 3
    note(world, linked.id, *numbered(4, start=50), kept=0)
    assert len(calls(linked)) == 5


def test_a_long_sync_is_written_some_at_a_time(world: World, linked: Account) -> None:
    """In one transaction for many calls, and not only at the end."""
    begun: list[str] = []

    @event.listens_for(world.service.engine, "before_cursor_execute")
    def count(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO vendor_call"):
            begun.append(statement)

    with CallLog(world.service.engine, 10_000).of(linked.id, ()) as tell:
        for call in numbered(250):
            tell(call)
        assert rows(world) == 200
    assert rows(world) == 250
    assert len(begun) == 3


def test_a_slow_sync_is_written_down_meanwhile(
    world: World, linked: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [1000.0]
    monkeypatch.setattr(log.time, "monotonic", lambda: moment[0])
    with CallLog(world.service.engine, 100).of(linked.id, ()) as tell:
        tell(numbered(1)[0])
        assert rows(world) == 0
        moment[0] += log.WAIT + 1
        tell(numbered(1)[0])
        assert rows(world) == 2


def test_what_happened_before_an_error_is_kept(world: World, linked: Account) -> None:
    with pytest.raises(ZeroDivisionError), CallLog(world.service.engine, 100).of(linked.id, ()) as tell:
        tell(numbered(1)[0])
        raise ZeroDivisionError
    assert rows(world) == 1


def test_a_log_that_cannot_be_written_stops_nothing(world: World, linked: Account) -> None:
    """Here because there is no such account any more."""
    note(world, "00000000-0000-4000-8000-00000000dead", *numbered(2))
    assert rows(world) == 0


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/v1/jobs/12", "/v1/jobs/12"),
        ("/key/s3cr3t+key/jobs", "/key/***/jobs"),
        ("/key/s3cr3t%2Bkey/jobs", "/key/***/jobs"),
        ("/jobs;jsessionid=ABC123/x", "/jobs;***/x"),
        ("/jobs/omn_key_abc123", "/jobs/***"),
        ("/" + "x" * 2000, "/" + "x" * 499),
        ("/v1/people/ann@x.example/notes", "/v1/people/***/notes"),
        ("/v1/people/ann%40x.example", "/v1/people/***"),
    ],
)
def test_paths(path: str, shown: str) -> None:
    assert shown_path(path, ["s3cr3t+key"]) == shown


def test_no_secret_is_written_down(synced: Synced) -> None:
    """Nor a query, in which vendors have keys, sessions and people's addresses."""
    world = synced.world
    secret = CREDENTIALS["greenhouse"]["v1"]["api_key"]
    synced.v1.http.post("/passthrough", json={"method": "GET", "path": f"/v1/{secret}/x?token=hush&e=a@b.c"})
    note(world, synced.v1.id, Call("GET", f"https://me:pass@vendor.example/x?token=hush#{secret}", 200, 0))
    with world.service.reader.connect() as connection:
        written = repr(connection.execute(select(vendor_call)).all())
    assert "/v1/***/x" in written
    for hidden in (secret, "hush", "a@b.c", "pass", CREDENTIALS["greenhouse"]["v3"]["client_secret"]):
        assert hidden not in written


def test_an_address_that_is_a_permission_is_not_told() -> None:
    """It goes to the debug logs of writes too."""
    told: list[Call] = []
    client = open_client(
        "https://api.vendor.example",
        ("api.vendor.example",),
        httpx.Auth(),
        lambda response: by_status(response, ""),
        on_call=told.append,
        transport=httpx.MockTransport(lambda _request: httpx.Response(200)),
    )
    client.deposit("https://store.example/signed-path?signature=s", content=[b"x"], headers={})
    client.close()
    assert [call.url for call in told] == ["https://store.example/***"]


def test_every_way_to_the_vendor_is_written_down(synced: Synced) -> None:
    def paths() -> list[tuple[str, str]]:
        return [(call["method"], call["path"]) for call in calls(synced.v3)]

    synced.v3.http.post("/passthrough", json={"method": "GET", "path": "/v3/departments"})
    assert paths()[:3] == [
        ("GET", "/v3/departments"),
        ("POST", "/token"),  # the sandbox has forgotten the stored one
        ("GET", "/v3/departments"),
    ]
    (interview, *_) = synced.v3.list("/interviews", page_size=1)
    answer = synced.v3.http.patch(f"/interviews/{interview['id']}", json={"model": {"location": "Here"}})
    assert answer.status_code == 200, answer.text
    assert "PATCH" in {method for method, _ in paths()[:5]}


def test_the_command(world: World, linked: Account, printed: Callable[[object], str]) -> None:
    note(world, linked.id, Call("GET", f"{HOST}/[red]no[/red]", None, 2.5))
    note(world, linked.id, *numbered(3))
    text = printed(calls_table(world.service.engine, linked.id, 2, failed=False))
    assert "api.vendor.example/v1/things/2" in text
    assert "things/0" not in text
    text = printed(calls_table(world.service.engine, linked.id, 50, failed=False))
    assert "api.vendor.example/[red]no[/red]" in text
    assert text.index("[red]no") < text.index("things/0") < text.index("things/2")
    assert "none" in text
    assert "2500" in text
    assert "things" not in printed(calls_table(world.service.engine, linked.id, 2, failed=True))
    with pytest.raises(Refused, match="no linked account"):
        calls_table(world.service.engine, "nobody", 2, failed=False)


def test_thousands_of_calls_cost_a_page_nothing(world: World, linked: Account) -> None:
    """The list and the pruning go by an index."""
    with world.service.engine.begin() as connection:
        connection.execute(
            insert(vendor_call),
            [
                {
                    "id": f"00000000-0000-4000-8000-{number:012}",
                    "account_id": linked.id,
                    "method": "GET",
                    "host": "h",
                    "path": "/",
                    "status": 200,
                    "milliseconds": 1,
                    "created_at": now() + number,
                }
                for number in range(500)
            ],
        )
    if world.service.engine.dialect.name == "sqlite":
        with world.service.reader.connect() as connection:
            plan = connection.exec_driver_sql(
                "explain query plan select * from vendor_call where account_id = 'x' "
                "order by created_at desc, id desc limit 31"
            ).all()
        assert "ix_vendor_call_page" in repr(plan)
        assert "TEMP B-TREE" not in repr(plan)
    assert len(calls(linked)) == 500
