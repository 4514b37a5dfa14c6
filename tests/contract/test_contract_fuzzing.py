"""Requests made up from the specification, good and bad ones: no defect, every answer as specified.

`OMNIATS_TEST_EXAMPLES` says how many for each operation, `OMNIATS_TEST_SEED` which ones.
"""

import os
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from world import Synced

ROOT = Path(__file__).parents[2]
EXAMPLES = int(os.environ.get("OMNIATS_TEST_EXAMPLES", "12"))
SEED = int(os.environ.get("OMNIATS_TEST_SEED", "1"))
SPECIFICATION = schemathesis.openapi.from_path(ROOT / "openapi" / "openapi.json")
OPERATIONS = {result.ok().label: result.ok() for result in SPECIFICATION.get_all_operations()}
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)


def cases(operation: Any) -> st.SearchStrategy[Any]:
    """Requests as the specification has them, and such as it does not."""
    kinds = [GenerationMode.POSITIVE]
    if operation.body or operation.query or operation.path_parameters:
        kinds.append(GenerationMode.NEGATIVE)
    return st.one_of([operation.as_strategy(generation_mode=kind) for kind in kinds])


def known_ids(synced: Synced, operation: Any) -> dict[str, str]:
    """Path parameters that lead somewhere."""
    collection = operation.path.removeprefix("/api/ats/v1/").split("/")[0]
    names = [parameter.name for parameter in operation.path_parameters]
    if not names:
        return {}
    answer = synced.v3.get(f"/{collection}")
    results = answer.json().get("results", []) if answer.status_code == 200 else []
    return dict.fromkeys(names, results[0]["id"]) if results else {}


@pytest.mark.parametrize("label", OPERATIONS)
def test_made_up_requests(label: str, synced: Synced) -> None:
    operation = OPERATIONS[label]
    known, turn = known_ids(synced, operation), count()
    headers = {"Authorization": f"Bearer {synced.world.key}", "X-Account-Token": synced.v3.token}

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases(operation))
    def ask(case: Any) -> None:
        if known and next(turn) % 2:  # a made-up id leads nowhere
            case.path_parameters = known
        case.call_and_validate(base_url=synced.world.url, headers=headers, checks=CHECKS)

    ask()
