"""Everything that is only read."""

from collections.abc import Callable

from sandboxes.ashby import render
from sandboxes.ashby.arguments import Check, boolean, list_of, one_of, text, uuid
from sandboxes.ashby.endpoint import Call, Endpoint, endpoint, found
from sandboxes.ashby.identified import STATUS, VERSION
from sandboxes.ashby.lists import Listing, paged, whole
from sandboxes.ashby.records import known
from sandboxes.store import Row

CANDIDATES, INTERVIEWS, JOBS = "candidatesRead", "interviewsRead", "jobsRead"
OFFERS, ORGANIZATION, METADATA = "offersRead", "organizationRead", "hiringProcessMetadataRead"
ARCHIVED: dict[str, Check] = {"includeArchived": boolean}
JOB_STATUSES = ("Draft", "Open", "Closed", "Archived")
OFFER_STATUSES = (
    *("WaitingOnApprovalStart", "WaitingOnOfferApproval", "WaitingOnApprovalDefinition"),
    *("WaitingOnCandidateResponse", "CandidateRejected", "CandidateAccepted", "OfferCancelled"),
)
Keep = Callable[[Call, Row], bool]


def unarchived(call: Call, row: Row) -> bool:
    """Archived records are hidden unless they are asked for."""
    return not row["isArchived"] or bool(call.get("includeArchived"))


def _enabled(call: Call, row: Row) -> bool:
    return row["isEnabled"] or bool(call.get("includeDeactivated"))


def _ordinary_location(call: Call, row: Row) -> bool:
    wanted = row["type"] == "Location" or call.get("includeLocationHierarchy")
    return bool(wanted) and unarchived(call, row)


def _planned(call: Call, row: Row) -> bool:
    """Draft plans are never listed."""
    return not row["isDraft"] and unarchived(call, row)


def _shared(call: Call, row: Row) -> bool:
    return (row["isShared"] or bool(call.get("includeNonSharedInterviews"))) and unarchived(call, row)


def _job_status(call: Call, row: Row) -> bool:
    """Draft jobs are listed only when their status is asked for."""
    return row["status"] in call.get("status", JOB_STATUSES[1:])


def _published(call: Call, row: Row) -> bool:
    if row["status"] != "Published" and not call.get("includeUnpublishedJobPostings"):
        return False
    return bool(row["isListed"]) or not call.get("listedOnly")


def _equal(*names: str) -> Keep:
    """The record has the value of each argument that is given."""

    def keep(call: Call, row: Row) -> bool:
        return all(row[name] == call.arguments[name] for name in names if name in call.arguments)

    return keep


def _application(call: Call, row: Row) -> bool:
    return _equal("status", "jobId")(call, row)


def _offer(call: Call, row: Row) -> bool:
    return all(
        row[name] in call.arguments[name] for name in ("offerStatus", "acceptanceStatus") if call.get(name)
    )


def _note(call: Call, row: Row) -> bool:
    return not row["isPrivate"] or call.state.sees_private


PAGED = (
    Listing(
        "user.list",
        ORGANIZATION,
        "users",
        render.listed_user,
        _enabled,
        optional={"includeDeactivated": boolean},
    ),
    Listing("department.list", ORGANIZATION, "departments", render.department, unarchived, optional=ARCHIVED),
    Listing(
        "location.list",
        ORGANIZATION,
        "locations",
        render.location,
        _ordinary_location,
        optional={**ARCHIVED, "includeLocationHierarchy": boolean},
    ),
    Listing("candidateTag.list", METADATA, "candidateTags", render.tag, unarchived, optional=ARCHIVED),
    Listing(
        "interviewPlan.list", INTERVIEWS, "interviewPlans", render.interview_plan, _planned, optional=ARCHIVED
    ),
    Listing(
        "interview.list",
        INTERVIEWS,
        "interviews",
        render.listed_interview,
        _shared,
        optional={**ARCHIVED, "includeNonSharedInterviews": boolean},
    ),
    Listing(
        "job.list",
        JOBS,
        "jobs",
        render.job,
        _job_status,
        optional={
            "status": list_of(one_of(*JOB_STATUSES)),
            "includeUnpublishedJobPostingsIds": boolean,
            "expand": list_of(one_of("location", "openings")),
        },
        created_after=True,
    ),
    Listing("candidate.list", CANDIDATES, "candidates", render.candidate, created_after=True),
    Listing(
        "candidate.listNotes",
        CANDIDATES,
        "notes",
        render.note,
        _note,
        within="candidateId",
        required={"candidateId": uuid},
    ),
    Listing(
        "application.list",
        CANDIDATES,
        "applications",
        render.application,
        _application,
        optional={
            "status": one_of("Hired", "Archived", "Active", "Lead"),
            "jobId": uuid,
            "expand": list_of(one_of("openings")),
        },
        within="jobId",
        created_after=True,
    ),
    Listing(
        "applicationFeedback.list",
        CANDIDATES,
        "applicationFeedback",
        render.feedback,
        optional={"applicationId": uuid},
        within="applicationId",
        created_after=True,
    ),
    Listing(
        "interviewSchedule.list",
        INTERVIEWS,
        "interviewSchedules",
        render.schedule,
        _equal("interviewStageId"),
        optional={"applicationId": uuid, "interviewStageId": uuid},
        within="applicationId",
        created_after=True,
    ),
    Listing(
        "interviewEvent.list",
        INTERVIEWS,
        "interviewEvents",
        render.listed_event,
        required={"interviewScheduleId": uuid},
        optional={"expand": list_of(one_of("interview"))},
        within="interviewScheduleId",
        created_after=True,
    ),
    Listing(
        "offer.list",
        OFFERS,
        "offers",
        render.offer,
        _offer,
        optional={
            "applicationId": uuid,
            "offerStatus": list_of(one_of(*OFFER_STATUSES)),
            "acceptanceStatus": list_of(text),
        },
        within="applicationId",
        created_after=True,
    ),
)
WHOLE = (
    Listing(
        "archiveReason.list", METADATA, "archiveReasons", render.archive_reason, unarchived, optional=ARCHIVED
    ),
    Listing("source.list", METADATA, "sources", render.source, unarchived, optional=ARCHIVED),
    Listing(
        "interviewStage.list",
        INTERVIEWS,
        "interviewStages",
        render.stage,
        within="interviewPlanId",
        required={"interviewPlanId": uuid},
    ),
)
POSTINGS = Listing(
    "jobPosting.list",
    JOBS,
    "jobPostings",
    render.job_posting,
    _published,
    optional={"listedOnly": boolean, "includeUnpublishedJobPostings": boolean},
)


