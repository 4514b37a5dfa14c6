"""The `Authorization` header."""

import base64
import binascii


def basic_credentials(header: str) -> tuple[str, str] | None:
    """User and password of a Basic header; None without the colon or when it is no such header."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (user, password) if colon else None


def bearer_token(header: str) -> str | None:
    """The token of a Bearer header; None when it is no such header."""
    scheme, _, token = header.partition(" ")
    return token if scheme.lower() == "bearer" else None
