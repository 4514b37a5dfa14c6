"""Requests kept within the rate a vendor grants, before it must refuse any."""

import threading
import time
from collections.abc import Callable
from weakref import WeakValueDictionary

import httpx

from providers.kit import Rate


class Pace:
    """A bucket of requests that fills up again at the vendor's rate.

    Args:
        rate: what the vendor grants.
        share: how much of it is used: 0.5 leaves half to others with the same credentials.
        clock: seconds that only grow.
        sleep: waits for seconds.
    """

    def __init__(
        self,
        rate: Rate,
        share: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._per_second = rate.per_second * share
        self._burst = rate.burst
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._left, self._at = float(rate.burst), clock()

    def wait(self) -> None:
        """Return when one more request may be sent; those who wait are served in their order."""
        with self._lock:
            moment = self._clock()
            self._left = min(self._burst, self._left + (moment - self._at) * self._per_second) - 1
            self._at = moment
            missing = -self._left / self._per_second
        if missing > 0:
            self._sleep(missing)


class Paces:
    """The paces of linked accounts: all that this process asks for an account shares one.

    Args:
        share: see `Pace`; 0 asks as fast as vendors answer.
    """

    def __init__(self, share: float) -> None:
        self._share = share
        self._lock = threading.Lock()
        self._known: WeakValueDictionary[str, Pace] = WeakValueDictionary()

    def of(self, account_id: str, rate: Rate | None) -> Pace | None:
        """The pace of a linked account, or None where there is none to keep."""
        if rate is None or not self._share:
            return None
        with self._lock:
            pace = self._known.get(account_id)
            if pace is None:
                pace = self._known[account_id] = Pace(rate, self._share)
            return pace


class Paced(httpx.BaseTransport):
    """Sends a request when its pace allows it.

    Args:
        inner: what sends.
        pace: see `Pace`.
    """

    def __init__(self, inner: httpx.BaseTransport, pace: Pace) -> None:
        self._inner = inner
        self._pace = pace

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        self._pace.wait()
        return self._inner.handle_request(request)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()
