"""Vendors' answers on their way in: bounded in size, unpacked or not, in time and in depth.

A vendor, or whoever stands in its place, could otherwise fill the memory with a small answer that unpacks to
a huge one, or hold a thread for ever with a byte now and then.
"""

import time
import zlib
from collections.abc import Iterator
from typing import Any

import httpx

from providers.kit.errors import Unexpected

LIMIT = "omniats.limit"  # request extension: how many bytes the answer may have
LARGEST = 256 * 1024 * 1024  # bytes: a page of files in base64
SLOWEST = 10  # times the wait for the next byte that a whole answer may take
PIECE = 1024 * 1024  # bytes unpacked at a time
UNASKED = {"deflate", "br", "zstd", "compress"}  # encodings that requests do not accept
GZIP_HEADER = 31  # zlib's word for a gzip stream


class Answer(httpx.Response):
    """A vendor's answer."""

    def json(self, **options: Any) -> Any:
        """The body as JSON.

        Raises:
            ValueError: it is none, or nested too deeply to be read.
        """
        try:
            return super().json(**options)
        except RecursionError as error:
            raise ValueError("The JSON is nested too deeply.") from error


def bounded(request: httpx.Request, response: httpx.Response) -> Answer:
    """The same answer, whose body ends with an error where it is too much.

    Raises:
        Unexpected: it is encoded in a way that was not asked for, so that its size cannot be known.
    """
    named = {part.strip().lower() for part in response.headers.get("Content-Encoding", "").split(",")}
    if named & UNASKED:
        response.close()
        unasked = ", ".join(sorted(named & UNASKED))
        raise Unexpected(f"The vendor's answer is encoded as {unasked}, which was not asked for.")
    assert isinstance(response.stream, httpx.SyncByteStream)
    body = _Body(request, response, packed=bool(named & {"gzip", "x-gzip"}))
    return Answer(response.status_code, headers=response.headers, stream=body, extensions=response.extensions)


class _Body(httpx.SyncByteStream):
    """A body as it arrives, each part measured before it is handed on."""

    def __init__(self, request: httpx.Request, response: httpx.Response, *, packed: bool) -> None:
        self._request = request
        self._response = response
        self._unpacking = zlib.decompressobj(GZIP_HEADER) if packed else None
        self._limit = request.extensions.get(LIMIT, LARGEST)
        wait = request.extensions.get("timeout", {}).get("read")
        self._deadline = time.monotonic() + SLOWEST * wait if wait else None

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        assert isinstance(self._response.stream, httpx.SyncByteStream)
        for part in self._response.stream:
            for length in self._lengths(part):
                size += length
                if size > self._limit:
                    raise Unexpected(
                        f"The vendor answered {self._response.status_code} with more than {self._limit:,} "
                        "bytes, which is too large."
                    )
            if self._deadline is not None and time.monotonic() > self._deadline:
                raise httpx.ReadTimeout("The answer takes too long.", request=self._request)
            yield part

    def _lengths(self, part: bytes) -> Iterator[int]:
        """How long a part is, piece by piece; of one that is packed, what it grows to."""
        if self._unpacking is None:
            yield len(part)
            return
        try:
            while part and not self._unpacking.eof:
                yield len(self._unpacking.decompress(part, PIECE))
                part = self._unpacking.unconsumed_tail
        except zlib.error:
            return  # httpx says so when it decodes it

    def close(self) -> None:
        """Let go of the connection."""
        self._response.close()
