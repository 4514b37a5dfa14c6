"""A synchronisation of one linked account: the job `("sync", account id)`."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, select, update

from app.accounts.clock import AccountGone, next_stamp
from app.accounts.connect import BACKGROUND, COMPLETE, IDLE, RELINK_NEEDED, Connected, Connector
from app.accounts.tables import linked_account
from app.common.times import now
from app.database import reading, refresh_statistics
from app.issues import store as issues
from app.jobs import Job, Jobs, Later, ask, fence, remove
from app.jobs.clock import Now
from app.scopes import store as scopes
from app.settings import Settings
from app.sync import state
from app.sync.mapping import resolve_mended, taking_in
from app.sync.orphans import remove_orphans
from app.sync.passes import Pass
from app.sync.remapping import KIND as REMAP
from app.sync.remapping import unmapped
from app.sync.rows import VendorRows
from app.sync.schedule import until_next
from app.sync.telling import tell_completed, tell_finished
from app.sync.terms import Terms, needed_resources
from providers.kit import (
    ChildResource,
    CredentialsRefused,
    ListResource,
    PermissionMissing,
    ProviderError,
    RateLimited,
    Unavailable,
)

log = logging.getLogger(__name__)

FORTNIGHT = 1_209_600_000_000  # microseconds without use, or without success, after which an account rests
REMEMBERED = 86_400_000_000  # microseconds for which removed rows are remembered
EXPIRED = 500  # rows mapped again in one transaction
UNBROKEN = 900_000_000  # microseconds of a run after which long crawls are left to the next one
PATIENCE = 3  # failures of a run after which an unavailable resource is passed over until the next run


class Sync:
    """Runs synchronisations.

    Args:
        jobs: the job engine; registers the handler there.
        connector: opens vendor clients.
        settings: says how often.
    """

    def __init__(self, jobs: Jobs, connector: Connector, settings: Settings) -> None:
        self._jobs = jobs
        self._connector = connector
        self._settings = settings
        jobs.handler(state.KIND)(self.run)

    def run(self, job: Job) -> float | None:
        """Read every resource that this run has not read yet; gives the seconds until the next run."""
        try:
            with self._connector.account(job.key, patience=BACKGROUND) as account:
                if account.are_syncs_disabled or account.status != COMPLETE:
                    return None
                if account.used_at < now() - FORTNIGHT:
                    self._rest(job, "Nobody has used the account for two weeks. The next request wakes it.")
                    return None
                return self._synchronise(job, account)
        except AccountGone:
            with self._jobs.begin() as connection:
                remove(connection, state.KIND, job.key)  # asked for while the account was being deleted
            return None

    def _synchronise(self, job: Job, account: Connected) -> float | None:
        with self._jobs.begin() as connection:
            fence(connection, job)
            scopes.settle(connection, job.key)  # the default may have changed while the account was linked
        with self._jobs.begin() as connection:
            fence(connection, job)
            if unmapped(connection, job.key, account.api):
                ask(connection, REMAP, job.key)
            state.prepare(connection, job.key, account.api)
            started = state.run_started_at(connection, job.key)
        self._map_expired(job, account)
        try:
            for resource in account.api.resources:
                self._read(job, account, resource, started)
            # Parts are listed before what they belong to. Taken out after it, they leave a deleted record
            # as it was last seen.
            for resource in reversed(account.api.resources):
                with self._trouble_noted(job, account, resource.name):
                    self._pass(job, account, resource).sweep()
        except CredentialsRefused as refusal:
            self._relink_needed(job, account, refusal)
            return None
        with self._jobs.begin() as connection:
            fence(connection, job)
            initial = state.complete_run(connection, job.key)
            resolve_mended(connection, job.key, account.api)
            remove_orphans(connection, job.key, account.api, started)
            stamp = next_stamp(connection, job.key)
            VendorRows(connection, job.key, stamp).forget_gone(stamp - REMEMBERED)
            moment = float(connection.scalar(select(Now())) or 0)
            broken_off = state.is_broken_off(connection, job.key, account.api)
            if not broken_off:
                tell_completed(connection, account, initial=initial)
        refresh_statistics(self._jobs.engine)
        if self._fails(account):
            self._rest(job, "Nothing could be read for two weeks. A resync tries again.")
            return None
        return 0.0 if broken_off else until_next(job.key, self._settings.sync_interval, moment)

    def _fails(self, account: Connected) -> bool:
        """Whether nothing has been read since long before now, nor since the account was linked."""
        with reading(self._jobs.engine).connect() as connection:
            fresh = [row.fresh_as_of or 0 for row in state.states(connection, account.account_id).values()]
        return max([account.linked_at, *fresh]) < now() - FORTNIGHT

    def _rest(self, job: Job, reason: str) -> None:
        """Leave the account alone until somebody comes."""
        with self._jobs.begin() as connection:
            fence(connection, job)
            connection.execute(
                update(linked_account)
                .where(linked_account.c.id == job.key, linked_account.c.status == COMPLETE)
                .values(status=IDLE, status_detail=reason)
            )

    def _map_expired(self, job: Job, account: Connected) -> None:
        """Bring up to date what depends on the time, such as the status of an interview that has ended."""
        more = True
        while more:
            self._jobs.turn(job)
            with self._jobs.begin() as connection:
                fence(connection, job)
                with taking_in(connection, job.key, account.api) as intake:
                    more = intake.map_expired(now(), EXPIRED) == EXPIRED

    def _read(
        self, job: Job, account: Connected, resource: ListResource | ChildResource, started: int
    ) -> None:
        """One resource; what is wrong with it alone is written down and does not stop the others."""
        with reading(self._jobs.engine).connect() as connection:
            row = state.states(connection, job.key)[resource.name]
            restrictions = Terms.of(connection, job.key).restrictions
        if row.finished_at is not None and row.finished_at >= started:
            return
        if resource.name not in needed_resources(account.api, restrictions):
            self._pass_over(job, resource.name)
            return
        if state.rests(row, resource, self._settings.full_sync_interval):
            self._leave(job, resource.name)
            return
        with self._trouble_noted(job, account, resource.name):
            self._pass(job, account, resource).read(started + UNBROKEN)
            self._note(job, account, resource.name, None)

    def _leave(self, job: Job, resource: str) -> None:
        """A heavy list stays as it was read last."""
        with self._jobs.begin() as connection:
            fence(connection, job)
            state.save(connection, job.key, resource, status=state.DONE)

    def _pass_over(self, job: Job, resource: str) -> None:
        """The account's scopes ask for nothing of a resource; should they again, all of it is read."""
        with self._jobs.begin() as connection:
            fence(connection, job)
            state.save(
                connection,
                job.key,
                resource,
                status=state.DISABLED,
                detail="disabled in the scopes",
                checkpoint=None,
                full_wanted=True,
                finished_at=next_stamp(connection, job.key),
            )
            issues.resolve(connection, job.key, f"resource:{resource}")

    @contextmanager
    def _trouble_noted(self, job: Job, account: Connected, resource: str) -> Iterator[None]:
        """What is wrong with one resource alone ends with the block."""
        try:
            yield
        except CredentialsRefused:
            raise
        except RateLimited as limit:
            self._wait(job, resource, limit)
        except PermissionMissing as refusal:
            self._note(job, account, resource, refusal, status=state.DISABLED, label="Missing permission")
        except Unavailable as outage:
            if job.failures < PATIENCE:
                raise
            self._note(job, account, resource, outage, label="Vendor unavailable")
        except ProviderError as refusal:
            self._note(job, account, resource, refusal, label="Unexpected answer")

    def _pass(self, job: Job, account: Connected, resource: ListResource | ChildResource) -> Pass:
        return Pass(self._jobs, job, account, resource, self._settings.full_sync_interval)

    def _wait(self, job: Job, resource: str, limit: RateLimited) -> None:
        with self._jobs.begin() as connection:
            fence(connection, job)
            state.save(connection, job.key, resource, rate_limited=True)
        raise Later(limit.retry_after)

    def _note(
        self,
        job: Job,
        account: Connected,
        resource: str,
        problem: ProviderError | None,
        *,
        status: str = state.FAILED,
        label: str = "",
    ) -> None:
        """Write down how a resource's pass ended, and open or close its issue."""
        with self._jobs.begin() as connection:
            fence(connection, job)
            if problem is None:
                issues.resolve(connection, job.key, f"resource:{resource}")
                return
            log.warning("%s of account %s: %s", resource, job.key, problem.detail)
            state.save(
                connection,
                job.key,
                resource,
                status=status,
                detail=problem.detail,
                checkpoint=None,
                finished_at=next_stamp(connection, job.key),
            )
            issues.report(connection, job.key, f"resource:{resource}", label, f"{resource}: {problem.detail}")
            tell_finished(connection, account, resource)

    def _relink_needed(self, job: Job, account: Connected, refusal: CredentialsRefused) -> None:
        with self._jobs.begin() as connection:
            fence(connection, job)
            mark_relink_needed(connection, account, refusal)
            state.finish_run(connection, job.key)


def mark_relink_needed(connection: Connection, account: Connected, refusal: CredentialsRefused) -> None:
    """The vendor no longer accepts the credentials: nothing works until the account is linked again.

    Nothing is done when that has happened meanwhile: it is the former credentials that were refused.
    """
    marked = connection.execute(
        update(linked_account)
        .where(linked_account.c.id == account.account_id, linked_account.c.completed_at == account.linked_at)
        .values(status=RELINK_NEEDED, status_detail=refusal.detail)
    )
    if marked.rowcount:
        state.fail_unfinished(connection, account.account_id, refusal.detail)
        issues.report(
            connection, account.account_id, "credentials", "Invalid login credentials", refusal.detail
        )
