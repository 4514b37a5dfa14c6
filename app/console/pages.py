"""The console's pages as HTML."""

from datetime import UTC, datetime
from typing import Any

import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from app.common.times import from_micros, now
from app.console.words import DONE, STATES, TONES
from providers.registry import PROVIDERS

UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def since(seconds: float) -> str:
    """A time span in its largest unit."""
    for size, unit in UNITS:
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return "0 s"


def moment(micros: int | None, nothing: str = "–") -> Markup | str:
    """A stored moment: how long ago or in how long, and on closer look exactly when."""
    if micros is None:
        return nothing
    away = (now() - micros) / 1_000_000
    words = f"{since(away)} ago" if away >= 0 else f"in {since(-away)}"
    exact = from_micros(micros)
    form = Markup('<time datetime="{}" title="{} UTC">{}</time>')
    return form.format(exact.isoformat(), f"{exact:%Y-%m-%d %H:%M:%S}", words)


def exactly(micros: int) -> Markup:
    """A stored moment in full, where the order of things matters."""
    exact = from_micros(micros)
    return Markup('<time datetime="{}">{}</time>').format(exact.isoformat(), f"{exact:%Y-%m-%d %H:%M:%S}")


def iso_moment(text: str | None) -> Markup | str:
    """The same of a moment as callers read it."""
    if text is None:
        return moment(None)
    exact = datetime.fromisoformat(text).astimezone(UTC)
    return moment(int(exact.timestamp() * 1_000_000))


def integration(slug: str) -> str:
    """The name of an integration; its slug when it is no longer there."""
    return PROVIDERS[slug].name if slug in PROVIDERS else slug


_environment = Environment(
    loader=PackageLoader("app.console"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters |= {
    "details": orjson.loads,
    "exactly": exactly,
    "integration": integration,
    "iso_moment": iso_moment,
    "moment": moment,
}
_environment.globals |= {"DONE": DONE, "STATES": STATES, "TONES": TONES}


def page(template: str, **values: Any) -> str:
    """A page's text."""
    return _environment.get_template(template).render(**values)
