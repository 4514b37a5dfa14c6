"""Records as the API shows them: relations nested, what is optional absent rather than null."""

from typing import Any

from sandboxes.ashby.endpoint import Call
from sandboxes.ashby.forms import FEEDBACK_FORM, FEEDBACK_FORM_ID, form
from sandboxes.ashby.handles import handle_of
from sandboxes.ashby.state import State
from sandboxes.store import Row

TIMES = ("createdAt", "updatedAt")


def picked(row: Row, *names: str) -> Row:
    """Some fields of a record."""
    return {name: row[name] for name in names}


def present(row: Row, *names: str) -> Row:
    """Those of the fields that have a value."""
    return {name: row[name] for name in names if row.get(name) is not None}


def plain(*names: str) -> Any:
    """How to show records that have nothing nested."""

    def render(_call: Call, row: Row) -> Row:
        return picked(row, *names)

    return render


def user(state: State, key: str) -> Row:
    """A user, as nested and as listed."""
    row = state.tables["users"].rows[key]
    names = ("id", "firstName", "lastName", "email", "globalRole", "isEnabled", "updatedAt")
    return picked(row, *names) | present(row, "managerId")


def maybe_user(state: State, key: str | None) -> Row | None:
    """A user, or null."""
    return user(state, key) if key else None


def listed_user(call: Call, row: Row) -> Row:
    """One of `user.list`."""
    return user(call.state, row["id"])


department = plain("id", "name", "externalName", "isArchived", "parentId", *TIMES, "extraData")
archive_reason = plain("id", "text", "reasonType", "isArchived", "customFields")
source = plain("id", "title", "isArchived", "sourceType")
tag = plain("id", "title", "isArchived")
interview_plan = plain("id", "title", "isArchived", *TIMES)
STAGE = ("id", "title", "type", "orderInInterviewPlan", "interviewStageGroupId", "interviewPlanId")
stage = plain(*STAGE)


def location(_call: Call, row: Row) -> Row:
    """One of `location.list`; `address` is null where there is none."""
    names = ("id", "name", "isArchived", "address", "isRemote", "workplaceType", "type", "extraData")
    return picked(row, *names) | present(row, "externalName", "parentLocationId")


def interview(row: Row) -> Row:
    """An interview definition."""
    names = ("id", "title", "externalTitle", "isArchived", "isDebrief", "isFeedbackRequired")
    more = ("isFeedbackRequested", "instructionsHtml", "instructionsPlain", "feedbackFormDefinitionId")
    return picked(row, *names, *more) | present(row, "jobId")


def listed_interview(_call: Call, row: Row) -> Row:
    """One of `interview.list`."""
    return interview(row)


# Jobs


def job(call: Call, row: Row) -> Row:
    """A job with its team and the ids of its postings: the published ones, or all."""
    state = call.state
    drafts = call.get("includeUnpublishedJobPostingsIds", False)
    postings = state.where("jobPostings", "jobId", row["id"])
    names = ("id", "title", "confidential", "status", "employmentType", "locationId", "departmentId")
    plans = ("defaultInterviewPlanId", "interviewPlanIds")
    team = [member(state, each) for each in row["team"]]
    return {
        **picked(row, *names, *plans),
        "jobPostingIds": [each["id"] for each in postings if drafts or each["status"] == "Published"],
        "customFields": row["customFields"],
        "hiringTeam": team,
        **picked(row, "customRequisitionId", "brandId"),
        "author": maybe_user(state, row["authorId"]),
        **picked(row, *TIMES, "openedAt", "closedAt"),
        **expanded(call),
    }


def expanded(call: Call) -> Row:
    """Openings when they are asked for; the account has none."""
    return {"openings": []} if "openings" in call.get("expand", ()) else {}


def member(state: State, each: Row) -> Row:
    """One of a hiring team."""
    row = state.tables["users"].rows[each["userId"]]
    return {**picked(row, "email", "firstName", "lastName"), **picked(each, "role", "userId")}


def job_posting(call: Call, row: Row) -> Row:
    """One of `jobPosting.list`; internal boards have no external link."""
    rows = call.state.tables
    job = rows["jobs"].rows[row["jobId"]]
    department = rows["departments"].rows[job["departmentId"]]["name"] if job["departmentId"] else None
    place = rows["locations"].rows[job["locationId"]]["name"] if job["locationId"] else None
    board = "https://jobs.ashbyhq.com/fairhaven"
    locations = {
        "primaryLocationId": job["locationId"],
        "secondaryLocationIds": row["secondaryLocationIds"],
    }
    pay = ("compensationTierSummary", "shouldDisplayCompensationOnJobBoard")
    return {
        **picked(row, "id", "title", "jobId"),
        "departmentName": department,
        "teamName": department,
        "locationName": place,
        "locationExternalName": place,
        **picked(row, "workplaceType"),
        "employmentType": job["employmentType"],
        **picked(row, "isListed", "publishedDate", "applicationDeadline"),
        "externalLink": None if row["isInternal"] else f"{board}/{row['id']}",
        "applyLink": f"{board}/{row['id']}/application",
        "locationIds": locations,
        **picked(row, *pay, "updatedAt"),
        **(picked(row, "status") if call.get("includeUnpublishedJobPostings") else {}),
    }


