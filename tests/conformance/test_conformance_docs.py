"""Every provider has a page for people, alike in form, and guides that say what to grant."""

import re
from pathlib import Path

import pytest

from providers.kit import Provider, Style
from providers.registry import PROVIDERS

PAGES = Path(__file__).parents[2] / "docs" / "providers"
HEADINGS = [
    "Credentials and permissions",
    "What is read",
    "What is written",
    "Freshness",
    "Limitations and quirks",
]
every = pytest.mark.parametrize("provider", PROVIDERS.values(), ids=list(PROVIDERS))
EVERY_STYLE = [(slug, style) for slug, provider in PROVIDERS.items() for style in provider.styles]
each_style = pytest.mark.parametrize(("slug", "style"), EVERY_STYLE, ids=lambda v: getattr(v, "name", v))


def page(slug: str) -> str:
    path = PAGES / f"{slug}.md"
    assert path.exists(), f"write docs/providers/{slug}.md"
    return path.read_text()


@every
def test_a_page_has_the_headings_every_page_has(provider: Provider) -> None:
    assert page(provider.slug).splitlines()[0] == f"# {provider.name}"
    assert re.findall(r"^## (.+)$", page(provider.slug), re.MULTILINE) == HEADINGS


@every
def test_a_page_says_something_under_each_heading(provider: Provider) -> None:
    parts = re.split(r"^## .+$", page(provider.slug), flags=re.MULTILINE)
    assert all(part.strip() for part in parts), "a heading without a word under it"
    assert "TODO" not in page(provider.slug), f"docs/providers/{provider.slug}.md is not finished"


@every
def test_a_page_names_every_credential(provider: Provider) -> None:
    names = {f.name for style in provider.styles if not style.authorization for f in style.fields}
    assert not [name for name in sorted(names) if name not in page(provider.slug)]


@each_style
def test_a_guide_says_what_to_do_and_what_to_grant(slug: str, style: Style) -> None:
    assert style.guide.steps, "how does a person get the credentials?"
    granted = style.guide.permissions or style.authorization  # signing in asks for what it needs itself
    assert granted, "what must be granted in the vendor's pages?"
    assert "TODO" not in repr(style), f"{style.name}: words in the provider's package are not finished"
