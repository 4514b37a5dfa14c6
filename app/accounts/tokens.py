"""Vendor access tokens of a linked account, shared by all processes and asked for by one at a time."""

import hashlib
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import cast

import orjson
from sqlalchemy import ColumnElement, Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts.tables import access_token, linked_account
from app.accounts.tables import superseded_credentials as superseded
from app.accounts.vault import Vault
from app.common.times import now, to_micros
from app.database import reading, upsert_into
from app.jobs.clock import Now
from providers.kit import TokenGrant, Unavailable
from providers.kit.concealing import conceal

MARGIN = 60_000_000  # microseconds before its end at which a token counts as expired
MINTING = 120_000_000  # microseconds one process may take to ask for a token: longer than any time-out
SUPERSEDED = 86_400_000_000  # microseconds for which a trial's rotated credentials are kept
WAIT = 0.1  # seconds between two looks whether another process is done: it cannot tell us


def with_present_secret(credentials: dict[str, str], own_client: Mapping[str, str]) -> dict[str, str]:
    """Stored credentials with the secret the application's own OAuth client has now.

    A new secret is then told to omniats once, and not to every account that was linked through the client.
    """
    same = own_client and credentials.get("client_id") == own_client["client_id"]
    return {**credentials, **own_client} if same else credentials


def _conceal(grant: TokenGrant) -> None:
    for secret in (grant.access_token, *grant.rotated.values()):
        conceal(secret)


class StoredTokens:
    """The tokens of one linked account: the provider kit's `TokenStore`.

    Args:
        engine: the database.
        vault: decrypts and encrypts.
        account_id: the linked account.
        own_client: the application's own OAuth client at this vendor, empty when it has none.
    """

    def __init__(
        self,
        engine: Engine,
        vault: Vault,
        account_id: str,
        own_client: Mapping[str, str],
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._account_id = account_id
        self._own_client = own_client

    def current(self, subject: str) -> str | None:
        """The unexpired token of an acting user (`""` for none), or None."""
        query = select(access_token.c.token).where(
            *self._where(subject), access_token.c.expires_at > now() + MARGIN
        )
        with reading(self._engine).connect() as connection:
            sealed = connection.scalar(query)
        if sealed is None:
            return None
        token = cast(str, self._vault.open(sealed))
        conceal(token)
        return token

    @contextmanager
    def minting(self, subject: str) -> Iterator[dict[str, str]]:
        """Keep others from asking for this token meanwhile; gives the credentials as they are now.

        Raises:
            Unavailable: another process has been asking for too long.
        """
        deadline = time.monotonic() + MINTING / 1e6
        while not (claim := self._claim(subject)):
            if time.monotonic() > deadline:
                raise Unavailable("Another process has been asking the vendor for a token for too long.")
            time.sleep(WAIT)  # the claim is a row, maybe another process's: nothing tells of its end
        try:
            yield self._credentials()
        finally:
            ours = access_token.c.minting_until == claim  # another's, when this took too long
            with self._engine.begin() as connection:
                connection.execute(
                    update(access_token).where(*self._where(subject), ours).values(minting_until=0)
                )

    def keep(self, subject: str, grant: TokenGrant) -> None:
        """Store a token together with the credentials it rotated: both, or neither."""
        _conceal(grant)
        values = {
            "token": self._vault.seal(grant.access_token),
            "expires_at": to_micros(grant.expires_at),
        }
        with self._engine.begin() as connection:
            connection.execute(update(access_token).where(*self._where(subject)).values(values))
            if grant.rotated:
                self._rotate(connection, grant.rotated)

    def drop(self, subject: str, token: str) -> None:
        """Forget a token the vendor refused, unless it was replaced meanwhile."""
        with self._engine.begin() as connection:
            sealed = connection.scalar(select(access_token.c.token).where(*self._where(subject)))
            if sealed and self._vault.open(sealed) == token:
                connection.execute(
                    update(access_token).where(*self._where(subject)).values(token=None, expires_at=0)
                )

    def _where(self, subject: str) -> tuple[ColumnElement[bool], ...]:
        return access_token.c.account_id == self._account_id, access_token.c.subject == subject

    def _claim(self, subject: str) -> int | None:
        """The end of the time in which only we may ask, or None while another asks."""
        with self._engine.begin() as connection:
            # The database's clock: by clocks that differ two would ask, with one refresh token.
            present = round(connection.execute(select(Now())).scalar_one() * 1_000_000)
            until = present + MINTING
            free = access_token.c.minting_until < present
            claimed = connection.execute(
                update(access_token).where(*self._where(subject), free).values(minting_until=until)
            )
            if claimed.rowcount:
                return until
        row = {"account_id": self._account_id, "subject": subject, "expires_at": 0}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(access_token).values(**row, minting_until=until))
        except IntegrityError:
            return None
        return until

    def _credentials(self) -> dict[str, str]:
        with reading(self._engine).connect() as connection:
            sealed = connection.scalar(
                select(linked_account.c.credentials).where(linked_account.c.id == self._account_id)
            )
        stored = cast(dict[str, str], self._vault.open(sealed)) if sealed else {}
        return with_present_secret(stored, self._own_client)

    def _rotate(self, connection: Connection, rotated: dict[str, str]) -> None:
        query = select(linked_account.c.credentials).where(linked_account.c.id == self._account_id)
        sealed = connection.execute(query.with_for_update()).scalar_one()
        credentials = cast(dict[str, str], self._vault.open(sealed))
        connection.execute(
            update(linked_account)
            .where(linked_account.c.id == self._account_id)
            .values(credentials=self._vault.seal(credentials | rotated))
        )


