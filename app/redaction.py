"""Taking secrets out of texts that are stored or logged: what looks like one, and what is known to be one."""

import re

from providers.kit.concealing import concealed

_SECRETS = re.compile(
    r"(?P<scheme>\b(?:bearer|basic)\s+)(?=\S*[\d+/=])[\w.~+/=-]{8,}"  # the words alone are no secrets
    r"|(?P<name>\b(?:api_key|client_secret|refresh_token|access_token|password|assertion)\b[\"']?\s*[=:]\s*[\"']?)"
    r"[^\s\"'&,}]+"
    r"|\bomn_(?:key|acct|link|public|console|door)_[\w-]+",
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """The text with credentials, tokens and keys replaced by `***`."""
    return _SECRETS.sub(lambda found: f"{found['scheme'] or found['name'] or ''}***", concealed(text))