def job_posting_info(call: Call, row: Row) -> Row:
    """`jobPosting.info`: the same with the description and the application form."""
    text = row["descriptionHtml"]
    plain_text = text.replace("<p>", "").replace("</p>", "\n").strip()
    return job_posting(call, row) | {
        "descriptionHtml": text,
        "descriptionPlain": plain_text,
        "descriptionSocial": plain_text[:200],
        "applicationFormDefinition": form("", row["fields"]),
        "surveyFormDefinitions": [],
    }


# Candidates


def contacts(name: str, primary: str, entries: list[Row]) -> Row:
    """A list of contact values, and the primary one, absent when there is none."""
    first = next((entry for entry in entries if entry["isPrimary"]), None)
    return ({primary: first} if first else {}) | {name: entries}


def file_handle(state: State, key: str) -> Row:
    """A file; its handle is another one on each read."""
    row = state.tables["files"].rows[key]
    return {"id": key, "name": row["name"], "handle": handle_of(state, row)}


def maybe_source(state: State, key: str | None) -> Row | None:
    """A source, or null."""
    row = state.get("sources", key)
    return picked(row, "id", "title", "isArchived", "sourceType") if row else None


def candidate(call: Call, row: Row) -> Row:
    """A candidate."""
    state = call.state
    own = state.where("applications", "candidateId", row["id"])
    applications = [each["id"] for each in own if state.visible("applications", each)]
    files = [file_handle(state, each["id"]) for each in state.where("files", "candidateId", row["id"])]
    resume = row["resumeFileId"]
    tags = [state.tables["candidateTags"].rows[key] for key in row["tagIds"]]
    return {
        **picked(row, "id", *TIMES, "name"),
        **contacts("emailAddresses", "primaryEmailAddress", row["emailAddresses"]),
        **contacts("phoneNumbers", "primaryPhoneNumber", row["phoneNumbers"]),
        "socialLinks": row["socialLinks"],
        "tags": [picked(each, "id", "title", "isArchived") for each in tags],
        **present(row, "position", "company", "school"),
        "applicationIds": applications,
        **({"resumeFileHandle": file_handle(state, resume)} if resume else {}),
        "fileHandles": files,
        "customFields": row["customFields"],
        "profileUrl": "https://app.ashbyhq.com/candidate-searches/new/right-side/candidates/" + row["id"],
        "source": maybe_source(state, row["sourceId"]),
        "creditedToUser": maybe_user(state, row["creditedToUserId"]),
        "timezone": row["timezone"],
        **present(row, "location"),
        "fraudStatus": row["fraudStatus"],
    }


def note(call: Call, row: Row) -> Row:
    """A note; its author in short."""
    author = picked(user(call.state, row["authorId"]), "id", "firstName", "lastName", "email")
    return {**picked(row, "id", "createdAt", "isPrivate", "content"), "author": author}


# Applications


def application(call: Call, row: Row) -> Row:
    """An application with what it refers to."""
    state = call.state
    person = state.tables["candidates"].rows[row["candidateId"]]
    values = contacts("emails", "primaryEmailAddress", person["emailAddresses"])
    values |= contacts("phones", "primaryPhoneNumber", person["phoneNumbers"])
    primary = present(values, "primaryEmailAddress", "primaryPhoneNumber")
    reason = state.get("archiveReasons", row["archiveReasonId"])
    at = state.tables["interviewStages"].rows[row["interviewStageId"]]
    of_job = state.tables["jobs"].rows[row["jobId"]]
    return {
        **picked(row, "id", *TIMES),
        **present(row, "archivedAt"),
        "candidate": {**picked(person, "id", "name"), **primary},
        **picked(row, "status", "customFields"),
        "currentInterviewStage": picked(at, *STAGE),
        "source": maybe_source(state, row["sourceId"]),
        "creditedToUser": maybe_user(state, row["creditedToUserId"]),
        "archiveReason": archive_reason(call, reason) if reason else None,
        "job": {**picked(of_job, "id", "title", "locationId", "departmentId"), **present(of_job, "brandId")},
        "hiringTeam": [member(state, each) for each in of_job["team"]],
        "appliedViaJobPostingId": row["appliedViaJobPostingId"],
        "submitterClientIp": None,
        "submitterUserAgent": None,
        **expanded(call),
    }


