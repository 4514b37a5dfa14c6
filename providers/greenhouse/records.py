"""What both generations of Harvest write alike, as common records."""

from collections.abc import Iterable, Iterator
from typing import Any

from providers.greenhouse import translations as words
from providers.kit import Record, Row, Rows
from providers.kit.dates import midnight
from providers.kit.enums import translate


def ident(value: Any) -> str | None:
    """A vendor id as the common model holds it."""
    return None if value is None else str(value)


def id_of(part: Row | None) -> str | None:
    """The id of an embedded object, which may be null or lack one."""
    return ident(part.get("id")) if part else None


def ids_of(parts: Iterable[Row | None] | None) -> list[str]:
    """The ids of embedded objects; nulls among them are left out."""
    return [found for part in parts or () if (found := id_of(part))]


def first(rows: Iterable[Row]) -> Row:
    """The first of joined rows; an empty one when none was found."""
    return next(iter(rows), {})


def attachment_id(candidate_id: Any, file: Row) -> str:
    """The id of an embedded file: v1 gives it none, and its address changes with each read."""
    parts = (candidate_id, file.get("type"), file.get("filename"), file.get("created_at"))
    return ":".join("" if part is None else str(part) for part in parts)


def day(value: str | None) -> str | None:
    """A date, or a date-time, as a moment."""
    return value if value and "T" in value else midnight(value)


def named(row: Row, _joined: Rows) -> Record:
    """Departments, tags and reject reasons: an id and a name."""
    return {"remote_id": ident(row["id"]), "name": row.get("name")}


def user(row: Row, _joined: Rows) -> Record:
    """A user; v3 renamed the e-mail address and the flag."""
    return {
        "remote_id": ident(row["id"]),
        "first_name": row.get("first_name"),
        "last_name": row.get("last_name"),
        "email": row.get("primary_email", row.get("primary_email_address")),
        "disabled": row.get("deactivated", row.get("disabled")),
        "remote_created_at": row.get("created_at"),
        "access_role": "SUPER_ADMIN" if row.get("site_admin") else None,
    }


def candidate(row: Row, _joined: Rows) -> Record:
    """A candidate; v3 renamed the flag of privacy and the last activity."""
    return {
        "remote_id": ident(row["id"]),
        "first_name": row.get("first_name"),
        "last_name": row.get("last_name"),
        "company": row.get("company"),
        "title": row.get("title"),
        "remote_created_at": row.get("created_at"),
        "remote_updated_at": row.get("updated_at"),
        "last_interaction_at": row.get("last_activity_at", row.get("last_activity")),
        "is_private": row.get("private", row.get("is_private")),
        "can_email": row.get("can_email"),
        "locations": [address.get("value") for address in row.get("addresses") or ()],
        "phone_numbers": [
            {"value": each.get("value"), "phone_number_type": words.plain(each.get("type"), words.PHONE_TYPE)}
            for each in row.get("phone_numbers") or ()
        ],
        "email_addresses": [
            {
                "value": each.get("value"),
                "email_address_type": words.plain(each.get("type"), words.EMAIL_TYPE),
            }
            for each in row.get("email_addresses") or ()
        ],
        "urls": list(_urls(row)),
        "tags": row.get("tags") or [],
    }


def _urls(row: Row) -> Iterator[Record]:
    for each in row.get("website_addresses") or ():
        yield {"value": each.get("value"), "url_type": words.plain(each.get("type"), words.WEBSITE_TYPE)}
    for each in row.get("social_media_addresses") or ():
        yield {"value": each.get("value"), "url_type": "SOCIAL_MEDIA"}


def job(row: Row) -> Record:
    """The part of a job that is in its row in both generations."""
    return {
        "remote_id": ident(row["id"]),
        "name": row.get("name"),
        "description": row.get("notes"),
        "code": row.get("requisition_id"),
        "status": translate(row.get("status"), words.JOB_STATUS),
        "remote_created_at": row.get("created_at"),
        "remote_updated_at": row.get("updated_at"),
        "confidential": row.get("confidential"),
    }


def stage(row: Row, _joined: Rows) -> Record:
    """A stage; v3 renamed its place."""
    return {
        "remote_id": ident(row["id"]),
        "name": row.get("name"),
        "job": ident(row.get("job_id")),
        "stage_order": row.get("sort_order", row.get("priority")),
        "remote_was_deleted": row.get("active") is False,
    }


