"""`Put_Candidate_Attachment`: a document of a candidate."""

import base64
from xml.etree.ElementTree import Element

from sandboxes.workday.call import Call
from sandboxes.workday.elements import first, marked, text
from sandboxes.workday.faults import Invalid
from sandboxes.workday.references import key_of, reference

NO_CANDIDATE = (
    "There is information in the Candidate/Prospect section that is missing a Candidate ID. Either delete "
    "the row or enter a Candidate ID."
)
NO_CONTENT = "Enter the Filename and File Content for the document you want to attach."
ADD_ONLY = "The Web Service is set to Add Only; but the Candidate Attachment already exists."
LARGEST = 30 * 1024 * 1024
TOO_LARGE = "The attachment is larger than 30 MB."  # the vendor's wording is not known


def put_candidate_attachment(call: Call) -> list[Element]:
    """Add a document, or replace one.

    Raises:
        Invalid: a rule is broken.
    """
    state = call.state
    candidate_id = key_of(state, call.request, "Candidate_Reference", "candidates")
    if candidate_id is None:
        raise Invalid(NO_CANDIDATE)
    data = first(call.request, "Candidate_Attachment_Data")
    key = key_of(state, data, "Candidate_Attachment_Reference", "attachments")
    if key and marked(call.request, "Add_Only"):
        raise Invalid(ADD_ONLY)
    fields = {
        "candidate_id": candidate_id,
        "filename": text(data, "Attachment_Data/Filename"),
        "content": _content(data),
        "mime_type_id": key_of(state, data, "Attachment_Data/Mime_Type_Reference", "mime_types"),
        "category_id": key_of(state, data, "Document_Category_Reference", "document_categories"),
    }
    if not fields["filename"] or not fields["content"]:
        raise Invalid(NO_CONTENT)
    row = state.change("attachments", key, **fields) if key else state.add("attachments", **fields)
    answer = (
        reference(state, "Candidate_Reference", "candidates", candidate_id),
        reference(state, "Attachment_Reference", "attachments", row["id"]),
    )
    return [element for element in answer if element is not None]


def _content(data: Element | None) -> str:
    content = "".join((text(data, "Attachment_Data/File_Content") or "").split())
    if len(base64.b64decode(content)) > LARGEST:
        raise Invalid(TOO_LARGE)
    return content
