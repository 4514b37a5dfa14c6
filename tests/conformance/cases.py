"""The fixtures of a provider: one folder a vendor, and in it one kind of case a folder.

    tests/providers/<slug>/fixtures/
      records/*.json    a vendor row and the common records it becomes
      lists/*.json      how a list is asked for, page by page
      writes/*.json     a write, and the requests it makes
      errors/*.json     an answer, and what kind of error it is
      webhooks/*.json   a delivery, and what it tells

Every case names its `source`: where its vendor data are from (recorded, documented or constructed after
which page). `api` is the name of the API generation it is about.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from providers.kit import Api, Provider, Style
from providers.registry import PROVIDERS

FOLDER = Path(__file__).parent.parent / "providers"
KINDS = ("records", "lists", "writes", "errors", "webhooks")


@dataclass(frozen=True)
class Case:
    """One fixture."""

    slug: str
    kind: str
    name: str
    data: dict[str, Any]

    @property
    def provider(self) -> Provider:
        return PROVIDERS[self.slug]

    @property
    def style(self) -> Style:
        """The first way of linking that opens the API of the case."""
        return next(style for style in self.provider.styles if style.api.name == self.data["api"])

    @property
    def api(self) -> Api:
        return self.style.api

    def __str__(self) -> str:
        return f"{self.slug}-{self.name}"


@cache
def cases(kind: str) -> list[Case]:
    """Every case of a kind, of every provider."""
    return [
        Case(slug, kind, path.stem, json.loads(path.read_text()))
        for slug in PROVIDERS
        for path in sorted((FOLDER / slug.replace("-", "_") / "fixtures" / kind).glob("*.json"))
    ]


def apis() -> list[tuple[str, Api]]:
    """Every API generation of every provider, with the provider's slug."""
    return [(slug, api) for slug, provider in PROVIDERS.items() for api in provider.apis]
