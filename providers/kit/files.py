"""Files that callers want written, for vendors that fetch an address and for those that take content.

Content is never held whole: it is read while the vendor's request is sent.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as MappingType
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from secrets import token_hex
from typing import Any
from urllib.parse import unquote, urlsplit

from providers.kit.errors import CorruptedFile


@dataclass(frozen=True)
class Content:
    """A file's content, open for reading.

    Attributes:
        type: its media type.
        size: in bytes, if known beforehand.
        chunks: the bytes. They may be gone through again (a request that is sent twice), and are fetched
            anew then. Raises `CorruptedFile` when they cannot be had, or are more than allowed.
    """

    type: str
    size: int | None
    chunks: Iterable[bytes]


@dataclass(frozen=True)
class File:
    """A file to be written.

    Attributes:
        name: with its extension.
        url: where the vendor can fetch it by itself; None when the caller gave the content.
        open: gives the content. Raises `CorruptedFile` when it cannot be had.
    """

    name: str
    url: str | None
    open: Callable[[], AbstractContextManager[Content]]


def by_address(given: MappingType[str, Any]) -> File:
    """The file of an Attachment's fields, for a vendor that fetches it by itself."""

    def closed() -> AbstractContextManager[Content]:
        raise CorruptedFile("The content of this file is not at hand.")

    return File(name_of(given), given["file_url"], closed)


def name_of(given: MappingType[str, Any]) -> str:
    """The name of the file of an Attachment's fields: as given, or the last part of its address."""
    name, address = given.get("file_name"), given["file_url"]
    if not name and not is_inline(address):
        name = PurePosixPath(unquote(urlsplit(address).path)).name
    return name or "attachment"


def is_inline(address: str) -> bool:
    """Whether a `file_url` is the file itself."""
    return address[:5].lower() == "data:"


class JsonWithFile:
    """The body of a request: a JSON object with a file's content in it, in base64.

    Args:
        fields: the other members.
        member: the name of the content's member.
        content: the file.
    """

    def __init__(self, fields: MappingType[str, Any], member: str, content: Content) -> None:
        self._head = f'{json.dumps(fields)[:-1]}, {json.dumps(member)}: "'.encode()
        self._tail = b'"}'
        self._content = content

    @property
    def headers(self) -> dict[str, str]:
        """What the request must say of its body."""
        headers = {"Content-Type": "application/json"}
        if self._content.size is not None:
            length = len(self._head) + 4 * -(-self._content.size // 3) + len(self._tail)
            headers["Content-Length"] = str(length)
        return headers

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        yield from _base64(_checked(self._content))
        yield self._tail


class FormWithFile:
    """The body of a request: a multipart form (RFC 7578) whose last part is a file.

    Args:
        fields: the other parts, in their order.
        member: the name of the file's part.
        name: the file's name.
        content: the file, its size known.
    """

    def __init__(self, fields: MappingType[str, str], member: str, name: str, content: Content) -> None:
        boundary = token_hex(16)
        parts = [_part(boundary, field) + f"\r\n{value}\r\n" for field, value in fields.items()]
        file = f"{_part(boundary, member, name)}Content-Type: {content.type}\r\n\r\n"
        self._head = "".join([*parts, file]).encode()
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self._type = f"multipart/form-data; boundary={boundary}"
        self._content = content

    @property
    def headers(self) -> dict[str, str]:
        """What the request must say of its body."""
        headers = {"Content-Type": self._type}
        if self._content.size is not None:
            headers["Content-Length"] = str(len(self._head) + self._content.size + len(self._tail))
        return headers

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        yield from _checked(self._content)
        yield self._tail


def measured(content: Content) -> Content:
    """The same content, its size known: it is gone through once more where it was not."""
    if content.size is not None:
        return content
    return replace(content, size=sum(len(chunk) for chunk in content.chunks))


def _part(boundary: str, name: str, file: str | None = None) -> str:
    """The head of a part, without the empty line that ends it."""
    named = f'; filename="{_quoted(file)}"' if file is not None else ""
    return f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"{named}\r\n'


def _quoted(name: str) -> str:
    """A name as browsers write it in a form: as it is, but for what would end it."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _checked(content: Content) -> Iterator[bytes]:
    """The content, as long as it was said to be."""
    size = 0
    for chunk in content.chunks:
        size += len(chunk)
        yield chunk
    if content.size not in (None, size):
        raise CorruptedFile(f"The file has {size:,} bytes in place of {content.size:,}.")


def _base64(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        whole = rest + chunk
        end = len(whole) - len(whole) % 3
        rest = whole[end:]
        yield base64.b64encode(whole[:end])
    yield base64.b64encode(rest)
