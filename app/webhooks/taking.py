"""Taking in what vendors delivered: the job `("receive", account id)`, one delivery after another."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Row, delete, select, update

from app.accounts.clock import AccountGone
from app.accounts.connect import BACKGROUND, RELINK_NEEDED, Connected, Connector
from app.accounts.vault import Vault
from app.common.times import now
from app.database import reading
from app.issues import store as issues
from app.jobs import Job, Jobs, Later, ask, fence, got_on
from app.sync import state
from app.sync.mapping import taking_in
from app.sync.reread import NotSingly, read_again
from app.sync.rows import VendorRows
from app.sync.run import mark_relink_needed
from app.sync.terms import Terms, needed_resources
from app.webhooks.tables import vendor_delivery
from providers.kit import (
    CredentialsRefused,
    PermissionMissing,
    ProviderError,
    RateLimited,
    Refetch,
    Relist,
    Remove,
    Unavailable,
)
from providers.kit.webhooks import Change

log = logging.getLogger(__name__)

KIND = "receive"
REMEMBERED = 3 * 86_400_000_000  # microseconds for which a repeated delivery is recognised
ATTEMPTS = 12  # after which a delivery is given up, and left to the next synchronisation

_row = vendor_delivery.c


class Taking:
    """Takes in deliveries.

    Args:
        jobs: the job engine; registers the handler there.
        connector: opens vendor clients.
        vault: decrypts deliveries.
    """

    def __init__(self, jobs: Jobs, connector: Connector, vault: Vault) -> None:
        self._jobs = jobs
        self._connector = connector
        self._vault = vault
        jobs.handler(KIND)(self.run)

    def run(self, job: Job) -> None:
        """Take in everything that waits for one account."""
        try:
            with self._connector.account(job.key, patience=BACKGROUND) as account:
                TakingRun(self._jobs, job, account, self._vault, self._needed(account)).take_all()
        except AccountGone:
            return

    def _needed(self, account: Connected) -> set[str]:
        with reading(self._jobs.engine).connect() as connection:
            return needed_resources(account.api, Terms.of(connection, account.account_id).restrictions)


@dataclass
class TakingRun:
    """One run of the job.

    Attributes:
        jobs: the job engine, for transactions.
        job: the run.
        account: the connected account.
        vault: decrypts deliveries.
        needed: the resources that the account's scopes leave.
        read: the account's clock when this run asked the vendor for a thing, by resource and key.
        worked: subjects of issues that are about what has worked now.
    """

    jobs: Jobs
    job: Job
    account: Connected
    vault: Vault
    needed: set[str]
    read: dict[tuple[str, str], int] = field(default_factory=dict)
    worked: set[str] = field(default_factory=set)

    def take_all(self) -> None:
        """Take in what waits, in the order of arrival; what failed before comes after the rest.

        Raises:
            Later: the vendor asks to wait, or the run gives up its thread.
            Unavailable: the vendor did not answer; it is tried again.
            Lost: the run was taken over.
        """
        while (delivery := self._next()) is not None:
            self.jobs.turn(self.job)
            self._take(delivery)
        with self.jobs.begin() as connection:
            fence(connection, self.job)
            connection.execute(
                delete(vendor_delivery).where(
                    _row.account_id == self.job.key, _row.stamp < now() - REMEMBERED, _row.content.is_(None)
                )
            )

    def _next(self) -> Row[Any] | None:
        query = (
            select(vendor_delivery)
            .where(_row.account_id == self.job.key, _row.content.is_not(None))
            .order_by(_row.attempts, _row.stamp)
            .limit(1)
        )
        with reading(self.jobs.engine).connect() as connection:
            return connection.execute(query).first()

    def _take(self, delivery: Row[Any]) -> None:
        try:
            for change in self._changes(delivery):
                self._apply(change, delivery.stamp)
        except RateLimited as limit:
            raise Later(limit.retry_after) from limit
        except Unavailable as outage:
            self._failed(delivery, outage)
            return
        self._done(delivery)

    def _changes(self, delivery: Row[Any]) -> Sequence[Change]:
        webhooks = self.account.api.webhooks
        try:
            told = webhooks.parse(orjson.loads(str(self.vault.open(delivery.content)))) if webhooks else []
        except Exception as error:  # whatever is wrong with one delivery must not stop the others
            log.warning("a delivery to account %s cannot be understood: %r", self.job.key, error)
            self._report("webhook", "Unexpected data", f"A webhook cannot be understood: {error!r}")
            return []
        self.worked.add("webhook")
        return told

    def _apply(self, change: Change, stamp: int) -> None:
        if isinstance(change, Remove):
            self._remove(change)
        elif isinstance(change, Relist):
            self._relist(change)
        elif self.account.status != RELINK_NEEDED:  # linking again reads everything anew
            for key in self._keys(change):
                self._read((change.resource, key), stamp)

    def _keys(self, change: Refetch) -> list[str]:
        with reading(self.jobs.engine).connect() as connection:
            rows = VendorRows(connection, self.job.key, stamp=0)
            return rows.keys_with(change.resource, change.on, [change.id])

    def _remove(self, removal: Remove) -> None:
        with self.jobs.begin() as connection:
            fence(connection, self.job)
            with taking_in(connection, self.job.key, self.account.api) as intake:
                intake.apply(removal)

    def _relist(self, change: Relist) -> None:
        """Have the list read as a whole by a synchronisation that is due now."""
        with self.jobs.begin() as connection:
            fence(connection, self.job)
            ask(connection, state.KIND, self.job.key)
            state.save(connection, self.job.key, change.resource, full_wanted=True)

    def _read(self, thing: tuple[str, str], stamp: int) -> None:
        """Read what changed, unless this run has done so since the delivery came."""
        resource = thing[0]
        if self.read.get(thing, 0) >= stamp or resource not in self.needed:
            return
        subject = f"webhook:{resource}"
        try:
            self.read[thing] = read_again(self.jobs, self.account, *thing, self.job)
            self.worked.add(subject)
        except NotSingly:
            log.info("%s tells of %s, which cannot be read one by one", self.account.provider.name, resource)
        except (RateLimited, Unavailable):
            raise
        except CredentialsRefused as refusal:
            self._relink_needed(refusal)
        except PermissionMissing as refusal:
            self._report(subject, "Missing permission", f"{resource}: {refusal.detail}")
        except ProviderError as refusal:
            self._report(subject, "Unexpected answer", f"{resource}: {refusal.detail}")

    def _failed(self, delivery: Row[Any], outage: Unavailable) -> None:
        """The vendor did not answer: the delivery waits, but not for ever."""
        if delivery.attempts + 1 >= ATTEMPTS:
            self._report("webhook", "Vendor unavailable", f"A webhook was given up: {outage.detail}")
            self._done(delivery)
            return
        self._change(delivery, attempts=delivery.attempts + 1)
        raise outage

    def _done(self, delivery: Row[Any]) -> None:
        self._change(delivery, content=None)
        self.worked.clear()

    def _change(self, delivery: Row[Any], **values: Any) -> None:
        with self.jobs.begin() as connection:
            fence(connection, self.job)
            connection.execute(
                update(vendor_delivery)
                .where(_row.account_id == self.job.key, _row.stamp == delivery.stamp)
                .values(**values)
            )
            got_on(connection, self.job)
            for subject in sorted(self.worked):
                issues.resolve(connection, self.job.key, subject)

    def _relink_needed(self, refusal: CredentialsRefused) -> None:
        with self.jobs.begin() as connection:
            fence(connection, self.job)
            mark_relink_needed(connection, self.account, refusal)

    def _report(self, subject: str, description: str, detail: str) -> None:
        with self.jobs.begin() as connection:
            fence(connection, self.job)
            issues.report(connection, self.job.key, subject, description, detail)
