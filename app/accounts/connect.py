"""From a linked account to a client of its vendor."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

import httpx
from sqlalchemy import Engine, Row, select

from app.accounts.clock import AccountGone
from app.accounts.tables import linked_account
from app.accounts.tokens import StoredTokens, with_present_secret
from app.accounts.vault import Vault
from app.budgets.ledger import Ledger
from app.budgets.transport import Budgeted
from app.budgets.turns import Customer, Turns
from app.calls.log import CallLog, Note
from app.database import reading
from app.outbound import Outbound, Refused
from app.settings import Settings
from app.telemetry import context
from app.telemetry.vendors import watched
from providers.kit import Api, Call, Client, Provider, Style, TokenStore, Unexpected, open_client
from providers.kit.client import to_origin
from providers.kit.concealing import conceal
from providers.registry import PROVIDERS

DEPOSIT = 300.0  # seconds that a file's way to a vendor's store may take, all in all
RECEIPT = 1_000_000  # bytes of the store's answer
COMPLETE, RELINK_NEEDED, IDLE = "COMPLETE", "RELINK_NEEDED", "IDLE"


@dataclass(frozen=True)
class Patience:
    """How long to wait for a vendor.

    Attributes:
        timeout: seconds until it must have answered; None for as long as its API may take.
        attempts: how often a reading request is tried when the vendor is unavailable.
        background: whether no caller waits for it: then callers' requests go first.
    """

    timeout: float | None = None
    attempts: int = 3
    background: bool = False


USUAL = Patience()
BACKGROUND = Patience(background=True)
Around = Callable[[httpx.BaseTransport], httpx.BaseTransport]


@dataclass(frozen=True)
class Connected:
    """A linked account with everything needed to speak to its vendor."""

    account_id: str
    status: str
    linked_at: int  # linking again gives it other credentials, and another time
    are_syncs_disabled: bool
    used_at: int
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
        calls: writes down the calls of linked accounts.
        outbound: reaches the file stores that vendors name.
        before_change: called before a request that may change something at a vendor is sent.
    """

    def __init__(
        self,
        engine: Engine,
        vault: Vault,
        settings: Settings,
        calls: CallLog,
        outbound: Outbound,
        before_change: Callable[[], None],
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._settings = settings
        self._calls = calls
        self._outbound = outbound
        self._before_change = before_change
        self._turns = Turns(Ledger(engine), settings.vendor_rate_share)

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
        context.note(account_id=account_id)
        row, provider, style, credentials = self._stored(account_id)
        tokens = StoredTokens(self._engine, self._vault, account_id, self.own_client(provider))
        with (
            self._calls.of(account_id, _secrets(style, credentials)) as note,
            self.client(
                provider,
                style,
                credentials,
                tokens,
                _telling(note, on_call),
                patience,
                self._budgeted(account_id, provider, style.api, patience),
            ) as client,
        ):
            yield Connected(
                account_id=account_id,
                status=row.status,
                linked_at=row.completed_at,
                are_syncs_disabled=row.are_syncs_disabled,
                used_at=row.used_at,
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
        stored = cast(dict[str, str], self._vault.open(row.credentials))
        credentials = with_present_secret(stored, self.own_client(provider))
        style = provider.style_for(credentials)
        if style is None:
            raise ValueError(f"The stored credentials fit no way of linking {provider.name}")
        return style, credentials

    def own_client(self, provider: Provider) -> dict[str, str]:
        """The application's own OAuth client at a vendor as credential fields; empty when it has none."""
        ours = self._settings.oauth_clients.get(provider.slug)
        if ours is None:
            return {}
        return {"client_id": ours.client_id, "client_secret": ours.client_secret.get_secret_value()}

    def redirected(self, provider: Provider, url: httpx.URL) -> httpx.URL:
        """An address of a vendor's as people are sent there: at the origin the provider is redirected to."""
        origin = self._settings.provider_origins.get(provider.slug)
        return to_origin(url, httpx.URL(origin)) if origin else url

    @contextmanager
    def client(
        self,
        provider: Provider,
        style: Style,
        credentials: dict[str, str],
        tokens: TokenStore,
        on_call: Callable[[Call], None] | None = None,
        patience: Patience = USUAL,
        around: Around | None = None,
    ) -> Iterator[Client]:
        """A client with these credentials, stored or only tried, until the block ends."""
        for secret in _secrets(style, credentials):
            conceal(secret)
        base_url = style.api.base_url_for(credentials)
        auth = style.auth(credentials, tokens)
        with self._client(provider, style, base_url, auth, on_call, patience, around) as client:
            yield client

    def _budgeted(self, account_id: str, provider: Provider, api: Api, patience: Patience) -> Around:
        """Lets an account's requests take their turns."""
        timeout = patience.timeout or api.timeout
        customer = Customer(account_id, provider.slug, api.limits, timeout, patience.background)
        return lambda inner: Budgeted(inner, self._turns, customer)

    @contextmanager
    def stranger(self, provider: Provider, style: Style) -> Iterator[Client]:
        """A client without an account's authentication, for asking for tokens, until the block ends."""
        with self._client(provider, style, "", httpx.Auth()) as client:
            yield client

    @contextmanager
    def _client(
        self,
        provider: Provider,
        style: Style,
        base_url: str,
        auth: httpx.Auth,
        on_call: Callable[[Call], None] | None = None,
        patience: Patience = USUAL,
        around: Around | None = None,
    ) -> Iterator[Client]:
        client = open_client(
            base_url,
            style.api.hosts,
            auth,
            style.api.classify,
            origin=self._settings.provider_origins.get(provider.slug),
            on_call=watched(provider.slug, on_call),
            transport=httpx.HTTPTransport(verify=_tls(), retries=1),
            strangers=_Strangers(self._outbound.transport(seconds=DEPOSIT, max_bytes=RECEIPT)),
            timeout=patience.timeout or style.api.timeout,
            attempts=patience.attempts,
            before_change=self._before_change,
            around=around,
        )
        try:
            yield client
        finally:
            client.close()


@cache
def _tls() -> ssl.SSLContext:
    """Whom to trust. Made once in a process: it reads every certificate there is."""
    return httpx.create_ssl_context()


class _Strangers(httpx.BaseTransport):
    """Sends to addresses that a vendor names, unless they are not of the public internet."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        try:
            return self._inner.handle_request(request)
        except Refused as refusal:
            raise Unexpected(f"The vendor names an address that is not dealt with: {refusal}") from refusal

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


def _secrets(style: Style, credentials: dict[str, str]) -> list[str]:
    """What must be written down nowhere: all but what is declared to be no secret."""
    public = {f.name for f in style.fields if not f.secret}
    return [value for name, value in credentials.items() if value and name not in public]


def _telling(note: Note, on_call: Note | None) -> Note:
    """Tells both."""
    if on_call is None:
        return note

    def tell(call: Call) -> None:
        note(call)
        on_call(call)

    return tell
