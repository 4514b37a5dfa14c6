"""A write: checked, sent once, read back from the vendor, stored, and answered as stored."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import Row

from app.accounts.connect import RELINK_NEEDED, Connected
from app.common.fields import Model
from app.common.ids import record_id
from app.records.reading import RecordReader, View
from app.service import Service
from app.sync.mapping import taking_in
from app.sync.rows import VendorRows
from app.sync.run import mark_relink_needed
from app.writes.inputs import Input, InputReader
from app.writes.problems import Problem, WriteRefused, envelope
from providers.kit import (
    Action,
    Call,
    CredentialsRefused,
    Invalid,
    PermissionMissing,
    ProviderError,
    RateLimited,
    Rows,
    Unavailable,
    Write,
    Written,
)
from providers.kit import Row as VendorRow

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class WriteRequest:
    """What a caller asks to be written.

    Attributes:
        model: the common model.
        verb: `create`, `update` or `delete`.
        given: the `model` object of the body.
        remote_user_id: the acting user: the vendor's id, or our id of the user.
        record: the record to change; None for a create.
        debug: whether the requests made to the vendor shall be listed.
    """

    model: Model
    verb: str
    given: Mapping[str, Any]
    remote_user_id: str | None = None
    record: Row[Any] | None = None
    debug: bool = False


@dataclass
class Performance:
    """One write on its way. `run` gives the HTTP status and the envelope."""

    service: Service
    account_row: Row[Any]
    request: WriteRequest
    calls: list[Call] = field(default_factory=list)

    def run(self) -> tuple[int, dict[str, Any]]:
        """Do it.

        Raises:
            RateLimited: the vendor asks to wait; nothing was written.
        """
        try:
            model, warnings = self._perform()
        except WriteRefused as refusal:
            return refusal.status, envelope(None, errors=refusal.problems, logs=self._logs())
        return 201 if self.request.verb == "create" else 200, envelope(model, warnings, logs=self._logs())

    def _perform(self) -> tuple[dict[str, Any] | None, list[Problem]]:
        with self.service.connector.account(self.account_row.id, self.calls.append) as account:
            return self._carry_out(account)

    def _carry_out(self, account: Connected) -> tuple[dict[str, Any] | None, list[Problem]]:
        action = self._action(account)
        given, as_user = self._read(account, action)
        written, warnings = self._send(account, action, given, as_user)
        problems = given.warnings + warnings
        try:
            self._store(account, written)
            stored = self._stored(written)
        except Exception:  # the vendor has acted: a failure of ours must not make the caller repeat the write
            log.exception("A write to %s cannot be stored", account.provider.name)
            stored = None
        if stored is None:
            problems.append(_not_stored(account.provider.name, written))
        return stored, problems

    def _action(self, account: Connected) -> Action:
        if account.status == RELINK_NEEDED:
            raise WriteRefused(_relink(account.provider.name))
        action = account.api.action(self.request.model.name, self.request.verb)
        if action is None:
            name, verb = self.request.model.name, self.request.verb.replace("_", " ")
            detail = f"{account.api.name} has no way to {verb} a {name}."
            raise WriteRefused(Problem("UNSUPPORTED_OPERATION", "Unsupported Operation", detail))
        return action

    def _read(self, account: Connected, action: Action) -> tuple[Input, str | None]:
        partial = self.request.verb != "create"
        with self.service.reader.connect() as connection:
            reader = InputReader(connection, account.account_id, account.provider.name)
            given = reader.read(self.request.model, action, self.request.given, partial=partial)
            return given, reader.remote_user(self.request.remote_user_id)

    def _send(
        self, account: Connected, action: Action, given: Input, as_user: str | None
    ) -> tuple[Written, list[Problem]]:
        write = Write(
            client=account.client,
            as_user=as_user,
            remote_id=self.request.record.remote_id if self.request.record else None,
            fields=given.fields,
            params=given.params,
            credentials=account.credentials,
            stored=self._kept_row,
            find=self._kept_rows,
        )
        try:
            written = action.run(write)
        except RateLimited:
            raise
        except ProviderError as error:
            raise self._refusal(account, error) from error
        return written, [
            Problem("UNSUPPORTED_FIELD", "Unsupported Field", w.detail, w.field) for w in write.warnings
        ]

    def _kept_row(self, resource: str, key: str) -> VendorRow | None:
        with self.service.reader.connect() as connection:
            return VendorRows(connection, self.account_row.id, stamp=0).get(resource, [key]).get(key)

    def _kept_rows(self, resource: str, on: str, value: Any) -> list[VendorRow]:
        with self.service.reader.connect() as connection:
            rows = VendorRows(connection, self.account_row.id, stamp=0)
            return [row for _, row in rows.find(resource, on, [str(value)]).get(str(value), [])]

    def _refusal(self, account: Connected, error: ProviderError) -> WriteRefused:
        name = account.provider.name
        if isinstance(error, CredentialsRefused):
            return self._credentials_refused(account, error)
        if isinstance(error, PermissionMissing):
            detail = f"The credentials may not do this in {name}: {error.detail}"
            return WriteRefused(
                Problem("MISSING_PERMISSION", "Missing Permission", detail, raw_error=error.detail)
            )
        if isinstance(error, Unavailable):
            return _unavailable(name, error)
        said = "" if isinstance(error, Invalid) and error.status is None else f"{name} refused: "
        return WriteRefused(
            Problem("PROVIDER_ERROR", "Provider Error", said + error.detail, raw_error=error.detail)
        )

    def _credentials_refused(self, account: Connected, error: CredentialsRefused) -> WriteRefused:
        """Whether the account's own credentials are dead, or only the acting user was refused."""
        name = account.provider.name
        try:
            account.api.check(account.client)
        except CredentialsRefused:
            with self.service.jobs.begin() as connection:
                mark_relink_needed(connection, account, error)
            return WriteRefused(_relink(name))
        except ProviderError:
            pass
        detail = f"{name} does not let this acting user write: {error.detail}"
        return WriteRefused(
            Problem("MISSING_PERMISSION", "Missing Permission", detail, "remote_user_id", error.detail)
        )

    def _store(self, account: Connected, written: Written) -> None:
        fetched = None if written.removed else self._read_back(account, written)
        resource = account.api.resource(written.reference.resource)
        with (
            self.service.jobs.begin() as connection,
            taking_in(connection, account.account_id, account.api) as intake,
        ):
            if written.removed:
                intake.remove(resource.name, [written.reference.id])
            elif fetched is not None:
                intake.take_fetched(resource, written.reference.id, fetched)
            elif written.row is not None:
                intake.take(resource, [written.row])

    def _read_back(self, account: Connected, written: Written) -> Rows | None:
        """The record as the vendor shows it now; None when it cannot be read yet (some vendors lag)."""
        fetch = account.api.resource(written.reference.resource).fetch
        if fetch is None:
            return None
        try:
            return fetch(account.client, written.reference.id)
        except ProviderError:
            return None

    def _stored(self, written: Written) -> dict[str, Any] | None:
        record = self.request.record
        wanted = (
            record.id
            if record is not None
            else record_id(
                self.account_row.id, self.request.model.name, written.remote_id or written.reference.id
            )
        )
        with self.service.reader.connect() as connection:
            reader = RecordReader(connection, self.account_row.id)
            row = reader.one(self.request.model, wanted, shells=False)
            body = reader.render(self.request.model, [row], View())[0] if row else b"null"
        shown: dict[str, Any] | None = orjson.loads(body)
        return shown

    def _logs(self) -> list[dict[str, Any]] | None:
        if not self.request.debug:
            return None
        return [
            {
                "log_id": str(uuid4()),
                "dashboard_view": "",
                "log_summary": {"url": call.url, "method": call.method, "status_code": call.status or 0},
            }
            for call in self.calls
        ]


def _not_stored(name: str, written: Written) -> Problem:
    detail = (
        f"{name} carried the write out (id {written.reference.id}), but it could not be stored here: "
        "the next synchronisation brings it. Do not repeat it."
    )
    return Problem("ERROR", "Written But Not Stored", detail)


def _relink(name: str) -> Problem:
    detail = f"{name} no longer accepts the credentials of this linked account. Link it again."
    return Problem("RELINK_NEEDED", "Relink Needed", detail)


def _unavailable(name: str, error: Unavailable) -> WriteRefused:
    """A write that may have reached the vendor is answered with 400: clients repeat a 5xx by themselves."""
    if not error.outcome_unknown:
        detail = f"{name} cannot be reached; nothing was written. Try again later."
        return WriteRefused(
            Problem("PROVIDER_ERROR", "Provider Unavailable", detail, raw_error=error.detail), status=503
        )
    detail = f"{name} did not confirm the write and may have carried it out. Read the record before a repeat."
    return WriteRefused(Problem("PROVIDER_ERROR", "Outcome Unknown", detail, raw_error=error.detail))
