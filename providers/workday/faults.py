"""What Workday's refusals mean. Every one is HTTP 500: what it is, only the fault tells.

To try a refused password or an invalid request again would lock the user out, or be throttled.
"""

from xml.etree.ElementTree import Element

import httpx

from providers.kit import (
    CredentialsRefused,
    Duplicate,
    Invalid,
    PermissionMissing,
    ProviderError,
    Unavailable,
    Unexpected,
)
from providers.kit.errors import by_status, may_change
from providers.kit.xml import BadXml, parse
from providers.workday.envelope import SOAP
from providers.workday.rows import NAMESPACE

UNKNOWN_ID = "is not a valid ID value"  # how Workday words that a reference leads nowhere
TAKEN = ("has already applied to", "already exists")  # and that a write would make what is there
BODY_LENGTH = 300  # how much of an answer that is no fault is quoted


def classify(response: httpx.Response) -> ProviderError | None:
    """Sort an answer by its fault; one without a fault by its status."""
    if response.status_code < 300:
        return None
    fault = _fault(response)
    if fault is None:
        return by_status(response, response.text[:BODY_LENGTH] or f"HTTP {response.status_code}")
    return _sorted(fault, response)


def _sorted(fault: Element, response: httpx.Response) -> ProviderError:
    code = (fault.findtext("faultcode") or "").rpartition(":")[2].strip()
    said = (fault.findtext("faultstring") or "").strip() or code or "a fault without words"
    status = response.status_code
    validation = fault.find(f"detail/{{{NAMESPACE}}}Validation_Fault")
    if code == "Client.authenticationError":
        return CredentialsRefused(said, status)
    if validation is not None or code == "Client.validationError":
        words = _messages(validation) or said
        return Duplicate(words, status) if any(each in words for each in TAKEN) else Invalid(words, status)
    processing = fault.find(f"detail/{{{NAMESPACE}}}Processing_Fault")
    if processing is not None or code == "Server.processingError":
        more = _text(processing, "Detail_Message")
        return PermissionMissing(f"{said} {more}" if more and more not in said else said, status)
    if code == "Client" or code.startswith("Client."):
        return Unexpected(f"Workday takes the request for malformed: {said}", status)
    return Unavailable(said, status, outcome_unknown=may_change(response.request))


def _fault(response: httpx.Response) -> Element | None:
    try:
        return parse(response.content).find(f"{{{SOAP}}}Body/{{{SOAP}}}Fault")
    except BadXml:
        return None


def _messages(validation: Element | None) -> str:
    """What each error says: its message, and what its details add to it."""
    found: list[str] = []
    for error in validation if validation is not None else ():
        message, more = _text(error, "Message"), _text(error, "Detail_Message")
        found += [": ".join(filter(None, (message, more if more != message else "")))]
    return "; ".join(filter(None, dict.fromkeys(found)))


def _text(element: Element | None, name: str) -> str:
    found = element.findtext(f"{{{NAMESPACE}}}{name}") if element is not None else None
    return (found or "").strip()
