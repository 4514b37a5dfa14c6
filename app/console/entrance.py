"""The door of the console: signing in and out."""

from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from app.accounts.keys import fresh_secret
from app.api.callers import public_url, service_of
from app.audit import trail
from app.browsers.answers import BASE, html, static
from app.browsers.forms import form_of
from app.console import operators, sessions
from app.console.pages import page
from app.console.visits import (
    COOKIE,
    HOME,
    TOKEN_FIELD,
    ConsoleRoute,
    Missing,
    Sent,
    SignedIn,
    address_of,
    away,
    check,
    form_token,
    local,
)

router = APIRouter(prefix=HOME, route_class=ConsoleRoute, include_in_schema=False)

STATIC = Path(__file__).parent / "static"
ASSETS = {"base.css": BASE, **{name: STATIC / name for name in ("console.css", "console.js")}}
DOOR = "omniats_console_door"  # a cookie of its own: a session's does not come along from other sites' links
AT_DOOR = 3600  # seconds
WRONG = "No operator has this name and this password."
TOO_MANY = "Too many attempts. Try again in a minute."


@router.get("/assets/{name}")
def asset(name: str) -> Response:
    """The pages' styles and script."""
    if name not in ASSETS:
        raise Missing
    return static(ASSETS[name])


@router.get("/login")
def show_login(request: Request) -> Response:
    """The form to sign in with, or how to make an operator when there is none."""
    return _door(request, local(request.query_params.get("next", "")))


@router.post("/login")
async def sign_in(request: Request) -> Response:
    """Sign in."""
    form = await form_of(request)
    return await run_in_threadpool(_signed_in, request, form)


@router.post("/logout")
def sign_out(request: Request, visit: SignedIn, _form: Sent) -> Response:
    """Sign out."""
    with visit.service.engine.begin() as connection:
        sessions.end(connection, request.cookies[COOKIE])
        trail.record(connection, visit.actor, "SIGNED_OUT", f"{visit.operator.name} signed out.")
    answer = away(f"{HOME}/login")
    answer.delete_cookie(COOKIE, path=HOME)
    return answer


def _signed_in(request: Request, form: dict[str, str]) -> Response:
    service, wanted = service_of(request), local(form.get("next", ""))
    check(form, form_token(service, request.cookies.get(DOOR, "")))
    standing = service.sign_ins.count(f"sign-in:{address_of(request)}")
    if standing is not None and standing.exceeded:
        return _door(request, wanted, TOO_MANY, 429)
    with service.reader.connect() as connection:
        found = operators.by_password(connection, form.get("name", ""), form.get("password", ""))
    with service.engine.begin() as connection:
        if found is None:
            _note(connection, request, form.get("name", ""))
            return _door(request, wanted, WRONG, 422)
        token = sessions.begin(connection, found.id)
        actor = trail.Actor(found.name, "ADMIN", address_of(request))
        trail.record(connection, actor, "SIGNED_IN", f"{found.name} signed in.")
    answer = away(wanted)
    answer.set_cookie(COOKIE, token, max_age=sessions.LIFE, **_kept(request))
    answer.delete_cookie(DOOR, path=HOME)
    return answer


def _note(connection: Connection, request: Request, name: str) -> None:
    """Write down that somebody was refused; what is no operator's name may be a password typed too early."""
    known = name in [row.name for row in operators.listed(connection)]
    who = f"the name {name!r}" if known else "a name that is no operator's"
    actor = trail.Actor(None, "SYSTEM", address_of(request))
    trail.record(connection, actor, "REFUSED_SIGN_IN", f"Refused to sign somebody in with {who}.")


def _door(request: Request, wanted: str, problem: str = "", status: int = 200) -> Response:
    service, cookie = service_of(request), request.cookies.get(DOOR) or fresh_secret("omn_door")
    with service.reader.connect() as connection:
        known = operators.is_any(connection)
    hidden = {TOKEN_FIELD: form_token(service, cookie), "next": wanted}
    answer = html(page("login.html", hidden=hidden, known=known, problem=problem), status)
    answer.set_cookie(DOOR, cookie, max_age=AT_DOOR, **_kept(request))
    return answer


def _kept(request: Request) -> dict[str, Any]:
    """How cookies are kept: for the console alone, from scripts and from other sites' pages."""
    secure = public_url(request).startswith("https:")
    return {"path": HOME, "secure": secure, "httponly": True, "samesite": "strict"}
