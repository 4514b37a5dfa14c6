"""File handles and the signed addresses they stand for."""

import base64
import binascii
import hashlib
import hmac
import json
from datetime import timedelta

from sandboxes.ashby.records import known, not_found
from sandboxes.ashby.state import State
from sandboxes.store import Row

STORAGE = "/ashby-storage"
# https://developers.ashbyhq.com/reference/filecreatefileuploadhandle says it of uploads.
LIFETIME = timedelta(minutes=10)


def encoded(content: Row) -> str:
    """Something opaque that starts with `eyJ`."""
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def handle_of(state: State, file: Row) -> str:
    """The handle of a file: another one on each read, so that nobody takes it for an id."""
    return encoded({"handle": {"type": "CandidateFile", "fileId": file["id"]}, "nonce": state.next_read()})


def file_of(state: State, handle: str) -> Row:
    """The file a handle stands for."""
    try:
        content = json.loads(base64.urlsafe_b64decode(handle + "=" * (-len(handle) % 4)))
        key = content["handle"]["fileId"]
    except (binascii.Error, ValueError, KeyError, TypeError):
        not_found("files")
    return known(state, "files", key)


def signature(state: State, key: str, expires: int) -> str:
    """What makes an address of the storage good until it expires."""
    message = f"{key}/{expires}".encode()
    return hmac.new((state.api_key or "").encode(), message, hashlib.sha256).hexdigest()


def expiry(state: State) -> int:
    """The epoch second at which an address made now expires."""
    return int((state.time() + LIFETIME).timestamp())


def good(state: State, key: str, expires: str, signed: str) -> bool:
    """Whether an address was signed by us and has not expired."""
    if not expires.isdecimal() or int(expires) <= state.time().timestamp():
        return False
    return hmac.compare_digest(signed, signature(state, key, int(expires)))