def job_posting(row: Row, _joined: Rows) -> Record:
    """An advert; one that is no longer active has been deleted."""
    deleted, live = row.get("active") is False, row.get("live")
    shown = None if live is None else "PUBLISHED" if live else "DRAFT"
    address = row.get("public_url")
    return {
        "remote_id": ident(row["id"]),
        "title": row.get("title"),
        "job_posting_urls": [{"value": address, "url_type": "JOB_POSTING"}] if address else [],
        "job": ident(row.get("job_id")),
        "status": "CLOSED" if deleted else shown,
        "content": row.get("content"),
        "remote_created_at": row.get("created_at"),
        "remote_updated_at": row.get("updated_at"),
        "is_internal": row.get("internal"),
        "remote_was_deleted": deleted,
    }


def questions(row: Row, _joined: Rows) -> Iterator[Record]:
    """The questions of an advert that is for a job; v3 renamed the type."""
    for position, remote_id, question in _questions(row):
        yield {
            "remote_id": remote_id,
            "job": ident(row["job_id"]),
            "description": question.get("description"),
            "title": question.get("label"),
            "type": translate(question.get("answer_type", question.get("type")), words.QUESTION_TYPE),
            "required": question.get("required"),
            "position": position,
        }


def question_options(row: Row, _joined: Rows) -> Iterator[Record]:
    """The answers to choose from of an advert's questions."""
    for _, question_id, question in _questions(row):
        for position, option in enumerate(question.get("options") or question.get("values") or ()):
            label = option.get("label")
            name = next((option[key] for key in ("id", "value") if option.get(key) is not None), label)
            yield {
                "remote_id": f"{question_id}:{name}",
                "question": question_id,
                "label": label,
                "position": position,
            }


def _questions(row: Row) -> Iterator[tuple[int, str, Row]]:
    """Place, remote id and row of each question: the name is stable, but only within its advert."""
    if row.get("job_id") is None:
        return
    for position, question in enumerate(row.get("questions") or ()):
        yield position, f"{row['id']}:{question.get('name') or position}", question


def answers(row: Row, joined: Rows) -> Iterator[Record]:
    """An application's answers: plain text, told apart by their place.

    The question is the advert's one of the same wording, if there is exactly one.
    """
    asked: dict[str, list[str]] = {}
    for _, remote_id, question in _questions(first(joined.get("job_posts", ()))):
        asked.setdefault(question.get("label") or "", []).append(remote_id)
    for position, answer in enumerate(row.get("answers") or ()):
        found = asked.get(answer.get("question") or "", [])
        yield {
            "remote_id": f"{row['id']}:{position}",
            "application": ident(row["id"]),
            "question": found[0] if len(found) == 1 else None,
            "answer": answer.get("answer"),
            "position": position,
        }


def offer(row: Row, _joined: Rows) -> Record:
    """An offer; a changed offer is a new version with an id of its own. V3 renamed the dates."""
    sent = row.get("sent_on", row.get("sent_at"))
    return {
        "remote_id": ident(row["id"]),
        "application": ident(row.get("application_id")),
        "remote_created_at": row.get("created_at"),
        "closed_at": row.get("resolved_at"),
        "sent_at": day(sent),
        "start_date": day(row.get("starts_on", row.get("starts_at"))),
        "status": words.offer_status(row.get("status"), sent),
    }


def eeoc(row: Row, _joined: Rows) -> Record:
    """Equal opportunity answers; v1 has no id, but one set of answers for each application."""
    return {
        "remote_id": ident(row["id"] if "id" in row else row["application_id"]),
        "candidate": ident(row.get("candidate_id")),
        "submitted_at": row.get("submitted_at"),
        "race": words.answered(row.get("race"), words.RACE),
        "gender": words.answered(row.get("gender"), words.GENDER),
        "veteran_status": words.answered(row.get("veteran_status"), words.VETERAN_STATUS),
        "disability_status": words.disability(row.get("disability_status")),
    }


def response(who: Any, row: Row) -> Record:
    """One entry of an interview's panel."""
    return {
        "user": ident(who),
        "email": row.get("email"),
        "response_status": words.plain(row.get("response_status"), words.RESPONSE_STATUS),
        "scorecard": ident(row.get("scorecard_id")),
    }
