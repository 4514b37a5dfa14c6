"""OAuth clients, and the tokens and codes given out to them."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

ACCESS = timedelta(hours=1)
CODE = timedelta(minutes=1)


@dataclass(frozen=True)
class Client:
    """A registered OAuth client; only a partner uses the authorization-code grant."""

    client_id: str
    secret: str
    partner: bool = False


@dataclass
class Grant:
    """What a token, refresh token or code stands for."""

    client_id: str
    user_id: int | str | None
    expires: datetime
    scope: str = ""


class Tokens:
    """Clients, and the access tokens, refresh tokens and codes given out."""

    def __init__(self, now: Callable[[], datetime], refresh_lives: timedelta) -> None:
        self.now = now
        self.refresh_lives = refresh_lives
        self.clients: dict[str, Client] = {}
        self.access: dict[str, Grant] = {}
        self.refresh: dict[str, Grant] = {}
        self.codes: dict[str, Grant] = {}
        self.authorising_user_id: int | str | None = None
        self.declines = False  # the person at the authorize page
        # Observed by one client of the vendor: minting revokes the client's previous token.
        self.single = False

    def mint(self, client: Client, user_id: int | str | None, scope: str = "") -> tuple[str, Grant]:
        """A new access token."""
        if self.single:
            self.access = {
                key: held for key, held in self.access.items() if held.client_id != client.client_id
            }
        token = "eyJhbGciOiJIUzI1NiJ9." + secrets.token_urlsafe(32)
        grant = Grant(client.client_id, user_id, self.now() + ACCESS, scope)
        self.access[token] = grant
        return token, grant

    def mint_refresh(self, client: Client, user_id: int | str | None, scope: str = "") -> str:
        """A new refresh token."""
        token = secrets.token_urlsafe(32)
        self.hold_refresh(token, client, user_id, scope)
        return token

    def hold_refresh(self, token: str, client: Client, user_id: int | str | None, scope: str = "") -> None:
        """Let a client use this refresh token."""
        self.refresh[token] = Grant(client.client_id, user_id, self.now() + self.refresh_lives, scope)

    def mint_code(self, client: Client, scope: str = "") -> str:
        """An authorization code for the user who is taken to have agreed."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = Grant(client.client_id, self.authorising_user_id, self.now() + CODE, scope)
        return code

    def redeem(self, held: dict[str, Grant], key: str, client: Client) -> Grant | None:
        """Use up a code or a refresh token: it works once, and only for its client."""
        grant = held.get(key)
        if grant is None or grant.client_id != client.client_id or grant.expires <= self.now():
            return None
        return held.pop(key)

    def find(self, token: str) -> Grant | None:
        """The live grant of an access token."""
        grant = self.access.get(token)
        return grant if grant and grant.expires > self.now() else None

    def expire_all(self) -> None:
        """Every access token given out stops working now."""
        for grant in self.access.values():
            grant.expires = self.now()
