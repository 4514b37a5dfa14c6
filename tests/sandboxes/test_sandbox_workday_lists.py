"""What the lists of the sandbox hold, next to the schema and the samples of the vendor."""

import base64
import re
from collections import Counter
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from workday_calls import GROUPS, NS, Tenant, el, group, ref, rows, wid

from sandboxes.workday import seed
from sandboxes.workday.schema import schema

FIXTURES = Path(__file__).parent / "fixtures" / "workday"


@pytest.mark.parametrize(
    "operation", [name for name in GROUPS if name not in ("Get_Workers", "Get_Locations")]
)
def test_an_answer_follows_the_schema(tenant: Tenant, operation: str) -> None:
    response = tenant.ask(operation, GROUPS[operation])
    assert rows(response)
    response.attrib.clear()
    schema(FIXTURES / "response_types.json").check(response, f"{operation}_ResponseType")


# Pages


def page(number: int, count: int | None = None, as_of: str | None = None) -> str:
    return el(
        "Response_Filter",
        el("As_Of_Entry_DateTime", as_of) if as_of else "",
        el("Page", str(number)),
        el("Count", str(count)) if count else "",
    )


def figures(response: Element) -> list[int]:
    names = ("Total_Results", "Total_Pages", "Page_Results", "Page")
    return [int(response.findtext(f"wd:Response_Results/wd:{name}", "", NS)) for name in names]


def wids(response: Element) -> list[str]:
    return [wid(row[0]) for row in rows(response)]


def test_pages(tenant: Tenant) -> None:
    pages = [tenant.ask("Get_Candidates", page(number, 10)) for number in (1, 2, 3)]
    assert [figures(each) for each in pages] == [[25, 3, 10, 1], [25, 3, 10, 2], [25, 3, 5, 3]]
    found = [key for each in pages for key in wids(each)]
    assert found == tenant.state.tables["candidates"].ids


def test_a_page_has_100_at_most_whatever_count_says(tenant: Tenant) -> None:
    tenant.control("POST", "reset", {"candidates": 230, "interviews": 0})
    for count in (999, 101, 100, None):
        assert figures(tenant.ask("Get_Candidates", page(1, count))) == [230, 3, 100, 1]
    assert figures(tenant.ask("Get_Candidates")) == [230, 3, 100, 1]
    assert figures(tenant.ask("Get_Candidates", page(3, 999))) == [230, 3, 30, 3]


@pytest.mark.parametrize("wrong", [page(0), page(-1), page(1, 1000), page(1, -1)])
def test_there_is_no_such_page(tenant: Tenant, wrong: str) -> None:
    assert tenant.refused("Get_Candidates", wrong).code == "SOAP-ENV:Client.validationError"


def test_nothing_is_an_answer_without_data(tenant: Tenant) -> None:
    tenant.control("POST", "reset", {"candidates": 0, "interviews": 0})
    response = tenant.ask("Get_Candidates")
    assert figures(response) == [0, 0, 0, 1]
    assert response.find("wd:Response_Data", NS) is None
    beyond = tenant.ask("Get_Workers", page(7))
    assert figures(beyond)[2:] == [0, 7]
    assert beyond.find("wd:Response_Data", NS) is None


def test_a_set_shifts_between_pages_unless_it_is_as_of_a_time(tenant: Tenant) -> None:
    as_of = "2026-11-21T11:00:00+01:00"
    kept = wids(tenant.ask("Get_Candidates", page(1, 10, as_of)))
    shifting = wids(tenant.ask("Get_Candidates", page(1, 10)))
    assert kept == shifting
    tenant.clock.pass_(minutes=1)
    tenant.control("DELETE", f"records/candidates/{kept[0]}")
    tenant.state.add("candidates", first_name="Late")
    second = tenant.ask("Get_Candidates", page(2, 10, as_of))
    moved = tenant.ask("Get_Candidates", page(2, 10))
    assert figures(second) == [25, 3, 10, 2]
    assert wids(second)[1:] == wids(moved)[:-1]
    late = wids(tenant.ask("Get_Candidates", page(1, 100, "2026-11-21T10:00:30Z")))
    assert tenant.row("candidates", first_name="Late")["id"] not in late


