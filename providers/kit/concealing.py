"""Secrets that a request or a run has to do with, so that nothing it says or writes down repeats them.

A vendor may say back what it was sent, in a refusal as well as in a header: no pattern finds a key in that,
but whoever sent it knows it.
"""

import html
import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import quote, quote_plus
from xml.sax import saxutils as xml

SHORTEST = 6  # characters: what is shorter would be found in words that are no secret
_known: ContextVar[set[str] | None] = ContextVar("omniats_secrets", default=None)


@contextmanager
def concealing() -> Iterator[None]:
    """Whatever is told to `conceal` inside the block is concealed until its end.

    A thread that a request is handed to has a copy of the context but the same set in it.
    """
    token = _known.set(set())
    try:
        yield
    finally:
        _known.reset(token)


def conceal(secret: str) -> None:
    """Tell a secret; outside of any block it is forgotten at once."""
    known = _known.get()
    if known is not None and len(secret) >= SHORTEST:
        known.add(secret)


def concealed(text: str) -> str:
    """The text with `***` for the secrets that were told, however they are spelled."""
    for secret in sorted(_known.get() or (), key=len, reverse=True):
        for spelling in _spellings(secret):
            text = text.replace(spelling, "***")
    return text


def _spellings(secret: str) -> set[str]:
    """As it is, in a URL or form, in JSON, in XML, and as the user name of HTTP Basic authentication."""
    basic = b64encode(f"{secret}:".encode()).decode()
    in_urls = {quote(secret, safe=""), quote(secret), quote_plus(secret)}
    in_xml = {xml.escape(secret), html.escape(secret)}  # in a text, and in an attribute
    return {secret, json.dumps(secret)[1:-1], basic} | in_urls | in_xml