def application_info(call: Call, row: Row) -> Row:
    """`application.info`: with the resume and the way it took, and the submitted form when asked."""
    state = call.state
    resume = state.tables["candidates"].rows[row["candidateId"]]["resumeFileId"]
    shown = application(call, row)
    if resume:
        shown["resumeFileHandle"] = file_handle(state, resume)
    shown["applicationHistory"] = history(state, row["id"])
    if "applicationFormSubmissions" in call.get("expand", ()):
        shown["applicationFormSubmissions"] = submissions(state, row)
    return shown


def history(state: State, application_id: str) -> list[Row]:
    """The stages an application has been in."""
    entries = state.where("applicationHistory", "applicationId", application_id)
    return [_history_entry(entry) for entry in sorted(entries, key=lambda entry: entry["stageNumber"])]


def _history_entry(row: Row) -> Row:
    names = ("id", "stageId", "title", "stageNumber", "enteredStageAt")
    actions = ["set_entered_at", *(["delete"] if row["leftStageAt"] else [])]
    return {
        **picked(row, *names),
        **present(row, "leftStageAt"),
        "allowedActions": actions,
        "actorId": row["actorId"],
    }


def submissions(state: State, row: Row) -> list[Row]:
    """What was answered in the form of the posting."""
    posting = state.get("jobPostings", row["appliedViaJobPostingId"])
    if posting is None or not row["submittedValues"]:
        return []
    definition = form("", posting["fields"])
    return [{"id": row["id"], "formDefinition": definition, "submittedValues": row["submittedValues"]}]


# Interviews, feedback, offers


def schedule(call: Call, row: Row) -> Row:
    """A schedule with its events; `scheduledBy` is absent when nobody of the team made it."""
    state = call.state
    by = {"scheduledBy": user(state, row["scheduledById"])} if row["scheduledById"] else {}
    events = state.where("interviewEvents", "interviewScheduleId", row["id"])
    return {
        **picked(row, "id", "status", "applicationId", "interviewStageId"),
        **by,
        **picked(row, *TIMES),
        "interviewEvents": [event(state, each) for each in events],
    }


def event(state: State, row: Row, *, with_interview: bool = True) -> Row:
    """One event of a schedule."""
    panel = [_interviewer(state, each) for each in row["interviewers"]]
    feedback = state.where("applicationFeedback", "interviewEventId", row["id"])
    shown = {
        **picked(row, "id", "interviewId", "interviewScheduleId"),
        "interviewerUserIds": [each["id"] for each in panel],
        "interviewers": panel,
        **picked(row, *TIMES, "startTime", "endTime"),
        "feedbackLink": f"https://app.ashbyhq.com/interview-briefings/{row['id']}/feedback",
        **present(row, "location", "meetingLink", "interviewerCalendarEventId"),
        "hasSubmittedFeedback": bool(feedback),
    }
    if with_interview:
        shown["interview"] = interview(state.tables["interviews"].rows[row["interviewId"]])
    return shown | picked(row, "extraData")


def _interviewer(state: State, each: Row) -> Row:
    extra = {"trainingRole": each.get("trainingRole"), "interviewerPool": None}
    return {**user(state, each["userId"]), **extra, "isFeedbackRequired": each["isFeedbackRequired"]}


def listed_event(call: Call, row: Row) -> Row:
    """One of `interviewEvent.list`: the definition only when it is asked for."""
    return event(call.state, row, with_interview="interview" in call.get("expand", ()))


def feedback(call: Call, row: Row) -> Row:
    """A submitted feedback form; ad-hoc feedback belongs to no event."""
    author = user(call.state, row["submittedById"])
    return {
        **picked(row, "id", "applicationId"),
        "feedbackFormDefinitionId": FEEDBACK_FORM_ID,
        **picked(row, "interviewId", "interviewEventId"),
        "submittedAt": row["createdAt"],
        "submittedByUser": author,
        "formDefinition": FEEDBACK_FORM,
        "submittedValues": row["submittedValues"],
    }


def offer(call: Call, row: Row) -> Row:
    """An offer with its latest version."""
    version = row["latestVersion"]
    author = maybe_user(call.state, version["authorId"])
    shown = {name: value for name, value in version.items() if name != "authorId"} | {"author": author}
    return picked(row, "id", "applicationId", "acceptanceStatus", "offerStatus", "decidedAt") | {
        "latestVersion": shown
    }
