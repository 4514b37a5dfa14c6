"""What all providers can do, as grids: a column a provider, a mark in each cell."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.common.models import ALL, SCHEDULED_INTERVIEW
from providers.kit import Api, Provider
from providers.kit.capabilities import Deletion, deletions, derived_fields, is_incremental

VERBS = {
    "create": "create",
    "update": "patch",
    "delete": "delete",
    "change_stage": "change stage",
    "reject": "reject",
}
GAP = "-"
YES = "●"
WHOLE = "○"
DERIVED = "◐"
GAPS = "the vendor has none"


@dataclass(frozen=True)
class Line:
    """A row of a grid.

    Attributes:
        key: what `Provider.gaps` calls it.
        label: for people.
        cells: a mark for each provider, empty where it has nothing of the kind.
    """

    key: str
    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """One question asked of every provider.

    Attributes:
        title: the question.
        legend: what each mark means.
        lines: the answers.
    """

    title: str
    legend: dict[str, str]
    lines: tuple[Line, ...]


def shown_api(provider: Provider) -> Api:
    """The generation of its API the matrix speaks of: that of the recommended way of linking."""
    return provider.styles[0].api


def grids(providers: list[Provider]) -> list[Grid]:
    """The matrix.

    Args:
        providers: the columns, in their order.
    """
    return [reading(providers), writing(providers), interview_fields(providers)]


def reading(providers: list[Provider]) -> Grid:
    """Which models are read, whether only changes are, and how deletions become known."""
    keys = [(model.name, model.name) for model in ALL]
    legend = {
        YES: "read, after the first time only what changed",
        WHOLE: "read, everything each time",
        "l": "a list of the vendor's tells of deletions",
        "w": "its webhooks tell of deletions",
        "b": "both do",
        "k": "kept for good: the vendor mentions it in other records only",
        GAP: GAPS,
    }
    lines = _lines(providers, keys, reading_mark)
    return Grid("Reading", _used(legend, lines), lines)


def writing(providers: list[Provider]) -> Grid:
    """Which writes there are."""
    known = {(a.model, a.verb) for p in providers for a in shown_api(p).actions}
    known |= {(model, verb) for p in providers for model, _, verb in map(_parted, p.gaps)}
    keys = [
        (f"{model.name}.{verb}", f"{words} {model.name}")
        for model in ALL
        for verb, words in VERBS.items()
        if (model.name, verb) in known
    ]

    def mark(api: Api, key: str) -> str:
        model, _, verb = _parted(key)
        return YES if api.action(model, verb) else ""

    lines = _lines(providers, keys, mark)
    return Grid("Writing", _used({YES: "yes", GAP: GAPS}, lines), lines)


def interview_fields(providers: list[Provider]) -> Grid:
    """Which fields of an interview are filled, those beyond the reference too."""
    model = SCHEDULED_INTERVIEW
    keys = [(f"{model.name}.{f.name}", f"{f.name} *" if f.extra else f.name) for f in model.rendered]
    keys.append((f"{model.name}.remote_data", "remote_data"))
    legend = {
        YES: "filled",
        DERIVED: "derived: the vendor has no such field, it follows from others",
        GAP: GAPS,
        "*": "beyond the reference",
    }
    lines = _lines(providers, keys, lambda api, key: field_mark(api, *key.split(".")))
    return Grid("Fields of interviews", _used(legend, lines), lines)


def reading_mark(api: Api, model: str) -> str:
    """Whether a model is read, how, and how deletions become known."""
    if not any(mapping.model == model for mapping in api.mappings):
        return ""
    ways = deletions(api, model)
    told = {Deletion.LIST, Deletion.WEBHOOK}
    sooner = "k" if not ways else "b" if ways >= told else _initial(ways & told)
    return (YES if is_incremental(api, model) else WHOLE) + sooner


def field_mark(api: Api, model: str, name: str) -> str:
    """Whether a field is filled, and by whom."""
    if name not in api.fields.get(model, ()):
        return ""
    return DERIVED if name in derived_fields(api, model) else YES


def _initial(ways: Iterable[Deletion]) -> str:
    return next((way.value[0] for way in ways), "")


def _parted(key: str) -> tuple[str, str, str]:
    return key.partition(".")


def _lines(
    providers: list[Provider], keys: list[tuple[str, str]], mark: Callable[[Api, str], str]
) -> tuple[Line, ...]:
    def cell(provider: Provider, key: str) -> str:
        return mark(shown_api(provider), key) or (GAP if key in provider.gaps else "")

    made = (Line(key, label, tuple(cell(p, key) for p in providers)) for key, label in keys)
    return tuple(line for line in made if any(line.cells))


def _used(legend: dict[str, str], lines: tuple[Line, ...]) -> dict[str, str]:
    """Of a legend, the marks that occur."""
    seen = "".join(line.label.partition(" *")[1] + "".join(line.cells) for line in lines)
    return {mark: words for mark, words in legend.items() if mark in seen}
