"""How often a vendor lets itself be asked, as it documents it and as its answers tell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite

import httpx

from providers.kit.errors import RATE_LIMIT_MOST

EPOCH = 1_000_000_000  # above it, a number of seconds is a moment and not a distance
EPOCH_MS = 1_000_000_000_000  # above it, it is one in milliseconds


def _one(_request: httpx.Request) -> int:
    return 1


@dataclass(frozen=True, kw_only=True)
class Limit:
    """One limit that a vendor sets to the requests of an account; an API may have several.

    Attributes:
        name: unique in its API.
        requests: how many are granted in `seconds`; None where there is only `concurrent`.
        seconds: how long the window is that they are counted in.
        burst: how many are granted at once on top, where the vendor counts with a bucket that fills up
            again. Where it is not given the vendor counts in windows: then a fifth may be sent at once and
            the rest is spread, so that no window, wherever it begins, sees more than `requests`.
        concurrent: how many may be on their way at the same time.
        cost: how much of it a request takes; 0 where it is not about that request.
        granted: the header that tells what `requests` really is.
        remaining: the header that tells how many are left in the window.
        reset: the header that tells when the next window begins: seconds or milliseconds since 1970, or
            seconds from now.
    """

    name: str
    requests: int | None = None
    seconds: float = 1.0
    burst: int | None = None
    concurrent: int | None = None
    cost: Callable[[httpx.Request], int] = _one
    granted: str = ""
    remaining: str = ""
    reset: str = ""

    def granted_by(self, headers: Mapping[str, str]) -> int | None:
        """How many requests an answer says are granted in a window; None where it does not say."""
        told = _number(headers.get(self.granted))
        return int(told) if told is not None and told >= 1 else None

    def remaining_by(self, headers: Mapping[str, str]) -> int | None:
        """How many an answer says are left; None where it does not say."""
        told = _number(headers.get(self.remaining))
        return None if told is None else int(told)

    def resets_in(self, headers: Mapping[str, str]) -> float | None:
        """The seconds until the next window by an answer and its own clock; None where it does not say."""
        told = _number(headers.get(self.reset))
        if told is None:
            return None
        if told > EPOCH:
            told = (told / 1000 if told > EPOCH_MS else told) - _clock_of(headers)
        return min(max(0.0, told), RATE_LIMIT_MOST)


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if isfinite(number) else None


def _clock_of(headers: Mapping[str, str]) -> float:
    """What time it is for whoever answered, in seconds since 1970: clocks differ."""
    try:
        return parsedate_to_datetime(headers.get("date", "")).timestamp()
    except (ValueError, TypeError):
        return datetime.now(UTC).timestamp()
