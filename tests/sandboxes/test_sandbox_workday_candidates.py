"""Candidates, applications, moves and documents are written, by the vendor's rules."""

import base64
import re
from xml.etree.ElementTree import Element

import pytest
from workday_calls import NS, Tenant, el, group, ref, rows, wid
from workday_rules import DECLINE, FIXTURES, NEXT, messages, move, pattern, refused

from sandboxes.workday.schema import schema
from sandboxes.workday.writes import attachments, candidates, interviews, moves

ADD_ONLY = ' wd:Add_Only="true"'
NAME = el(
    "Name_Data",
    el(
        "Legal_Name", el("Name_Detail_Data", el("First_Name", "Zoë &amp; Co"), el("Last_Name", "&lt;Neu&gt;"))
    ),
)
MAIL = el("Contact_Data", el("Email_Address", "zoe@mail.example"))
PROSPECT = el("Prospect_Data", el("Prospect", "true"))


def test_the_messages_are_the_vendors():
    """Those with blanks are compared where they are filled in."""
    own = {
        value
        for module in (attachments, candidates, interviews, moves)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str) and " " in value
    } - {interviews.NOT_AWAITING, attachments.TOO_LARGE}
    own |= {
        interviews.NOT_AWAITING.format(what) for what in ("job application", "candidate and job requisition")
    }
    assert len(own) > 15
    assert own <= messages()


# Candidates


def put(tenant: Tenant, *data: str, candidate: str | None = None, attributes: str = "") -> Element:
    named = ref("Candidate_Reference", candidate) if candidate else ""
    response = tenant.ask("Put_Candidate", named, el("Candidate_Data", *data), attributes=attributes)
    response.attrib.clear()
    schema(FIXTURES / "response_types.json").check(response, "Put_Candidate_ResponseType")
    return response


def test_a_candidate_is_added_whole(tenant):
    application = tenant.row("applications")
    requisition, tag = application["requisition_id"], tenant.known("tags", "ÜBER")
    response = put(
        tenant,
        NAME,
        el(
            "Contact_Data",
            ref("Phone_Device_Type_Reference", "Mobile", "Phone_Device_Type_ID"),
            ref("Country_Phone_Code_Reference", "USA_1", "Country_Phone_Code_ID"),
            el("Phone_Number", "555-0199"),
            el("Email_Address", "zoe@mail.example"),
            el("Website_Data", el("URL_Address", "https://zoe.example/?a=1&amp;b=2")),
        ),
        el(
            "Social_Media_Account_Data",
            ref("Social_Network_Type_Reference", "LinkedIn", "Social_Network_Type_ID"),
            el("Social_Network_Account_URL", "https://www.linkedin.com/in/zoe"),
        ),
        applying(requisition, "REVIEW", date="2026-11-20T10:00:00-05:00"),
        ref("Candidate_Tag_Reference", tag),
        attributes=ADD_ONLY,
    )
    key = wid(response.find("wd:Candidate_Reference", NS))
    row = tenant.state.get("candidates", key)
    wanted = {
        "first_name": "Zoë & Co", "last_name": "<Neu>", "phone_number": "555-0199",
        "email": "zoe@mail.example",
        "websites": ["https://zoe.example/?a=1&b=2"], "tag_ids": [tag], "prospect": False,
        "phone_device_type_id": tenant.known("phone_device_types", "Mobile"),
    }  # fmt: skip
    assert wanted.items() <= row.items()
    assert row["accounts"][0]["url"] == "https://www.linkedin.com/in/zoe"
    (made,) = tenant.rows("applications", candidate_id=key)
    assert made["applied_at"] == "2026-11-20T15:00:00.000Z"
    assert made["stage_id"] == tenant.known("stages", "REVIEW")
    assert made["workflow_step_id"] == tenant.known("workflow_steps", "WORKFLOW_STEP-3-1")
    answered = response.find("wd:Candidate_Job_Application_Data", NS)
    assert wid(answered.find("wd:Job_Application_Reference", NS)) == made["id"]
    assert wid(answered.find("wd:Job_Requisition_Reference", NS)) == requisition
    found = rows(tenant.ask("Get_Candidates", el("Request_References", ref("Candidate_Reference", key))))
    assert len(found) == 1


