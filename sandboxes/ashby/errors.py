"""Why a call is refused."""

from typing import NoReturn


class Refused(Exception):
    """A request error: the vendor answers it with HTTP 200 and its code."""

    def __init__(self, code: str, message: str, status: int = 200) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def invalid(message: str) -> NoReturn:
    """Refuse a bad or missing argument."""
    raise Refused("invalid_input", message)
