"""Jobs as rows: asking for a run, claiming it, guarding its writes, ending it.

Every function works inside the caller's transaction and leaves the commit to it. A job is the row
`(kind, key)`, so that one key never has two runs at a time. Two rules keep its data right:

* A lease says who runs the job; when it ends, another worker may claim the job.
* A fence says whose writes count. Each claim adds one to it, and the first statement of every
  transaction of a run is `fence`: it locks the row until the commit, or raises `Lost`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    Update,
    and_,
    case,
    delete,
    func,
    literal,
    not_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from app.jobs.clock import Now
from app.jobs.table import job_table

LEASE = 30.0
"""Seconds for which a claim, and each `fence` after it, keeps other workers away."""
RING = 10.0
"""Seconds in which one row is rung for once."""

_row = job_table.c
_BELLS = "job_bells"


class Later(Exception):
    """Raised by a handler: go on from the checkpoint after some seconds. It is not a failure.

    Args:
        seconds: how long to wait; asking for the job meanwhile does not shorten it. None where nobody knows:
            longer each time, until the run has `got_on`.
    """

    def __init__(self, seconds: float | None) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Lost(Exception):
    """The run was taken over, paused or removed: stop quietly and write nothing."""


@dataclass(frozen=True, slots=True)
class Job:
    """One claim of a job.

    Attributes:
        kind: names the handler.
        key: what the job is for, for example the id of a linked account.
        fence: the number of this claim; a later claim has a higher one.
        failures: how often in a row the run failed before.
        lease: seconds for which `fence` renews the claim.
    """

    kind: str
    key: str
    fence: int
    failures: int
    lease: float = field(default=LEASE, compare=False)


@dataclass(slots=True)
class Bells:
    """The jobs to call a worker for, once their transaction has been committed.

    Attributes:
        ring: seconds in which one row is rung for once.
        rung: kind and key of the jobs to call.
        last: kind and key of the jobs to ask for just before the commit.
    """

    ring: float = RING
    rung: list[tuple[str, str]] = field(default_factory=list)
    last: set[tuple[str, str]] = field(default_factory=set)


def collect_bells(connection: Connection, ring: float = RING) -> Bells:
    """Collect the bells of what is asked on a connection, for the caller to ring after the commit.

    Where nobody collects, nothing is marked as rung, and the sweeper finds the row.
    """
    bells = Bells(ring)
    connection.execution_options(**{_BELLS: bells})
    return bells


def ask(connection: Connection, kind: str, key: str, delay: float = 0.0) -> None:
    """Ask for a run of a job, which is made if it does not exist.

    Any number of asks before a run begins give one run, and any number during a run give exactly
    one more. An ask never postpones a job and never shortens a hold (`Later`, a back-off).

    Args:
        connection: the transaction that makes the data the run is for.
        kind: names the handler.
        key: what the job is for.
        delay: seconds until the run is due.
    """
    statement = _insert(connection).values(kind=kind, key=key, due_at=Now() + delay, asked=1)
    due = statement.excluded.due_at
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["kind", "key"],
            # Null, not scheduled, is never smaller: it becomes the new time.
            set_={"asked": _row.asked + 1, "due_at": case((_row.due_at <= due, _row.due_at), else_=due)},
        )
    )
    _ring(connection, kind, key)


def ask_last(connection: Connection, kind: str, key: str) -> None:
    """Ask for a job that many transactions ask for, such as a subscriber's deliveries.

    The job's row is not locked before the end of the transaction, and such rows in the same order
    everywhere: transactions that have nothing else in common hardly wait for each other and cannot
    wait in a circle.
    """
    bells = connection.get_execution_options().get(_BELLS)
    if bells is None:
        ask(connection, kind, key)
    else:
        bells.last.add((kind, key))


def ask_remembered(connection: Connection, bells: Bells) -> None:
    """Ask for what `ask_last` has put off; the commit follows."""
    for kind, key in sorted(bells.last):
        ask(connection, kind, key)


def claim(connection: Connection, kind: str, key: str, owner: str, lease: float = LEASE) -> Job | None:
    """Claim a job that is ready: due, not held, not paused, and run by nobody.

    Args:
        connection: a transaction of its own, committed before the run begins.
        kind: names the handler.
        key: what the job is for.
        owner: names the process, for people who look at the row.
        lease: seconds until others may claim it, unless `fence` renews it.

    Returns:
        The claim, or None when the job is not ready.
    """
    # No "skip locked": a row locked by an ask still uncommitted would be skipped and its bell spent.
    row = connection.execute(
        update(job_table)
        .where(_is(kind, key), _ready(Now()))
        .values(
            owner=owner,
            lease_until=Now() + lease,
            fence=_row.fence + 1,
            rung_until=0,
            running=1,
            begun=case((_row.running == 0, _row.asked), else_=_row.begun),
        )
        .returning(_row.fence, _row.failures)
    ).first()
    return None if row is None else Job(kind, key, row[0], row[1], lease)


def fence(connection: Connection, job: Job) -> None:
    """Make sure that a run is still the current one, and renew its lease.

    This must be the first statement of every transaction of a run. The row stays locked until the
    commit, so nobody takes the job over in between.

    Raises:
        Lost: the run was taken over, paused or removed.
    """
    statement = (
        update(job_table)
        .where(_held_by(job), _row.paused == 0, _row.lease_until > 0)
        .values(lease_until=Now() + job.lease)
    )
    if not _changed(connection, statement):
        raise Lost(f"{job.kind} {job.key}: claim {job.fence} is no longer the current one")


def renew(connection: Connection, jobs: Collection[Job]) -> None:
    """Renew the leases of runs. One that is committing a page is left out: its `fence` has just done so.

    Args:
        connection: a transaction of its own.
        jobs: the claims, all with the same lease; those that are no longer current are left alone.
    """
    # Waiting for the page of one run would let the leases of the others end.
    free = (
        select(_row.kind, _row.key)
        .where(tuple_(_row.kind, _row.key, _row.fence).in_([(job.kind, job.key, job.fence) for job in jobs]))
        .where(_row.paused == 0, _row.lease_until > 0)
        .with_for_update(skip_locked=True)
        .cte("free")
    )
    connection.execute(
        update(job_table)
        .where(tuple_(_row.kind, _row.key).in_(select(free.c.kind, free.c.key)))
        .values(lease_until=Now() + max(job.lease for job in jobs))
    )


def finish(connection: Connection, job: Job, again: float | None) -> None:
    """End a run. Asks that came after it began are followed by one more run at once.

    Args:
        connection: a transaction.
        job: the claim; when it is no longer the current one, nothing changes.
        again: seconds until the next run, or None for only when asked.
    """
    next_due = None if again is None else Now() + again
    statement = (
        update(job_table)
        .where(_held_by(job))
        .values(
            owner=None,
            lease_until=0,
            running=0,
            failures=0,
            waits=0,
            hold_until=0,
            error=None,
            due_at=case((_row.asked > _row.begun, Now()), else_=next_due),
        )
    )
    if _changed(connection, statement):
        go_on(connection, job)


def put_back(connection: Connection, job: Job, seconds: float, error: str | None = None) -> None:
    """Interrupt a run, which goes on from its checkpoint after some seconds.

    Args:
        connection: a transaction.
        job: the claim; when it is no longer the current one, nothing changes.
        seconds: how long the run is held.
        error: how it failed, free of secrets; None when it did not fail.
    """
    statement = (
        update(job_table)
        .where(_held_by(job))
        .values(
            owner=None,
            lease_until=0,
            hold_until=Now() + seconds,
            due_at=Now() + seconds,
            failures=_row.failures + (0 if error is None else 1),
            error=error,
        )
    )
    if _changed(connection, statement):
        go_on(connection, job)


def note_wait(connection: Connection, job: Job) -> int:
    """Count a wait of which nobody knows how long it must be.

    Args:
        connection: the transaction in which the run is put back.
        job: the claim.

    Returns:
        How many there were before in a row.
    """
    statement = update(job_table).where(_held_by(job)).values(waits=_row.waits + 1).returning(_row.waits)
    return int(connection.scalar(statement) or 1) - 1


def got_on(connection: Connection, job: Job) -> None:
    """The run has got on: should it have to wait (`Later`), it begins with a short time."""
    connection.execute(update(job_table).where(_held_by(job), _row.waits > 0).values(waits=0))


def unring(connection: Connection, kind: str, key: str) -> None:
    """Give back a call that cannot be answered, so that the next sweep rings for the job again."""
    connection.execute(update(job_table).where(_is(kind, key)).values(rung_until=0))


def go_on(connection: Connection, job: Job) -> None:
    """Ring for a job that has just given up its thread, but only when no other job waits.

    Else it stands in line: the sweeper rings for it after those that were due before.
    """
    if not _waiting(connection, not_(_is(job.kind, job.key))):
        _ring(connection, job.kind, job.key)


def pause(connection: Connection, kind: str, key: str) -> None:
    """Keep a job from running. A current run is `Lost` at its next `fence`."""
    connection.execute(update(job_table).where(_is(kind, key)).values(paused=1))


def resume(connection: Connection, kind: str, key: str) -> None:
    """Let a paused job run again, after the rest of its lease when it was paused in a run."""
    connection.execute(update(job_table).where(_is(kind, key)).values(paused=0))
    _ring(connection, kind, key)


def remove(connection: Connection, kind: str, key: str) -> None:
    """Delete a job. A current run is `Lost` at its next `fence`.

    Where the job's data goes too, remove the job first, in the same transaction: runs lock in the
    same order.
    """
    connection.execute(delete(job_table).where(_is(kind, key)))


def remove_all(connection: Connection, key: str) -> None:
    """Delete the jobs of every kind for a key, as `remove` does."""
    connection.execute(delete(job_table).where(_row.key == key))


def anything_waits(connection: Connection) -> bool:
    """Whether a job is ready and nobody has rung for it."""
    return _waiting(connection)


def sweep(connection: Connection, limit: int, ring: float = RING) -> list[tuple[str, str]]:
    """Mark the oldest jobs that are ready and not rung for, so that the caller rings for them.

    Args:
        connection: a transaction, committed before the bells are rung.
        limit: how many at most.
        ring: seconds until a job that was not claimed is rung for again.

    Returns:
        Kind and key of each, the one due first in front.
    """
    oldest = (
        select(_row.kind, _row.key)
        .where(_unrung(_statement_start()))
        .order_by(_row.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("oldest")
    )
    rows = connection.execute(
        update(job_table)
        .where(tuple_(_row.kind, _row.key).in_(select(oldest.c.kind, oldest.c.key)))
        .values(rung_until=Now() + ring)
        .returning(_row.kind, _row.key, _row.due_at)
    )
    return [(row[0], row[1]) for row in sorted(rows, key=lambda row: float(row[2]))]


def due_jobs(connection: Connection, kinds: Iterable[str], limit: int) -> list[tuple[str, str]]:
    """Kind and key of the jobs that are ready now, the one due first in front."""
    rows = connection.execute(
        select(_row.kind, _row.key)
        .where(_ready(_statement_start()), _row.kind.in_(list(kinds)))
        .order_by(_row.due_at)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


@dataclass(frozen=True)
class Depth:
    """How much of one kind there is to do.

    Attributes:
        kind: of the jobs.
        due: how many are ready and nobody runs them.
        running: how many somebody runs.
        waiting: seconds for which the one that is ready longest has been.
    """

    kind: str
    due: int
    running: int
    waiting: float


def depths(connection: Connection) -> list[Depth]:
    """How much there is to do, by kind."""
    time = _statement_start()
    ready, since = _ready(time), case((_row.due_at > _row.hold_until, _row.due_at), else_=_row.hold_until)
    query = select(
        _row.kind,
        func.sum(case((ready, 1), else_=0)),
        func.sum(case((_row.lease_until > time, 1), else_=0)),
        func.coalesce(time - func.min(case((ready, since))), 0.0),
    ).group_by(_row.kind)
    return [
        Depth(row[0], int(row[1]), int(row[2]), max(0.0, float(row[3]))) for row in connection.execute(query)
    ]


def _insert(connection: Connection) -> postgresql.Insert | sqlite.Insert:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(job_table)
    return sqlite.insert(job_table)


def _changed(connection: Connection, statement: Update) -> bool:
    return connection.execute(statement).rowcount == 1


def _ring(connection: Connection, kind: str, key: str) -> None:
    """Call a worker after the commit, when the job is ready and nobody has rung for it."""
    bells = connection.get_execution_options().get(_BELLS)
    if bells is None:
        return
    statement = update(job_table).where(_is(kind, key), _unrung(Now())).values(rung_until=Now() + bells.ring)
    if _changed(connection, statement):
        bells.rung.append((kind, key))


def _waiting(connection: Connection, *conditions: ColumnElement[bool]) -> bool:
    statement = select(literal(1)).where(_unrung(_statement_start()), *conditions).select_from(job_table)
    return connection.execute(statement.limit(1)).first() is not None


def _statement_start() -> ScalarSelect[float]:
    """The time, read once a statement: an index on a time column serves only such a constant."""
    return select(Now()).scalar_subquery()


def _is(kind: str, key: str) -> ColumnElement[bool]:
    return and_(_row.kind == kind, _row.key == key)


def _held_by(job: Job) -> ColumnElement[bool]:
    return and_(_is(job.kind, job.key), _row.fence == job.fence)


def _ready(time: ColumnElement[float]) -> ColumnElement[bool]:
    return and_(_row.due_at <= time, _row.hold_until <= time, _row.lease_until <= time, _row.paused == 0)


def _unrung(time: ColumnElement[float]) -> ColumnElement[bool]:
    return and_(_ready(time), _row.rung_until <= time)