class TriedTokens:
    """The tokens of credentials that are only being tried: nothing is stored before they are accepted.

    But for what the vendor rotates: a refresh token is used up by the trial, whatever becomes of the trial.
    Its successor is kept at once under the fingerprint of the credentials as they were given, so that
    whoever tries again with those goes on from there.

    Args:
        engine: the database.
        vault: decrypts and encrypts.
        given: the credentials as somebody has them.
    """

    def __init__(self, engine: Engine, vault: Vault, given: Mapping[str, str]) -> None:
        self._engine = engine
        self._vault = vault
        self._given = hashlib.sha256(orjson.dumps(sorted(given.items()))).digest()
        self.credentials = dict(given) | self._successors()
        self.grants: dict[str, TokenGrant] = {}

    def current(self, subject: str) -> str | None:
        """The token asked for earlier in the trial."""
        grant = self.grants.get(subject)
        return grant.access_token if grant else None

    @contextmanager
    def minting(self, subject: str) -> Iterator[dict[str, str]]:  # noqa: ARG002 - nobody else tries them
        """Give the credentials."""
        yield self.credentials

    def keep(self, subject: str, grant: TokenGrant) -> None:
        """Take over what the vendor gave."""
        _conceal(grant)
        self.grants[subject] = grant
        if grant.rotated:
            self.credentials.update(grant.rotated)
            self._keep_successors(grant.rotated)

    def drop(self, subject: str, token: str) -> None:  # noqa: ARG002 - the trial holds one token a subject
        """Forget a refused token."""
        self.grants.pop(subject, None)

    def settle(self, connection: Connection) -> None:
        """Forget the successors: the account has them now."""
        connection.execute(delete(superseded).where(superseded.c.fingerprint == self._given))

    def _successors(self) -> dict[str, str]:
        query = select(superseded.c.credentials).where(
            superseded.c.fingerprint == self._given, superseded.c.expires_at > now()
        )
        with reading(self._engine).connect() as connection:
            sealed = connection.scalar(query)
        return cast(dict[str, str], self._vault.open(sealed)) if sealed else {}

    def _keep_successors(self, rotated: dict[str, str]) -> None:
        values = {"credentials": self._vault.seal(rotated), "expires_at": now() + SUPERSEDED}
        with self._engine.begin() as connection:
            connection.execute(delete(superseded).where(superseded.c.expires_at < now()))
            statement = upsert_into(connection, superseded).values(fingerprint=self._given, **values)
            connection.execute(statement.on_conflict_do_update(index_elements=["fingerprint"], set_=values))
