"""Ashby's API: what is listed, what becomes of it, and what can be written."""

from contextlib import suppress

import httpx

from providers.ashby import attachments, candidacies, candidates, forms, interviews, jobs, notes, records
from providers.ashby.errors import classify
from providers.ashby.resources import RESOURCES
from providers.ashby.webhooks import WEBHOOKS
from providers.kit import Api, Client, Join, Limit, Mapping, PermissionMissing, Row
from providers.kit.capabilities import filled_fields

NAME = "Ashby API"


def _reports(request: httpx.Request) -> int:
    return int(request.url.path.startswith("/report."))


# The only numbers that Ashby gives; passthrough alone asks for reports.
REPORTS = Limit(name="reports", requests=15, seconds=60, concurrent=3, cost=_reports)


def _stage_of(row: Row) -> str | None:
    return (row.get("currentInterviewStage") or {}).get("id")


def _plan_of(row: Row) -> str | None:
    return (row.get("currentInterviewStage") or {}).get("interviewPlanId")


MAPPINGS = (
    Mapping("Department", "department", records.named),
    Mapping("Office", "location", records.office),
    Mapping("RemoteUser", "user", records.user),
    Mapping("Tag", "candidateTag", records.named),
    Mapping("RejectReason", "archiveReason", records.named),
    Mapping(
        "JobPosting",
        "jobPosting",
        jobs.posting,
        joins=(Join("jobPostingInfo", "postingId", lambda row: row["id"], belongs=True),),
    ),
    Mapping(
        "ScreeningQuestion",
        "formField",
        jobs.question,
        joins=(Join("jobPosting", "id", lambda row: row["posting"]),),
        group="field",
    ),
    Mapping("ScreeningQuestionOption", "formField", jobs.question_options, group="field", many=True),
    Mapping(
        "Job",
        "job",
        jobs.job,
        joins=(Join("jobPosting", "jobId", lambda row: row["id"], belongs=True),),
    ),
    Mapping(
        "JobInterviewStage",
        "interviewStage",
        jobs.stage,
        joins=(
            Join("job", "interviewPlanId", lambda row: row.get("interviewPlanId"), back="interviewPlanId"),
        ),
    ),
    Mapping("Candidate", "candidate", records.candidate),
    Mapping("Attachment", "file", records.attachment, many=True),
    Mapping("Application", "application", records.application),
    Mapping(
        "JobInterviewStage",
        "application",
        jobs.stage_in_passing,
        joins=(Join("interviewStage", "id", _stage_of), Join("job", "interviewPlanId", _plan_of)),
        many=True,
        lasting=True,
    ),
    Mapping("ScreeningQuestionAnswer", "applicationFormSubmission", forms.answers, many=True),
    Mapping("Offer", "offer", records.offer),
    Mapping("ScheduledInterview", "interviewSchedule", records.interviews, many=True),
    Mapping(
        "Scorecard", "applicationFeedback", forms.scorecard, derived=("overall_recommendation",)
    ),  # forms are made by customers: none has a recommendation but by its name
    Mapping("Activity", "note", records.note),
)


def check(client: Client) -> None:
    """Ask what the key may do: one that may not even ask that is a good key all the same.

    See https://developers.ashbyhq.com/reference/apikeyinfo.
    """
    with suppress(PermissionMissing):
        client.query("/apiKey.info", json={})


API = Api(
    name=NAME,
    base_url="https://api.ashbyhq.com",
    hosts=("api.ashbyhq.com",),
    classify=classify,
    resources=RESOURCES,
    mappings=MAPPINGS,
    check=check,
    limits=(REPORTS,),
    fields=filled_fields(__file__, NAME),
    actions=(
        *interviews.ACTIONS,
        *candidates.ACTIONS,
        *candidacies.ACTIONS,
        *notes.ACTIONS,
        *attachments.ACTIONS,
    ),
    webhooks=WEBHOOKS,
)
