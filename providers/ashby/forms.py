"""Filled-in forms: feedback on applicants, and applicants' own answers. Customers make both as they like."""

import json
from collections.abc import Iterator
from typing import Any

from providers.ashby import translations as words
from providers.ashby.records import id_of
from providers.kit import Record, Row, Rows
from providers.kit.enums import translate

VERDICT = "overall recommendation"
NONE_YET = "NO_DECISION"


def fields_of(form: Row | None) -> list[Row]:
    """The entries of a form, in their order: `{"isRequired", "field"}`."""
    sections = (form or {}).get("sections") or ()
    entries = [entry for section in sections for entry in section.get("fields") or ()]
    return [entry for entry in entries if isinstance(entry.get("field"), dict)]


def scorecard(row: Row, _joined: Rows) -> Record:
    """Feedback. What is not about an interview, but about an application, names no event."""
    return {
        "remote_id": row["id"],
        "application": row.get("applicationId"),
        "interview": row.get("interviewEventId"),
        "interviewer": id_of(row.get("submittedByUser")),
        "submitted_at": row.get("submittedAt"),
        "overall_recommendation": _verdict(row),
    }


def _verdict(row: Row) -> tuple[str, str] | str:
    """The recommendation: the label of what was chosen, or a score from one to four."""
    field = _verdict_field(row)
    value = (row.get("submittedValues") or {}).get(field.get("path"))
    if isinstance(value, dict):
        value = value.get("score")
    if value in (None, ""):
        return NONE_YET
    if field.get("type") == "Score":
        return translate(str(value), words.SCORE) or NONE_YET
    return translate(_label(field, value), words.RECOMMENDATION) or NONE_YET


def _verdict_field(row: Row) -> Row:
    for entry in fields_of(row.get("formDefinition")):
        names = (str(entry["field"].get(key) or "") for key in ("path", "title"))
        if VERDICT in [name.replace("_", " ").strip().casefold() for name in names]:
            return dict(entry["field"])
    return {}


def _label(field: Row, value: Any) -> str:
    """What people see of a stored value; the value itself where the form does not say."""
    for option in field.get("selectableValues") or ():
        if option.get("value") == value and option.get("label") is not None:
            return str(option["label"])
    return str(value)


def answers(row: Row, _joined: Rows) -> Iterator[Record]:
    """The answers of a form that was handed in with an application."""
    given = row.get("submittedValues") or {}
    for position, entry in enumerate(fields_of(row.get("formDefinition"))):
        field = entry["field"]
        text = _text(field, given.get(field.get("path")))
        if text is not None:
            yield {
                "remote_id": f"{row['id']}:{field.get('path')}",
                "application": row.get("applicationId"),
                "question": field.get("id"),
                "answer": text,
                "position": position,
            }


def _text(field: Row, value: Any) -> str | None:
    """An answer as people read it."""
    if value in (None, [], ""):
        return None
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(filter(None, (_text(field, each) for each in value)))
    if isinstance(value, dict):  # a file has a name, an address or number a value
        plain = value.get("name") or value.get("value")
        return str(plain) if plain else json.dumps(value, ensure_ascii=False)
    return _label(field, value)
