"""The records of v1: children embedded, users as small objects, custom fields twice."""

from collections.abc import Iterable
from typing import Any

from sandboxes.greenhouse.actions import VISIBILITIES, signed_url, tags_of
from sandboxes.greenhouse.state import State
from sandboxes.store import Row

APPLICATION_STATUS = {"in_process": "active"}
OFFER_STATUS = {"Created": "unresolved"}
RATINGS = ("definitely_not", "no", "mixed", "yes", "strong_yes")
RECOMMENDATION = {"strong_no": "definitely_not"}
VISIBILITY = {stored: word for word, stored in VISIBILITIES.items()}


def person(state: State, user_id: int | None) -> Row | None:
    """A user inside another record."""
    user = state.get("users", user_id)
    if user is None:
        return None
    return {
        "id": user["id"],
        "first_name": user["first_name"],
        "last_name": user["last_name"],
        "name": f"{user['first_name']} {user['last_name']}",
        "employee_id": user["employee_id"],
    }


def named(state: State, table: str, key: int | None) -> Row | None:
    """`{id, name}` of a record."""
    row = state.get(table, key)
    return {"id": row["id"], "name": row["name"]} if row else None


def custom_fields(row: Row) -> Row:
    """Plain values by key, and the same keyed with name and type."""
    keyed = row["custom_fields"]
    plain = {key: entry["value"] for key, entry in keyed.items()}
    return {"custom_fields": plain, "keyed_custom_fields": keyed}


# Interviews


def _time(moment: str | None, day: str | None) -> Row:
    """All-day interviews have a date instead of a date-time."""
    return {"date": day} if day else {"date_time": moment}


