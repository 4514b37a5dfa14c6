"""The real time, and dates and times as vendors write and take them."""

import re
from datetime import UTC, date, datetime

_ZULU = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?Z")


def utc_now() -> datetime:
    """The real time."""
    return datetime.now(UTC)


def timestamp(moment: datetime) -> str:
    """The stored notation: UTC, ISO-8601, milliseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def instant(value: object) -> str | None:
    """A full date-time in UTC (`Z`) in the stored notation; None when it is anything else."""
    if not isinstance(value, str) or not _ZULU.fullmatch(value):
        return None
    try:
        return timestamp(datetime.fromisoformat(value))
    except ValueError:
        return None


def lenient_instant(value: str) -> str | None:
    """A date-time with any offset, or a date (its midnight), in the stored notation."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return timestamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def day(value: object) -> str | None:
    """A date; None when it is anything else."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value).isoformat() if len(value) == 10 else None
    except ValueError:
        return None
