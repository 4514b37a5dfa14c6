"""A token store for tests of authentication, where no database is."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from providers.kit import TokenGrant


class Tokens:
    """A token store in memory."""

    def __init__(self, credentials: Mapping[str, str]) -> None:
        self.credentials = dict(credentials)
        self.grants: dict[str, TokenGrant] = {}

    def current(self, subject: str) -> str | None:
        grant = self.grants.get(subject)
        return grant.access_token if grant else None

    @contextmanager
    def minting(self, _subject: str) -> Iterator[dict[str, str]]:
        yield self.credentials

    def keep(self, subject: str, grant: TokenGrant) -> None:
        self.grants[subject] = grant
        self.credentials.update(grant.rotated)

    def drop(self, subject: str, _access_token: str) -> None:
        self.grants.pop(subject, None)
