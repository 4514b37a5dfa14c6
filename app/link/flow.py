"""What happens in a linking session: credentials are tried, people go to the vendor and come back."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Row

from app.accounts import linking
from app.accounts.linking import Accepted, Wishes
from app.accounts.tokens import TriedTokens
from app.link import sessions
from app.link.sessions import Session, SessionOver
from app.link.words import say
from app.redaction import redact
from app.service import Service
from providers.kit import (
    Authorization,
    CredentialField,
    CredentialsRefused,
    Provider,
    ProviderError,
    RateLimited,
    Style,
    Unavailable,
)
from providers.kit.concealing import conceal
from providers.registry import PROVIDERS

LONGEST = 5000  # characters of one credential: private keys in PEM fit
SAID = 300  # characters of the vendor's words that the page shows


@dataclass(frozen=True)
class Problem:
    """Why an account was not linked: the field it is about, if about one, and what to do."""

    field: str | None
    text: str
    advice: str = ""


@dataclass(frozen=True)
class Choice:
    """What a person has chosen: an integration, and the number of one of its styles."""

    provider: Provider
    number: int

    @property
    def style(self) -> Style:
        """The way of linking."""
        return self.provider.styles[self.number]


class NotLinked(Exception):
    """The vendor, or the form, says no: `problems` say why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.text for problem in problems))
        self.problems = problems


def offered(service: Service, provider: Provider) -> list[int]:
    """The numbers of the styles that can be chosen, the easiest for the person first.

    That is signing in at the vendor, for which the application needs an OAuth client of its own.
    """
    signing_in = [number for number, style in enumerate(provider.styles) if style.authorization]
    others = [number for number, style in enumerate(provider.styles) if not style.authorization]
    return (signing_in if provider.slug in service.settings.oauth_clients else []) + others


def choice_of(service: Service, session: Session, form: Mapping[str, str]) -> Choice | None:
    """What the form says, or the session; None when the person has yet to choose.

    What is not offered is not chosen: a session for one integration stays with it.
    """
    slug = session.integration or form.get("integration", "")
    provider = PROVIDERS.get(slug)
    if provider is None:
        return None
    numbers = offered(service, provider)
    wanted = form.get("style", "")
    number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 4 else -1
    return Choice(provider, number if number in numbers else numbers[0])


def link_by_form(
    service: Service, session: Session, choice: Choice, form: Mapping[str, str], language: str
) -> None:
    """Try what was entered and link the account.

    Raises:
        NotLinked: something is missing, or the vendor refuses.
        SessionOver: there have been too many attempts, or the session has been used meanwhile.
    """
    given = {field.name: form.get(f"field-{field.name}", "").strip() for field in choice.style.fields}
    _check_form(choice.style, given, language)
    with service.engine.begin() as connection:
        sessions.count_attempt(connection, session)
    credentials = {name: value for name, value in given.items() if value}
    try:
        accepted = linking.attempt(service, choice.provider, choice.style, credentials)
    except ProviderError as error:
        raise NotLinked(_explained(choice, error, language)) from error
    _store(service, session, accepted)


def begin_authorization(
    service: Service, session: Session, choice: Choice, public: str, *, popup: bool
) -> str:
    """Send the person to the vendor's page.

    Args:
        service: the service.
        session: theirs.
        choice: a style with `authorization`.
        public: where the world reaches this service.
        popup: whether the vendor's page gets a window of its own.

    Returns:
        The address of that page.
    """
    authorization = cast(Authorization, choice.style.authorization)
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    way = {
        "integration": choice.provider.slug,
        "style": str(choice.number),
        "verifier": verifier,
        "redirect_uri": f"{public}/link/callback",
        "popup": "1" if popup else "",
    }
    with service.engine.begin() as connection:
        sessions.count_attempt(connection, session)
        sessions.leave(connection, session, state, service.vault.seal(way))
    client = service.connector.own_client(choice.provider)
    page = authorization.page(client["client_id"], way["redirect_uri"], state, verifier)
    return str(service.connector.redirected(choice.provider, page))


