"""From vendor rows to common records, with the rows that belong to them."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from app.common.fields import Model
from app.common.ids import record_id
from app.common.models import CANDIDATE, MODELS
from app.common.times import to_micros
from app.database import batches
from app.fields.mappings import Remote
from app.issues import store as issues
from app.records.drafts import BadRecord, Draft, searchable
from app.records.store import RecordStore
from app.sync.ignored import Ignored, root_keys
from app.sync.rows import PARENT, Index, Kept, VendorRows, key_of
from app.sync.terms import Terms
from app.webhooks.outbox import changing
from providers.kit import Api, ChildResource, Join, Mapping, Remove, Resource, Row, Rows

log = logging.getLogger(__name__)

FIELD_MAPPING = "field_mapping:"  # the subject of an issue, before the mapping's id
Unit = list[tuple[str, Row]]  # the rows, by their keys, that are mapped together


@contextmanager
def taking_in(
    connection: Connection, account_id: str, api: Api, asked_at: int | None = None
) -> Iterator["Intake"]:
    """The intake of a linked account for one transaction; subscribers are told of what it changes.

    Args:
        connection: the transaction.
        account_id: the linked account.
        api: whose rows are taken in.
        asked_at: the account's clock before the vendor was asked. What was written since is newer than
            its answer, and is left as it is.

    Raises:
        AccountGone: the account is no longer there.
    """
    with changing(connection, account_id) as records:
        yield Intake(connection, account_id, api, records, asked_at)


class Intake:
    """Takes vendor rows into one linked account: keeps them, maps them, stores what becomes of them.

    Args:
        connection: the transaction.
        account_id: the linked account.
        api: whose rows they are.
        records: where the records go.
        asked_at: see `taking_in`.
    """

    def __init__(
        self, connection: Connection, account_id: str, api: Api, records: RecordStore, asked_at: int | None
    ) -> None:
        self._connection = connection
        self._account_id = account_id
        self._api = api
        self._store = records
        self.rows = VendorRows(connection, account_id, records.stamp, asked_at)
        self._ignored = Ignored(connection, account_id)

    @cached_property
    def terms(self) -> Terms:
        """What is set about the account's records."""
        return Terms.of(self._connection, self._account_id)

    def take(
        self, resource: Resource, rows: Iterable[Row], parent: str | None = None, *, every: bool = False
    ) -> None:
        """Take in rows of a list.

        Args:
            resource: whose rows.
            rows: as received.
            parent: the key of the parent they were read for.
            every: whether unchanged rows are mapped too: what they are joined to may have changed.
        """
        self._settle(resource, self.rows.keep(resource, rows, parent, every=every))

    def take_families(
        self, resource: ChildResource, families: Sequence[tuple[str, list[Row]]], *, every: bool = False
    ) -> None:
        """Take in all rows of some parents: those a parent no longer has are gone."""
        known = self.rows.keys_with(resource.name, PARENT, [parent for parent, _ in families])
        present = {key_of(resource, row) for _, rows in families for row in rows}
        for parent, rows in families:
            if rows:
                self.take(resource, rows, parent, every=every)
        absent = [key for key in known if key not in present]
        self.remove(resource.name, self.rows.not_newer(resource.name, absent))

    def take_fetched(self, resource: Resource, key: str, fetched: Rows, moment: int) -> None:
        """Take in one thing that was read again, with all rows that belong to it.

        Args:
            resource: whose row it is.
            key: its key.
            fetched: what the vendor gave.
            moment: when the vendor was asked.
        """
        for mapping in self._api.mappings:
            if mapping.root != resource.name:
                continue
            for join in mapping.joins:
                if join.belongs and join.resource in fetched:
                    self._take_parts(join, key, fetched[join.resource])
        for name, rows in fetched.items():
            self.take(self._api.resource(name), rows)
        self.rows.note_read(resource.name, key, moment)

    def _take_parts(self, join: Join, key: str, rows: Sequence[Row]) -> None:
        part = self._api.resource(join.resource)
        present = {key_of(part, row) for row in rows}
        known = self.rows.keys_with(join.resource, join.on, [key])
        absent = [k for k in known if k not in present]
        self.remove(join.resource, self.rows.not_newer(join.resource, absent))

    def remove(self, resource: str, keys: Sequence[str]) -> None:
        """Take out rows the vendor no longer has."""
        if not keys:
            return
        gone, touched = self.rows.drop(resource, keys)
        for mapping in self._api.mappings:
            if mapping.root == resource and mapping.group:
                self._map_groups(mapping, touched.get(mapping.group, set()))
            elif mapping.root == resource:
                self._remove_records(mapping, gone)
        self._settle_owners(resource, touched)
        self._remove_children(resource, gone)

    def apply(self, removal: Remove) -> None:
        """Take out what a vendor's webhook says is gone."""
        self.remove(removal.resource, self.rows.keys_with(removal.resource, removal.on, [removal.id]))

    def map_expired(self, moment: int, limit: int) -> int:
        """Map rows again whose records depend on the time, as it has come.

        Args:
            moment: what is due by then.
            limit: how many rows at most.

        Returns:
            How many rows there were.
        """
        due = self.rows.take_due(moment, limit)
        for resource, rows in due.items():
            self._map_all(resource, rows, {})
        return sum(len(rows) for rows in due.values())

    def map_again(self, mapping: Mapping, rows: dict[str, Row]) -> None:
        """Map kept rows again: what is set about their records has changed."""
        self._map_rows(mapping, rows)

    # ---- inside

    def _remove_children(self, resource: str, parents: Sequence[str]) -> None:
        """What was read for a parent, or hangs on it, is gone with it."""
        for child in self._api.resources:
            owner = child.parent if isinstance(child, ChildResource) else child.owner
            if owner == resource:
                self.remove(child.name, self.rows.keys_with(child.name, PARENT, parents))

    def _settle(self, resource: Resource, kept: Kept) -> None:
        self._map_all(resource.name, kept.rows, kept.touched)
        self.rows.empty(resource.name, kept.emptied)
        self._settle_owners(resource.name, kept.touched)

    def _settle_owners(self, resource: str, touched: Index) -> None:
        """Map again what the changed rows are parts of, or matter to."""
        for mapping in self._api.mappings:
            keys: set[str] = set()
            for join in mapping.joins:
                values = touched.get(join.on) if join.resource == resource else None
                if values and join.belongs:
                    keys |= values
                elif values and join.back:
                    keys.update(self.rows.keys_with(mapping.root, join.back, sorted(values)))
            for part in batches(sorted(keys)):
                self._map_rows(mapping, self.rows.get(mapping.root, part))

    def _map_all(self, resource: str, rows: dict[str, Row], touched: Index) -> None:
        """Map rows, and the groups that rows are in or left."""
        for mapping in self._api.mappings:
            if mapping.root == resource:
                self._map_rows(mapping, rows, touched)

    def _map_rows(self, mapping: Mapping, rows: dict[str, Row], touched: Index | None = None) -> None:
        if mapping.group is None:
            self._map(mapping, {key: [(key, row)] for key, row in rows.items()})
            return
        values_of = self._api.resource(mapping.root).index[mapping.group]
        groups = {searchable(str(value)) for row in rows.values() for value in _safely(values_of, row)}
        self._map_groups(mapping, groups | (touched or {}).get(mapping.group, set()))

    def _map_groups(self, mapping: Mapping, groups: set[str]) -> None:
        for part in batches(sorted(groups)):
            found = self.rows.find(mapping.root, str(mapping.group), part)
            self._map(mapping, dict(found))
            self._remove_records(mapping, [group for group in part if group not in found])

    def _map(self, mapping: Mapping, units: dict[str, Unit]) -> None:
        """Map units: single rows, or the rows of a group, by the row's key or the group's value."""
        model = MODELS[mapping.model]
        if not units or not self.terms.restrictions.readable(model):
            return
        rows = [row for unit in units.values() for _, row in unit]
        joined = {join.alias: self._join(join, rows) for join in mapping.joins}
        drafts: list[Draft] = []
        empty: list[str] = []
        errors: dict[str, str | None] = {}
        due: dict[str, int | None] = {}
        for key, unit in units.items():
            related = {j.alias: _related(j, unit, joined[j.alias]) for j in mapping.joins}
            try:
                made = self._records_of(mapping, unit, related)
                new = self._drafts(mapping, model, key, unit, related, made)
            except Exception as error:  # whatever is wrong with one row must not stop its page
                log.warning("%s of %s cannot be mapped: %r", mapping.model, mapping.root, error)
                errors.update({row_key: _explain(error) for row_key, _ in unit})
                continue
            drafts += new
            if not new:
                empty.append(key)
            if mapping.expires:
                due[unit[0][0]] = _earliest(mapping.expires(record) for record in made)
        sound = [key for key, unit in units.items() if unit[0][0] not in errors]
        stale = self._stale(mapping, model, sound, drafts)
        kept = self._without_ignored(mapping, model, drafts)
        self._store.put([one for one in kept if one.admitted])
        # What does not meet the account's conditions is treated like what the vendor does not have.
        self._store.remove(model, stale | {one.id for one in kept if not one.admitted})
        if not mapping.many:
            self._remove_records(mapping, empty)
        self.rows.note_due(mapping.root, due)
        self._report(mapping, errors)
        self._report_fields()

    def _without_ignored(self, mapping: Mapping, model: Model, drafts: list[Draft]) -> list[Draft]:
        """What may be kept; the rows of what is about people to be ignored are emptied."""
        about = self._ignored.about(model, drafts)
        if not about:
            return drafts
        self.rows.empty(mapping.root, [key for one in about for _, key in root_keys(one.sources)])
        if not (model is CANDIDATE or model.personal):
            return drafts
        ids = {one.id for one in about}
        self._store.erase(model, ids, gone=model.personal)
        return [one for one in drafts if one.id not in ids]

    @staticmethod
    def _records_of(mapping: Mapping, unit: Unit, related: dict[str, Any]) -> list[dict[str, Any]]:
        rows = [row for _, row in unit]
        joined = {alias: [r for _, r in pairs] for alias, pairs in related.items()}
        made = mapping.map(rows if mapping.group else rows[0], joined)
        return [] if made is None else [made] if isinstance(made, dict) else list(made)

    def _drafts(
        self,
        mapping: Mapping,
        model: Model,
        key: str,
        unit: Unit,
        related: dict[str, Any],
        made: list[dict[str, Any]],
    ) -> list[Draft]:
        path = self._api.resource(mapping.root).path
        sources = [(path, mapping.root, k) for k, _ in unit] + [
            (self._api.resource(join.resource).path, join.resource, k)
            for join in mapping.joins
            for k, _ in related[join.alias]
        ]
        drafts = [self.terms.draft(model, record) for record in made]
        remote = self._remote(mapping, unit, related)
        for one in drafts:
            one.mapped = self.terms.targets(model, remote, one.remote_id)
            one.sources = sources
            one.origin = f"{mapping.root}:{key}" if mapping.many else None
            if not mapping.many and one.remote_id != key:
                raise BadRecord(f"remote_id is {one.remote_id}, but the row's key is {key}")
        return drafts

    def _remote(self, mapping: Mapping, unit: Unit, related: dict[str, Unit]) -> Remote:
        """The rows a record is made of, by the vendor's paths, for the mappings of callers' own fields."""
        rows = [row for _, row in unit]
        remote: dict[str, Any] = {self._api.resource(mapping.root).path: rows if mapping.group else rows[0]}
        for join in mapping.joins:
            joined = [row for _, row in related[join.alias]]
            remote.setdefault(
                self._api.resource(join.resource).path, joined if join.belongs else next(iter(joined), None)
            )
        return remote

    def _join(self, join: Join, rows: Iterable[Row]) -> dict[str, Unit]:
        wanted = {value for row in rows for value in _values(join, row)}
        return self.rows.find(join.resource, join.on, sorted(wanted)) if wanted else {}

    def _stale(self, mapping: Mapping, model: Model, keys: Sequence[str], drafts: list[Draft]) -> set[str]:
        """The records these rows gave before and do not give any more."""
        if not mapping.many or mapping.lasting:
            return set()
        origins = [f"{mapping.root}:{key}" for key in keys]
        return self._store.from_origins(model, origins) - {one.id for one in drafts}

    def _remove_records(self, mapping: Mapping, keys: Sequence[str]) -> None:
        if not keys or mapping.lasting:
            return
        model = MODELS[mapping.model]
        if mapping.many:
            ids = self._store.from_origins(model, [f"{mapping.root}:{key}" for key in keys])
        else:
            ids = {record_id(self._account_id, model.name, key) for key in keys}
        self._store.remove(model, ids)

    def _report(self, mapping: Mapping, errors: dict[str, str | None]) -> None:
        self.rows.note_error(mapping.root, errors)
        if errors:
            details = [f"{mapping.model} {key}: {problem}" for key, problem in errors.items()]
            subject = f"mapping:{mapping.model}"
            issues.report(self._connection, self._account_id, subject, "Unexpected data", *details)

    def _report_fields(self) -> None:
        failures = self.terms.fields.failures
        for mapping, details in failures.items():
            subject, label = FIELD_MAPPING + mapping.id, f"Failing field mapping {mapping.target}"
            issues.report(self._connection, self._account_id, subject, label, *details)
        failures.clear()


