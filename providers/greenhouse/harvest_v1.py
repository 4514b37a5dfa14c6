"""Harvest v1: records with their children inside, pages by number."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from providers.greenhouse import attachments, candidacies, candidates, interviews, limits, notes, records
from providers.greenhouse import translations as words
from providers.greenhouse.errors import classify
from providers.greenhouse.lists import (
    Filter,
    Index,
    by_path,
    changed_after,
    json_of,
    reader,
    rows_of,
    unfiltered,
    values_of,
)
from providers.greenhouse.records import first, id_of, ident, ids_of
from providers.greenhouse.webhooks import Names, vendor_webhooks
from providers.kit import (
    Api,
    ChildResource,
    Client,
    Join,
    ListResource,
    Mapping,
    PermissionMissing,
    Record,
    Row,
    Rows,
)
from providers.kit.capabilities import filled_fields
from providers.kit.enums import translate

NAME = "Harvest v1"
FEED = ("notes", "emails", "activities")
UPDATED = changed_after("updated_after")

APPLICATION, CANDIDATE, JOB = values_of("application_id"), values_of("candidate_id"), values_of("job_id")


# Rows


def _steps(row: Row) -> list[str]:
    return ids_of(row.get("interviews"))


def _scorecards(row: Row) -> list[str]:
    """The scorecards an interview's panel has written."""
    return [str(who["scorecard_id"]) for who in row.get("interviewers") or () if who.get("scorecard_id")]


def _interviews_of_application(client: Client, application: Row) -> list[Row]:
    return rows_of(client.get(f"/v1/applications/{application['id']}/scheduled_interviews"))


def _feed_of_candidate(client: Client, candidate: Row) -> Iterator[Row]:
    """A candidate's activity feed, entry by entry, each with the candidate and the list it was in."""
    feed = json_of(client.get(f"/v1/candidates/{candidate['id']}/activity_feed"))
    for array in FEED:
        for entry in feed.get(array) or ():
            yield {**entry, "candidate_id": candidate["id"], "array": array}


def _list(
    name: str,
    filtered: Filter = unfiltered,
    *,
    path: str = "",
    fetch: bool = True,
    index: Index | None = None,
    **params: str,
) -> ListResource:
    path = path or f"/v1/{name}"
    return ListResource(
        name=name,
        path=path,
        index=index or {},
        read=reader(path, filtered, skip_count="true", **params),
        incremental=filtered is not unfiltered,
        fetch=by_path(name, path) if fetch else None,
    )


INTERVIEWS = _list(
    "scheduled_interviews", UPDATED, index={"scorecard_id": _scorecards, "application_id": APPLICATION}
)
INTERVIEWS_BY_APPLICATION = ChildResource(
    name=INTERVIEWS.name,
    path="/v1/applications/{id}/scheduled_interviews",
    index=INTERVIEWS.index,
    parent="applications",
    read=_interviews_of_application,
    fetch=INTERVIEWS.fetch,
)
RESOURCES: tuple[ListResource | ChildResource, ...] = (
    _list("departments"),
    _list("offices"),
    _list("users", UPDATED),
    _list("candidate_tags", path="/v1/tags/candidate", fetch=False),
    _list("rejection_reasons", fetch=False, include_defaults="true"),
    _list("jobs", UPDATED),
    _list("job_stages", UPDATED, index={"step_id": _steps, "job_id": JOB}),
    _list("job_posts", UPDATED, index={"job_id": JOB}),
    _list("candidates", UPDATED),
    _list("applications", changed_after("last_activity_after"), index={"candidate_id": CANDIDATE}),
    _list("offers", UPDATED, index={"application_id": APPLICATION}),
    replace(INTERVIEWS, fallback=INTERVIEWS_BY_APPLICATION),
    _list("scorecards", UPDATED, index={"application_id": APPLICATION}),
    ListResource(
        name="eeoc",
        path="/v1/eeoc",
        key=lambda row: str(row["application_id"]),
        index={"candidate_id": CANDIDATE},
        read=reader("/v1/eeoc", changed_after("submitted_after")),
        incremental=True,
    ),
    ChildResource(
        name="activity_feed",
        path="/v1/candidates/{id}/activity_feed",
        index={"candidate_id": CANDIDATE},
        parent="candidates",
        read=_feed_of_candidate,
    ),
)


# Records


def office(row: Row, _joined: Rows) -> Record:
    """An office, its place inside an object."""
    return {
        "remote_id": ident(row["id"]),
        "name": row.get("name"),
        "location": (row.get("location") or {}).get("name"),
    }


def job(row: Row, _joined: Rows) -> Record:
    """A job with its team inside; the department of a job without one is listed as null."""
    team = row.get("hiring_team") or {}
    return {
        **records.job(row),
        "departments": ids_of(row.get("departments")),
        "offices": ids_of(row.get("offices")),
        "hiring_managers": ids_of(team.get("hiring_managers")),
        "recruiters": ids_of(team.get("recruiters")),
    }


def application(row: Row, _joined: Rows) -> Record:
    """An application; a prospect may have no job, or several."""
    return {
        "remote_id": ident(row["id"]),
        "candidate": ident(row.get("candidate_id")),
        "job": id_of(first(row.get("jobs") or ())),
        "applied_at": row.get("applied_at"),
        "rejected_at": row.get("rejected_at"),
        "source": (row.get("source") or {}).get("public_name"),
        "credited_to": id_of(row.get("credited_to")),
        "current_stage": id_of(row.get("current_stage")),
        "reject_reason": id_of(row.get("rejection_reason")),
    }


