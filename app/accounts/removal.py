"""Deleting a linked account: at once for everybody who could still use it, then row by row.

An account may have hundreds of thousands of rows, and one transaction that removes them all would keep
others waiting for as long as it takes. So the request only ends the account: its jobs, token and credentials
are gone when it is answered. The job `("purge", account id)` removes the rest, some rows at a time.
"""

import secrets

from sqlalchemy import Connection, Table, delete, select, tuple_, update

from app.accounts import shown
from app.accounts.directory import by_id
from app.accounts.tables import access_token, linked_account, webhook_receiver
from app.audit import trail
from app.common.times import now
from app.issues.tables import issue
from app.jobs import Job, Jobs, ask, fence, remove, remove_all
from app.tables import metadata
from app.telemetry.context import note
from app.webhooks.events import ACCOUNT_DELETED
from app.webhooks.outbox import announce

KIND = "purge"
GONE = "DELETED"
BATCH = 1_000  # rows removed in one transaction
AT_ONCE = (access_token, webhook_receiver, issue)  # few rows, of which some are secret and others are listed


def end(connection: Connection, account_id: str, actor: trail.Actor, public_url: str) -> None:
    """Delete an account for everybody: what is left of it has no name, no secret and no way in.

    Args:
        connection: a transaction of the job engine.
        account_id: the linked account; when it is gone already, nothing happens.
        actor: who deletes it.
        public_url: where the world reaches this service.
    """
    remove_all(connection, account_id)  # first: jobs are always locked before what they work on
    ask(connection, KIND, account_id)
    account = by_id(connection, account_id)
    if account is None:
        return
    announce(connection, account_id, ACCOUNT_DELETED, shown.details(account, public_url))
    description = f"Deleted the linked account {account_id} of {account.integration}."
    trail.record(connection, actor, "DELETED_LINKED_ACCOUNT", description, account_id)
    for table in AT_ONCE:
        connection.execute(delete(table).where(table.c.account_id == account_id))
    connection.execute(
        update(linked_account)
        .where(linked_account.c.id == account_id)
        .values(
            deleted_at=now(),
            status=GONE,
            status_detail=None,
            token_hash=secrets.token_bytes(32),  # of no token
            token_sealed=b"",
            webhook_secret=secrets.token_urlsafe(32),
            credentials=b"",
            credentials_fingerprint=b"",
            end_user_origin_id=None,
            end_user_organization_name="",
            end_user_email_address="",
        )
    )


class Purge:
    """Removes what is left of deleted accounts.

    Args:
        jobs: the job engine; registers the handler there.
    """

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        jobs.handler(KIND)(self.run)

    def run(self, job: Job) -> None:
        """Remove an account's rows from every table, and its own and the job's at the end."""
        note(account_id=job.key)
        for table in _tables():
            while self._some_removed(job, table):
                self._jobs.turn(job)
        with self._jobs.begin() as connection:
            fence(connection, job)
            ended = linked_account.c.deleted_at.is_not(None)
            connection.execute(delete(linked_account).where(linked_account.c.id == job.key, ended))
            remove(connection, KIND, job.key)

    def _some_removed(self, job: Job, table: Table) -> bool:
        keys = tuple_(*table.primary_key)
        some = select(*table.primary_key).where(table.c.account_id == job.key).limit(BATCH)
        with self._jobs.begin() as connection:
            fence(connection, job)
            return connection.execute(delete(table).where(keys.in_(some))).rowcount > 0


def _tables() -> list[Table]:
    """Every table with rows of accounts; those that refer to others of them come first."""
    return [table for table in reversed(metadata.sorted_tables) if "account_id" in table.c]
