"""Writing attachments: a file is put where Ashby says, and then given to the candidate.

See https://developers.ashbyhq.com/reference/filecreatefileuploadhandle.
"""

from typing import Any

from providers.ashby.calls import asked
from providers.ashby.resources import file_key, files_of
from providers.ashby.sending import as_the_key, sent
from providers.kit import (
    INVALID_FIELD_CHOICE,
    Action,
    File,
    FormWithFile,
    Reference,
    Unavailable,
    Unexpected,
    Write,
    Written,
)
from providers.kit.files import measured

RESUME = "RESUME"
NAMED_ALIKE = (RESUME, "OTHER", None)  # what Ashby tells apart; everything else is a file like others


def attach(write: Write, candidate: str, given: dict[str, Any], at: str = "") -> Written:
    """Add a file to a candidate.

    Args:
        write: for the client, the file and what the caller is told.
        candidate: whose file it is.
        given: the attachment's fields.
        at: where they stand in the write.
    """
    kind = given.get("attachment_type")
    if kind not in NAMED_ALIKE:
        write.warn(f"{at}attachment_type", "Ashby tells resumes from other files only.", INVALID_FIELD_CHOICE)
    resume = kind == RESUME
    handle = _deposit(write, write.file(given), "CandidateResume" if resume else "CandidateFiles")
    if resume:
        body = {"candidateId": candidate, "resumeHandle": handle}
        row = sent(write, "/candidate.uploadResume", body)
    else:
        row = sent(write, "/candidate.uploadFile", {"candidateId": candidate, "fileHandle": handle})
    files = files_of({"id": candidate, **row})
    if not files:
        raise Unavailable("Ashby names no file in its answer.", outcome_unknown=True)
    return Written(Reference("file", file_key(files[-1])), row=files[-1], remote_id=files[-1]["id"])


def _deposit(write: Write, file: File, context: str) -> str:
    """Put the content where Ashby keeps files; gives the handle by which it is taken up."""
    with file.open() as opened:
        content = measured(opened)
        wanted = {
            "fileUploadContext": context,
            "filename": file.name,
            "contentType": content.type,
            "contentLength": content.size,
        }
        place = asked(write.client, "/file.createFileUploadHandle", wanted)
        if not (place.get("handle") and place.get("url")):
            raise Unexpected("Ashby names no place for the file.")
        fields = {name: str(value) for name, value in (place.get("fields") or {}).items()}
        form = FormWithFile(fields, "file", file.name, content)
        write.client.deposit(place["url"], content=form, headers=form.headers)
    return str(place["handle"])


def _create(write: Write) -> Written:
    return attach(write, write.fields["candidate"], write.fields)


ACTIONS = (
    Action(
        "Attachment",
        "create",
        as_the_key(_create),
        fields=("candidate", "file_url", "file_name", "attachment_type"),
        required=("candidate", "file_url"),
    ),
)
