from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from test_api_paging import put
from world import Account, Json, Synced, World

MOMENTS = ("created_after", "created_before", "modified_after", "modified_before")
BAD = {"non_field_errors": ["Provided filters are invalid."]}
IDS = {
    "activities": {"user_id": "user"},
    "applications": {
        "candidate_id": "candidate",
        "credited_to_id": "credited_to",
        "current_stage_id": "current_stage",
        "job_id": "job",
        "reject_reason_id": "reject_reason",
    },
    "attachments": {"candidate_id": "candidate"},
    "eeocs": {"candidate_id": "candidate"},
    "interviews": {
        "application_id": "application",
        "job_interview_stage_id": "job_interview_stage",
        "organizer_id": "organizer",
    },
    "job-interview-stages": {"job_id": "job"},
    "offers": {"application_id": "application", "creator_id": "creator"},
    "scorecards": {
        "application_id": "application",
        "interview_id": "interview",
        "interviewer_id": "interviewer",
    },
}
CASES = [(path, parameter, field) for path, named in IDS.items() for parameter, field in named.items()]


def ids(records: list[Json]) -> list[str]:
    return [record["id"] for record in records]


@pytest.mark.contract("3.1.6")
@pytest.mark.parametrize(("path", "parameter", "field"), CASES)
def test_id_filters(synced: Synced, account: Account, path: str, parameter: str, field: str) -> None:
    everything = account.list(path)
    values = {record[field] for record in everything if record[field]}
    if not values:
        assert (path, field) in {("applications", "credited_to"), ("offers", "creator")}, (
            "nothing to filter by"
        )
    for value in values:
        expected = [r["id"] for r in everything if r[field] == value]
        assert ids(account.list(path, **{parameter: value})) == expected
        assert ids(account.list(path, **{parameter: value.upper()})) == expected
        assert synced.other.list(path, **{parameter: value}) == []
    assert account.list(path, **{parameter: str(uuid4())}) == []
    for wrong in ("1", "x" * 36, f"{uuid4()},{uuid4()}", "\0"):
        answer = account.get(path, **{parameter: wrong})
        assert (answer.status_code, answer.json()) == (400, BAD)


def test_interviews_by_the_job_of_their_application(synced: Synced, account: Account) -> None:
    jobs = {a["id"]: a["job"] for a in account.list("/applications")}
    everything = account.list("/interviews")
    for job in set(jobs.values()) - {None}:
        expected = [i["id"] for i in everything if jobs.get(i["application"]) == job]
        assert ids(account.list("/interviews", job_id=job)) == expected
        assert synced.other.list("/interviews", job_id=job) == []
    assert account.get("/interviews", job_id="1").json() == BAD


@pytest.mark.contract("3.1.1")
@pytest.mark.parametrize("path", ["interviews", "candidates", "tags"])
def test_moments_are_strict(world: World, path: str) -> None:
    account = world.link(sync=False)
    model = {"interviews": "ScheduledInterview", "candidates": "Candidate", "tags": "Tag"}[path]
    for n in range(4):
        put(world, account, model, {"remote_id": n})
    put(world, account, model, {"remote_id": 0, "name" if path != "candidates" else "title": "changed"})
    records = {r["remote_id"]: r for r in account.list(path)}
    for key in ("created", "modified"):
        times = sorted(r[f"{key}_at"] for r in records.values())
        assert len(set(times)) == 4
        for moment in times:
            after = {r["remote_id"] for r in account.list(path, **{f"{key}_after": moment})}
            before = {r["remote_id"] for r in account.list(path, **{f"{key}_before": moment})}
            assert after == {i for i, r in records.items() if r[f"{key}_at"] > moment}
            assert before == {i for i, r in records.items() if r[f"{key}_at"] < moment}
    assert records["0"]["modified_at"] > records["3"]["created_at"] > records["0"]["created_at"]


@pytest.mark.contract("1.8")
def test_offsets(synced: Synced) -> None:
    moment = datetime.fromisoformat(synced.v3.list("/candidates")[0]["created_at"])
    later = moment + timedelta(microseconds=1)
    for zone in (UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-8))):
        text = later.astimezone(zone).isoformat()
        for shown in (quote(text), text.replace(" ", "%20")):  # a plus sign encoded, and left as it is
            answer = synced.v3.http.get(f"/candidates?created_before={shown}")
            assert answer.json()["results"]
            assert not synced.v3.http.get(f"/candidates?created_before={quote(moment.isoformat())}").json()[
                "results"
            ]
    assert synced.v3.list("/candidates", created_after="2001-02-03")
    assert synced.v3.list("/candidates", created_after="2001-02-03T04:05:06")
    assert synced.v3.list("/candidates", created_after="0001-01-01T00:00:00+14:00")


@pytest.mark.contract("3.1.6")
@pytest.mark.parametrize("name", MOMENTS)
@pytest.mark.parametrize("wrong", ["yesterday", "2026-13-01", "2026-01-01T25:00:00Z", "1767225600", "\0"])
def test_bad_moments(synced: Synced, name: str, wrong: str) -> None:
    answer = synced.v3.get("/interviews", **{name: wrong})
    assert (answer.status_code, answer.json()) == (400, BAD)


