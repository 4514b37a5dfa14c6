"""What mappings make of the samples."""

from typing import Any

from app.common.models import MODELS
from app.records.drafts import draft
from conformance.cases import Case
from providers.kit import Mapping, Rows

ACCOUNT = "00000000-0000-4000-8000-000000000001"


def mapped(mapping: Mapping, sample: dict[str, Any], unit: Any) -> list[dict[str, Any]]:
    joined: Rows = {join.alias: sample.get("joined", {}).get(join.alias, []) for join in mapping.joins}
    made = mapping.map(unit, joined)
    found = [] if made is None else [made] if isinstance(made, dict) else list(made)
    for record in found:
        draft(ACCOUNT, MODELS[mapping.model], record)  # refuses what the common model does not know
    return found


def unit_of(sample: dict[str, Any], mapping: Mapping) -> Any:
    """The row, or the rows of the group."""
    rows = sample.get("rows") or [sample["row"]]
    return rows if mapping.group else rows[0]


def mappings_of(case: Case) -> list[Mapping]:
    return [m for m in case.api.mappings if m.root == case.data["resource"]]
