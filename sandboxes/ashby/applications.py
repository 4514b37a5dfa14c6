"""Writes of `application.*`."""

from sandboxes.ashby import render
from sandboxes.ashby.arguments import Shape, boolean, either, instant, one_of, uuid
from sandboxes.ashby.endpoint import Call, endpoint, found
from sandboxes.ashby.errors import invalid
from sandboxes.ashby.records import known, not_found
from sandboxes.ashby.state import State
from sandboxes.store import Row

WRITE = "candidatesWrite"
SPECIAL_STAGE = "FirstPreInterviewScreen"
STATUSES = {"Lead": "Lead", "Hired": "Hired", "Archived": "Archived"}
ARCHIVE_EMAIL = Shape({"communicationTemplateId": uuid}, {"sendAt": instant})


def create(call: Call) -> Row:
    """A new application; it is answered in short."""
    state = call.state
    candidate = known(state, "candidates", call.arguments["candidateId"])
    job = known(state, "jobs", call.arguments["jobId"])
    stage = _first_stage(call, job)
    times = {"createdAt": call.arguments["createdAt"]} if "createdAt" in call.arguments else {}
    row = state.add(
        "applications",
        candidateId=candidate["id"],
        jobId=job["id"],
        interviewStageId=stage["id"],
        status=STATUSES.get(stage["type"], "Active"),
        **attribution(call),
        **times,
    )
    enter(state, row, stage)
    return found(_truncated(call, row))


def attribution(call: Call) -> Row:
    """The source and the user to credit, where they are given."""
    given = {name: call.arguments[name] for name in ("sourceId", "creditedToUserId") if call.get(name)}
    for name, table in (("sourceId", "sources"), ("creditedToUserId", "users")):
        if name in given:
            known(call.state, table, given[name])
    return given


def stages_of(state: State, plan_id: str | None) -> list[Row]:
    """The stages of a plan in order."""
    stages = state.where("interviewStages", "interviewPlanId", plan_id)
    return sorted(stages, key=lambda stage: stage["orderInInterviewPlan"])


def _first_stage(call: Call, job: Row) -> Row:
    """The stage asked for, of the job's plan; else the first Lead stage."""
    plan_id = call.get("interviewPlanId", job["defaultInterviewPlanId"])
    if plan_id not in job["interviewPlanIds"]:
        not_found("interviewPlans")
    wanted = call.get("interviewStageId")
    kind = "PreInterviewScreen" if wanted == SPECIAL_STAGE else "Lead"
    for stage in stages_of(call.state, plan_id):
        if stage["id"] == wanted or (wanted in (None, SPECIAL_STAGE) and stage["type"] == kind):
            return stage
    return not_found("interviewStages")


def _truncated(call: Call, row: Row) -> Row:
    """`application.create` leaves out what only re-reading tells."""
    whole = render.application(call, row)
    return whole | {
        "candidate": render.picked(whole["candidate"], "id", "name"),
        "currentInterviewStage": {"id": row["interviewStageId"]},
        "source": None,
        "job": render.picked(whole["job"], "id", "title"),
        "hiringTeam": [],
        "applicationHistory": render.history(call.state, row["id"]),
    }


def enter(state: State, application: Row, stage: Row) -> None:
    """Record that an application comes into a stage, and that it left the one before."""
    entries = state.where("applicationHistory", "applicationId", application["id"])
    now = state.now()
    for entry in entries:
        if entry["leftStageAt"] is None:
            state.change("applicationHistory", entry["id"], leftStageAt=now)
    state.add(
        "applicationHistory",
        applicationId=application["id"],
        stageId=stage["id"],
        title=stage["title"],
        stageNumber=len(entries),
        enteredStageAt=application["createdAt"] if not entries else now,
        leftStageAt=None,
        actorId=state.key_user_id,
    )


def change_stage(call: Call) -> Row:
    """Move within the plan; into its Archived stage only with a reason, elsewhere only without."""
    state = call.state
    row = known(state, "applications", call.arguments["applicationId"])
    stage = known(state, "interviewStages", call.arguments["interviewStageId"])
    plan_id = state.tables["interviewStages"].rows[row["interviewStageId"]]["interviewPlanId"]
    if stage["interviewPlanId"] != plan_id:
        not_found("interviewStages")
    archives = stage["type"] == "Archived"
    if archives != ("archiveReasonId" in call.arguments):
        invalid(f"archiveReasonId is {'required' if archives else 'not allowed'} for this stage")
    if "archiveEmail" in call.arguments:
        known(state, "communicationTemplates", call.arguments["archiveEmail"]["communicationTemplateId"])
    reason = known(state, "archiveReasons", call.arguments["archiveReasonId"]) if archives else None
    state.change(
        "applications",
        row["id"],
        interviewStageId=stage["id"],
        status=STATUSES.get(stage["type"], "Active"),
        archivedAt=state.now() if archives else None,
        archiveReasonId=reason["id"] if reason else None,
    )
    enter(state, row, stage)
    return found(render.application(call, row))


def update(call: Call) -> Row:
    """Change the source, whom to credit, or when it was made."""
    row = known(call.state, "applications", call.arguments["applicationId"])
    times = {"createdAt": call.arguments["createdAt"]} if "createdAt" in call.arguments else {}
    call.state.change("applications", row["id"], **attribution(call), **times)
    return found(render.application(call, row))


def delete(call: Call) -> Row:
    """Delete an application for good."""
    row = known(call.state, "applications", call.arguments["applicationId"])
    call.state.delete("applications", row["id"])
    return found({"id": row["id"]})


ENDPOINTS = (
    endpoint(
        "application.create",
        WRITE,
        create,
        {"candidateId": uuid, "jobId": uuid},
        {
            "interviewPlanId": uuid,
            "interviewStageId": either(uuid, one_of(SPECIAL_STAGE)),
            "sourceId": uuid,
            "creditedToUserId": uuid,
            "createdAt": instant,
        },
    ),
    endpoint(
        "application.changeStage",
        WRITE,
        change_stage,
        {"applicationId": uuid, "interviewStageId": uuid},
        {"archiveReasonId": uuid, "archiveEmail": ARCHIVE_EMAIL},
    ),
    endpoint("application.changeSource", WRITE, update, {"applicationId": uuid, "sourceId": uuid}),
    endpoint(
        "application.update",
        WRITE,
        update,
        {"applicationId": uuid},
        {"sourceId": uuid, "creditedToUserId": uuid, "createdAt": instant, "sendNotifications": boolean},
    ),
    endpoint("application.delete", "candidatesDelete", delete, {"applicationId": uuid}),
)