def test_a_set_is_kept_by_what_was_asked_for_two_hours(tenant: Tenant) -> None:
    as_of = "2026-11-21T10:00:00Z"
    criteria = el("Request_Criteria", el("Exclude_Inactive_Workers", "1"))
    assert figures(tenant.ask("Get_Workers", criteria, page(1, 10, as_of)))[0] == 8
    assert figures(tenant.ask("Get_Workers", page(1, 10, as_of)))[0] == 9
    tenant.control("PATCH", f"records/workers/{tenant.row('workers')['id']}", {"active": False})
    assert figures(tenant.ask("Get_Workers", criteria, page(1, 10, as_of)))[0] == 8
    tenant.clock.pass_(hours=2, seconds=1)
    assert figures(tenant.ask("Get_Workers", criteria, page(1, 10, as_of)))[0] == 7


def test_the_request_comes_back(tenant: Tenant) -> None:
    criteria = el("Request_Criteria", el("Exclude_Inactive_Workers", "1"))
    response = tenant.ask("Get_Workers", criteria, page(1, 2), group("Include_Reference"))
    names = ["Request_Criteria", "Response_Filter", "Response_Group", "Response_Results", "Response_Data"]
    assert [element.tag.rpartition("}")[2] for element in response] == names
    assert response.findtext("wd:Response_Filter/wd:Count", None, NS) == "2"


# Criteria


def criteria(*content: str) -> str:
    return el("Request_Criteria", *content)


def changed(start: str, end: str) -> str:
    times = (el("Updated_From", start), el("Updated_Through", end))
    return criteria(el("Transaction_Log_Criteria_Data", el("Transaction_Date_Range_Data", *times)))


def test_what_changed_in_a_range(tenant: Tenant) -> None:
    application = tenant.row("applications")
    requisition = tenant.row("requisitions")
    last_hour = changed("2026-11-21T10:00:00Z", "2026-11-21T12:00:00.000+01:00")
    assert not rows(tenant.ask("Get_Candidates", last_hour))
    tenant.clock.pass_(minutes=5)
    tenant.control("PATCH", f"records/applications/{application['id']}", {"source_id": None})
    tenant.control("PATCH", f"records/requisitions/{requisition['id']}", {"title": "Other"})
    tenant.clock.pass_(hours=3)
    tenant.control("PATCH", f"records/requisitions/{requisition['id']}", {"title": "Another"})
    assert wids(tenant.ask("Get_Candidates", last_hour)) == [application["candidate_id"]]
    assert wids(tenant.ask("Get_Job_Requisitions", last_hour)) == [requisition["id"]]
    assert (
        len(rows(tenant.ask("Get_Candidates", changed("2000-01-01T00:00:00Z", "2026-11-21T13:30:00Z")))) == 25
    )
    assert not rows(tenant.ask("Get_Candidates", changed("2026-11-21T10:06:00Z", "2027-01-01T00:00:00Z")))


def test_criteria_of_candidates(tenant: Tenant) -> None:
    def found(*content: str) -> set[str]:
        return set(wids(tenant.ask("Get_Candidates", criteria(*content))))

    application = tenant.row("applications")
    candidate = tenant.state.get("candidates", application["candidate_id"])
    assert candidate is not None
    for name, field in (
        ("Job_Requisition_Reference", "requisition_id"),
        ("Recruiting_Stage_Reference", "stage_id"),
        ("Applicant_Source_Reference", "source_id"),
    ):
        having = {row["candidate_id"] for row in tenant.rows("applications", **{field: application[field]})}
        assert found(ref(name, application[field])) == having
        assert 0 < len(having) < 25
    assert found(el("Candidate_Email_Address", candidate["email"].upper())) == {candidate["id"]}
    tag = tenant.known("tags", "ÜBER")
    tagged = {row["id"] for row in tenant.rows("candidates") if tag in row["tag_ids"]}
    assert found(ref("Candidate_Tag_Reference", tag)) == tagged != set()
    created = candidate["created_at"]
    assert found(el("Created_From", created), el("Created_Through", created)) == {candidate["id"]}
    applied = application["applied_at"]
    assert found(el("Applied_From", applied), el("Applied_Through", applied)) == {candidate["id"]}


