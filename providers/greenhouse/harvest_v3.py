"""Harvest v3: flat records that name their parents, pages by cursor, single records only through lists."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from providers.greenhouse import attachments, candidacies, candidates, interviews, limits, notes, records
from providers.greenhouse import translations as words
from providers.greenhouse.errors import classify
from providers.greenhouse.lists import (
    PER_PAGE,
    Filter,
    Index,
    by_ids,
    changed_between,
    every,
    one,
    reader,
    rows_of,
    unfiltered,
    values_of,
)
from providers.greenhouse.records import first, ident
from providers.greenhouse.webhooks import Names, vendor_webhooks
from providers.kit import (
    Api,
    ChildResource,
    Client,
    Join,
    ListResource,
    Mapping,
    NotFound,
    Page,
    PermissionMissing,
    Record,
    Row,
    Rows,
    Window,
)
from providers.kit.capabilities import filled_fields
from providers.kit.enums import translate
from providers.kit.paging import next_link

NAME = "Harvest v3"
UPDATED = changed_between("updated_at")
JOB_POSTS = "/v3/job_posts"

APPLICATION, CANDIDATE, JOB = values_of("application_id"), values_of("candidate_id"), values_of("job_id")


# Rows


def read_job_posts(client: Client, window: Window, cursor: Any) -> Page:
    """Two lists in turn: deleted adverts are shown only to who asks for nothing else."""
    cursor = cursor or {"deleted": False, "link": None}
    if cursor["link"]:
        response = client.get(cursor["link"])
    else:
        active = {"active": "false"} if cursor["deleted"] else {}
        response = client.get(JOB_POSTS, {"per_page": PER_PAGE, **active, **UPDATED(window)})
    link = next_link(response)
    if link:
        return Page(rows_of(response), {"deleted": cursor["deleted"], "link": link})
    return Page(rows_of(response), None if cursor["deleted"] else {"deleted": True, "link": None})


def fetch_job_post(client: Client, key: str) -> Rows:
    """An advert, deleted or not."""
    try:
        return {"job_posts": [one(client, JOB_POSTS, key)]}
    except NotFound:
        return {"job_posts": [one(client, JOB_POSTS, key, active="false")]}


def fetch_interview(client: Client, key: str) -> Rows:
    """An interview and its panel."""
    return {
        "interviews": [one(client, "/v3/interviews", key)],
        "interviewers": list(every(client, "/v3/interviewers", interview_ids=key)),
    }


def fetch_job(client: Client, key: str) -> Rows:
    """A job and its team."""
    return {
        "jobs": [one(client, "/v3/jobs", key)],
        "job_owners": list(every(client, "/v3/job_owners", job_ids=key)),
        "job_hiring_managers": list(every(client, "/v3/job_hiring_managers", job_ids=key)),
    }


def _stages_where_unnamed(client: Client, application: Row) -> Iterator[Row]:
    """The current stage of an application, on accounts whose applications do not name it."""
    if "job_interview_stage_id" not in application:
        yield from every(client, "/v3/application_stages", application_ids=application["id"], current="true")


def _reasons_where_unnamed(client: Client, application: Row) -> Iterator[Row]:
    """Why an application was rejected, where it does not say so itself."""
    if application.get("rejected_at") and application.get("rejection_reason_id") is None:
        yield from every(client, "/v3/rejection_details", application_ids=application["id"])


def _list(
    name: str, filtered: Filter = UPDATED, *, index: Index | None = None, **params: str
) -> ListResource:
    path = f"/v3/{name}"
    return ListResource(
        name=name,
        path=path,
        index=index or {},
        read=reader(path, filtered, **params),
        incremental=filtered is not unfiltered,
        fetch=FETCH.get(name) or by_ids(name, path, **params),
    )


FETCH = {"interviews": fetch_interview, "jobs": fetch_job}
RESOURCES: tuple[ListResource | ChildResource, ...] = (
    _list("departments"),
    _list("offices"),
    _list("users", show_service_accounts="true"),
    _list("candidate_tags"),
    _list("rejection_reasons", include_defaults="true"),
    _list("sources", index={"name": values_of("name")}),
    _list("referrers", index={"user_id": values_of("user_id")}),
    _list("job_owners", unfiltered, index={"job_id": JOB}),  # in full: who left a team is only missed so
    _list("job_hiring_managers", unfiltered, index={"job_id": JOB}),
    _list("jobs"),
    _list("job_interview_stages", index={"job_id": JOB}),
    _list(
        "job_interviews", index={"job_interview_stage_id": values_of("job_interview_stage_id"), "job_id": JOB}
    ),
    ListResource(
        name="job_posts",
        path=JOB_POSTS,
        index={"job_id": JOB},
        read=read_job_posts,
        incremental=True,
        fetch=fetch_job_post,
    ),
    _list("candidates"),
    _list("applications", index={"candidate_id": CANDIDATE}),
    _list("offers", index={"application_id": APPLICATION}),
    _list(
        "interviewers",
        index={"interview_id": values_of("interview_id"), "scorecard_id": values_of("scorecard_id")},
    ),
    _list("interviews", index={"application_id": APPLICATION, "job_id": JOB}),
    _list("scorecards", index={"application_id": APPLICATION}),
    _list("attachments", index={"candidate_id": CANDIDATE}),
    _list("eeoc", index={"candidate_id": CANDIDATE}),
    _list("notes", index={"candidate_id": CANDIDATE}),
    ChildResource(
        name="application_stages",
        path="/v3/application_stages",
        index={"application_id": APPLICATION},
        parent="applications",
        read=_stages_where_unnamed,
    ),
    ChildResource(
        name="rejection_details",
        path="/v3/rejection_details",
        index={"application_id": APPLICATION},
        parent="applications",
        read=_reasons_where_unnamed,
    ),
)


# Records


def office(row: Row, _joined: Rows) -> Record:
    """An office."""
    return {"remote_id": ident(row["id"]), "name": row.get("name"), "location": row.get("location")}


def job(row: Row, joined: Rows) -> Record:
    """A job with its team. Owners are recruiters, coordinators and sourcers."""
    owners = _in_order(joined.get("job_owners", ()))
    department = ident(row.get("department_id"))
    return {
        **records.job(row),
        "departments": [department] if department else [],
        "offices": [str(office_id) for office_id in row.get("office_ids") or ()],
        "hiring_managers": _users(_in_order(joined.get("job_hiring_managers", ()))),
        "recruiters": _users(owner for owner in owners if owner.get("type") == "recruiter"),
    }


def _in_order(rows: Iterable[Row]) -> list[Row]:
    """Joined rows as they were made, in whatever order they were found."""
    return sorted(rows, key=lambda row: int(row["id"]))


def _users(rows: Iterable[Row]) -> list[str]:
    return [str(row["user_id"]) for row in rows if row.get("user_id") is not None]


def application(row: Row, joined: Rows) -> Record:
    """An application. Referrers are no users, but may be linked to one."""
    stage = first(joined.get("application_stages", ()))
    details = first(joined.get("rejection_details", ()))
    reason = row.get("rejection_reason_id")
    return {
        "remote_id": ident(row["id"]),
        "candidate": ident(row.get("candidate_id")),
        "job": ident(row.get("job_id")),
        "applied_at": row.get("created_at"),
        "rejected_at": row.get("rejected_at"),
        "source": first(joined.get("sources", ())).get("name"),
        "credited_to": ident(first(joined.get("referrers", ())).get("user_id")),
        "current_stage": ident(row.get("job_interview_stage_id", stage.get("job_interview_stage_id"))),
        "reject_reason": ident(details.get("rejection_reason_id") if reason is None else reason),
    }


def interview(row: Row, joined: Rows) -> Record:
    """An interview, also one that is only planned. External attendees are no interviewers, but respond."""
    panel = _in_order(joined.get("interviewers", ()))
    step = first(joined.get("job_interviews", ()))
    all_day = row.get("all_day_start_on")
    return {
        "remote_id": ident(row["id"]),
        "application": ident(row.get("application_id")),
        "job_interview_stage": ident(step.get("job_interview_stage_id")),
        "organizer": ident(row.get("organizer_id")),
        "interviewers": _users(panel),
        "location": row.get("location"),
        "start_at": row.get("starts_at") or records.day(all_day),
        "end_at": row.get("ends_at") or records.day(row.get("all_day_end_on")),
        "remote_created_at": row.get("created_at"),
        "remote_updated_at": row.get("updated_at"),
        "status": translate(row.get("status"), words.INTERVIEW_STATUS),
        "name": step.get("name"),
        "all_day": bool(all_day),
        "video_conferencing_url": row.get("video_conferencing_url"),
        "external_event_id": row.get("external_event_id"),
        "interviewer_responses": [records.response(who.get("user_id"), who) for who in panel],
    }


def scorecard(row: Row, joined: Rows) -> Record:
    """A scorecard, drafts too, of the interview whose panel names it."""
    return {
        "remote_id": ident(row["id"]),
        "application": ident(row.get("application_id")),
        "interview": ident(first(joined.get("interviewers", ())).get("interview_id")),
        "interviewer": ident(row.get("interviewer_id")),
        "remote_created_at": row.get("created_at"),
        "submitted_at": row.get("submitted_at"),
        "overall_recommendation": translate(row.get("candidate_rating"), words.RECOMMENDATION),
    }


def activity(row: Row, _joined: Rows) -> Record:
    """A note; the answer to a write may use the words of the request instead of those of the list."""
    return {
        "remote_id": ident(row["id"]),
        "user": ident(row.get("user_id")),
        "remote_created_at": row.get("created_at"),
        "activity_type": translate(row.get("type", row.get("note_type")), words.ACTIVITY_TYPE, "OTHER"),
        "subject": row.get("subject"),
        "body": row.get("body"),
        "visibility": translate(row.get("visibility"), words.VISIBILITY),
        "candidate": ident(row.get("candidate_id")),
    }


def attachment(row: Row, _joined: Rows) -> Record:
    """A file; its address ends after some days."""
    return {
        "remote_id": ident(row["id"]),
        "file_name": row.get("filename"),
        "file_url": row.get("url"),
        "candidate": ident(row.get("candidate_id")),
        "attachment_type": translate(row.get("type"), words.ATTACHMENT_TYPE, "OTHER"),
    }


def _part(resource: str, index: str) -> Join:
    """Rows that name the mapped one."""
    return Join(resource, index, lambda row: row["id"], belongs=True)


def _named_by(field: str, resource: str) -> Join:
    """The row that the mapped one names."""
    return Join(resource, "id", lambda row: row.get(field))


MAPPINGS = (
    Mapping("Department", "departments", records.named),
    Mapping("Office", "offices", office),
    Mapping("RemoteUser", "users", records.user),
    Mapping("Tag", "candidate_tags", records.named),
    Mapping("RejectReason", "rejection_reasons", records.named),
    Mapping(
        "Job",
        "jobs",
        job,
        joins=(_part("job_owners", "job_id"), _part("job_hiring_managers", "job_id")),
    ),
    Mapping("JobInterviewStage", "job_interview_stages", records.stage),
    Mapping("JobPosting", "job_posts", records.job_posting),
    Mapping("ScreeningQuestion", "job_posts", records.questions, many=True),
    Mapping("ScreeningQuestionOption", "job_posts", records.question_options, many=True),
    Mapping("Candidate", "candidates", records.candidate),
    Mapping(
        "Application",
        "applications",
        application,
        joins=(
            _named_by("source_id", "sources"),
            _named_by("referrer_id", "referrers"),
            _part("application_stages", "application_id"),
            _part("rejection_details", "application_id"),
        ),
    ),
    Mapping(
        "ScreeningQuestionAnswer",
        "applications",
        records.answers,
        joins=(_named_by("job_post_id", "job_posts"),),
        many=True,
    ),
    Mapping("Offer", "offers", records.offer),
    Mapping(
        "ScheduledInterview",
        "interviews",
        interview,
        joins=(_part("interviewers", "interview_id"), _named_by("job_interview_id", "job_interviews")),
    ),
    Mapping("Scorecard", "scorecards", scorecard, joins=(_part("interviewers", "scorecard_id"),)),
    Mapping("Attachment", "attachments", attachment),
    Mapping("EEOC", "eeoc", records.eeoc),
    Mapping("Activity", "notes", activity),
)


def check(client: Client) -> None:
    """Ask for one user: a client that may not list users is a good client all the same."""
    with suppress(PermissionMissing):
        client.get("/v3/users", {"per_page": 1})


API = Api(
    name=NAME,
    base_url="https://harvest.greenhouse.io",
    hosts=("harvest.greenhouse.io", "auth.greenhouse.io"),
    classify=classify,
    resources=RESOURCES,
    mappings=MAPPINGS,
    check=check,
    limits=limits.V3,
    fields=filled_fields(__file__, NAME),
    actions=(
        *interviews.V3_ACTIONS,
        *candidates.V3_ACTIONS,
        *candidacies.V3_ACTIONS,
        *notes.V3_ACTIONS,
        *attachments.V3_ACTIONS,
    ),
    webhooks=vendor_webhooks(
        Names(
            interviews="interviews",
            stages="job_interview_stages",
            activities="notes",
            attachments="attachments",
            parts_of_job=(
                *(("job_owners", "job_id"), ("job_hiring_managers", "job_id"), ("job_posts", "job_id")),
                *(("job_interview_stages", "job_id"), ("job_interviews", "job_id"), ("interviews", "job_id")),
            ),
            parts_of_stage=(("job_interviews", "job_interview_stage_id"),),
        )
    ),
)
