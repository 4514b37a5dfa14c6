"""What every write needs: who acts, ids as numbers, moments as the vendor takes them, look-ups."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from providers.kit import (
    ACTING_USER_IGNORED,
    Client,
    Invalid,
    NotFound,
    PermissionMissing,
    Row,
    Rows,
    Unavailable,
    Write,
)

Fallback = Callable[[], str | None]


def nobody() -> str | None:
    """For writes that no user suggests himself for."""
    return None


def needs_user_v1(credentials: Mapping[str, str]) -> bool:
    """V1 writes for somebody, always."""
    return not credentials.get("user_id")


def acting_v1(write: Write, fallback: Fallback = nobody) -> str:
    """Whom a v1 write acts for: whoever the caller names, the account's own user, or the fallback.

    Raises:
        Invalid: nobody is known, and v1 does not write for nobody.
    """
    user = write.as_user or write.credentials.get("user_id") or fallback()
    if not user:
        raise Invalid("remote_user_id: Harvest v1 writes only on behalf of a user; name one.")
    return user


def acting_v3(write: Write, fallback: Fallback = nobody) -> str | None:
    """The same for v3, where None stands for the account's own token and so for the user that has."""
    own = write.credentials.get("user_id")
    if write.credentials.get("refresh_token"):
        if write.as_user:
            detail = "Harvest v3 always acts as the user who authorised this account."
            write.warn("remote_user_id", detail, ACTING_USER_IGNORED)
        return None
    user = write.as_user or own or fallback()
    return None if user == own else user


def author_of(write: Write, as_user: str | None) -> str | None:
    """The user a write acts for, as far as known."""
    return as_user or write.credentials.get("user_id") or None


def number(value: Any, field: str) -> int:
    """An id as it is sent.

    Raises:
        Invalid: it cannot be one of Greenhouse's.
    """
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise Invalid(f"{field}: {value!r} is no id of Greenhouse.") from error


def zulu(moment: datetime) -> str:
    """An aware date-time in UTC with `Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def made(answer: Row) -> str:
    """The id of what a write made.

    Raises:
        Unavailable: the vendor took the write for later and gave no id.
    """
    if answer.get("id") is None:
        said = answer.get("message") or "no id in the answer"
        raise Unavailable(f"Greenhouse has not finished the write: {said}", outcome_unknown=True)
    return str(answer["id"])


def needed(write: Write, fetch: Callable[[Client, str], Rows], resource: str, key: str, field: str) -> Row:
    """A record that a write needs to know, as it is now; as it was kept when it may not be read alone.

    Raises:
        Invalid: there is none.
    """
    try:
        return fetch(write.client, key)[resource][0]
    except NotFound as error:
        raise Invalid(f"{field}: Greenhouse does not have {key}.") from error
    except PermissionMissing:
        kept = write.stored(resource, key)
        if kept is None:
            raise
        return kept


def first_or_none(rows: Iterable[Row]) -> Row | None:
    """The first row, or None."""
    return next(iter(rows), None)
