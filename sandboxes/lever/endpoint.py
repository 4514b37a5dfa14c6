"""An endpoint of the API and one call of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from starlette.responses import Response

from sandboxes.answers import JSONAnswer
from sandboxes.lever.errors import not_found
from sandboxes.lever.parameters import Parse
from sandboxes.lever.state import State
from sandboxes.store import Row


class Acting(Enum):
    """Whether a call says in `perform_as` which user it is made for."""

    NEVER = "never"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True)
class Upload:
    """A file of a multipart body."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Call:
    """What a handler works with; `actor` is the user of `perform_as`."""

    state: State
    actor: Row | None
    path: str
    ids: Mapping[str, str]
    query: Mapping[str, Any]
    body: Row
    files: Mapping[str, Upload]

    @property
    def actor_id(self) -> str | None:
        """The id of the acting user."""
        return self.actor["id"] if self.actor else None

    def record(self, table: str, key: Any) -> Row:
        """A record the call names; 404 when there is none."""
        row = self.state.get(table, key)
        if row is None:
            raise not_found(table, key)
        return row

    def below(self, table: str, name: str) -> Row:
        """A record of the opportunity in the path; 404 when it is another's."""
        row = self.record(table, self.ids[name])
        if row["opportunityId"] != self.ids["opportunity"]:
            raise not_found(table, row["id"])
        return row


@dataclass(frozen=True)
class Endpoint:
    """A method and path below `/v1`, the permission it needs, the parameters it takes, what it does."""

    method: str
    path: str
    permission: str
    handle: Callable[[Call], Response]
    query: Mapping[str, Parse] = field(default_factory=dict)
    acting: Acting = Acting.NEVER


def data(content: Any, status: int = 200) -> Response:
    """The usual answer."""
    return JSONAnswer({"data": content}, status)
