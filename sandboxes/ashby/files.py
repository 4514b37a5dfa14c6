"""`file.*` and the two uploads of candidates."""

from dataclasses import dataclass
from typing import Any

from sandboxes.ashby import render
from sandboxes.ashby.arguments import integer, one_of, text, uuid
from sandboxes.ashby.endpoint import Call, endpoint, found
from sandboxes.ashby.errors import invalid
from sandboxes.ashby.handles import STORAGE, encoded, expiry, file_of, signature
from sandboxes.ashby.records import known, not_found
from sandboxes.ashby.state import State
from sandboxes.store import Row

READ, WRITE = "candidatesRead", "candidatesWrite"


@dataclass(frozen=True)
class Received:
    """A file that came as a part of a multipart body."""

    name: str
    content: bytes


def received(value: Any) -> Received:
    """The file part of a multipart body."""
    if not isinstance(value, Received):
        raise ValueError("must be a file")  # noqa: TRY004 - the caller's input, not our types
    return value


def info(call: Call) -> Row:
    """A short-lived address of a file."""
    file = file_of(call.state, call.arguments["fileHandle"])
    expires = expiry(call.state)
    signed = signature(call.state, file["id"], expires)
    return found({"url": f"{call.origin}{STORAGE}/{file['id']}?expires={expires}&signature={signed}"})


def create_upload(call: Call) -> Row:
    """Where and how to upload a file, and the handle to name it by afterwards."""
    state, given = call.state, call.arguments
    row = state.add("uploads", **given)
    expires = expiry(state)
    fields = {
        "key": row["id"],
        "Content-Type": given["contentType"],
        "policy": str(expires),
        "x-amz-signature": signature(state, row["id"], expires),
    }
    handle = encoded({"upload": row["id"]})
    state.change("uploads", row["id"], handle=handle)
    return found({"handle": handle, "url": f"{call.origin}{STORAGE}", "fields": fields})


def upload_resume(call: Call) -> Row:
    """Give a candidate a resume; it is one of the files as well."""
    return _uploaded(call, "resumeHandle", "resume", "CandidateResume")


def upload_file(call: Call) -> Row:
    """Give a candidate a file."""
    return _uploaded(call, "fileHandle", "file", "CandidateFiles")


def _uploaded(call: Call, handle_argument: str, part: str, context: str) -> Row:
    """By handle, or (deprecated) in the request itself."""
    state = call.state
    candidate = known(state, "candidates", call.arguments["candidateId"])
    if (handle_argument in call.arguments) == (part in call.arguments):
        invalid(f"{handle_argument} is required")
    if part in call.arguments:
        name, content = call.arguments[part].name, call.arguments[part].content
    else:
        name, content = _take(state, call.arguments[handle_argument], context)
    file = state.add("files", candidateId=candidate["id"], name=name)
    state.contents[file["id"]] = content
    if context == "CandidateResume":
        state.change("candidates", candidate["id"], resumeFileId=file["id"])
    return found(render.candidate(call, candidate))


def _take(state: State, handle: str, context: str) -> tuple[str, bytes]:
    """The uploaded file of a handle, which is good once and for the context it was made for."""
    rows = state.tables["uploads"].rows.values()
    row = next((each for each in rows if each["handle"] == handle), None)
    if row is None or row["id"] not in state.contents:
        not_found("uploads")
    if row["fileUploadContext"] != context:
        invalid(f"the file was uploaded as {row['fileUploadContext']}")
    return row["filename"], state.contents.pop(row["id"])


ENDPOINTS = (
    endpoint("file.info", READ, info, {"fileHandle": text}),
    endpoint(
        "file.createFileUploadHandle",
        WRITE,
        create_upload,
        {
            "fileUploadContext": one_of("CandidateResume", "CandidateFiles", "ApplicationForm"),
            "filename": text,
            "contentType": text,
            "contentLength": integer(1),
        },
    ),
    endpoint(
        "candidate.uploadResume",
        WRITE,
        upload_resume,
        {"candidateId": uuid},
        {"resumeHandle": text, "resume": received},
        upload="resume",
    ),
    endpoint(
        "candidate.uploadFile",
        WRITE,
        upload_file,
        {"candidateId": uuid},
        {"fileHandle": text, "file": received},
        upload="file",
    ),
)
