"""The log: set up once, to stderr or to a file, and never with a secret of a request.

It is the standard library's, which the libraries underneath write to as well; JSON needs but a formatter.
"""

import logging
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from app.redaction import redact
from app.telemetry.context import present

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# What these say at INFO is either said better by omniats itself or holds URLs with credentials.
QUIET = ("alembic", "httpx", "httpcore", "huey", "uvicorn.error", "opentelemetry")
LISTENER = re.compile(r"(/webhook-listener/)[^/?]+")
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


def set_up(level: str, shape: str = "text", file: Path | None = None) -> None:
    """Set up the log of this process.

    Args:
        level: the lowest level to log, `OMNIATS_LOG_LEVEL`.
        shape: `json`, `text`, or `auto` for text at a terminal and JSON elsewhere, `OMNIATS_LOG_FORMAT`.
        file: where to write; stderr unless given.

    Raises:
        ValueError: there is no such level.
    """
    name = level.upper()
    if name not in LEVELS:
        raise ValueError(f"OMNIATS_LOG_LEVEL must be one of {', '.join(LEVELS)}, not {level}")
    handler = logging.FileHandler(file) if file else logging.StreamHandler()
    is_json = shape == "json" or (shape == "auto" and (file is not None or not sys.stderr.isatty()))
    handler.setFormatter(JsonLines() if is_json else Text(FORMAT))
    logging.basicConfig(level=name, handlers=[handler], force=True)
    for noisy in QUIET:
        logging.getLogger(noisy).setLevel(max(logging.WARNING, getattr(logging, name)))
    access = logging.getLogger("uvicorn.access")
    access.filters = [WithoutSecrets()]


def names_of(record: logging.LogRecord) -> Mapping[str, Any]:
    """What a line is about: what is going on, and what the line itself adds."""
    return {**present(), **{name: value for name, value in vars(record).items() if name not in _USUAL}}


class JsonLines(logging.Formatter):
    """A JSON object a line, for programs."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without secrets."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **names_of(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        shown = {name: redact(value) if isinstance(value, str) else value for name, value in line.items()}
        return orjson.dumps(shown, default=str).decode()


class Text(logging.Formatter):
    """The same for people: what a line is about comes after what it says."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the standard library's
        """The line without a traceback."""
        names = " ".join(f"{name}={value}" for name, value in names_of(record).items())
        return super().formatMessage(record) + (f" [{names}]" if names else "")

    def format(self, record: logging.LogRecord) -> str:
        """The line, without secrets."""
        return redact(super().format(record))


class WithoutSecrets(logging.Filter):
    """Takes queries and webhook secrets out of the lines that sandboxes' servers write of requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten the path; every record passes."""
        if isinstance(record.args, tuple) and len(record.args) == 5:
            client, method, path, version, status = record.args
            shown = LISTENER.sub(r"\1…", str(path).partition("?")[0])
            record.args = (client, method, shown, version, status)
        return True
