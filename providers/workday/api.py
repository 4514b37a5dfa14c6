"""Workday's Recruiting and Human_Resources web services: what they list, and what becomes of it."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from providers.kit import (
    Api,
    Client,
    Join,
    Limit,
    ListResource,
    Mapping,
    PermissionMissing,
    Row,
    Window,
)
from providers.kit.capabilities import filled_fields
from providers.workday import candidacies, eeo, feedback, interviews, people, records, scheduling
from providers.workday.addresses import about
from providers.workday.candidacies import candidacies as candidacies_of
from providers.workday.envelope import HUMAN_RESOURCES, RECRUITING, ask, reference, wd
from providers.workday.faults import classify
from providers.workday.files import ACTIONS as FILE_ACTIONS
from providers.workday.lists import Listing, changed, fetcher, numbered, reader
from providers.workday.moves import ACTIONS as MOVE_ACTIONS
from providers.workday.rows import first, ident, label, many, text
from providers.workday.security import HOSTS, base_url

NAME = "Workday Web Services"
PATIENCE = 300.0  # seconds: the first page of a large set is slow
FILES_PER_PAGE = 25  # their content comes along, up to 30 MB each
# Granted to customers with fewer than 3,500 workers; to larger ones more, but no answer says so.
LIMITS = (
    Limit(name="hour", requests=15_000, seconds=3600),
    Limit(name="day", requests=75_000, seconds=86_400),
)


def _supervisory(_window: Window) -> list[Any]:
    """Departments are the supervisory organizations in use."""
    return [
        reference("Organization_Type_Reference", "SUPERVISORY", "Organization_Type_ID"),
        wd("Include_Inactive", "false"),
    ]


REQUISITIONS = Listing(
    "Job_Requisitions",
    "Job_Requisition",
    group=(
        "Include_Reference",
        "Include_Job_Requisition_Definition_Data",
        "Include_Job_Requisition_Restrictions_Data",
        "Include_Organizations",
        "Include_Roles",
    ),
    criteria=changed,
    skips=True,
)
POSTINGS = Listing("Job_Postings", "Job_Posting")
WORKERS = Listing(
    "Workers",
    "Worker",
    HUMAN_RESOURCES,
    group=("Include_Reference", "Include_Personal_Information", "Include_Employment_Information"),
)
LOCATIONS = Listing("Locations", "Location", HUMAN_RESOURCES, group=())
ORGANIZATIONS = Listing("Organizations", "Organization", group=(), criteria=_supervisory, skips=True)
ATTACHMENTS = Listing("Candidate_Attachments", "Candidate_Attachment", skips=True, per_page=FILES_PER_PAGE)


def _key(*path: str) -> Callable[[Row], str]:
    """The WID of the reference at a path; `KeyError` when there is none."""

    def key(row: Row) -> str:
        found = ident(row, *path)
        if found is None:
            raise KeyError(path[-1])
        return found

    return key


def _list(
    name: str,
    listing: Listing,
    kind: str,
    *path: str,
    index: dict[str, Callable[[Row], Iterable[Any]]] | None = None,
    heavy: bool = False,
) -> ListResource:
    """A list whose rows are known by the WID of the reference `kind`, which is at `path` in the row."""
    return ListResource(
        name=name,
        path=f"{listing.service}/Get_{listing.operation}",
        key=_key(*path, kind),
        index=index or {},
        read=reader(listing),
        incremental=listing.criteria is changed,
        heavy=heavy,
        fetch=fetcher(name, listing, *path, kind),
    )


def _of_candidacies(value: Callable[[candidacies.Candidacy], Any]) -> Callable[[Row], Iterable[Any]]:
    """An index of candidates by something of their applications."""
    return lambda row: [value(each) for each in candidacies_of(row)]


RESOURCES = (
    _list("organizations", ORGANIZATIONS, "Organization_Reference"),
    _list(
        "locations",
        LOCATIONS,
        "Location_Reference",
        index={"name": lambda row: [text(row, "Location_Data", "Location_Name")]},
    ),
    _list("workers", WORKERS, "Worker_Reference"),
    _list("requisitions", REQUISITIONS, "Job_Requisition_Reference"),
    _list("postings", POSTINGS, "Job_Posting_Reference"),
    _list(
        "candidates",
        people.LISTING,
        "Candidate_Reference",
        index={
            "application": _of_candidacies(lambda each: each.wid),
            "source": _of_candidacies(lambda each: label(each.details, "Source_Reference")),
            "tag": lambda row: [
                label(tag) for tag in many(first(row, "Candidate_Data"), "Candidate_Tag_Reference")
            ],
        },
    ),
    _list(
        "attachments",
        ATTACHMENTS,
        "Candidate_Attachment_Reference",
        "Candidate_Attachment_Data",
        index={"type": lambda row: [records.attachment_type(row)]},
        heavy=True,  # the content of all files comes along
    ),
    ListResource(
        name=interviews.NAME,
        path=f"{RECRUITING}/Get_Interviews",
        key=interviews.key,
        index={"about": about, "unaddressed": interviews.unaddressed},
        read=interviews.read,
        refetch=interviews.refetch,
    ),
    ListResource(
        name=interviews.FEEDBACK,
        path=f"{RECRUITING}/Get_Interview_Feedbacks",
        key=feedback.key,
        index={"about": about, "scorecard": feedback.scorecard_of},
        read=feedback.read,
    ),
)

MAPPINGS = (
    Mapping("Department", "organizations", records.department),
    Mapping("Office", "locations", records.office),
    Mapping("RemoteUser", "workers", records.user),
    Mapping("Job", "requisitions", records.job),
    Mapping("JobPosting", "postings", records.job_posting, derived=("status",)),
    Mapping("Candidate", "candidates", records.candidate),
    Mapping("Application", "candidates", candidacies.applications, many=True),
    Mapping("JobInterviewStage", "candidates", candidacies.stages, many=True, lasting=True),
    Mapping("RejectReason", "candidates", candidacies.reject_reasons, many=True, lasting=True),
    Mapping("Tag", "candidates", records.tags, many=True, lasting=True),
    Mapping("EEOC", "candidates", eeo.eeocs, many=True),
    Mapping("Attachment", "attachments", records.attachment),
    Mapping(
        "ScheduledInterview",
        interviews.NAME,
        interviews.interview,
        joins=(Join(interviews.FEEDBACK, "about", about, back="about"),),
        expires=interviews.ends,
        derived=("status",),
    ),
    Mapping(
        "Scorecard",
        interviews.FEEDBACK,
        feedback.scorecard,
        joins=(Join(interviews.NAME, "about", about, back="about"),),
        group="scorecard",
    ),
)


def check(client: Client) -> None:
    """Ask for one requisition: who may not see any has good credentials all the same."""
    with suppress(PermissionMissing):
        ask(client, RECRUITING, REQUISITIONS.request(page=numbered(1, 1)))


API = Api(
    name=NAME,
    base_url=base_url,
    hosts=HOSTS,
    classify=classify,
    resources=RESOURCES,
    mappings=MAPPINGS,
    check=check,
    actions=(*scheduling.ACTIONS, *people.ACTIONS, *MOVE_ACTIONS, *FILE_ACTIONS),
    timeout=PATIENCE,
    limits=LIMITS,
    fields=filled_fields(__file__, NAME),
)
