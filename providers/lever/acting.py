"""What every write needs: who acts, which opportunity is meant, and the answer's id."""

from collections.abc import Mapping

from providers.kit import ACTING_USER_IGNORED, Invalid, Row, Unavailable, Write
from providers.lever.opportunities import is_active


def needs_user(credentials: Mapping[str, str]) -> bool:
    """Lever writes these on behalf of a user; the credentials may name one."""
    return not credentials.get("perform_as")


def known_user(write: Write, *suggested: str | None) -> str | None:
    """Whom a write acts for: whoever the caller names, the first suggested, or the credentials' own user."""
    named = (write.as_user, *suggested, write.credentials.get("perform_as"))
    return next((user for user in named if user), None)


def acting_user(write: Write, *suggested: str | None) -> str:
    """The same, where Lever refuses to write on nobody's behalf.

    Raises:
        Invalid: nobody is known.
    """
    user = known_user(write, *suggested)
    if user is None:
        raise Invalid("remote_user_id: Lever writes this only on behalf of a user; name one.")
    return user


def tell_ignored(write: Write, field: str, user: str | None) -> None:
    """Say so when another user was wanted than the one who acts."""
    wanted = write.fields.get(field)
    if wanted and wanted != user:
        detail = "Lever puts the acting user here; name them as remote_user_id."
        write.warn(field, detail, ACTING_USER_IGNORED)


def opportunities_of(write: Write, contact: str) -> list[Row]:
    """A contact's opportunities, those that are not archived first and the newest of each first.

    Raises:
        Invalid: there is none.
    """
    rows = write.find("opportunities", "contact", contact)
    if not rows:
        raise Invalid(f"candidate: no opportunity of contact {contact} is known.")
    return sorted(rows, key=lambda row: (is_active(row), row.get("createdAt") or 0), reverse=True)


def opportunity_of(write: Write, contact: str) -> str:
    """The opportunity that notes and files of a contact go to: the newest one that is not archived."""
    return str(opportunities_of(write, contact)[0]["id"])


def made(row: Row) -> str:
    """The id of what a write made.

    Raises:
        Unavailable: the answer names none.
    """
    if not row.get("id"):
        raise Unavailable("Lever names no id in its answer.", outcome_unknown=True)
    return str(row["id"])
