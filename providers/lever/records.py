"""Lever's smaller records as common records, and what all mappings need."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from providers.kit import Record, Row, Rows
from providers.kit.dates import iso
from providers.kit.enums import translate
from providers.lever import translations as words


def at(value: Any) -> str | None:
    """A moment, which Lever counts in milliseconds; some older objects write the number as a text."""
    try:
        return iso(datetime.fromtimestamp(int(value) / 1000, UTC))
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def names(full: str | None) -> dict[str, str | None]:
    """Lever holds one name. An anonymized one is empty."""
    given, _, family = (full or "").strip().partition(" ")
    return {"first_name": given or None, "last_name": family.strip() or None}


def key_of(row: Row) -> str:
    """The key of what is listed within an opportunity: it is read by both ids."""
    return f"{row['opportunityId']}/{row['id']}"


def user(row: Row, _joined: Rows) -> Record:
    """A user. Custom roles have ids for names."""
    return {
        "remote_id": row["id"],
        **names(row.get("name")),
        "email": row.get("email"),
        "disabled": row.get("deactivatedAt") is not None,
        "remote_created_at": at(row.get("createdAt")),
        "access_role": translate(row.get("accessRole"), words.ACCESS_ROLE),
    }


def stage(row: Row, _joined: Rows) -> Record:
    """A stage: all jobs share them, and their order is that of the list."""
    return {"remote_id": row["id"], "name": row.get("text"), "job": None, "stage_order": row.get("index")}


def reject_reason(row: Row, _joined: Rows) -> Record | None:
    """A reason to archive, but for the one of those who were hired."""
    return None if row.get("type") == "hired" else {"remote_id": row["id"], "name": row.get("text")}


def tag(row: Row, _joined: Rows) -> Record:
    """A tag: its text is all it has."""
    return {"remote_id": row["text"], "name": row["text"]}


def scorecard(row: Row, _joined: Rows) -> Record:
    """A feedback form, also one that is not handed in yet."""
    return {
        "remote_id": row["id"],
        "application": row["opportunityId"],
        "interview": row.get("interview"),
        "interviewer": row.get("user"),
        "remote_created_at": at(row.get("createdAt")),
        "submitted_at": at(row.get("completedAt")),
        "overall_recommendation": _recommendation(row),
        "remote_was_deleted": row.get("deletedAt") is not None,
    }


def _recommendation(row: Row) -> tuple[str, str] | str | None:
    """The first score; documentation from before score systems calls it `score`."""
    scores = (f.get("value") for f in row.get("fields") or () if f.get("type") in ("score-system", "score"))
    score = next(scores, None)
    return "NO_DECISION" if score is None else translate(str(score), words.RECOMMENDATION)


def offer(row: Row, _joined: Rows) -> Record:
    """An offer."""
    fields = {f.get("identifier"): f.get("value") for f in row.get("fields") or ()}
    return {
        "remote_id": row["id"],
        "application": row["opportunityId"],
        "creator": row.get("creator"),
        "remote_created_at": at(row.get("createdAt")),
        "sent_at": at(row.get("sentAt")),
        "start_date": at(fields.get("anticipated_start_date")),
        "status": translate(row.get("status"), words.OFFER_STATUS),
    }


def contact_of(joined: Rows) -> str | None:
    """The contact of the opportunity a row belongs to."""
    return next((row.get("contact") for row in joined.get("opportunities", ())), None)


def file(row: Row, joined: Rows) -> Record:
    """A file. Its address opens in a browser that is signed in to Lever."""
    return {
        "remote_id": row["id"],
        "file_name": row.get("name"),
        "file_url": row.get("downloadUrl"),
        "candidate": contact_of(joined),
        "attachment_type": "OTHER",
    }


def resume(row: Row, joined: Rows) -> Record | None:
    """A résumé; one that was only parsed has no file."""
    stored = row.get("file")
    if not stored:
        return None
    return {**file(stored | {"id": row["id"]}, joined), "attachment_type": "RESUME"}


def note(row: Row, joined: Rows) -> Record:
    """A thread of comments."""
    said = [f.get("value") for f in row.get("fields") or ()]
    return {
        "remote_id": row["id"],
        "user": row.get("user"),
        "remote_created_at": at(row.get("createdAt")),
        "activity_type": "NOTE",
        "body": "\n".join(str(text) for text in said if text is not None),
        "visibility": "PRIVATE" if row.get("secret") else "PUBLIC",
        "candidate": contact_of(joined),
        "remote_was_deleted": row.get("deletedAt") is not None,
    }


def eeoc_key(row: Row) -> str:
    """An application's id; in its documented shape an answer has none, but names its opportunity."""
    return str(row.get("id") or row["opportunityId"])


def eeoc(row: Row, _joined: Rows) -> Record:
    """Answers to the equal opportunity questions. What was not answered is absent."""
    return {
        "remote_id": eeoc_key(row),
        "candidate": row.get("contact"),
        "submitted_at": at(row.get("eeoSurveyRespondedAt")),
        "gender": words.answered(row.get("gender"), words.GENDER),
        "race": words.answered(row.get("race"), words.RACE),
        "veteran_status": words.answered(row.get("veteran"), words.VETERAN),
        "disability_status": words.answered(row.get("disability"), words.DISABILITY),
    }


def question_id(row: Row) -> str:
    """The id of a question: the field's, which adverts made from one template share."""
    return str(row.get("id") or f"{row['posting']}:{row['position']}")


def question(rows: list[Row], _joined: Rows) -> Record:
    """A question, of the first advert that asks it."""
    row = rows[0]
    return {
        "remote_id": question_id(row),
        "job": row["posting"],
        "title": row.get("text"),
        "description": row.get("description"),
        "required": row.get("required"),
        "type": translate(row.get("type"), words.QUESTION_TYPE),
        "position": row.get("position"),
    }


def question_options(rows: list[Row], _joined: Rows) -> Iterator[Record]:
    """The answers to choose from. They have no ids, but their texts differ."""
    key = question_id(rows[0])
    labels = dict.fromkeys(option.get("text") for option in rows[0].get("options") or ())
    for position, label in enumerate(labels):
        yield {"remote_id": f"{key}:{label}", "question": key, "label": label, "position": position}
