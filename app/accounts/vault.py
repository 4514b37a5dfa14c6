"""Encryption of what must never be readable in the database."""

import hashlib
import hmac
import logging
import os
import threading
from pathlib import Path

import orjson
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from app.settings import Settings

log = logging.getLogger(__name__)

NO_KEY_FITS = "None of OMNIATS_ENCRYPTION_KEYS decrypts what is stored"


class Vault:
    """Encrypts credentials. The first key encrypts, every key decrypts: that is how keys are rotated.

    Args:
        keys: Fernet keys (32 bytes, URL-safe base64).

    Raises:
        ValueError: there is no key, or one is malformed.
    """

    def __init__(self, keys: list[str]) -> None:
        if not keys:
            raise ValueError("OMNIATS_ENCRYPTION_KEYS holds no key")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise ValueError(
                "OMNIATS_ENCRYPTION_KEYS must hold Fernet keys: 32 random bytes each, as URL-safe base64"
            ) from error
        self._newest = Fernet(keys[0])
        self._first = keys[0].encode()

    def derive(self, purpose: str) -> str:
        """A secret for another purpose, the same in every process that has the same first key."""
        return hmac.new(self._first, purpose.encode(), hashlib.sha256).hexdigest()

    def seal(self, content: object) -> bytes:
        """Encrypt anything JSON can hold."""
        return self._fernet.encrypt(orjson.dumps(content))

    def open(self, sealed: bytes) -> object:
        """Decrypt what `seal` made.

        Raises:
            ValueError: none of the keys fits.
        """
        try:
            return orjson.loads(self._fernet.decrypt(sealed))
        except InvalidToken as error:
            raise ValueError(NO_KEY_FITS) from error

    def renewed(self, sealed: bytes) -> bytes | None:
        """The same content under the first key; None when it is under that key already.

        Raises:
            ValueError: none of the keys fits.
        """
        try:
            self._newest.decrypt(sealed)
        except InvalidToken:
            try:
                return self._fernet.rotate(sealed)
            except InvalidToken as error:
                raise ValueError(NO_KEY_FITS) from error
        return None


def open_vault(settings: Settings) -> Vault:
    """The vault with the configured keys, or with one made in the data directory at first start."""
    configured = [key.strip() for key in settings.encryption_keys.get_secret_value().split(",")]
    return Vault([key for key in configured if key] or [_kept_key(settings.data_dir / "encryption.key")])


def _kept_key(path: Path) -> str:
    """The key in a file that its owner alone can read; made when it is not there yet."""
    if path.exists():
        return path.read_text().strip()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(Fernet.generate_key().decode())
    try:
        os.link(
            draft, path
        )  # never over a key that another process has made meanwhile, and never half of one
        log.warning("Made %s: back it up, without it the stored credentials are lost.", path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()
