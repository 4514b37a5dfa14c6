"""Opportunities as common records: each is an application, and those of one contact are a candidate."""

from collections.abc import Iterator
from typing import Any

from providers.kit import Record, Row, Rows
from providers.lever import translations as words
from providers.lever.records import at, names

NON_HIRED = "non-hired"


def candidate(rows: list[Row], _joined: Rows) -> Record:
    """A contact. Its data are on each of its opportunities, and newest on the one changed last."""
    row = max(rows, key=lambda each: (each.get("updatedAt") or 0, each.get("createdAt") or 0))
    place = row.get("location")
    return {
        "remote_id": row["contact"],
        **names(row.get("name")),
        "email_addresses": [{"value": value} for value in row.get("emails") or ()],
        "phone_numbers": [_phone(phone) for phone in row.get("phones") or ()],
        "urls": [{"value": value} for value in row.get("links") or ()],
        "locations": [place] if place else [],
        "tags": list(dict.fromkeys(tag for each in rows for tag in each.get("tags") or ())),
        "remote_created_at": at(min(_moments(rows, "createdAt"), default=None)),
        "remote_updated_at": at(max(_moments(rows, "updatedAt"), default=None)),
        "last_interaction_at": at(max(_moments(rows, "lastInteractionAt"), default=None)),
        "is_private": any(each.get("confidentiality") == "confidential" for each in rows),
    }


def _phone(phone: Row) -> Record:
    kind = phone.get("type")
    return {"value": phone.get("value"), "phone_number_type": words.PHONE_TYPE.get(kind or "", kind)}


def _moments(rows: list[Row], field: str) -> list[Any]:
    return [row[field] for row in rows if row.get(field) is not None]


def application_of(row: Row) -> Row:
    """The link of an opportunity to a posting: one at most, and an empty one for a lead without."""
    found = next(iter(row.get("applications") or ()), None)
    return found if isinstance(found, dict) else {}


def archive_reason(row: Row) -> str | None:
    """Why an opportunity was archived; null when it was not."""
    reason = (row.get("archived") or {}).get("reason")
    return None if reason is None else str(reason)


def is_active(row: Row) -> bool:
    """Whether an opportunity is not archived."""
    return not row.get("archived")


def application(row: Row, joined: Rows) -> Record:
    """A candidacy. Who was hired is archived as well, so the kind of the reason tells a rejection."""
    applied = application_of(row)
    referred = bool(applied) and row.get("origin") == "referred"
    rejected = any(reason.get("type") == NON_HIRED for reason in joined.get("archive_reasons", ()))
    return {
        "remote_id": row["id"],
        "candidate": row.get("contact"),
        "job": applied.get("posting"),
        "applied_at": at(applied.get("createdAt") if applied else row.get("createdAt")),
        "rejected_at": at(row["archived"].get("archivedAt")) if rejected else None,
        "reject_reason": archive_reason(row) if rejected else None,
        "source": next(iter(row.get("sources") or ()), None),
        "credited_to": applied.get("user") if referred else row.get("sourcedBy"),
        "current_stage": row.get("stage"),
    }


def answers(row: Row, _joined: Rows) -> Iterator[Record]:
    """What was answered to the questions of the posting."""
    forms = application_of(row).get("customQuestions") or ()
    fields = [field for form in forms for field in form.get("fields") or ()]
    for position, field in enumerate(fields):
        question = field.get("id")
        yield {
            "remote_id": f"{row['id']}:{question or position}",
            "application": row["id"],
            "question": question,
            "answer": _answer(field.get("value")),
            "position": position,
        }


def _answer(value: Any) -> str | None:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return None if value is None else str(value)
