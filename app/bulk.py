"""Many rows of one table at once, in the way each database does it best.

SQLite runs one statement over and over: there is no server to reach. PostgreSQL gets all rows in one
statement, as an array for each column, or from a temporary table they have been copied into when there are
many: making and dropping that table takes longer than hundreds of rows do.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    Connection,
    Dialect,
    FromClause,
    Insert,
    MetaData,
    String,
    Table,
    Text,
    Update,
    bindparam,
    cast,
    column,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeEngine

COPIED = 1000  # rows from which on PostgreSQL has them copied into a temporary table
_NEW = "new_"  # before a column's name, which in an update cannot be a parameter's
Rows = Sequence[dict[str, Any]]  # column → value; all with the same columns
New = Mapping[str, BindParameter[Any]]  # column → what stands for its value in a statement


def insert_rows(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert rows that are not there.

    Raises:
        IntegrityError: one is.
    """
    if rows and connection.dialect.name == "sqlite":
        _repeat(connection, table, rows, _adding)
    elif rows:
        _send(connection, table, rows, _inserting)


def upsert_rows(connection: Connection, table: Table, rows: Rows, changing: tuple[str, ...] = ()) -> None:
    """Insert rows, or change those that are there.

    Args:
        connection: the transaction.
        table: where they go.
        rows: with the primary key; of rows with the same one the last counts.
        changing: the columns to change in rows that are there; with none they are left as they are.
    """
    unique = _unique(table, rows)
    if unique and connection.dialect.name == "sqlite":
        _repeat(connection, table, unique, _putting, changing)
    elif unique:
        _send(connection, table, unique, _upserting, changing)


def update_rows(connection: Connection, table: Table, rows: Rows) -> None:
    """Change rows that are there.

    Args:
        connection: the transaction.
        table: where they are.
        rows: the primary key and the columns to change; of rows with the same key the last counts.
    """
    unique = _unique(table, rows)
    if unique and connection.dialect.name == "sqlite":
        _repeat(connection, table, unique, _changing)
    elif unique:
        _send(connection, table, unique, _updating)


def _unique(table: Table, rows: Rows) -> list[dict[str, Any]]:
    keys = _keys(table)
    return list({tuple(row[key] for key in keys): row for row in rows}.values())


def _keys(table: Table) -> tuple[str, ...]:
    return tuple(key.name for key in table.primary_key)


def _unless_there(
    statement: sqlite.Insert | postgresql.Insert, table: Table, changing: tuple[str, ...]
) -> Insert:
    if not changing:
        return statement.on_conflict_do_nothing()
    excluded = {name: statement.excluded[name] for name in changing}
    return statement.on_conflict_do_update(index_elements=_keys(table), set_=excluded)


def _ready(dialect: Dialect, columns: Iterable[Column[Any]], rows: Rows) -> Iterator[tuple[Any, ...]]:
    """The rows as a driver takes them, for where SQLAlchemy, which sees to types, is passed by."""
    values: list[Iterable[Any]] = []
    for each in columns:
        given = map(itemgetter(each.name), rows)
        prepare = each.type.dialect_impl(dialect).bind_processor(dialect)
        values.append(map(prepare, given) if prepare else given)
    return zip(*values, strict=True)


# ---- SQLite


def _repeat(connection: Connection, table: Table, rows: Rows, statement_of: Any, *more: Any) -> None:
    # Straight to the driver: SQLAlchemy takes longer over each row than SQLite does.
    text, names = _compiled(statement_of, table, tuple(rows[0]), *more)
    columns = [table.c[name] for name in names]
    connection.exec_driver_sql(text, list(_ready(connection.dialect, columns, rows)))


@lru_cache
def _compiled(statement_of: Any, table: Table, names: tuple[str, ...], *more: Any) -> tuple[str, list[str]]:
    """A statement's text, and the columns in the order of its parameters."""
    new = {name: bindparam(_NEW + name, type_=table.c[name].type) for name in names}
    compiled = statement_of(table, new, *more).compile(dialect=sqlite.dialect())
    return str(compiled), [name.removeprefix(_NEW) for name in compiled.positiontup]


def _adding(table: Table, new: New) -> sqlite.Insert:
    return sqlite.insert(table).values(new)


def _putting(table: Table, new: New, changing: tuple[str, ...]) -> Insert:
    return _unless_there(_adding(table, new), table, changing)


def _changing(table: Table, new: New) -> Update:
    keys = _keys(table)
    return (
        update(table)
        .where(*(table.c[key] == new[key] for key in keys))
        .values({name: value for name, value in new.items() if name not in keys})
    )


# ---- PostgreSQL


def _send(connection: Connection, table: Table, rows: Rows, statement_of: Any, *more: Any) -> None:
    names = tuple(rows[0])
    if len(rows) < COPIED:
        arrays = {name: [row[name] for row in rows] for name in names}
        given = {_NEW + name: values for name, values in arrays.items()}
        connection.execute(statement_of(table, _arrays(table, names), *more), given)
        return
    staged = _staged(table, names)
    staged.create(connection, checkfirst=False)
    _copy(connection, staged, rows)
    connection.execute(statement_of(table, staged, *more))
    staged.drop(connection, checkfirst=False)


def _copy(connection: Connection, staged: Table, rows: Rows) -> None:
    with connection.connection.cursor().copy("copy incoming from stdin") as copy:
        for row in _ready(connection.dialect, staged.c, rows):
            copy.write_row(row)


@lru_cache
def _arrays(table: Table, names: tuple[str, ...]) -> FromClause:
    """The rows as parameters: an array for each column."""
    types = {name: postgresql.ARRAY(_type(table.c[name])) for name in names}
    arrays = [cast(bindparam(_NEW + name, type_=kind), kind) for name, kind in types.items()]
    columns = [column(name, _type(table.c[name])) for name in names]
    return func.unnest(*arrays).table_valued(*columns).render_derived(name="incoming")


@lru_cache
def _staged(table: Table, names: tuple[str, ...]) -> Table:
    """A temporary table for the rows. Each transaction makes and drops its own: none outlives a migration."""
    columns = [Column(name, _type(table.c[name])) for name in names]
    return Table("incoming", MetaData(), *columns, prefixes=["TEMPORARY"])


def _type(of: Column[Any]) -> TypeEngine[Any]:
    """A text of any length: a cast to a shorter one would cut it off instead of failing."""
    return Text() if isinstance(of.type, String) else of.type


def _names(rows: FromClause) -> list[str]:
    return [each.name for each in rows.c]


@lru_cache
def _inserting(table: Table, rows: FromClause) -> postgresql.Insert:
    return postgresql.insert(table).from_select(_names(rows), select(rows))


@lru_cache
def _upserting(table: Table, rows: FromClause, changing: tuple[str, ...]) -> Insert:
    return _unless_there(_inserting(table, rows), table, changing)


@lru_cache
def _updating(table: Table, rows: FromClause) -> Update:
    keys = _keys(table)
    return (
        update(table)
        .where(*(table.c[key] == rows.c[key] for key in keys))
        .values({name: rows.c[name] for name in _names(rows) if name not in keys})
    )