def applying(
    requisition: str, stage: str, *more: str, date: str = "2026-11-20T10:00:00Z", named: str = ""
) -> str:
    return el(
        "Job_Application_Data",
        named,
        el(
            "Job_Applied_To_Data",
            ref("Job_Requisition_Reference", requisition),
            el("Job_Application_Date", date),
            ref("Stage_Reference", stage, "Recruiting_Stage_ID"),
            *more,
        ),
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (MAIL + PROSPECT, candidates.NO_NAME),
        (NAME + PROSPECT, candidates.NO_CONTACT),
        (NAME + el("Contact_Data", el("Email_Address", "")) + PROSPECT, candidates.NO_CONTACT),
        (NAME + MAIL, candidates.NO_PURPOSE),
        (el("Candidate_ID", "C5000") + NAME + MAIL + PROSPECT, candidates.ID_TAKEN),
        (
            NAME + MAIL + PROSPECT + ref("Candidate_Tag_Reference", "RETIRED", "Candidate_Tag_ID"),
            candidates.INACTIVE_TAG,
        ),
    ],
)
def test_what_a_new_candidate_needs(tenant, data, message):
    assert refused(tenant, "Put_Candidate", el("Candidate_Data", data)) == message
    assert len(tenant.rows("candidates")) == 25


def test_adding_only(tenant):
    row = tenant.row("candidates")
    data = el("Candidate_Data", NAME, MAIL, PROSPECT)
    named = ref("Candidate_Reference", row["id"])
    assert refused(tenant, "Put_Candidate", named, data, attributes=ADD_ONLY) == candidates.ADD_ONLY
    same_id = data.replace("<wd:Name_Data>", el("Candidate_ID", row["reference_id"]) + "<wd:Name_Data>", 1)
    assert refused(tenant, "Put_Candidate", same_id, attributes=ADD_ONLY) == candidates.ADD_ONLY


def test_a_change_touches_what_is_sent(tenant):
    row = tenant.row("candidates", worker_id=None)
    before = dict(row)
    site = el("Website_Data", el("URL_Address", "https://new.example"))
    put(tenant, el("Contact_Data", el("Phone_Number", "1"), site), candidate=row["id"])
    assert (row["phone_number"], row["websites"]) == ("1", ["https://new.example"])
    preferred = el("Preferred_Name", el("Name_Detail_Data", el("First_Name", "Zo")))
    put(tenant, el("Name_Data", preferred), el("Status_Data", el("Withdrawn", "1")), candidate=row["id"])
    assert (row["preferred_name"], row["withdrawn"]) == ({"first_name": "Zo", "last_name": None}, True)
    put(
        tenant,
        el("Name_Data", el("Preferred_Name", el("Delete_Preferred_Name_Data", "1"))),
        el("Prospect_Data", el("Confidential", "1")),
        candidate=row["id"],
    )
    assert (row["preferred_name"], row["confidential"], row["prospect"]) == (None, True, before["prospect"])
    untouched = ("first_name", "last_name", "email", "accounts", "tag_ids", "city", "do_not_hire")
    assert {name: row[name] for name in untouched} == {name: before[name] for name in untouched}


def test_a_candidate_linked_to_a_worker(tenant):
    row = next(each for each in tenant.rows("candidates") if each["worker_id"])
    named = ref("Candidate_Reference", row["id"])
    for data in (NAME, MAIL):
        assert refused(tenant, "Put_Candidate", named, el("Candidate_Data", data)) == candidates.LINKED
    put(tenant, el("Status_Data", el("Do_Not_Hire", "1")), candidate=row["id"])
    assert row["do_not_hire"]


