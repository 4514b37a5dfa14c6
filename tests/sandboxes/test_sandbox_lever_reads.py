"""What the sandbox Lever lists, which parameters it takes, and how its pages go on."""

from urllib.parse import unquote

import pytest
from lever_calls import Lever, refused

from sandboxes.lever import ADMIN

CONFIDENTIAL = "confidential:access:admin"


def ids(lever: Lever, path: str) -> list[str]:
    return [row["id"] for row in lever.data(path)]


def pages(lever: Lever, path: str, **query: str) -> list[list[str]]:
    """The ids of each page, to the end."""
    found, following = [], {}
    while True:
        body = lever.get(path, params={**query, **following}).json()
        found.append([row.get("id") or row["text"] for row in body["data"]])
        assert ("next" in body) is body["hasNext"]
        if not body["hasNext"]:
            return found
        following = {"offset": body["next"]}


# Pages


@pytest.mark.parametrize("path", ["opportunities", "postings", "users", "stages", "archive_reasons", "tags"])
def test_pages_hold_everything_once_in_the_same_order(lever, path):
    whole = pages(lever, path)
    parts = pages(lever, path, limit="2")
    assert len(whole) == 1
    assert [key for page in parts for key in page] == whole[0]
    assert {len(page) for page in parts[:-1]} == {2}


def test_lists_are_newest_first_and_stages_in_their_order(lever):
    created = [row["createdAt"] for row in lever.data("opportunities")]
    assert created == sorted(created, reverse=True)
    stages = ids(lever, "stages")
    assert (stages[0], stages[-1]) == ("lead-new", "offer")


def test_a_page_begins_after_the_last_record_even_when_that_is_gone(lever):
    first = lever.get("opportunities", params={"limit": "3"}).json()
    rest = ids(lever, "opportunities")[3:]
    lever.state.delete("opportunities", first["data"][-1]["id"])
    lever.state.add("opportunities", contact=lever.active()["contact"])
    following = lever.get("opportunities", params={"offset": first["next"]}).json()
    assert [row["id"] for row in following["data"]] == rest


def test_a_token_is_encoded_text_to_be_passed_as_it_is(lever):
    token = lever.get("users", params={"limit": "1"}).json()["next"]
    assert unquote(token).startswith("[")
    assert "%22" in token
    assert lever.get("users", params={"limit": "1", "offset": token}).status_code == 200
    refused(lever.get("users", params={"offset": unquote(token)}), 400, "Invalid offset token")


def test_stale_and_foreign_tokens_are_refused(lever):
    token = lever.get("users", params={"limit": "1"}).json()["next"]
    refused(lever.get("postings", params={"offset": token}), 400, "Invalid offset token")
    refused(
        lever.get("users", params={"offset": token, "includeDeactivated": "true"}),
        400,
        "Invalid offset token",
    )
    refused(lever.get("users", params={"offset": "abc"}), 400, "Invalid offset token")
    lever.control("POST", "offsets/expire")
    refused(lever.get("users", params={"offset": token}), 400, "Invalid offset token")
    assert lever.get("users").status_code == 200


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("users", "limit=0"),
        ("users", "limit=101"),
        ("users", "limit=ten"),
        ("users", "limit=1&limit=2"),
        ("users", "page=2"),
        ("users", "includeDeactivated=yes"),
        ("stages", "updated_at_start=1"),
        ("opportunities", "updated_at_start=2026-01-01"),
        ("opportunities", "confidentiality=secret"),
        ("opportunities", "archived=maybe"),
        ("opportunities", "origin=moon"),
        ("opportunities", "expand=everything"),
        ("opportunities", "perform_as=x"),
        ("archive_reasons", "type=fired"),
        ("postings", "state=open"),
        ("postings", "updated_at_start=1&state=published"),
        ("requisitions", "updated_at_start=1"),
    ],
)
def test_unknown_and_malformed_parameters_are_refused(lever, path, query):
    refused(lever.get(f"{path}?{query}"), 400)


