"""The address of the web services: who calls, what for, and is it allowed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from secrets import compare_digest
from xml.etree.ElementTree import Element, tostring

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandboxes.workday import references, soap
from sandboxes.workday.call import Call
from sandboxes.workday.elements import first, local, make, marked, qualified
from sandboxes.workday.faults import Malformed, NotPermitted, Refused, Unauthenticated
from sandboxes.workday.listing import respond
from sandboxes.workday.reads import LISTINGS
from sandboxes.workday.schema import Mention, schema
from sandboxes.workday.state import State
from sandboxes.workday.writes import WRITES

XML = "text/xml; charset=utf-8"
VERSION = re.compile(r"v\d+\.\d")
HUMAN_RESOURCES = ("Get_Workers", "Get_Locations")

Operation = Callable[[Call], list[Element]]
OPERATIONS: dict[str, Operation] = {
    name: partial(respond, listing=listing) for name, listing in LISTINGS.items()
} | WRITES


@dataclass(frozen=True)
class Address:
    """The path of a service."""

    tenant: str
    service: str
    version: str

    def operation(self, tag: str) -> str:
        """The operation a request element asks this service for."""
        name = local(tag).removesuffix("_Request")
        service = "Human_Resources" if name in HUMAN_RESOURCES else "Recruiting"
        if tag != qualified(f"{name}_Request") or name not in OPERATIONS or service != self.service:
            raise Malformed(f"The service {self.service} has no operation for the element {local(tag)}")
        return name


def routes(state: State) -> list[Route]:
    """One address for all operations of a service."""

    async def endpoint(request: Request) -> Response:
        received = request.scope["sandbox.received"]
        received.body = None  # its header holds the password
        try:
            envelope = soap.read(await request.body())
            received.caller = envelope.user
            received.body = tostring(envelope.request, "unicode")
            content = _answer(state, Address(**request.path_params), envelope)
        except Refused as refused:
            return Response(soap.fault(refused), 500, media_type=XML)
        return Response(soap.answer(content, descriptors=envelope.descriptors), media_type=XML)

    return [Route("/ccx/service/{tenant}/{service}/{version}", endpoint, methods=["POST"])]


def _answer(state: State, address: Address, envelope: soap.Envelope) -> Element:
    _authenticate(state, address, envelope)
    if not VERSION.fullmatch(address.version):
        raise Malformed(f"There is no version {address.version}")
    operation = address.operation(envelope.request.tag)
    if envelope.common_header is not None:
        schema().check(envelope.common_header, "Workday_Common_HeaderType")
    mentions = schema().check(envelope.request, f"{operation}_RequestType")
    if not state.permissions.allow(operation):
        raise NotPermitted
    references.check(state, _required(envelope.request, mentions))
    call = Call(state, operation, envelope.request)
    response = make(f"{operation}_Response", *OPERATIONS[operation](call))
    response.set(qualified("version"), address.version)
    return response


def _authenticate(state: State, address: Address, envelope: soap.Envelope) -> None:
    """The user is written `name@tenant`, of the tenant in the address."""
    name = f"{state.username}@{state.tenant}"
    known = address.tenant == state.tenant and envelope.user == name
    password = (envelope.password or "").encode()
    if not known or not compare_digest(password, state.password.encode()):
        raise Unauthenticated


def _required(request: Element, mentions: list[Mention]) -> list[Mention]:
    """The references that must not be to nothing."""
    if not marked(first(request, "Request_References"), "Skip_Non_Existing_Instances"):
        return mentions
    return [each for each in mentions if "/Request_References/" not in each.xpath]
