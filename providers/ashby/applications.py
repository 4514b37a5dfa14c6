"""Writing applications: what new ones are made of, moves between stages, rejections.

See https://developers.ashbyhq.com/reference/applicationcreate and .../applicationchangestage.
"""

from typing import Any

from providers.ashby.calls import asked, every
from providers.ashby.resources import STAGES
from providers.ashby.sending import as_the_key, made, sent
from providers.kit import (
    INVALID_FIELD_CHOICE,
    Action,
    Invalid,
    Parameter,
    PermissionMissing,
    Reference,
    Row,
    Write,
    Written,
)
from providers.kit.dates import iso

ARCHIVED = "Archived"
CHANGE_STAGE = "/application.changeStage"
GIVEN = ("job", "current_stage", "source", "credited_to", "applied_at")
PLAN = Parameter(
    name="interview_plan_id",
    type="string",
    description="The id of the interview plan, where the job's default one is not meant.",
)


def body_of(write: Write, given: dict[str, Any], at: str = "") -> dict[str, Any]:
    """A new application, but for its candidate.

    Args:
        write: for look-ups and what the caller is told.
        given: the application's fields.
        at: where they stand in the write.
    """
    source = _source(write, given["source"], at) if given.get("source") else None
    applied = given.get("applied_at")
    body = {
        "jobId": given.get("job"),
        "interviewStageId": given.get("current_stage"),
        "interviewPlanId": write.params.get(PLAN.name),
        "sourceId": source,
        "creditedToUserId": given.get("credited_to"),
        "createdAt": iso(applied) if applied else None,
    }
    return {name: value for name, value in body.items() if value is not None}


def post(write: Write, candidate: str, body: dict[str, Any]) -> Written:
    """Send a new application. The answer is cut short, so it is never kept: the application is read again."""
    row = sent(write, "/application.create", {"candidateId": candidate, **body})
    return Written(Reference("application", made(row)))


def _source(write: Write, title: str, at: str) -> str | None:
    """The id of a source by its title."""
    try:
        rows = [row for row in every(write.client, "/source.list", {}) if row.get("title") == title]
    except PermissionMissing:
        rows = []
    if rows:
        return str(rows[0]["id"])
    write.warn(f"{at}source", f"Ashby has no source named {title!r}.", INVALID_FIELD_CHOICE)
    return None


def _change_stage(write: Write) -> Written:
    """Move an application to another stage of its plan: Ashby refuses a stage of another."""
    body = {"applicationId": write.remote_id, "interviewStageId": write.fields["current_stage"]}
    return _changed(write, body)


def _reject(write: Write) -> Written:
    """Archive an application: move it to the stage of its plan that is for such, with a reason."""
    row = asked(write.client, "/application.info", {"applicationId": write.remote_id})
    body = {
        "applicationId": write.remote_id,
        "interviewStageId": _archive_of(write, row.get("currentInterviewStage") or {}),
        "archiveReasonId": write.fields["reject_reason"],
    }
    return _changed(write, body)


def _archive_of(write: Write, stage: Row) -> str:
    """The archive of a stage's plan; of an archived application it is where it stands."""
    plan = stage.get("interviewPlanId")
    if not plan:
        raise Invalid("Ashby names no interview plan of this application, so it has no archive.")
    if stage.get("type") == ARCHIVED:
        return str(stage["id"])
    for row in every(write.client, STAGES, {"interviewPlanId": plan}):
        if row.get("type") == ARCHIVED:
            return str(row["id"])
    raise Invalid("The interview plan of this application has no archive.")


def _changed(write: Write, body: dict[str, Any]) -> Written:
    row = sent(write, CHANGE_STAGE, body)
    return Written(Reference("application", str(write.remote_id)), row=row if row.get("id") else None)


ACTIONS = (
    Action(
        "Application",
        "change_stage",
        as_the_key(_change_stage),
        fields=("current_stage",),
        required=("current_stage",),
    ),
    Action(
        "Application",
        "reject",
        as_the_key(_reject),
        fields=("reject_reason",),
        required=("reject_reason",),
    ),
)
