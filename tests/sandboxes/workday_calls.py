"""A sandbox Workday in process, called with envelopes written by hand."""

from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, fromstring
from xml.sax.saxutils import escape

import httpx
from sandbox_calls import Sandbox

from sandboxes import workday
from sandboxes.workday import CREDENTIALS

OWN = CREDENTIALS["integration_system_user"]
NS = {"wd": "urn:com.workday/bsvc", "SOAP-ENV": "http://schemas.xmlsoap.org/soap/envelope/"}
TYPE, DESCRIPTOR = (f"{{urn:com.workday/bsvc}}{name}" for name in ("type", "Descriptor"))
HUMAN_RESOURCES = ("Get_Workers", "Get_Locations")
ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/" xmlns:wd="urn:com.workday/bsvc"
 xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">
 <env:Header>
  <wsse:Security env:mustUnderstand="1"><wsse:UsernameToken><wsse:Username>{user}</wsse:Username>
   <wsse:Password Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText">{password}</wsse:Password>
  </wsse:UsernameToken></wsse:Security>{common}
 </env:Header>
 <env:Body>{body}</env:Body>
</env:Envelope>"""
COMMON = (
    "<wd:Workday_Common_Header><wd:Include_Reference_Descriptors_In_Response>true"
    "</wd:Include_Reference_Descriptors_In_Response></wd:Workday_Common_Header>"
)


def ref(name: str, value: str, kind: str = "WID") -> str:
    """A reference as a request writes it."""
    return f'<wd:{name}><wd:ID wd:type="{kind}">{escape(value)}</wd:ID></wd:{name}>'


def el(name: str, *content: str) -> str:
    """An element around XML."""
    return f"<wd:{name}>{''.join(content)}</wd:{name}>"


def group(*names: str) -> str:
    """A response group that asks for these."""
    return el("Response_Group", *(el(name, "true") for name in names))


GROUPS = {
    "Get_Candidates": "",
    "Get_Job_Requisitions": group(
        "Include_Reference",
        "Include_Job_Requisition_Definition_Data",
        "Include_Job_Requisition_Restrictions_Data",
        "Include_Organizations",
        "Include_Roles",
    ),
    "Get_Job_Postings": group("Include_Reference"),
    "Get_Interviews": "",
    "Get_Interview_Feedbacks": "",
    "Get_Candidate_Attachments": "",
    "Get_Organizations": "",
    "Get_Workers": group(
        "Include_Reference", "Include_Personal_Information", "Include_Employment_Information"
    ),
    "Get_Locations": "",
}


def rows(response: Element) -> list[Element]:
    """The rows of a page; none without `Response_Data`."""
    data = response.find("wd:Response_Data", NS)
    return [] if data is None else list(data)


def wid(element: Element | None) -> str:
    """The WID of a reference."""
    assert element is not None
    (found,) = [each.text for each in element.findall("wd:ID", NS) if each.get(TYPE) == "WID"]
    return str(found)


@dataclass
class Fault:
    """A SOAP fault as a client reads it."""

    code: str
    reason: str
    message: str | None
    detail: str | None


class Tenant(Sandbox):
    """Calls one sandbox as an integration does."""

    vendor, origin = workday, f"https://{OWN['host']}"

    def control(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return self.send(method, f"/__sandbox__/{path}", json=body)

    def post(
        self,
        body: str,
        *,
        service: str = "Recruiting",
        tenant: str = OWN["tenant"],
        version: str = "v45.2",
        user: str = f"{OWN['username']}@{OWN['tenant']}",
        password: str = OWN["password"],
        common: str = COMMON,
    ) -> httpx.Response:
        """Send an envelope around a body."""
        content = ENVELOPE.format(user=escape(user), password=escape(password), common=common, body=body)
        return self.send(
            "POST",
            f"/ccx/service/{tenant}/{service}/{version}",
            content=content.encode(),
            headers={"Content-Type": "text/xml; charset=utf-8"},
        )

    def request(self, operation: str, *content: str, attributes: str = "", **options: Any) -> httpx.Response:
        service = "Human_Resources" if operation in HUMAN_RESOURCES else "Recruiting"
        tag = f"wd:{operation}_Request"
        body = f'<{tag} wd:version="v45.2"{attributes}>{"".join(content)}</{tag}>'
        return self.post(body, **{"service": service} | options)

    def ask(self, operation: str, *content: str, attributes: str = "", **options: Any) -> Element:
        """The response element of a call that succeeds."""
        answer = self.request(operation, *content, attributes=attributes, **options)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "text/xml; charset=utf-8"
        response = fromstring(answer.content).find(f"SOAP-ENV:Body/wd:{operation}_Response", NS)
        assert response is not None
        return response

    def refused(self, operation: str, *content: str, attributes: str = "", **options: Any) -> Fault:
        """The fault of a call that does not."""
        return fault_of(self.request(operation, *content, attributes=attributes, **options))

    def known(self, table: str, reference_id: str) -> str:
        """The WID of a record by the id people know."""
        return str(self.row(table, reference_id=reference_id)["id"])


def fault_of(answer: httpx.Response) -> Fault:
    """The fault in an answer; every one is HTTP 500."""
    assert answer.status_code == 500, answer.text
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    fault = fromstring(answer.content).find("SOAP-ENV:Body/SOAP-ENV:Fault", NS)
    assert fault is not None
    return Fault(
        str(fault.findtext("faultcode")),
        str(fault.findtext("faultstring")),
        fault.findtext("detail/wd:Validation_Fault/wd:Validation_Error/wd:Message", None, NS),
        fault.findtext("detail/wd:Processing_Fault/wd:Detail_Message", None, NS),
    )
