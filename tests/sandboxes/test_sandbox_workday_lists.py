"""What the lists of the sandbox hold, next to the schema and the samples of the vendor."""

from pathlib import Path

import pytest
from workday_calls import GROUPS, Tenant, rows

from sandboxes.workday.schema import schema

FIXTURES = Path(__file__).parent / "fixtures" / "workday"


@pytest.mark.parametrize(
    "operation", [name for name in GROUPS if name not in ("Get_Workers", "Get_Locations")]
)
def test_an_answer_follows_the_schema(tenant: Tenant, operation: str) -> None:
    response = tenant.ask(operation, GROUPS[operation])
    assert rows(response)
    response.attrib.clear()
    schema(FIXTURES / "response_types.json").check(response, f"{operation}_ResponseType")
