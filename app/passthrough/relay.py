"""A passthrough request on its way: connected, sent, and its failures told in words for the caller."""

from typing import Any

import orjson

from app.accounts.connect import RELINK_NEEDED, USUAL, Connector, Patience
from app.passthrough.send import BadRequest, PassthroughRequest, send
from providers.kit import ProviderError, RateLimited, Unavailable
from providers.kit.concealing import concealed

RELINK = "The vendor no longer accepts the credentials. Link the account again."
SLOW = "The vendor did not answer in time. Use POST /async-passthrough for slow requests."
UNKNOWN = (
    "The vendor did not confirm the request and may have carried it out. It is not repeated: look before "
    "you send it again."
)
ADVICE = " Use POST /async-passthrough for slow requests, and an Idempotency-Key for what must happen once."


class Failed(Exception):
    """There is no answer of the vendor to pass on.

    Attributes:
        status: the HTTP status that says so.
        body: what is wrong, in the API's form.
        unknown: whether the vendor may have carried the request out all the same.
    """

    def __init__(self, status: int, body: dict[str, Any], *, unknown: bool = False) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.unknown = unknown


def relay(
    connector: Connector, account_id: str, wanted: PassthroughRequest, patience: Patience = USUAL
) -> bytes:
    """Send a request with an account's authentication.

    Args:
        connector: opens vendor clients.
        account_id: the linked account.
        wanted: the request.
        patience: how long to wait for the vendor.

    Returns:
        The vendor's answer in the reference's shape, as JSON.

    Raises:
        Failed: there is no answer to pass on.
        RateLimited: the request was not sent: the vendor limits what has to come before it.
        AccountGone: the account is no longer there.
    """
    with connector.account(account_id, patience=patience) as account:
        if account.status == RELINK_NEEDED:
            raise Failed(400, {"detail": RELINK})
        try:
            return _json(send(account.client, wanted))
        except RateLimited:
            raise
        except Unavailable as outage:
            raise _no_answer(outage) from outage
        except ProviderError as refusal:
            raise Failed(400, {"path": [refusal.detail]}) from refusal
        except BadRequest as problem:
            raise Failed(400, {problem.field: [problem.detail]}) from problem


def _json(answer: dict[str, Any]) -> bytes:
    """An answer as it is passed on: without the credentials, should the vendor have said them back."""
    try:
        return concealed(orjson.dumps(answer).decode()).encode()
    except TypeError as error:  # wrapping every value doubles the depth, and JSON's has an end
        raise Failed(400, {"normalize_response": ["The answer is nested too deeply."]}) from error


def _no_answer(outage: Unavailable) -> Failed:
    if outage.outcome_unknown:
        return Failed(408, {"detail": SLOW if outage.timed_out else UNKNOWN}, unknown=True)
    if outage.timed_out:
        return Failed(408, {"detail": SLOW})
    return Failed(503, {"detail": f"The vendor cannot be reached: {outage.detail}"})