def test_a_nested_list_is_paged_too(lever):
    key = lever.active()["id"]
    for value in "abc":
        lever.write("POST", f"opportunities/{key}/notes", {"value": value})
    parts = pages(lever, f"opportunities/{key}/notes", limit="2")
    assert [len(page) for page in parts] == [2, 2]


# Opportunities


def test_most_old_opportunities_have_never_been_updated_and_match_no_window(lever):
    rows = lever.data("opportunities")
    never = {row["id"] for row in rows if row["updatedAt"] is None}
    assert len(never) > len(rows) / 2
    assert set(ids(lever, "opportunities?updated_at_start=0")) == {row["id"] for row in rows} - never
    assert not never & set(ids(lever, "opportunities?updated_at_end=9999999999999"))


def test_windows_include_both_ends(lever):
    at = next(row for row in lever.data("opportunities") if row["updatedAt"])
    when = at["updatedAt"]
    assert at["id"] in ids(lever, f"opportunities?updated_at_start={when}&updated_at_end={when}")
    assert at["id"] not in ids(lever, f"opportunities?updated_at_start={when + 1}")
    assert at["id"] not in ids(lever, f"opportunities?updated_at_end={when - 1}")
    for name, field in (("created", "createdAt"), ("advanced", "lastAdvancedAt")):
        value = at[field]
        assert at["id"] in ids(lever, f"opportunities?{name}_at_start={value}&{name}_at_end={value}")


def test_only_archived_ones_match_the_window_of_archiving(lever):
    archived = {row["id"] for row in lever.rows("opportunities") if row["archived"]}
    assert archived
    assert set(ids(lever, "opportunities?archived_at_start=0")) == archived
    assert set(ids(lever, "opportunities?archived=true")) == archived
    assert not archived & set(ids(lever, "opportunities?archived=false"))


def test_opportunities_are_filtered_by_what_they_hold(lever):
    one = lever.active()
    application = lever.rows("applications", opportunityId=one["id"])[0]
    email = lever.rows("contacts", id=one["contact"])[0]["emails"][0]
    for query in (
        f"stage_id=nothing&stage_id={one['stage']}",
        f"contact_id={one['contact']}",
        f"posting_id={application['posting']}",
        f"email={email.upper()}",
        f"origin={one['origin']}",
        f"origin[]={one['origin']}",
    ):
        found = ids(lever, f"opportunities?{query}")
        assert one["id"] in found, query
        assert len(found) < 25
    assert {"Python" in row["tags"] for row in lever.data("opportunities?tag=Python")} == {True}
    assert lever.data("opportunities?tag=python") == []
    assert {"GitHub" in row["sources"] for row in lever.data("opportunities?source=GitHub")} == {True}


def test_confidential_ones_are_listed_when_asked_for(lever):
    everything, usual = set(ids(lever, "opportunities?confidentiality=all")), set(ids(lever, "opportunities"))
    hidden = {row["id"] for row in lever.rows("opportunities", confidentiality="confidential")}
    assert hidden
    assert everything - usual == hidden
    assert set(ids(lever, "opportunities?confidentiality=confidential")) == hidden
    assert {row["confidentiality"] for row in lever.data("postings")} == {"non-confidential"}
    assert len(ids(lever, "postings?confidentiality=all")) == len(ids(lever, "postings")) + 1


def test_without_the_right_confidential_records_are_forbidden(lever):
    lever.control("POST", "permissions", {"denied": [CONFIDENTIAL]})
    key = lever.rows("opportunities", confidentiality="confidential")[0]["id"]
    refused(lever.get("opportunities?confidentiality=all"), 403)
    refused(lever.get("postings?confidentiality=confidential"), 403)
    refused(lever.get(f"opportunities/{key}"), 403)
    refused(lever.get(f"opportunities/{key}/notes"), 403)
    posting = lever.rows("postings", confidentiality="confidential")[0]["id"]
    refused(lever.get(f"postings/{posting}"), 403)
    assert lever.get("opportunities").status_code == 200
    assert lever.get("opportunities?confidentiality=non-confidential").status_code == 200


