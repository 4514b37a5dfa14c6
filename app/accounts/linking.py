"""Linking an account: credentials are tried at the vendor before anything is stored."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import Connection, Row, insert, select, update

from app.accounts.connect import COMPLETE, RELINK_NEEDED
from app.accounts.keys import fresh_secret, hashed
from app.accounts.tables import access_token, linked_account
from app.accounts.tokens import UnstoredTokens
from app.common.times import now
from app.issues import store as issues
from app.jobs import ask
from app.service import Service
from app.sync import state
from app.sync.run import KIND
from providers.kit import Provider, Style
from providers.registry import PROVIDERS


class LinkRefused(Exception):
    """The account cannot be linked with what was given. `field` says what is wrong."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field
        self.detail = detail


@dataclass(frozen=True)
class EndUser:
    """Whose account it is, as the customer's own application knows them."""

    origin_id: str | None
    organization_name: str
    email_address: str


@dataclass(frozen=True)
class Linked:
    """An account after linking. The token is None when it was linked before: that token still holds."""

    account: Row[Any]
    token: str | None


def link(service: Service, slug: str, credentials: dict[str, str], end_user: EndUser) -> Linked:
    """Link an account, or link one again that had lost its credentials.

    Args:
        service: the service.
        slug: the integration.
        credentials: by the names of the integration's credential fields.
        end_user: whose account it is.

    Returns:
        The account, its first synchronisation already asked for.

    Raises:
        LinkRefused: the integration is unknown or the credentials do not fit it.
        ProviderError: what the vendor said to the credentials.
    """
    provider = PROVIDERS.get(slug)
    if provider is None:
        raise LinkRefused("integration", f"Unknown integration. Known: {', '.join(sorted(PROVIDERS))}.")
    given = {name: value for name, value in credentials.items() if value != ""}
    style = provider.style_for(given)
    if style is None:
        raise LinkRefused("credentials", _what_is_needed(provider))
    tried = _try(service, provider, style, given)
    return _store(service, provider, tried, end_user)


def _what_is_needed(provider: Provider) -> str:
    ways = "; or ".join(
        f"{style.name}: " + ", ".join(f.name if f.required else f"{f.name} (optional)" for f in style.fields)
        for style in provider.styles
    )
    return f"These are not the credentials {provider.name} needs. {ways}."


def _try(service: Service, provider: Provider, style: Style, credentials: dict[str, str]) -> UnstoredTokens:
    tokens = UnstoredTokens(dict(credentials))
    with service.connector.client(provider, style, credentials, tokens) as client:
        style.api.check(client)
    return tokens


def _store(service: Service, provider: Provider, tried: UnstoredTokens, end_user: EndUser) -> Linked:
    token = fresh_secret("omn_acct")
    present = now()
    with service.jobs.begin() as connection:
        again = _lost_account(connection, provider, end_user)
        account_id = again or str(uuid4())
        ask(connection, KIND, account_id)  # first: the job is always locked before what it works on
        secrets_of = {
            "credentials": service.vault.seal(tried.credentials),
            "credentials_fingerprint": _fingerprint(provider.slug, tried.credentials),
            "status": COMPLETE,
            "status_detail": None,
            "completed_at": present,
        }
        if again:
            connection.execute(
                update(linked_account).where(linked_account.c.id == again).values(**secrets_of)
            )
            issues.resolve(connection, again)
            state.begin_anew(connection, again)
        else:
            connection.execute(
                insert(linked_account).values(
                    id=account_id,
                    token_hash=hashed(token),
                    integration=provider.slug,
                    end_user_origin_id=end_user.origin_id,
                    end_user_organization_name=end_user.organization_name,
                    end_user_email_address=end_user.email_address,
                    account_type="PRODUCTION",
                    webhook_secret=secrets.token_urlsafe(32),
                    clock=0,
                    created_at=present,
                    **secrets_of,
                )
            )
        _keep_tokens(service, connection, account_id, tried)
        account = connection.execute(select(linked_account).where(linked_account.c.id == account_id)).one()
    return Linked(account, None if again else token)


def _lost_account(connection: Connection, provider: Provider, end_user: EndUser) -> str | None:
    """The account of this end user that waits to be linked again. Nameless end users have none in common."""
    if not end_user.origin_id:
        return None
    found: str | None = connection.scalar(
        select(linked_account.c.id).where(
            linked_account.c.integration == provider.slug,
            linked_account.c.end_user_origin_id == end_user.origin_id,
            linked_account.c.status == RELINK_NEEDED,
        )
    )
    return found


def _keep_tokens(service: Service, connection: Any, account_id: str, tried: UnstoredTokens) -> None:
    """The tokens of the trial serve on: asking for a new one may revoke what another process uses."""
    connection.execute(access_token.delete().where(access_token.c.account_id == account_id))
    rows = [
        {
            "account_id": account_id,
            "subject": subject,
            "token": service.vault.seal(grant.access_token),
            "expires_at": int(grant.expires_at.timestamp() * 1_000_000),
            "minting_until": 0,
        }
        for subject, grant in tried.grants.items()
    ]
    if rows:
        connection.execute(insert(access_token), rows)


def _fingerprint(slug: str, credentials: dict[str, str]) -> bytes:
    lasting = {k: v for k, v in credentials.items() if k not in ("refresh_token", "access_token")}
    return hashlib.sha256(orjson.dumps([slug, sorted(lasting.items())])).digest()
