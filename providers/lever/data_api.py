"""The Data API v1: what is read, what becomes of it, and what is written.

https://hire.lever.co/developer/documentation
"""

from contextlib import suppress

from providers.kit import Api, Client, Join, Limit, Mapping, PermissionMissing
from providers.kit.capabilities import filled_fields
from providers.lever import (
    attachments,
    candidacies,
    interview_writes,
    interviews,
    notes,
    opportunities,
    postings,
    records,
)
from providers.lever.environments import HOSTS, base_url
from providers.lever.errors import classify
from providers.lever.resources import RESOURCES
from providers.lever.webhooks import WEBHOOKS

NAME = "Data API v1"
OPPORTUNITY = Join("opportunities", "own", lambda row: row["opportunityId"], back="parent")

MAPPINGS = (
    Mapping("RemoteUser", "users", records.user),
    Mapping("JobInterviewStage", "stages", records.stage),
    Mapping("RejectReason", "archive_reasons", records.reject_reason),
    Mapping("Tag", "tags", records.tag),
    Mapping("Job", "postings", postings.job),
    Mapping("JobPosting", "postings", postings.job_posting),
    Mapping("Department", "postings", postings.departments, many=True, lasting=True),
    Mapping("Office", "postings", postings.offices, many=True, lasting=True),
    Mapping("Candidate", "opportunities", opportunities.candidate, group="contact"),
    Mapping(
        "Application",
        "opportunities",
        opportunities.application,
        joins=(Join("archive_reasons", "own", opportunities.archive_reason, back="archive_reason"),),
    ),
    Mapping("ScreeningQuestionAnswer", "opportunities", opportunities.answers, many=True),
    Mapping("EEOC", "eeo_responses", records.eeoc),
    # What is listed within an opportunity is kept by both ids: one row gives one record all the same.
    Mapping(
        "ScheduledInterview",
        "interviews",
        interviews.interview,
        joins=(
            Join("panels", "interview", records.key_of, belongs=True),
            Join("feedback", "interview", lambda row: row["id"], back="interview"),
        ),
        many=True,
        expires=interviews.expires,
        derived=("status",),
    ),
    Mapping("Scorecard", "feedback", records.scorecard, many=True),
    Mapping("Offer", "offers", records.offer, many=True),
    Mapping("Activity", "notes", records.note, joins=(OPPORTUNITY,), many=True),
    Mapping("Attachment", "files", records.file, joins=(OPPORTUNITY,), many=True),
    Mapping("Attachment", "resumes", records.resume, joins=(OPPORTUNITY,), many=True),
    Mapping("ScreeningQuestion", "questions", records.question, group="field"),
    Mapping("ScreeningQuestionOption", "questions", records.question_options, group="field", many=True),
)


def check(client: Client) -> None:
    """Ask for one user: a key that may not list users is a good key all the same."""
    with suppress(PermissionMissing):
        client.get("/users", {"limit": 1})


API = Api(
    name=NAME,
    base_url=base_url,
    hosts=HOSTS,
    classify=classify,
    resources=RESOURCES,
    mappings=MAPPINGS,
    check=check,
    actions=(
        *interview_writes.ACTIONS,
        *candidacies.ACTIONS,
        *notes.ACTIONS,
        *attachments.ACTIONS,
    ),
    webhooks=WEBHOOKS,
    limits=(Limit(name="key", requests=10, burst=5),),  # bursts to 20 are granted, but not for sure
    fields=filled_fields(__file__, NAME),
)