def test_a_merged_candidate(tenant):
    row = tenant.row("candidates")
    tenant.control("PATCH", f"records/candidates/{row['id']}", {"merged": True})
    named = ref("Candidate_Reference", row["id"])
    assert refused(tenant, "Put_Candidate", named, el("Candidate_Data", PROSPECT)) == candidates.MERGED


# Applications


def another(tenant: Tenant, candidate: str) -> str:
    """A requisition a candidate has not applied for."""
    taken = {row["requisition_id"] for row in tenant.rows("applications", candidate_id=candidate)}
    return str(next(row["id"] for row in tenant.rows("requisitions") if row["id"] not in taken))


def test_an_application_is_added_to_a_candidate(tenant):
    held = tenant.row("applications")
    requisition = another(tenant, held["candidate_id"])
    source = ref("Source_Reference", "LINKEDIN", "Applicant_Source_ID")
    response = put(tenant, applying(requisition, "INTERVIEW", source), candidate=held["candidate_id"])
    answered = response.findall("wd:Candidate_Job_Application_Data", NS)
    by_requisition = {
        wid(each.find("wd:Job_Requisition_Reference", NS)): wid(each.find("wd:Job_Application_Reference", NS))
        for each in answered
    }
    assert by_requisition.keys() > {requisition}
    made = tenant.state.get("applications", by_requisition[requisition])
    assert made["source_id"] == tenant.known("sources", "LINKEDIN")
    (event,) = tenant.rows("interview_events", application_id=made["id"])
    assert event["in_progress"]


def test_nobody_applies_twice(tenant):
    held = tenant.row("applications")
    named = ref("Candidate_Reference", held["candidate_id"])
    again = applying(held["requisition_id"], "REVIEW")
    message = refused(tenant, "Put_Candidate", named, el("Candidate_Data", again))
    assert pattern("[candidate] has already applied to [job req]").fullmatch(message)
    assert tenant.state.get("candidates", held["candidate_id"])["last_name"] in message


def test_a_stage_is_required(tenant):
    held = tenant.row("applications")
    data = re.sub(
        "<wd:Stage_Reference>.*?</wd:Stage_Reference>", "", applying(held["requisition_id"], "REVIEW")
    )
    fault = tenant.refused("Put_Candidate", el("Candidate_Data", NAME, MAIL, data))
    assert (fault.code, fault.message) == ("SOAP-ENV:Client", None)


def test_an_application_is_changed(tenant):
    held = tenant.row("applications", disposition_id=None)
    gone = ref("Disposition_Reference", "DECLINED", "Recruiting_Disposition_ID")
    named = ref("Job_Application_Reference", held["id"])
    put(tenant, applying(held["requisition_id"], "OFFER", gone, named=named), candidate=held["candidate_id"])
    assert held["stage_id"] == tenant.known("stages", "OFFER")
    assert held["disposition_id"] == tenant.known("dispositions", "DECLINED")


def test_rules_of_applications(tenant):
    held, other = tenant.rows("applications")[:2]
    named = ref("Job_Application_Reference", held["id"])
    owner = ref("Candidate_Reference", held["candidate_id"])

    def message(data: str, candidate: str = owner) -> str:
        return refused(tenant, "Put_Candidate", candidate, el("Candidate_Data", data))

    same = applying(held["requisition_id"], "REVIEW", named=named)
    vendors = messages()
    new = refused(tenant, "Put_Candidate", el("Candidate_Data", NAME, MAIL, same))
    assert new == "Enter a Candidate Reference to update this job application."
    stranger = message(same, ref("Candidate_Reference", other["candidate_id"]))
    assert stranger.endswith("candidate on the job application don’t match.")
    moved = message(applying(another(tenant, held["candidate_id"]), "REVIEW", named=named))
    assert moved == "You can’t change the Job Requisition for this job application."
    future = message(
        same.replace("</wd:Job_Applied", el("Status_Timestamp", "2026-11-21T10:00:01Z") + "</wd:Job_Applied")
    )
    assert future == "Recruiting status moment cannot be greater than current date time."
    step = ref("Workflow_Step_Reference", "WORKFLOW_STEP-3-8", "Workflow_Step_ID")
    declined = message(applying(held["requisition_id"], "REVIEW", step, named=named))
    assert declined == "Use the Disposition Reference to submit a Job Application in a disposition status."
    assert {new, stranger, moved, future, declined} <= vendors
    wrong = message(applying(held["requisition_id"], "REVIEW", step.replace("-8<", "-2<"), named=named))
    assert pattern("The entered Workflow Step").fullmatch(wrong)


