"""Making, changing and deleting target fields and field mappings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.audit import trail
from app.common.fields import Model
from app.common.times import now
from app.fields.expressions import JMESPATH, JSONATA, LONGEST, ExpressionFailed, evaluator
from app.fields.mappings import holding_for, rows_of
from app.fields.remote import sources
from app.fields.tables import field_mapping, target_field
from app.writes.problems import WriteRefused, problem
from providers.kit import Api


@dataclass(frozen=True)
class Place:
    """Whose mapping it is.

    Attributes:
        account_id: the account from which it is made.
        integration: the account's integration.
        api: its vendor's API.
    """

    account_id: str
    integration: str
    api: Api


@dataclass(frozen=True)
class Wanted:
    """A mapping as a caller wants it.

    Attributes:
        model: the common model of its target.
        target_name: the target's name.
        target_description: what it is; used when the target is made along with the mapping.
        of_organization: whether the target is one of the organization's, which is there already.
        is_integration_wide: whether it holds for every account of the integration.
        remote: the remote side.
    """

    model: Model
    target_name: str
    target_description: str
    of_organization: bool
    is_integration_wide: bool
    remote: "RemoteSide"


@dataclass(frozen=True)
class RemoteSide:
    """Where a value comes from, and what is made of it."""

    method: str
    url_path: str
    path: Sequence[Any]
    jmes_path: str | None
    jsonata: str | None

    def values(self) -> dict[str, Any]:
        """As stored."""
        return {
            "url_path": self.url_path,
            "traversal_path": orjson.dumps([str(step) for step in self.path]).decode(),
            "jmes_path": self.jmes_path,
            "jsonata": self.jsonata,
        }


def make_target(connection: Connection, account_id: str | None, model: Model, name: str, text: str) -> str:
    """Make a target field and give its id.

    Raises:
        WriteRefused: there is one of that name.
    """
    target_id = str(uuid4())
    row = {"id": target_id, "account_id": account_id, "model": model.name, "name": name, "description": text}
    try:
        with connection.begin_nested():
            connection.execute(insert(target_field).values(**row, created_at=now()))
    except IntegrityError as error:
        detail = f"{model.name} has a target field {name!r} already."
        raise WriteRefused(problem("DUPLICATE_MODEL_EXISTS", detail, "model/target_field_name")) from error
    return target_id


def create(connection: Connection, place: Place, wanted: Wanted, actor: trail.Actor) -> str:
    """Make a mapping, and its target unless that is the organization's; gives the mapping's id.

    Raises:
        WriteRefused: with what is wrong.
    """
    check(place.api, wanted.model, wanted.remote)
    if wanted.of_organization:
        target_id = _organization_target(connection, wanted.model, wanted.target_name)
    else:
        described = (wanted.target_name, wanted.target_description)
        target_id = make_target(connection, place.account_id, wanted.model, *described)
    mapping_id = str(uuid4())
    values = {"id": mapping_id, "integration": place.integration, "target_id": target_id, "created_at": now()}
    values["account_id"] = None if wanted.is_integration_wide else place.account_id
    try:
        with connection.begin_nested():
            connection.execute(insert(field_mapping).values(values | wanted.remote.values()))
    except IntegrityError as error:
        detail = f"{wanted.model.name}.{wanted.target_name} is mapped already: change that mapping."
        raise WriteRefused(
            problem("DUPLICATE_MODEL_EXISTS", detail, "model/organization_wide_target_field")
        ) from error
    row = one(connection, place.account_id, place.integration, mapping_id)
    _record(connection, actor, "CREATED", row)
    return mapping_id


def change(
    connection: Connection, place: Place, model: Model, row: Row[Any], remote: RemoteSide, actor: trail.Actor
) -> None:
    """Change where a mapping's values come from.

    Raises:
        WriteRefused: with what is wrong.
    """
    check(place.api, model, remote)
    connection.execute(update(field_mapping).where(field_mapping.c.id == row.id).values(remote.values()))
    _record(connection, actor, "CHANGED", row)


def remove(connection: Connection, row: Row[Any], actor: trail.Actor) -> None:
    """Delete a mapping, and its target if that is the account's own."""
    connection.execute(delete(field_mapping).where(field_mapping.c.id == row.id))
    if row.target_account_id is not None:
        connection.execute(delete(target_field).where(target_field.c.id == row.target_id))
    _record(connection, actor, "DELETED", row)


