"""The calls to a linked account's vendor, at a terminal."""

from rich.table import Table
from rich.text import Text
from sqlalchemy import Engine

from app.accounts.directory import by_id
from app.calls.shown import calls_of
from app.calls.tables import vendor_call
from app.cli.problems import Refused
from app.common.times import from_micros
from app.database import reading


def calls_table(engine: Engine, account_id: str, limit: int, *, failed: bool) -> Table:
    """The last calls, the newest at the bottom.

    Raises:
        Refused: there is no such account.
    """
    query = calls_of(account_id, failed=failed).order_by(vendor_call.c.created_at.desc(), vendor_call.c.id)
    with reading(engine).connect() as connection:
        if by_id(connection, account_id) is None:
            raise Refused(f"there is no linked account {account_id!r}; GET /linked-accounts lists them")
        rows = connection.execute(query.limit(limit)).all()
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="not bold underline")
    for name in ("When (UTC)", "Method", "Status", "ms"):
        table.add_column(name, no_wrap=True, justify="right" if name == "ms" else "left")
    table.add_column("Where", overflow="fold")
    for row in reversed(rows):
        table.add_row(
            f"{from_micros(row.created_at):%Y-%m-%d %H:%M:%S}",
            row.method,
            str(row.status or "none"),
            str(row.milliseconds),
            Text(f"{row.host}{row.path}"),
        )
    return table
