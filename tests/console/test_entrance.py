"""The door of the console: who gets in, who does not, and for how long."""

import re
from pathlib import Path

import httpx
import pytest
from fastapi.routing import APIRoute
from running import omniats
from sqlalchemy import func, select, update
from visitor import Visitor, new_operator
from world import World

from app import service as parts
from app.audit.tables import audit_event
from app.common.times import now
from app.console import deeds, operators, rooms, sessions
from app.console.entrance import DOOR
from app.console.tables import operator, operator_session
from app.console.visits import COOKIE, local

ID = "00000000-0000-4000-8000-000000000000"
ROOMS = sorted(r.path for r in rooms.router.routes if isinstance(r, APIRoute))
DEEDS = [*sorted(r.path for r in deeds.router.routes if isinstance(r, APIRoute)), "/console/logout"]


def events(world: World) -> list[tuple[str, str | None, str, str]]:
    with world.service.reader.connect() as connection:
        rows = connection.execute(select(audit_event).order_by(audit_event.c.created_at)).all()
    return [(row.event_type, row.user_name, row.role, row.ip_address) for row in rows]


def cookies_of(answer: httpx.Response) -> dict[str, str]:
    return {line.partition("=")[0]: line for line in answer.headers.get_list("set-cookie")}


def test_without_any_operator_the_door_says_how_to_make_one(world: World) -> None:
    page = Visitor(world).page("/console/login")
    assert "omniats operator create NAME" in page
    assert 'type="password"' not in page
    new_operator(world, "Anna")
    assert 'type="password"' in Visitor(world).page("/console/login")


def test_signing_in_and_out(world: World, password: str) -> None:
    visitor = Visitor(world)
    assert visitor.get("/console").headers["location"] == "/console/login"
    answer = visitor.sign_in("Anna", password)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    assert "Sign out" in visitor.page("/console")
    kept = dict(visitor.http.cookies)
    out = visitor.post("/console/logout")
    assert (out.status_code, out.headers["location"]) == (303, "/console/login")
    visitor.http.cookies.update(kept)  # the session has ended, not only its cookie
    assert visitor.get("/console").status_code == 303
    assert [event[0] for event in events(world)] == ["CREATED_OPERATOR", "SIGNED_IN", "SIGNED_OUT"]
    assert events(world)[1] == ("SIGNED_IN", "Anna", "ADMIN", "127.0.0.1")


@pytest.mark.parametrize(("name", "tried"), [("Anna", "wrong"), ("Nobody", None), ("", ""), ("An\0na", "x")])
def test_a_wrong_name_or_password(world: World, password: str, name: str, tried: str | None) -> None:
    visitor = Visitor(world)
    answer = visitor.sign_in(name, password if tried is None else tried)
    assert answer.status_code == 422
    assert "No operator has this name and this password." in answer.text
    assert COOKIE not in visitor.http.cookies
    assert visitor.get("/console").status_code == 303
    assert events(world)[-1][0] == "REFUSED_SIGN_IN"


def test_a_password_typed_as_the_name_is_not_written_down(world: World, password: str) -> None:
    Visitor(world).sign_in(password, "")
    with world.service.reader.connect() as connection:
        assert password not in repr(connection.execute(select(audit_event)).all())


def test_cookies_are_kept_from_scripts_and_other_sites(world: World, password: str) -> None:
    answer = Visitor(world).sign_in("Anna", password)
    cookie = cookies_of(answer)[COOKIE].lower()
    assert {"httponly", "samesite=strict", "path=/console", f"max-age={sessions.LIFE}"} <= set(
        re.split(r";\s*", cookie)
    )
    assert "secure" not in cookie
    world.settings.public_url = "https://ats.example"
    answer = Visitor(world).get("/console/login")
    assert "secure" in re.split(r";\s*", cookies_of(answer)[DOOR].lower())


def test_a_session_ends(world: World, anna: Visitor) -> None:
    anna.page("/console")
    with world.service.engine.begin() as connection:
        left = connection.scalar(select(operator_session.c.expires_at)) or 0
        assert abs(left - now() - sessions.LIFE * 1_000_000) < 60_000_000
        connection.execute(update(operator_session).values(expires_at=now()))
    assert anna.get("/console").headers["location"] == "/console/login"
    new_operator(world, "Ben")
    with world.service.engine.begin() as connection:
        ben = connection.scalar(select(operator.c.id).where(operator.c.name == "Ben"))
        assert ben is not None
        sessions.begin(connection, ben)
        assert connection.scalar(select(func.count()).select_from(operator_session)) == 1, "old ones go"


def test_an_operator_who_is_removed_is_out_at_once(world: World, anna: Visitor) -> None:
    with world.service.engine.begin() as connection:
        assert operators.remove(connection, "Anna")
        assert not operators.remove(connection, "Anna")
    assert anna.get("/console").status_code == 303


def test_only_hashes_are_stored(world: World, anna: Visitor, password: str) -> None:
    token = anna.http.cookies[COOKIE]
    with world.service.reader.connect() as connection:
        stored = repr(connection.execute(select(operator)).all())
        stored += repr(connection.execute(select(operator_session)).all())
    assert "$argon2id$v=19$m=65536,t=3,p=1$" in stored
    assert password not in stored
    assert token not in stored
    assert token.encode() not in stored.encode()


def test_names(world: World) -> None:
    new_operator(world, "Anna")
    with world.service.engine.begin() as connection, pytest.raises(operators.NameTaken):
        operators.create(connection, "Anna")
    for name in ("", " Anna", "x" * 201, "a\nb"):
        with world.service.engine.begin() as connection, pytest.raises(ValueError, match="printable"):
            operators.create(connection, name)


