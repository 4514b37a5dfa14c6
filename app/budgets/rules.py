"""When a request may be sent: the rules of a budget, with no clock and no database of their own.

A fifth of what may be sent at once, of what may be on its way and of what the vendor says remains is left to
callers (writes, passthrough, a record read afresh), and nothing else begins while one of them waits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

import orjson

from providers.kit import Limit

PART = 5  # one in so many is left to callers
PATIENCE = 5.0  # seconds a thread waits for a turn; who would have to wait longer is refused
LOOK = 0.1  # seconds after which it is looked again whether a request on its way has ended
UNTOLD = 5.0  # seconds for which a vendor that refuses and names no time is left alone

Costs = Sequence[tuple[Limit, int]]


def reserve(count: float) -> int:
    """How many of some are left to callers."""
    return max(1, int(count) // PART) if count > 1 else 0


@dataclass(frozen=True)
class Turn:
    """What somebody who wants to send a request is told.

    Attributes:
        granted: whether it may be sent, after the wait; else one may ask again after it.
        wait: seconds.
    """

    granted: bool
    wait: float


@dataclass
class Spent:
    """What is used of one limit.

    Attributes:
        full_at: when all that may be sent at once may be again, if nothing is sent until then.
        granted: requests a window, as the vendor's last answer told.
        under_way: requests that have not ended, and until when that is believed of each.
    """

    full_at: float = 0.0
    granted: int | None = None
    under_way: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Allowance:
    """What a limit comes to at present: so many at once, and one more each interval of seconds."""

    at_once: float
    interval: float

    @classmethod
    def of(cls, limit: Limit, granted: int | None, share: float) -> "Allowance | None":
        """None where requests are not counted."""
        requests = granted or limit.requests
        if requests is None:
            return None
        ours = requests * share
        if limit.burst is not None:
            return cls(limit.burst, limit.seconds / ours)
        at_once = max(1.0, ours // PART)
        # Were all of these sent at a window's beginning and one each interval, it would see `ours` of them.
        return cls(at_once, limit.seconds / (ours - at_once + 1))

    def wait(self, spent: Spent, cost: int, now: float, *, background: bool) -> float:
        """The seconds until a request may be sent."""
        usable = max(self.at_once - (reserve(self.at_once) if background else 0), cost)
        return max(0.0, max(spent.full_at, now) - now - (usable - cost) * self.interval)


@dataclass
class Budget:
    """What may be asked of a vendor for one linked account.

    Attributes:
        held_until: nothing is sent before this.
        callers_until: only what callers wait for is sent before this.
        spent: what is used of each limit, by its name.
    """

    held_until: float = 0.0
    callers_until: float = 0.0
    spent: dict[str, Spent] = field(default_factory=dict)

    @classmethod
    def load(cls, held_until: float, callers_until: float, spent: str) -> "Budget":
        """As it was stored."""
        used = {name: Spent(**one) for name, one in orjson.loads(spent).items()}
        return cls(held_until, callers_until, used)

    def stored(self) -> dict[str, object]:
        """As it is stored."""
        used = orjson.dumps({name: asdict(one) for name, one in self.spent.items()}).decode()
        return {"held_until": self.held_until, "callers_until": self.callers_until, "spent": used}

    def of(self, limit: Limit) -> Spent:
        """What is used of a limit."""
        return self.spent.setdefault(limit.name, Spent())

    def take(
        self, costs: Costs, now: float, *, share: float, background: bool, ticket: str, lease: float
    ) -> Turn:
        """Ask for a request's turn; what is granted is spent.

        Args:
            costs: what the request takes of each limit.
            now: the time.
            share: how much of what the vendor grants is used.
            background: whether no caller waits for it.
            ticket: names the request until `give_back`.
            lease: seconds after which it is believed to have ended in any case.
        """
        closed = max(self.held_until, self.callers_until if background else 0.0) - now
        if closed > 0:
            return Turn(False, closed)
        if not all(self._has_room(limit, now, background=background) for limit, _ in costs):
            if not background:
                self.callers_until = max(self.callers_until, now + 2 * LOOK)
            return Turn(False, LOOK)
        allowed = [(limit, cost, Allowance.of(limit, self.of(limit).granted, share)) for limit, cost in costs]
        counted = [(self.of(limit), cost, a) for limit, cost, a in allowed if a is not None]
        wait = max(
            (a.wait(spent, cost, now, background=background) for spent, cost, a in counted), default=0.0
        )
        # Where a single request is granted each so many seconds, these are waited for by whoever it is.
        if wait > max([PATIENCE, *(2 * a.interval for _, _, a in counted)]):
            return Turn(False, wait)
        for spent, cost, a in counted:
            spent.full_at = max(spent.full_at, now) + cost * a.interval
        for limit, _ in costs:
            if limit.concurrent is not None:
                self.of(limit).under_way[ticket] = now + wait + lease
        return Turn(True, wait)

    def _has_room(self, limit: Limit, now: float, *, background: bool) -> bool:
        """Whether one more may be on its way; those that should have ended long ago are forgotten."""
        if limit.concurrent is None:
            return True
        spent = self.of(limit)
        spent.under_way = {ticket: end for ticket, end in spent.under_way.items() if end > now}
        return len(spent.under_way) < limit.concurrent - (reserve(limit.concurrent) if background else 0)

    def give_back(self, ticket: str) -> None:
        """A request has ended."""
        for spent in self.spent.values():
            spent.under_way.pop(ticket, None)

    def learn(self, costs: Costs, headers: Mapping[str, str], now: float, *, share: float) -> None:
        """Go by what an answer tells of the limits that its request took of."""
        for limit, _ in costs:
            spent = self.of(limit)
            spent.granted = limit.granted_by(headers) or spent.granted
            left, granted = limit.remaining_by(headers), spent.granted or limit.requests
            if left is None or granted is None:
                continue
            told = limit.resets_in(headers)
            window_ends = now + (limit.seconds if told is None else told)
            if left <= 0:
                self.held_until = max(self.held_until, window_ends)
            elif left < reserve(granted * share):
                self.callers_until = max(self.callers_until, window_ends)

    def refuse(self, costs: Costs, headers: Mapping[str, str], named: float | None, now: float) -> None:
        """The vendor has refused a request: nothing is sent for the seconds that it names.

        Args:
            costs: what the request took of each limit.
            headers: of the refusal.
            named: the seconds it asks to wait; None when it names none.
            now: the time.
        """
        told = [limit.resets_in(headers) for limit, _ in costs]
        seconds = max((one for one in told if one is not None), default=UNTOLD) if named is None else named
        self.held_until = max(self.held_until, now + seconds)
