"""WS-Security: the user name and password are in every request's envelope.

Requests may come as an envelope, as the body of one or as the bare request element; what is missing is put
around. So a caller's own requests need no more than what they are about.
"""

import re
from collections.abc import Generator, Mapping
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

import httpx

from providers.kit import CredentialsRefused, Invalid, TokenStore
from providers.kit.xml import BadXml, parse
from providers.workday.envelope import HEADERS, SOAP, wd
from providers.workday.rows import NAMESPACE

VERSION = "v45.2"  # of the schema that the requests keep to; Workday keeps former versions callable
HOSTS = ("*.workday.com", "*.myworkday.com")
OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
SECURITY = f"{OASIS}wssecurity-secext-1.0.xsd"
PASSWORD_TEXT = f"{OASIS}username-token-profile-1.0#PasswordText"
COMMON_HEADER = "Workday_Common_Header"
DESCRIPTORS = "Include_Reference_Descriptors_In_Response"
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+(?:my)?workday\.com")
_VERSION = re.compile(r"v\d+(?:\.\d+)?")

register_namespace("env", SOAP)
register_namespace("wsse", SECURITY)


def base_url(credentials: Mapping[str, str]) -> str:
    """Where a tenant's services are.

    Raises:
        CredentialsRefused: the host is none of Workday's. Nothing may be sent there.
    """
    host = credentials["host"].strip().lower().removeprefix("https://").rstrip("/")
    if not _HOST.fullmatch(host):
        raise CredentialsRefused(
            "The services host is a name under workday.com or myworkday.com, without https:// and path.",
            field="host",
        )
    return f"https://{host}/ccx/service/{quote(credentials['tenant'].strip(), safe='')}"


def username_token(credentials: Mapping[str, str], _store: TokenStore) -> httpx.Auth:
    """The authentication of a client.

    Raises:
        CredentialsRefused: the version is none.
    """
    user = credentials["username"].strip()
    if "@" not in user:  # Workday refuses a user without its tenant
        user = f"{user}@{credentials['tenant'].strip()}"
    return UsernameToken(user, credentials["password"], _version_of(credentials))


def _version_of(credentials: Mapping[str, str]) -> str:
    given = (credentials.get("api_version") or VERSION).strip().lower().removeprefix("v")
    version = f"v{given}"
    if not _VERSION.fullmatch(version):
        raise CredentialsRefused("The version is written like v45.2.", field="api_version")
    return version


class UsernameToken(httpx.Auth):
    """Puts user name and password into the envelope, and the version where it is left out.

    Args:
        user: with the tenant, as `isu@tenant`.
        password: of the integration system user.
        version: of the web services, for requests that name none.
    """

    requires_request_body = True

    def __init__(self, user: str, password: str, version: str) -> None:
        self._user = user
        self._password = password
        self._version = version

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send the request in its envelope; one without a body, such as for the WSDL, as it is."""
        if not request.content:
            yield request
            return
        headers = httpx.Headers([*request.headers.multi_items()])
        for name in ("Content-Length", "Transfer-Encoding"):
            headers.pop(name, None)
        headers.update(HEADERS)
        url, version = self._versioned(request.url)
        yield httpx.Request(
            request.method,
            url,
            headers=headers,
            content=self._enveloped(request.content, version),
            extensions=request.extensions,
        )

    def _versioned(self, url: httpx.URL) -> tuple[httpx.URL, str]:
        """The address with a version: `/ccx/service/{tenant}/{service}/{version}`."""
        path = url.path.rstrip("/")
        last = path.rpartition("/")[2]
        if _VERSION.fullmatch(last):
            return url, last
        return url.copy_with(path=f"{path}/{self._version}"), self._version

    def _enveloped(self, content: bytes, version: str) -> bytes:
        try:
            envelope = _envelope(parse(content))
        except BadXml as error:
            raise Invalid(f"The request is not what Workday reads: {error}") from error
        for request in envelope.findall(f"{{{SOAP}}}Body/*"):
            if request.tag.startswith(f"{{{NAMESPACE}}}"):
                request.attrib.setdefault(f"{{{NAMESPACE}}}version", version)
        self._secure(envelope)
        signed: bytes = tostring(envelope, encoding="utf-8", xml_declaration=True)
        return signed

    def _secure(self, envelope: Element) -> None:
        """Our token in the place of whatever is there, and display names for references."""
        header = envelope.find(f"{{{SOAP}}}Header")
        if header is None:
            header = Element(f"{{{SOAP}}}Header")
            envelope.insert(0, header)
        for other in header.findall(f"{{{SECURITY}}}Security"):
            header.remove(other)
        if header.find(f"{{{NAMESPACE}}}{COMMON_HEADER}") is None:
            header.append(wd(COMMON_HEADER, wd(DESCRIPTORS, "true")))
        security = Element(f"{{{SECURITY}}}Security", {f"{{{SOAP}}}mustUnderstand": "1"})
        token = SubElement(security, f"{{{SECURITY}}}UsernameToken")
        SubElement(token, f"{{{SECURITY}}}Username").text = self._user
        password = SubElement(token, f"{{{SECURITY}}}Password", {"Type": PASSWORD_TEXT})
        password.text = self._password
        header.insert(0, security)


def _envelope(root: Element) -> Element:
    """The envelope: as it came, or around a body or a request."""
    if root.tag == f"{{{SOAP}}}Envelope":
        return root
    envelope = Element(f"{{{SOAP}}}Envelope")
    if root.tag != f"{{{SOAP}}}Body":
        SubElement(envelope, f"{{{SOAP}}}Body").append(root)
    else:
        envelope.append(root)
    return envelope
