"""Files that callers want written: at an address, or inline as a `data:` URL."""

import base64
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx

from app.outbound import Outbound
from app.writes.values import Wrong, wrong_type
from providers.kit import Content, CorruptedFile, File
from providers.kit.files import is_inline, name_of

INLINE = re.compile(r"data:([\w.+-]+/[\w.+-]+(?:;[\w-]+=[\w.-]+)*)?;base64,", re.ASCII)
ALPHABET = re.compile(r"[A-Za-z0-9+/]*={0,2}")
UNNAMED = "application/octet-stream"
PIECE = 65_536  # characters of base64 decoded at a time: a multiple of four
SECONDS = 300.0  # that fetching a file may take, all in all
REDIRECTS = 5


class Files:
    """Opens files.

    Args:
        outbound: reaches addresses that callers gave us.
        max_bytes: of a file.
    """

    def __init__(self, outbound: Outbound, max_bytes: int) -> None:
        self._outbound = outbound
        self.max_bytes = max_bytes

    def of(self, given: Mapping[str, Any]) -> File:
        """The file of an Attachment's fields."""
        address = given["file_url"]
        if is_inline(address):
            return File(name_of(given), None, lambda: _inline(address))
        return File(name_of(given), address, lambda: self._fetched(address))

    @contextmanager
    def _fetched(self, address: str) -> Iterator[Content]:
        with self._outbound.open(seconds=SECONDS, max_bytes=self.max_bytes) as http:
            download = _Download(http, address, self.max_bytes)
            try:
                yield download.begin()
            finally:
                download.end()


def check_address(text: str, max_bytes: int) -> None:
    """Look at a `file_url` as far as that is possible without fetching it.

    Raises:
        Wrong: it cannot be written.
    """
    if not is_inline(text):
        if not _is_address(text):
            raise wrong_type("This field takes an address that begins with https://, or a data: URL.")
        return
    head = INLINE.match(text)
    if head is None:
        raise Wrong("CORRUPTED_FILE", "A data: URL of a file has the form data:application/pdf;base64,...")
    data = text[head.end() :]
    if len(data) % 4 or not ALPHABET.fullmatch(data):
        raise Wrong("CORRUPTED_FILE", "The content is not in base64.")
    if _size(data) > max_bytes:
        raise Wrong("CORRUPTED_FILE", f"The file is larger than {max_bytes:,} bytes.")


def _is_address(text: str) -> bool:
    try:
        address = urlsplit(text)
    except ValueError:
        return False
    return address.scheme in ("http", "https") and bool(address.hostname) and text.isprintable()


@contextmanager
def _inline(address: str) -> Iterator[Content]:
    head = INLINE.match(address)
    assert head, "checked when the write was read"
    data = address[head.end() :]
    yield Content(head[1] or UNNAMED, _size(data), _Decoded(data))


def _size(data: str) -> int:
    return len(data) // 4 * 3 - data[-2:].count("=")


class _Decoded:
    """Base64, decoded piece by piece as often as it is gone through."""

    def __init__(self, data: str) -> None:
        self._data = data

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self._data), PIECE):
            yield base64.b64decode(self._data[start : start + PIECE])


class _Download:
    """A file at an address, fetched as often as it is gone through; redirects are looked at one by one."""

    def __init__(self, http: httpx.Client, address: str, max_bytes: int) -> None:
        self._http = http
        self._address = address
        self._max_bytes = max_bytes
        self._response: httpx.Response | None = None

    def begin(self) -> Content:
        """Ask for the file.

        Raises:
            CorruptedFile: it is not there, or too large.
        """
        self._response = response = self._asked()
        length = response.headers.get("Content-Length", "")
        size = int(length) if length.isdecimal() else None
        if size is not None and size > self._max_bytes:
            raise CorruptedFile(f"The file is larger than {self._max_bytes:,} bytes.")
        return Content(response.headers.get("Content-Type", UNNAMED).partition(";")[0], size, self)

    def end(self) -> None:
        """Let go of the connection."""
        if self._response is not None:
            self._response.close()
            self._response = None

    def __iter__(self) -> Iterator[bytes]:
        response, self._response = self._response or self._asked(), None
        try:
            yield from response.iter_bytes()
        except httpx.HTTPError as error:
            raise _corrupted(error) from error
        finally:
            response.close()

    def _asked(self) -> httpx.Response:
        try:
            request = self._http.build_request("GET", self._address)
            for _ in range(REDIRECTS):
                response = self._http.send(request, stream=True)
                if response.next_request is None:
                    break
                response.close()
                request = response.next_request
            else:
                raise CorruptedFile("The address of the file leads from one to another without end.")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _corrupted(error) from error
        if response.status_code != httpx.codes.OK:
            response.close()
            raise CorruptedFile(f"The address of the file answers with HTTP {response.status_code}.")
        return response


def _corrupted(error: Exception) -> CorruptedFile:
    said = str(error) or "it takes too long."
    return CorruptedFile(f"The file cannot be fetched: {said}")
