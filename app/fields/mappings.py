"""What field mappings say about the records of one account, and the values they give."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, or_, select

from app.fields.expressions import JMESPATH, JSONATA, ExpressionFailed, TookTooMuch, evaluator
from app.fields.tables import field_mapping, target_field

Remote = Mapping[str, Any]  # by the vendor's path: the row a record is made of, or a list of such rows
SECONDS = 3.0  # for one mapping in one transaction: others wait for it
KEPT_FAILURES = 10  # of one mapping in one transaction


@dataclass(frozen=True)
class FieldMapping:
    """Where the value of a target field comes from.

    Attributes:
        id: of the mapping.
        model: the common model of the target.
        target: the target's name.
        of_organization: whether the target is the organization's, or the account's own.
        url_path: the vendor's path of the row it is in.
        path: the way to it within the row.
        expression: the language and text of what makes the value of what is found there.
    """

    id: str
    model: str
    target: str
    of_organization: bool
    url_path: str
    path: tuple[str, ...]
    expression: tuple[str, str] | None

    def found(self, remote: Remote) -> Any:
        """What the vendor has: one value, or a list where a record is made of several rows of that path."""
        source = remote.get(self.url_path)
        if isinstance(source, list):
            return [value for row in source if (value := traverse(row, self.path)) is not None]
        return traverse(source, self.path)

    def value(self, remote: Remote) -> Any:
        """The target's value.

        Raises:
            ExpressionFailed: the expression gives none.
        """
        found = self.found(remote)
        return evaluator.evaluate(*self.expression, found) if self.expression else found


@dataclass
class FieldMappings:
    """The mappings that hold for one account, and how they fared in the present transaction."""

    by_model: dict[str, list[FieldMapping]] = field(default_factory=dict)
    failures: dict[FieldMapping, list[str]] = field(default_factory=dict)
    _spent: dict[str, float] = field(default_factory=dict)

    def targets(self, model: str, remote: Remote, record: str) -> dict[str, Any] | None:
        """The `field_mappings` of a record; None when nothing is mapped for its model.

        A mapping that fails leaves null; one that has taken too long is not tried again in this
        transaction, which others wait for.

        Args:
            model: the record's common model.
            remote: the vendor's rows it is made of.
            record: what to call it when a mapping fails.
        """
        mappings = self.by_model.get(model)
        if not mappings:
            return None
        groups: dict[bool, dict[str, Any]] = {True: {}, False: {}}
        for mapping in mappings:
            if mapping.url_path in remote:
                value = self._value(mapping, remote, record)
                groups[mapping.of_organization][mapping.target] = {"value": value}
        return {
            "organization_defined_targets": groups[True],
            "linked_account_defined_targets": groups[False],
        }

    def settings(self, model: str) -> list[Any]:
        """What of them decides how records of a model are made."""
        return [
            [m.target, m.of_organization, m.url_path, m.path, m.expression]
            for m in self.by_model.get(model, ())
        ]

    def _value(self, mapping: FieldMapping, remote: Remote, record: str) -> Any:
        started = time.monotonic()
        try:
            if self._spent.get(mapping.id, 0.0) > SECONDS:
                raise TookTooMuch("The expression takes too long.")
            return mapping.value(remote)
        except ExpressionFailed as failure:
            noted = self.failures.setdefault(mapping, [])
            if len(noted) < KEPT_FAILURES:
                noted.append(f"{mapping.model} {record}: {failure}")
            if isinstance(failure, TookTooMuch):
                self._spent[mapping.id] = SECONDS + 1
            return None
        finally:
            self._spent[mapping.id] = self._spent.get(mapping.id, 0.0) + time.monotonic() - started


def traverse(value: Any, path: Iterable[str]) -> Any:
    """What lies at a path: keys of objects, places in lists. Null where there is nothing."""
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isascii() and step.isdigit():
            value = value[int(step)] if int(step) < len(value) else None
        else:
            return None
    return value


def rows_of(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Mappings with their targets, in the order in which they were made."""
    of_target = (
        target_field.c.model,
        target_field.c.name,
        target_field.c.description,
        target_field.c.account_id.label("target_account_id"),
    )
    return (
        select(field_mapping, *of_target)
        .join_from(field_mapping, target_field)
        .where(*conditions)
        .order_by(field_mapping.c.created_at, field_mapping.c.id)
    )


def holding_for(account_id: str, integration: str) -> ColumnElement[bool]:
    """That a mapping is the account's own or its integration's."""
    of_integration = and_(field_mapping.c.account_id.is_(None), field_mapping.c.integration == integration)
    return or_(field_mapping.c.account_id == account_id, of_integration)


def mappings_of(connection: Connection, account_id: str, integration: str) -> FieldMappings:
    """The mappings that hold for an account: its own one of a target goes before its integration's."""
    rows = connection.execute(rows_of(holding_for(account_id, integration))).all()
    by_target = {row.target_id: row for row in sorted(rows, key=lambda row: row.account_id is not None)}
    by_model: dict[str, list[FieldMapping]] = {}
    for row in rows:
        if by_target[row.target_id] is row:
            by_model.setdefault(row.model, []).append(_mapping(row))
    return FieldMappings(by_model)


def _mapping(row: Row[Any]) -> FieldMapping:
    expressions = ((JSONATA, row.jsonata), (JMESPATH, row.jmes_path))
    return FieldMapping(
        row.id,
        row.model,
        row.name,
        row.target_account_id is None,
        row.url_path,
        path_of(row),
        next(((language, text) for language, text in expressions if text), None),
    )


def path_of(row: Row[Any]) -> tuple[str, ...]:
    """The traversal path of a stored mapping."""
    steps: Sequence[str] = orjson.loads(row.traversal_path)
    return tuple(steps)
