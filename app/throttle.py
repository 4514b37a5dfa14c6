"""How many requests a minute a caller may make."""

import logging
import threading
import time
from collections import Counter
from dataclasses import dataclass

from limits.errors import StorageError
from limits.storage import RedisStorage

log = logging.getLogger(__name__)

MINUTE = 60
PATIENCE = 0.2  # seconds Redis gets to answer
BLIND = 5.0  # seconds in which a Redis that did not answer is not asked again


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a caller stands after a request.

    Attributes:
        limit: requests allowed a minute.
        remaining: how many are left; below zero: this one was too many.
        resets_at: when the count begins anew, in seconds since 1970.
        wait: seconds until then.
    """

    limit: int
    remaining: int
    resets_at: int
    wait: float

    @property
    def exceeded(self) -> bool:
        """Whether the request must be refused."""
        return self.remaining < 0


class Throttle:
    """Counts requests, minute by minute: in this process, or in Redis for all processes together.

    The library's own memory storage starts a thread for every hundredth of a second in which there is a
    request, which would cost more than looking the caller up; its Redis storage does not.

    Args:
        limit: requests allowed a minute; 0 for as many as come.
        url: where job calls queue; the count is kept there too when it is a Redis.
        name: tells this installation's counts from others' there.
    """

    def __init__(self, limit: int, url: str, name: str) -> None:
        self._limit = limit
        self.name = name
        self._lock = threading.Lock()
        self._minute = 0
        self._counts: Counter[str] = Counter()
        self._blind_until = 0.0
        self._shared: RedisStorage | None = None
        if limit and url.startswith(("redis://", "rediss://")):
            self._shared = _open_redis(url)

    def count(self, subject: str) -> Standing | None:
        """Count a request.

        Args:
            subject: who it is counted for.

        Returns:
            Where the subject stands now; None when there is no limit.
        """
        if not self._limit:
            return None
        present = time.time()
        minute = int(present // MINUTE)
        resets_at = (minute + 1) * MINUTE
        remaining = self._limit - self._counted(subject, minute)
        return Standing(self._limit, remaining, resets_at, resets_at - present)

    def _counted(self, subject: str, minute: int) -> int:
        if self._shared is not None and time.monotonic() >= self._blind_until:
            try:
                return self._shared.incr(f"{self.name}:{minute}:{subject}", MINUTE)
            except StorageError as error:
                self._blind_until = time.monotonic() + BLIND
                log.warning("Requests are counted in this process only: %s", error)
        return self._counted_here(subject, minute)

    def _counted_here(self, subject: str, minute: int) -> int:
        with self._lock:
            if minute != self._minute:
                self._minute, self._counts = minute, Counter()
            self._counts[subject] += 1
            return self._counts[subject]


def _open_redis(url: str) -> RedisStorage:
    from redis.backoff import NoBackoff  # noqa: PLC0415 - an optional package
    from redis.retry import Retry  # noqa: PLC0415 - likewise

    return RedisStorage(
        url,
        wrap_exceptions=True,
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        # A request must not wait for the client's own retries.
        retry=Retry(NoBackoff(), 0),  # type: ignore[arg-type] # passed on as it is
    )
