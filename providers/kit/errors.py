"""What can go wrong at a vendor, sorted by who must act.

ProviderError
├── CredentialsRefused   the account must be linked again
├── PermissionMissing    this resource is closed to these credentials, the rest goes on
├── NotFound             the vendor does not have the record
├── Invalid              the caller's write is refused
│   └── CorruptedFile    the file to be written cannot be had
├── Conflict             the record changed meanwhile
├── Duplicate            the record exists already
├── RateLimited          wait `retry_after` seconds, or longer each time
├── Unavailable          try again later; `outcome_unknown` when a write may have been carried out
├── StaleCursor          a page's cursor is no longer valid: begin the pass again
│   └── StaleToken       a sync token is no longer valid: read the whole list
└── Unexpected           the vendor answered something its documentation does not know
"""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite

import httpx

from providers.kit.concealing import concealed

RATE_LIMIT_GUESS = 30.0  # seconds a caller is told to wait when a 429 names no time
RATE_LIMIT_MOST = 3600.0  # seconds after which it is tried again, whatever the vendor says
READS = "omniats.reads"  # request extension: the request changes nothing, whatever its method
DETAIL_LENGTH = 2000  # characters of the vendor's words that are passed on


def may_change(request: httpx.Request) -> bool:
    """Whether a request may have changed something at the vendor."""
    return request.method != "GET" and not request.extensions.get(READS)


class ProviderError(Exception):
    """Something went wrong at a vendor.

    Attributes:
        detail: what the vendor said, fit to be shown to the caller: no secret is in it.
        status: the vendor's HTTP status, if it answered.
    """

    def __init__(self, detail: str, status: int | None = None) -> None:
        self.detail = concealed(detail)[:DETAIL_LENGTH]
        super().__init__(self.detail)
        self.status = status


class CredentialsRefused(ProviderError):
    """The credentials are wrong, expired or revoked. `field` names the one, where the answer tells which."""

    def __init__(self, detail: str, status: int | None = None, field: str | None = None) -> None:
        super().__init__(detail, status)
        self.field = field


class PermissionMissing(ProviderError):
    """The credentials are good but may not do this."""


class NotFound(ProviderError):
    """The vendor does not have the record."""


class Invalid(ProviderError):
    """The vendor refused the content of a request."""


class CorruptedFile(Invalid):
    """The file a caller wants written cannot be fetched or read, or is too large."""


class Conflict(ProviderError):
    """The vendor holds something that contradicts the request."""


class Duplicate(ProviderError):
    """The vendor has what a write would make."""


class RateLimited(ProviderError):
    """Too many requests. `retry_after` is in seconds; None when the vendor names no time."""

    def __init__(self, detail: str, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(detail, status)
        self.retry_after = retry_after

    @property
    def advice(self) -> float:
        """The seconds to tell a caller."""
        return RATE_LIMIT_GUESS if self.retry_after is None else self.retry_after


class Unavailable(ProviderError):
    """The vendor did not answer, or answered that it cannot at present."""

    def __init__(
        self,
        detail: str,
        status: int | None = None,
        *,
        outcome_unknown: bool = False,
        timed_out: bool = False,
    ) -> None:
        super().__init__(detail, status)
        self.outcome_unknown = outcome_unknown
        self.timed_out = timed_out


class StaleCursor(ProviderError):
    """A page's cursor has expired: the pass must begin again."""


class StaleToken(StaleCursor):
    """What tells changes has expired, or there are too many: the list must be read as a whole."""


class Unexpected(ProviderError):
    """An answer outside the vendor's documentation."""


Classify = Callable[[httpx.Response], ProviderError | None]


def by_status(response: httpx.Response, detail: str) -> ProviderError | None:
    """Sort an answer by its HTTP status alone, for vendors whose statuses can be trusted.

    Args:
        response: the vendor's answer, its body read.
        detail: the vendor's own words.

    Returns:
        The error, or None when the answer is a success.
    """
    status = response.status_code
    if status < 300:
        return None
    if status < 400:  # no vendor documents one: it leads to a login page, or away from the API
        return Unexpected(f"The vendor redirects: {detail}", status)
    if status == 429:
        return RateLimited(detail, status, retry_after(response))
    if status >= 500:
        return Unavailable(detail, status, outcome_unknown=may_change(response.request))
    kinds: dict[int, type[ProviderError]] = {
        401: CredentialsRefused,
        403: PermissionMissing,
        404: NotFound,
        409: Conflict,
        400: Invalid,
        422: Invalid,
    }
    return kinds.get(status, Unexpected)(detail, status)


def retry_after(response: httpx.Response) -> float | None:
    """The seconds a 429 asks to wait: `Retry-After` in seconds or as a date, an hour at most.

    None when it names none, or none that can be understood, or one that is over: who tries again at once, and
    is told so for ever, would never leave the vendor alone.
    """
    text = response.headers.get("retry-after", "")
    try:
        seconds = float(text)
    except ValueError:
        until = _date(text)
        if until is None:
            return None
        present = _date(response.headers.get("date", "")) or datetime.now(
            UTC
        )  # the vendor's clock is its own
        seconds = (until - present).total_seconds()
    return min(seconds, RATE_LIMIT_MOST) if isfinite(seconds) and seconds > 0 else None


def _date(text: str) -> datetime | None:
    """A date of a header, aware; None when it is none."""
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
