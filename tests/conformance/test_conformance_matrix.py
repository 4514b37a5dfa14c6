"""The matrix says what the fixtures show, and why something is missing that the reference has."""

import json
from pathlib import Path

import pytest

from app.cli.matrix.page import page
from app.cli.matrix.terminal import shown
from app.common.models import MODELS
from app.matrix import field_mark, reading_mark, shown_api
from conformance.cases import apis, cases
from providers.kit import Api, Provider, Remove
from providers.kit.capabilities import Deletion, deletions
from providers.registry import PROVIDERS

PAGE = Path(__file__).parents[2] / "docs" / "providers" / "matrix.md"
REFERENCE = json.loads(Path(__file__).with_name("reference_coverage.json").read_text())["platforms"]
EXPECTED = [(slug, key) for slug in PROVIDERS for keys in REFERENCE.get(slug, {}).values() for key in keys]
every = pytest.mark.parametrize("provider", PROVIDERS.values(), ids=list(PROVIDERS))
every_api = pytest.mark.parametrize(("slug", "api"), apis(), ids=lambda v: getattr(v, "name", v))


def has(api: Api, key: str) -> bool:
    """Whether an API has what a key of `Provider.gaps` names."""
    model, _, part = key.partition(".")
    if not part:
        return bool(reading_mark(api, model))
    if part == "deletions":
        return bool(deletions(api, model) - {Deletion.COMPARISON})
    return api.action(model, part) is not None or bool(field_mark(api, model, part))


def test_the_page_is_up_to_date() -> None:
    """When this fails, run `make matrix` and look at what has changed."""
    assert PAGE.read_text() == page(sorted(PROVIDERS.values(), key=lambda provider: provider.name))


@pytest.mark.parametrize(("slug", "key"), EXPECTED, ids="-".join)
def test_what_the_reference_has_is_here_or_its_absence_explained(slug: str, key: str) -> None:
    """When this fails, add the thing, or the vendor's reason to `gaps` of the provider."""
    provider = PROVIDERS[slug]
    assert has(shown_api(provider), key) or provider.gaps.get(key)


@every
def test_no_gap_is_stated_that_is_none(provider: Provider) -> None:
    verbs = ("create", "update", "delete", "change_stage", "reject", "deletions")
    for key, reason in provider.gaps.items():
        model, _, part = key.partition(".")
        assert not part or part in verbs or MODELS[model].field(part), key
        assert model in MODELS, key
        assert reason
        assert not has(shown_api(provider), key), f"{key}: there is one"


@every_api
def test_deletions_that_are_told_of_are_shown(slug: str, api: Api) -> None:
    """When this fails, lists/ or webhooks/ lack a fixture, or `removes` names too few or too many."""
    lists = {r.name: set(getattr(r, "removes", ())) for r in api.resources}
    for name, declared in lists.items():
        shown_by = [
            c.data for c in cases("lists") if c.slug == slug and c.api is api and c.data["resource"] == name
        ]
        assert any(case.get("removed") for case in shown_by) is bool(declared), name
    if api.webhooks:
        told = [
            change
            for case in cases("webhooks")
            if case.slug == slug and case.api is api
            for change in api.webhooks.parse(json.loads(case.data["body"]))
        ]
        gone = {change.resource for change in told if isinstance(change, Remove) and change.on == "id"}
        # some vendors' words are only a reason to look, and looking shows that it is gone
        gone |= {
            n for c in cases("webhooks") if c.slug == slug and c.api is api for n in c.data.get("gone", ())
        }
        assert gone == set(api.webhooks.removes)


@every_api
def test_what_is_derived_is_filled(slug: str, api: Api) -> None:
    for mapping in api.mappings:
        assert set(mapping.derived) <= set(api.fields.get(mapping.model, ())), mapping.model


def test_thirteen_vendors_fit_a_terminal() -> None:
    names = ["SuccessFactors"] * 12 + ["Zoho Recruit"]
    some = next(iter(PROVIDERS.values()))
    many = [Provider(name, name, some.color, some.styles, {"EEOC": "No source."}) for name in names]
    assert max(len(line.plain) for line in shown(many)) <= 80


def test_a_gap_is_marked_and_its_reason_given() -> None:
    some = next(iter(PROVIDERS.values()))
    less = Provider("less", "Less", some.color, some.styles, {"Tag.create": "Less has no tags."})
    assert "| create Tag | - |" in page([less])
    assert "- `Tag.create`: Less has no tags." in page([less])
    assert any(line.plain.split() == ["create", "Tag", "-"] for line in shown([less]))
