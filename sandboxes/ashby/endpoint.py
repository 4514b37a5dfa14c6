"""An endpoint of the API and one call of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandboxes.ashby.arguments import Check, Shape
from sandboxes.ashby.state import State
from sandboxes.store import Row


@dataclass(frozen=True)
class Call:
    """What a handler works with: its arguments are checked, `origin` is where the sandbox is reached."""

    state: State
    endpoint: str
    arguments: Mapping[str, Any]
    origin: str

    def get(self, name: str, default: Any = None) -> Any:
        """An argument that may be missing."""
        return self.arguments.get(name, default)


Handle = Callable[[Call], Row | Awaitable[Row]]


@dataclass(frozen=True)
class Endpoint:
    """`POST /{name}`: the permission it needs, what it takes, what it does.

    `upload` names the file part of an endpoint that takes multipart bodies as well.
    """

    name: str
    permission: str | None
    takes: Shape
    handle: Handle
    upload: str | None = None


def endpoint(
    name: str,
    permission: str | None,
    handle: Handle,
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    upload: str | None = None,
) -> Endpoint:
    """An endpoint that takes an object of these arguments."""
    return Endpoint(name, permission, Shape(required or {}, optional or {}), handle, upload)


def found(record: Row) -> Row:
    """The envelope around one record."""
    return {"results": record}
