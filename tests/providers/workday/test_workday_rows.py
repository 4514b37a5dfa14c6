"""From the wire to rows: lists where the schema repeats, ids by their types, no files."""

from xml.etree import ElementTree as ET

import pytest
from workday_soap import connect, fixture, response, wire_rows

from providers.workday import eeo, interviews, records
from providers.workday.envelope import RECRUITING, ask, wd
from providers.workday.rows import NAMESPACE, many, row_of

FROM_LISTS = [
    ("candidates-pages", ("candidate_social_eeoc", "candidate", "application_rejected")),
    ("requisitions-pages", ("requisition_open", "requisition")),
    ("postings-pages", ("posting", "posting_ended", "posting_to_come")),
    ("workers-pages", ("worker", "worker_contingent", "worker_without_address")),
    ("attachments-pages", ("attachment_resume", "attachment_cover_letter", "attachment_other")),
]


@pytest.mark.parametrize(("listed", "records"), FROM_LISTS, ids=lambda v: v if isinstance(v, str) else None)
def test_the_rows_of_the_records_are_those_of_the_wire(listed: str, records: tuple[str, ...]) -> None:
    assert [row_of(each) for each in wire_rows(listed)] == [fixture("records", n)["row"] for n in records]


def test_each_session_is_a_row_with_what_its_event_says() -> None:
    rows = [
        session for each in wire_rows("interviews-pages") for session in interviews.sessions(row_of(each))
    ]
    names = ("interview", "interview_event_two_sessions_1", "interview_event_two_sessions_2")
    assert rows == [fixture("records", name)["row"] for name in names]


def parsed(inner: str) -> dict[str, object]:
    return row_of(ET.fromstring(f'<wd:X xmlns:wd="{NAMESPACE}">{inner}</wd:X>'))


def test_one_and_many_read_alike_and_what_is_empty_is_there() -> None:
    assert parsed("<wd:Website_Data><wd:URL_Address>a</wd:URL_Address></wd:Website_Data>") == {
        "Website_Data": [{"URL_Address": "a"}]
    }
    assert many(parsed("<wd:Unknown>1</wd:Unknown><wd:Unknown>2</wd:Unknown>"), "Unknown") == ["1", "2"]
    assert parsed("<wd:Comment/>") == {"Comment": ""}


def test_ids_are_known_by_their_types_in_whatever_order() -> None:
    row = parsed(
        '<wd:A_Reference><wd:ID wd:type="B_ID">b</wd:ID><wd:ID wd:type="WID">w</wd:ID></wd:A_Reference>'
    )
    assert row["A_Reference"] == {"descriptor": None, "ids": {"B_ID": "b", "WID": "w"}}


def test_a_files_content_is_not_kept() -> None:
    row = parsed("<wd:Filename>a</wd:Filename><wd:File_Content>AAAA</wd:File_Content>")
    assert row == {"Filename": "a"}


def test_a_files_content_is_not_even_gathered() -> None:
    """A page of files is hundreds of megabytes, which would be in memory twice."""
    file = "<wd:Attachment_Data><wd:File_Content>QUJD</wd:File_Content></wd:Attachment_Data>"
    answer = ask(connect(lambda _: response("Get_X", file)), RECRUITING, wd("Get_X_Request"))
    assert [each.text or "" for each in answer.iter(f"{{{NAMESPACE}}}File_Content")] == [""]


def test_a_primary_location_that_is_named_twice_is_one_office() -> None:
    primary, other = ({"descriptor": None, "ids": {"WID": wid}} for wid in ("L1", "L2"))
    places = {"Primary_Location_Reference": primary, "Additional_Locations_Reference": [other, primary]}
    row = {"Job_Requisition_Data": {"Hiring_Requirement_Data": places}}
    assert records.job(row, {})["offices"] == ["L1", "L2"]


def test_hispanic_comes_before_ethnicity_and_several_are_more_than_one() -> None:
    def race(hispanic: str, *names: str) -> object:
        answers = {
            "Hispanic_or_Latino": hispanic,
            "Ethnicity_Reference": [{"descriptor": name, "ids": {}} for name in names],
        }
        details = {"Job_Applied_To_Data": [{"Personal_Information_Data": answers}]}
        application = {"Job_Application_Reference": {"ids": {"WID": "A"}}, **details}
        row = {"Candidate_Data": {"Job_Application_Data": [application]}}
        (record,) = eeo.eeocs(row, {})
        return record["race"] and record["race"][0]

    assert race("1", "White (United States of America)") == "HISPANIC_OR_LATINO"
    assert race("0", "White (United States of America)") == "WHITE"
    assert race("0", "White (X)", "Asian (X)") == "TWO_OR_MORE_RACES"
    assert race("0") is None
