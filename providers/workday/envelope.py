"""Requests to Workday's web services, and what comes back.

A request is an element such as `Get_Candidates_Request`, its children in the schema's order, for Workday
refuses any other. The envelope around it is made where it is authenticated.
"""

import re
from xml.etree.ElementTree import Element, register_namespace, tostring

import httpx

from providers.kit import Client, Invalid, Unexpected
from providers.kit.xml import BadXml, parse
from providers.workday.rows import NAMESPACE, NOT_KEPT, WID, local

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
RECRUITING = "/Recruiting"
HUMAN_RESOURCES = "/Human_Resources"
HEADERS = {"Content-Type": "text/xml; charset=utf-8"}
FILES = frozenset({f"{{{NAMESPACE}}}{NOT_KEPT}"})
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

register_namespace("wd", NAMESPACE)


def wd(name: str, *content: Element | str | None, **attributes: str) -> Element:
    """An element of Workday's.

    Args:
        name: without the namespace.
        content: its children, or its text; None is left out.
        attributes: by their names without the namespace, which an unqualified one would lack.

    Raises:
        Invalid: the text has a character that XML cannot hold.
    """
    made = Element(f"{{{NAMESPACE}}}{name}", {f"{{{NAMESPACE}}}{key}": v for key, v in attributes.items()})
    for each in content:
        if isinstance(each, str):
            if UNWRITABLE.search(each):
                raise Invalid(f"{name}: there is a control character in {each!r}.")
            made.text = each
        elif each is not None:
            made.append(each)
    return made


def reference(name: str, ident: str, kind: str = WID) -> Element:
    """A reference by one id, which is enough."""
    return wd(name, wd("ID", ident, type=kind))


def ask(client: Client, service: str, request: Element) -> Element:
    """Read something.

    Args:
        client: the account's client.
        service: `RECRUITING` or `HUMAN_RESOURCES`.
        request: the request element.

    Returns:
        The response element.

    Raises:
        ProviderError: Workday refused, or kept being unavailable.
    """
    return _answered(client.query(service, content=tostring(request), headers=HEADERS))


def tell(client: Client, request: Element) -> Element:
    """Change something, once.

    Raises:
        ProviderError: Workday refused; `Unavailable.outcome_unknown` when it may have acted.
    """
    return _answered(client.send("POST", RECRUITING, content=tostring(request), headers=HEADERS))


def _answered(response: httpx.Response) -> Element:
    try:
        body = parse(response.content, FILES).find(f"{{{SOAP}}}Body")
    except BadXml as error:
        raise Unexpected(f"The answer cannot be read: {error}", response.status_code) from error
    found = next(iter(body), None) if body is not None else None
    if found is None or not local(found.tag).endswith("_Response"):
        raise Unexpected("The answer holds no response.", response.status_code)
    return found
