"""List and view parameters, read by what the common model declares."""

from collections.abc import Iterable, Iterator

from sqlalchemy import ColumnElement
from starlette.datastructures import QueryParams

from app.api.errors import bad_filter, disabled
from app.common import times
from app.common.fields import Field, Kind, Model
from app.common.ids import is_uuid
from app.common.models import MODELS
from app.records.reading import (
    Selection,
    View,
    expand_tree,
    field_condition,
    remote_id_condition,
    through_condition,
)
from app.records.tables import RECORD_TABLES
from app.scopes.restrictions import Restrictions

TRUTHS = {"true": True, "1": True, "false": False, "0": False}


def selection(account_id: str, model: Model, query: QueryParams, restrictions: Restrictions) -> Selection:
    """Which records a list request asks for.

    Raises:
        ApiError: 400, a filter has an unusable value; 403, it looks at what the scopes withhold.
    """
    _refuse_withheld(model, query, restrictions)
    return Selection(
        tuple(_conditions(account_id, model, query)),
        deleted=truth(query, "include_deleted_data"),
        shells=truth(query, "include_shell_data"),
    )


def view(model: Model, query: QueryParams) -> View:
    """How a request wants records shown.

    Raises:
        ApiError: 400, a switch is neither true nor false.
    """
    origins = _listed(query.getlist("show_enum_origins")) or _listed(query.getlist("remote_fields"))
    return View(
        expand=expand_tree(model, _listed(query.getlist("expand"))),
        remote_data=truth(query, "include_remote_data"),
        origins=frozenset(origins),
        shells=truth(query, "include_shell_data"),
    )


def truth(query: QueryParams, name: str) -> bool:
    """A switch, off unless given.

    Raises:
        ApiError: 400, it is neither true nor false.
    """
    text = query.get(name, "")
    if text == "":
        return False
    if text.lower() not in TRUTHS:
        raise bad_filter()
    return TRUTHS[text.lower()]


def uuids(query: QueryParams, name: str) -> list[str]:
    """The ids a parameter lists.

    Raises:
        ApiError: 400, one of them is none.
    """
    found = words(query, name)
    if not all(is_uuid(one) for one in found):
        raise bad_filter()
    return [one.lower() for one in found]


def words(query: QueryParams, name: str) -> list[str]:
    """The values a parameter lists, separated by commas.

    Raises:
        ApiError: 400, it holds what no stored text has.
    """
    return _listed([word(query, name)])


def word(query: QueryParams, name: str) -> str:
    """A parameter's value; empty when it is not given.

    Raises:
        ApiError: 400, it holds what no stored text has.
    """
    text = query.get(name, "")
    if "\0" in text:  # PostgreSQL refuses to look for it
        raise bad_filter()
    return text


def choice(query: QueryParams, name: str, known: Iterable[str]) -> str:
    """A parameter's value, one of a closed set; empty when it is not given.

    Raises:
        ApiError: 400, it is none of the set.
    """
    text = query.get(name, "")
    if text and text not in known:
        raise bad_filter()
    return text


def between(
    query: QueryParams, column: ColumnElement[int], after: str, before: str
) -> Iterator[ColumnElement[bool]]:
    """The conditions of two parameters that bound a moment.

    Raises:
        ApiError: 400, one of them is no date-time.
    """
    if query.get(after):
        yield column > moment(query[after])
    if query.get(before):
        yield column < moment(query[before])


def max_age(query: QueryParams) -> int | None:
    """How many microseconds old a record may be at most; None when the caller does not mind.

    Raises:
        ApiError: 400, it is no whole number of seconds.
    """
    text = query.get("max_age", "")
    if text == "":
        return None
    if not (text.isascii() and text.isdigit()):
        raise bad_filter()
    return int(text[:9]) * 1_000_000


def moment(text: str) -> int:
    """A filter's date-time, in microseconds.

    Raises:
        ApiError: 400, it is none.
    """
    try:
        return times.to_micros(times.parse(text.replace(" ", "+") if "T" in text else text))
    except (ValueError, OverflowError) as error:
        raise bad_filter() from error


def _refuse_withheld(model: Model, query: QueryParams, restrictions: Restrictions) -> None:
    """A filter by what nobody may see would tell it."""
    withheld = restrictions.withheld_of(model)
    for f in model.fields:
        if f.name in withheld and f.filter and query.get(f.filter):
            raise disabled(f"{model.name}.{f.name}")
    for through in model.filters:
        target = MODELS[model.field(through.relation).target]
        passed = {through.relation} & withheld or {through.target_field} & restrictions.withheld_of(target)
        if query.get(through.parameter) and (passed or not restrictions.readable(target)):
            raise disabled(f"What {through.parameter} looks at")


def _conditions(account_id: str, model: Model, query: QueryParams) -> Iterable[ColumnElement[bool]]:
    table = RECORD_TABLES[model.name]
    yield from between(query, table.c.created_at, "created_after", "created_before")
    yield from between(query, table.c.modified_at, "modified_after", "modified_before")
    if query.get("remote_id"):
        yield remote_id_condition(account_id, model, query["remote_id"])
    for f in model.fields:
        if f.filter and query.get(f.filter):
            yield field_condition(account_id, model, f, _filter_values(f, query[f.filter]))
    for through in model.filters:
        value = query.get(through.parameter)
        if value:
            if not is_uuid(value):
                raise bad_filter()
            yield through_condition(account_id, model, through.relation, through.target_field, value.lower())


def _filter_values(f: Field, text: str) -> list[str]:
    if "\0" in text:  # no stored text has one, and PostgreSQL refuses to look for it
        raise bad_filter()
    values = _listed([text]) if f.is_list else [text]
    if f.is_relation:
        if not all(is_uuid(value) for value in values):
            raise bad_filter()
        return [value.lower() for value in values]
    if f.kind is Kind.ENUM and text not in f.values:
        raise bad_filter()
    return values


def _listed(texts: Iterable[str]) -> list[str]:
    return [part for text in texts for part in (item.strip() for item in text.split(",")) if part]
