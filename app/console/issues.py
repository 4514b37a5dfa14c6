"""What to do about an issue."""

from typing import Any

from sqlalchemy import Row

from app.sync.mapping import FIELD_MAPPING

ADVICE = {
    "Invalid login credentials": (
        "The vendor refuses the credentials. Ask the customer to link the account again: make a link token "
        "for the same end user (POST /link-token), or send the new credentials (POST /linked-accounts). "
        "Account and token stay the same, and all its issues are resolved."
    ),
    "Missing permission": (
        "The credentials may not read this. Have the customer grant the permission at the vendor (the "
        "integration's page in the documentation lists them), then resync. What is not needed can be "
        "switched off in the account's scopes."
    ),
    "Vendor unavailable": (
        "The vendor did not answer. It is tried again by itself; look at the vendor's status page and at the "
        "calls below when it lasts."
    ),
    "Unexpected answer": (
        "The vendor answered what its documentation does not say. Look at the calls of the account; when it "
        "lasts, report it with what is written here."
    ),
    "Unexpected data": (
        "A record does not fit the common model. It is kept as received and mapped again by a newer version; "
        "the others are not affected. Report it with what is written here."
    ),
    "Webhook disabled": (
        "Nothing was accepted for a day. Mend the receiver, then enable the webhook on its page: what has "
        "waited is delivered."
    ),
}
OTHERWISE = "Look at the details and at the calls of the account; resolve it when it is dealt with."
FIELDS = (
    "An expression of a field mapping fails for some records. Correct the mapping (PATCH /field-mappings)."
)


def advice(issue: Row[Any]) -> str:
    """What to do about an issue."""
    if issue.subject.startswith(FIELD_MAPPING):
        return FIELDS
    return ADVICE.get(issue.error_description, OTHERWISE)


def endpoint_of(issue: Row[Any]) -> str | None:
    """The webhook that an issue of no account is about."""
    kind, _, name = issue.subject.partition(":")
    return name if kind == "webhook" and issue.account_id is None else None
