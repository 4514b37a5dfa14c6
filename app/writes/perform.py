"""A write: checked, sent once, read back from the vendor, stored, and answered as stored."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import Connection, Engine, Row

from app.accounts.connect import RELINK_NEEDED, Connected, Connector
from app.common.fields import Model
from app.common.ids import record_id
from app.common.times import now
from app.jobs import Jobs, Lost
from app.records.reading import RecordReader, View
from app.records.store import ERASED
from app.scopes.restrictions import Restrictions
from app.scopes.store import restrictions_of
from app.sync.freshness import roots_of
from app.sync.kept import KeptRows
from app.sync.mapping import Intake, taking_in
from app.sync.run import mark_relink_needed
from app.writes import refusals
from app.writes.files import Files
from app.writes.inputs import Input, InputReader
from app.writes.operations import CHANGE_STAGE, Operation
from app.writes.problems import Problem, WriteRefused, envelope, problem
from providers.kit import (
    Action,
    Call,
    CredentialsRefused,
    ProviderError,
    RateLimited,
    Reference,
    Rows,
    Write,
    Written,
)

log = logging.getLogger(__name__)

Body = dict[str, Any]


@dataclass(frozen=True)
class Writing:
    """What a write needs of the service.

    Attributes:
        jobs: opens transactions.
        reader: the database, for transactions that only read.
        connector: opens vendor clients.
        files: opens the files that callers want written.
    """

    jobs: Jobs
    reader: Engine
    connector: Connector
    files: Files


@dataclass(frozen=True)
class WriteRequest:
    """What a caller asks to be written.

    Attributes:
        operation: which write.
        given: the common fields as they stand in the body.
        remote_user_id: the acting user: the vendor's id, or our id of the user.
        record: the record to change; None for a create.
        debug: whether the requests made to the vendor shall be listed.
    """

    operation: Operation
    given: Mapping[str, Any]
    remote_user_id: str | None = None
    record: Row[Any] | None = None
    debug: bool = False


def _always(_connection: Connection) -> None:
    """For writes that nobody else can take over."""


@dataclass
class Performance:
    """One write on its way. `run` gives the HTTP status and the envelope.

    Attributes:
        writing: what it needs.
        account_id: the linked account.
        request: what is asked for.
        fenced: the first statement of the transaction that stores what the vendor made.
        calls: the requests made to the vendor so far.
    """

    writing: Writing
    account_id: str
    request: WriteRequest
    fenced: Callable[[Connection], None] = _always
    calls: list[Call] = field(default_factory=list)

    def run(self) -> tuple[int, Body]:
        """Do it.

        Raises:
            RateLimited: the vendor asks to wait; nothing was written.
            Lost: somebody else has taken the write over.
        """
        try:
            with self.writing.connector.account(self.account_id, self.calls.append) as account:
                action = self._action(account)
                given, as_user = self._read(account, action)
                model, problems, errors = self._carry_out(account, action, given, as_user)
        except WriteRefused as refusal:
            return refusal.status, envelope(None, errors=refusal.problems, logs=self._logs())
        status = 201 if self.request.operation.creates else 200
        return status, envelope(model, given.warnings + problems, errors, logs=self._logs())

    def check(self) -> list[Problem]:
        """Everything that can be checked without the vendor. Gives the warnings.

        Raises:
            WriteRefused: it would be refused.
        """
        with self.writing.connector.account(self.account_id) as account:
            return self._read(account, self._action(account))[0].warnings

    def stored(self) -> Body | None:
        """The record to be changed, as it is stored; None for a create."""
        if self.request.record is None:
            return None
        with self.writing.reader.connect() as connection:
            return self._shown(connection, self.request.operation.model, self.request.record.id)

    # ---- before the vendor is asked

    def _action(self, account: Connected) -> Action:
        operation = self.request.operation
        if not self._restrictions().writable(operation.model):
            raise WriteRefused(refusals.disabled(operation.model))
        if account.status == RELINK_NEEDED:
            raise WriteRefused(refusals.relink_needed(account.provider.name))
        action = account.api.action(operation.model.name, operation.verb)
        if action is None:
            detail = f"{account.api.name} has no way to {operation.in_words}."
            raise WriteRefused(problem("UNSUPPORTED_OPERATION", detail))
        return action

    def _restrictions(self) -> Restrictions:
        with self.writing.reader.connect() as connection:
            return restrictions_of(connection, self.account_id)

    def _read(self, account: Connected, action: Action) -> tuple[Input, str | None]:
        request, operation = self.request, self.request.operation
        if request.record is not None and request.record.content_hash == ERASED:
            detail = "Nothing of this record is to be kept, so nothing is written to it."
            raise WriteRefused(problem("IGNORED_MODEL", detail))
        with self.writing.reader.connect() as connection:
            restrictions = restrictions_of(connection, self.account_id)
            reader = InputReader(
                connection,
                self.account_id,
                account.provider.name,
                account.api,
                restrictions,
                self.writing.files.max_bytes,
            )
            given = reader.read(
                action,
                request.given,
                partial=request.record is not None and not operation.bare,
                root="" if operation.bare else "model",
                names={field: name for name, field in operation.bare.items()},
            )
            reader.check_user(action, account.credentials, request.remote_user_id, given)
            as_user = reader.remote_user(request.remote_user_id)
        if given.errors:
            raise WriteRefused(*given.errors)
        return given, as_user

    def _refuse_same_stage(self, account: Connected) -> None:
        """An application is moved to another stage only: what is stored may be old, so the vendor decides."""
        wanted = str(self.request.given.get("current_stage")).lower()
        if self._stage() != wanted:
            return
        assert self.request.record is not None
        resource, keys = roots_of(self.request.record)
        for key in keys:
            moment = now()
            fetched = self._read_back(account, Reference(resource, key))
            if fetched is not None:
                with self._taking_in(account) as (_, intake):
                    intake.take_fetched(account.api.resource(resource), key, fetched, moment)
        if self._stage() == wanted:
            detail = "The application is in this stage already."
            raise WriteRefused(problem("INVALID_FIELD_CHOICE", detail, "job_interview_stage"))

    def _stage(self) -> str | None:
        shown = self.stored()
        return shown["current_stage"] if shown else None

    # ---- the vendor

    def _carry_out(
        self, account: Connected, action: Action, given: Input, as_user: str | None
    ) -> tuple[Body | None, list[Problem], list[Problem]]:
        """The record as stored, what could not be taken over, and what went wrong."""
        if self.request.operation.verb == CHANGE_STAGE:
            self._refuse_same_stage(account)
        name = account.provider.name
        write = self._write(account, given, as_user)
        written, errors = self._send(account, action, write)
        problems = [problem(w.problem_type, w.detail, self._pointer(w.field)) for w in write.warnings] + [
            refusals.part_not_written(name, self._pointer(part), error) for part, error in write.failures
        ]
        try:
            model = self._store(account, written, write.also)
        except Lost:
            raise
        except Exception:  # the vendor has acted: a failure of ours must not make the caller repeat the write
            log.exception("A write to %s cannot be stored", name)
            model = None
        if model is None and written is not None:
            problems.append(refusals.not_stored(name, written.reference))
        return model, problems, errors

    def _write(self, account: Connected, given: Input, as_user: str | None) -> Write:
        kept = KeptRows(self.writing.reader, self.account_id)
        return Write(
            client=account.client,
            as_user=as_user,
            remote_id=self.request.record.remote_id if self.request.record else None,
            fields=given.fields,
            params=given.params,
            credentials=account.credentials,
            stored=kept.stored,
            find=kept.find,
            file=self.writing.files.of,
        )

    def _send(self, account: Connected, action: Action, write: Write) -> tuple[Written | None, list[Problem]]:
        """What was written; None and an error when only something on the way to it was.

        Raises:
            WriteRefused: nothing was written, or nobody knows.
            RateLimited: nothing was written.
        """
        name = account.provider.name
        try:
            return action.run(write), []
        except ProviderError as error:
            if write.also:
                return None, [self._only_parts(account, write.also, error)]
            if isinstance(error, RateLimited) and not account.client.has_written:
                raise
            if isinstance(error, CredentialsRefused):
                raise self._credentials_refused(account, error) from error
            raise refusals.refusal(name, error, acted=account.client.has_written) from error
        except Exception as error:
            if not account.client.has_written:
                raise
            log.exception("The answer of %s to a write cannot be understood", name)
            raise WriteRefused(refusals.outcome_unknown(name)) from error

    def _credentials_refused(self, account: Connected, error: CredentialsRefused) -> WriteRefused:
        """Whether the account's own credentials are dead, or only the acting user was refused."""
        try:
            account.api.check(account.client)
        except CredentialsRefused:
            with self.writing.jobs.begin() as connection:
                self.fenced(connection)
                mark_relink_needed(connection, account, error)
            return WriteRefused(refusals.relink_needed(account.provider.name))
        except ProviderError:
            pass
        return refusals.acting_user_refused(account.provider.name, error)

    # ---- after the vendor has acted

    def _store(self, account: Connected, written: Written | None, also: list[Reference]) -> Body | None:
        """Take in all that was made, in one transaction; gives the record as stored."""
        moment = now()
        fetched = [(reference, self._read_back(account, reference)) for reference in also]
        main = written if written and not written.removed else None
        back = self._read_back(account, main.reference) if main else None
        with self._taking_in(account) as (connection, intake):
            for reference, rows in fetched:
                if rows is not None:
                    intake.take_fetched(account.api.resource(reference.resource), reference.id, rows, moment)
            if written is None:
                return None
            resource = account.api.resource(written.reference.resource)
            if written.removed:
                intake.remove(resource.name, [written.reference.id])
            elif back is not None:
                intake.take_fetched(resource, written.reference.id, back, moment)
            elif written.row is not None:
                intake.take(resource, [written.row])
            return self._shown(connection, self.request.operation.model, self._id_of(written))

    @contextmanager
    def _taking_in(self, account: Connected) -> Iterator[tuple[Connection, Intake]]:
        with self.writing.jobs.begin() as connection:
            self.fenced(connection)
            with taking_in(connection, self.account_id, account.api) as intake:
                yield connection, intake

    def _read_back(self, account: Connected, reference: Reference) -> Rows | None:
        """The record as the vendor shows it now; None when it cannot be read yet (some vendors lag)."""
        fetch = account.api.resource(reference.resource).fetch
        if fetch is None:
            return None
        try:
            return fetch(account.client, reference.id)
        except ProviderError:
            return None

    def _id_of(self, written: Written) -> str:
        if self.request.record is not None:
            return str(self.request.record.id)
        key = written.remote_id or written.reference.id
        return record_id(self.account_id, self.request.operation.model.name, key)

    def _shown(self, connection: Connection, model: Model, wanted: str) -> Body | None:
        reader = RecordReader(connection, self.account_id, restrictions_of(connection, self.account_id))
        row = reader.one(model, wanted, shells=False)
        return orjson.loads(reader.render(model, [row], View())[0]) if row else None

    def _only_parts(self, account: Connected, also: list[Reference], error: ProviderError) -> Problem:
        made = [
            f"{mapping.model} {record_id(self.account_id, mapping.model, reference.id)}"
            for reference in also
            for mapping in account.api.mappings
            if mapping.root == reference.resource and not mapping.many
        ]
        return refusals.only_parts_written(
            account.provider.name, self.request.operation.model.name, made, error
        )

    # ---- the answer

    def _pointer(self, name: str) -> str:
        """Where in the body a field of a provider's warning stands."""
        operation = self.request.operation
        if name == "remote_user_id":
            return name
        if operation.bare:
            return next((given for given, field in operation.bare.items() if field == name), name)
        return f"model/{name}"

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
