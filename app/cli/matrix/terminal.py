"""The matrix at a terminal: 80 columns hold thirteen providers, whose names go down like stairs."""

from collections.abc import Iterator

from rich.text import Text

from app.matrix import Grid, grids
from providers.kit import Provider

WIDE = 3  # columns of a cell: two marks and a space


def shown(providers: list[Provider]) -> Iterator[Text]:
    """The matrix, line by line."""
    for grid in grids(providers):
        yield from _grid(grid, [provider.name for provider in providers])
        yield Text()
    yield Text("`omniats providers NAME` shows one in full, and why something is missing.")


def _grid(grid: Grid, names: list[str]) -> Iterator[Text]:
    first = max(len(line.label) for line in grid.lines) + 2
    for place, name in enumerate(names):
        left = Text((grid.title if place == 0 else "").ljust(first), style="bold")
        yield left + Text("│".ljust(WIDE) * place + f"┌ {name}", style="not bold")
    for line in grid.lines:
        yield Text(f"{line.label.ljust(first)}{''.join(c.ljust(WIDE) for c in line.cells)}".rstrip())
    for mark, words in grid.legend.items():
        yield Text(f"  {mark} {words}", style="dim")
