"""Which common fields each provider's mappings really fill, over all samples of the vendor's records.

`make fields` writes what is found beside each provider, as `fields.json`: that is what the API and the
command line answer with. A test compares the two.
"""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import providers
from app.common.fields import Kind, Model
from app.common.models import MODELS
from conformance.cases import cases
from conformance.mapped import mapped, mappings_of, unit_of
from providers.kit import Api, Provider
from providers.registry import PROVIDERS

EMPTY: tuple[Any, ...] = (None, "", [])


def fields_file(provider: Provider) -> Path:
    """Where a provider keeps what was found."""
    return Path(providers.__file__).parent / provider.slug.replace("-", "_") / "fields.json"


def rendered(provider: Provider) -> str:
    """The file's content: the fields that are filled, by generation of the API and by model."""
    return json.dumps({api.name: _filled(api) for api in provider.apis}, indent=1) + "\n"


def _filled(api: Api) -> dict[str, list[str]]:
    names: dict[str, set[str]] = defaultdict(set)
    for case in cases("records"):
        if case.api is api:
            for mapping in mappings_of(case):
                for record in mapped(mapping, case.data, unit_of(case.data, mapping)):
                    names[mapping.model] |= {name for name, value in record.items() if value not in EMPTY}
    return {name: _in_order(MODELS[name], names) for name in sorted(names)}


def _in_order(model: Model, names: dict[str, set[str]]) -> list[str]:
    """As the model declares them; a reverse relation is filled where the relation it turns round is."""
    own = [
        f.name
        for f in model.rendered
        if (f.via in names[f.target] if f.kind is Kind.REVERSE else f.name in names[model.name])
    ]
    return ["remote_id", *own, *(["remote_data"] if model.has_supplements else [])]


if __name__ == "__main__":
    for each in PROVIDERS.values():
        fields_file(each).write_text(rendered(each))
