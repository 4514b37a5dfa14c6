"""The envelope, what is in it whatever comes, and where it may go; refusals that are tried once only."""

from xml.etree import ElementTree as ET

import httpx
import pytest
from conformance.stand_in import Tokens
from workday_soap import CREDENTIALS, STYLE, connect, refused, response

from providers.kit import CredentialsRefused, Invalid, Unavailable, Unexpected, client
from providers.workday.envelope import RECRUITING, SOAP, ask, tell, wd
from providers.workday.rows import NAMESPACE
from providers.workday.security import SECURITY, base_url

BARE = f'<x:Get_Workers_Request xmlns:x="{NAMESPACE}"/>'
BODY = f'<e:Body xmlns:e="{SOAP}">{BARE}</e:Body>'
OTHERS = f'<s:Security xmlns:s="{SECURITY}"><s:UsernameToken/></s:Security>'
ENVELOPE = f'<e:Envelope xmlns:e="{SOAP}"><e:Header>{OTHERS}</e:Header>{BODY}</e:Envelope>'


def signed(content: str, path: str = "/Human_Resources", **credentials: str) -> tuple[httpx.URL, ET.Element]:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return response("Get_Workers")

    connect(answer, **credentials).raw("POST", path, content=content.encode())
    (request,) = asked
    assert request.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert int(request.headers["Content-Length"]) == len(request.content)
    return request.url, ET.fromstring(request.content)


@pytest.mark.parametrize("content", [BARE, BODY, ENVELOPE], ids=["request", "body", "envelope"])
def test_whatever_comes_goes_in_one_envelope_with_our_token(content: str) -> None:
    url, envelope = signed(content)
    assert str(url) == "https://wd2-impl-services1.workday.com/ccx/service/acme/Human_Resources/v45.2"
    assert [child.tag for child in envelope] == [f"{{{SOAP}}}Header", f"{{{SOAP}}}Body"]
    (security,) = envelope.iter(f"{{{SECURITY}}}Security")
    assert security.get(f"{{{SOAP}}}mustUnderstand") == "1"
    token = security[0]
    assert [child.text for child in token] == ["ISU_ATS@acme", "the <secret> & ü"]
    assert token[1].get("Type", "").endswith("username-token-profile-1.0#PasswordText")
    path = f".//{{{NAMESPACE}}}Workday_Common_Header/{{{NAMESPACE}}}Include_Reference_Descriptors_In_Response"
    assert envelope.findtext(path) == "true"
    (request,) = envelope[1]
    assert request.tag == f"{{{NAMESPACE}}}Get_Workers_Request"
    assert request.get(f"{{{NAMESPACE}}}version") == "v45.2"


def test_a_version_in_the_credentials_or_the_path_is_kept_to() -> None:
    url, envelope = signed(BARE, api_version="v47.0")
    assert url.path.endswith("/Human_Resources/v47.0")
    assert envelope[1][0].get(f"{{{NAMESPACE}}}version") == "v47.0"
    url, envelope = signed(BARE, "/Human_Resources/v40.1")
    assert url.path.endswith("/Human_Resources/v40.1")
    assert envelope[1][0].get(f"{{{NAMESPACE}}}version") == "v40.1"


def test_a_version_may_be_given_without_its_letter() -> None:
    url, envelope = signed(BARE, api_version=" 47.0 ")
    assert url.path.endswith("/Human_Resources/v47.0")
    assert envelope[1][0].get(f"{{{NAMESPACE}}}version") == "v47.0"


@pytest.mark.parametrize("version", ["latest", "v45.2/../../x", "v45.2?wsdl"])
def test_what_is_no_version_is_refused_when_linking(version: str) -> None:
    with pytest.raises(CredentialsRefused) as refusal:
        connect(lambda _: pytest.fail("sent"), api_version=version)
    assert refusal.value.field == "api_version"


