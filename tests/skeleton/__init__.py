"""The beginning of a new provider: `tree` holds what is written, `write` writes it.

It is accepted by the linter and the type checker; the conformance suite says what is left to do.
"""

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TREE = Path(__file__).parent / "tree"
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class Refused(Exception):
    """Nothing was written."""


def write(root: Path, slug: str) -> list[Path]:
    """Write the skeleton of a provider and register it.

    Args:
        root: the repository.
        slug: what the vendor will be called in `POST /linked-accounts`, for example `zoho-recruit`.

    Returns:
        The files that were written.

    Raises:
        Refused: that is no slug, or there is such a provider.
    """
    if not SLUG.fullmatch(slug):
        raise Refused(f"{slug!r} is no slug: lower-case words, joined by hyphens")
    words = _words(slug)
    if (root / "providers" / words["package"]).exists():
        raise Refused(f"there is a provider {slug!r}")
    templates = Environment(
        loader=FileSystemLoader(TREE),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # it is Python that is written, not HTML
    )
    written = []
    for name in sorted(templates.list_templates()):
        path = root / name.removesuffix(".jinja").replace("PACKAGE", words["package"]).replace("SLUG", slug)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(templates.get_template(name).render(words))
        written.append(path)
    _register(root / "providers" / "registry.py", words)
    return written


def _words(slug: str) -> dict[str, str]:
    package = slug.replace("-", "_")
    title = " ".join(word.capitalize() for word in slug.split("-"))
    return {"slug": slug, "package": package, "constant": package.upper(), "title": title}


def _register(registry: Path, words: dict[str, str]) -> None:
    """Import the provider and put it behind the others; ruff puts the imports in order."""
    text = registry.read_text()
    imported = f"from providers.{words['package']} import {words['constant']}\n"
    text = text.replace("from providers.kit", imported + "from providers.kit", 1)
    text = re.sub(r"(in \([^)]*?),?\s*\)", rf"\1, {words['constant']})", text, count=1)
    registry.write_text(text)
