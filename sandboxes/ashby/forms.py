"""Form definitions: of interview feedback, and of applications."""

from typing import Any

from sandboxes.ashby.ids import fixed_id
from sandboxes.store import Row

FEEDBACK_FORM_ID = fixed_id("feedback-form")


def form_field(
    path: str, title: str, kind: str, *, required: bool = False, options: tuple[str, ...] = ()
) -> Row:
    """One field of a form; the values of a choice are not its labels."""
    field: dict[str, Any] = {
        "id": fixed_id(f"field/{path}"),
        "type": kind,
        "path": path,
        "title": title,
        "humanReadablePath": title,
        "isNullable": not required,
    }
    if options:
        field["selectableValues"] = [
            {"label": label, "value": label.lower().replace(" ", "_")} for label in options
        ]
    return {"isRequired": required, "field": field}


def form(title: str, fields: list[Row]) -> Row:
    """A form with one section."""
    return {"sections": [{"title": title, "fields": fields}]}


FEEDBACK_FORM = form(
    "Technical Assessment",
    [
        form_field(
            "overall_recommendation",
            "Overall Recommendation",
            "ValueSelect",
            required=True,
            options=("Strong Hire", "Hire", "No Hire", "Strong No Hire"),
        ),
        form_field("technical_skills", "Technical Skills", "Score"),
        form_field("detailed_feedback", "Detailed Feedback", "RichText"),
    ],
)