def test_expand_gives_records_for_ids(lever):
    one = lever.active()
    row = lever.data(f"opportunities/{one['id']}")
    query = "expand=applications&expand=stage&expand=contact&expand=owner"
    full = lever.data(f"opportunities/{one['id']}?{query}")
    assert [each["id"] for each in full["applications"]] == row["applications"]
    assert full["applications"][0]["opportunityId"] == one["id"]
    assert (full["stage"]["id"], full["contact"]["id"]) == (row["stage"], row["contact"])
    assert full["owner"]["id"] == row["owner"]
    listed = next(each for each in lever.data(f"opportunities?{query}") if each["id"] == one["id"])
    assert listed == full


def test_the_seed_has_what_makes_mapping_hard(lever):
    rows = lever.data("opportunities?confidentiality=all&expand=applications")
    contacts = [row["contact"] for row in rows]
    assert len(set(contacts)) < len(contacts)
    assert [] in [row["applications"] for row in rows]
    assert "" in [row["name"] for row in rows if row["isAnonymized"]]
    assert [] in [row["sources"] for row in rows]
    reasons = {row["id"]: row for row in lever.data("archive_reasons")}
    used = [reasons[row["archived"]["reason"]] for row in rows if row["archived"]]
    assert {row["type"] for row in used} == {"hired", "non-hired"}
    assert "inactive" in {row["status"] for row in used}
    phones = [phone.get("type") for row in rows for phone in row["phones"]]
    assert {None, "mobile", "carrier pigeon"} <= set(phones)
    two = next(key for key in contacts if contacts.count(key) == 2)
    views = [row for row in rows if row["contact"] == two]
    assert views[0]["emails"] == views[1]["emails"]


def test_deleted_records_are_in_lists_of_their_own(lever):
    one = lever.active()
    application = lever.rows("applications", opportunityId=one["id"])[0]["id"]
    posting = lever.rows("postings", state="draft")[0]["id"]
    lever.state.delete("opportunities", one["id"])
    lever.control("DELETE", f"records/postings/{posting}")
    (row,) = lever.data("opportunities/deleted")
    assert (row["id"], row.keys()) == (one["id"], {"id", "deletedAt", "deletedBy"})
    assert ids(lever, "applications/deleted") == [application]
    assert ids(lever, "postings/deleted") == [posting]
    at = row["deletedAt"]
    assert ids(lever, f"opportunities/deleted?deleted_at_start={at}&deleted_at_end={at}") == [one["id"]]
    assert ids(lever, f"opportunities/deleted?deleted_at_start={at + 1}") == []
    refused(lever.get(f"opportunities/{one['id']}"), 404)
    refused(lever.get(f"opportunities/{one['id']}/notes"), 404)


# The company


def test_deactivated_users_are_listed_when_asked_for(lever):
    usual, everyone = ids(lever, "users"), lever.data("users?includeDeactivated=true")
    assert len(everyone) == len(usual) + 1
    assert [row["id"] for row in everyone if row["deactivatedAt"]] == list(
        {row["id"] for row in everyone} - set(usual)
    )
    assert ids(lever, "users?accessRole[]=super admin") == [ADMIN]
    assert ids(lever, "users?email=HARRIET.colborne@fairhaven.example") == [ADMIN]
    assert lever.data(f"users/{ADMIN}")["id"] == ADMIN


def test_archive_reasons_by_type_keep_the_inactive(lever):
    rejecting = lever.data("archive_reasons?type=non-hired")
    assert {row["type"] for row in rejecting} == {"non-hired"}
    assert {row["status"] for row in rejecting} == {"active", "inactive"}
    assert [row["text"] for row in lever.data("archive_reasons?type=hired")] == ["Hired"]