@pytest.mark.parametrize("path", ROOMS)
def test_a_stranger_sees_nothing(world: World, path: str, password: str) -> None:
    answer = Visitor(world).get(path.replace("{id}", ID).replace("{path:path}", "x"))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/console/login")
    assert answer.content == b""


@pytest.mark.parametrize("path", DEEDS)
def test_a_stranger_does_nothing(world: World, path: str, password: str) -> None:
    place = path.replace("{id}", ID).replace("{delivery_id}", ID)
    for token in ("", "0" * 64):
        answer = Visitor(world).http.post(place, data={"form_token": token})
        assert (answer.status_code, answer.headers["location"]) == (303, "/console/login")


@pytest.mark.parametrize("path", DEEDS)
def test_a_form_that_we_did_not_hand_out_does_nothing(world: World, anna: Visitor, path: str) -> None:
    place = path.replace("{id}", ID).replace("{delivery_id}", ID)
    theirs = Visitor(world)
    theirs.sign_in("Ben", new_operator(world, "Ben"))
    for token in ("", "0" * 64, "ä", theirs.token("/console")):
        answer = anna.http.post(place, data={"form_token": token})
        assert answer.status_code == 403
    for headers in ({"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}):
        answer = anna.http.post(place, data={"form_token": anna.token("/console")}, headers=headers)
        assert answer.status_code == 403
    assert anna.get("/console").status_code == 200


def test_the_form_of_the_door_has_a_token_too(world: World, password: str) -> None:
    visitor = Visitor(world)
    fields = {"name": "Anna", "password": password}
    assert visitor.http.post("/console/login", data=fields).status_code == 403
    token = visitor.token("/console/login")
    stranger = Visitor(world)
    stranger.page("/console/login")
    assert stranger.http.post("/console/login", data=fields | {"form_token": token}).status_code == 403
    assert visitor.http.post("/console/login", data=fields | {"form_token": token}).status_code == 303


def test_a_session_is_not_one_that_was_there_before(world: World, password: str) -> None:
    """Whoever plants a cookie in a browser holds no session afterwards."""
    visitor = Visitor(world)
    planted = "omn_console_planted"
    visitor.http.cookies.set(COOKIE, planted, domain="127.0.0.1", path="/console")
    visitor.sign_in("Anna", password)
    with world.service.reader.connect() as connection:
        assert sessions.operator_of(connection, planted) is None


def test_attempts_are_throttled(world: World, password: str) -> None:
    visitor = Visitor(world)
    for _ in range(parts.SIGN_INS):
        answer = visitor.sign_in("Anna", "wrong")
        if answer.status_code == 429:  # a minute of the clock has begun meanwhile
            break
    refused = [visitor.sign_in("Anna", password) for _ in range(parts.SIGN_INS + 1)]
    assert 429 in {answer.status_code for answer in refused}
    (late, *_) = [answer for answer in refused if answer.status_code == 429]
    assert "Too many attempts" in late.text
    assert COOKIE not in cookies_of(late)


@pytest.mark.parametrize("path", ["/console/login", "/console", "/console/nowhere", "/console/accounts/x"])
def test_headers(anna: Visitor, path: str) -> None:
    headers = anna.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_what_is_not_there(anna: Visitor) -> None:
    for path in ("/console/nowhere", f"/console/accounts/{ID}", "/console/accounts/%00", "/console?cursor=x"):
        answer = anna.get(path)
        assert answer.status_code == 404, path
        assert "There is no such thing" in answer.text
    assert anna.get("/console/assets/console.js").headers["content-type"].startswith("text/javascript")
    assert anna.get("/console/assets/base.css").headers["content-type"].startswith("text/css")
    assert anna.get("/console/assets/../words.py").status_code == 404
    assert anna.post(f"/console/accounts/{ID}/resync").status_code == 404
    assert anna.post(f"/console/issues/{ID}/resolve").status_code == 404


def test_where_the_door_leads(world: World, password: str) -> None:
    visitor = Visitor(world)
    asked = visitor.get("/console/issues?status=RESOLVED").headers["location"]
    assert asked == "/console/login?next=%2Fconsole%2Fissues%3Fstatus%3DRESOLVED"
    assert 'value="/console/issues?status=RESOLVED"' in visitor.page(asked)
    answer = visitor.sign_in("Anna", password, next="/console/issues?status=RESOLVED")
    assert answer.headers["location"] == "/console/issues?status=RESOLVED"


@pytest.mark.parametrize(
    "place",
    [
        "https://evil.example",
        "//evil.example",
        "/consoles",
        "/console/../link",
        "",
        "/console\r\nX: y",
        "/api/ats/v1/x",
    ],
)
def test_the_door_leads_nowhere_else(place: str) -> None:
    assert local(place) == "/console"


def test_the_commands(tmp_path: Path) -> None:
    made = omniats(tmp_path, "operator", "create", "Anna")
    assert made.returncode == 0, made.stderr
    (password,) = made.stdout.split()
    assert len(password) == 24
    again = omniats(tmp_path, "operator", "create", "Anna")
    assert (again.returncode, again.stdout) == (1, "")
    assert "There is an operator named 'Anna' already" in again.stderr
    listed = omniats(tmp_path, "operator", "list").stdout
    assert listed.split()[1:] == ["Anna"]
    assert omniats(tmp_path, "operator", "remove", "Anna").returncode == 0
    gone = omniats(tmp_path, "operator", "remove", "Anna")
    assert "there is no operator named 'Anna'" in gone.stderr
    assert omniats(tmp_path, "operator", "list").stdout == ""
