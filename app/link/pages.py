"""The link page as HTML: what each step shows."""

import re
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from app.link.flow import Choice, Problem
from app.link.sessions import Session
from app.link.words import TEXTS, say
from providers.kit import Provider, Words
from providers.registry import PROVIDERS

SEARCHABLE = 6  # integrations from which on the chooser can be searched

_NAMED = re.compile(r"\*([^*]+)\*")


@dataclass(frozen=True)
class Visit:
    """What every step hands on to the next one, in hidden fields.

    Attributes:
        token: the link token.
        origin: of the page that embeds this one, which gets the result; empty when none does.
        language: of the page.
        popup: whether this is the window in which the vendor's page was.
    """

    token: str
    origin: str = ""
    language: str = "en"
    popup: bool = False


def _emphasised(text: str) -> Markup:
    """The text as HTML, the vendor's own names for things in bold."""
    return Markup(_NAMED.sub(r"<strong>\1</strong>", str(escape(text))))  # noqa: S704 - escaped before


def _in_language(words: Words, language: str) -> Markup:
    return _emphasised(getattr(words, language))


_environment = Environment(
    loader=PackageLoader("app.link"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals["say"] = say
_environment.filters["emphasised"] = _emphasised
_environment.filters["named"] = _in_language


def shell(language: str) -> str:
    """The first page: its script reads the link token from the address and asks for the next step."""
    return _page("shell.html", Visit(token="", language=language))


def chooser(visit: Visit, session: Session) -> str:
    """All integrations."""
    providers = sorted(PROVIDERS.values(), key=lambda provider: provider.name.lower())
    searchable = len(providers) >= SEARCHABLE
    return _page("chooser.html", visit, session=session, providers=providers, searchable=searchable)


@dataclass(frozen=True)
class Form:
    """What the form of a style shows beside its fields.

    Attributes:
        numbers: the styles that can be chosen.
        relink: whether the account is there already.
        problems: why it did not work, by field; the one of no field under the empty name.
        values: what was entered, but for secrets.
        magic_link: an address to pass on, if one is offered.
    """

    numbers: list[int]
    relink: bool
    problems: dict[str, Problem] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    magic_link: str | None = None


def form(visit: Visit, session: Session, choice: Choice, shown: Form) -> str:
    """The guide and the fields of a style, or its way to the vendor's page."""
    return _page("form.html", visit, session=session, choice=choice, form=shown)


def done(visit: Visit, provider: Provider, public_token: str | None) -> str:
    """The end."""
    return _page("done.html", visit, provider=provider, public_token=public_token)


def returned(visit: Visit, provider: Provider, text: str) -> str:
    """What the window shows in which the vendor's page was, when nothing came of it."""
    heading = say(visit.language, "not_done", name=provider.name)
    return _page("message.html", visit, heading=heading, text=text, event="returned")


def over(visit: Visit, reason: str) -> str:
    """The session cannot go on."""
    heading, text = say(visit.language, f"over_{reason}"), say(visit.language, f"over_{reason}_text")
    return _page("message.html", visit, heading=heading, text=text, event="invalid")


def not_embeddable(visit: Visit) -> str:
    """The embedding page may not have the result."""
    text = say(visit.language, "not_embeddable_text", origin=visit.origin)
    return _page("message.html", visit, heading=say(visit.language, "not_embeddable"), text=text, event="")


def _page(template: str, visit: Visit, **values: Any) -> str:
    return _environment.get_template(template).render(
        visit=visit, language=visit.language, t=TEXTS[visit.language], **values
    )