@pytest.mark.contract("3.1.6")
@pytest.mark.parametrize("path", ["jobs", "job-postings", "offers"])
def test_status(account: Account, path: str) -> None:
    everything = account.list(path)
    for status in {r["status"] for r in everything} - {None}:
        assert ids(account.list(path, status=status)) == [
            r["id"] for r in everything if r["status"] == status
        ]
    for wrong in ("open", "NOBODY", "OPEN,CLOSED", "\0"):
        answer = account.get(path, status=wrong)
        assert (answer.status_code, answer.json()) == (400, BAD)


@pytest.mark.contract("3.1.5")
@pytest.mark.parametrize("path", ["interviews", "candidates", "users", "tags", "job-postings"])
def test_remote_id(account: Account, path: str) -> None:
    for record in account.list(path)[:3]:
        assert account.one(path, remote_id=record["remote_id"]) == record
    assert account.list(path, remote_id="nobody's") == []
    assert account.list(path, remote_id="\0") == []


def values_of(record: Json, field: str) -> list[Any]:
    return [item["value"] if isinstance(item, dict) else item for item in record[field]]


@pytest.mark.contract("3.1.4")
@pytest.mark.parametrize(
    ("path", "field"), [("candidates", "email_addresses"), ("candidates", "tags"), ("jobs", "offices")]
)
def test_lists_of_values(account: Account, path: str, field: str) -> None:
    everything = account.list(path)
    values = sorted({value for r in everything for value in values_of(r, field)})
    assert len(values) > 1

    def having(*wanted: str) -> list[str]:
        return [r["id"] for r in everything if set(wanted) & set(values_of(r, field))]

    for value in values:
        assert ids(account.list(path, **{field: value})) == having(value)
    both = f"{values[0]}, {values[1]}"
    assert ids(account.list(path, **{field: both})) == having(values[0], values[1])
    if field == "email_addresses":
        assert ids(account.list(path, **{field: values[0].upper()})) == having(values[0])
        assert account.list(path, **{field: "nobody@example.test"}) == []
    if field == "offices":
        assert account.get(path, **{field: "1"}).json() == BAD
    assert account.get(path, **{field: "\0"}).status_code == 400


def test_texts(account: Account) -> None:
    for path, field in (
        ("candidates", "first_name"),
        ("candidates", "last_name"),
        ("applications", "source"),
        ("jobs", "code"),
        ("users", "email"),
    ):
        everything = account.list(path)
        values = {r[field] for r in everything} - {None}
        assert values, (path, field)
        for value in values:
            assert ids(account.list(path, **{field: value})) == [
                r["id"] for r in everything if r[field] == value
            ]
        assert account.list(path, **{field: "nobody's"}) == []
        assert account.get(path, **{field: "\0"}).status_code == 400


@pytest.mark.contract("1.7")
def test_filters_combine_and_unknown_ones_are_ignored(synced: Synced) -> None:
    one = synced.v3.list("/candidates")[0]
    both = {"first_name": one["first_name"], "last_name": one["last_name"], "nobody_knows": "x"}
    assert one in synced.v3.list("/candidates", **both)
    assert synced.v3.list("/candidates", **{**both, "last_name": "Nobody"}) == []


@pytest.mark.contract("3.3.1", "3.3.3")
def test_deleted_records(synced: Synced, account: Account) -> None:
    gone = account.list("/interviews")[0]
    synced.world.sandbox.delete("interviews", int(gone["remote_id"]))
    synced.world.sync(account)
    assert gone["id"] not in ids(account.list("/interviews"))
    assert gone["id"] not in ids(account.list("/interviews", include_deleted_data="false"))
    shown = next(r for r in account.list("/interviews", include_deleted_data="true") if r["id"] == gone["id"])
    moved = {"remote_was_deleted": True, "modified_at": shown["modified_at"]}
    panel = ("interviewers", "interviewer_responses")  # rows of their own in v3, gone by themselves
    assert shown == gone | moved | {name: shown[name] for name in panel}
    assert shown["modified_at"] > gone["modified_at"]
    assert account.get(f"/interviews/{gone['id']}").json() == shown
    assert gone["id"] in ids(
        account.list("/interviews", include_deleted_data="true", modified_after=gone["modified_at"])
    )
    for wrong in ("yes", "2", "\0"):
        assert account.get("/interviews", include_deleted_data=wrong).json() == BAD


@pytest.mark.contract("3.3.5")
def test_shells(world: World) -> None:
    account = world.link(sync=False)
    put(world, account, "Application", {"remote_id": 1, "candidate": 5})
    assert account.one("/applications")["candidate"] is None
    assert account.list("/candidates") == []
    shell = account.one("/candidates", include_shell_data="true")
    assert shell["remote_id"] == "5"
    empty = {k: v for k, v in shell.items() if k not in ("id", "remote_id", "created_at", "modified_at")}
    assert all(not value for value in empty.values())
    assert account.get(f"/candidates/{shell['id']}").status_code == 404
    assert account.get(f"/candidates/{shell['id']}", include_shell_data="true").json() == shell


