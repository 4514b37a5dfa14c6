"""Derived ids: the same vendor record has the same id after every sync and in every rebuilt database."""

import hashlib
from functools import lru_cache
from uuid import UUID


@lru_cache(maxsize=10_000)  # a page names the same users and stages again and again
def record_id(account_id: str, model: str, remote_id: str) -> str:
    """The UUID (version 5) of a record, from its linked account, its common model and the vendor's id."""
    digest = bytearray(hashlib.sha1(_namespace(account_id) + f"{model}:{remote_id}".encode()).digest()[:16])  # noqa: S324 - RFC 9562 says SHA-1
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


@lru_cache(maxsize=1_000)
def _namespace(account_id: str) -> bytes:
    return UUID(account_id).bytes


def is_uuid(text: str) -> bool:
    """Whether a text is a UUID as we write them."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
