"""Whatever a vendor answers is sorted, and a limit is waited for as long as it says."""

import json

import httpx
import pytest

from conformance.cases import Case, apis, cases
from conformance.stand_in import answer_of
from providers.kit import Api, Invalid, ProviderError, RateLimited, Unavailable

every_api = pytest.mark.parametrize(("slug", "api"), apis(), ids=lambda v: getattr(v, "name", v))
LIMITS = [case for case in cases("errors") if case.data["is"] == "RateLimited"]
BODIES = (b"", b"<html>Bad gateway</html>", b"null", b"[]", b"{}", b'"text"', b'{"errors": 1}', b"\xff\xfe")
REFUSALS = (400, 401, 403, 404, 409, 410, 413, 418, 422, 429, 500, 502, 503, 504, 599)


def answered(status: int, body: bytes, method: str = "GET", **headers: str) -> httpx.Response:
    request = httpx.Request(method, "https://vendor.example/things")
    return httpx.Response(status, content=body, headers=headers, request=request)


@every_api
@pytest.mark.parametrize("status", REFUSALS)
def test_an_answer_in_any_shape_is_a_refusal_that_is_understood(slug: str, api: Api, status: int) -> None:
    """A proxy in between answers HTML, a vendor's bad day nothing at all."""
    for body in BODIES:
        for method in ("GET", "POST"):
            error = api.classify(answered(status, body, method))
            assert isinstance(error, ProviderError), (status, body)
            assert error.detail, "the caller is told something"
            if status == 429:
                assert isinstance(error, RateLimited)
            if status >= 502:
                assert isinstance(error, Unavailable)


@every_api
def test_a_success_in_any_shape_does_not_crash(slug: str, api: Api) -> None:
    for status in (200, 201, 202, 204):
        for body in BODIES:
            error = api.classify(answered(status, body))
            assert error is None or isinstance(error, ProviderError)


@every_api
def test_a_failed_write_may_have_been_carried_out(slug: str, api: Api) -> None:
    """Otherwise a write that went through would be sent once more."""
    error = api.classify(answered(503, b"", "POST"))
    assert isinstance(error, Unavailable)
    assert error.outcome_unknown
    read = api.classify(answered(503, b"", "GET"))
    assert isinstance(read, Unavailable)
    assert not read.outcome_unknown


@pytest.mark.parametrize("case", LIMITS, ids=str)
def test_retry_after_is_obeyed(case: Case) -> None:
    """Without headers of the vendor's own, the standard one is what says how long to wait."""
    answer = answer_of({**case.data["answer"], "headers": {"Retry-After": "7"}})
    answer.request = httpx.Request(case.data.get("method", "GET"), "https://vendor.example/")
    error = case.api.classify(answer)
    assert isinstance(error, RateLimited)
    assert error.retry_after == 7


@pytest.mark.parametrize(
    ("slug", "api"), [(s, a) for s, a in apis() if a.actions], ids=lambda v: getattr(v, "name", v)
)
def test_a_refused_write_is_shown(slug: str, api: Api) -> None:
    shown = [c.data for c in cases("errors") if c.slug == slug and c.api is api]
    assert any(case["is"] == Invalid.__name__ for case in shown), "errors/ needs a write that is refused"


@pytest.mark.parametrize("case", cases("errors"), ids=str)
def test_an_error_says_the_vendors_words_and_nothing_secret(case: Case) -> None:
    """What the vendor repeats of the request's headers is not among them."""
    answer = answer_of(case.data["answer"])
    answer.request = httpx.Request(
        case.data.get("method", "GET"), "https://vendor.example/", headers={"Authorization": "Bearer s3cret"}
    )
    error = case.api.classify(answer)
    assert "s3cret" not in json.dumps([str(error), vars(error) if error else None], default=str)
