"""Vendor values into values of the common model."""

from collections.abc import Mapping


def translate(
    value: str | None, table: Mapping[str, str], other: str | None = None
) -> tuple[str, str] | None:
    """A vendor's value as an enum field wants it: the common value and the vendor's own.

    Args:
        value: what the vendor wrote.
        table: vendor value → common value.
        other: the common value of everything else; None lets it pass through.

    Returns:
        Both values, or None when the vendor gave none.
    """
    if value is None:
        return None
    return table.get(value, other or value), value
