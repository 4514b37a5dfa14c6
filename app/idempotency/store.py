"""Requests that must be carried out once, however often they are sent."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, or_, select, update

from app.accounts.vault import Vault
from app.database import upsert_into
from app.idempotency.tables import idempotent_request
from app.jobs.clock import Now

RETENTION = 86_400.0  # seconds for which an answer is kept
LEASE = 30.0  # seconds without a sign of life after which a request is taken for dead
MAX_ANSWER = 5_000_000  # bytes
PRUNED = 100  # expired requests removed at each use, at most
NOTHING_DONE = (429, 503)  # how this API says that nothing was carried out
REPEATED = (408, 409)  # besides 5xx, what clients repeat by themselves

_row = idempotent_request.c


@dataclass(frozen=True)
class Asked:
    """A request as it is recognised.

    Attributes:
        scope: the hash of who asks for what under which key.
        body_hash: the hash of its body.
        account_id: the linked account it is about, if it is about one.
    """

    scope: bytes
    body_hash: bytes
    account_id: str | None


@dataclass(frozen=True)
class Claim:
    """Somebody carries a request out. A later claim of the same request has a higher fence."""

    scope: bytes
    fence: int


@dataclass(frozen=True)
class Answer:
    """What a request was answered. The body is None when it was too large to be kept, or has been erased."""

    status: int
    content_type: str
    body: bytes | None


class OtherBody(Exception):
    """The key was used for a request with another body."""


class StillRunning(Exception):
    """Another request with this key is being carried out."""


class OutcomeUnknown(Exception):
    """The request with this key ended without an answer after it had turned to the vendor."""


_running: ContextVar[Claim | None] = ContextVar("idempotent_request", default=None)


class Idempotency:
    """Keeps what requests were answered.

    Args:
        engine: the database.
        vault: encrypts answers, which may hold tokens and people's data.
    """

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    def claim(self, asked: Asked) -> Claim | Answer:
        """The right to carry a request out, or what it was answered before.

        A request whose process died before it turned to the vendor is carried out anew.

        Raises:
            OtherBody: the key belongs to another body.
            StillRunning: somebody is at it.
            OutcomeUnknown: nobody knows whether the vendor has carried it out.
        """
        with self._engine.begin() as connection:
            _prune(connection)
            fence = self._take(connection, asked)
            if fence is not None:
                return Claim(asked.scope, fence)
            row = connection.execute(
                select(_row.body_hash, _row.answer, (_row.lease_until > Now()).label("held")).where(
                    _row.scope == asked.scope
                )
            ).first()
        if row is None:  # removed since: it can be claimed again
            raise StillRunning
        if row.body_hash != asked.body_hash:
            raise OtherBody
        if row.answer is not None:
            return self._opened(row.answer)
        raise StillRunning if row.held else OutcomeUnknown

    @contextmanager
    def running(self, claim: Claim) -> Iterator[None]:
        """What is done in the block is done for this request."""
        token = _running.set(claim)
        try:
            yield
        finally:
            _running.reset(token)

    def note_sent(self) -> None:
        """The running request is about to ask the vendor for a change.

        Raises:
            StillRunning: another process has taken the request for dead and carries it out itself.
        """
        claim = _running.get()
        if claim is not None and not self._update(claim, sent=True, lease_until=Now() + LEASE):
            raise StillRunning

    def renew(self, claim: Claim) -> None:
        """Give a sign of life."""
        self._update(claim, lease_until=Now() + LEASE)

    def finish(self, claim: Claim, answer: Answer) -> None:
        """Keep an answer, unless it says to try again and nothing was done."""
        if answer.status in NOTHING_DONE:
            self._forget(claim)
            return
        again = answer.status in REPEATED or answer.status >= 500
        if again and self._forget(claim, _row.sent.is_(False)):
            return
        if answer.body is not None and len(answer.body) > MAX_ANSWER:
            answer = replace(answer, body=None)
        self._update(claim, answer=self._sealed(answer), lease_until=0.0)

    def abandon(self, claim: Claim) -> None:
        """The request failed without an answer: it may be tried again unless it had turned to the vendor."""
        if not self._forget(claim, _row.sent.is_(False)):
            self._update(claim, lease_until=0.0)

    def forget(self, connection: Connection, account_id: str, mentioned: re.Pattern[str]) -> None:
        """Drop an account's answers in which this is mentioned; that they were given stays known."""
        answered = select(_row.scope).where(_row.account_id == account_id, _row.answer.is_not(None))
        for scope in connection.scalars(answered).all():
            sealed = connection.execute(select(_row.answer).where(_row.scope == scope)).scalar_one()
            answer = self._opened(sealed)
            if answer.body is not None and mentioned.search(answer.body.decode()):
                without = self._sealed(replace(answer, body=None))
                connection.execute(
                    update(idempotent_request).where(_row.scope == scope).values(answer=without)
                )

    # ---- inside

    def _take(self, connection: Connection, asked: Asked) -> int | None:
        """The fence of the claim; None when the row of this key does not allow one."""
        statement = upsert_into(connection, idempotent_request).values(
            scope=asked.scope,
            account_id=asked.account_id,
            body_hash=asked.body_hash,
            fence=1,
            lease_until=Now() + LEASE,
            sent=False,
            expires_at=Now() + RETENTION,
        )
        anew = ("account_id", "body_hash", "lease_until", "sent", "expires_at")
        untouched = and_(
            _row.answer.is_(None),
            _row.sent.is_(False),
            _row.lease_until <= Now(),
            _row.body_hash == asked.body_hash,
        )
        taken = connection.scalar(
            statement.on_conflict_do_update(
                index_elements=["scope"],
                set_={name: statement.excluded[name] for name in anew}
                | {"answer": None, "fence": _row.fence + 1},
                where=or_(_row.expires_at <= Now(), untouched),
            ).returning(_row.fence)
        )
        return None if taken is None else int(taken)

    def _update(self, claim: Claim, **values: Any) -> bool:
        with self._engine.begin() as connection:
            return (
                connection.execute(update(idempotent_request).where(_of(claim)).values(**values)).rowcount
                == 1
            )

    def _forget(self, claim: Claim, condition: ColumnElement[bool] | None = None) -> bool:
        conditions = [_of(claim)] if condition is None else [_of(claim), condition]
        with self._engine.begin() as connection:
            return connection.execute(delete(idempotent_request).where(*conditions)).rowcount == 1

    def _sealed(self, answer: Answer) -> bytes:
        body = None if answer.body is None else answer.body.decode()
        return self._vault.seal([answer.status, answer.content_type, body])

    def _opened(self, sealed: bytes) -> Answer:
        status, content_type, body = cast(tuple[int, str, str | None], self._vault.open(sealed))
        return Answer(status, content_type, None if body is None else body.encode())


def _of(claim: Claim) -> ColumnElement[bool]:
    return and_(_row.scope == claim.scope, _row.fence == claim.fence)


def _prune(connection: Connection) -> None:
    expired = (
        select(_row.scope)
        .where(_row.expires_at <= select(Now()).scalar_subquery())
        .limit(PRUNED)
        .with_for_update(skip_locked=True)
    )
    scopes = list(connection.scalars(expired))
    if scopes:
        connection.execute(delete(idempotent_request).where(_row.scope.in_(scopes)))
