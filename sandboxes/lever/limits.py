"""A token bucket: 10 requests a second, bursts up to 20 (https://hire.lever.co/developer/documentation#rate-limits).

No header tells of it, neither before nor with the 429.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

GENEROUS = 100_000


@dataclass
class Bucket:
    """Fills at `rate` a second up to `burst`; every request takes one."""

    clock: Callable[[], datetime]
    rate: float = GENEROUS
    burst: float = GENEROUS
    _held: float = field(default=GENEROUS, init=False)
    _filled_at: float = field(default=0, init=False)

    def set(self, rate: float, burst: float) -> None:
        """Another limit, beginning with a full bucket."""
        self.rate, self.burst, self._held = rate, burst, burst
        self._filled_at = self.clock().timestamp()

    def take(self) -> bool:
        """Count one request; False when the bucket is empty."""
        now = self.clock().timestamp()
        # A clock that a test sets back empties nothing.
        elapsed = max(now - self._filled_at, 0)
        self._held = min(self.burst, self._held + elapsed * self.rate)
        self._filled_at = now
        if self._held < 1:
            return False
        self._held -= 1
        return True
