"""Moments: microseconds since 1970 in the database, ISO 8601 in UTC with `Z` outside."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def now() -> int:
    """The present moment."""
    return to_micros(datetime.now(UTC))


def to_micros(moment: datetime) -> int:
    """An aware date-time in microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


def from_micros(micros: int) -> datetime:
    """The aware date-time of a stored moment."""
    return EPOCH + timedelta(microseconds=micros)


def render(moment: datetime) -> str:
    """An aware date-time as callers read it."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


@lru_cache(maxsize=100)  # all records of a page have the same
def render_micros(micros: int | None) -> str | None:
    """A stored moment as callers read it; null stays null."""
    return None if micros is None else render(from_micros(micros))


def parse(text: str) -> datetime:
    """Read ISO 8601; without an offset it is taken for UTC.

    Raises:
        ValueError: it is not a date-time.
    """
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
