"""The storage files are in: signed addresses of another host, served here under one path.

It takes no `Authorization`, wants an upload's fields before the file, and answers in XML.
"""

from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandboxes.ashby.handles import STORAGE, good
from sandboxes.ashby.state import State
from sandboxes.store import Row


def routes(state: State) -> list[Route]:
    """Uploads and downloads."""

    async def upload(request: Request) -> Response:
        if "authorization" in request.headers:
            return _refused(400, "InvalidArgument", "Only one auth mechanism allowed")
        async with request.form() as form:
            parts = form.multi_items()
            return await _store(state, dict(parts[:-1]), parts[-1] if parts else ("", ""))

    async def download(request: Request) -> Response:
        if "authorization" in request.headers:
            return _refused(400, "InvalidArgument", "Only one auth mechanism allowed")
        key, query = request.path_params["key"], request.query_params
        row = state.get("files", key)
        if row is None or not good(state, key, query.get("expires", ""), query.get("signature", "")):
            return _refused(403, "AccessDenied", "Request has expired")
        name = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(row['name'])}"}
        return Response(content_of(state, row), headers=name, media_type="application/octet-stream")

    return [
        Route(STORAGE, upload, methods=["POST"]),
        Route(f"{STORAGE}/{{key}}", download, methods=["GET"]),
    ]


def content_of(state: State, file: Row) -> bytes:
    """What was uploaded, or a made-up document."""
    return state.contents.get(file["id"], f"%PDF-1.4\n% {file['name']}\n%%EOF\n".encode())


async def _store(
    state: State, fields: dict[str, UploadFile | str], last: tuple[str, UploadFile | str]
) -> Response:
    """Keep an upload: its fields as they were given, the file as the last part, the size as announced."""
    key, policy, signed = (str(fields.get(name, "")) for name in ("key", "policy", "x-amz-signature"))
    row = state.get("uploads", key)
    name, file = last
    if row is None or not good(state, key, policy, signed):
        return _refused(403, "AccessDenied", "Invalid according to Policy: Policy expired.")
    if fields.get("Content-Type") != row["contentType"] or name != "file" or isinstance(file, str):
        return _refused(403, "AccessDenied", "Invalid according to Policy: Policy Condition failed")
    content = await file.read()
    if len(content) != row["contentLength"]:
        return _refused(400, "EntityTooLarge", "Your proposed upload does not have the allowed size")
    state.contents[key] = content
    return Response(status_code=204)


def _refused(status: int, code: str, message: str) -> Response:
    body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return Response(body, status, media_type="application/xml")
