"""What Ashby lists, and how one thing is read again.

Archived departments, tags, reasons and plans, deactivated users and closed jobs are asked for always: old
records name them.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

from providers.ashby.calls import LIMIT, asked, every, found, one_of, reader, whole_reader
from providers.ashby.forms import fields_of
from providers.kit import Again, ChildResource, Client, ListResource, Row, Rows

SCHEDULES = "/interviewSchedule.list"
POSTINGS = "/jobPosting.list"
PLANS = "/interviewPlan.list"
STAGES = "/interviewStage.list"
FORMS = "applicationFormSubmissions"
JOBS: dict[str, Any] = {
    "status": ["Draft", "Open", "Closed", "Archived"],
    "includeUnpublishedJobPostingsIds": True,
}
ALL: dict[str, Any] = {"includeArchived": True}
WEEK = timedelta(days=7)
SELDOM = Again(WEEK, lambda _parent: False, others=WEEK)  # of what costs a call for each parent

Values = Callable[[Row], Iterable[Any]]


def values_of(*path: str) -> Values:
    """An index by one value of a row, however deep; a null is not indexed."""

    def values(row: Row) -> list[Any]:
        value: Any = row
        for name in path:
            value = (value or {}).get(name)
        return [] if value is None else [value]

    return values


OF_APPLICATION: dict[str, Values] = {"parent": values_of("applicationId")}


# ---- one thing


def fetch_candidate(client: Client, key: str) -> Rows:
    """A candidate, with the files (https://developers.ashbyhq.com/reference/candidateinfo)."""
    row = asked(client, "/candidate.info", {"id": key})
    return {"candidate": [row], "file": files_of(row)}


def fetch_application(client: Client, key: str) -> Rows:
    """An application, with the forms (https://developers.ashbyhq.com/reference/applicationinfo)."""
    row = asked(client, "/application.info", {"applicationId": key, "expand": [FORMS]})
    return {"applicationFormSubmission": forms_of(row), "application": [_without_forms(row)]}


def fetch_posting(client: Client, key: str) -> Rows:
    """An advert that is published: others have a page too, but are none."""
    row = found(every(client, POSTINGS, {}), key, POSTINGS)
    infos = list(posting_info(client, row))
    fields = [field for info in infos for field in form_fields_of(info)]
    return {"jobPosting": [row], "jobPostingInfo": infos, "formField": fields}


def fetch_stage(client: Client, key: str) -> Rows:
    """A stage (https://developers.ashbyhq.com/reference/interviewstageinfo)."""
    return {"interviewStage": [asked(client, "/interviewStage.info", {"interviewStageId": key})]}


def fetch_file(client: Client, key: str) -> Rows:
    """A file, with an address where it can be had for a short while."""
    candidate, _, file = key.partition(":")
    row = found(files_of(asked(client, "/candidate.info", {"id": candidate})), file, f"Candidate {candidate}")
    address = asked(client, "/file.info", {"fileHandle": row["handle"]}).get("url")
    return {"file": [{**row, "url": address}]}


def fetch_schedule(client: Client, key: str) -> Rows:
    """A schedule: by its application, since Ashby has no way to ask for one by its id."""
    application, _, schedule = key.partition(":")
    return {"interviewSchedule": [schedule_of(client, application, schedule)]}


def schedule_of(client: Client, application: str, schedule: str) -> Row:
    """A schedule of an application as it is now.

    Raises:
        NotFound: there is none.
    """
    body = {"limit": LIMIT, "applicationId": application}
    return found(every(client, SCHEDULES, body), schedule, f"Application {application}")


def by_list(name: str, path: str, **body: Any) -> Callable[[Client, str], Rows]:
    """How to read one thing of a list that is not long."""

    def fetch(client: Client, key: str) -> Rows:
        return {name: [one_of(client, path, key, **body)]}

    return fetch


# ---- what comes with something else


def schedule_key(row: Row) -> str:
    """A schedule's key: its application's id comes first, by which alone it can be read again."""
    return f"{row['applicationId']}:{row['id']}"


def file_key(row: Row) -> str:
    """A file's key: handles change with every read, so it is found by its candidate."""
    return f"{row['candidateId']}:{row['id']}"


def files_of(candidate: Row) -> list[Row]:
    """The files of a candidate, the resume among them."""
    resume = (candidate.get("resumeFileHandle") or {}).get("id")
    return [
        {**file, "candidateId": candidate["id"], "isResume": file["id"] == resume}
        for file in candidate.get("fileHandles") or ()
        if file.get("id")
    ]


def without_handles(candidate: Row) -> Row:
    """A candidate without the handles of the files, which are others with every read."""
    files = [
        {name: value for name, value in file.items() if name != "handle"}
        for file in (*(candidate.get("fileHandles") or ()), candidate.get("resumeFileHandle") or {})
    ]
    return {**candidate, "fileHandles": files, "resumeFileHandle": None}


def form_fields_of(info: Row) -> list[Row]:
    """The entries of an advert's form, each told where it stands."""
    at = {"posting": info["id"], "jobId": info.get("jobId")}
    entries = fields_of(info.get("applicationFormDefinition"))
    return [{**entry, **at, "position": n} for n, entry in enumerate(entries) if entry["field"].get("id")]


def forms_of(application: Row) -> list[Row]:
    """The forms that were handed in with an application."""
    forms = application.get(FORMS) or ()
    return [{**form, "applicationId": application["id"]} for form in forms if form.get("id")]


def _without_forms(application: Row) -> Row:
    return {name: value for name, value in application.items() if name != FORMS}


def _forms(client: Client, application: Row) -> Iterable[Row]:
    """A call for each application, so only for those that came in by a form."""
    if application.get("appliedViaJobPostingId"):
        yield from fetch_application(client, application["id"])["applicationFormSubmission"]


def posting_info(client: Client, posting: Row) -> Iterator[Row]:
    """The text and the form of an advert (https://developers.ashbyhq.com/reference/jobpostinginfo)."""
    yield asked(client, "/jobPosting.info", {"jobPostingId": posting["id"]})


def _stages(client: Client, plan: Row) -> Iterable[Row]:
    return every(client, STAGES, {"interviewPlanId": plan["id"]})


def _notes(client: Client, candidate: Row) -> Iterator[Row]:
    """The notes on a candidate, which do not name whom they are about."""
    body = {"limit": LIMIT, "candidateId": candidate["id"]}
    for row in every(client, "/candidate.listNotes", body):
        yield {**row, "candidateId": candidate["id"]}


def _list(
    name: str,
    body: dict[str, Any] | None = None,
    *,
    index: dict[str, Values] | None = None,
    fetch: Callable[[Client, str], Rows] | None = None,
    key: Callable[[Row], str] = lambda row: str(row["id"]),
    owner: str = "",
    steady: Callable[[Row], Row] | None = None,
) -> ListResource:
    """A list with sync tokens."""
    path = f"/{name}.list"
    return ListResource(
        name=name,
        path=path,
        index=index or {},
        read=reader(path, **(body or {})),
        incremental=True,
        fetch=fetch,
        key=key,
        owner=owner,
        steady=steady,
    )


RESOURCES: tuple[ListResource | ChildResource, ...] = (
    _list("department", ALL),
    _list("location", ALL),
    _list("user", {"includeDeactivated": True}),
    _list("candidateTag", ALL, index={"title": values_of("title")}),
    ListResource(
        name="archiveReason", path="/archiveReason.list", read=whole_reader("/archiveReason.list", **ALL)
    ),
    ListResource(
        name="jobPosting",
        path=POSTINGS,
        index={"jobId": values_of("jobId")},
        read=whole_reader(POSTINGS),
        fetch=fetch_posting,
    ),
    ChildResource(
        name="jobPostingInfo",
        path="/jobPosting.info",
        index={"postingId": values_of("id"), "parent": values_of("id")},
        parent="jobPosting",
        read=posting_info,
    ),
    ChildResource(
        name="formField",
        path="/jobPosting.info",
        key=lambda row: f"{row['posting']}:{row['field']['id']}",
        index={"field": values_of("field", "id"), "parent": values_of("posting")},
        parent="jobPostingInfo",
        read=lambda _client, info: form_fields_of(info),
    ),
    _list(
        "job",
        JOBS,
        index={"interviewPlanId": lambda row: row.get("interviewPlanIds") or ()},
        fetch=by_list("job", "/job.list", **JOBS),
    ),
    _list("interviewPlan", ALL),
    ChildResource(
        name="interviewStage",
        path=STAGES,
        index={"interviewPlanId": values_of("interviewPlanId"), "parent": values_of("interviewPlanId")},
        parent="interviewPlan",
        read=_stages,
        fetch=fetch_stage,
        again=Again(timedelta(hours=1), lambda plan: not plan.get("isArchived")),
    ),
    _list("candidate", fetch=fetch_candidate, steady=without_handles),
    ChildResource(
        name="file",
        path="/file.info",
        key=file_key,
        index={"parent": values_of("candidateId")},
        parent="candidate",
        read=lambda _client, candidate: files_of(candidate),
        fetch=fetch_file,
    ),
    _list("application", index={"candidateId": values_of("candidate", "id")}, fetch=fetch_application),
    _list("offer", index=OF_APPLICATION, owner="application", fetch=by_list("offer", "/offer.list")),
    _list(
        "interviewSchedule",
        index={
            "event": lambda row: [event["id"] for event in row.get("interviewEvents") or ()],
            **OF_APPLICATION,
        },
        owner="application",
        fetch=fetch_schedule,
        key=schedule_key,
    ),
    _list("applicationFeedback", index=OF_APPLICATION, owner="application"),
    ChildResource(
        name="applicationFormSubmission",
        path="/application.info",
        index={"parent": values_of("applicationId")},
        parent="application",
        read=_forms,
        again=SELDOM,
    ),
    ChildResource(
        name="note",
        path="/candidate.listNotes",
        index={"parent": values_of("candidateId")},
        parent="candidate",
        read=_notes,
        again=SELDOM,
    ),
)