def _info(
    name: str,
    permission: str,
    table: str,
    argument: str,
    show: Callable[[Call, Row], Row],
    **optional: Check,
) -> Endpoint:
    def handle(call: Call) -> Row:
        return found(show(call, known(call.state, table, call.arguments[argument])))

    return endpoint(name, permission, handle, {argument: uuid}, optional)


INFOS = (
    _info("user.info", ORGANIZATION, "users", "userId", render.listed_user),
    _info("department.info", ORGANIZATION, "departments", "departmentId", render.department),
    _info("location.info", ORGANIZATION, "locations", "locationId", render.location),
    _info("interview.info", INTERVIEWS, "interviews", "id", render.listed_interview),
    _info("interviewStage.info", INTERVIEWS, "interviewStages", "interviewStageId", render.stage),
    _info(
        "job.info",
        JOBS,
        "jobs",
        "id",
        render.job,
        includeUnpublishedJobPostingsIds=boolean,
        expand=list_of(one_of("location", "openings")),
    ),
    _info("jobPosting.info", JOBS, "jobPostings", "jobPostingId", render.job_posting_info, jobBoardId=uuid),
    _info("candidate.info", CANDIDATES, "candidates", "id", render.candidate),
    _info(
        "application.info",
        CANDIDATES,
        "applications",
        "applicationId",
        render.application_info,
        expand=list_of(one_of("openings", "applicationFormSubmissions")),
    ),
    _info("offer.info", OFFERS, "offers", "offerId", render.offer),
)


def _search(call: Call) -> Row:
    """Candidates with this e-mail address and a name like this; at most 100."""
    email, name = call.get("email", "").lower(), call.get("name", "").lower()
    rows = call.state.tables["candidates"].rows.values()
    matching = [
        row
        for row in rows
        if call.state.visible("candidates", row)
        and (not email or email in (entry["value"].lower() for entry in row["emailAddresses"]))
        and name in row["name"].lower()
    ]
    return {"results": [render.candidate(call, row) for row in matching[:100]]}


def _user_search(call: Call) -> Row:
    rows = call.state.where("users", "email", call.arguments["email"])
    return {"results": [render.listed_user(call, row) for row in rows]}


def _api_key(call: Call) -> Row:
    """The key's name and what it may do: `candidatesRead` is the scope `candidates:read`."""
    held = call.state.permissions
    held_names = [name for name in PERMISSIONS if held.allow(name)]
    scopes = [_scope(name) for name in held_names]
    created = call.state.tables["users"].rows[call.state.key_user_id]["createdAt"]
    return found({"title": "omniats", "createdAt": created, "scopes": scopes})


def _scope(name: str) -> str:
    verb = next(verb for verb in ("Read", "Write", "Delete") if name.endswith(verb))
    return f"{name.removesuffix(verb)}:{verb.lower()}"


def _versions(_call: Call) -> Row:
    return {"results": [{"version": VERSION, "status": STATUS}]}


PERMISSIONS = (
    *("candidatesRead", "candidatesWrite", "candidatesDelete", "interviewsRead", "interviewsWrite"),
    *("jobsRead", "jobsWrite", "offersRead", "offersWrite", "organizationRead"),
    *("hiringProcessMetadataRead", "hiringProcessMetadataWrite", "apiKeysRead", "apiKeysWrite"),
)
ENDPOINTS = (
    *(paged(listing) for listing in PAGED),
    *(whole(listing) for listing in WHOLE),
    whole(POSTINGS, says_so=False),
    *INFOS,
    endpoint("candidate.search", CANDIDATES, _search, optional={"email": text, "name": text}),
    endpoint("user.search", ORGANIZATION, _user_search, {"email": text}),
    endpoint("apiKey.info", "apiKeysRead", _api_key),
    endpoint("version.list", None, _versions),
)
