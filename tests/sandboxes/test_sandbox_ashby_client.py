"""The PyPI client `ashby`, written by others for the vendor, reads our sandbox."""

import pytest
from world import served

from sandboxes.ashby import CREDENTIALS, State, create_app, seed


@pytest.fixture(scope="module")
def state():
    state = State()
    # More than a page of candidates, so that the client has to follow cursors.
    seed(state, candidates=120, interviews=20)
    return state


@pytest.fixture(scope="module")
def client(state):
    with pytest.MonkeyPatch.context() as patch, served(create_app(state)) as url:
        # The client reads a `.env` it may find when it is imported.
        patch.setenv("PYTHON_DOTENV_DISABLED", "1")
        from ashby_sdk import AshbyClient

        class Redirected(AshbyClient):
            BASE_URL = url

        yield Redirected(CREDENTIALS["api_key"]["api_key"])


def held(state, table, **values):
    rows = state.tables[table].rows.values()
    return {row["id"] for row in rows if all(row[name] == value for name, value in values.items())}


@pytest.mark.parametrize(
    ("resource", "table", "values"),
    [
        ("candidates", "candidates", {}),
        ("applications", "applications", {}),
        ("users", "users", {"isEnabled": True}),
        ("departments", "departments", {"isArchived": False}),
        ("locations", "locations", {"isArchived": False, "type": "Location"}),
        ("sources", "sources", {"isArchived": False}),
        ("archive_reasons", "archiveReasons", {"isArchived": False}),
        ("candidate_tags", "candidateTags", {"isArchived": False}),
        ("job_postings", "jobPostings", {"status": "Published"}),
        ("interviews", "interviews", {"isArchived": False, "isShared": True}),
        ("interview_schedules", "interviewSchedules", {}),
        ("offers", "offers", {}),
    ],
)
def test_the_client_lists_what_the_sandbox_holds(client, state, resource, table, values):
    found = [each.id for each in getattr(client, resource).list()]
    assert len(found) == len(set(found))
    assert set(found) == held(state, table, **values) != set()


def test_the_client_lists_jobs_by_status(client, state):
    assert {each.id for each in client.jobs.list(status=["Open"])} == held(state, "jobs", status="Open")


def test_the_client_walks_through_a_job(client, state):
    row = next(iter(state.tables["jobs"].rows.values()))
    job = client.jobs.get(row["id"])
    assert (job.title, job.status) == (row["title"], row["status"])
    stages = client.interview_stages.list_for_job(job.id)
    assert {each.id for each in stages} == held(
        state, "interviewStages", interviewPlanId=row["defaultInterviewPlanId"]
    )
    assert {each.id for each in client.applications.list(job_id=job.id)} == held(
        state, "applications", jobId=job.id
    )
    assert "We are looking for you" in client.get_job_description(job.id)


def test_the_client_reads_a_candidate_with_notes_and_resume(client, state):
    note = next(iter(state.tables["notes"].rows.values()))
    row = state.tables["candidates"].rows[note["candidateId"]]
    person = client.candidates.get(row["id"])
    assert (person.name, person.email) == (row["name"], row["emailAddresses"][0]["value"])
    assert [each.content for each in client.notes.list(row["id"])] == [note["content"]]
    content, _name = client.files.download(person.resume_handle)
    assert content.startswith(b"%PDF")
    assert [each.id for each in client.candidates.search(email=person.email)] == [row["id"]]


def test_the_client_reads_feedback_and_form_answers(client, state):
    row = next(row for row in state.tables["applicationFeedback"].rows.values() if row["interviewEventId"])
    found = client.feedback.list_for_application(row["applicationId"])
    assert row["id"] in {each.id for each in found}
    of_application = state.where("applicationFeedback", "applicationId", row["applicationId"])
    # The client's own `submitter` looks for a key that the vendor's documentation does not have.
    authors = {each.raw_data["submittedByUser"]["id"] for each in found}
    assert authors == {each["submittedById"] for each in of_application}
    answered = next(row for row in state.tables["applications"].rows.values() if row["submittedValues"])
    (form,) = client.applications.get_with_forms(answered["id"]).form_submissions
    assert client.surveys.parse_submission(form)["answers"]["Warum wir?"] == "Because."


def test_the_client_moves_and_tags(client, state):
    application = next(row for row in state.tables["applications"].rows.values() if row["status"] == "Active")
    plan = state.tables["interviewStages"].rows[application["interviewStageId"]]["interviewPlanId"]
    offer = next(
        row for row in state.where("interviewStages", "interviewPlanId", plan) if row["type"] == "Offer"
    )
    moved = client.applications.change_stage(application["id"], offer["id"])
    assert moved.stage_name == offer["title"]
    tag = client.candidate_tags.list()[0].id
    client.candidates.add_tag(application["candidateId"], tag)
    assert tag in state.tables["candidates"].rows[application["candidateId"]]["tagIds"]


def test_the_client_understands_our_refusals(client):
    from ashby_sdk import AshbyAPIError, AshbyAuthError

    with pytest.raises(AshbyAPIError) as refused:
        client.candidates.get("00000000-0000-4000-8000-000000000000")
    assert refused.value.errors == ["candidate_not_found"]
    with pytest.raises(AshbyAuthError):
        type(client)("wrong").users.list()
