"""Requests to vendors take turns: they wait a little for theirs, or are refused before they are sent."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from uuid import uuid4

import httpx
from sqlalchemy.exc import SQLAlchemyError

from app.accounts.clock import AccountGone
from app.budgets.ledger import Ledger
from app.budgets.rules import PATIENCE, Budget, Costs, Turn
from app.telemetry.metrics import VENDOR_WAITS
from providers.kit import Limit, RateLimited
from providers.kit.errors import retry_after

log = logging.getLogger(__name__)

GRACE = 60.0  # seconds beyond its time-out after which a request is believed to have ended
CROWD = 10  # threads of one process that wait for one account's turns; more are refused
SOON = 1.0  # seconds after which whoever is refused may come again, at the earliest


@dataclass(frozen=True)
class Customer:
    """Who sends requests.

    Attributes:
        account_id: the linked account.
        integration: its provider's slug.
        limits: what its vendor grants.
        timeout: seconds for which an answer is waited for.
        background: whether no caller waits for what is sent.
    """

    account_id: str
    integration: str
    limits: tuple[Limit, ...]
    timeout: float
    background: bool


@dataclass(frozen=True)
class Ticket:
    """A request that may be sent.

    Attributes:
        id: what the budget knows it by.
        costs: what it takes of each limit.
        budget: as it was left, at `taken_at`.
        taken_at: by the database's clock.
    """

    id: str
    costs: Costs
    budget: Budget
    taken_at: float


class Turns:
    """Gives the requests of this process their turns, in step with those of all others.

    Args:
        ledger: the budgets.
        share: how much of what vendors grant is used; 0 obeys refusals and nothing else.
        sleep: waits for seconds.
    """

    def __init__(self, ledger: Ledger, share: float, sleep: Callable[[float], None] = time.sleep) -> None:
        self._ledger = ledger
        self._share = share
        self._sleep = sleep
        self._lock = threading.Lock()
        self._waiting: Counter[str] = Counter()

    def take(self, customer: Customer, request: httpx.Request) -> Ticket:
        """Return when a request may be sent.

        Raises:
            RateLimited: it would have to wait too long.
            AccountGone: the account is not there.
        """
        priced = [(limit, limit.cost(request)) for limit in customer.limits if self._share]
        ticket_id, costs = str(uuid4()), [(limit, cost) for limit, cost in priced if cost]
        patience = PATIENCE
        if self._waiting[customer.account_id] >= CROWD:
            raise _refusal(SOON)
        while True:
            turn, ticket = self._ask(customer, ticket_id, costs)
            if not turn.granted and turn.wait > patience:
                raise _refusal(turn.wait)
            self._wait(customer, turn.wait)
            if turn.granted:
                return ticket
            patience -= turn.wait

    def _ask(self, customer: Customer, ticket_id: str, costs: Costs) -> tuple[Turn, Ticket]:
        if not costs:  # only a refusal of the vendor's could stop it, and nothing of it is written down
            held = self._ledger.held(customer.account_id)
            return Turn(held <= 0, max(0.0, held)), Ticket(ticket_id, costs, Budget(), 0.0)
        with self._ledger.changing(customer.account_id) as (budget, now):
            turn = budget.take(
                costs,
                now,
                share=self._share,
                background=customer.background,
                ticket=ticket_id,
                lease=customer.timeout + GRACE,
            )
        return turn, Ticket(ticket_id, costs, budget, now)

    def _wait(self, customer: Customer, seconds: float) -> None:
        if not seconds:
            return
        account_id = customer.account_id
        with self._lock:
            self._waiting[account_id] += 1
        try:
            VENDOR_WAITS.labels(customer.integration).inc(seconds)
            self._sleep(seconds)
        finally:
            with self._lock:
                self._waiting[account_id] -= 1
                self._waiting += Counter()  # drops who is at 0

    def note(self, customer: Customer, ticket: Ticket, response: httpx.Response) -> None:
        """Go by what the vendor answered: a refusal, and what it tells of its limits."""
        costs, headers = ticket.costs, response.headers
        if response.status_code == 429:
            named = retry_after(response)
            self._write(customer, lambda budget, now: budget.refuse(costs, headers, named, now))
            return
        told = deepcopy(ticket.budget)
        told.learn(costs, headers, ticket.taken_at, share=self._share)
        if told != ticket.budget:
            self._write(customer, lambda budget, now: budget.learn(costs, headers, now, share=self._share))

    def end(self, customer: Customer, ticket: Ticket) -> None:
        """A request has ended, however it did."""
        if any(limit.concurrent is not None for limit, _ in ticket.costs):
            self._write(customer, lambda budget, _now: budget.give_back(ticket.id))

    def _write(self, customer: Customer, change: Callable[[Budget, float], None]) -> None:
        """Write down what came of a request. That this fails must not look as if it had not been sent."""
        try:
            with self._ledger.changing(customer.account_id) as (budget, now):
                change(budget, now)
        except (SQLAlchemyError, AccountGone) as error:
            log.warning("budget of account %s not kept: %s", customer.account_id, type(error).__name__)


def _refusal(wait: float) -> RateLimited:
    return RateLimited("The vendor's limit of requests is met.", retry_after=max(SOON, wait))