def resolve_mended(connection: Connection, account_id: str, api: Api) -> None:
    """Close the issues about data that could not be mapped where all of it can be again."""
    subjects = {f"mapping:{mapping.model}": mapping.root for mapping in api.mappings}
    ongoing = issues.ongoing(connection, account_id).keys()
    for subject in ongoing:
        if subject.startswith(FIELD_MAPPING):
            issues.resolve(connection, account_id, subject)  # after a day without a failure
    reported = ongoing & subjects.keys()
    if reported:
        bad = VendorRows(connection, account_id, stamp=0).unmapped()
        for subject in reported:
            if subjects[subject] not in bad:
                issues.resolve(connection, account_id, subject)


def _values(join: Join, row: Row) -> list[str]:
    """What a row looks for. A row too odd to say so looks for nothing; mapping it tells what is wrong."""
    try:
        value = join.value(row)
    except (KeyError, TypeError, AttributeError, IndexError):
        return []
    values = value if isinstance(value, (list, tuple, set)) else [value]
    return [searchable(str(v)) for v in values if v is not None]


def _related(join: Join, unit: Unit, found: dict[str, Unit]) -> Unit:
    """The joined rows of a unit, each once."""
    values = dict.fromkeys(value for _, row in unit for value in _values(join, row))
    return list({key: (key, row) for value in values for key, row in found.get(value, ())}.values())


def _safely(values_of: Callable[[Row], Iterable[Any]], row: Row) -> list[Any]:
    """What a row holds in an index; nothing when it is too odd to say so."""
    try:
        return [value for value in values_of(row) if value is not None]
    except (KeyError, TypeError, AttributeError, IndexError):
        return []


def _earliest(moments: Iterable[datetime | None]) -> int | None:
    return min((to_micros(moment) for moment in moments if moment is not None), default=None)


def _explain(error: Exception) -> str:
    return f"no key {error}" if isinstance(error, KeyError) else str(error)
