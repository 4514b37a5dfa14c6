"""One request to the console: by whom, and whether its form is one that we handed out."""

import hashlib
import hmac
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Path, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from sqlalchemy import Connection

from app.api.callers import service_of
from app.api.errors import ApiError
from app.audit.trail import Actor
from app.browsers.answers import HEADERS, html
from app.browsers.forms import form_of
from app.console import sessions
from app.console.operators import Operator
from app.console.pages import page
from app.service import Service

COOKIE = "omniats_console"
TOKEN_FIELD = "form_token"  # noqa: S105 - a name
HOME = "/console"
Id = Annotated[str, Path(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
TROUBLE = {
    400: "This cannot be read.",
    403: "This form is too old, or was sent by another page. Go back, reload the page and try again.",
    404: "There is no such thing, or it has been deleted.",
    413: "This is too large.",
}


class NotSignedIn(Exception):
    """Nobody has signed in, or the session has ended."""


class Missing(Exception):
    """There is nothing at this address."""


@dataclass(frozen=True)
class Visit:
    """A request of somebody who has signed in.

    Attributes:
        request: the request.
        service: the service.
        operator: who.
        form_token: what a form must come with.
    """

    request: Request
    service: Service
    operator: Operator
    form_token: str = field(repr=False)

    @property
    def actor(self) -> Actor:
        """The operator as the audit trail names them."""
        return Actor(self.operator.name, "ADMIN", address_of(self.request))

    def show(self, template: str, **values: Any) -> Response:
        """A page."""
        done = self.request.query_params.get("done", "")
        return html(page(template, visit=self, path=self.request.url.path, done=done, **values))


def signed_in(request: Request) -> Visit:
    """Who has signed in.

    Raises:
        NotSignedIn: nobody.
    """
    token = request.cookies.get(COOKIE, "")
    service = service_of(request)
    with service.reader.connect() as connection:
        found = sessions.operator_of(connection, token) if token else None
    if found is None:
        raise NotSignedIn
    return Visit(request, service, found, form_token(service, token))


SignedIn = Annotated[Visit, Depends(signed_in)]


async def sent(request: Request, _visit: SignedIn) -> dict[str, str]:
    """The form that was sent from one of the operator's own pages.

    Raises:
        ApiError: 403, it was not.
    """
    form = await form_of(request)
    check(form, _visit.form_token)
    return form


Sent = Annotated[dict[str, str], Depends(sent)]


def form_token(service: Service, cookie: str) -> str:
    """What forms hold to show that this browser was given them; no script can read the cookie it is of."""
    return hmac.new(service.vault.derive("console").encode(), cookie.encode(), hashlib.sha256).hexdigest()


def check(form: dict[str, str], token: str) -> None:
    """Make sure that a form holds its token.

    Raises:
        ApiError: 403, it does not.
    """
    if not hmac.compare_digest(form.get(TOKEN_FIELD, "").encode(), token.encode()):
        raise ApiError(403, {"detail": TROUBLE[403]})


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


def back(form: dict[str, str], done: str) -> Response:
    """To the page a form was on, which says what was done."""
    place = local(form.get("back", "")).partition("?")[0]
    return away(f"{place}?done={done}")


def away(place: str) -> RedirectResponse:
    """To another page of the console."""
    return RedirectResponse(place, 303, headers=HEADERS)


def local(place: str) -> str:
    """A place in the console; its first page for any other."""
    inside = place == HOME or place.startswith((f"{HOME}/", f"{HOME}?"))
    return place if inside and place.isprintable() and ".." not in place else HOME


def one(connection: Connection, query: Any) -> Any:
    """The row a page is about.

    Raises:
        Missing: it is not there.
    """
    row = connection.execute(query).first()
    if row is None:
        raise Missing
    return row


class ConsoleRoute(APIRoute):
    """A route whose errors are pages, and that sends strangers to the door."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of the route."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except NotSignedIn:
                wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
                keep = f"?next={quote(wanted, safe='')}" if request.method == "GET" and wanted != HOME else ""
                return away(f"{HOME}/login{keep}")
            except (Missing, RequestValidationError):
                return _trouble(404)
            except ApiError as error:
                return _trouble(error.status)

        return answer


def _trouble(status: int) -> Response:
    return html(page("trouble.html", text=TROUBLE.get(status, "This cannot be done.")), status)
