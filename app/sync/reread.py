"""Reading one thing again from the vendor: because it tells of a change, or a caller wants it fresh."""

import asyncio
from typing import Any
from weakref import WeakValueDictionary

from sqlalchemy import Connection, Engine, Row

from app.accounts.clock import clock_of
from app.accounts.connect import RELINK_NEEDED, Connected, Connector, Patience
from app.common.fields import Model
from app.common.times import now
from app.database import reading
from app.jobs import Job, Jobs, fence
from app.records.reading import RecordReader
from app.scopes.store import restrictions_of
from app.sync.freshness import Freshness, read_at, roots_of
from app.sync.mapping import taking_in
from app.sync.rows import VendorRows
from app.sync.understanding import understood
from providers.kit import Client, NotFound, ProviderError, RateLimited, Resource, Rows, Unavailable
from providers.kit import Row as VendorRow

CALLERS = Patience(timeout=10.0, attempts=1)  # then the record is shown as stored


class NotSingly(Exception):
    """The vendor has no way to read one thing of a resource."""


def read_again(jobs: Jobs, account: Connected, resource: str, key: str, job: Job | None = None) -> int:
    """Read one thing with all that belongs to it, and take it in; what the vendor has no more is taken out.

    Args:
        jobs: for the transaction.
        account: the connected account.
        resource: the thing's resource.
        key: its key.
        job: the run that this is part of, if it is part of one.

    Returns:
        The account's clock before the vendor was asked.

    Raises:
        ProviderError: the vendor refused or failed; nothing is changed.
        NotSingly: it has no way to read one thing of this resource.
        Lost: the run was taken over.
    """
    known = {one.name: one for one in account.api.resources}.get(resource)
    if known is None:
        raise NotSingly(resource)
    with reading(jobs.engine).connect() as connection:
        asked_at = clock_of(connection, account.account_id)
        kept = VendorRows(connection, account.account_id, stamp=0).get(resource, [key]).get(key)
    moment = now()
    try:
        fetched = _fetched(account.client, known, key, kept)
    except NotFound:
        fetched = None
    with jobs.begin() as connection:
        if job is not None:
            fence(connection, job)
        with taking_in(connection, account.account_id, account.api, asked_at) as intake:
            if fetched is not None:
                intake.take_fetched(known, key, fetched, moment)
            elif not intake.rows.is_newer(resource, key):
                intake.remove(resource, [key])
    return asked_at


def _fetched(client: Client, resource: Resource, key: str, kept: VendorRow | None) -> Rows:
    with understood(resource.name):
        if resource.fetch is not None:
            return resource.fetch(client, key)
        if resource.refetch is None or kept is None:
            raise NotSingly(resource.name)
        return resource.refetch(client, kept)


class Refresher:
    """Makes single records as fresh as callers want them.

    Args:
        jobs: for transactions.
        reader: the database, for transactions that only read.
        connector: opens vendor clients.
        freshness: knows how fresh models are.
    """

    def __init__(self, jobs: Jobs, reader: Engine, connector: Connector, freshness: Freshness) -> None:
        self._jobs = jobs
        self._reader = reader
        self._connector = connector
        self._freshness = freshness
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    def alone(self, account_id: str, record_id: str) -> asyncio.Lock:
        """The lock of a record: whoever waits for it finds what the one before has read."""
        return self._locks.setdefault((account_id, record_id), asyncio.Lock())

    def refresh(self, account_id: str, model: Model, record_id: str, since: int) -> str | None:
        """Read a record from the vendor when it has not been read since a moment.

        Args:
            account_id: the linked account.
            model: the record's model.
            record_id: the record's id; nothing happens when there is none of that id.
            since: the moment, in microseconds.

        Returns:
            Why the record may be older, in words for the caller; None when it is not.
        """
        with self._reader.connect() as connection:
            reader = RecordReader(connection, account_id, restrictions_of(connection, account_id))
            record = reader.one(model, record_id, shells=False)
            if record is None or self._is_fresh(connection, account_id, model, record, since):
                return None
        resource, keys = roots_of(record)
        with self._connector.account(account_id, patience=CALLERS) as account:
            if account.status == RELINK_NEEDED:
                return "the account must be linked again"
            try:
                for key in keys:
                    read_again(self._jobs, account, resource, key)
            except (ProviderError, NotSingly) as error:
                return _reason(error)
        return None

    def _is_fresh(
        self, connection: Connection, account_id: str, model: Model, record: Row[Any], since: int
    ) -> bool:
        known = (
            self._freshness.of(connection, account_id, clock_of(connection, account_id), model),
            read_at(connection, account_id, record),
        )
        return any(moment is not None and moment >= since for moment in known)


def _reason(error: ProviderError | NotSingly) -> str:
    if isinstance(error, RateLimited):
        return "the vendor limits requests"
    if isinstance(error, Unavailable):
        return "the vendor did not answer"
    if isinstance(error, NotSingly):
        return "the vendor has no way to read one record of this kind"
    return "the vendor refused to show the record"