# Moves


def test_an_application_moves_through_the_workflow(tenant):
    application = tenant.row("applications", disposition_id=None, stage_id=tenant.known("stages", "REVIEW"))
    for number, stage, interviewing in ((4, "INTERVIEW", True), (5, "OFFER", False)):
        response = tenant.ask("Move_Candidate", *move(NEXT, f"WORKFLOW_STEP-3-{number}", application["id"]))
        assert wid(response.find("wd:Event_Reference", NS)) == application["event_id"]
        assert application["stage_id"] == tenant.known("stages", stage)
        assert application["workflow_step_id"] == tenant.known("workflow_steps", f"WORKFLOW_STEP-3-{number}")
        (event,) = tenant.rows("interview_events", application_id=application["id"])
        assert event["in_progress"] is interviewing
    response.attrib.clear()
    schema(FIXTURES / "response_types.json").check(response, "Move_Candidate_ResponseType")


def test_an_application_is_dispositioned_and_stays_so(tenant):
    application = tenant.row(
        "applications", disposition_id=None, stage_id=tenant.known("stages", "INTERVIEW")
    )
    tenant.ask("Move_Candidate", *move(DECLINE, "WORKFLOW_STEP-3-8", application["id"]))
    assert application["disposition_id"] == tenant.known("dispositions", "NOT_QUALIFIED")
    assert application["stage_id"] == tenant.known("stages", "INTERVIEW")
    assert not tenant.rows("interview_events", application_id=application["id"], in_progress=True)
    for target in ((NEXT, "WORKFLOW_STEP-3-5"), (DECLINE, "WORKFLOW_STEP-3-9")):
        message = refused(tenant, "Move_Candidate", *move(*target, application["id"]))
        assert message == moves.NOT_IN_PROGRESS


def test_steps_that_lead_nowhere(tenant):
    application = tenant.row("applications", disposition_id=None, stage_id=tenant.known("stages", "REVIEW"))
    for name, step, wanted in (
        (NEXT, "WORKFLOW_STEP-3-8", moves.WRONG_STEP),
        (NEXT, "WORKFLOW_STEP-3-1", moves.WRONG_STEP),
        (DECLINE, "WORKFLOW_STEP-3-4", moves.WRONG_STEP),
        ("Start_Parallel_Stage_Reference", "WORKFLOW_STEP-3-4", moves.NO_PARALLEL),
    ):
        assert refused(tenant, "Move_Candidate", *move(name, step, application["id"])) == wanted
    assert refused(tenant, "Move_Candidate", move(NEXT, "", application["id"])[1]) == moves.WRONG_STEP
    stage = move(NEXT, tenant.known("stages", "OFFER"), application["id"])
    as_step = stage[0].replace("Workflow_Step_ID", "WID"), stage[1]
    assert "Invalid ID value." in refused(tenant, "Move_Candidate", *as_step)


def test_other_ways_to_name_what_is_moved(tenant):
    application = tenant.row("applications", disposition_id=None, stage_id=tenant.known("stages", "REVIEW"))
    parameters = move(NEXT, "WORKFLOW_STEP-3-2", "")[0]
    tenant.ask(
        "Move_Candidate",
        parameters,
        el("Move_Candidate_Data", ref("Event_Reference", application["event_id"])),
    )
    assert application["stage_id"] == tenant.known("stages", "SCREEN")
    pair = el(
        "Move_Candidate_Data",
        el(
            "Candidate_Criteria_Data",
            ref("Candidate_Reference", application["candidate_id"]),
            ref("Requisition_Reference", application["requisition_id"]),
        ),
    )
    tenant.ask("Move_Candidate", parameters.replace("-2<", "-3<"), pair)
    assert application["stage_id"] == tenant.known("stages", "ASSESSMENT")
    tenant.control(
        "PATCH",
        f"records/applications/{application['id']}",
        {"disposition_id": tenant.known("dispositions", "DECLINED")},
    )
    assert refused(tenant, "Move_Candidate", parameters, pair) == moves.NOT_ONE


