"""What every write needs: Ashby writes as the key's own user, and answers with what it made."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from providers.ashby.calls import record_of
from providers.kit import ACTING_USER_IGNORED, Row, Unavailable, Write, Written

Run = Callable[[Write], Written]


def as_the_key(run: Run) -> Run:
    """A write that tells a caller who names an acting user that nobody can be acted for."""

    def told(write: Write) -> Written:
        if write.as_user:
            write.warn("remote_user_id", "Ashby writes as the user of the API key.", ACTING_USER_IGNORED)
        return run(write)

    return told


def sent(write: Write, path: str, body: dict[str, Any]) -> Row:
    """Send a change once; gives the record that is the answer."""
    return record_of(write.client.send("POST", path, json=body))


def made(row: Row) -> str:
    """The id of what a write made.

    Raises:
        Unavailable: the answer has none. It may have been made.
    """
    if not row.get("id"):
        raise Unavailable("Ashby names no id in its answer.", outcome_unknown=True)
    return str(row["id"])


def host_of(address: str) -> str:
    """The host of a web page, without `www.`."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
