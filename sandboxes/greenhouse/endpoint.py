"""An endpoint of the Harvest API and one call of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.responses import Response

from sandboxes.greenhouse.errors import Refused
from sandboxes.greenhouse.state import State
from sandboxes.store import Row

ORIGIN = "https://harvest.greenhouse.io"


@dataclass(frozen=True)
class Call:
    """What a handler works with; `actor` is the user the call acts as (None: nobody in particular)."""

    state: State
    actor: Row | None
    path: str
    ids: Mapping[str, int]
    query: Mapping[str, str]
    body: Row

    @property
    def actor_id(self) -> int | None:
        """The id of the acting user."""
        return self.actor["id"] if self.actor else None


@dataclass(frozen=True)
class Endpoint:
    """A method and path, the permission (v1) or scope (v3) it needs, and what it does."""

    method: str
    path: str
    permission: str
    handle: Callable[[Call], Response]


def json_object(raw: bytes) -> Row:
    """The body of a write; no body is an empty object."""
    if not raw:
        return {}
    try:
        body: Any = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Refused(400, {"message": "Invalid JSON"}) from error
    if not isinstance(body, dict):
        raise Refused(400, {"message": "Invalid JSON"})
    return body
