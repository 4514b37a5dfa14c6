"""The log: set up once, to stderr or to a file, and never with a secret of a request."""

import logging
import re
from pathlib import Path

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# What these say at INFO is either said better by omniats itself or holds URLs with credentials.
QUIET = ("alembic", "httpx", "httpcore", "huey", "uvicorn.error")
LISTENER = re.compile(r"(/webhook-listener/)[^/?]+")


def set_up(level: str, file: Path | None = None) -> None:
    """Set up the log of this process.

    Args:
        level: the lowest level to log, `OMNIATS_LOG_LEVEL`.
        file: where to write; stderr unless given.

    Raises:
        ValueError: there is no such level.
    """
    name = level.upper()
    if name not in LEVELS:
        raise ValueError(f"OMNIATS_LOG_LEVEL must be one of {', '.join(LEVELS)}, not {level}")
    handler = logging.FileHandler(file) if file else logging.StreamHandler()
    logging.basicConfig(level=name, format=FORMAT, handlers=[handler], force=True)
    for noisy in QUIET:
        logging.getLogger(noisy).setLevel(max(logging.WARNING, getattr(logging, name)))
    access = logging.getLogger("uvicorn.access")
    access.filters = [WithoutSecrets()]


class WithoutSecrets(logging.Filter):
    """Takes queries and webhook secrets out of the access log."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten the path; every record passes."""
        if isinstance(record.args, tuple) and len(record.args) == 5:
            client, method, path, version, status = record.args
            shown = LISTENER.sub(r"\1…", str(path).partition("?")[0])
            record.args = (client, method, shown, version, status)
        return True
