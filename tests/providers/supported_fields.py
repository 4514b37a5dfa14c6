"""Which common fields each provider's mappings really fill, over all samples of the vendor's records.

`python -m tests.providers.supported_fields` writes what is found beside each provider, as `fields.json`: that
is what the API and the command line answer with. A test compares the two.
"""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import providers
from app.common.fields import Kind, Model
from app.common.models import MODELS
from providers.kit import Api, Mapping, Provider
from providers.registry import PROVIDERS

HERE = Path(__file__).parent
EMPTY: tuple[Any, ...] = (None, "", [])


def fields_file(provider: Provider) -> Path:
    """Where a provider keeps what was found."""
    return Path(providers.__file__).parent / provider.slug.replace("-", "_") / "fields.json"


def filled(provider: Provider) -> dict[str, dict[str, list[str]]]:
    """The fields that are filled, by generation of the API and by model."""
    samples = [json.loads(path.read_text()) for path in sorted(_fixtures(provider).glob("*/*.json"))]
    found = {}
    for api in provider.apis:
        own = [sample for sample in samples if api.name.endswith(sample["generation"])]
        found[api.name] = _of_api(api, own)
    return found


def _fixtures(provider: Provider) -> Path:
    return HERE / provider.slug.replace("-", "_") / "fixtures"


def _of_api(api: Api, samples: list[dict[str, Any]]) -> dict[str, list[str]]:
    names: dict[str, set[str]] = defaultdict(set)
    for mapping in api.mappings:
        for sample in samples:
            if sample["resource"] == mapping.root:
                for record in _records(mapping, sample):
                    names[mapping.model] |= {name for name, value in record.items() if value not in EMPTY}
    return {name: _in_order(MODELS[name], names) for name in sorted(names)}


def _records(mapping: Mapping, sample: dict[str, Any]) -> list[dict[str, Any]]:
    joined = {join.alias: sample["joined"].get(join.alias, []) for join in mapping.joins}
    made = mapping.map(sample["row"], joined)
    return [] if made is None else [made] if isinstance(made, dict) else list(made)


def _in_order(model: Model, names: dict[str, set[str]]) -> list[str]:
    """As the model declares them; a reverse relation is filled where the relation it turns round is."""
    own = [
        f.name
        for f in model.rendered
        if (f.via in names[f.target] if f.kind is Kind.REVERSE else f.name in names[model.name])
    ]
    return ["remote_id", *own, *(["remote_data"] if model.has_supplements else [])]


def rendered(provider: Provider) -> str:
    """The file's content."""
    return json.dumps(filled(provider), indent=1) + "\n"


if __name__ == "__main__":
    for each in PROVIDERS.values():
        fields_file(each).write_text(rendered(each))
