"""What Ashby holds of jobs, their adverts and the stages of their interview plans, as common records."""

from collections.abc import Iterator

from providers.ashby import translations as words
from providers.ashby.records import first
from providers.kit import Record, Row, Rows
from providers.kit.dates import midnight
from providers.kit.enums import translate


def job(row: Row, joined: Rows) -> Record:
    """A job, with the addresses of its published adverts."""
    department, place = row.get("departmentId"), row.get("locationId")
    return {
        "remote_id": row["id"],
        "name": row.get("title"),
        "code": row.get("customRequisitionId"),
        "status": translate(row.get("status"), words.JOB_STATUS),
        "type": "POSTING",
        "job_posting_urls": [url for advert in joined["jobPosting"] for url in _urls(advert)],
        "remote_created_at": row.get("createdAt"),
        "remote_updated_at": row.get("updatedAt"),
        "confidential": row.get("confidential"),
        "departments": [department] if department else [],
        "offices": [place] if place else [],
        "hiring_managers": _team(row, "hiring manager"),
        "recruiters": _team(row, "recruiter"),
    }


def _team(row: Row, role: str) -> list[str]:
    """Who has a role in the hiring team. Customers may write a role's title otherwise."""
    members = row.get("hiringTeam") or ()
    found = (m.get("userId") for m in members if str(m.get("role")).strip().casefold() == role)
    return list(dict.fromkeys(user for user in found if user))


def _urls(advert: Row) -> list[Record]:
    address = advert.get("externalLink") or advert.get("applyLink")
    return [{"value": address, "url_type": "JOB_POSTING"}] if address else []


def posting(row: Row, joined: Rows) -> Record:
    """An advert: the list has the published ones only. An unlisted one can be seen by who has its address."""
    return {
        "remote_id": row["id"],
        "title": row.get("title"),
        "job_posting_urls": _urls(row),
        "job": row.get("jobId"),
        "status": "PUBLISHED",
        "content": first(joined["jobPostingInfo"]).get("descriptionHtml"),
        "remote_created_at": midnight(row.get("publishedDate")),
        "remote_updated_at": row.get("updatedAt"),
    }


def question(rows: list[Row], joined: Rows) -> Record:
    """A question, of the first advert that asks it: adverts share the entries of their forms."""
    row, field = rows[0], rows[0]["field"]
    return {
        "remote_id": field["id"],
        "job": row.get("jobId") or first(joined["jobPosting"]).get("jobId"),
        "title": field.get("title"),
        "type": translate(field.get("type"), words.QUESTION_TYPE),
        "required": row.get("isRequired"),
        "position": row.get("position"),
    }


def question_options(rows: list[Row], _joined: Rows) -> Iterator[Record]:
    """The answers to choose from."""
    field = rows[0]["field"]
    for position, option in enumerate(field.get("selectableValues") or ()):
        yield {
            "remote_id": f"{field['id']}:{option.get('value')}",
            "question": field["id"],
            "label": option.get("label"),
            "position": position,
        }


def stage(row: Row, joined: Rows) -> Record:
    """A stage of an interview plan. Jobs share plans: a stage is a job's when no other has the plan."""
    owners = joined["job"]
    return {
        "remote_id": row["id"],
        "name": row.get("title"),
        "job": owners[0]["id"] if len(owners) == 1 else None,
        "stage_order": row.get("orderInInterviewPlan"),
    }


def stage_in_passing(row: Row, joined: Rows) -> Iterator[Record]:
    """The stage an application is in, where it is of a plan that is not listed, such as a draft."""
    current = row.get("currentInterviewStage") or {}
    if current.get("title") is not None and current.get("id") and not joined["interviewStage"]:
        yield stage(current, joined)
