"""`make provider` writes what the suite finds fault with, and the example is finished."""

import re
from pathlib import Path

import pytest

from skeleton import Refused, write
from skeleton.scaffold import ROOT, Copy

EXAMPLE = ROOT / "examples" / "provider"
GUIDE = ROOT / "docs" / "adding-a-provider.md"
SNIPPETS = re.findall(r"`([\w/.-]+)`:\n\n```(?:python|json)\n(.*?)```", GUIDE.read_text(), re.DOTALL)
TO_DO = {  # what the suite says of a provider that has just been begun
    "test_every_provider_has_a_sandbox": "write sandboxes/acme_hire/",
    "test_a_fixture_says_where_it_is_from": "put the vendor's data into",
    "test_some_list_is_empty_and_some_has_pages": "lists/ needs an empty list",
    "test_the_errors_every_vendor_has_are_shown": "errors/ needs an answer that is each of these",
    "test_a_write_sends_the_documented_requests": "declare this Action",
    "test_a_delivery_is_verified_and_understood": "declare the API's `webhooks`",
    "test_webhooks_are_shown_where_there_are_any": "webhooks/",
    "test_a_page_says_something_under_each_heading": "docs/providers/acme-hire.md is not finished",
    "test_a_guide_says_what_to_do_and_what_to_grant": "what must be granted",
    "test_supported_fields_are_those_the_mappings_fill": "run `make fields`",
    "test_every_mapped_model_has_supported_fields": "run `make fields`",
}


def test_a_skeleton_is_accepted_and_the_suite_says_what_is_missing(tmp_path: Path) -> None:
    copy = Copy.at(tmp_path)
    begun = copy.python("skeleton", "acme-hire")
    assert begun.status == 0, begun.said
    assert "providers/acme_hire/__init__.py" in begun.said
    assert copy.complaints("acme_hire") == ""
    failures = copy.failures("acme-hire")
    assert {name.partition("[")[0] for name in failures} == TO_DO.keys()
    for name, why in failures.items():
        assert TO_DO[name.partition("[")[0]] in why, (name, why)


def test_the_example_is_a_finished_provider(tmp_path: Path) -> None:
    """It is put where the guide puts it: over its own skeleton, and into the registries."""
    copy = Copy.at(tmp_path)
    assert copy.python("skeleton", "larkspur").status == 0
    copy.take_in(EXAMPLE, "larkspur")
    assert copy.complaints("larkspur") == ""
    assert copy.failures("larkspur or matrix") == {}


def test_there_is_one_provider_of_a_name_and_names_are_slugs(tmp_path: Path) -> None:
    (tmp_path / "providers" / "acme_hire").mkdir(parents=True)
    for slug, why in (("acme-hire", "there is a provider"), ("Acme", "is no slug"), ("../x", "is no slug")):
        with pytest.raises(Refused, match=why):
            write(tmp_path, slug)
    assert [path.name for path in tmp_path.rglob("*")] == ["providers", "acme_hire"]


@pytest.mark.parametrize(("path", "text"), SNIPPETS, ids=[path for path, _ in SNIPPETS])
def test_the_guide_quotes_the_example(path: str, text: str) -> None:
    """Blank lines and `...` stand for what is left out."""
    whole = (EXAMPLE / path).read_text()
    parts = [part.strip("\n") for part in re.split(r"^ *\.\.\.$", text, flags=re.MULTILINE)]
    assert all(part in whole for part in parts), f"{path} does not have this"


def test_the_guide_quotes_every_module_of_the_example() -> None:
    modules = {str(path.relative_to(EXAMPLE)) for path in EXAMPLE.rglob("*.py")}
    assert modules <= {path for path, _ in SNIPPETS}
