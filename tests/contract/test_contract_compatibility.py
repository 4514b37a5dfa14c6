"""docs/compatibility.md is up to date, and nothing in it is without a test."""

from contract.compatibility import DOCUMENT, amiss, document, facts


def test_the_page_is_up_to_date() -> None:
    assert DOCUMENT.read_text() == document(facts()), "run `make compatibility`"


def test_nothing_is_amiss() -> None:
    assert amiss(facts()) == []
