"""The hosted link page: what browsers are given. It has no cookies but one, while at the vendor's page.

The link token travels in the address's fragment and in forms, so that it comes into no log. Whoever sends a
form must know it; forms of other sites are refused besides, so that nobody is sent to a vendor's page, or
linked, in somebody else's session.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from app.accounts.linking import existing_account
from app.api.callers import public_url, service_of
from app.api.errors import not_found
from app.browsers.answers import BASE, html, static
from app.browsers.forms import form_of
from app.link import flow, pages, sessions
from app.link.flow import Choice, NotLinked
from app.link.pages import Form, Visit
from app.link.sessions import Session, SessionOver
from app.link.words import chosen
from app.service import Service
from providers.registry import PROVIDERS

router = APIRouter(include_in_schema=False)

COOKIE = "omniats_link"
COOKIE_LIFE = 900  # seconds: nobody agrees for longer, and vendors' codes end sooner
STATIC = Path(__file__).parents[1] / "link" / "static"
STATUS = {"unknown": 404, "expired": 410, "used": 410, "attempts": 429, "stale": 400}
ASSETS = {"base.css": BASE, "link.css": STATIC / "link.css", "link.js": STATIC / "link.js"}


@router.get("/link")
def show_shell(request: Request) -> Response:
    """The page that reads the link token from the address."""
    return _html(request, pages.shell(_language(request, None)))


@router.post("/link")
async def show_step(request: Request) -> Response:
    """The next step of a session."""
    return await _step(request, _show)


@router.post("/link/credentials")
async def try_credentials(request: Request) -> Response:
    """Try the credentials entered."""
    return await _step(request, _try_credentials)


@router.post("/link/authorize")
async def leave_for_vendor(request: Request) -> Response:
    """Send the person to the vendor's page."""
    return await _step(request, _leave)


@router.post("/link/state")
async def tell_state(request: Request) -> Response:
    """Whether something came of the window with the vendor's page."""
    return await _step(request, _tell)


@router.get("/link/callback")
def come_back(request: Request) -> Response:
    """Where the vendor's page sends the person back to: in the browser they left from, or nowhere."""
    service, token = service_of(request), request.cookies.get(COOKIE, "")
    language = _language(request, None)
    try:
        with service.reader.connect() as connection:
            session = sessions.find(connection, token)
        language = _language(request, session)
        popup = flow.end_authorization(service, session, dict(request.query_params), language)
    except SessionOver as end:
        return _html(request, pages.over(Visit(token, language=language), end.reason), STATUS[end.reason])
    address = f"/link#{token}" + ("&popup=1" if popup else "")
    answer = RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})
    answer.delete_cookie(COOKIE, path="/link")
    return answer


@router.get("/initialize.js")
@router.get("/link/initialize.js")
def component() -> Response:
    """The script that defines `window.MergeLink`."""
    return static(STATIC / "initialize.js", anywhere=True)


@router.get("/link/{name}")
def asset(name: str) -> Response:
    """The page's styles and script."""
    if name not in ASSETS:
        raise not_found()
    return static(ASSETS[name], anywhere=True)


class _Step:
    """One form as it arrived, with the session it belongs to."""

    def __init__(self, request: Request, form: Mapping[str, str], session: Session) -> None:
        self.request = request
        self.service: Service = service_of(request)
        self.form = form
        self.session = session
        self.visit = _visit(request, form, session)

    def choice(self) -> Choice | None:
        """What the person has chosen."""
        return flow.choice_of(self.service, self.session, self.form)

    def page(self, content: str, status: int = 200) -> Response:
        """An answer."""
        return _html(self.request, content, status)


async def _step(request: Request, answer: Any) -> Response:
    form = await form_of(request)

    def in_thread() -> Response:
        try:
            with service_of(request).reader.connect() as connection:
                session = sessions.find(connection, form.get("link_token", ""))
            step = _Step(request, form, session)
            if step.visit.origin and step.visit.origin not in _origins(request):
                return step.page(pages.not_embeddable(step.visit), 403)
            response: Response = answer(step)
        except SessionOver as end:
            return _html(request, pages.over(_visit(request, form, None), end.reason), STATUS[end.reason])
        return response

    return await run_in_threadpool(in_thread)


