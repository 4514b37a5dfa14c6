"""What every provider can do, as a table."""

from rich.table import Table

from providers.kit import Api, Provider
from providers.kit.capabilities import operations


def matrix(provider: Provider) -> Table:
    """One provider: a row a common model, a column a generation of its API."""
    table = Table(title=f"{provider.name} ({provider.slug})", title_justify="left", title_style="bold")
    table.add_column("Model")
    for api in provider.apis:
        table.add_column(api.name)
    columns = [_by_model(api) for api in provider.apis]
    for model in sorted({name for column in columns for name in column}):
        table.add_row(model, *(column.get(model, "-") for column in columns))
    return table


def _by_model(api: Api) -> dict[str, str]:
    return {
        entry["model_name"]: ", ".join(verb.lower() for verb in entry["available_operations"])
        for entry in operations(api)
    }
