"""What providers say they can do is what they do."""

import pytest

from app.common.models import MODELS
from conformance.supported_fields import fields_file, rendered
from providers.kit import Provider
from providers.kit.capabilities import operations
from providers.registry import PROVIDERS

every = pytest.mark.parametrize("provider", PROVIDERS.values(), ids=list(PROVIDERS))


@every
def test_supported_fields_are_those_the_mappings_fill(provider: Provider) -> None:
    """When this fails, run `make fields` and look at what has changed."""
    assert fields_file(provider).read_text() == rendered(provider), "run `make fields`"


@every
def test_every_mapped_model_has_supported_fields(provider: Provider) -> None:
    for api in provider.apis:
        for operation in operations(api):
            model = MODELS[operation["model_name"]]
            known = {f.name for f in model.rendered} | {"remote_id", "remote_data"}
            assert {"remote_id"} < set(operation["supported_fields"]) <= known, (
                "each mapping fills some of its model's fields: run `make fields`"
            )


@every
def test_required_parameters_are_named_as_callers_give_them(provider: Provider) -> None:
    for api in provider.apis:
        named = {o["model_name"]: o["required_post_parameters"] for o in operations(api)}
        for action in api.actions:
            if action.verb == "create":
                wanted = {f"integration_params.{p.name}" for p in action.parameters if p.required}
                assert set(named[action.model]) == {*action.required, *wanted}
