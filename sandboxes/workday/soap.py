"""SOAP 1.1 envelopes: who asks for what, and the answer."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, SubElement, register_namespace, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from sandboxes.workday.elements import first, flag, qualified
from sandboxes.workday.faults import SOAP, Malformed, Refused

WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
PASSWORD_TEXT = (
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText"
)

register_namespace("SOAP-ENV", SOAP)


@dataclass(frozen=True)
class Envelope:
    """What a caller sent; user and password are None when there is no token of the kind that is taken."""

    user: str | None
    password: str | None
    common_header: Element | None
    request: Element

    @property
    def descriptors(self) -> bool:
        """Whether references are to carry names."""
        return flag(self.common_header, "Include_Reference_Descriptors_In_Response")


def read(raw: bytes) -> Envelope:
    """Take an envelope apart.

    Args:
        raw: the body of the HTTP request.

    Returns:
        Its credentials, its common header and the one element of its body.

    Raises:
        Malformed: not XML, with a document type (SOAP 1.1 allows none), or not an envelope of one request.
    """
    try:
        root = fromstring(raw, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Malformed("The request is not well-formed XML.") from error
    body = root.find(f"{{{SOAP}}}Body")
    if root.tag != f"{{{SOAP}}}Envelope" or body is None or len(body) != 1:
        raise Malformed("The request is not a SOAP envelope with one element in its body.")
    header = root.find(f"{{{SOAP}}}Header")
    user, password = _token(header)
    return Envelope(user, password, first(header, "Workday_Common_Header"), body[0])


def _token(header: Element | None) -> tuple[str | None, str | None]:
    """The UsernameToken, with the password in plain text."""
    token = None if header is None else header.find(f"{{{WSSE}}}Security/{{{WSSE}}}UsernameToken")
    if token is None:
        return None, None
    password = token.find(f"{{{WSSE}}}Password")
    # Without a type the profile means text.
    if password is None or password.get("Type", PASSWORD_TEXT) != PASSWORD_TEXT:
        return None, None
    return token.findtext(f"{{{WSSE}}}Username"), password.text


def answer(content: Element, *, descriptors: bool) -> bytes:
    """An envelope around a response; references lose their names when nobody asked for them."""
    if not descriptors:
        for element in content.iter():
            element.attrib.pop(qualified("Descriptor"), None)
    return _envelope(content)


def fault(refused: Refused) -> bytes:
    """An envelope around a fault; only `Fault` itself is qualified, as SOAP 1.1 has it."""
    element = Element(f"{{{SOAP}}}Fault")
    SubElement(element, "faultcode").text = refused.code
    SubElement(element, "faultstring").text = refused.reason
    if refused.detail is not None:
        SubElement(element, "detail").append(refused.detail)
    return _envelope(element)


def _envelope(content: Element) -> bytes:
    envelope = Element(f"{{{SOAP}}}Envelope")
    SubElement(envelope, f"{{{SOAP}}}Body").append(content)
    written: bytes = tostring(envelope, encoding="utf-8", xml_declaration=True)
    return written
