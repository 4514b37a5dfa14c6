"""What the tests of Workday share: a client whose answers are prepared, and wire samples."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
from conformance.stand_in import Tokens

from providers.kit import Client, open_client
from providers.workday import WORKDAY

FIXTURES = Path(__file__).parent / "fixtures"
BSVC = "urn:com.workday/bsvc"
CREDENTIALS = {
    "host": "wd2-impl-services1.workday.com",
    "tenant": "acme",
    "username": "ISU_ATS",
    "password": "the <secret> & ü",
}
STYLE = WORKDAY.styles[0]


def connect(answer: Callable[[httpx.Request], httpx.Response], **credentials: str) -> Client:
    given = CREDENTIALS | credentials
    return open_client(
        STYLE.api.base_url_for(given),
        STYLE.api.hosts,
        STYLE.auth(given, Tokens()),
        STYLE.api.classify,
        transport=httpx.MockTransport(answer),
    )


def fixture(kind: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FIXTURES / kind / f"{name}.json").read_text())
    return found


def wire_rows(name: str) -> Iterator[ET.Element]:
    """The rows in the answers of a list fixture."""
    for step in fixture("lists", name)["exchange"]:
        for data in ET.fromstring("\n".join(step["answer"]["xml"])).iter(f"{{{BSVC}}}Response_Data"):
            yield from data


def response(operation: str, *rows: str) -> httpx.Response:
    data = f"<wd:Response_Data>{''.join(rows)}</wd:Response_Data>" if rows else ""
    body = f'<wd:{operation}_Response xmlns:wd="{BSVC}">{data}</wd:{operation}_Response>'
    return enveloped(body)


def enveloped(body: str, status: int = 200) -> httpx.Response:
    text = (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/">'
        f"<e:Body>{body}</e:Body></e:Envelope>"
    )
    return httpx.Response(status, text=text, headers={"Content-Type": "text/xml; charset=utf-8"})


def refused(name: str) -> httpx.Response:
    """The answer of an error fixture."""
    answer = fixture("errors", name)["answer"]
    return httpx.Response(answer["status"], text="\n".join(answer["xml"]))
