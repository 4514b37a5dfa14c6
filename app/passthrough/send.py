"""A caller's own request to the vendor, with the linked account's authentication."""

import base64
import gzip
import re
import zlib
from contextlib import suppress
from typing import Any, Literal

import httpx
import orjson
from pydantic import BaseModel, Field

from providers.kit import Client, Relayed

Method = Literal["GET", "OPTIONS", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
CONTENT_TYPES = {"JSON": "application/json", "XML": "application/xml"}
MAX_UNZIPPED = 50_000_000  # bytes of all parts of a request
MAX_ANSWER = 20_000_000  # bytes
NOT_FORWARDED = {
    *("authorization", "host", "cookie", "content-length", "transfer-encoding", "connection"),
    "accept-encoding",  # an answer that is packed otherwise than asked for cannot be bounded
}
SECRET_HEADERS = {"authorization", "proxy-authorization", "cookie", "set-cookie"}
_TEXTUAL = re.compile(r"text/|.*[/+](?:json|xml|javascript|x-www-form-urlencoded|csv|yaml)$")


_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t -~]*")


class BadRequest(Exception):
    """A caller's request cannot be sent. `field` says what is wrong with it."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field
        self.detail = detail


class MultipartField(BaseModel):
    """One part of a multipart body."""

    name: str = Field(description="The part's name.")
    data: str = Field(description="Its content.")
    encoding: Literal["RAW", "BASE64", "GZIP_BASE64"] = Field("RAW", description="How `data` is written.")
    file_name: str | None = Field(None, description="The name of a file.", examples=["resume.pdf"])
    content_type: str | None = Field(None, description="What it is.", examples=["application/pdf"])

    def content(self, largest: int) -> bytes:
        """The part's bytes.

        Args:
            largest: how many there may be when it is unpacked.

        Raises:
            ValueError: the data is not what `encoding` says, or unpacks to more.
        """
        if self.encoding == "RAW":
            return self.data.encode()
        raw = base64.b64decode(self.data, validate=True)
        return _unzipped(raw, largest) if self.encoding == "GZIP_BASE64" else raw


class PassthroughRequest(BaseModel):
    """What to send."""

    method: Method = Field(description="The HTTP method.")
    path: str = Field(description="The vendor's path, with its query.", min_length=1)
    base_url_override: str | None = Field(None, description="Another of the vendor's own base URLs.")
    data: str | None = Field(None, description="The body, as text.")
    multipart_form_data: list[MultipartField] | None = Field(None, description="The parts, for MULTIPART.")
    headers: dict[str, Any] | None = Field(None, description="More headers.")
    request_format: Literal["JSON", "XML", "MULTIPART"] | None = Field(None, description="What `data` is.")
    normalize_response: bool = Field(False, description="Wrap every value as {type, value}.")


def _unzipped(raw: bytes, largest: int) -> bytes:
    opened = zlib.decompressobj(wbits=31)  # 31: with gzip's header
    try:
        content = opened.decompress(raw, largest + 1)  # 0 would be without limit
    except zlib.error as error:
        raise ValueError("not gzip") from error
    if not opened.eof or len(content) > largest:
        raise ValueError(f"the gzip data is cut off, or all parts are larger than {MAX_UNZIPPED:,} bytes")
    return content


def send(client: Client, wanted: PassthroughRequest) -> dict[str, Any]:
    """Send a request and report what the vendor answered, whatever it was.

    Args:
        client: the linked account's client.
        wanted: the request.

    Returns:
        The answer in the reference's shape.

    Raises:
        ProviderError: the host is not the vendor's, the answer is too large, or there was none.
        BadRequest: it cannot be sent as it is.
    """
    _check_format(wanted)
    headers = _headers(wanted)
    try:
        answer = client.relay(
            wanted.method,
            wanted.path,
            limit=MAX_ANSWER,
            content=None if wanted.data is None else wanted.data.encode(),
            headers=headers,
            files=_files(wanted),
            base_url=wanted.base_url_override,
        )
    except httpx.InvalidURL as error:
        raise BadRequest("path", f"This is no path of a URL: {error}") from error
    body, kind = _body(answer)
    return {
        "method": wanted.method,
        "path": wanted.path,
        "status": answer.status,
        "response": _normalized(body) if wanted.normalize_response else body,
        "response_headers": _shown(answer.headers),
        "response_type": kind,
        "headers": _shown(answer.sent),
    }


def _check_format(wanted: PassthroughRequest) -> None:
    parts = wanted.multipart_form_data is not None
    if wanted.request_format == "MULTIPART":
        if wanted.data is not None:
            raise BadRequest("data", "MULTIPART takes `multipart_form_data` in its place.")
        if not parts:
            raise BadRequest("multipart_form_data", "This field is required with the format MULTIPART.")
    elif parts:
        raise BadRequest("request_format", "`multipart_form_data` takes the format MULTIPART.")
    elif wanted.data is not None and wanted.request_format is None:
        raise BadRequest("request_format", "This field is required with `data`: JSON or XML.")


def _headers(wanted: PassthroughRequest) -> dict[str, str]:
    headers = {
        name: str(value)
        for name, value in (wanted.headers or {}).items()
        if name.lower() not in NOT_FORWARDED
    }
    if wanted.request_format == "MULTIPART":  # its boundary is ours to choose
        headers = {name: value for name, value in headers.items() if name.lower() != "content-type"}
    named = {name.lower() for name in headers}
    if wanted.data is not None and "content-type" not in named and wanted.request_format in CONTENT_TYPES:
        headers["Content-Type"] = CONTENT_TYPES[wanted.request_format]
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            raise BadRequest("headers", f"{name!r} is no header that can be sent.")
    return headers


def _files(wanted: PassthroughRequest) -> list[tuple[str, Any]] | None:
    if wanted.request_format != "MULTIPART":
        return None
    files, left = list[tuple[str, Any]](), MAX_UNZIPPED
    for part in wanted.multipart_form_data or []:
        try:
            content = part.content(left)
        except ValueError as error:
            raise BadRequest("multipart_form_data", f"A part cannot be decoded: {error}") from error
        left = max(0, left - len(content))
        files.append((part.name, (part.file_name, content, part.content_type)))
    return files


def _body(answer: Relayed) -> tuple[Any, str]:
    """The body as JSON or text, or gzipped in base64 when it is neither."""
    if not answer.content:
        return None, "JSON"
    try:
        return orjson.loads(answer.content), "JSON"
    except orjson.JSONDecodeError:
        pass
    kind = answer.headers.get("content-type", "text/plain").partition(";")[0].strip().lower()
    for charset in filter(None, (answer.charset, "utf-8")) if _TEXTUAL.match(kind) else ():
        with suppress(UnicodeDecodeError, LookupError):
            return answer.content.decode(charset), "JSON"
    return base64.b64encode(gzip.compress(answer.content)).decode(), "BASE64_GZIP"


def _shown(headers: httpx.Headers) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in SECRET_HEADERS}


def _normalized(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return {"type": "object", "value": {name: _normalized(item) for name, item in value.items()}}
    if isinstance(value, list):
        return {"type": "array", "value": [_normalized(item) for item in value]}
    if value is None:
        return {"type": "null", "value": None}
    if isinstance(value, bool):
        return {"type": "boolean", "value": value}
    if isinstance(value, (int, float)):
        return {"type": "number", "value": value}
    return {"type": "string", "value": value}
