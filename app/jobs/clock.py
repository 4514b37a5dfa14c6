"""The database's clock: the only clock that jobs go by, so that workers need not agree on the time."""

from typing import Any

from sqlalchemy import Double
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class Now(FunctionElement[float]):
    """The time at which the database evaluates the expression, in seconds since 1970.

    It is not the time at which the transaction began: a statement that has waited for a row lock
    compares with the time at which it got it.
    """

    type = Double()
    name = "now"
    inherit_cache = True


@compiles(Now, "sqlite")
def _on_sqlite(_element: Now, _compiler: SQLCompiler, **_options: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(Now, "postgresql")
def _on_postgresql(_element: Now, _compiler: SQLCompiler, **_options: Any) -> str:
    return "cast(extract(epoch from clock_timestamp()) as double precision)"