def test_tags_and_sources_are_counted(lever):
    counts = {row["text"]: row["count"] for row in lever.data("tags")}
    assert counts["Python"] == sum("Python" in row["tags"] for row in lever.rows("opportunities"))
    assert lever.data("sources")[0].keys() == {"text", "count"}


def test_published_postings_are_the_public_ones_unless_channels_are_named(lever):
    def titles(query):
        return {row["text"] for row in lever.data(f"postings?state=published{query}")}

    assert titles("") == {"Backend Engineer (m/w/d)", "Account Executive"}
    both = "&distributionChannel=public&distributionChannel=internal"
    assert titles(both) == {"Backend Engineer (m/w/d)", "Account Executive", "Product Designer"}
    assert titles("&distributionChannel=internal") == {"Backend Engineer (m/w/d)", "Product Designer"}
    states = {row["state"] for row in lever.data("postings")}
    assert states == {"published", "internal", "closed", "draft", "pending", "rejected"}


def test_drafts_have_no_urls_and_categories_are_matched_by_case(lever):
    assert [row["urls"] for row in lever.data("postings?state=draft")] == [None]
    found = {row["categories"]["department"] for row in lever.data("postings?department=Sales")}
    assert found == {"Sales"}
    assert lever.data("postings?department=sales") == []
    row = lever.data("postings?state=internal&expand=user&expand=followers")[0]
    assert row["user"]["id"] == ADMIN
    assert row["followers"][0]["name"]


def test_changed_postings_are_found(lever):
    key = lever.rows("postings", state="closed")[0]["id"]
    since = lever.state.now()
    lever.control("PATCH", f"records/postings/{key}", {"text": "Office Hero"})
    assert ids(lever, f"postings?updated_at_start={since}&confidentiality=all") == [key]


def test_every_posting_has_a_form(lever):
    kinds = set()
    for posting in lever.data("postings"):
        form = lever.data(f"postings/{posting['id']}/apply")
        assert {"fullName", "email"} <= {row["name"] for row in form["personalInformation"]}
        kinds |= {field["type"] for each in form["customQuestions"] for field in each["fields"]}
    assert {"text", "textarea", "dropdown", "multiple-choice", "multiple-select", "file-upload"} == kinds


def test_requisitions_by_time_status_and_code(lever):
    rows = lever.data("requisitions")
    assert len(rows) == 3
    assert ids(lever, f"requisitions?created_at_start={rows[0]['createdAt']}") == [rows[0]["id"]]
    assert [row["requisitionCode"] for row in lever.data("requisitions?status=onHold")] == ["DES-3"]
    assert len(lever.data("requisitions?requisition_code=ENG-101")) == 1
    assert lever.data(f"requisitions/{rows[0]['id']}") == rows[0]


def test_the_survey_is_of_the_last_week_unless_a_start_is_given(lever):
    every = lever.data("eeo/responses/pii?created_at_start=0")
    newest = max(row["eeoSurveyRespondedAt"] for row in every)
    now = lever.state.notation(lever.clock())
    assert lever.data("eeo/responses/pii") == []
    lever.clock.pass_(milliseconds=newest - now + 1000)
    recent = lever.data("eeo/responses/pii")
    assert 0 < len(recent) < len(every)
    assert [row["id"] for row in recent] == [row["applicationId"] for row in recent]
    assert ids(lever, f"eeo/responses/pii?created_at_start=0&created_at_end={newest - 1}") == [
        row["id"] for row in every if row["eeoSurveyRespondedAt"] < newest
    ]


# Below an opportunity


