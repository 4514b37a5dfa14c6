"""One pass over one resource: page by page, each page and its checkpoint in one transaction."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy import Row as StateRow

from app.accounts.clock import next_stamp
from app.accounts.connect import Connected
from app.common.times import from_micros, now
from app.database import reading
from app.jobs import Job, Jobs, fence
from app.sync import state
from app.sync.mapping import Intake
from app.sync.rows import VendorRows
from app.sync.state import READ, SWEEP, Checkpoint
from app.sync.tables import resource_state
from providers.kit import (
    ChildResource,
    ListResource,
    NotFound,
    PermissionMissing,
    RateLimited,
    Row,
    StaleCursor,
    Unexpected,
    Window,
)

LOOKBACK = timedelta(minutes=5)  # clocks differ, and vendors' lists lag behind their writes
PARENTS = 200  # whose children are read between two checkpoints, at most
READING = 5.0  # seconds of reading children between two checkpoints
RESTARTS = 3


@dataclass
class Pass:
    """A pass over one resource of one account.

    Args:
        jobs: the job engine, for transactions.
        job: the run this pass belongs to.
        account: the connected account.
        resource: what is read.
        full_interval: seconds between two full passes.
    """

    jobs: Jobs
    job: Job
    account: Connected
    resource: ListResource | ChildResource
    full_interval: int

    def read(self) -> None:
        """Read from the checkpoint to the last page.

        A full pass is not over then: `sweep` follows when every resource has been read.

        Raises:
            ProviderError: the vendor refused or failed; the checkpoint says how far it got.
            Later: the run gives up its thread.
            Lost: the run was taken over.
        """
        row, checkpoint = self._begin()
        while checkpoint is not None and checkpoint.phase == READ:
            self.jobs.turn(self.job)
            checkpoint = self._step(row, checkpoint)

    def sweep(self) -> None:
        """Take out what no page of a full pass showed.

        Raises:
            Later: the run gives up its thread.
            Lost: the run was taken over.
        """
        with self._transaction() as connection:
            row = self._state(connection)
        checkpoint = Checkpoint.load(row.checkpoint)
        while checkpoint is not None and checkpoint.phase == SWEEP:
            self.jobs.turn(self.job)
            checkpoint = self._sweep_some(row, checkpoint)

    def _step(self, row: StateRow[Any], checkpoint: Checkpoint) -> Checkpoint | None:
        if isinstance(self.resource, ChildResource):
            return self._read_children(row, checkpoint, self.resource)
        if checkpoint.fallback and self.resource.fallback:
            return self._read_children(row, checkpoint, self.resource.fallback)
        try:
            return self._read_page(row, checkpoint, self.resource)
        except PermissionMissing:
            if self.resource.fallback is None or checkpoint.cursor is not None:
                raise
            return replace(checkpoint, fallback=True)
        except StaleCursor:
            if checkpoint.restarts >= RESTARTS:
                raise
            return self._restart(checkpoint)

    def _begin(self) -> tuple[StateRow[Any], Checkpoint | None]:
        with self._transaction() as connection:
            row = self._state(connection)
            checkpoint = Checkpoint.load(row.checkpoint)
            if checkpoint is None:
                checkpoint = Checkpoint()
                self._save(
                    connection,
                    checkpoint=checkpoint.dump(),
                    pass_full=state.needs_full_pass(row, self.resource, self.full_interval),
                    pass_started_at=next_stamp(connection, self.account.account_id),
                    pass_rows=0,
                    status=state.SYNCING,
                )
            self._save(connection, rate_limited=False)
            return self._state(connection), checkpoint

    def _restart(self, checkpoint: Checkpoint) -> Checkpoint:
        """The vendor no longer knows the cursor or token: read everything from the beginning."""
        anew = Checkpoint(restarts=checkpoint.restarts + 1)
        with self._transaction() as connection:
            self._save(connection, checkpoint=anew.dump(), pass_full=True, pass_rows=0, token=None)
        return anew

    def _window(self, row: StateRow[Any]) -> Window:
        since = None if row.pass_full else from_micros(row.fresh_as_of) - LOOKBACK
        return Window(since, from_micros(row.pass_started_at), None if row.pass_full else row.token)

    def _read_page(
        self, row: StateRow[Any], checkpoint: Checkpoint, resource: ListResource
    ) -> Checkpoint | None:
        page = resource.read(self.account.client, self._window(row), checkpoint.cursor)
        if page.next is not None and page.next == checkpoint.cursor:
            raise Unexpected(f"The list of {resource.name} repeats its cursor.")
        follows = replace(checkpoint, cursor=page.next)
        return self._commit(
            row,
            follows if page.next is not None else self._after_reading(row, checkpoint),
            lambda intake: intake.take(resource, page.rows),
            len(page.rows),
            token=page.token,
        )

    def _read_children(
        self, row: StateRow[Any], checkpoint: Checkpoint, resource: ChildResource
    ) -> Checkpoint | None:
        since = 0 if row.pass_full else row.fresh_as_of
        after = tuple(checkpoint.cursor) if checkpoint.cursor else None
        with reading(self.jobs.engine).connect() as connection:
            rows = VendorRows(connection, self.account.account_id, stamp=0)
            parents = rows.changed_since(resource.parent, since, after, PARENTS)
        families = self._families(resource, [(key, parent) for _, key, parent in parents])
        last = parents[len(families) - 1][:2] if parents else None

        def take(intake: Intake) -> None:
            intake.take_families(replace(resource, name=self.resource.name), families)

        follows = replace(checkpoint, cursor=list(last)) if last else self._after_reading(row, checkpoint)
        return self._commit(row, follows, take, sum(len(family) for _, family in families))

    def _families(
        self, resource: ChildResource, parents: list[tuple[str, Row]]
    ) -> list[tuple[str, list[Row]]]:
        """The children of the first of these parents: as many as time and the vendor's limit allow."""
        families: list[tuple[str, list[Row]]] = []
        until = time.monotonic() + READING
        for key, parent in parents:
            if time.monotonic() > until:
                break
            try:
                families.append((key, list(resource.read(self.account.client, parent))))
            except NotFound:
                families.append((key, []))
            except RateLimited:
                if not families:
                    raise
                break
        return families

    def _after_reading(self, row: StateRow[Any], checkpoint: Checkpoint) -> Checkpoint | None:
        """The very first pass has nothing to take out."""
        again = row.pass_full and row.ever_finished
        return replace(checkpoint, phase=SWEEP, cursor=None) if again else None

    def _sweep_some(self, row: StateRow[Any], checkpoint: Checkpoint) -> Checkpoint | None:
        with reading(self.jobs.engine).connect() as connection:
            rows = VendorRows(connection, self.account.account_id, stamp=0)
            unseen = rows.unseen(self.resource.name, row.pass_started_at)
        return self._commit(
            row,
            checkpoint if unseen else None,
            lambda intake: intake.remove(self.resource.name, unseen),
            rows_read=0,
        )

    def _commit(
        self,
        row: StateRow[Any],
        follows: Checkpoint | None,
        take: Callable[[Intake], None],
        rows_read: int,
        token: str | None = None,
    ) -> Checkpoint | None:
        with self._transaction() as connection:
            stamp = next_stamp(connection, self.account.account_id)
            take(Intake(connection, self.account.account_id, self.account.api, stamp))
            done = resource_state.c.pass_rows + rows_read
            self._save(connection, checkpoint=follows.dump() if follows else None, pass_rows=done)
            if token is not None:
                self._save(connection, token=token)
            if follows is None:
                self._finish(connection, row)
        return follows

    def _finish(self, connection: Connection, row: StateRow[Any]) -> None:
        self._save(
            connection,
            status=state.DONE,
            detail=None,
            finished_at=now(),
            fresh_as_of=row.pass_started_at,
            ever_finished=True,
            **({"full_pass_at": row.pass_started_at, "full_wanted": False} if row.pass_full else {}),
        )

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self.jobs.begin() as connection:
            fence(connection, self.job)
            yield connection

    def _state(self, connection: Connection) -> StateRow[Any]:
        query = select(resource_state).where(
            resource_state.c.account_id == self.account.account_id,
            resource_state.c.resource == self.resource.name,
        )
        return connection.execute(query).one()

    def _save(self, connection: Connection, **values: Any) -> None:
        state.save(connection, self.account.account_id, self.resource.name, **values)
