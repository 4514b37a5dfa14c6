"""OAuth authorization code as vendors differ in it: PKCE, and where the client's secret goes."""

import base64

import httpx
import pytest

from providers.kit import Authorization, TokenGrant

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # of RFC 7636, appendix B
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
CLIENT = {"client_id": "us", "client_secret": "hush"}
BACK = "https://omniats.example/link/callback"


def unread(_answer: httpx.Response) -> TokenGrant:
    raise NotImplementedError


def form(request: httpx.Request) -> dict[str, str]:
    return dict(httpx.QueryParams(request.content.decode()))


@pytest.mark.parametrize("pkce", [True, False])
def test_proof_key(pkce: bool) -> None:
    vendor = Authorization(
        "https://vendor.example/authorize?tenant=1", "https://vendor.example/token", unread, ("a", "b"), pkce
    )
    page = vendor.page("us", BACK, "s-1", VERIFIER)
    proof = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"} if pkce else {}
    assert dict(page.params) == {
        "tenant": "1",
        "response_type": "code",
        "client_id": "us",
        "redirect_uri": BACK,
        "scope": "a b",
        "state": "s-1",
        **proof,
    }
    assert VERIFIER not in str(page)
    exchange = vendor.exchange(CLIENT, BACK, "c-1", VERIFIER)
    assert form(exchange) == {
        "grant_type": "authorization_code",
        "code": "c-1",
        "redirect_uri": BACK,
        **({"code_verifier": VERIFIER} if pkce else {}),
    }
    assert exchange.headers["Authorization"] == "Basic " + base64.b64encode(b"us:hush").decode()


def test_the_client_in_the_form() -> None:
    vendor = Authorization("https://v.example/a", "https://v.example/t", unread, client_auth="form")
    exchange = vendor.exchange(CLIENT, BACK, "c-1", VERIFIER)
    assert "Authorization" not in exchange.headers
    assert form(exchange).items() >= CLIENT.items()
    assert "scope" not in vendor.page("us", BACK, "s-1", VERIFIER).params