def end_authorization(service: Service, session: Session, query: Mapping[str, str], language: str) -> bool:
    """The person has come back from the vendor's page: link the account, or note why not.

    Returns:
        Whether that page had a window of its own.

    Raises:
        SessionOver: they did not leave from this session, or it has been used meanwhile.
    """
    with service.engine.begin() as connection:
        sealed = sessions.come_back(connection, session, query.get("state", ""))
    way = cast(dict[str, str], service.vault.open(sealed)) if sealed else {}
    choice = choice_of(service, session, way)
    if not way or choice is None:
        raise SessionOver("stale")
    try:
        _store(service, session, _exchange(service, choice, way, query, language))
    except NotLinked as refusal:
        _note(service, session, way, refusal.problems[0].text)
    return bool(way["popup"])


def _exchange(
    service: Service, choice: Choice, way: Mapping[str, str], query: Mapping[str, str], language: str
) -> Accepted:
    """Turn the code into tokens, and try them."""
    if "code" not in query:
        raise NotLinked(_denied(choice, query, language))
    authorization = cast(Authorization, choice.style.authorization)
    client = service.connector.own_client(choice.provider)
    for secret in (*client.values(), query["code"], way["verifier"]):
        conceal(secret)
    asking = authorization.exchange(client, way["redirect_uri"], query["code"], way["verifier"])
    try:
        with service.connector.stranger(choice.provider, choice.style) as vendor:
            answer = vendor.raw("POST", str(asking.url), content=asking.content, headers=asking.headers)
        grant = authorization.read(answer)
        tokens = TriedTokens(service.engine, service.vault, client | grant.rotated)
        tokens.grants[""] = grant
        return linking.attempt_with(service, choice.provider, choice.style, tokens)
    except ProviderError as error:
        raise NotLinked(_explained(choice, error, language)) from error


def _store(service: Service, session: Session, accepted: Accepted) -> None:
    def also(connection: Connection, account: Row[Any]) -> None:
        sessions.finish(connection, session, account.id)

    options = session.options
    wishes = Wishes(options.are_syncs_disabled, options.common_models)
    linking.store(service, accepted, session.end_user, wishes, also)


def _note(service: Service, session: Session, way: Mapping[str, str], text: str) -> None:
    problem = {"integration": way["integration"], "style": way["style"], "text": text}
    with service.engine.begin() as connection:
        sessions.note_problem(connection, session, problem)


def _check_form(style: Style, given: Mapping[str, str], language: str) -> None:
    problems = []
    for field in style.fields:
        value = given[field.name]
        if field.required and not value:
            problems.append(Problem(field.name, say(language, "missing")))
        elif len(value) > LONGEST:
            problems.append(Problem(field.name, say(language, "too_long")))
    if problems:
        raise NotLinked(*problems)


def _denied(choice: Choice, query: Mapping[str, str], language: str) -> Problem:
    name, error = choice.provider.name, query.get("error", "")
    if error == "access_denied":
        return Problem(None, say(language, "denied", name=name))
    said = query.get("error_description") or error or "no code"
    return Problem(None, say(language, "failed", name=name, detail=redact(said)[:SAID]))


def _explained(choice: Choice, error: ProviderError, language: str) -> Problem:
    """The vendor's refusal beside the field it is about, with what to do."""
    name, detail = choice.provider.name, redact(error.detail)[:SAID]
    if isinstance(error, RateLimited):
        seconds = max(1, round(error.advice))
        return Problem(None, say(language, "rate_limited", name=name, seconds=seconds))
    if isinstance(error, Unavailable):
        return Problem(None, say(language, "unavailable", name=name))
    if not isinstance(error, CredentialsRefused):
        return Problem(None, say(language, "failed", name=name, detail=detail))
    text = say(language, "refused", name=name, detail=detail)
    field = _refused_field(choice.style, error.field)
    if field is None:
        return Problem(None, text)
    advice = str(getattr(field.advice, language)) if field.advice else say(language, "refused_check")
    return Problem(field.name, text, advice)


def _refused_field(style: Style, named: str | None) -> CredentialField | None:
    """The field the vendor means; where it does not say, the secret is what is wrong most often."""
    if style.authorization is not None:
        return None
    fields = {field.name: field for field in style.fields}
    secret = next((f for f in style.fields if f.secret and f.required), style.fields[0])
    return fields.get(named or "", secret)
