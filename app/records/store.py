"""Where common records live. Everything here runs inside the caller's transaction, for one linked account.

A record's stored body always holds the ids of the records it names. Those that have not been seen are
listed in `missing` and left out when the body is read; `dangling` finds the record again when they arrive.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, Row, delete, select, update

from app.bulk import insert_rows, update_rows, upsert_rows
from app.common.fields import Kind, Model
from app.common.models import MODELS, reverses_of
from app.database import batches
from app.records.bodies import blank, body_of, shell_body, stamp_body
from app.records.drafts import Draft
from app.records.tables import RECORD_TABLES, column_name, dangling, record_value

Change = tuple[str, str]  # (model, record id)
NO_HASH = b""  # a shell's: no content has it
ERASED = b"erased"  # in the place of the hash of a record whose content must not be kept


@dataclass
class Changes:
    """What one transaction did to the records a caller can see: each is in one of the sets."""

    added: set[Change] = field(default_factory=set)
    changed: set[Change] = field(default_factory=set)
    removed: set[Change] = field(default_factory=set)

    def note(self, model: Model, *, added: Iterable[str] = (), changed: Iterable[str] = ()) -> None:
        """Note records that are there now, new or changed."""
        self.added |= {(model.name, record_id) for record_id in added}
        here = {(model.name, record_id) for record_id in changed}
        self.changed |= here - self.added
        self.removed -= here

    def note_removed(self, model: Model, ids: Iterable[str]) -> None:
        """Note records that are gone now."""
        gone = {(model.name, record_id) for record_id in ids}
        self.added -= gone
        self.changed -= gone
        self.removed |= gone


class RecordStore:
    """Writes the records of one linked account.

    Args:
        connection: the transaction.
        account_id: the linked account.
        stamp: when this happens; later than the stamp of every earlier change of the account.
    """

    def __init__(self, connection: Connection, account_id: str, stamp: int) -> None:
        self._connection = connection
        self._account_id = account_id
        self.stamp = stamp
        self.changes = Changes()

    def put(self, drafts: Iterable[Draft]) -> None:
        """Insert or update records of one model; those whose content is the same are not touched."""
        by_id = {made.id: made for made in drafts}
        if not by_id:
            return
        model = next(iter(by_id.values())).model
        known = self._known(model, by_id)
        fresh, altered, same = [], [], []
        for made in by_id.values():
            row = known.get(made.id)
            if row is None or row.shell:
                fresh.append(made)
            elif row.content_hash != made.content_hash:
                altered.append(made)
            else:
                same.append(made)
                if row.sources != _sources(made):
                    self._note_sources(made)
        self._write(model, fresh, altered, known)
        if model.volatile:
            self._renew(model, {made.id: made for made in same})

    def remove(self, model: Model, ids: Iterable[str]) -> None:
        """Mark records as deleted at the vendor."""
        rows = [row for row in self._rows(model, ids) if not row.deleted and not row.shell]
        # The hash is spoilt so that the record is written anew should the vendor show it again.
        gone = {"deleted": True, "modified_at": self.stamp, "content_hash": NO_HASH}
        changes = []
        for row in rows:
            body = orjson.loads(row.body) | {"remote_was_deleted": True}
            stamp_body(body, model, self.stamp)
            changes.append({"id": row.id, "body": orjson.dumps(body), **gone})
        if not changes:
            return
        update_rows(self._connection, RECORD_TABLES[model.name], changes)
        self.changes.note_removed(model, (row.id for row in rows))
        self._refresh_parents(model, [{f: row._mapping[c] for f, c in _links(model)} for row in rows])

    def erase(self, model: Model, ids: Iterable[str], *, gone: bool) -> None:
        """Take the content out of records; only what tells them apart is left.

        Args:
            model: the common model.
            ids: which records; those that are not there are left out.
            gone: whether they leave the lists as well, and forget the vendor's id.
        """
        rows = [row for row in self._rows(model, ids) if row.content_hash != ERASED and not row.shell]
        if not rows:
            return
        known = {row.id: row for row in rows}
        children = self._children(model, list(known))
        blanks = [
            blank(model, row.id, "" if gone else row.remote_id, deleted=gone or row.deleted) for row in rows
        ]
        self._upsert(
            model,
            [self._blank_row(made, known[made.id].created_at, children.get(made.id, {})) for made in blanks],
        )
        self._note_values(model, blanks, known)
        for part in batches(list(known)):
            self._connection.execute(delete(dangling).where(dangling.c.record_id.in_(part)))
        self.changes.note(model, changed=(made.id for made in blanks if not made.deleted))
        self.changes.note_removed(model, (made.id for made in blanks if made.deleted))
        self._refresh_parents(model, [{f: row._mapping[c] for f, c in _links(model)} for row in rows])

    def from_origins(self, model: Model, origins: Sequence[str]) -> set[str]:
        """The ids of the live records that rows with these origins gave."""
        table = RECORD_TABLES[model.name]
        found: set[str] = set()
        for part in batches(origins):
            query = select(table.c.id).where(
                table.c.account_id == self._account_id, table.c.origin.in_(part), table.c.deleted.is_(False)
            )
            found.update(self._connection.scalars(query))
        return found

    # ---- reading what is there

    def _rows(self, model: Model, ids: Iterable[str]) -> list[Row[Any]]:
        table = RECORD_TABLES[model.name]
        return [
            row
            for part in batches(list(ids))
            for row in self._connection.execute(select(table).where(table.c.id.in_(part)))
        ]

    def _known(self, model: Model, ids: Iterable[str]) -> dict[str, Row[Any]]:
        table = RECORD_TABLES[model.name]
        columns = [table.c[n] for n in ("id", "shell", "content_hash", "created_at", "sources")]
        links = [table.c[column] for _, column in _links(model)]
        return {
            row.id: row
            for part in batches(list(ids))
            for row in self._connection.execute(select(*columns, *links).where(table.c.id.in_(part)))
        }

    def _unseen(self, targets: Iterable[tuple[str, str]]) -> set[str]:
        """Which of these (model, id) are not there, or only as shells."""
        by_model: dict[str, set[str]] = defaultdict(set)
        for name, target in targets:
            by_model[name].add(target)
        unseen: set[str] = set()
        for name, ids in by_model.items():
            table = RECORD_TABLES[name]
            unseen |= ids
            for part in batches(list(ids)):
                query = select(table.c.id).where(table.c.id.in_(part), table.c.shell.is_(False))
                unseen.difference_update(self._connection.scalars(query))
        return unseen

    # ---- writing

    def _write(
        self, model: Model, fresh: list[Draft], altered: list[Draft], known: dict[str, Row[Any]]
    ) -> None:
        written = fresh + altered
        if not written:
            return
        unseen = self._unseen(target for made in written for target in made.targets)
        unseen -= {made.id for made in fresh}
        children = self._children(model, [made.id for made in written])
        rows = []
        for made in written:
            row = known.get(made.id)
            created_at = row.created_at if row and not row.shell else self.stamp
            body = body_of(made, created_at, self.stamp) | children.get(made.id, {})
            missing = sorted(target for _, target in made.targets if target in unseen)
            rows.append(self._row(made, created_at, body, missing))
        self._upsert(model, rows)
        self._note_missing(written, unseen)
        self._note_values(model, written, known)
        there = {made.id for made in written if not made.deleted}
        new = {made.id for made in fresh}
        self.changes.note(model, added=new & there, changed=there - new)
        self.changes.note_removed(model, (made.id for made in written if made.deleted))
        self._refresh_owners(fresh)
        self._refresh_parents(model, _moved(model, fresh, altered, known))

    def _row(self, made: Draft, created_at: int, body: dict[str, Any], missing: list[str]) -> dict[str, Any]:
        return {
            "id": made.id,
            "account_id": self._account_id,
            "remote_id": made.remote_id,
            "created_at": created_at,
            "modified_at": self.stamp,
            "deleted": made.deleted,
            "shell": False,
            "content_hash": made.content_hash,
            "body": orjson.dumps(body),
            "missing": orjson.dumps(missing).decode() if missing else None,
            "origins": orjson.dumps(made.origins).decode() if made.origins else None,
            "sources": _sources(made),
            "origin": made.origin,
            **made.columns(),
        }

    def _blank_row(self, made: Draft, created_at: int, children: dict[str, list[str]]) -> dict[str, Any]:
        body = body_of(made, created_at, self.stamp) | children | {"remote_id": made.remote_id or None}
        return self._row(made, created_at, body, []) | {"content_hash": ERASED}

    def _upsert(self, model: Model, rows: list[dict[str, Any]]) -> None:
        changing = tuple(name for name in rows[0] if name not in ("id", "account_id"))
        upsert_rows(self._connection, RECORD_TABLES[model.name], rows, changing)

    def _renew(self, model: Model, same: dict[str, Draft]) -> None:
        """Store the volatile fields of records that are otherwise the same, as no change of theirs."""
        changes = []
        for row in self._rows(model, same):
            body = orjson.loads(row.body)
            newest = {name: same[row.id].values[name] for name in model.volatile}
            if any(body[name] != value for name, value in newest.items()):
                changes.append({"id": row.id, "body": orjson.dumps(body | newest)})
        update_rows(self._connection, RECORD_TABLES[model.name], changes)

    def _note_sources(self, made: Draft) -> None:
        table = RECORD_TABLES[made.model.name]
        self._connection.execute(update(table).where(table.c.id == made.id).values(sources=_sources(made)))

    def _note_missing(self, written: list[Draft], unseen: set[str]) -> None:
        """Remember who waits for whom, and make a shell of every record waited for."""
        waiting = []
        shells: dict[str, dict[str, str]] = defaultdict(dict)
        for made in written:
            for (name, target), remote_id in made.targets.items():
                if target in unseen:
                    waiting.append({"target_id": target, "model": made.model.name, "record_id": made.id})
                    shells[name][target] = remote_id
        account = {"account_id": self._account_id}
        upsert_rows(self._connection, dangling, [row | account for row in waiting])
        for name, remote_ids in shells.items():
            rows = [self._shell(MODELS[name], target, remote_id) for target, remote_id in remote_ids.items()]
            upsert_rows(self._connection, RECORD_TABLES[name], rows)

    def _shell(self, model: Model, record_id: str, remote_id: str) -> dict[str, Any]:
        return {
            "id": record_id,
            "account_id": self._account_id,
            "remote_id": remote_id,
            "created_at": self.stamp,
            "modified_at": self.stamp,
            "deleted": False,
            "shell": True,
            "content_hash": NO_HASH,
            "body": shell_body(model, record_id, remote_id, self.stamp),
        }

    def _note_values(self, model: Model, written: list[Draft], known: dict[str, Row[Any]]) -> None:
        before = [made.id for made in written if made.id in known]
        for part in batches(before):
            self._connection.execute(delete(record_value).where(record_value.c.record_id.in_(part)))
        rows = [
            {
                "account_id": self._account_id,
                "model": model.name,
                "field": name,
                "value": value,
                "record_id": made.id,
            }
            for made in written
            for name, value in made.multiples()
        ]
        insert_rows(self._connection, record_value, rows)

    # ---- keeping other records true

    def _refresh_owners(self, fresh: list[Draft]) -> None:
        """Records that named the new ones show them from now on."""
        owners: dict[str, set[str]] = defaultdict(set)
        ids = [made.id for made in fresh]
        for part in batches(ids):
            query = select(dangling.c.model, dangling.c.record_id).where(dangling.c.target_id.in_(part))
            found = self._connection.execute(query).all()
            if found:
                self._connection.execute(delete(dangling).where(dangling.c.target_id.in_(part)))
            for name, owner in found:
                owners[name].add(owner)
        for name, owner_ids in owners.items():
            self._refresh(MODELS[name], owner_ids, arrived=set(ids))

    def _refresh_parents(self, model: Model, links: list[dict[str, str | None]]) -> None:
        """The records these relations lead to list their children anew."""
        for name, _ in _links(model):
            parents = {link[name] for link in links} - {None}
            for owner in {owner.name for owner, _ in reverses_of(model, name)}:
                self._refresh(MODELS[owner], {p for p in parents if p}, arrived=set())

    def _refresh(self, model: Model, ids: set[str], arrived: set[str]) -> None:
        rows = [row for row in self._rows(model, ids) if not row.shell]
        children = self._children(model, [row.id for row in rows])
        changes = []
        for row in rows:
            body = orjson.loads(row.body)
            lists = children.get(row.id, {})
            missing = [i for i in orjson.loads(row.missing or "[]") if i not in arrived]
            same_lists = all(body[name] == ids for name, ids in lists.items())
            if same_lists and len(missing) == len(orjson.loads(row.missing or "[]")):
                continue
            body |= lists
            stamp_body(body, model, self.stamp)
            changes.append(
                {
                    "id": row.id,
                    "body": orjson.dumps(body),
                    "missing": orjson.dumps(missing).decode() if missing else None,
                    "modified_at": self.stamp,
                }
            )
        update_rows(self._connection, RECORD_TABLES[model.name], changes)
        deleted = {row.id for row in rows if row.deleted}
        self.changes.note(model, changed={change["id"] for change in changes} - deleted)

    def _children(self, model: Model, ids: list[str]) -> dict[str, dict[str, list[str]]]:
        """For every record its reverse relations: field name → ids of the records that name it."""
        found: dict[str, dict[str, list[str]]] = {}
        fields = [f for f in model.fields if f.kind is Kind.REVERSE]
        if fields:
            found = {record_id: {f.name: [] for f in fields} for record_id in ids}
        for f in fields:
            target = MODELS[f.target]
            table = RECORD_TABLES[f.target]
            parent = table.c[column_name(target.field(f.via))]
            order = [table.c.position] if "position" in table.c else [table.c.created_at, table.c.id]
            for part in batches(ids):
                query = (
                    select(parent, table.c.id)
                    .where(table.c.account_id == self._account_id, parent.in_(part))
                    .where(table.c.deleted.is_(False), table.c.shell.is_(False))
                    .order_by(*order)
                )
                for record_id, child in self._connection.execute(query):
                    found[record_id][f.name].append(child)
        return found


def _links(model: Model) -> list[tuple[str, str]]:
    """(relation, column) of the relations that other models turn round."""
    return [
        (f.name, column_name(f)) for f in model.fields if f.is_forward_relation and reverses_of(model, f.name)
    ]


def _moved(
    model: Model, fresh: list[Draft], altered: list[Draft], known: dict[str, Row[Any]]
) -> list[dict[str, str | None]]:
    """The parents, old and new, of records that were added, or changed where they belong or exist."""
    links = _links(model)
    if not links:
        return []
    now = [{**made.values, **made.hidden} for made in fresh + altered]
    before = [known[made.id]._mapping for made in altered]
    return [{name: values[name] for name, _ in links} for values in now] + [
        {name: row[column] for name, column in links} for row in before
    ]


def _sources(made: Draft) -> str | None:
    return orjson.dumps(made.sources).decode() if made.sources else None
