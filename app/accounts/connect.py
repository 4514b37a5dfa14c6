"""From a linked account to a client of its vendor."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import httpx
from sqlalchemy import Engine, Row, select

from app.accounts.clock import AccountGone
from app.accounts.tables import linked_account
from app.accounts.tokens import StoredTokens
from app.accounts.vault import Vault
from app.database import reading
from app.settings import Settings
from providers.kit import Api, Call, Client, Provider, Style, TokenStore, open_client
from providers.registry import PROVIDERS

COMPLETE, RELINK_NEEDED, IDLE = "COMPLETE", "RELINK_NEEDED", "IDLE"


@dataclass(frozen=True)
class Patience:
    """How long to wait for a vendor.

    Attributes:
        timeout: seconds until it must have answered; None for as long as its API may take.
        attempts: how often a reading request is tried when the vendor is unavailable.
    """

    timeout: float | None = None
    attempts: int = 3


USUAL = Patience()


@dataclass(frozen=True)
class Connected:
    """A linked account with everything needed to speak to its vendor."""

    account_id: str
    status: str
    linked_at: int  # linking again gives it other credentials, and another time
    are_syncs_disabled: bool
    provider: Provider
    api: Api
    client: Client
    credentials: dict[str, str] = field(repr=False)


class Connector:
    """Opens vendor clients.

    Args:
        engine: the database.
        vault: decrypts credentials.
        settings: says which providers are redirected.
        before_change: called before a request that may change something at a vendor is sent.
    """

    def __init__(
        self, engine: Engine, vault: Vault, settings: Settings, before_change: Callable[[], None]
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._settings = settings
        self._before_change = before_change
        self._tls = httpx.create_ssl_context()  # made once: it reads every certificate there is

    @contextmanager
    def account(
        self,
        account_id: str,
        on_call: Callable[[Call], None] | None = None,
        patience: Patience = USUAL,
    ) -> Iterator[Connected]:
        """A linked account, connected until the block ends.

        Args:
            account_id: the linked account.
            on_call: told of every request made.
            patience: how long to wait for the vendor.

        Raises:
            AccountGone: it is not there.
            ValueError: its credentials cannot be decrypted.
        """
        row, provider, style, credentials = self._stored(account_id)
        tokens = StoredTokens(self._engine, self._vault, account_id)
        with self.client(provider, style, credentials, tokens, on_call, patience) as client:
            yield Connected(
                account_id=account_id,
                status=row.status,
                linked_at=row.completed_at,
                are_syncs_disabled=row.are_syncs_disabled,
                provider=provider,
                api=style.api,
                client=client,
                credentials=credentials,
            )

    def api(self, account_id: str) -> Api:
        """The vendor API a linked account uses.

        Raises:
            AccountGone: it is not there.
        """
        return self._stored(account_id)[2].api

    def api_of(self, row: Row[Any]) -> Api:
        """The vendor API that the account of a row uses."""
        return self._opened(row)[0].api

    def _stored(self, account_id: str) -> tuple[Row[Any], Provider, Style, dict[str, str]]:
        with reading(self._engine).connect() as connection:
            query = select(linked_account).where(
                linked_account.c.id == account_id, linked_account.c.deleted_at.is_(None)
            )
            row = connection.execute(query).first()
        if row is None:
            raise AccountGone(account_id)
        return row, PROVIDERS[row.integration], *self._opened(row)

    def _opened(self, row: Row[Any]) -> tuple[Style, dict[str, str]]:
        provider = PROVIDERS[row.integration]
        credentials = cast(dict[str, str], self._vault.open(row.credentials))
        style = provider.style_for(credentials)
        if style is None:
            raise ValueError(f"The stored credentials fit no way of linking {provider.name}")
        return style, credentials

    @contextmanager
    def client(
        self,
        provider: Provider,
        style: Style,
        credentials: dict[str, str],
        tokens: TokenStore,
        on_call: Callable[[Call], None] | None = None,
        patience: Patience = USUAL,
    ) -> Iterator[Client]:
        """A client with these credentials, stored or only tried, until the block ends."""
        client = open_client(
            style.api.base_url_for(credentials),
            style.api.hosts,
            style.auth(credentials, tokens),
            style.api.classify,
            origin=self._settings.provider_origins.get(provider.slug),
            on_call=on_call,
            transport=httpx.HTTPTransport(verify=self._tls, retries=1),
            timeout=patience.timeout or style.api.timeout,
            attempts=patience.attempts,
            before_change=self._before_change,
        )
        try:
            yield client
        finally:
            client.close()