def interview(state: State, row: Row) -> Row:
    """A scheduled interview with organizer and panel."""
    return {
        "id": row["id"],
        "application_id": row["application_id"],
        "external_event_id": row["external_event_id"],
        "start": _time(row["starts_at"], row["all_day_start_on"]),
        "end": _time(row["ends_at"], row["all_day_end_on"]),
        "location": row["location"],
        "video_conferencing_url": row["video_conferencing_url"],
        "status": row["status"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "interview": named(state, "job_interviews", row["job_interview_id"]),
        "organizer": person(state, row["organizer_id"]),
        "interviewers": [
            _interviewer(state, each) for each in state.where("interviewers", "interview_id", row["id"])
        ],
    }


def _interviewer(state: State, row: Row) -> Row:
    user = person(state, row["user_id"])
    return {
        "id": row["user_id"],
        "employee_id": user and user["employee_id"],
        "name": user and user["name"],
        "email": row["email"],
        "response_status": row["response_status"],
        "scorecard_id": row["scorecard_id"],
    }


# Candidates and applications


def candidate(state: State, row: Row) -> Row:
    """A candidate with applications and attachments."""
    applications = state.where("applications", "candidate_id", row["id"])
    return {
        "id": row["id"],
        "first_name": row["first_name"],
        "last_name": row["last_name"],
        "company": row["company"],
        "title": row["title"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "last_activity": row["last_activity_at"],
        "is_private": row["private"],
        "photo_url": None,
        "attachments": _attachments(state, state.where("attachments", "candidate_id", row["id"])),
        "application_ids": [each["id"] for each in applications],
        "phone_numbers": row["phone_numbers"],
        "addresses": row["addresses"],
        "email_addresses": row["email_addresses"],
        "website_addresses": row["website_addresses"],
        "social_media_addresses": row["social_media_addresses"],
        "recruiter": person(state, row["recruiter_id"]),
        "coordinator": person(state, row["coordinator_id"]),
        "can_email": row["can_email"],
        "tags": tags_of(state, row["id"]),
        "applications": [application(state, each) for each in applications],
        "educations": row["educations"],
        "employments": row["employments"],
        "linked_user_ids": row["linked_user_ids"],
        **custom_fields(row),
    }


def application(state: State, row: Row) -> Row:
    """An application; rejected and hired ones keep their last stage."""
    return {
        "id": row["id"],
        "candidate_id": row["candidate_id"],
        "prospect": row["prospect"],
        "applied_at": row["created_at"],
        "rejected_at": row["rejected_at"],
        "last_activity_at": row["last_activity_at"],
        "location": {"address": row["location_address"]} if row["location_address"] else None,
        "source": _source(state, row["source_id"]),
        "credited_to": _credited_to(state, row["referrer_id"]),
        "recruiter": person(state, row["recruiter_id"]),
        "coordinator": person(state, row["coordinator_id"]),
        "rejection_reason": _rejection_reason(state, row["rejection_reason_id"]),
        "rejection_details": _rejection_details(state, row["id"]),
        "jobs": _jobs(state, row),
        "job_post_id": row["job_post_id"],
        "status": APPLICATION_STATUS.get(row["status"], row["status"]),
        "current_stage": named(state, "job_interview_stages", row["job_interview_stage_id"]),
        "answers": row["answers"],
        "prospective_office": None,
        "prospective_department": None,
        "prospect_detail": _prospect_detail(state, row),
        **custom_fields(row),
        "attachments": _attachments(state, state.where("attachments", "application_id", row["id"])),
    }


def _jobs(state: State, row: Row) -> list[Row | None]:
    """Exactly one for a candidate, any number for a prospect."""
    ids = row["prospective_job_ids"] if row["prospect"] else [row["job_id"]]
    return [named(state, "jobs", job_id) for job_id in ids]


def _prospect_detail(state: State, row: Row) -> Row:
    """Only a prospect has an owner."""
    owner = person(state, row["recruiter_id"]) if row["prospect"] else None
    return {
        "prospect_pool": None,
        "prospect_stage": None,
        "prospect_owner": owner and {"name": owner["name"], "id": owner["id"]},
    }


def _source(state: State, source_id: int | None) -> Row | None:
    source = state.get("sources", source_id)
    return {"id": source["id"], "public_name": source["name"]} if source else None


def _credited_to(state: State, referrer_id: int | None) -> Row | None:
    """A user; somebody who is none (an agency) has a name but a null id."""
    referrer = state.get("referrers", referrer_id)
    if referrer is None:
        return None
    nobody = {
        "id": None,
        "first_name": None,
        "last_name": None,
        "name": referrer["name"],
        "employee_id": None,
    }
    return person(state, referrer["user_id"]) or nobody


def _rejection_reason(state: State, reason_id: int | None) -> Row | None:
    row = state.get("rejection_reasons", reason_id)
    return rejection_reason(state, row) if row else None


def rejection_reason(_state: State, row: Row) -> Row:
    """A reason; its type has no key in v1."""
    kind = {"id": row["type"]["id"], "name": row["type"]["name"]}
    return {"id": row["id"], "name": row["name"], "type": kind}


def _rejection_details(state: State, application_id: int) -> Row | None:
    details = state.where("rejection_details", "application_id", application_id)
    return custom_fields(details[-1]) if details else None


def _attachments(state: State, rows: Iterable[Row]) -> list[Row]:
    return [attachment(state, row) for row in rows]


def attachment(state: State, row: Row) -> Row:
    """An attachment; v1 gives it no id."""
    return {
        "filename": row["filename"],
        "url": signed_url(state, row),
        "type": row["type"],
        "created_at": row["created_at"],
    }


# The activity feed


def _author(state: State, row: Row) -> Row | None:
    return person(state, row["user_id"])


def note(state: State, row: Row) -> Row:
    """A note, with the vendor's misspelt `visiblity` too."""
    word = VISIBILITY.get(row["visibility"], row["visibility"])
    return {
        "id": row["id"],
        "created_at": row["created_at"],
        "body": row["body"],
        "user": _author(state, row),
        "private": word == "private",
        "visiblity": word,
        "visibility": word,
    }


def email(state: State, row: Row) -> Row:
    """A logged e-mail."""
    return {
        "id": row["id"],
        "created_at": row["created_at"],
        "subject": row["subject"],
        "body": row["body"],
        "to": row["email_to"],
        "from": row["email_from"],
        "cc": row["email_cc"],
        "user": _author(state, row),
    }


def activity(state: State, row: Row) -> Row:
    """Anything else in the feed."""
    return {
        "id": row["id"],
        "created_at": row["created_at"],
        "subject": row["subject"],
        "body": row["body"],
        "user": _author(state, row),
    }


def activity_feed(state: State, candidate_id: int) -> Row:
    """The whole feed of a candidate, newest first."""
    rows = state.where("notes", "candidate_id", candidate_id)[::-1]
    return {
        "notes": [note(state, row) for row in rows if row["type"] == "NOTE"],
        "emails": [email(state, row) for row in rows if row["type"] == "EMAIL"],
        "activities": [activity(state, row) for row in rows if row["type"] not in ("NOTE", "EMAIL")],
    }


# Jobs


def job(state: State, row: Row) -> Row:
    """A job with departments, offices, hiring team and openings."""
    department_row = state.get("departments", row["department_id"])
    return {
        "id": row["id"],
        "name": row["name"],
        "requisition_id": row["requisition_id"],
        "notes": row["notes"],
        "confidential": row["confidential"],
        "status": row["status"],
        "created_at": row["created_at"],
        "opened_at": row["opened_at"],
        "closed_at": row["closed_at"],
        "updated_at": row["updated_at"],
        "is_template": row["is_template"],
        "copied_from_id": row["copied_from_id"],
        # Observed: a job without department has a list with a single null.
        "departments": [department(state, department_row) if department_row else None],
        "offices": [office(state, state.tables["offices"].rows[key]) for key in row["office_ids"]],
        **custom_fields(row),
        "hiring_team": _hiring_team(state, row["id"]),
        "openings": [opening(each) for each in state.where("openings", "job_id", row["id"])],
    }


def _hiring_team(state: State, job_id: int) -> Row:
    managers = state.where("job_hiring_managers", "job_id", job_id)
    team: Row = {"hiring_managers": [person(state, row["user_id"]) for row in managers]}
    owners = state.where("job_owners", "job_id", job_id)
    for kind in ("recruiter", "coordinator", "sourcer"):
        members: list[Row] = []
        for row in owners:
            if row["type"] == kind:
                member = person(state, row["user_id"]) or {}
                members.append(member | {"responsible": row["responsible"]} if kind != "sourcer" else member)
        team[f"{kind}s"] = members
    return team


def opening(row: Row) -> Row:
    """An opening of a job."""
    keys = ("id", "opening_id", "status", "opened_at", "closed_at", "application_id", "close_reason")
    return {key: row[key] for key in keys}


def _kin(state: State, table: str, row: Row) -> Row:
    """Parent and children of a department or office."""
    parent = state.get(table, row["parent_id"])
    children = state.where(table, "parent_id", row["id"])
    kind = table.removesuffix("s")
    return {
        "parent_id": row["parent_id"],
        f"parent_{kind}_external_id": parent and parent["external_id"],
        "child_ids": [child["id"] for child in children],
        f"child_{kind}_external_ids": [child["external_id"] for child in children],
        "external_id": row["external_id"],
    }


def department(state: State, row: Row) -> Row:
    """A department."""
    return {"id": row["id"], "name": row["name"], **_kin(state, "departments", row)}


def office(state: State, row: Row) -> Row:
    """An office."""
    return {
        "id": row["id"],
        "name": row["name"],
        "location": {"name": row["location"]},
        "primary_contact_user_id": row["primary_contact_user_id"],
        **_kin(state, "offices", row),
    }


def job_post(_state: State, row: Row) -> Row:
    """A job post with its questions."""
    return {
        "id": row["id"],
        "active": row["active"],
        "live": row["live"],
        "first_published_at": row["first_published_at"],
        "title": row["title"],
        "location": row["location"],
        "internal": row["internal"],
        "external": not row["internal"],
        "job_id": row["job_id"],
        "content": row["content"],
        "internal_content": row["internal_content"],
        "updated_at": row["updated_at"],
        "created_at": row["created_at"],
        "demographic_question_set_id": row["demographic_question_set_id"],
        "questions": [_question(each) for each in row["questions"]],
    }


def _question(row: Row) -> Row:
    return {
        "required": row["required"],
        "private": row["private"],
        "label": row["label"],
        "name": row["name"],
        "type": row["answer_type"],
        "values": [{"value": option["id"], "label": option["label"]} for option in row["options"]],
        "description": row["description"],
    }


def job_stage(state: State, row: Row) -> Row:
    """A stage with its active steps."""
    steps = state.where("job_interviews", "job_interview_stage_id", row["id"])
    active = sorted((step for step in steps if step["active"]), key=lambda step: step["sort_order"])
    return {
        "id": row["id"],
        "name": row["name"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "active": row["active"],
        "job_id": row["job_id"],
        "priority": row["sort_order"],
        "interviews": [_step(state, step) for step in active],
    }


def _step(state: State, row: Row) -> Row:
    return {
        "id": row["id"],
        "name": row["name"],
        "schedulable": row["scheduling_type"] == "needs_scheduling",
        "estimated_minutes": row["duration"],
        "default_interviewer_users": [person(state, key) for key in row["default_interviewer_ids"]],
        "interview_kit": row["interview_kit"],
    }


# The rest


def user(state: State, row: Row) -> Row:
    """A user."""
    return {
        "id": row["id"],
        "name": f"{row['first_name']} {row['last_name']}",
        "first_name": row["first_name"],
        "last_name": row["last_name"],
        "primary_email_address": row["primary_email"],
        "updated_at": row["updated_at"],
        "created_at": row["created_at"],
        "disabled": row["deactivated"],
        "site_admin": row["site_admin"],
        "emails": row["emails"],
        "employee_id": row["employee_id"],
        "linked_candidate_ids": row["linked_candidate_ids"],
        "offices": [office(state, state.tables["offices"].rows[key]) for key in row["office_ids"]],
        "departments": [
            department(state, state.tables["departments"].rows[key]) for key in row["department_ids"]
        ],
    }


def offer(state: State, row: Row) -> Row:
    """One version of an offer."""
    opened = state.get("openings", row["opening_id"])
    return {
        "id": row["id"],
        "version": row["version"],
        "application_id": row["application_id"],
        "job_id": row["job_id"],
        "candidate_id": row["candidate_id"],
        "opening": opening(opened) if opened else None,
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "sent_at": row["sent_on"],
        "resolved_at": row["resolved_at"],
        "starts_at": row["starts_on"],
        "status": OFFER_STATUS.get(row["status"], row["status"].lower()),
        **custom_fields(row),
    }


def scorecard(state: State, row: Row) -> Row:
    """A submitted scorecard."""
    step = named(state, "job_interviews", row["job_interview_id"])
    attributes: list[Row] = row["attributes"]
    return {
        "id": row["id"],
        "updated_at": row["updated_at"],
        "created_at": row["created_at"],
        "interview": step and step["name"],
        "interview_step": step,
        "candidate_id": _candidate_id(state, row["application_id"]),
        "application_id": row["application_id"],
        "interviewed_at": row["interviewed_at"],
        "submitted_by": person(state, row["submitter_id"]),
        "interviewer": person(state, row["interviewer_id"]),
        "submitted_at": row["submitted_at"],
        "overall_recommendation": RECOMMENDATION.get(row["candidate_rating"], row["candidate_rating"]),
        "attributes": attributes,
        "ratings": {
            rating: [each["name"] for each in attributes if each["rating"] == rating] for rating in RATINGS
        },
        "questions": row["questions"],
    }


def _candidate_id(state: State, application_id: int) -> Any:
    return state.tables["applications"].rows[application_id]["candidate_id"]


def eeoc(_state: State, row: Row) -> Row:
    """EEOC answers; the veteran status says `message` where the others say `description`."""
    veteran = row["veteran_status"]
    return {
        "application_id": row["application_id"],
        "candidate_id": row["candidate_id"],
        "race": row["race"],
        "gender": row["gender"],
        "veteran_status": veteran and {"id": veteran["id"], "message": veteran["description"]},
        "disability_status": row["disability_status"],
        "submitted_at": row["submitted_at"],
    }


def tag(_state: State, row: Row) -> Row:
    """A candidate tag."""
    return {"id": row["id"], "name": row["name"]}


def source(_state: State, row: Row) -> Row:
    """A source."""
    return {"id": row["id"], "name": row["name"], "type": row["type"]}
