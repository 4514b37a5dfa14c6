"""What a provider says of its vendor's limits is of use."""

import pytest

from conformance.cases import apis
from providers.kit import Api

every = pytest.mark.parametrize("api", [api for _, api in apis()], ids=[api.name for _, api in apis()])


@every
def test_each_limit_has_a_name_of_its_own(api: Api) -> None:
    assert len({limit.name for limit in api.limits}) == len(api.limits)


@every
def test_each_limit_limits_something(api: Api) -> None:
    for limit in api.limits:
        assert limit.requests or limit.concurrent
        assert limit.seconds > 0
        assert limit.requests or not (limit.granted or limit.remaining or limit.burst), "of what?"
