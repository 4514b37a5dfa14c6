"""Files and resumes of opportunities, their contents, and uploads."""

from collections.abc import Sequence
from pathlib import PurePath
from urllib.parse import quote

from starlette.responses import Response

from sandboxes.lever.company import within
from sandboxes.lever.defaults import shown
from sandboxes.lever.endpoint import Acting, Call, Endpoint, Upload, data
from sandboxes.lever.errors import Refused, bad_request, missing, not_found
from sandboxes.lever.paging import listing, of_opportunity, plain
from sandboxes.lever.parameters import choice, window
from sandboxes.lever.state import State
from sandboxes.store import Row

MOST_BYTES = 30 * 1024 * 1024


def download_url(opportunity_id: str, table: str, key: str) -> str:
    """A link for browsers: the API has the contents below the record's own path."""
    return f"https://hire.lever.co/candidates/{opportunity_id}/{table}/{key}/download"


def keep_file(state: State, opportunity: Row, upload: Upload, **fields: object) -> Row:
    """Store a file."""
    row = state.add(
        "files",
        opportunityId=opportunity["id"],
        name=upload.name,
        ext=PurePath(upload.name).suffix,
        size=len(upload.content),
        **{"uploadedAt": state.now(), **fields},
    )
    state.contents[row["id"]] = upload.content
    url = download_url(opportunity["id"], "files", row["id"])
    return state.change("files", row["id"], downloadUrl=url)


def keep_resume(state: State, opportunity: Row, upload: Upload, **fields: object) -> Row:
    """Store a resume, which comes with a new opportunity only."""
    row = state.add("resumes", opportunityId=opportunity["id"], **fields)
    state.contents[row["id"]] = upload.content
    file = {
        "name": upload.name,
        "ext": PurePath(upload.name).suffix.removeprefix("."),
        "downloadUrl": download_url(opportunity["id"], "resumes", row["id"]),
        "uploadedAt": row["createdAt"],
        "status": "processed",
        "size": len(upload.content),
    }
    return state.change("resumes", row["id"], file=file)


def _uploaded(table: str) -> list[Endpoint]:
    """List, one, and the contents."""
    path, permission = f"/opportunities/{{opportunity}}/{table}", f"{table}:read:admin"

    def rows(call: Call) -> Sequence[Row]:
        found = of_opportunity(table)(call)
        # Some old files have their times as text.
        return [row for row in found if within(call, "uploaded", int(_file(table, row).get("uploadedAt", 0)))]

    def get(call: Call) -> Response:
        return data(shown(table, call.below(table, "id")))

    def download(call: Call) -> Response:
        row = call.below(table, "id")
        file = _file(table, row)
        if file.get("status") != "processed":
            raise Refused(422, "UnprocessableEntityError", "The file could not be processed")
        name = f"attachment; filename*=utf-8''{quote(file['name'])}"
        headers = {"Content-Disposition": name}
        return Response(call.state.contents.get(row["id"], b""), 200, headers, "application/octet-stream")

    return [
        listing(path, permission, rows, plain(table), window("uploaded")),
        Endpoint("GET", f"{path}/{{id}}", permission, get),
        Endpoint("GET", f"{path}/{{id}}/download", permission, download),
    ]


def _file(table: str, row: Row) -> Row:
    """What a row says of its file: a resume may be without one."""
    return row if table == "files" else row["file"] or {}


def _upload(call: Call) -> Response:
    upload = call.files.get("file")
    if upload is None or not upload.name:
        raise missing("file")
    if len(upload.content) > MOST_BYTES:
        raise bad_request("Files can have up to 30 MB")
    opportunity = call.record("opportunities", call.ids["opportunity"])
    return data(shown("files", keep_file(call.state, opportunity, upload)), 201)


def _letter(call: Call) -> Response:
    """The document of an offer, as sent or as signed."""
    offer = call.below("offers", "id")
    (status,) = call.query.get("status", ("sent",))
    document = offer[f"{status}Document"]
    if document is None:
        raise not_found("offers", f"{offer['id']} {status}")
    return Response(call.state.contents.get(f"{offer['id']} {status}", b""), media_type="application/pdf")


ENDPOINTS = [
    *_uploaded("files"),
    *_uploaded("resumes"),
    Endpoint(
        "POST", "/opportunities/{opportunity}/files", "files:write:admin", _upload, acting=Acting.REQUIRED
    ),
    Endpoint(
        "GET",
        "/opportunities/{opportunity}/offers/{id}/download",
        "offers:read:admin",
        _letter,
        {"status": choice("sent", "signed")},
    ),
]