def test_criteria_of_requisitions_and_postings(tenant: Tenant) -> None:
    requisition = tenant.row("requisitions", reference_id="R-1000")
    status = ref("Job_Requisition_Status_Reference", "OPEN", "Job_Requisition_Status_ID")
    assert len(rows(tenant.ask("Get_Job_Requisitions", criteria(status)))) == 4
    place = ref("Additional_Locations_Reference", "LOCATION-SFO", "Location_ID")
    assert len(rows(tenant.ask("Get_Job_Requisitions", criteria(place)))) == 1
    of = ref("Job_Requisition_Reference", requisition["id"])
    assert len(rows(tenant.ask("Get_Job_Postings", criteria(of)))) == 2
    active = el("Show_Only_Active_Job_Postings", "1")
    external = el("Show_Only_External_Job_Postings", "1")
    assert [len(rows(tenant.ask("Get_Job_Postings", criteria(each)))) for each in (active, external)] == [
        5,
        5,
    ]


def test_organizations_are_active_ones_of_a_type(tenant: Tenant) -> None:
    kind = ref("Organization_Type_Reference", "SUPERVISORY", "Organization_Type_ID")
    inactive = el("Include_Inactive", "true")
    counts = [
        len(rows(tenant.ask("Get_Organizations", each)))
        for each in ("", criteria(kind), criteria(kind, inactive), criteria(inactive))
    ]
    assert counts == [4, 3, 4, 5]


def test_inactive_workers_and_locations_are_listed(tenant: Tenant) -> None:
    workers = rows(tenant.ask("Get_Workers", GROUPS["Get_Workers"]))
    active = "wd:Worker_Data/wd:Employment_Data/wd:Worker_Status_Data/wd:Active"
    assert sorted(str(row.findtext(active, None, NS)) for row in workers) == ["false"] + ["true"] * 8
    excluded = criteria(el("Exclude_Inactive_Workers", "true"))
    assert len(rows(tenant.ask("Get_Workers", excluded))) == 8
    flags = [
        row.findtext("wd:Location_Data/wd:Inactive", None, NS) for row in rows(tenant.ask("Get_Locations"))
    ]
    assert sorted(map(str, flags)) == ["0"] * 4 + ["1"]


# Parts


def test_parts_come_when_they_are_asked_for(tenant: Tenant) -> None:
    (bare, *_) = rows(tenant.ask("Get_Job_Requisitions"))
    data = bare.find("wd:Job_Requisition_Data", NS)
    assert data is not None
    assert [each.tag.rpartition("}")[2] for each in data] == ["Job_Requisition_Status_Reference"]
    (worker, *_) = rows(tenant.ask("Get_Workers", group("Include_Personal_Information")))
    assert worker.find("wd:Worker_Data/wd:Personal_Data", NS) is not None
    assert worker.find("wd:Worker_Data/wd:Employment_Data", NS) is None
    without = group("Include_Reference").replace("true", "false")
    (candidate, *_) = rows(tenant.ask("Get_Candidates", without))
    assert candidate.find("wd:Candidate_Reference", NS) is None


def test_papers_come_unless_they_are_excluded(tenant: Tenant) -> None:
    response = tenant.ask("Get_Candidates")
    (content, *others) = response.iter(f"{{{NS['wd']}}}File_Content")
    assert base64.b64decode(str(content.text))
    assert len(others) == len(tenant.rows("resumes")) + len(tenant.rows("attachments")) - 1
    excluded = tenant.ask("Get_Candidates", group("Exclude_All_Attachments"))
    assert not list(excluded.iter(f"{{{NS['wd']}}}File_Content"))
    listed = tenant.ask("Get_Candidate_Attachments")
    assert len(rows(listed)) == len(tenant.rows("attachments"))
    candidate = tenant.row("attachments")["candidate_id"]
    own = tenant.ask("Get_Candidate_Attachments", criteria(ref("Candidate_Reference", candidate)))
    assert len(rows(own)) == len(tenant.rows("attachments", candidate_id=candidate))


def test_offsets_differ_by_field(tenant: Tenant) -> None:
    text = tenant.request("Get_Candidates").text + tenant.request("Get_Interviews").text
    offsets = {
        name: set(re.findall(rf"<wd:{name}>[^<]*T[\d:.]+([+-][\d:]+)<", text))
        for name in ("Job_Application_Date", "Status_Timestamp", "Interview_Start_Time", "Interview_End_Time")
    }
    assert list(offsets.values()) == [{"-08:00"}, {"+01:00"}, {"-07:00"}, {"+05:30"}]


