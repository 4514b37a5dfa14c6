"""How Ashby is authenticated: the API key as the name of HTTP Basic, and the version of the API."""

from collections.abc import Generator, Mapping

import httpx

from providers.kit import BasicKey, TokenStore

VERSION = "2026-01-01"  # the one that is active; a key left to itself has the newest of its day


class VersionedKey(BasicKey):
    """The API key, and with every request the version it is written for. A caller's own version stands."""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the headers."""
        request.headers.setdefault("Ashby-Version", VERSION)
        yield from super().auth_flow(request)


def api_key(credentials: Mapping[str, str], _store: TokenStore) -> httpx.Auth:
    """The only way there is (https://developers.ashbyhq.com/docs/authentication)."""
    return VersionedKey(credentials["api_key"])