def test_interviews_of_every_kind(lever):
    rows = lever.rows("interviews")
    panels = {row["id"]: row for row in lever.rows("panels")}
    assert {panels[row["panel"]]["externallyManaged"] for row in rows} == {True, False}
    assert {row["canceledAt"] is None for row in rows} == {True, False}
    assert None in {row["user"] for row in rows}
    assert None in {row["subject"] for row in rows}
    assert [] in [row["interviewers"] for row in rows]
    assert {bool(row["feedbackForms"]) for row in rows} == {True, False}
    one = next(row for row in rows if row["interviewers"])
    view = lever.data(f"opportunities/{one['opportunityId']}/interviews/{one['id']}")
    assert "responseStatus" not in view["interviewers"][0]
    assert (view["opportunityId"], view["stage"]) == (one["opportunityId"], panels[one["panel"]]["stage"])
    panel = lever.data(f"opportunities/{one['opportunityId']}/panels/{one['panel']}")
    assert panel["interviews"][0]["interviewers"][0]["responseStatus"]
    assert panel["end"] == max(row["date"] + row["duration"] * 60_000 for row in panel["interviews"])


@pytest.mark.parametrize("table", ["interviews", "panels", "feedback", "notes", "offers", "files", "resumes"])
def test_a_record_is_read_below_its_own_opportunity_only(lever, table):
    row = lever.rows(table)[0]
    other = next(each for each in lever.rows("opportunities") if each["id"] != row["opportunityId"])
    own = lever.get(f"opportunities/{row['opportunityId']}/{table}/{row['id']}")
    assert (own.status_code, own.json()["data"]["id"]) == (200, row["id"])
    refused(lever.get(f"opportunities/{other['id']}/{table}/{row['id']}"), 404, row["id"], "was not found")


def test_feedback_notes_and_offers_of_every_kind(lever):
    feedback = lever.rows("feedback")
    assert {row["deletedAt"] is None for row in feedback} == {True, False}
    assert {row["interview"] is None for row in feedback} == {True, False}
    assert {row["secret"] for row in lever.rows("notes")} == {True, False}
    assert None in {row["user"] for row in lever.rows("notes")}
    assert max(len(row["fields"]) for row in lever.rows("notes")) == 2
    offers = lever.rows("offers")
    assert {"draft", "signed"} <= {row["status"] for row in offers}
    assert {row["signedDocument"] is None for row in offers} == {True, False}


def test_files_are_downloaded_unless_they_could_not_be_processed(lever):
    good, bad = (lever.rows("files", status=status)[0] for status in ("processed", "error"))
    answer = lever.get(f"opportunities/{good['opportunityId']}/files/{good['id']}/download")
    assert (answer.status_code, answer.content) == (200, b"%PDF-1.4 letter")
    refused(lever.get(f"opportunities/{bad['opportunityId']}/files/{bad['id']}/download"), 422)
    resume = next(row for row in lever.rows("resumes") if row["file"])
    path = f"opportunities/{resume['opportunityId']}/resumes/{resume['id']}/download"
    assert lever.get(path).content == b"%PDF-1.4 resume"
    assert None in [row["file"] for row in lever.rows("resumes")]
    assert resume["file"]["downloadUrl"].startswith("https://hire.lever.co/")


def test_files_by_time_though_some_have_theirs_as_text(lever):
    row = next(row for row in lever.rows("files") if isinstance(row["uploadedAt"], str))
    path = f"opportunities/{row['opportunityId']}/files"
    at = int(row["uploadedAt"])
    assert ids(lever, f"{path}?uploaded_at_start={at}&uploaded_at_end={at}") == [row["id"]]
    assert ids(lever, f"{path}?uploaded_at_start={at + 1}") == []


def test_the_documents_of_offers_are_downloaded(lever):
    offer = lever.rows("offers", status="signed")[0]
    path = offer["signedDocument"]["downloadUrl"].removeprefix("https://api.lever.co/v1/")
    assert lever.get(path).content == b"%PDF-1.4 signed"
    draft = lever.rows("offers", status="draft")[0]
    refused(lever.get(f"opportunities/{draft['opportunityId']}/offers/{draft['id']}/download"), 404)
