"""The matrix as a page of the documentation, `docs/providers/matrix.md`."""

from collections.abc import Iterator

from app.matrix import Grid, grids
from providers.kit import Provider

HEAD = """\
# What each provider can do

Written by `make matrix` from the providers' declarations and from what their mappings fill over the samples
in the tests; a test sees that it is up to date. `omniats providers` prints the same. Where a vendor's API has
several generations, this is the one that is recommended for linking; with a provider's name, `omniats
providers` shows all of them, and every field of every model.

A full comparison finds every deletion, once a day unless set otherwise (`OMNIATS_FULL_SYNC_INTERVAL`); the
letters say what tells of them sooner.
"""


def page(providers: list[Provider]) -> str:
    """The page's text.

    Args:
        providers: the columns, in their order.
    """
    parts = [HEAD, *(_grid(grid, providers) for grid in grids(providers)), *_gaps(providers)]
    return "\n".join(parts)


def _grid(grid: Grid, providers: list[Provider]) -> str:
    heads = ["", *(f"[{p.name}]({p.slug}.md)" for p in providers)]
    rows = [_row(heads), _row(["---", *(":---:" for _ in providers)])]
    rows += [_row([line.label.replace("*", "\\*"), *line.cells]) for line in grid.lines]
    legend = "  \n".join(f"{mark.replace('*', chr(92) + '*')} {words}" for mark, words in grid.legend.items())
    return "\n".join([f"## {grid.title}", "", *rows, "", legend, ""])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _gaps(providers: list[Provider]) -> Iterator[str]:
    """Why a vendor has not what one would look for."""
    if not any(provider.gaps for provider in providers):
        return
    yield "## What vendors do not have\n"
    for provider in providers:
        if provider.gaps:
            reasons = (f"- `{name}`: {reason}" for name, reason in provider.gaps.items())
            yield "\n".join([f"### {provider.name}", "", *reasons, ""])
