"""How far each resource of an account got: its row in `resource_state`."""

from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Connection, Row, select, update

from app.accounts.clock import next_stamp
from app.common.times import now
from app.database import upsert_into
from app.sync.tables import resource_state, sync_run
from providers.kit import Api, ChildResource, ListResource

KIND = "sync"  # of the job that synchronises an account
SYNCING, DONE, FAILED, DISABLED = "SYNCING", "DONE", "FAILED", "DISABLED"
READ, SWEEP = "read", "sweep"  # the phases of a pass
BURDEN = 60_000_000  # microseconds that a pass over a heavy list may take to be made each time
SHARE = 10  # of the time, one part at most goes to passes that take longer
VERSION = 2  # of the checkpoint's shape: one of another version is not understood, the pass begins anew


@dataclass(frozen=True)
class Checkpoint:
    """A position in a pass.

    Attributes:
        phase: `READ` while pages are read, `SWEEP` until what no page showed is taken out.
        cursor: the vendor's position of the next page, or the last parent done.
        fallback: whether the rows are read parent by parent for want of permission.
        restarts: how often the vendor made the pass start again.
        pages: how many have been read.
        mark: the position after as many pages as the last power of two.
    """

    phase: str = READ
    cursor: Any = None
    fallback: bool = False
    restarts: int = 0
    pages: int = 0
    mark: Any = None

    def after_page(self, cursor: Any) -> "Checkpoint":
        """The position after one more page."""
        pages = self.pages + 1
        is_power = pages & (pages - 1) == 0
        return replace(self, cursor=cursor, pages=pages, mark=cursor if is_power else self.mark)

    def repeats(self, cursor: Any) -> bool:
        """Whether the list goes in a circle if this cursor comes next.

        Sooner or later the mark lies in the circle and the next one lies further away than the circle is long
        (Brent's algorithm): it is found out without keeping all cursors, also over several runs.
        """
        return cursor is not None and cursor in (self.cursor, self.mark)

    def dump(self) -> str:
        """As stored."""
        return orjson.dumps({"version": VERSION, **self.__dict__}).decode()

    @staticmethod
    def load(text: str | None) -> "Checkpoint | None":
        """From what is stored; None when there is none, or none that this version understands."""
        content = orjson.loads(text) if text else {}
        if content.pop("version", None) != VERSION:
            return None
        return Checkpoint(**content)


def states(connection: Connection, account_id: str) -> dict[str, Row[Any]]:
    """The states of an account's resources, by resource."""
    query = select(resource_state).where(resource_state.c.account_id == account_id)
    return {row.resource: row for row in connection.execute(query)}


def prepare(connection: Connection, account_id: str, api: Api) -> None:
    """Make the rows of resources that have none yet."""
    blank = {
        "account_id": account_id,
        "status": SYNCING,
        "pass_full": True,
        "pass_rows": 0,
        "full_wanted": False,
        "ever_finished": False,
        "rate_limited": False,
    }
    connection.execute(
        upsert_into(connection, resource_state).on_conflict_do_nothing(),
        [{**blank, "resource": resource.name} for resource in api.resources],
    )


def save(connection: Connection, account_id: str, resource: str, **values: Any) -> None:
    """Change a resource's state."""
    connection.execute(
        update(resource_state)
        .where(resource_state.c.account_id == account_id, resource_state.c.resource == resource)
        .values(**values)
    )


def want_full_pass(connection: Connection, account_id: str) -> None:
    """Make the next pass of every resource a full one."""
    connection.execute(
        update(resource_state).where(resource_state.c.account_id == account_id).values(full_wanted=True)
    )


def begin_anew(connection: Connection, account_id: str) -> None:
    """Forget positions and tokens, which belong to the credentials that were replaced."""
    connection.execute(
        update(resource_state)
        .where(resource_state.c.account_id == account_id)
        .values(checkpoint=None, token=None, full_wanted=True)
    )


def run_started_at(connection: Connection, account_id: str) -> int:
    """When the account's running synchronisation began; begins one when none is running.

    By the account's clock, as the ends of its passes: processes whose clocks differ would take what the run
    before has read for read by this one.
    """
    query = select(sync_run).where(sync_run.c.account_id == account_id)
    row = connection.execute(query).first()
    if row is not None and row.finished_at is None:
        return int(row.started_at)
    started = next_stamp(connection, account_id)
    statement = upsert_into(connection, sync_run).values(
        account_id=account_id, started_at=started, ever_completed=False
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["account_id"], set_={"started_at": started, "finished_at": None}
        )
    )
    connection.execute(
        update(resource_state).where(resource_state.c.account_id == account_id).values(status=SYNCING)
    )
    return started


def finish_run(connection: Connection, account_id: str) -> None:
    """The account's synchronisation is over, whether it read everything or not."""
    connection.execute(update(sync_run).where(sync_run.c.account_id == account_id).values(finished_at=now()))


def complete_run(connection: Connection, account_id: str) -> bool:
    """The account's synchronisation has come to its end; gives whether it is the first that has."""
    mine = sync_run.c.account_id == account_id
    before = connection.scalar(select(sync_run.c.ever_completed).where(mine))
    connection.execute(update(sync_run).where(mine).values(ever_completed=True))
    finish_run(connection, account_id)
    return not before


def is_broken_off(connection: Connection, account_id: str, api: Api) -> bool:
    """Whether the next run has passes of this one to go on with."""
    query = select(resource_state.c.resource).where(
        resource_state.c.account_id == account_id,
        resource_state.c.checkpoint.is_not(None),
        resource_state.c.resource.in_([resource.name for resource in api.resources]),
    )
    return connection.execute(query).first() is not None


def fail_unfinished(connection: Connection, account_id: str, detail: str) -> None:
    """Nothing more comes of the passes that are under way."""
    connection.execute(
        update(resource_state)
        .where(resource_state.c.account_id == account_id, resource_state.c.status == SYNCING)
        .values(status=FAILED, detail=detail, finished_at=next_stamp(connection, account_id))
    )


def rests(row: Row[Any], resource: Any, interval: int) -> bool:
    """Whether a heavy list is left out of this run, because its last pass was a burden not long ago.

    Args:
        row: the resource's state.
        resource: its declaration.
        interval: seconds between two full passes.
    """
    heavy = isinstance(resource, ListResource) and resource.heavy
    was_good = row.fresh_as_of is not None and row.fresh_as_of == row.pass_started_at
    if not heavy or not was_good or row.full_wanted or row.checkpoint is not None:
        return False
    took = row.finished_at - row.fresh_as_of
    until = min(row.finished_at + SHARE * took, row.fresh_as_of + interval * 1_000_000)
    return bool(took > BURDEN and until > now())


def needs_full_pass(row: Row[Any], resource: Any, interval: int) -> bool:
    """Whether the next pass must read everything.

    Args:
        row: the resource's state.
        resource: its declaration.
        interval: seconds between two full passes.
    """
    incremental = not isinstance(resource, ListResource) or resource.incremental
    if not incremental or row.full_wanted or row.full_pass_at is None:
        return True
    again = resource.again if isinstance(resource, ChildResource) else None
    seconds = max(interval, again.others.total_seconds()) if again else interval
    return bool(row.full_pass_at + seconds * 1_000_000 <= now())
