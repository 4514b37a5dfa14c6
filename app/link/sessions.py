"""Linking sessions: each is opened by a link token and ends with a public token.

Of all three tokens of a session (link token, public token, `state`) only hashes are stored.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import Connection, Row, delete, insert, select, update

from app.accounts.directory import by_id
from app.accounts.keys import fresh_secret, hashed
from app.accounts.linking import EndUser
from app.accounts.tables import linked_account
from app.common.times import now
from app.link.tables import link_session

MINUTE = 60_000_000  # microseconds
PUBLIC_TOKEN = 10 * MINUTE
KEPT = 1440 * MINUTE  # for which an expired session is remembered, so that the page can say so
ATTEMPTS = 20  # live checks of credentials in one session: nobody mistypes that often


class SessionOver(Exception):
    """The session cannot go on: `reason` is `unknown`, `expired`, `used`, `attempts` or `stale`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Options:
    """What a link token may be asked for with.

    Attributes:
        language: of the page; None leaves it to the browser.
        are_syncs_disabled: whether the account is never to be synchronised; None leaves it as it is.
        hide_admin_magic_link: whether the page offers no address to pass on to somebody else.
        common_models: permissions of the account, by model; what is not named keeps the default.
        prefilled: credential fields, no secrets, that are filled in already.
    """

    language: str | None = None
    are_syncs_disabled: bool | None = None
    hide_admin_magic_link: bool = False
    common_models: list[dict[str, Any]] = field(default_factory=list)
    prefilled: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Session:
    """A session as it is stored."""

    id: str
    integration: str | None
    end_user: EndUser
    options: Options
    problem: dict[str, str] | None
    account_id: str | None


def open_session(
    connection: Connection, end_user: EndUser, integration: str | None, minutes: int, options: Options
) -> str:
    """Begin a session.

    Returns:
        The link token, which is shown this once.
    """
    present = now()
    connection.execute(delete(link_session).where(link_session.c.expires_at < present - KEPT))
    token = fresh_secret("omn_link")
    connection.execute(
        insert(link_session).values(
            id=str(uuid4()),
            token_hash=hashed(token),
            integration=integration,
            account_type=end_user.account_type,
            end_user_origin_id=end_user.origin_id,
            end_user_organization_name=end_user.organization_name,
            end_user_email_address=end_user.email_address,
            options=orjson.dumps(asdict(options)).decode(),
            attempts=0,
            created_at=present,
            expires_at=present + minutes * MINUTE,
        )
    )
    return token


def find(connection: Connection, token: str) -> Session:
    """The session of a link token.

    One that has led to an account can be looked at until its public token is exchanged, or too old.

    Raises:
        SessionOver: there is none, or it cannot go on.
    """
    row = connection.execute(select(link_session).where(link_session.c.token_hash == hashed(token))).first()
    return _session(row)


def _session(row: Row[Any] | None) -> Session:
    if row is None:
        raise SessionOver("unknown")
    if row.exchanged_at is not None or (row.linked_at is not None and row.linked_at + PUBLIC_TOKEN < now()):
        raise SessionOver("used")
    if row.account_id is None and row.expires_at < now():
        raise SessionOver("expired")
    return Session(
        id=row.id,
        integration=row.integration,
        end_user=EndUser(
            row.end_user_origin_id,
            row.end_user_organization_name,
            row.end_user_email_address,
            row.account_type,
        ),
        options=Options(**orjson.loads(row.options)),
        problem=orjson.loads(row.problem) if row.problem else None,
        account_id=row.account_id,
    )


def count_attempt(connection: Connection, session: Session) -> None:
    """Note that credentials are about to be tried.

    Raises:
        SessionOver: that has happened too often.
    """
    counted = connection.execute(
        update(link_session)
        .where(link_session.c.id == session.id, link_session.c.attempts < ATTEMPTS)
        .values(attempts=link_session.c.attempts + 1)
    )
    if not counted.rowcount:
        raise SessionOver("attempts")


def leave(connection: Connection, session: Session, state: str, sealed: bytes) -> None:
    """Note that the person has gone to the vendor's page; an earlier way there leads nowhere any more."""
    connection.execute(
        update(link_session)
        .where(link_session.c.id == session.id)
        .values(authorization=sealed, state_hash=hashed(state), problem=None)
    )


def come_back(connection: Connection, session: Session, state: str) -> bytes | None:
    """What was noted when the person left with this `state`: once, and in their own session only."""
    own = (link_session.c.id == session.id, link_session.c.state_hash == hashed(state))
    sealed: bytes | None = connection.scalar(select(link_session.c.authorization).where(*own))
    used = connection.execute(update(link_session).where(*own).values(authorization=None, state_hash=None))
    return sealed if used.rowcount else None


def note_problem(connection: Connection, session: Session, problem: dict[str, str]) -> None:
    """Keep what went wrong on the way through the vendor's page for the page that waits."""
    connection.execute(
        update(link_session)
        .where(link_session.c.id == session.id)
        .values(problem=orjson.dumps(problem).decode())
    )


def finish(connection: Connection, session: Session, account_id: str) -> None:
    """The session has led to an account.

    Raises:
        SessionOver: it had already.
    """
    finished = connection.execute(
        update(link_session)
        .where(link_session.c.id == session.id, link_session.c.account_id.is_(None))
        .values(account_id=account_id, linked_at=now(), state_hash=None, authorization=None, problem=None)
    )
    if not finished.rowcount:
        raise SessionOver("used")


def provider_of(connection: Connection, session: Session) -> str:
    """The integration of the account a finished session has led to."""
    query = select(linked_account.c.integration).join(
        link_session, link_session.c.account_id == linked_account.c.id
    )
    return str(connection.execute(query.where(link_session.c.id == session.id)).scalar_one())


def give_public_token(connection: Connection, session: Session) -> str:
    """The public token of a finished session; the one given before, if any, no longer works.

    Raises:
        SessionOver: it has been exchanged.
    """
    token = fresh_secret("omn_public")
    given = connection.execute(
        update(link_session)
        .where(link_session.c.id == session.id, link_session.c.exchanged_at.is_(None))
        .values(public_hash=hashed(token), public_until=now() + PUBLIC_TOKEN)
    )
    if not given.rowcount:
        raise SessionOver("used")
    return token


def exchange(connection: Connection, public_token: str, account_types: Sequence[str]) -> Row[Any] | None:
    """The linked account a public token stands for, this once.

    Args:
        connection: the transaction.
        public_token: what the page has given.
        account_types: those the caller may see.

    Returns:
        The account; None when the token is wrong, used, too old or of an account the caller may not see.
    """
    present = now()
    account_id = connection.scalar(
        update(link_session)
        .where(
            link_session.c.public_hash == hashed(public_token),
            link_session.c.public_until > present,
            link_session.c.account_type.in_(account_types),
        )
        .values(public_hash=None, exchanged_at=present)
        .returning(link_session.c.account_id)
    )
    return by_id(connection, account_id) if account_id else None
