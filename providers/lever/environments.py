"""Where Lever is: the live service, the sandbox for partners, and the one in Europe."""

from collections.abc import Mapping
from dataclasses import dataclass

from providers.kit import CredentialsRefused


@dataclass(frozen=True)
class Environment:
    """One of Lever's environments.

    Attributes:
        base_url: of the Data API.
        token_url: where access tokens are asked for.
        audience: what they are for; without it a token opens nothing.
    """

    base_url: str
    token_url: str
    audience: str


AUTHORIZE_URL = "https://auth.lever.co/authorize"
PRODUCTION = Environment(
    "https://api.lever.co/v1", "https://auth.lever.co/oauth/token", "https://api.lever.co/v1/"
)
ENVIRONMENTS = {
    "production": PRODUCTION,
    "sandbox": Environment(
        "https://api.sandbox.lever.co/v1",
        "https://sandbox-lever.auth0.com/oauth/token",
        "https://api.sandbox.lever.co/v1/",
    ),
    "eu": Environment("https://api.eu.lever.co/v1", PRODUCTION.token_url, PRODUCTION.audience),
}
HOSTS = (
    *("api.lever.co", "api.sandbox.lever.co", "api.eu.lever.co"),
    *("auth.lever.co", "sandbox-lever.auth0.com"),
)


def environment_of(credentials: Mapping[str, str]) -> Environment:
    """The environment that credentials are of: the live one unless they name another.

    Raises:
        CredentialsRefused: there is no such environment.
    """
    name = (credentials.get("environment") or "production").strip().lower()
    if name not in ENVIRONMENTS:
        detail = f"environment: one of {', '.join(ENVIRONMENTS)}, not {name[:40]!r}."
        raise CredentialsRefused(detail, field="environment")
    return ENVIRONMENTS[name]


def base_url(credentials: Mapping[str, str]) -> str:
    """The base URL for these credentials."""
    return environment_of(credentials).base_url
