"""Vendor dates into ISO 8601 UTC."""

from datetime import UTC, datetime


def midnight(date: str | None) -> str | None:
    """A date without a time, as midnight UTC: `2026-12-04` → `2026-12-04T00:00:00Z`."""
    return f"{date}T00:00:00Z" if date else None


def iso(moment: datetime) -> str:
    """An aware date-time as ISO 8601 in UTC with `Z` and milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
