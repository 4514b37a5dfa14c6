"""Writing attachments: the content goes along in base64, under one of the tenant's categories."""

import base64
from typing import Any
from xml.etree.ElementTree import Element

from providers.kit import (
    Action,
    CorruptedFile,
    File,
    Invalid,
    Parameter,
    Reference,
    Write,
    Written,
)
from providers.workday.acting import as_integration, made, params_of
from providers.workday.envelope import reference, tell, wd
from providers.workday.rows import ident

NAME = "attachments"
LARGEST = 30 * 1024 * 1024  # bytes that Workday takes
CATEGORY = Parameter(
    name="document_category_id",
    type="string",
    description="The Document_Category_ID of the file, where no file of its type has been seen yet.",
)
FIELDS = ("candidate", "file_url", "file_name", "attachment_type")


def attach(write: Write, candidate: str, given: dict[str, Any], at: str = "") -> Written:
    """Add a file to a candidate; `at` is where its fields stand in the write."""
    category = _category(write, given, at)
    request = wd(
        "Put_Candidate_Attachment_Request",
        reference("Candidate_Reference", candidate),
        wd("Candidate_Attachment_Data", _content(write.file(given)), category),
    )
    return Written(Reference(NAME, made(tell(write.client, request), "Attachment_Reference")))


def _content(file: File) -> Element:
    with file.open() as content:
        held = bytearray()
        for chunk in content.chunks:
            held += chunk
            if len(held) > LARGEST:
                raise CorruptedFile(f"Workday takes files of up to {LARGEST:,} bytes.")
        return wd(
            "Attachment_Data",
            wd("Filename", file.name),
            wd("File_Content", base64.b64encode(held).decode()),
            reference("Mime_Type_Reference", content.type.partition(";")[0], "Content_Type_ID"),
        )


def _category(write: Write, given: dict[str, Any], at: str) -> Element:
    """The category: as named, or that of another file of the same type.

    Raises:
        Invalid: none is known, and Workday takes no file without one.
    """
    name = "Document_Category_Reference"
    named = params_of(write, given).get("document_category_id")
    if named:
        return reference(name, str(named), "Document_Category_ID")
    for row in write.find(NAME, "type", given.get("attachment_type") or "OTHER"):
        wid = ident(row, "Candidate_Attachment_Data", name)
        if wid:
            return reference(name, wid)
    raise Invalid(
        f"{at}attachment_type: no file of this type has been seen, so its category is not known; name it "
        "in integration_params.document_category_id.",
    )


def _create(write: Write) -> Written:
    as_integration(write)
    return attach(write, write.fields["candidate"], write.fields)


ACTIONS = (
    Action(
        "Attachment",
        "create",
        _create,
        fields=FIELDS,
        required=("candidate", "file_url"),
        parameters=(CATEGORY,),
    ),
)
