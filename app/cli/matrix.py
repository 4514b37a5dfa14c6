"""What every provider can do, as tables."""

from rich.table import Table

from providers.kit import Api, Provider
from providers.kit.capabilities import operations


def matrix(provider: Provider) -> Table:
    """One provider's operations: a row a common model, a column a generation of its API."""
    columns = [
        {o["model_name"]: ", ".join(v.lower() for v in o["available_operations"]) for o in operations(api)}
        for api in provider.apis
    ]
    return _table(provider, "Model", columns)


def fields(provider: Provider) -> Table:
    """One provider's fields: a row a field, a column a generation of its API that fills it."""
    return _table(provider, "Field", [_filled(api) for api in provider.apis])


def _filled(api: Api) -> dict[str, str]:
    return {f"{o['model_name']}.{name}": "yes" for o in operations(api) for name in o["supported_fields"]}


def _table(provider: Provider, first: str, columns: list[dict[str, str]]) -> Table:
    table = Table(title=f"{provider.name} ({provider.slug})", title_justify="left", title_style="bold")
    table.add_column(first)
    for api in provider.apis:
        table.add_column(api.name)
    for name in sorted({name for column in columns for name in column}):
        table.add_row(name, *(column.get(name, "-") for column in columns))
    return table
