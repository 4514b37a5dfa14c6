"""OAuth 2.0 authorization code: a person lets us in at the vendor (RFC 6749, PKCE by RFC 7636)."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import httpx

from providers.kit.auth import TokenGrant, form_request


@dataclass(frozen=True)
class Authorization:
    """How a vendor lets an application in.

    Attributes:
        authorize_url: the page where the person agrees.
        token_url: where the code is exchanged.
        read: reads the token endpoint's answer; what is to be stored is in `TokenGrant.rotated`. Raises a
            `ProviderError` when it is a refusal.
        scopes: what is asked for.
        pkce: whether the vendor knows it (S256).
        client_auth: where the client's id and secret go: HTTP Basic, or the form.
    """

    authorize_url: str
    token_url: str
    read: Callable[[httpx.Response], TokenGrant]
    scopes: tuple[str, ...] = ()
    pkce: bool = False
    client_auth: Literal["basic", "form"] = "basic"

    def page(self, client_id: str, redirect_uri: str, state: str, verifier: str) -> httpx.URL:
        """Where to send the person.

        Args:
            client_id: the application's.
            redirect_uri: where the vendor sends the person back.
            state: comes back unchanged.
            verifier: shown at the exchange, its hash here, where the vendor knows PKCE.
        """
        query = {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(self.scopes),
            "state": state,
        }
        if self.pkce:
            digest = hashlib.sha256(verifier.encode()).digest()
            query["code_challenge"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            query["code_challenge_method"] = "S256"
        given = {name: value for name, value in query.items() if value}
        return httpx.URL(self.authorize_url).copy_merge_params(given)

    def exchange(
        self, client: Mapping[str, str], redirect_uri: str, code: str, verifier: str
    ) -> httpx.Request:
        """The request that turns a code into tokens.

        Args:
            client: the application's `client_id` and `client_secret`.
            redirect_uri: as it was when the person was sent away.
            code: what they came back with.
            verifier: as it was then.
        """
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        if self.pkce:
            form["code_verifier"] = verifier
        if self.client_auth == "basic":
            return form_request(self.token_url, form, (client["client_id"], client["client_secret"]))
        return form_request(self.token_url, form | dict(client))
