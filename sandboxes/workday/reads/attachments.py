"""Documents: those of candidates, and the résumés inside applications."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from sandboxes.store import Row
from sandboxes.workday.call import Call
from sandboxes.workday.elements import every, make
from sandboxes.workday.listing import Accepts, Listing
from sandboxes.workday.references import keys_of, reference
from sandboxes.workday.state import State


def _attachments(call: Call) -> Accepts:
    """Those of the candidates named, or all."""
    candidates = set(
        keys_of(call.state, every(call.request, "Request_Criteria/Candidate_Reference"), "candidates")
    )
    return lambda row: not candidates or row["candidate_id"] in candidates


def _attachment(call: Call, row: Row) -> Element:
    return make(
        "Candidate_Attachment",
        reference(call.state, "Candidate_Reference", "candidates", row["candidate_id"]),
        attachment_data(call.state, row),
    )


def attachment_data(state: State, row: Row) -> Element:
    """A document of a candidate with its category."""
    return make(
        "Candidate_Attachment_Data",
        reference(state, "Candidate_Attachment_Reference", "attachments", row["id"]),
        _content(state, "Attachment_Data", row, row["reference_id"]),
        reference(state, "Document_Category_Reference", "document_categories", row["category_id"]),
    )


def resumes(state: State, rows: Iterable[Row]) -> list[Element]:
    """What came with an application: it has no reference."""
    return [_content(state, "Resume_Attachment_Data", row, None) for row in rows]


def _content(state: State, tag: str, row: Row, file_id: str | None) -> Element:
    return make(
        tag,
        make("ID", file_id) if file_id else None,
        make("Filename", row["filename"]),
        make("File_Content", row["content"]),
        reference(state, "Mime_Type_Reference", "mime_types", row["mime_type_id"]),
    )


ATTACHMENTS = Listing("attachments", "Candidate_Attachment_Reference", _attachments, _attachment)
