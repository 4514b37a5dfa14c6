"""Linking an account: credentials are tried at the vendor before anything is stored."""

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts import shown
from app.accounts.connect import COMPLETE
from app.accounts.directory import linked_accounts
from app.accounts.keys import PRODUCTION, fresh_account_token
from app.accounts.tables import access_token, linked_account
from app.accounts.tokens import TriedTokens
from app.common.times import now
from app.issues import store as issues
from app.jobs import ask
from app.scopes import store as scopes
from app.service import Service
from app.sync import state
from app.sync.remapping import KIND as REMAP
from app.sync.state import KIND
from app.webhooks.events import ACCOUNT_LINKED
from app.webhooks.outbox import announce
from providers.kit import Provider, Style
from providers.registry import PROVIDERS

TRIES = 5  # to store an account while others link, or delete, that of the same end user


class LinkRefused(Exception):
    """The account cannot be linked with what was given. `field` says what is wrong."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field
        self.detail = detail


class Overtaken(Exception):
    """The account was linked, or deleted, by somebody else in between."""


@dataclass(frozen=True)
class EndUser:
    """Whose account it is, as the customer's own application knows them; whose it is with a test key is
    another's than whose it is in production.
    """

    origin_id: str | None
    organization_name: str
    email_address: str
    account_type: str = PRODUCTION


@dataclass(frozen=True)
class Accepted:
    """Credentials that a vendor has accepted, with the tokens it gave for them."""

    provider: Provider
    style: Style
    tokens: TriedTokens


@dataclass(frozen=True)
class Wishes:
    """How an account is to be.

    Attributes:
        are_syncs_disabled: whether it is only for writes and passthrough; None leaves it as it is.
        common_models: its own scopes, see `scopes_of`; empty leaves them as they are.
    """

    are_syncs_disabled: bool | None = None
    common_models: Sequence[Any] = ()


@dataclass(frozen=True)
class Linked:
    """An account after linking, as `directory.linked_accounts` reads it.

    The token is None when it was linked before: that token still holds.
    """

    account: Row[Any]
    token: str | None


def link(service: Service, slug: str, credentials: Mapping[str, str], end_user: EndUser) -> Linked:
    """Link an account, or link the end user's account again.

    Args:
        service: the service.
        slug: the integration.
        credentials: by the names of the integration's credential fields.
        end_user: whose account it is.

    Raises:
        LinkRefused: the integration is unknown or the credentials do not fit it.
        ProviderError: what the vendor said to the credentials.
    """
    provider = PROVIDERS.get(slug)
    if provider is None:
        raise LinkRefused("integration", f"Unknown integration. Known: {', '.join(sorted(PROVIDERS))}.")
    given = {name: value for name, value in credentials.items() if value != ""}
    style = provider.style_for(given)
    if style is None:  # without a client of its own, it may be that of the application
        given = service.connector.own_client(provider) | given
        style = provider.style_for(given)
    if style is None:
        raise LinkRefused("credentials", _what_is_needed(provider))
    return store(service, attempt(service, provider, style, given), end_user)


def _what_is_needed(provider: Provider) -> str:
    ways = "; or ".join(
        f"{style.name}: " + ", ".join(f.name if f.required else f"{f.name} (optional)" for f in style.fields)
        for style in provider.styles
    )
    return f"These are not the credentials {provider.name} needs. {ways}."


def attempt(service: Service, provider: Provider, style: Style, credentials: Mapping[str, str]) -> Accepted:
    """Try credentials at the vendor.

    Raises:
        ProviderError: what the vendor said to them.
    """
    return attempt_with(service, provider, style, TriedTokens(service.engine, service.vault, credentials))


def attempt_with(service: Service, provider: Provider, style: Style, tokens: TriedTokens) -> Accepted:
    """The same with tokens the vendor has given already.

    Raises:
        ProviderError: what the vendor said to them.
    """
    with service.connector.client(provider, style, tokens.credentials, tokens) as client:
        style.api.check(client)
    return Accepted(provider, style, tokens)


def store(
    service: Service,
    accepted: Accepted,
    end_user: EndUser,
    wishes: Wishes = Wishes(),
    also: Callable[[Connection, Row[Any]], None] = lambda _connection, _account: None,
) -> Linked:
    """Store accepted credentials: in the end user's account, if they have one with this integration.

    Args:
        service: the service.
        accepted: the credentials.
        end_user: whose account it is. Those without an origin id have none in common.
        wishes: how it is to be.
        also: what else is to be done in the same transaction, with the account as it is then.

    Returns:
        The account, its synchronisation already asked for.
    """
    for _ in range(TRIES):
        try:
            with service.jobs.begin() as connection:
                linked = _stored(service, connection, accepted, end_user, wishes)
                also(connection, linked.account)
                return linked
        except Overtaken:
            continue
    raise RuntimeError("The end user's account keeps being linked and deleted by others")


def existing_account(
    connection: Connection, slug: str | None, origin_id: str | None, account_type: str = PRODUCTION
) -> Row[Any] | None:
    """The account an end user has with an integration, or with any: the one linked last."""
    if not origin_id:
        return None
    query = select(linked_account).where(
        linked_account.c.end_user_origin_id == origin_id, linked_account.c.account_type == account_type
    )
    if slug is not None:
        query = query.where(linked_account.c.integration == slug)
    return connection.execute(query.order_by(linked_account.c.completed_at.desc())).first()


def _stored(
    service: Service,
    connection: Connection,
    accepted: Accepted,
    end_user: EndUser,
    wishes: Wishes,
) -> Linked:
    provider, tokens = accepted.provider, accepted.tokens
    before = existing_account(connection, provider.slug, end_user.origin_id, end_user.account_type)
    account_id = before.id if before else str(uuid4())
    for kind in (KIND, REMAP) if wishes.common_models else (KIND,):
        ask(connection, kind, account_id)  # first: jobs are always locked before what they work on
    present = now()
    values = {
        "credentials": service.vault.seal(tokens.credentials),
        "credentials_fingerprint": _fingerprint(provider, accepted.style, tokens.credentials),
        "status": COMPLETE,
        "status_detail": None,
        "completed_at": present,
        "used_at": present,
    }
    if wishes.are_syncs_disabled is not None:
        values["are_syncs_disabled"] = wishes.are_syncs_disabled
    token = None
    if before:
        _link_again(connection, account_id, values, end_user)
    else:
        token = _link_first(service, connection, account_id, provider.slug, values, end_user)
    _keep_tokens(service, connection, account_id, tokens)
    if wishes.common_models:
        scopes.set_account(connection, account_id, wishes.common_models)
    account = connection.execute(linked_accounts(linked_account.c.id == account_id)).one()
    if not before:
        base_url = service.settings.public_url.rstrip("/")
        announce(connection, account_id, ACCOUNT_LINKED, shown.details(account, base_url))
    return Linked(account, token)


def _link_first(
    service: Service,
    connection: Connection,
    account_id: str,
    slug: str,
    values: dict[str, Any],
    end_user: EndUser,
) -> str:
    token, kept = fresh_account_token(service.vault)
    row = {
        "id": account_id,
        "integration": slug,
        "end_user_origin_id": end_user.origin_id or None,
        "end_user_organization_name": end_user.organization_name,
        "end_user_email_address": end_user.email_address,
        "account_type": end_user.account_type,
        "are_syncs_disabled": False,
        "webhook_secret": secrets.token_urlsafe(32),
        "clock": 0,
        "created_at": values["completed_at"],
    }
    try:
        connection.execute(insert(linked_account).values(**row | kept | values))
    except IntegrityError as error:  # the unique index: linked at the same time
        raise Overtaken from error
    scopes.settle(connection, account_id)
    return token


def _link_again(connection: Connection, account_id: str, values: dict[str, Any], end_user: EndUser) -> None:
    names = {
        "end_user_organization_name": end_user.organization_name,
        "end_user_email_address": end_user.email_address,
    }
    known = {column: name for column, name in names.items() if name}
    changed = connection.execute(
        update(linked_account).where(linked_account.c.id == account_id).values(**values | known)
    )
    if not changed.rowcount:
        raise Overtaken
    issues.resolve_all(connection, account_id)
    state.begin_anew(connection, account_id)


def _keep_tokens(service: Service, connection: Connection, account_id: str, tokens: TriedTokens) -> None:
    """The tokens of the trial serve on: asking for a new one may revoke what another process uses."""
    tokens.settle(connection)
    connection.execute(access_token.delete().where(access_token.c.account_id == account_id))
    rows = [
        {
            "account_id": account_id,
            "subject": subject,
            "token": service.vault.seal(grant.access_token),
            "expires_at": int(grant.expires_at.timestamp() * 1_000_000),
            "minting_until": 0,
        }
        for subject, grant in tokens.grants.items()
    ]
    if rows:
        connection.execute(insert(access_token), rows)


def _fingerprint(provider: Provider, style: Style, credentials: Mapping[str, str]) -> bytes:
    """The same for accounts that share credentials.

    Only what the style requires tells accounts apart. A refresh token is part of that: the client's id and
    secret are a partner's own, and those of all its customers.
    """
    telling = [(f.name, credentials[f.name]) for f in style.fields if f.required]
    return hashlib.sha256(orjson.dumps([provider.slug, sorted(telling)])).digest()
