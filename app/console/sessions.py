"""Who has signed in: a random token in a cookie, of which only the hash is stored."""

from sqlalchemy import Connection, delete, insert, select

from app.accounts.keys import fresh_secret, hashed
from app.common.times import now
from app.console.operators import Operator
from app.console.tables import operator, operator_session

LIFE = 12 * 3600  # seconds: pages that update themselves would keep a session alive for ever


def begin(connection: Connection, operator_id: str) -> str:
    """Sign an operator in; gives the session's token."""
    present = now()
    connection.execute(delete(operator_session).where(operator_session.c.expires_at <= present))
    token = fresh_secret("omn_console")
    connection.execute(
        insert(operator_session).values(
            token_hash=hashed(token),
            operator_id=operator_id,
            created_at=present,
            expires_at=present + LIFE * 1_000_000,
        )
    )
    return token


def operator_of(connection: Connection, token: str) -> Operator | None:
    """Who holds a session's token; None when the session has ended."""
    row = connection.execute(
        select(operator.c.id, operator.c.name)
        .join_from(operator_session, operator)
        .where(operator_session.c.token_hash == hashed(token), operator_session.c.expires_at > now())
    ).first()
    return Operator(row.id, row.name) if row else None


def end(connection: Connection, token: str) -> None:
    """Sign out."""
    connection.execute(delete(operator_session).where(operator_session.c.token_hash == hashed(token)))