@pytest.mark.contract("3.5.2")
@pytest.mark.parametrize("parameter", ["show_enum_origins", "remote_fields"])
def test_enum_origins(account: Account, parameter: str) -> None:
    plain = account.list("/interviews")
    original = account.list("/interviews", **{parameter: "status"})
    assert ids(plain) == ids(original)
    assert {r["status"] for r in plain} >= {"SCHEDULED", "COMPLETE", "AWAITING_FEEDBACK"}
    assert {r["status"] for r in original if r["status"]} >= {"scheduled", "complete", "awaiting_feedback"}
    eeoc = account.list("/eeocs", **{parameter: "race,gender"})
    for shown, known in zip(eeoc, account.list("/eeocs"), strict=True):
        assert shown | {"race": known["race"], "gender": known["gender"]} == known
    one = plain[0]
    assert account.get(f"/interviews/{one['id']}", **{parameter: "status"}).json() in original
    assert account.list("/interviews", **{parameter: "nobody,location"}) == plain


@pytest.mark.contract("3.5.1")
def test_an_unknown_enum_value_passes_through(synced: Synced) -> None:
    (odd,) = [
        i for i in synced.v3.list("/interviews", show_enum_origins="status") if i["status"] == "under_review"
    ]
    assert synced.v3.get(f"/interviews/{odd['id']}").json()["status"] == "under_review"


@pytest.mark.contract("3.2.6", "3.4.1", "3.4.2")
def test_remote_data(account: Account, style: str) -> None:
    assert all(r["remote_data"] is None for r in account.list("/interviews"))
    paths = {"v1": {"/scheduled_interviews"}, "v3": {"/interviews", "/interviewers", "/job_interviews"}}[
        style
    ]
    shown = account.list("/interviews", include_remote_data="true")
    assert {entry["path"].removeprefix(f"/{style}") for r in shown for entry in r["remote_data"]} >= paths
    for record in shown:
        assert {"path", "data"} == {key for entry in record["remote_data"] for key in entry}
        assert record["remote_id"] in [str(entry["data"]["id"]) for entry in record["remote_data"]]
    one = account.get(
        f"/interviews/{shown[0]['id']}", include_remote_data="true", expand="application"
    ).json()
    assert one["application"]["remote_data"]
    assert account.get("/interviews", include_remote_data="x").json() == BAD


@pytest.mark.contract("3.2.1", "3.2.2", "3.2.3", "3.2.5", "3.2.6")
def test_expand(synced: Synced, account: Account) -> None:
    plain = account.list("/interviews")
    both = account.list("/interviews", expand="application,organizer")
    assert both == account.list("/interviews", expand=["application", "organizer"])
    for known, shown in zip(plain, both, strict=True):
        application = account.get(f"/applications/{known['application']}").json()
        assert shown["application"] == application
        assert (shown["organizer"] is None) == (known["organizer"] is None)
        assert shown["interviewers"] == known["interviewers"]
    assert None in [shown["organizer"] for shown in both]
    deep = account.list("/interviews", expand="application.candidate,application.job")
    candidates = {c["id"]: c for c in account.list("/candidates")}
    for known, shown in zip(both, deep, strict=True):
        assert shown["application"]["candidate"] == candidates[known["application"]["candidate"]]
        assert shown["application"]["job"]["id"] == known["application"]["job"]
        assert shown["organizer"] is None or isinstance(shown["organizer"], str)
    assert account.list("/interviews", expand="nobody,location,id,application_id") == plain
    assert account.list("/interviews", expand="") == plain
    assert account.list("/interviews", expand="application.nobody")[0]["application"]["id"]
    panel = account.list("/interviews", expand="interviewers")
    assert [[u["id"] for u in r["interviewers"]] for r in panel] == [r["interviewers"] for r in plain]


@pytest.mark.contract("3.2.7")
def test_expanding_changes_the_form_only(synced: Synced, account: Account) -> None:
    one = next(i for i in account.list("/interviews") if i["application"])
    application = account.get(f"/applications/{one['application']}").json()
    since = account.list("/applications")[-1]["modified_at"]
    latest = max(r["modified_at"] for r in account.list("/interviews"))
    put(synced.world, account, "Application", {"remote_id": application["remote_id"], "source": "changed"})
    assert account.list("/applications", modified_after=max(since, latest))
    assert account.list("/interviews", modified_after=latest, expand="application") == []
    shown = account.get(f"/interviews/{one['id']}", expand="application").json()
    assert shown["application"]["source"] == "changed"


@pytest.mark.contract("3.2.3")
def test_expand_answers_of_questions(synced: Synced, account: Account) -> None:
    shown = account.list("/applications", expand="screening_question_answers.question")
    answers = [a for r in shown for a in r["screening_question_answers"]]
    assert answers
    assert all(a["answer"] for a in answers)
    questions = [a["question"] for a in answers if a["question"]]
    assert all(q["title"] for q in questions)
