"""No secret in what is stored or logged."""

import pytest

from app.redaction import redact
from providers.kit import Unexpected
from providers.kit.concealing import conceal, concealing


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Authorization: Bearer eyJhbGciOi.J9-_x", "Authorization: Bearer ***"),
        ("basic c2FuZGJveDo=", "basic ***"),
        ("grant_type=refresh_token&refresh_token=abc&x=1", "grant_type=refresh_token&refresh_token=***&x=1"),
        ("{'client_secret': 'abc', 'user_id': '1'}", "{'client_secret': '***', 'user_id': '1'}"),
        ('{"api_key":"abc"}', '{"api_key":"***"}'),
        ("omn_key_a-B_c and omn_acct_x", "*** and ***"),
        ("a basic interview with the bearer of news", "a basic interview with the bearer of news"),
    ],
)
def test_secrets_are_taken_out(text: str, shown: str) -> None:
    assert redact(text) == shown


@pytest.mark.parametrize(
    "written",
    [
        'p/s & "s<>',
        r"p/s & \"s<>",
        "p%2Fs%20%26%20%22s%3C%3E",
        "p/s%20%26%20%22s%3C%3E",
        "p%2Fs+%26+%22s%3C%3E",
        'p/s &amp; "s&lt;&gt;',
        "p/s &amp; &quot;s&lt;&gt;",
    ],
)
def test_in_forms_and_xml_too(written: str) -> None:
    with concealing():
        conceal('p/s & "s<>')
        assert redact(f"x {written} y") == "x *** y"


def test_secrets_that_are_known_are_taken_out_however_they_are_spelled() -> None:
    with concealing():
        conceal('p/ss"wörd')
        conceal("abc")
        texts = ['p/ss"wörd', "p%2Fss%22w%C3%B6rd", r"p/ss\"w\u00f6rd", "cC9zcyJ3w7ZyZDo="]
        assert [redact(f"x {text} y") for text in texts] == ["x *** y"] * 4
        assert redact("abcd") == "abcd", "too short to be told from words"
        assert Unexpected("y" * 1995 + 'p/ss"wörd').detail == "y" * 1995 + "***"
    assert redact('p/ss"wörd') == 'p/ss"wörd'
    conceal("outside of everything")
    assert redact("outside of everything") == "outside of everything"