def one(connection: Connection, account_id: str, integration: str, mapping_id: str) -> Row[Any] | None:
    """A mapping of an account or its integration."""
    holds = holding_for(account_id, integration)
    return connection.execute(rows_of(holds, field_mapping.c.id == mapping_id)).first()


def targets(connection: Connection, account_id: str) -> list[Row[Any]]:
    """The organization's target fields and the account's own."""
    whose = target_field.c.account_id.is_(None) | (target_field.c.account_id == account_id)
    order = (target_field.c.created_at, target_field.c.id)
    return list(connection.execute(select(target_field).where(whose).order_by(*order)))


def check(api: Api, model: Model, remote: RemoteSide) -> None:
    """Refuse a remote side that cannot give anything.

    Raises:
        WriteRefused: with everything that is wrong.
    """
    errors = []
    if remote.method.upper() != "GET":
        errors.append(problem("INVALID_FIELD_CHOICE", "Fields are read with GET.", "model/remote_method"))
    known = sources(api, model)
    if remote.url_path not in known:
        detail = f"{model.name} is made of {', '.join(known) or 'nothing in this API'}."
        errors.append(problem("INVALID_FIELD_CHOICE", detail, "model/remote_url_path"))
    if not remote.path or not all(isinstance(step, (str, int)) for step in remote.path):
        detail = "This takes a list of keys, as GET /remote-fields shows it."
        errors.append(problem("INCORRECT_FIELD_TYPE", detail, "model/remote_field_traversal_path"))
    if remote.jmes_path and remote.jsonata:
        detail = "Give one of jmes_path and advanced_mapping_expression."
        errors.append(problem("INVALID_FIELD_CHOICE", detail, "model/advanced_mapping_expression"))
    for name, language, text in (
        ("jmes_path", JMESPATH, remote.jmes_path),
        ("advanced_mapping_expression", JSONATA, remote.jsonata),
    ):
        wrong = _wrong(language, text) if text else None
        if wrong:
            errors.append(problem("INVALID_FIELD_CHOICE", wrong, f"model/{name}"))
    if errors:
        raise WriteRefused(*errors)


def _wrong(language: str, text: str) -> str | None:
    if len(text) > LONGEST:
        return f"An expression has at most {LONGEST} characters."
    try:
        evaluator.check(language, text)
    except ExpressionFailed as failure:
        return str(failure)
    return None


def _organization_target(connection: Connection, model: Model, name: str) -> str:
    of_organization = (target_field.c.account_id.is_(None), target_field.c.model == model.name)
    query = select(target_field.c.id).where(*of_organization, target_field.c.name == name)
    found = connection.scalar(query)
    if found is None:
        detail = f"The organization has no target field {name[:60]!r} for {model.name}: POST /target-fields."
        raise WriteRefused(problem("INVALID_FIELD_CHOICE", detail, "model/organization_wide_target_field"))
    return str(found)


def _record(connection: Connection, actor: trail.Actor, deed: str, row: Row[Any] | None) -> None:
    assert row is not None
    whose = "LINKED_ACCOUNT" if row.account_id else "INTEGRATION_WIDE"
    place = f"the linked account {row.account_id}" if row.account_id else f"all accounts of {row.integration}"
    description = f"{deed.capitalize()} the mapping of {row.model}.{row.name} for {place}."
    trail.record(connection, actor, f"{deed}_{whose}_FIELD_MAPPING", description, row.account_id)
