"""Who may ask, how a request must be written, and what it is refused with."""

import json
from xml.etree.ElementTree import fromstring

import pytest
from workday_calls import (
    COMMON,
    DESCRIPTOR,
    ENVELOPE,
    GROUPS,
    NS,
    OWN,
    el,
    fault_of,
    group,
    ref,
    rows,
)

from sandboxes import CREDENTIALS, SANDBOXES
from sandboxes.workday.schema import schema

CLIENT, AUTHENTICATION = "SOAP-ENV:Client", "SOAP-ENV:Client.authenticationError"
ADDRESS = "/ccx/service/fairhaven/Recruiting/v45.2"
NAMED = el("Request_References", ref("Candidate_Reference", "C5000", "Candidate_ID"))
FILTER = el("Response_Filter", el("Page", "1"), el("Count", "1"))


def test_it_is_registered():
    assert CREDENTIALS["workday"]["integration_system_user"].keys() == {
        "host",
        "tenant",
        "username",
        "password",
    }
    assert SANDBOXES["workday"]().state.sandbox.tenant == OWN["tenant"]


# Who


@pytest.mark.parametrize(
    "wrong",
    [
        {"user": OWN["username"]},
        {"user": f"{OWN['username']}@other"},
        {"user": f"other@{OWN['tenant']}"},
        {"password": "wrong"},
        {"password": ""},
        {"tenant": "other"},
        {"tenant": "other", "user": f"{OWN['username']}@other"},
    ],
)
def test_only_the_user_of_the_tenant_gets_in(tenant, wrong):
    fault = tenant.refused("Get_Job_Requisitions", FILTER, **wrong)
    assert (fault.code, fault.reason) == (AUTHENTICATION, "invalid username or password")


def test_who_is_asked_before_what(tenant):
    assert fault_of(tenant.post("<wd:Nonsense/>", password="wrong")).code == AUTHENTICATION


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        ("wsse:UsernameToken", "wsse:Other"),
        ("#PasswordText", "#PasswordDigest"),
        ("wsse:Password", "wsse:Nonce"),
    ],
)
def test_another_kind_of_token_is_none(tenant, there, instead):
    body = '<wd:Get_Organizations_Request wd:version="v45.2"/>'
    content = ENVELOPE.format(
        user="ISU_ATS@fairhaven", password="sandbox-isu-p&amp;ss&lt;word>", common="", body=body
    )
    send = {"url": ADDRESS, "method": "POST"}
    assert tenant.send(**send, content=content.encode()).status_code == 200
    refused = tenant.send(**send, content=content.replace(there, instead).encode())
    assert fault_of(refused).code == AUTHENTICATION


def test_the_log_shows_the_caller_and_no_password(tenant):
    tenant.ask("Get_Organizations")
    tenant.send("POST", ADDRESS, content=b"<broken>" + OWN["password"].encode())
    received = tenant.control("GET", "requests").json()
    assert (received[0]["caller"], received[0]["status"]) == ("ISU_ATS@fairhaven", 200)
    assert "Get_Organizations_Request" in received[0]["body"]
    assert "sandbox-isu" not in json.dumps(received)


# What


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<wd:Get_Organizations_Request/><wd:Get_Organizations_Request/>",
        "<Get_Organizations_Request/>",
        "<wd:Get_Payslips_Request/>",
        "<wd:Get_Workers_Request/>",
    ],
    ids=["nothing", "two", "another namespace", "unknown", "of another service"],
)
def test_a_body_is_one_request_of_the_service(tenant, body):
    assert fault_of(tenant.post(body)).code == CLIENT


def test_each_service_has_its_operations(tenant):
    body = '<wd:Get_Workers_Request wd:version="v45.2"/>'
    assert tenant.post(body, service="Human_Resources").status_code == 200
    assert fault_of(tenant.post(body, service="Payroll")).code == CLIENT
    assert fault_of(tenant.post(body, service="Human_Resources", version="latest")).code == CLIENT
    assert tenant.post(body, service="Human_Resources", version="v47.0").status_code == 200


@pytest.mark.parametrize("content", ["", "not XML", "<a><b></a>", "<a/>"])
def test_what_is_no_envelope(tenant, content):
    answer = tenant.send("POST", ADDRESS, content=content.encode())
    assert fault_of(answer).code == CLIENT


@pytest.mark.parametrize("declared", ["", '[<!ENTITY one "1">]', 'SYSTEM "file:///etc/hostname"'])
def test_documents_have_no_type(tenant, declared):
    content = ENVELOPE.format(
        user="ISU_ATS@fairhaven",
        password="sandbox-isu-p&amp;ss&lt;word>",
        common="",
        body='<wd:Get_Organizations_Request wd:version="v45.2"/>',
    ).encode()
    assert tenant.send("POST", ADDRESS, content=content).status_code == 200
    typed = content.replace(b"?>", f"?><!DOCTYPE env:Envelope {declared}>".encode(), 1)
    assert fault_of(tenant.send("POST", ADDRESS, content=typed)).code == CLIENT


