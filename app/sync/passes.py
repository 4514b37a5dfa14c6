"""One pass over one resource: page by page, each page and its checkpoint in one transaction."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy import Row as StateRow

from app.accounts.clock import clock_of, next_stamp
from app.accounts.connect import Connected
from app.common.times import from_micros, now
from app.database import reading
from app.jobs import Job, Jobs, fence, got_on
from app.sync import state
from app.sync.kept import KeptRows
from app.sync.mapping import Intake, taking_in
from app.sync.rows import UNKEYED, VendorRows
from app.sync.state import READ, SWEEP, Checkpoint
from app.sync.tables import resource_state
from app.sync.telling import tell_finished
from app.sync.understanding import understood
from providers.kit import (
    Again,
    ChildResource,
    ListResource,
    NotFound,
    PermissionMissing,
    ProviderError,
    Rows,
    StaleCursor,
    StaleToken,
    Unexpected,
    Window,
)
from providers.kit import Row as VendorRow

LOOKBACK = timedelta(minutes=15)  # clocks differ by ten at most, and vendors' lists lag behind their writes
PARENTS = 200  # whose children are read between two checkpoints, at most
READING = 5.0  # seconds of reading children between two checkpoints
RESTARTS = 3
FEW = 5  # rows that may all vanish at once; more are not believed to
CONFIRMED = 50  # rows that no page showed are asked for one by one, unless there are more

Families = list[tuple[str, list[VendorRow]]]  # the children of each parent, by the parent's key


class Pass:
    """A pass over one resource of one account.

    Args:
        jobs: the job engine, for transactions.
        job: the run this pass belongs to.
        account: the connected account.
        resource: what is read.
        full_interval: seconds between two full passes.
    """

    def __init__(
        self,
        jobs: Jobs,
        job: Job,
        account: Connected,
        resource: ListResource | ChildResource,
        full_interval: int,
    ) -> None:
        self._jobs = jobs
        self._job = job
        self._account = account
        self._resource = resource
        self._full_interval = full_interval

    def read(self, until: int) -> None:
        """Read from the checkpoint to the last page.

        A full pass is not over then: `sweep` follows when every resource has been read.

        Args:
            until: the moment, in microseconds, after which going through parents is broken off for the next
                run to go on with: it may take hours, and other lists must not wait so long. The first time
                it is not, for somebody waits for it.

        Raises:
            ProviderError: the vendor refused or failed; the checkpoint says how far it got.
            Later: the run gives up its thread.
            Lost: the run was taken over.
        """
        row, checkpoint = self._begin()
        while checkpoint is not None and checkpoint.phase == READ:
            self._jobs.turn(self._job)
            try:
                checkpoint = self._step(row, checkpoint)
            except StaleCursor as stale:
                row, checkpoint = self._restart(stale)
            if isinstance(self._resource, ChildResource) and row.ever_finished and now() > until:
                return

    def sweep(self) -> None:
        """Take out what no page of a full pass showed.

        Raises:
            ProviderError: the vendor could not be asked whether a row is really gone.
            Later: the run gives up its thread.
            Lost: the run was taken over.
        """
        with reading(self._jobs.engine).connect() as connection:
            row = self._state(connection)
        checkpoint = Checkpoint.load(row.checkpoint)
        while checkpoint is not None and checkpoint.phase == SWEEP:
            self._jobs.turn(self._job)
            checkpoint = self._sweep_some(row, checkpoint)

    def _begin(self) -> tuple[StateRow[Any], Checkpoint | None]:
        with self._transaction() as connection:
            row = self._state(connection)
            checkpoint = Checkpoint.load(row.checkpoint)
            if checkpoint is None:
                checkpoint = Checkpoint()
                self._save(
                    connection,
                    checkpoint=checkpoint.dump(),
                    pass_full=state.needs_full_pass(row, self._resource, self._full_interval),
                    pass_started_at=next_stamp(connection, self._account.account_id),
                    pass_rows=0,
                    status=state.SYNCING,
                )
            self._save(connection, rate_limited=False)
            return self._state(connection), checkpoint

    def _restart(self, stale: StaleCursor) -> tuple[StateRow[Any], Checkpoint]:
        """The vendor no longer knows the cursor: begin the pass again. When it does not know the token
        either, or knows no cursor for long, read everything.
        """
        with self._transaction() as connection:
            before = Checkpoint.load(self._state(connection).checkpoint) or Checkpoint()
            if before.restarts >= RESTARTS:
                raise Unexpected("The vendor keeps forgetting its own cursors.")
            anew = Checkpoint(restarts=before.restarts + 1)
            self._save(connection, checkpoint=anew.dump(), pass_rows=0)
            if isinstance(stale, StaleToken) or before.cursor is None or before.restarts:
                self._save(connection, pass_full=True, token=None)
            return self._state(connection), anew

    def _step(self, row: StateRow[Any], checkpoint: Checkpoint) -> Checkpoint | None:
        if isinstance(self._resource, ChildResource):
            return self._read_children(row, checkpoint, self._resource)
        if checkpoint.fallback and self._resource.fallback:
            return self._read_children(row, checkpoint, self._resource.fallback)
        try:
            return self._read_page(row, checkpoint, self._resource)
        except PermissionMissing:
            if self._resource.fallback is None or checkpoint.cursor is not None:
                raise
            return replace(checkpoint, fallback=True)

    # ---- reading

    def _read_page(
        self, row: StateRow[Any], checkpoint: Checkpoint, resource: ListResource
    ) -> Checkpoint | None:
        since = None if row.pass_full else from_micros(row.fresh_as_of) - LOOKBACK
        window = Window(
            since,
            from_micros(row.pass_started_at),
            None if row.pass_full else row.token,
            KeptRows(reading(self._jobs.engine), self._account.account_id),
        )
        asked_at = self._clock()
        with understood(resource.name):
            page = resource.read(self._account.client, window, checkpoint.cursor)
        if checkpoint.repeats(page.next):
            raise Unexpected(f"The list of {resource.name} repeats its cursor.")

        def take(intake: Intake) -> None:
            intake.take(resource, page.rows, every=row.pass_full)
            for removal in page.removed:
                intake.apply(removal)

        return self._commit(
            row,
            checkpoint.after_page(page.next)
            if page.next is not None
            else self._after_reading(row, checkpoint, len(page.rows)),
            take,
            asked_at=asked_at,
            rows_read=len(page.rows),
            token=page.token,
        )

    def _read_children(
        self, row: StateRow[Any], checkpoint: Checkpoint, resource: ChildResource
    ) -> Checkpoint | None:
        since = 0 if row.pass_full else row.fresh_as_of
        again = resource.again if not row.pass_full and _is_time(row, resource.again) else None
        after = tuple(checkpoint.cursor) if checkpoint.cursor else None
        with reading(self._jobs.engine).connect() as connection:
            rows = VendorRows(connection, self._account.account_id, stamp=0)
            parents = rows.changed_since(resource.parent, 0 if again else since, after, PARENTS)
        asked_at = self._clock()
        wanted = [
            (key, parent if changed_at >= since or again is None or again.when(parent) else None)
            for changed_at, key, parent in parents
        ]
        families, done = self._families(resource, wanted, first=after is None)
        count = sum(len(family) for _, family in families)
        follows = (
            replace(checkpoint, cursor=list(parents[done - 1][:2]))
            if parents
            else self._after_reading(row, checkpoint, count)
        )
        named = replace(resource, name=self._resource.name)
        return self._commit(
            row,
            follows,
            lambda intake: intake.take_families(named, families, every=row.pass_full),
            asked_at=asked_at,
            rows_read=count,
        )

    def _families(
        self, resource: ChildResource, parents: list[tuple[str, VendorRow | None]], *, first: bool
    ) -> tuple[Families, int]:
        """The children of the first of these parents, and how many parents were done; None is passed over.

        It ends early when time is up or the vendor fails: what has been read is kept, and the failure
        comes again with the next parent. A single parent that is closed to us is passed over.
        """
        families: Families = []
        until = time.monotonic() + READING
        for done, (key, parent) in enumerate(parents):
            if parent is None:
                continue
            if done and time.monotonic() > until:
                return families, done
            try:
                with understood(resource.name):
                    families.append((key, list(resource.read(self._account.client, parent))))
            except NotFound:
                families.append((key, []))
            except PermissionMissing:
                if first and not done:
                    raise
            except ProviderError:
                if not done:
                    raise
                return families, done
        return families, len(parents)

    # ---- taking out what is gone

    def _after_reading(self, row: StateRow[Any], checkpoint: Checkpoint, last_rows: int) -> Checkpoint | None:
        """The very first pass has nothing to take out."""
        if not (row.pass_full and row.ever_finished):
            return None
        with reading(self._jobs.engine).connect() as connection:
            shown = self._state(connection).pass_rows + last_rows
            known = VendorRows(connection, self._account.account_id, stamp=0).count(self._resource.name)
        if not shown and known > FEW:
            # Some vendors answer a user whose rights were cut with an empty list instead of an error.
            raise Unexpected(f"The vendor lists none of {known} known rows. Nothing was taken out.")
        return replace(checkpoint, phase=SWEEP, cursor=None)

    def _sweep_some(self, row: StateRow[Any], checkpoint: Checkpoint) -> Checkpoint | None:
        name = self._resource.name
        with reading(self._jobs.engine).connect() as connection:
            rows = VendorRows(connection, self._account.account_id, stamp=0)
            unseen = rows.unseen(name, row.pass_started_at)
        asked_at = self._clock()
        moment = now()
        there = self._still_there(unseen)

        def take_out(intake: Intake) -> None:
            for key, fetched in there.items():
                intake.take_fetched(self._resource, key, fetched, moment)
            intake.rows.note_seen(name, list(there))
            still = set(intake.rows.unseen(name, row.pass_started_at))  # a write may have shown one since
            intake.remove(name, [key for key in unseen if key in still])

        return self._commit(row, checkpoint if unseen else None, take_out, asked_at=asked_at)

    def _still_there(self, keys: list[str]) -> dict[str, Rows]:
        """Those the vendor still has: pages by number leave out a row that moves while they are read."""
        if self._resource.fetch is None or len(keys) > CONFIRMED:
            return {}
        there: dict[str, Rows] = {}
        for key in keys:
            if key.startswith(UNKEYED):
                continue
            try:
                with understood(self._resource.name):
                    there[key] = self._resource.fetch(self._account.client, key)
            except (NotFound, PermissionMissing):
                continue
        return there

    # ---- transactions

    def _commit(
        self,
        row: StateRow[Any],
        follows: Checkpoint | None,
        take: Callable[[Intake], None],
        *,
        asked_at: int,
        rows_read: int = 0,
        token: str | None = None,
    ) -> Checkpoint | None:
        with self._transaction() as connection:
            with taking_in(connection, self._account.account_id, self._account.api, asked_at) as intake:
                take(intake)
            got_on(connection, self._job)
            done = resource_state.c.pass_rows + rows_read
            self._save(connection, checkpoint=follows.dump() if follows else None, pass_rows=done)
            if token is not None:
                self._save(connection, token=token)
            if follows is None:
                self._finish(connection, row)
                tell_finished(connection, self._account, self._resource.name)
        return follows

    def _finish(self, connection: Connection, row: StateRow[Any]) -> None:
        self._save(
            connection,
            status=state.DONE,
            detail=None,
            finished_at=next_stamp(connection, self._account.account_id),
            fresh_as_of=row.pass_started_at,
            ever_finished=True,
            **({"full_pass_at": row.pass_started_at, "full_wanted": False} if row.pass_full else {}),
        )

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._jobs.begin() as connection:
            fence(connection, self._job)
            yield connection

    def _clock(self) -> int:
        """The account's time before the vendor is asked: what is written later is newer than its answer."""
        with reading(self._jobs.engine).connect() as connection:
            return clock_of(connection, self._account.account_id)

    def _state(self, connection: Connection) -> StateRow[Any]:
        query = select(resource_state).where(
            resource_state.c.account_id == self._account.account_id,
            resource_state.c.resource == self._resource.name,
        )
        return connection.execute(query).one()

    def _save(self, connection: Connection, **values: Any) -> None:
        state.save(connection, self._account.account_id, self._resource.name, **values)


def _is_time(row: StateRow[Any], again: Again | None) -> bool:
    """Whether a multiple of the interval lies between the last good pass and this one."""
    if again is None:
        return False
    interval = int(again.every.total_seconds() * 1_000_000)
    return bool(row.pass_started_at // interval != row.fresh_as_of // interval)
