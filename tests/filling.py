"""Rows of a linked account in every table that has such rows, also in those that are yet to come."""

from typing import Any
from uuid import uuid4

from sqlalchemy import Column, Connection, func, insert, select
from world import Account, World

from app.common.times import now
from app.tables import metadata
from app.webhooks.tables import webhook_endpoint

ENDPOINT = "00000000-0000-4000-8000-0000000000ee"


def subscribe(world: World) -> None:
    """Let somebody want every event, which gather and are not sent."""
    with world.service.engine.begin() as connection:
        connection.execute(
            insert(webhook_endpoint).values(
                id=ENDPOINT,
                target="https://subscriber.example/",
                events='["*"]',
                account_type="PRODUCTION",
                state="DISABLED",
                failures=0,
                created_at=now(),
                modified_at=now(),
            )
        )


def made_up(connection: Connection, column: Column[Any]) -> Any:
    """A value that a column takes."""
    for reference in column.foreign_keys:
        return connection.scalar(select(reference.column).limit(1))
    length = getattr(column.type, "length", None)
    if length == len(str(uuid4())):
        return str(uuid4())
    made = {bytes: b"Marked", str: "Marked"}.get(column.type.python_type, 1)
    return made[:length] if isinstance(made, str) else made


def fill(world: World, account: Account) -> set[str]:
    """Give the account a row in every table with rows of accounts that has none yet; gives all of them."""
    mine = [table for table in metadata.sorted_tables if "account_id" in table.c]
    with world.service.engine.begin() as connection:
        for table in mine:
            if connection.scalar(select(func.count()).where(table.c.account_id == account.id)):
                continue
            row = {c.name: made_up(connection, c) for c in table.c if not c.computed and not c.identity}
            connection.execute(insert(table).values(row | {"account_id": account.id}))
    return {table.name for table in mine}