def test_the_answer_is_of_the_version_asked(tenant):
    for version in ("v45.2", "v46.1"):
        response = tenant.ask("Get_Organizations", version=version)
        assert response.get(f"{{{NS['wd']}}}version") == version


@pytest.mark.parametrize(
    "content",
    [
        el("Response_Group", el("Include_Reference", "1")) + FILTER,
        el("Response_Filter", el("Count", "1"), el("Page", "1")),
        FILTER + FILTER,
        FILTER + el("Paging"),
        el("Response_Filter", el("Page", "one")),
        el("Response_Filter", el("As_Of_Entry_DateTime", "2026-11-20")),
        el("Response_Filter", el("As_Of_Entry_DateTime", "2026-13-20T10:00:00Z")),
        el("Response_Group", el("Include_Reference", "yes")),
        "text" + FILTER,
        FILTER + "text",
        FILTER.replace("<wd:Page>", '<wd:Page unit="1">'),
        FILTER.replace("wd:Page>", "Page>"),
        el("Request_References"),
        el("Request_References", el("Candidate_Reference")),
        el("Request_References", ref("Candidate_Reference", "C5000", "Employee_ID")),
        NAMED.replace("wd:type", "type"),
        NAMED.replace(' wd:type="Candidate_ID"', ""),
    ],
    ids=[
        "types out of order", "filter out of order", "repeated", "unknown", "no number", "no time",
        "no month 13", "no boolean", "text before", "text after", "attribute", "another namespace",
        "nothing in it", "no ID",
        "an ID of another object", "type unqualified", "type missing",
    ],
)  # fmt: skip
def test_what_the_schema_does_not_allow(tenant, content):
    fault = tenant.refused("Get_Candidates", content)
    assert (fault.code, fault.message) == (CLIENT, None)
    assert tenant.request("Get_Candidates", FILTER).status_code == 200


def test_attributes_are_qualified(tenant):
    assert tenant.refused("Get_Candidates", attributes=' version="v45.2"').code == CLIENT
    assert tenant.refused("Put_Candidate", attributes=' Add_Only="true"').code == CLIENT


def test_a_choice_is_exactly_one(tenant):
    application = tenant.row("applications")
    one = ref("Job_Application_Reference", application["id"])
    other = el(
        "Candidate_Interview_Criteria_Data",
        ref("Candidate_Reference", application["candidate_id"]),
        ref("Requisition_Reference", application["requisition_id"]),
    )
    assert tenant.request("Get_Interviews", el("Request_Criteria", one)).status_code == 200
    assert tenant.request("Get_Interviews", el("Request_Criteria", other)).status_code == 200
    assert tenant.refused("Get_Interviews", el("Request_Criteria", one, other)).code == CLIENT
    assert tenant.refused("Get_Interviews", el("Request_Criteria")).code == CLIENT


def test_organizations_know_no_include_reference(tenant):
    assert tenant.refused("Get_Organizations", group("Include_Reference")).code == CLIENT


def test_the_common_header_is_checked_too(tenant):
    common = COMMON.replace("Include_Reference_Descriptors_In_Response", "Include_Descriptors")
    assert tenant.refused("Get_Organizations", common=common).code == CLIENT


def test_every_operation_has_its_request_in_the_schema():
    known = schema()
    for operation in [
        *GROUPS,
        "Put_Candidate",
        "Put_Interview",
        "Move_Candidate",
        "Put_Candidate_Attachment",
    ]:
        assert f"{operation}_RequestType" in known.types
    kinds = {kind for columns in known.types.values() for _, kind, _ in columns}
    simple = {"string", "boolean", "integer", "date", "dateTime", "base64Binary"}
    assert kinds <= {*known.types, *known.references, *simple}


# Descriptors


def test_names_come_only_with_the_common_header(tenant):
    named = tenant.ask("Get_Candidates")
    assert any(element.get(DESCRIPTOR) for element in named.iter())
    for common in ("", COMMON.replace("true", "false")):
        bare = tenant.ask("Get_Candidates", common=common)
        assert len(rows(bare)) == len(rows(named))
        assert not any(element.get(DESCRIPTOR) for element in bare.iter())


