"""Who still uses an account: one that nobody has used for a fortnight rests until somebody comes.

The last use is stamped to the day, so that reading costs no writes: a caller's first request of a day writes
once, after it has been answered.
"""

from sqlalchemy import Connection, select, update

from app.accounts.connect import COMPLETE, IDLE
from app.accounts.tables import linked_account
from app.common.times import now
from app.jobs import Jobs, ask
from app.sync.run import FORTNIGHT
from app.sync.state import KIND

DAY = 86_400_000_000  # microseconds


def is_news(used_at: int) -> bool:
    """Whether a use today is worth noting."""
    return used_at < now() - DAY


def note_use(jobs: Jobs, account_id: str) -> None:
    """A caller, or the vendor, has come: stamp it, and wake the account when it rests for want of them."""
    known = select(linked_account.c.status, linked_account.c.used_at)
    with jobs.begin() as connection:
        account = connection.execute(known.where(linked_account.c.id == account_id)).first()
        if account is None:
            return
        if account.status == IDLE and account.used_at < now() - FORTNIGHT:
            wake(connection, account_id)
        connection.execute(
            update(linked_account).where(linked_account.c.id == account_id).values(used_at=now())
        )


def wake(connection: Connection, account_id: str) -> None:
    """Synchronise an account again if it rests."""
    ask(connection, KIND, account_id)  # first: the job is always locked before what it works on
    connection.execute(
        update(linked_account)
        .where(linked_account.c.id == account_id, linked_account.c.status == IDLE)
        .values(status=COMPLETE, status_detail=None)
    )
