"""People of whom nothing must be kept: a candidate a caller wants ignored, and what is about them.

The candidate's record stays, without content. What is the candidate's own (files, activities, answers) is
taken out of the lists as well. Applications, interviews, offers and scorecards are the company's records
and stay; except of interviews, which hold no words about the person, the vendor's rows they came from are
emptied, as they quote the candidate. Whatever a sync, a webhook or a write shows later passes through
`Intake`, which asks here.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import orjson
from sqlalchemy import Connection, select

from app.common.fields import Model
from app.common.models import ALL, APPLICATION, CANDIDATE
from app.database import batches, upsert_into
from app.records.drafts import Draft
from app.records.store import RecordStore
from app.records.tables import RECORD_TABLES, column_name, ignored_candidate
from app.sync.rows import VendorRows

Sources = Sequence[Sequence[str]]  # (path, resource, key) of each row a record was made of
ABOUT = tuple(model for model in ALL if model.about)


@dataclass(frozen=True)
class Erased:
    """The records that have no content any more.

    Attributes:
        ids: ours.
        remote_ids: the vendor's.
    """

    ids: set[str]
    remote_ids: set[str]

    @property
    def mentioned(self) -> re.Pattern[str]:
        """What finds one of them in a text: in an answer of ours, or of the vendor's that was passed on."""
        names = "|".join(re.escape(name) for name in sorted(self.ids | self.remote_ids))
        return re.compile(rf"(?<![\w-])(?:{names})(?![\w-])")


class Ignored:
    """Who is to be ignored in one linked account, and what is about them.

    Args:
        connection: the transaction.
        account_id: the linked account.
    """

    def __init__(self, connection: Connection, account_id: str) -> None:
        self._connection = connection
        self._account_id = account_id

    def about(self, model: Model, drafts: Iterable[Draft]) -> list[Draft]:
        """Those of the drafts that are about somebody to be ignored."""
        if not self._people or not (model is CANDIDATE or model.about):
            return []
        if model is CANDIDATE:
            return [one for one in drafts if one.id in self._people]
        parents = self._people if _names_person(model) else self._applications
        found = [one for one in drafts if {**one.values, **one.hidden}[model.about] in parents]
        if model is APPLICATION:
            self._applications.update(one.id for one in found)
        return found

    @cached_property
    def _people(self) -> set[str]:
        query = select(ignored_candidate.c.id).where(ignored_candidate.c.account_id == self._account_id)
        return set(self._connection.scalars(query))

    @cached_property
    def _applications(self) -> set[str]:
        return set(_sources(self._connection, self._account_id, APPLICATION, APPLICATION.about, self._people))


def ignore(
    connection: Connection, store: RecordStore, account_id: str, wanted: str, reason: str, message: str | None
) -> Erased:
    """Erase a candidate, for good. To ask for it again changes nothing.

    Args:
        connection: the transaction.
        store: the account's records in it.
        account_id: the linked account.
        wanted: the candidate's id.
        reason: why, as the caller says; it is kept.
        message: more of it.

    Returns:
        What has been erased. What had been before has no id of the vendor's, but for the candidate.
    """
    row = {"account_id": account_id, "id": wanted, "reason": reason, "message": message}
    statement = upsert_into(connection, ignored_candidate).values(**row, ignored_at=store.stamp)
    connection.execute(statement.on_conflict_do_nothing())
    rows = VendorRows(connection, account_id, store.stamp)
    _empty(rows, _sources(connection, account_id, CANDIDATE, "id", {wanted}).values())
    remote_ids = _remote_ids(connection, CANDIDATE, [wanted])
    store.erase(CANDIDATE, [wanted], gone=False)
    applications = _sources(connection, account_id, APPLICATION, APPLICATION.about, {wanted})
    erased = {wanted}
    for model in ABOUT:
        parents = {wanted} if _names_person(model) else applications.keys()
        found = _sources(connection, account_id, model, model.about, parents)
        _empty(rows, found.values())
        if model.personal:
            remote_ids |= _remote_ids(connection, model, found)
            store.erase(model, found, gone=True)
            erased |= found.keys()
    return Erased(erased, remote_ids)


def root_keys(sources: Sources) -> list[tuple[str, str]]:
    """Resource and key of the rows a record was mapped from, without those that were joined."""
    return [(resource, key) for _, resource, key in sources if resource == sources[0][1]]


def _empty(rows: VendorRows, records: Iterable[Sources]) -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for sources in records:
        for resource, key in root_keys(sources):
            found[resource].append(key)
    for resource, keys in found.items():
        rows.empty(resource, keys)


def _sources(
    connection: Connection, account_id: str, model: Model, field: str, values: Iterable[str]
) -> dict[str, Sources]:
    """The records whose field has one of these values, and the rows they were made of."""
    table = RECORD_TABLES[model.name]
    column = table.c.id if field == "id" else table.c[column_name(model.field(field))]
    found: dict[str, Sources] = {}
    for part in batches(list(values)):
        query = select(table.c.id, table.c.sources).where(
            table.c.account_id == account_id, column.in_(part), table.c.shell.is_(False)
        )
        found.update((row.id, orjson.loads(row.sources or "[]")) for row in connection.execute(query))
    return found


def _remote_ids(connection: Connection, model: Model, ids: Iterable[str]) -> set[str]:
    table = RECORD_TABLES[model.name]
    found = set[str]()
    for part in batches(list(ids)):
        found.update(connection.scalars(select(table.c.remote_id).where(table.c.id.in_(part))))
    return found - {"", None}


def _names_person(model: Model) -> bool:
    return model.field(model.about).target == CANDIDATE.name