def test_descriptors_are_ignored_on_input(tenant):
    worker = tenant.row("workers")
    reference = ref("Worker_Reference", worker["id"]).replace(
        "<wd:Worker_Reference>", '<wd:Worker_Reference wd:Descriptor="Somebody else">'
    )
    (row,) = rows(tenant.ask("Get_Workers", el("Request_References", reference)))
    assert row.find("wd:Worker_Reference", NS).get(DESCRIPTOR) != "Somebody else"


def test_names_are_escaped(tenant):
    answer = tenant.request("Get_Workers", GROUPS["Get_Workers"])
    assert "Fatima &lt;Stone&gt;" in answer.text
    assert "Mensah &amp; Daughters" in answer.text
    names = [each.text for each in fromstring(answer.content).iter(f"{{{NS['wd']}}}Last_Name")]
    assert {"<Stone>", "Mensah & Daughters", "佐藤"} <= set(names)


# References


def test_a_reference_to_nothing(tenant):
    named = el("Request_References", ref("Candidate_Reference", "0" * 32))
    fault = tenant.refused("Get_Candidates", named)
    wanted = f"Invalid ID value.  '{'0' * 32}' is not a valid ID value for type = 'WID'"
    assert (fault.code, fault.message) == ("SOAP-ENV:Client.validationError", wanted)
    skipping = named.replace(
        "<wd:Request_References>", '<wd:Request_References wd:Skip_Non_Existing_Instances="true">'
    )
    assert not rows(tenant.ask("Get_Candidates", skipping))


def test_an_id_of_another_kind_of_object_is_nothing(tenant):
    named = el("Request_References", ref("Candidate_Reference", tenant.row("workers")["id"]))
    assert "Invalid ID value." in tenant.refused("Get_Candidates", named).message


def test_either_id_will_do(tenant):
    candidate = tenant.row("candidates")
    for value, kind in ((candidate["id"], "WID"), (candidate["reference_id"], "Candidate_ID")):
        named = el("Request_References", ref("Candidate_Reference", value, kind))
        (row,) = rows(tenant.ask("Get_Candidates", named))
        assert row.findtext("wd:Candidate_Data/wd:Candidate_ID", None, NS) == candidate["reference_id"]


def test_employees_and_contingent_workers_have_ids_of_their_own(tenant):
    worker = tenant.row("workers", contingent=True)
    named = el("Request_References", ref("Worker_Reference", worker["reference_id"], "Contingent_Worker_ID"))
    assert len(rows(tenant.ask("Get_Workers", named))) == 1
    employed = named.replace("Contingent_Worker_ID", "Employee_ID")
    assert "Employee_ID" in tenant.refused("Get_Workers", employed).message


# Permission and load


def test_a_missing_permission(tenant):
    tenant.control("POST", "permissions", {"denied": ["Get_Interview_Feedbacks"]})
    fault = tenant.refused("Get_Interview_Feedbacks")
    assert fault.code == "SOAP-ENV:Server.processingError"
    assert fault.reason == "Processing error occurred. The task submitted is not authorized."
    assert (fault.message, fault.detail) == (None, "The task submitted is not authorized.")
    assert tenant.request("Get_Interviews").status_code == 200
    tenant.control("POST", "permissions", {"denied": []})
    assert tenant.request("Get_Interview_Feedbacks").status_code == 200


def test_load_is_a_plain_fault_or_no_xml(tenant):
    tenant.control("POST", "overload", {"operation": "Get_Interviews", "times": 2})
    assert tenant.request("Get_Candidates").status_code == 200
    faults = [tenant.refused("Get_Interviews") for _ in range(2)]
    assert [(fault.code, fault.message, fault.detail) for fault in faults] == [
        ("SOAP-ENV:Server", None, None)
    ] * 2
    assert tenant.request("Get_Interviews").status_code == 200
    tenant.control("POST", "overload", {"kind": "text"})
    answer = tenant.request("Get_Candidates")
    assert (answer.status_code, answer.text[0]) == (500, "T")
    assert tenant.request("Get_Candidates").status_code == 200


def test_records_are_controlled_in_neutral_form(tenant):
    (first, *_) = tenant.control("GET", "records/tags").json()
    changed = tenant.control("PATCH", f"records/tags/{first['id']}", {"name": "Neu & <anders>"})
    assert changed.json()["name"] == "Neu & <anders>"
    new = tenant.control("POST", "records/workers", {"first_name": "Zoë"}).json()
    assert (len(new["id"]), new["active"]) == (32, True)
    assert tenant.control("DELETE", f"records/workers/{new['id']}").status_code == 200
    assert tenant.control("GET", f"records/workers/{new['id']}").status_code == 404
    tenant.control("POST", "reset", {"candidates": 3, "interviews": 2})
    assert len(tenant.rows("candidates")) == 3
    assert len(tenant.rows("interview_sessions")) == 2