def interview(row: Row, joined: Rows) -> Record:
    """An interview. What it calls `interview` is the step it belongs to, through which the stage is found."""
    start, end = row.get("start") or {}, row.get("end") or {}
    panel = row.get("interviewers") or []
    return {
        "remote_id": ident(row["id"]),
        "application": ident(row.get("application_id")),
        "job_interview_stage": id_of(first(joined.get("job_stages", ()))),
        "organizer": id_of(row.get("organizer")),
        "interviewers": ids_of(panel),
        "location": row.get("location"),
        "start_at": start.get("date_time") or records.day(start.get("date")),
        "end_at": end.get("date_time") or records.day(end.get("date")),
        "remote_created_at": row.get("created_at"),
        "remote_updated_at": row.get("updated_at"),
        "status": translate(row.get("status"), words.INTERVIEW_STATUS),
        "name": (row.get("interview") or {}).get("name"),
        "all_day": bool(start.get("date")),
        "video_conferencing_url": row.get("video_conferencing_url"),
        "external_event_id": row.get("external_event_id"),
        "interviewer_responses": [records.response(who.get("id"), who) for who in panel],
    }


def scorecard(row: Row, joined: Rows) -> Record:
    """A scorecard, of the interview whose panel names it."""
    return {
        "remote_id": ident(row["id"]),
        "application": ident(row.get("application_id")),
        "interview": id_of(first(joined.get("scheduled_interviews", ()))),
        "interviewer": id_of(row.get("interviewer")),
        "remote_created_at": row.get("created_at"),
        "submitted_at": row.get("submitted_at"),
        "overall_recommendation": translate(row.get("overall_recommendation"), words.RECOMMENDATION),
    }


def activity(row: Row, _joined: Rows) -> Record:
    """An entry of an activity feed; some answers misspell the visibility."""
    return {
        "remote_id": ident(row["id"]),
        "user": id_of(row.get("user")),
        "remote_created_at": row.get("created_at"),
        "activity_type": translate(row.get("array"), words.ACTIVITY_TYPE, "OTHER"),
        "subject": row.get("subject"),
        "body": row.get("body"),
        "visibility": translate(row.get("visibility") or row.get("visiblity"), words.VISIBILITY),
        "candidate": ident(row.get("candidate_id")),
    }


def files(row: Row, _joined: Rows) -> list[Record]:
    """A candidate's files, which have no ids and whose addresses change with each read."""
    found = {}
    for file in row.get("attachments") or ():
        remote_id = records.attachment_id(row["id"], file)
        found[remote_id] = {
            "remote_id": remote_id,
            "file_name": file.get("filename"),
            "file_url": file.get("url"),
            "candidate": ident(row["id"]),
            "attachment_type": translate(file.get("type"), words.ATTACHMENT_TYPE, "OTHER"),
        }
    return list(found.values())


MAPPINGS = (
    Mapping("Department", "departments", records.named),
    Mapping("Office", "offices", office),
    Mapping("RemoteUser", "users", records.user),
    Mapping("Tag", "candidate_tags", records.named),
    Mapping("RejectReason", "rejection_reasons", records.named),
    Mapping("Job", "jobs", job),
    Mapping("JobInterviewStage", "job_stages", records.stage),
    Mapping("JobPosting", "job_posts", records.job_posting),
    Mapping("ScreeningQuestion", "job_posts", records.questions, many=True),
    Mapping("ScreeningQuestionOption", "job_posts", records.question_options, many=True),
    Mapping("Candidate", "candidates", records.candidate),
    Mapping("Attachment", "candidates", files, many=True),
    Mapping("Application", "applications", application),
    Mapping(
        "ScreeningQuestionAnswer",
        "applications",
        records.answers,
        joins=(Join("job_posts", "id", lambda row: row.get("job_post_id")),),
        many=True,
    ),
    Mapping("Offer", "offers", records.offer),
    Mapping(
        "ScheduledInterview",
        "scheduled_interviews",
        interview,
        joins=(Join("job_stages", "step_id", lambda row: id_of(row.get("interview"))),),
    ),
    Mapping(
        "Scorecard",
        "scorecards",
        scorecard,
        joins=(Join("scheduled_interviews", "scorecard_id", lambda row: row["id"], belongs=True),),
    ),
    Mapping("EEOC", "eeoc", records.eeoc),
    Mapping("Activity", "activity_feed", activity),
)


def check(client: Client) -> None:
    """Ask for one user: a key that may not list users is a good key all the same."""
    with suppress(PermissionMissing):
        client.get("/v1/users", {"per_page": 1})


API = Api(
    name=NAME,
    base_url="https://harvest.greenhouse.io",
    hosts=("harvest.greenhouse.io",),
    classify=classify,
    resources=RESOURCES,
    mappings=MAPPINGS,
    check=check,
    limits=limits.V1,
    fields=filled_fields(__file__, NAME),
    actions=(
        *interviews.V1_ACTIONS,
        *candidates.V1_ACTIONS,
        *candidacies.V1_ACTIONS,
        *notes.V1_ACTIONS,
        *attachments.V1_ACTIONS,
    ),
    webhooks=vendor_webhooks(
        Names(
            interviews="scheduled_interviews",
            stages="job_stages",
            activities="activity_feed",
            attachments=None,
            parts_of_job=(("job_stages", "job_id"), ("job_posts", "job_id")),
        )
    ),
)
