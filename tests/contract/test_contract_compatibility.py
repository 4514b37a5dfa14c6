"""docs/compatibility.md is up to date, and nothing in it is without a test."""

import pytest
from contract.compatibility import DOCUMENT, amiss, document, facts


def test_the_page_is_up_to_date() -> None:
    assert DOCUMENT.read_text() == document(facts()), "run `make compatibility`"


@pytest.mark.xfail(reason="rules and operations are still to come")
def test_nothing_is_amiss() -> None:
    assert amiss(facts()) == []