# Interviews


def kinds(response: Element) -> set[str]:
    return {row[0][0].tag.rpartition("}")[2] for row in rows(response)}


EVENT, APPLICATION, CANDIDATE = (
    "Interview_Event_Reference",
    "Job_Application_Reference",
    "Candidate_Interview_Criteria_Data",
)


@pytest.mark.parametrize("operation", ["Get_Interviews", "Get_Interview_Feedbacks"])
def test_an_event_is_named_in_one_of_three_ways(tenant: Tenant, operation: str) -> None:
    tenant.control("POST", "reset", {"candidates": 40, "interviews": 60})
    assert kinds(tenant.ask(operation)) == {EVENT, APPLICATION, CANDIDATE}
    for addressing, kind in (("event", EVENT), ("application", APPLICATION), ("candidate", CANDIDATE)):
        tenant.control("POST", "settings", {"addressing": addressing})
        assert kinds(tenant.ask(operation)) == {kind}
    tenant.control("POST", "settings", {"addressing": None})
    assert len(kinds(tenant.ask(operation))) == 3


def test_interviews_of_one_application(tenant: Tenant) -> None:
    event = tenant.row("interview_events", addressed_by="event")
    application = tenant.state.get("applications", event["application_id"])
    assert application is not None
    of = len(tenant.rows("interview_events", application_id=application["id"]))
    pair = el(
        CANDIDATE,
        ref("Candidate_Reference", application["candidate_id"]),
        ref("Requisition_Reference", application["requisition_id"]),
    )
    for asked in (ref(APPLICATION, application["id"]), pair):
        response = tenant.ask("Get_Interviews", criteria(asked))
        assert len(rows(response)) == of
        assert EVENT in kinds(response)


def test_feedback_is_of_events_that_have_some(tenant: Tenant) -> None:
    response = tenant.ask("Get_Interview_Feedbacks")
    events = {row["event_id"] for row in tenant.rows("feedbacks")}
    assert len(rows(response)) == len(events) < len(tenant.rows("interview_events"))
    given = list(response.iter(f"{{{NS['wd']}}}Interview_Feedback_Details"))
    assert len(given) == len(tenant.rows("feedbacks"))


# Seed


def test_the_seed_is_the_same_each_time() -> None:
    first, second, other = Tenant(), Tenant(), Tenant()
    seed(other.state, seed=2)
    dumps = [
        [[dict(row) for row in table.rows.values()] for table in each.state.tables.values()]
        for each in (first, second, other)
    ]
    assert dumps[0] == dumps[1] != dumps[2]


def test_the_seed_has_the_odd_ones(tenant: Tenant) -> None:
    tenant.control("POST", "reset", {"candidates": 30, "interviews": 40})
    applications = tenant.rows("applications")
    per_candidate = Counter(row["candidate_id"] for row in applications)
    assert max(per_candidate.values()) == 3
    assert [row for row in tenant.rows("candidates", prospect=True) if row["id"] not in per_candidate]
    assert [row for row in applications if row["disposition_id"]]
    assert tenant.rows("workers", active=False)
    sessions = tenant.rows("interview_sessions")
    per_event = Counter(row["event_id"] for row in sessions)
    assert len(sessions) == 40
    assert max(per_event.values()) > 1
    assert {row["id"] for row in tenant.rows("interview_events")} > per_event.keys()
    contingent = {row["id"] for row in tenant.rows("workers", contingent=True)}
    asked = {key for row in sessions for part in row["details"] for key in part["interviewer_ids"]}
    assert contingent & asked
    assert max(len(row["details"]) for row in sessions) == 2
    assert tenant.rows("interview_events", in_progress=False)
    ends = [part["end_at"] for row in sessions for part in row["details"]]
    now = "2026-11-21T10:00:00.000Z"
    assert min(ends) < now < max(ends)


def test_the_seed_scales() -> None:
    tenant = Tenant()
    seed(tenant.state, candidates=1200, interviews=900)
    assert figures(tenant.ask("Get_Candidates", page(12, 100)))[:3] == [1200, 12, 100]
    assert len(tenant.rows("interview_sessions")) == 900
