"""Cursors and sync tokens: opaque, and each good for the list and arguments it came from
(https://developers.ashbyhq.com/docs/pagination-and-incremental-sync).
"""

import secrets
from dataclasses import dataclass, replace
from typing import NoReturn

from sandboxes.ashby.errors import Refused

MESSAGES = {
    "next_cursor_expired": "The cursor has expired.",
    "invalid_next_cursor": "The cursor is not one of this list.",
    "cursor_invalid": "The cursor is not valid.",
    "sync_token_expired": "The sync token has expired.",
    "sync_token_invalid": "The sync token is not one of this list.",
    "incremental_sync_too_large": "Too much has changed since the last sync.",
}


@dataclass(frozen=True)
class Pass:
    """A walk through one list: what changed after `since`, or everything; `after` is where it stands."""

    scope: bytes
    started: str
    since: str | None = None
    after: tuple[str, str] | None = None
    pages: int = 0


class Passes:
    """The cursors and sync tokens given out."""

    def __init__(self) -> None:
        self.cursors: dict[str, Pass] = {}
        self.tokens: dict[str, tuple[bytes, str]] = {}
        self._refused: dict[str, str] = {}
        self.most_pages: int | None = None  # of an incremental pass

    def go_on(self, passing: Pass, after: tuple[str, str]) -> str:
        """A cursor for the page after this place."""
        pages = passing.pages + 1
        if passing.since is not None and self.most_pages is not None and pages >= self.most_pages:
            refuse("incremental_sync_too_large")
        cursor = secrets.token_urlsafe(24)
        self.cursors[cursor] = replace(passing, after=after, pages=pages)
        return cursor

    def resumed(self, cursor: str, scope: bytes) -> Pass:
        """The pass a cursor continues."""
        if cursor in self._refused:
            refuse(self._refused[cursor])
        passing = self.cursors.get(cursor)
        if passing is None or passing.scope != scope:
            refuse("invalid_next_cursor")
        return passing

    def token(self, scope: bytes, since: str) -> str:
        """A token for what changes after a time."""
        token = secrets.token_urlsafe(7)
        self.tokens[token] = scope, since
        return token

    def since(self, token: str, scope: bytes) -> str:
        """The time a token stands for."""
        if token in self._refused:
            refuse(self._refused[token])
        held = self.tokens.get(token)
        if held is None or held[0] != scope:
            refuse("sync_token_invalid")
        return held[1]

    def refuse_cursors(self, code: str) -> None:
        """All cursors given out so far answer this code from now on."""
        self._refused |= dict.fromkeys(self.cursors, code)

    def refuse_tokens(self, code: str) -> None:
        """All sync tokens given out so far answer this code from now on."""
        self._refused |= dict.fromkeys(self.tokens, code)


def refuse(code: str) -> NoReturn:
    """Answer one of the codes."""
    raise Refused(code, MESSAGES[code])
