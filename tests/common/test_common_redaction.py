"""No secret in what is stored or logged."""

import pytest

from app.redaction import redact


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
