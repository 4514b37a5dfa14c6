"""Encryption of what must never be readable in the database."""

import logging
import os
from pathlib import Path

import orjson
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from app.settings import Settings

log = logging.getLogger(__name__)


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
        self._fernet = MultiFernet([Fernet(key) for key in keys])

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
            raise ValueError("None of OMNIATS_ENCRYPTION_KEYS decrypts the stored credentials") from error


def open_vault(settings: Settings) -> Vault:
    """The vault with the configured keys, or with one made in the data directory at first start."""
    configured = [key.strip() for key in settings.encryption_keys.get_secret_value().split(",")]
    keys = [key for key in configured if key]
    return Vault(keys or [kept_secret(settings, "encryption.key", Fernet.generate_key().decode())])


def kept_secret(settings: Settings, name: str, fresh: str) -> str:
    """A secret in the data directory, readable by its owner alone; made when it is not there yet.

    Args:
        settings: says where the data directory is.
        name: the file's name.
        fresh: the secret to keep when there is none.
    """
    path = Path(settings.data_dir) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(fresh)
    log.warning("Made %s: back it up, without it the stored credentials are lost.", path)
    return fresh
