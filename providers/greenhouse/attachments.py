"""Writing attachments: Greenhouse fetches the file from the address it is given."""

from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from providers.greenhouse.acting import acting_v1, acting_v3, made, needs_user_v1, number
from providers.greenhouse.lists import every, row_of
from providers.greenhouse.records import attachment_id
from providers.kit import INVALID_FIELD_CHOICE, Action, Invalid, Reference, Row, Write, Written

TYPES = {"RESUME": "resume", "COVER_LETTER": "cover_letter", "OFFER_LETTER": "offer_letter"}
OF_CANDIDATES_V1 = ("resume", "cover_letter")  # what v1 keeps with a candidate by name
PRIVATE_V1 = "admin_only"  # everything else there
OTHER_V3 = "other"


def attach_v1(write: Write, candidate: str, file: dict[str, Any], as_user: str, at: str = "") -> Written:
    """Add a file to a candidate; it has no id, and is known by what it is."""
    body = _body(file)
    body["type"] = kind = TYPES.get(file.get("attachment_type") or "", PRIVATE_V1)
    if kind not in OF_CANDIDATES_V1:
        if kind != PRIVATE_V1:
            detail = "Harvest v1 keeps it as a private file of the candidate."
            write.warn(f"{at}attachment_type", detail, INVALID_FIELD_CHOICE)
        body["type"] = PRIVATE_V1
    path = f"/v1/candidates/{number(candidate, 'candidate')}/attachments"
    answer = row_of(write.client.send("POST", path, json=body, as_user=as_user))
    return Written(Reference("candidates", candidate), remote_id=attachment_id(candidate, {**body, **answer}))


def attach_v3(
    write: Write,
    candidate: str,
    file: dict[str, Any],
    as_user: str | None,
    application: Any = None,
) -> Written:
    """Add a file to an application: the candidate's newest active one unless given."""
    body = {
        "application_id": application or _newest_application(write, candidate),
        **_body(file),
        "type": TYPES.get(file.get("attachment_type") or "", OTHER_V3),
    }
    answer = row_of(write.client.send("POST", "/v3/attachments", json=body, as_user=as_user))
    return Written(Reference("attachments", made(answer)), row=answer)


def _body(file: dict[str, Any]) -> Row:
    url = file.get("file_url")
    if not url:
        raise Invalid("file_url: Greenhouse needs the address of the file.")
    name = file.get("file_name") or PurePosixPath(unquote(urlsplit(url).path)).name
    return {"filename": name or "attachment", "url": url}


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
