"""One provider in full: how it is linked, what each generation of its API can do, every field."""

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from app.common.models import ALL, MODELS
from app.matrix import DERIVED, VERBS, field_mark, reading, reading_mark
from providers.kit import Api, Provider, Style


def detail(provider: Provider) -> Iterator[RenderableType]:
    """What is shown of one provider, part by part."""
    yield _part(f"{provider.name} ({provider.slug})", _linking(provider))
    yield _part("Models", _models(provider))
    yield Text("\n".join(f"  {m} {words}" for m, words in reading([provider]).legend.items()), style="dim")
    yield Text()
    yield _part("Fields that are filled", _fields(provider))
    if provider.gaps:
        yield _part("What the vendor does not have", _pairs(provider.gaps.items()))


def _part(title: str, content: RenderableType) -> Group:
    return Group(Text(title, style="bold"), Padding(content, (0, 0, 1, 0)))


def _pairs(rows: Iterable[tuple[str, str]]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    for name, text in rows:
        table.add_row(name, Text(text))
    return table


def _linking(provider: Provider) -> Table:
    return _pairs([(style.api.name, f"{style.title.en}: {_credentials(style)}") for style in provider.styles])


def _credentials(style: Style) -> str:
    return ", ".join(f.name if f.required else f"[{f.name}]" for f in style.fields)


def _models(provider: Provider) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="not bold underline")
    table.add_column("")
    for api in provider.apis:
        table.add_column(api.name)
    for model in _mapped(provider):
        table.add_row(model, *(_operations(api, model) for api in provider.apis))
    return table


def _mapped(provider: Provider) -> list[str]:
    mapped = {mapping.model for api in provider.apis for mapping in api.mappings}
    return [model.name for model in ALL if model.name in mapped]


def _operations(api: Api, model: str) -> str:
    writes = ", ".join(words for verb, words in VERBS.items() if api.action(model, verb))
    return f"{reading_mark(api, model):2} {writes}".rstrip()


def _fields(provider: Provider) -> Table:
    found = ((model, _names(provider, model)) for model in _mapped(provider))
    return _pairs([(model, names) for model, names in found if names])


def _names(provider: Provider, model: str) -> str:
    """The fields of a model, and which generation alone fills one where not all do."""
    shown = []
    for name in (f.name for f in MODELS[model].rendered):
        marks = {api.name: field_mark(api, model, name) for api in provider.apis}
        filled = [api for api, mark in marks.items() if mark]
        notes = ["derived"] if DERIVED in marks.values() else []
        notes += [f"only {api}" for api in filled] if len(filled) < len(marks) else []
        if filled:
            shown.append(f"{name} ({', '.join(notes)})" if notes else name)
    return ", ".join(shown)
