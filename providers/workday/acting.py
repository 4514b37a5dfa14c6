"""What every write needs: ids and moments as Workday takes them, and what cannot be taken over said."""

from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from providers.kit import ACTING_USER_IGNORED, Row, Unavailable, Write
from providers.kit.dates import iso
from providers.workday.rows import ident, row_of


def as_integration(write: Write) -> None:
    """Everything is done by the integration system user: say so to who names another."""
    if write.as_user:
        detail = "Workday does everything as the integration system user."
        write.warn("remote_user_id", detail, ACTING_USER_IGNORED)


def params_of(write: Write, given: Row) -> Row:
    """The `integration_params` of what is written: of the write itself, or of an object within it."""
    return write.params if given is write.fields else given.get("integration_params") or {}


def zulu(moment: datetime | str) -> str:
    """A moment in UTC with `Z`."""
    parsed = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return iso(parsed)


def now() -> datetime:
    """The present."""
    return datetime.now(UTC)


def made(answer: Element, name: str) -> str:
    """The WID of the reference of that name in an answer.

    Raises:
        Unavailable: there is none, though the write has been carried out.
    """
    wid = ident(row_of(answer), name)
    if wid is None:
        raise Unavailable(f"Workday names no {name} in its answer.", outcome_unknown=True)
    return wid
