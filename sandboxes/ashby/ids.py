"""Ids of what is in no table of its own."""

from uuid import NAMESPACE_URL, uuid5


def fixed_id(name: str) -> str:
    """The same UUID each time for the same name."""
    return str(uuid5(NAMESPACE_URL, f"https://api.ashbyhq.com/{name}"))