def _show(step: _Step) -> Response:
    session, visit, problem = step.session, step.visit, step.session.problem
    if session.account_id:
        return _finished(step)
    if problem and visit.popup:
        provider = PROVIDERS[problem["integration"]]
        return step.page(pages.returned(visit, provider, problem["text"]))
    form = step.form
    if "choose" in form:
        return step.page(pages.chooser(visit, session))
    if problem and "integration" not in form:
        form = problem
    choice = flow.choice_of(step.service, session, form)
    if choice is None:
        return step.page(pages.chooser(visit, session))
    failed = problem and _is_about(problem, choice)
    problems = [flow.Problem(None, problem["text"])] if problem and failed else []
    return _form_page(step, choice, *problems)


def _try_credentials(step: _Step) -> Response:
    choice = step.choice()
    if step.session.account_id or choice is None or choice.style.authorization:
        return _show(step)
    try:
        flow.link_by_form(step.service, step.session, choice, step.form, step.visit.language)
    except NotLinked as refusal:
        return _form_page(step, choice, *refusal.problems)
    return _finished(step)


def _leave(step: _Step) -> Response:
    choice = step.choice()
    if step.session.account_id or choice is None or choice.style.authorization is None:
        return _show(step)
    public = public_url(step.request)
    page = flow.begin_authorization(step.service, step.session, choice, public, popup=bool(step.visit.origin))
    answer = RedirectResponse(page, 303, headers={"Cache-Control": "no-store"})
    answer.set_cookie(
        COOKIE,
        step.visit.token,
        max_age=COOKIE_LIFE,
        path="/link",
        secure=public.startswith("https:"),
        httponly=True,
        samesite="lax",  # it must come along when the vendor's page sends the person back
    )
    return answer


def _tell(step: _Step) -> Response:
    state = "linked" if step.session.account_id else "problem" if step.session.problem else "open"
    return JSONResponse({"state": state}, headers={"Cache-Control": "no-store"})


def _finished(step: _Step) -> Response:
    """The last page. Only a page that embeds this one gets a public token."""
    token = None
    with step.service.engine.begin() as connection:
        provider = sessions.provider_of(connection, step.session)
        if step.visit.origin:
            token = sessions.give_public_token(connection, step.session)
    return step.page(pages.done(step.visit, PROVIDERS[provider], token))


def _form_page(step: _Step, choice: Choice, *problems: flow.Problem) -> Response:
    session, visit = step.session, step.visit
    with step.service.reader.connect() as connection:
        end_user = session.end_user
        known = existing_account(connection, choice.provider.slug, end_user.origin_id, end_user.account_type)
    offers = visit.origin and not session.options.hide_admin_magic_link
    entered = {field.name: step.form.get(f"field-{field.name}") for field in choice.style.fields}
    prefilled = {name: str(value) for name, value in session.options.prefilled.items() if value is not None}
    shown = Form(
        numbers=flow.offered(step.service, choice.provider),
        relink=known is not None,
        problems={problem.field or "": problem for problem in problems},
        values=prefilled | {name: value for name, value in entered.items() if value is not None},
        magic_link=f"{public_url(step.request)}/link#{visit.token}" if offers else None,
    )
    return step.page(pages.form(visit, session, choice, shown), 422 if problems else 200)


def _is_about(problem: Mapping[str, str], choice: Choice) -> bool:
    return (problem["integration"], problem["style"]) in (
        ("", ""),
        (choice.provider.slug, str(choice.number)),
    )


def _visit(request: Request, form: Mapping[str, str], session: Session | None) -> Visit:
    return Visit(
        token=form.get("link_token", ""),
        origin=form.get("origin", "").rstrip("/"),
        language=_language(request, session),
        popup=bool(form.get("popup")),
    )


def _language(request: Request, session: Session | None) -> str:
    return chosen(session.options.language if session else None, request.headers.get("accept-language", ""))


def _origins(request: Request) -> list[str]:
    """Whose pages may embed this one and get the result: our own and those set."""
    own = urlsplit(public_url(request))
    return [
        f"{own.scheme}://{own.netloc}",
        *(o.rstrip("/") for o in service_of(request).settings.link_origins),
    ]


def _html(request: Request, content: str, status: int = 200) -> Response:
    to = ["'self'", *_vendor_pages(service_of(request))]  # browsers look at redirects too
    embedders = ["'self'", *_origins(request)]
    return html(content, status, {"form-action": " ".join(to), "frame-ancestors": " ".join(embedders)})


def _vendor_pages(service: Service) -> list[str]:
    """The origins of the pages people are sent to."""
    found = [
        service.connector.redirected(provider, httpx.URL(style.authorization.authorize_url))
        for provider in PROVIDERS.values()
        for style in provider.styles
        if style.authorization and provider.slug in service.settings.oauth_clients
    ]
    return [f"{url.scheme}://{url.netloc.decode()}" for url in found]
