"""Budgets as rows: one a linked account, locked for as long as it takes to change it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts.clock import AccountGone
from app.budgets.rules import Budget
from app.budgets.tables import vendor_budget
from app.database import reading, upsert_into
from app.jobs.clock import Now

_row = vendor_budget.c


class Ledger:
    """The budgets of all linked accounts.

    Args:
        engine: the database, whose clock is gone by.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def changing(self, account_id: str) -> Iterator[tuple[Budget, float]]:
        """An account's budget and the time, until the block ends; nobody else has it meanwhile.

        Raises:
            AccountGone: the account is not there.
        """
        query = select(_row.held_until, _row.callers_until, _row.spent, Now()).where(
            _row.account_id == account_id
        )
        with self._engine.begin() as connection:
            row = connection.execute(query.with_for_update()).first()
            if row is None:
                new = upsert_into(connection, vendor_budget).values(account_id=account_id)
                try:
                    connection.execute(new.values(Budget().stored()).on_conflict_do_nothing())
                except IntegrityError as error:
                    raise AccountGone(account_id) from error
                row = connection.execute(query.with_for_update()).one()
            budget = Budget.load(row[0], row[1], row[2])
            before = budget.stored()
            yield budget, float(row[3])
            if budget.stored() != before:
                connection.execute(
                    update(vendor_budget).where(_row.account_id == account_id).values(**budget.stored())
                )

    def held(self, account_id: str) -> float:
        """The seconds for which the vendor has refused everything; 0 or less when it has not."""
        query = select(_row.held_until - Now()).where(_row.account_id == account_id)
        with reading(self._engine).connect() as connection:
            return float(connection.scalar(query) or 0.0)
