"""What Ashby holds of an organization, its candidates, applications and interviews, as common records."""

from collections.abc import Iterator

from providers.ashby import translations as words
from providers.kit import Record, Row, Rows
from providers.kit.dates import midnight
from providers.kit.enums import translate


def first(rows: list[Row] | None) -> Row:
    """The first of joined rows; an empty one when none was found."""
    return next(iter(rows or ()), {})


def id_of(part: Row | None) -> str | None:
    """The id of an embedded object, which may be null or absent."""
    return part.get("id") if part else None


def user(row: Row, _joined: Rows) -> Record:
    """A user, who may have been deactivated."""
    enabled = row.get("isEnabled")
    return {
        "remote_id": row["id"],
        "first_name": row.get("firstName"),
        "last_name": row.get("lastName"),
        "email": row.get("email"),
        "disabled": None if enabled is None else not enabled,
        "access_role": translate(row.get("globalRole"), words.ACCESS_ROLE),
    }


def named(row: Row, _joined: Rows) -> Record:
    """A department, a tag or a reason, each of which calls its name otherwise."""
    name = next((row[key] for key in ("name", "title", "text") if key in row), None)
    return {"remote_id": row["id"], "name": name}


def office(row: Row, _joined: Rows) -> Record:
    """A location; its address may be null, and so may any part of it."""
    address = (row.get("address") or {}).get("postalAddress") or {}
    parts = ("streetAddress", "addressLocality", "addressRegion", "postalCode", "addressCountry")
    told = [str(address[part]) for part in parts if address.get(part)]
    return {"remote_id": row["id"], "name": row.get("name"), "location": ", ".join(told) or None}


def split_name(name: str | None) -> tuple[str | None, str | None]:
    """First and last name: Ashby knows one name only."""
    before, _, after = (name or "").strip().partition(" ")
    return before or None, after.strip() or None


def candidate(row: Row, _joined: Rows) -> Record:
    """A candidate. What is not known is absent."""
    first_name, last_name = split_name(row.get("name"))
    place = (row.get("location") or {}).get("locationSummary")
    return {
        "remote_id": row["id"],
        "first_name": first_name,
        "last_name": last_name,
        "company": row.get("company"),
        "title": row.get("position"),
        "remote_created_at": row.get("createdAt"),
        "remote_updated_at": row.get("updatedAt"),
        "locations": [place] if place else [],
        "email_addresses": [
            {
                "value": each.get("value"),
                "email_address_type": words.plain(each.get("type"), words.EMAIL_TYPE),
            }
            for each in row.get("emailAddresses") or ()
        ],
        "phone_numbers": [
            {"value": each.get("value"), "phone_number_type": words.plain(each.get("type"), words.PHONE_TYPE)}
            for each in row.get("phoneNumbers") or ()
        ],
        "urls": [
            {"value": each.get("url"), "url_type": words.plain(each.get("type"), words.URL_TYPE)}
            for each in row.get("socialLinks") or ()
        ],
        "tags": [tag["title"] for tag in row.get("tags") or () if tag.get("title")],
    }


def attachment(row: Row, _joined: Rows) -> Record:
    """A file of a candidate. Its address is asked for when somebody wants it: it ends after a short time."""
    return {
        "remote_id": row["id"],
        "file_name": row.get("name"),
        "file_url": row.get("url"),
        "candidate": row.get("candidateId"),
        "attachment_type": "RESUME" if row.get("isResume") else "OTHER",
    }


def note(row: Row, _joined: Rows) -> Record:
    """A note about a candidate."""
    private = row.get("isPrivate")
    return {
        "remote_id": row["id"],
        "activity_type": "NOTE",
        "body": row.get("content"),
        "user": id_of(row.get("author")),
        "remote_created_at": row.get("createdAt"),
        "visibility": None if private is None else "PRIVATE" if private else "PUBLIC",
        "candidate": row.get("candidateId"),
    }


def application(row: Row, _joined: Rows) -> Record:
    """An application. An archived one stands in the stage of its plan that is for such."""
    return {
        "remote_id": row["id"],
        "candidate": id_of(row.get("candidate")),
        "job": id_of(row.get("job")),
        "applied_at": row.get("createdAt"),
        "rejected_at": row.get("archivedAt"),
        "source": (row.get("source") or {}).get("title"),
        "credited_to": id_of(row.get("creditedToUser")),
        "current_stage": id_of(row.get("currentInterviewStage")),
        "reject_reason": id_of(row.get("archiveReason")),
    }


def interviews(row: Row, _joined: Rows) -> Iterator[Record]:
    """One interview for each event of a schedule, which is of one application in one stage."""
    for event in row.get("interviewEvents") or ():
        yield {
            "remote_id": event["id"],
            "application": row.get("applicationId"),
            "job_interview_stage": row.get("interviewStageId"),
            "organizer": id_of(row.get("scheduledBy")),
            "interviewers": interviewers(event),
            "location": event.get("location"),
            "start_at": event.get("startTime"),
            "end_at": event.get("endTime"),
            "remote_created_at": event.get("createdAt"),
            "remote_updated_at": event.get("updatedAt"),
            "status": translate(row.get("status"), words.INTERVIEW_STATUS),
            "name": (event.get("interview") or {}).get("title"),
            "video_conferencing_url": event.get("meetingLink"),
            "external_event_id": event.get("interviewerCalendarEventId"),
        }


def interviewers(event: Row) -> list[str]:
    """The ids of who interviews."""
    embedded = [found for each in event.get("interviewers") or () if (found := id_of(each))]
    return embedded or list(event.get("interviewerUserIds") or ())


def offer(row: Row, _joined: Rows) -> Record:
    """An offer, as its latest version has it."""
    latest = row.get("latestVersion") or {}
    start = latest.get("startDate")
    return {
        "remote_id": row["id"],
        "application": row.get("applicationId"),
        "creator": id_of(latest.get("author")),
        "remote_created_at": latest.get("createdAt"),
        "closed_at": row.get("decidedAt"),
        "start_date": start if start and "T" in start else midnight(start),
        "status": translate(row.get("offerStatus"), words.OFFER_STATUS),
    }
