"""The clock of one linked account: it only goes forward, and never shows two transactions the same time."""

from sqlalchemy import Connection, case, select, update

from app.accounts.tables import linked_account
from app.common.times import now


class AccountGone(Exception):
    """The linked account has been deleted."""


def next_stamp(connection: Connection, account_id: str) -> int:
    """The time of this transaction's changes, in microseconds.

    It locks the account until the commit, so stamps are in the order of the commits: whoever has read
    everything up to a stamp will never find something older appear behind it.

    Raises:
        AccountGone: the account is no longer there.
    """
    present = now()
    clock = linked_account.c.clock
    stamp = connection.scalar(
        update(linked_account)
        .where(linked_account.c.id == account_id, linked_account.c.deleted_at.is_(None))
        .values(clock=case((clock >= present, clock + 1), else_=present))
        .returning(clock)
    )
    if stamp is None:
        raise AccountGone(account_id)
    return int(stamp)


def clock_of(connection: Connection, account_id: str) -> int:
    """The stamp of the account's last change.

    Raises:
        AccountGone: the account is no longer there.
    """
    stamp = connection.scalar(
        select(linked_account.c.clock).where(
            linked_account.c.id == account_id, linked_account.c.deleted_at.is_(None)
        )
    )
    if stamp is None:
        raise AccountGone(account_id)
    return int(stamp)