def test_a_user_with_a_tenant_is_left_as_it_is() -> None:
    _url, envelope = signed(BARE, username="isu@other")
    assert [name.text for name in envelope.iter(f"{{{SECURITY}}}Username")] == ["isu@other"]


def test_a_request_without_a_body_goes_without_the_password() -> None:
    asked: list[httpx.Request] = []
    vendor = connect(lambda request: asked.append(request) or httpx.Response(200))
    vendor.raw("GET", "/Recruiting/v45.2?wsdl")
    assert [request.read() for request in asked] == [b""]


@pytest.mark.parametrize("content", ["{}", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"])
def test_what_is_no_plain_xml_is_not_sent(content: str) -> None:
    with pytest.raises(Invalid):
        connect(lambda _: pytest.fail("sent")).raw("POST", RECRUITING, content=content.encode())


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "workday.com.evil.example",
        "evilworkday.com",
        "evil.example/.workday.com",
        "evil.example#.workday.com",
        "user@evil.example?.workday.com",
        "a.workday.com:8443",
        "a.workday.com@evil.example",
        "127.0.0.1",
        "http://a.workday.com",
    ],
)
def test_a_host_that_is_none_of_workdays_is_refused(host: str) -> None:
    with pytest.raises(CredentialsRefused) as refusal:
        base_url(CREDENTIALS | {"host": host})
    assert refusal.value.field == "host"


def test_a_host_may_be_given_as_an_address_and_a_tenant_stays_one_segment() -> None:
    given = CREDENTIALS | {"host": "https://Services1.wd12.myworkday.com/", "tenant": "a/../b"}
    assert base_url(given) == "https://services1.wd12.myworkday.com/ccx/service/a%2F..%2Fb"


def test_the_password_goes_to_no_other_host() -> None:
    with pytest.raises(Unexpected):
        connect(lambda _: pytest.fail("sent")).raw("POST", "https://evil.example/x", content=BARE.encode())


# Whether a refusal is tried again


def tries(name: str) -> int:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return refused(name)

    with pytest.raises(client.ProviderError):
        ask(connect(answer), RECRUITING, wd("Get_Candidates_Request"))
    return len(asked)


@pytest.mark.parametrize("name", ["credentials", "invalid", "permission", "malformed"])
def test_a_refusal_is_never_tried_again(name: str, no_pauses: None) -> None:
    """It is HTTP 500 like an outage: a wrong password tried on and on locks the user out."""
    assert tries(name) == 1


def test_an_overload_is_waited_for_from_a_second_on(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waits.append)
    with pytest.raises(Unavailable):
        ask(connect(lambda _: refused("overload")), RECRUITING, wd("Get_Candidates_Request"))
    first, second = waits
    assert 1 <= first <= 2 <= second <= 3


def test_an_overload_is(no_pauses: None) -> None:
    assert tries("overload") == 3


def test_a_write_that_got_no_answer_may_have_been_carried_out() -> None:
    """Though the request that was sent is another object than the one that was asked for."""

    def lost(_request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow")

    with pytest.raises(Unavailable) as failure:
        tell(connect(lost), wd("Put_Candidate_Request"))
    assert failure.value.outcome_unknown
    with pytest.raises(Unavailable) as failure:
        open_for_reading = connect(lost)
        open_for_reading.query(RECRUITING, content=BARE.encode())
    assert not failure.value.outcome_unknown


def test_the_password_is_in_no_representation() -> None:
    assert CREDENTIALS["password"] not in repr(STYLE.auth(CREDENTIALS, Tokens()))


def test_a_control_character_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(Invalid):
        wd("First_Name", "A\x0bB")


def test_an_answer_that_is_none_is_unexpected() -> None:
    for text in ("", "<html/>", "<!DOCTYPE a><a/>"):
        with pytest.raises(Unexpected):
            ask(connect(lambda _, text=text: httpx.Response(200, text=text)), RECRUITING, wd("Get_X_Request"))
