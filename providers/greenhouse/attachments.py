"""Writing attachments: Greenhouse fetches a file from its address, or takes its content in base64."""

from dataclasses import replace
from typing import Any

from providers.greenhouse.acting import acting_v1, acting_v3, made, needs_user_v1, number
from providers.greenhouse.lists import every, row_of
from providers.greenhouse.records import attachment_id
from providers.kit import (
    INVALID_FIELD_CHOICE,
    Action,
    File,
    Invalid,
    JsonWithFile,
    Reference,
    Row,
    Write,
    Written,
)

TYPES = {"RESUME": "resume", "COVER_LETTER": "cover_letter", "OFFER_LETTER": "offer_letter"}
OF_CANDIDATES_V1 = ("resume", "cover_letter")  # what v1 keeps with a candidate by name
PRIVATE_V1 = "admin_only"  # everything else there
OTHER_V3 = "other"


def attach_v1(write: Write, candidate: str, given: dict[str, Any], as_user: str, at: str = "") -> Written:
    """Add a file to a candidate; it has no id, and is known by what it is."""
    kind = TYPES.get(given.get("attachment_type") or "", PRIVATE_V1)
    if kind not in OF_CANDIDATES_V1:
        if kind != PRIVATE_V1:
            detail = "Harvest v1 keeps it as a private file of the candidate."
            write.warn(f"{at}attachment_type", detail, INVALID_FIELD_CHOICE)
        kind = PRIVATE_V1
    path = f"/v1/candidates/{number(candidate, 'candidate')}/attachments"
    file, fields = write.file(given), {"type": kind}
    answer = _post(write, path, fields, file, as_user, "content_type")
    known = {**fields, "filename": file.name, **answer}
    return Written(Reference("candidates", candidate), remote_id=attachment_id(candidate, known))


def attach_v3(
    write: Write,
    candidate: str,
    given: dict[str, Any],
    as_user: str | None,
    application: Any = None,
) -> Written:
    """Add a file to an application: the candidate's newest active one unless given."""
    fields = {
        "application_id": application or _newest_application(write, candidate),
        "type": TYPES.get(given.get("attachment_type") or "", OTHER_V3),
    }
    answer = _post(write, "/v3/attachments", fields, write.file(given), as_user)
    return Written(Reference("attachments", made(answer)), row=answer)


def _post(
    write: Write, path: str, fields: Row, file: File, as_user: str | None, media_type: str | None = None
) -> Row:
    """Send a file's address, or its content; `media_type` is the member that says what the content is."""
    body = {**fields, "filename": file.name}
    if file.url:
        return row_of(write.client.send("POST", path, json={**body, "url": file.url}, as_user=as_user))
    with file.open() as content:
        said = {media_type: content.type} if media_type else {}
        stream = JsonWithFile({**body, **said}, "content", content)
        response = write.client.send("POST", path, content=stream, headers=stream.headers, as_user=as_user)
        return row_of(response)


def _newest_application(write: Write, candidate: str) -> int:
    """V3 files belong to applications."""
    active = every(write.client, "/v3/applications", candidate_ids=candidate, status="active")
    newest = max(active, key=lambda row: (row.get("created_at") or "", row["id"]), default=None)
    if newest is None:
        raise Invalid("candidate: Greenhouse adds files to applications, and there is no active one.")
    return number(newest["id"], "application")


def _create_v1(write: Write) -> Written:
    return attach_v1(write, write.fields["candidate"], write.fields, acting_v1(write))


def _create_v3(write: Write) -> Written:
    return attach_v3(write, write.fields["candidate"], write.fields, acting_v3(write))


FIELDS = ("candidate", "file_url", "file_name", "attachment_type")
REQUIRED = ("candidate", "file_url")
_CREATE = Action("Attachment", "create", _create_v3, fields=FIELDS, required=REQUIRED)
V1_ACTIONS = (replace(_CREATE, run=_create_v1, needs_user=needs_user_v1),)
V3_ACTIONS = (_CREATE,)
