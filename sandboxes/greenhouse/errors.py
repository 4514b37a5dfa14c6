"""Why a request is refused; each generation words the answer in its own shape."""

from typing import Any


class Invalid(Exception):
    """A value breaks a rule: 422. `field` is None for a rule about the whole request."""

    def __init__(self, field: str | None, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class NotFound(Exception):
    """The record does not exist: 404."""


class Refused(Exception):
    """Any other refusal, with the whole answer."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(str(body))
        self.status = status
        self.body = body


NOT_FOUND = {"message": "Resource not found"}