# Documents


def document(
    candidate: str | None,
    content: bytes = "Größe".encode(),
    filename: str = "Lebenslauf &amp; mehr.txt",
    named: str = "",
) -> tuple[str, str]:
    return (
        ref("Candidate_Reference", candidate) if candidate else "",
        el(
            "Candidate_Attachment_Data",
            named,
            el(
                "Attachment_Data",
                el("Filename", filename),
                el("File_Content", base64.b64encode(content).decode()),
                ref("Mime_Type_Reference", "text/plain", "Content_Type_ID"),
            ),
            ref("Document_Category_Reference", "RESUME", "Document_Category_ID"),
        ),
    )


def test_a_document_is_added_and_replaced(tenant):
    candidate = tenant.row("candidates")["id"]
    before = len(tenant.rows("attachments"))
    response = tenant.ask("Put_Candidate_Attachment", *document(candidate))
    assert wid(response.find("wd:Candidate_Reference", NS)) == candidate
    key = wid(response.find("wd:Attachment_Reference", NS))
    row = tenant.state.get("attachments", key)
    assert (row["filename"], base64.b64decode(row["content"]).decode()) == ("Lebenslauf & mehr.txt", "Größe")
    named = ref("Candidate_Attachment_Reference", key)
    again = document(candidate, b"other", named=named)
    message = refused(tenant, "Put_Candidate_Attachment", *again, attributes=ADD_ONLY)
    assert message == attachments.ADD_ONLY
    tenant.ask("Put_Candidate_Attachment", *again)
    assert base64.b64decode(row["content"]) == b"other"
    assert len(tenant.rows("attachments")) == before + 1


def test_rules_of_documents(tenant, monkeypatch):
    candidate = tenant.row("candidates")["id"]
    for content, wanted in (
        (document(None), attachments.NO_CANDIDATE),
        (document(candidate, filename=""), attachments.NO_CONTENT),
        (document(candidate, b""), attachments.NO_CONTENT),
    ):
        assert refused(tenant, "Put_Candidate_Attachment", *content) == wanted
    uncategorised = re.sub("<wd:Document_Category.*_Reference>", "", document(candidate)[1])
    assert tenant.refused("Put_Candidate_Attachment", uncategorised).code == "SOAP-ENV:Client"
    broken = document(candidate)[1].replace(base64.b64encode("Größe".encode()).decode(), "!!")
    assert tenant.refused("Put_Candidate_Attachment", broken).code == "SOAP-ENV:Client"
    assert attachments.LARGEST == 30 * 1024 * 1024
    monkeypatch.setattr(attachments, "LARGEST", 5)
    assert (
        refused(tenant, "Put_Candidate_Attachment", *document(candidate, b"123456")) == attachments.TOO_LARGE
    )


def test_what_is_written_shows_as_a_change(tenant):
    row = tenant.row("applications", disposition_id=None, stage_id=tenant.known("stages", "REVIEW"))
    tenant.clock.pass_(hours=1)
    tenant.ask("Move_Candidate", *move(NEXT, "WORKFLOW_STEP-3-2", row["id"]))
    times = (el("Updated_From", "2026-11-21T10:30:00Z"), el("Updated_Through", "2026-11-21T11:30:00Z"))
    data = el("Transaction_Log_Criteria_Data", el("Transaction_Date_Range_Data", *times))
    found = rows(tenant.ask("Get_Candidates", el("Request_Criteria", data), group("Exclude_All_Attachments")))
    assert [wid(each[0]) for each in found] == [row["candidate_id"]]
